"""Rules on tasks and their parameters."""
