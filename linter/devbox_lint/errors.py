"""The errors that end a run: what the user asked wrongly, or what the world refused."""

from __future__ import annotations


class DevboxLintError(Exception):
    """One sentence for the user, printed without a traceback; the process ends with exit code 2."""


class UnreadableFileError(DevboxLintError):
    """A path that does not exist, may not be read, or is no regular file."""


class UsageError(DevboxLintError):
    """A command line or setting that cannot be meant as written."""
