"""The decision with its reasons, as data and in words."""
