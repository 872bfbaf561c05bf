"""Placeholders, parameters and examples of a task definition that do not fit each other."""
