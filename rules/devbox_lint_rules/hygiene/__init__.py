"""Rules about the comments that steer the linter, and about what ages."""
