"""Secrets in plain text: their forms, the names and commands that tell of them, and how they are found in a file."""
