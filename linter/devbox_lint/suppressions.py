"""Comments that silence rules: ``# devbox-lint: ignore[DBX101] reason`` and ``ignore-file[...]``.

Rules are named by code or name. A suppression at the end of a line holds for that line, one on a line of its
own for the next line that is no comment; on the head of a text block it holds for the whole block.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from devbox_lint.diagnostics import Diagnostic, Span
from devbox_lint.patterns import lazy
from devbox_lint.source import SourceFile
from devbox_lint.yaml.document import Comment, Document
from devbox_lint.yaml.nodes import FOLDED, LITERAL

_SUPPRESSION = lazy(r"#[ \t]*devbox-lint:[ \t]*(?P<verb>[\w-]*)[ \t]*(?:\[(?P<names>[^\]\r\n]*)\])?")
_NAME = lazy(r"[^\s,]+")


class Name(NamedTuple):
    """One rule, by code or name, as a suppression has it."""

    text: str
    span: Span


class Suppression(NamedTuple):
    """One comment; ``names`` is empty where it is malformed; lines from 0, ``last`` included."""

    comment: Comment
    verb: str
    names: tuple[Name, ...]
    first: int
    last: int

    @property
    def is_well_formed(self) -> bool:
        """Whether it says what it silences."""
        return bool(self.names) and self.verb in ("ignore", "ignore-file")


class Suppressions:
    """The suppressions of one file, and which of their names were of use."""

    def __init__(self, items: tuple[Suppression, ...]) -> None:
        self.items = items
        self._used: set[Span] = set()

    def silence(self, diagnostic: Diagnostic, source: SourceFile) -> bool:
        """Whether the diagnostic is silenced; remembers by what."""
        silenced = False
        line = source.position(diagnostic.span.start).line
        for item in self.items:
            if item.verb == "ignore-file" or (item.verb == "ignore" and item.first <= line <= item.last):
                for name in item.names:
                    if name.text in (diagnostic.code, diagnostic.name):
                        self._used.add(name.span)
                        silenced = True
        return silenced

    def is_used(self, name: Name) -> bool:
        """Whether the name silenced anything so far."""
        return name.span in self._used


def find_suppressions(document: Document) -> Suppressions:
    """The suppressions in a document's comments, in the order of the file."""
    items = []
    for comment in document.comments:
        match = _SUPPRESSION.match(comment.text)
        if match is None:
            continue
        start = comment.span.start + match.start("names")
        names = tuple(
            Name(name.group(), Span(start + name.start(), start + name.end()))
            for name in _NAME.finditer(match["names"] or "")
        )
        items.append(Suppression(comment, match["verb"], names, *_lines(document, comment)))
    return Suppressions(tuple(items))


def _lines(document: Document, comment: Comment) -> tuple[int, int]:
    """The lines that a suppression holds for."""
    source = document.source
    line = source.position(comment.span.start).line
    if comment.alone:
        line += 1
        while line + 1 < len(source.line_starts) and source.line_text(line).strip()[:1] in ("", "#"):
            line += 1
    end = source.line_end(line) if line < len(source.line_starts) else len(source.text)
    # The last scalar that starts on the line: a text block runs on to its end.
    starts = [scalar.start for scalar in document.scalars]
    index = bisect_right(starts, end) - 1
    if index >= 0:
        scalar = document.scalars[index]
        if scalar.style in (LITERAL, FOLDED) and source.position(scalar.start).line == line:
            return line, source.position(max(scalar.end, scalar.start + 1) - 1).line
    return line, line
