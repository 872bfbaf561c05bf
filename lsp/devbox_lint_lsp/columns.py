"""What the columns of lines say, where a file is half-written and no parser can tell what belongs to what."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple, lazy

#: No more lines are looked at, above or below.
MOST_LINES = 2_000
_LINE = lazy(r"(?P<indent>[ ]*+)(?P<dashes>(?:-(?:[ ]++|$))*+)(?P<rest>.*)")
_OPEN = lazy(r"(?:[^#]|(?<!\s)#)*:[ \t]*(?:\s#.*)?")
_BEGUN = lazy(r"[\w$.~/-]*+")


class Line(NamedTuple):
    """A line that holds something: its number, the columns of its dash, if any, and of what follows it, and that."""

    number: int
    column: int
    key_column: int
    rest: str

    @property
    def is_item(self) -> bool:
        """Whether it begins with a dash."""
        return self.key_column > self.column


def lines_from(source: SourceFile, number: int, step: int) -> Iterator[Line]:
    """The lines from ``number`` on, up or down, that hold more than blanks and a comment."""
    for _ in range(MOST_LINES):
        if not 0 <= number < len(source.line_starts):
            return
        match = _LINE.fullmatch(source.line_text(number).rstrip("\r"))
        if match is not None and (match["dashes"] or match["rest"].strip()) and not match["rest"].startswith("#"):
            column = len(match["indent"])
            yield Line(number, column, column + len(match["dashes"]), match["rest"])
        number += step


def goes_on_below(source: SourceFile, number: int, column: int, is_item: bool) -> bool:
    """Whether what begins in a line at ``column`` goes on in the lines below: further right, or as a list.

    ``is_item`` says that a dash stands before it.
    """
    below = next(lines_from(source, number + 1, 1), None)
    if below is None:
        return False
    return below.column > column or (below.column == column and below.is_item and not is_item)


def is_level(source: SourceFile, number: int, column: int, as_item: bool) -> bool:
    """Whether what begins in a line at ``column`` lines up with what stands above it, or is in what is open above.

    ``as_item`` says that it begins with a dash.
    """
    nearest = -1
    for line in lines_from(source, number - 1, -1):
        if line.column > column:
            nearest = line.column
        elif line.column == column:
            if line.is_item != as_item and line.is_item:
                # Perhaps of a list that stands below its key, at the same column.
                nearest = line.column
            elif line.is_item or not as_item:
                if line.is_item or ":" in line.rest:
                    return True
                if _BEGUN.fullmatch(line.rest) is None:
                    return False
            else:
                return nearest < 0 and is_open(line)
        elif line.is_item and line.key_column >= column:
            return line.key_column == column and not as_item
        else:
            return nearest < 0 and is_open(line) and (as_item or _is_usual(source, column - line.key_column))
    return nearest < 0


def is_open(line: Line) -> bool:
    """Whether a line ends with a key that has no value yet."""
    return _OPEN.fullmatch(line.rest) is not None


def _is_usual(source: SourceFile, columns: int) -> bool:
    """Whether what is below a key stands so many columns further right elsewhere, or nowhere is anything."""
    above: Line | None = None
    is_elsewhere = False
    for line in lines_from(source, 0, 1):
        if above is not None and is_open(above) and line.column > above.key_column and not line.is_item:
            if line.column - above.key_column == columns:
                return True
            is_elsewhere = True
        above = line
    return not is_elsewhere
