"""Files as slips of the hand leave them: real ones with one to three small mistakes each, the same in every run."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

#: What people paste or mistype.
_SNIPPETS = (
    "\t",
    "  ",
    " ",
    "'",
    '"',
    ":",
    "-",
    "- ",
    "#",
    "{{",
    "}}",
    "\\",
    "|",
    "&",
    "*",
    "‘",
    "–",
    "name",
    "?",
    ",",
)


def _character(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(_SNIPPETS) + text[at:]


def _missing(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + text[at + chance.choice((1, 1, 1, 2, 4)) :]


def _swapped(text: str, chance: random.Random) -> str:
    at = chance.randrange(max(1, len(text) - 1))
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def _of_lines(change: Callable[[list[str], int, random.Random], None]) -> Callable[[str, random.Random], str]:
    def changed(text: str, chance: random.Random) -> str:
        lines = text.splitlines(keepends=True)
        if lines:
            change(lines, chance.randrange(len(lines)), chance)
        return "".join(lines)

    return changed


def _indented(lines: list[str], at: int, chance: random.Random) -> None:
    width = chance.choice((1, 1, 2, 4))
    for index in range(at, min(len(lines), at + chance.choice((1, 1, 2, 5)))):
        lines[index] = " " * width + lines[index]


def _outdented(lines: list[str], at: int, chance: random.Random) -> None:
    width = chance.choice((1, 1, 2, 4))
    for index in range(at, min(len(lines), at + chance.choice((1, 1, 2, 5)))):
        spaces = len(lines[index]) - len(lines[index].lstrip(" "))
        lines[index] = lines[index][min(width, spaces) :]


def _tabbed(lines: list[str], at: int, chance: random.Random) -> None:
    lines[at] = lines[at].replace("  ", "\t", chance.choice((1, 4)))


def _doubled(lines: list[str], at: int, chance: random.Random) -> None:
    lines.insert(chance.randrange(len(lines) + 1), lines[at])


def _dropped(lines: list[str], at: int, chance: random.Random) -> None:
    del lines[at : at + chance.choice((1, 1, 3))]


def _joined(lines: list[str], at: int, chance: random.Random) -> None:
    lines[at] = lines[at].rstrip("\r\n") + chance.choice(("", " "))


def _unquoted(lines: list[str], at: int, chance: random.Random) -> None:
    lines[at] = lines[at].replace(chance.choice(("'", '"')), "", chance.choice((1, 2)))


def _glued(lines: list[str], at: int, chance: random.Random) -> None:
    lines[at] = lines[at].replace(*chance.choice(((": ", ":"), ("- ", "-"), ("'", '"'), ("  - ", "  - - "))))


_CHANGES: Sequence[Callable[[str, random.Random], str]] = (
    _character,
    _missing,
    _swapped,
    *map(_of_lines, (_indented, _outdented, _tabbed, _doubled, _dropped, _joined, _unquoted, _glued)),
)


def mutants(texts: Sequence[str], count: int, seed: int = 0) -> Iterator[str]:
    """``count`` mutants of ``texts``, taken in turn; ``seed`` chooses others."""
    chance = random.Random(seed)
    for index in range(count):
        text = texts[index % len(texts)]
        for _ in range(chance.choice((1, 1, 2, 3))):
            text = chance.choice(_CHANGES)(text, chance)
        yield text
