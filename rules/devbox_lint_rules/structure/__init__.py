"""Rules about the keys of a file and what they hold."""
