"""What YAML cannot read, or reads as something else: indentation, tabs, unquoted `{{`, backslashes in double quotes."""
