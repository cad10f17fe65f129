"""The closed expression tree: the kinds of nodes and the types of what they give."""
