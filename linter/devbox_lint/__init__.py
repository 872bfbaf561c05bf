"""A linter for Microsoft Dev Box customization files."""

__version__ = "0.1.0"
