"""The same tree as generated Python, and the quick door made of it."""
