"""One slip of the hand at each place of a file where it can be made, as people make them who type YAML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from devbox_lint.source import SourceFile
from devbox_lint.yaml.nodes import FOLDED, LITERAL
from devbox_lint.yaml.parse import parse

_KEY = re.compile(r"(?P<indent> *)(?P<dash>- +)?(?P<key>[$\w]+):(?P<blank> +(?P<value>\S.*))?$")
#: Words and paths: what nothing in YAML depends on.
_WORD = re.compile(r"[A-Za-z~][\w~/.:\\-]*$")


class Slip(NamedTuple):
    """What somebody did to ``line`` (from 1), and the text with it."""

    what: str
    line: int
    text: str


class _Place(NamedTuple):
    number: int
    line: str
    match: re.Match[str]
    below: str

    @property
    def column(self) -> int:
        return len(self.match["indent"] + (self.match["dash"] or ""))

    def is_above(self, other: str) -> bool:
        """Whether the line ``other`` is below this one's key."""
        return len(other) - len(other.lstrip(" -")) > self.column


def slips(text: str) -> Iterator[Slip]:
    """Each slip at each place of ``text``, whose lines end with line feeds and are not indented by tabs."""
    lines = text.split("\n")
    in_text = _lines_of_texts(text)
    keys = []
    for number, line in enumerate(lines):
        match = None if number in in_text else _KEY.match(line)
        if match:
            below = next((item for item in lines[number + 1 :] if item.strip()), "")
            keys.append(_Place(number, line, match, below))
    for place in keys:
        for what, change in _CHANGES.items():
            changed = change(place)
            if changed is not None and changed != place.line:
                yield Slip(
                    what, place.number + 1, "\n".join((*lines[: place.number], changed, *lines[place.number + 1 :]))
                )


def _lines_of_texts(text: str) -> set[int]:
    """The numbers of the lines that are inside values of several lines."""
    source = SourceFile("", text)
    found: set[int] = set()
    for scalar in parse(source).scalars:
        first, last = source.position(scalar.start).line, source.position(max(scalar.end - 1, 0)).line
        if last > first:
            found.update(range(first + (scalar.style in (LITERAL, FOLDED)), last + 1))
    return found


def _sub(pattern: str, new: str) -> Callable[[_Place], str | None]:
    return lambda place: re.sub(pattern, new, place.line, count=1)


def _of_word(pattern: str) -> Callable[[_Place], str | None]:
    def change(place: _Place) -> str | None:
        value = place.match["value"]
        if not value or not _WORD.match(value):
            return None
        return place.line[: place.match.start("value")] + pattern.format(value)

    return change


def _shifted(by: int) -> Callable[[_Place], str | None]:
    def change(place: _Place) -> str | None:
        # The first key of a mapping may stand where it will, and so may a list.
        if place.match["dash"] or not place.match["value"] or not place.match["indent"]:
            return None
        return " " * by + place.line if by > 0 else place.line[-by:]

    return change


_CHANGES: dict[str, Callable[[_Place], str | None]] = {
    "no blank after the colon": lambda place: place.line.replace(": ", ":", 1) if _is_name(place) else None,
    "no blank after the dash": _sub(r"^( *)- +(?=(?:name|task):)", r"\1-"),
    "no dash": _sub(r"^( *)- (?=(?:name|task):)", r"\1  "),
    "two dashes": _sub(r"^( *)- (?=(?:name|task):)", r"\1- - "),
    "no colon": lambda place: (
        place.line.rstrip()[:-1] if not place.match["value"] and place.is_above(place.below) else None
    ),
    "an equals sign": lambda place: place.line.replace(": ", " = ", 1) if _is_name(place) else None,
    "a semicolon": lambda place: place.line.replace(": ", "; ", 1) if _is_name(place) else None,
    "a tab": lambda place: "\t" + place.line.lstrip(" ") if place.match["indent"] and place.match["value"] else None,
    "one quote before": _of_word('"{}'),
    "one apostrophe before": _of_word("'{}"),
    "typographic quotes": _of_word("“{}”"),
    "a comma after": _of_word("{},"),
    "backticks": _of_word("`{}`"),
    "too far to the right": _shifted(2),
    "a column to the right": _shifted(1),
    "a column to the left": _shifted(-1),
    "no bar": _sub(r"(command|script): [|][-+]?$", r"\1:"),
}


def _is_name(place: _Place) -> bool:
    value = place.match["value"]
    return bool(value) and value[0] not in "|>&*#{["
