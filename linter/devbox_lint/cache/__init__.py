"""What was found before: the results of files that are as they were, so that they need not be checked again.

Nothing in here is needed for a run: a folder that cannot be read or written, or a file with something else in it, makes
the run slower and changes nothing else. No text of a secret is kept, and no hash of one alone.
"""
