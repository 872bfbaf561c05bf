"""Task definitions: their parameters, their command, their examples."""
