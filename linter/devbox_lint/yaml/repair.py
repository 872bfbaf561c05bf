"""A syntax error with the lines it is in, and a repair of it."""

from __future__ import annotations

from devbox_lint.diagnostics import Edit
from devbox_lint.startup import NamedTuple
from devbox_lint.yaml.document import Problem
from devbox_lint.yaml.events import YamlError
from devbox_lint.yaml.lines import Lines


class Repair(NamedTuple):
    """A problem and the edits that repair it; ``recovery`` are other edits that only let reading go on.

    Spans are in the working text. Without ``problem`` the edits are made silently; ``last`` suppresses the
    syntax errors after this one, which are its echo. ``since`` is where the error began, if that is not where
    the parser noticed it: the errors in between came to light with the repair. Of repairs with the same number
    of ``rivals`` that all lead on, none is certain.
    """

    problem: Problem | None
    edits: tuple[Edit, ...] = ()
    recovery: tuple[Edit, ...] = ()
    last: bool = False
    since: int | None = None
    rivals: int | None = None


class Trouble(NamedTuple):
    """An error, and the lines that it is in."""

    lines: Lines
    error: YamlError

    @property
    def text(self) -> str:
        """The working text."""
        return self.lines.text
