"""Keys that are missing, misspelt, misplaced, outdated or of the wrong type; names and images."""
