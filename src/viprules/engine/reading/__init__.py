"""From the text of a file to a document whose every value knows its line, with what is wrong in words."""
