"""Rules on credentials that stand in a file in plain text."""
