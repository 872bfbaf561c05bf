"""The three kinds of customization file: which one a file is, its typed view, its schema."""
