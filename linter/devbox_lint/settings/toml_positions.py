"""Where the keys and values of a TOML file stand: asked only when something is wrong with one, or to show it.

The library that reads TOML keeps no places. The text must be valid TOML, so that little has to be understood.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

from devbox_lint.startup import NamedTuple, lazy

#: A key's names from the top, with a number for each place in a list, counted from 0.
Path = tuple[str | int, ...]

_SPACE = lazy(r"(?:[ \t\n]++|#[^\n]*+)*+")
_STRING = (
    r'"""(?:[^"\\]|\\[\s\S]|"{1,2}+(?!"))*+"{3,5}|"(?:[^"\\\n]|\\.)*+"'
    r"|'''(?:[^']|'{1,2}+(?!'))*+'{3,5}|'[^'\n]*+'"
)
_KEY_PART = lazy(r"""[ \t]*+(?P<raw>[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')[ \t]*+""")
_VALUE = lazy(rf"{_STRING}|[^\s,\]}}#][^,\]}}#\n]*+")


class Place(NamedTuple):
    """Where something stands: line and column from 1, the column in characters."""

    line: int
    column: int


class Places:
    """The places of all keys and values of a text that is valid TOML."""

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._keys: dict[Path, int] = {}
        self._values: dict[Path, int] = {}
        self._lengths: dict[Path, int] = {}
        self._read()

    def key(self, path: Path) -> Place | None:
        """Where the name of a key stands, for a member of a list the member itself; None for what is not there."""
        return self._place(self._keys.get(path, self._values.get(path)))

    def value(self, path: Path) -> Place | None:
        """Where a value starts; for a table with a head of its own, the head's last name."""
        return self._place(self._values.get(path, self._keys.get(path)))

    def _place(self, offset: int | None) -> Place | None:
        if offset is None:
            return None
        before = self._text[:offset]
        return Place(before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)

    def _read(self) -> None:
        text = self._text
        table: Path = ()
        at = _end(_SPACE.match(text, 0))
        while at < len(text):
            if text[at] == "[":
                is_list = text.startswith("[[", at)
                parts = list(self._parts(at + 1 + is_list))
                table = self._table(parts, is_list)
                at = parts[-1][2] + 1 + is_list
            else:
                at = self._pair(table, at)
            at = _end(_SPACE.match(text, at))

    def _table(self, parts: list[tuple[str, int, int]], is_list: bool) -> Path:
        """The path of the table that a head opens; a name of a list of tables stands for its last one."""
        table: Path = ()
        for index, (name, offset, _) in enumerate(parts):
            table = (*table, name)
            self._keys.setdefault(table, offset)
            if is_list and index == len(parts) - 1:
                self._lengths[table] = self._lengths.get(table, 0) + 1
            if table in self._lengths:
                table = (*table, self._lengths[table] - 1)
                self._values.setdefault(table, offset)
        return table

    def _parts(self, at: int) -> Iterator[tuple[str, int, int]]:
        """The names of a dotted key: each with where it starts and where what follows it does."""
        while match := _KEY_PART.match(self._text, at):
            raw = match["raw"]
            name = tomllib.loads(f"x = {raw}")["x"] if raw[0] in "\"'" else raw
            yield name, match.start("raw"), match.end()
            if self._text[match.end()] != ".":
                break
            at = match.end() + 1

    def _pair(self, table: Path, at: int) -> int:
        """Read a key and its value; the offset of what follows."""
        for name, offset, end in self._parts(at):
            table = (*table, name)
            self._keys.setdefault(table, offset)
            at = end
        # After the `=`.
        return self._value(table, _end(_SPACE.match(self._text, at + 1)))

    def _value(self, path: Path, at: int) -> int:
        text = self._text
        self._values[path] = at
        if text[at] not in "[{":
            return _end(_VALUE.match(text, at))
        closing = "]" if text[at] == "[" else "}"
        index = 0
        at = _end(_SPACE.match(text, at + 1))
        while text[at] != closing:
            at = self._value((*path, index), at) if closing == "]" else self._pair(path, at)
            index += 1
            at = _end(_SPACE.match(text, at))
            if text[at] == ",":
                at = _end(_SPACE.match(text, at + 1))
        return at + 1


def _end(match: re.Match[str] | None) -> int:
    # Each of these expressions matches wherever valid TOML is asked.
    assert match is not None  # noqa: S101
    return match.end()
