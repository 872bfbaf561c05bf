"""The errors that end a run: what the user asked wrongly, or what the world refused."""

from __future__ import annotations


class DevboxLintError(Exception):
    """One sentence for the user, printed without a traceback; the process ends with exit code 2."""


class UnreadableFileError(DevboxLintError):
    """A path that does not exist, may not be read, or is no regular file."""


class UsageError(DevboxLintError):
    """A command line or setting that cannot be meant as written."""


class SettingsError(UsageError):
    """A settings file that cannot be meant as written.

    ``path`` is the file as it is shown; ``line`` and ``column`` count from 1, the column in characters, and are 0
    where the file as a whole is at fault. ``problem`` is the sentence without the place.
    """

    def __init__(self, problem: str, path: str, line: int = 0, column: int = 0) -> None:
        super().__init__(f"{path}:{line}:{column}: {problem}" if line else f"{path}: {problem}")
        self.problem = problem
        self.path = path
        self.line = line
        self.column = column
