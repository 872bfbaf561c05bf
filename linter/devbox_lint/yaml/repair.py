"""A syntax error with the lines it is in, and a repair of it."""

from __future__ import annotations

from devbox_lint.diagnostics import Edit, Related, Span
from devbox_lint.startup import NamedTuple
from devbox_lint.yaml.document import Problem, ProblemKind
from devbox_lint.yaml.events import YamlError
from devbox_lint.yaml.lines import KEY, Line, Lines


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


def repair_of(
    starts: list[Line],
    message: str,
    repair: str,
    edits: tuple[Edit, ...],
    spans: list[Span] | None = None,
    kind: ProblemKind = ProblemKind.SYNTAX,
) -> Repair:
    """One problem at the first of several places; the others are related to it."""
    if spans is None:
        spans = []
        for line in starts:
            match = KEY.match(line.text, line.key_column)
            spans.append(Span(line.start + line.key_column, line.start + match.end("name")) if match else line.span)
    others = len(spans) - 1
    if others:
        message += f" ({others} more below)"
    return Repair(
        Problem(
            kind,
            spans[0],
            message,
            repair=repair,
            certain=True,
            related=tuple(Related(span, "here too") for span in spans[1:]),
        ),
        edits,
    )


def wrong_colon(key: str, mark: str) -> str:
    """What is said of another mark where the colon after a key belongs."""
    return f"`{mark}` for the `:` after `{key}`: write `{key}: `"
