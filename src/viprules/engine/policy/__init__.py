"""What a file can say: its descriptions, the schema made of them, and the frozen values read from it."""
