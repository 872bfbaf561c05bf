"""Changes of an input that keep most of it in shape: lines moved, indented and doubled, pieces put in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple


class Change(NamedTuple):
    """One change: which of ``CHANGES``, where (taken modulo what there is), how much, and what may be put in."""

    kind: int
    place: int
    amount: int
    piece: bytes


def _indent(lines: list[bytes], at: int, amount: int, _: bytes) -> None:
    lines[at] = b" " * (amount % 7) + lines[at]


def _dedent(lines: list[bytes], at: int, amount: int, _: bytes) -> None:
    blanks = len(lines[at]) - len(lines[at].lstrip(b" "))
    lines[at] = lines[at][min(blanks, 1 + amount % 4) :]


def _double(lines: list[bytes], at: int, amount: int, _: bytes) -> None:
    lines[at:at] = lines[at : at + 1 + amount % 8]


def _drop(lines: list[bytes], at: int, amount: int, _: bytes) -> None:
    del lines[at : at + 1 + amount % 4]


def _move(lines: list[bytes], at: int, amount: int, _: bytes) -> None:
    line = lines.pop(at)
    lines.insert(amount % (len(lines) + 1), line)


def _join(lines: list[bytes], at: int, amount: int, _: bytes) -> None:
    lines[at : at + 2] = [b"".join(lines[at : at + 2])]


def _put_line(lines: list[bytes], at: int, amount: int, piece: bytes) -> None:
    lines.insert(at, b" " * (amount % 7) + piece)


def _put(lines: list[bytes], at: int, amount: int, piece: bytes) -> None:
    where = amount % (len(lines[at]) + 1)
    lines[at] = lines[at][:where] + piece + lines[at][where:]


def _replace(lines: list[bytes], at: int, amount: int, piece: bytes) -> None:
    where = amount % (len(lines[at]) + 1)
    lines[at] = lines[at][:where] + piece + lines[at][where + 1 + amount // 7 % 8 :]


def _cut(lines: list[bytes], at: int, amount: int, _: bytes) -> None:
    where = amount % (len(lines[at]) + 1)
    lines[at] = lines[at][:where]


def _split(lines: list[bytes], at: int, amount: int, _: bytes) -> None:
    where = amount % (len(lines[at]) + 1)
    lines[at : at + 1] = [lines[at][:where], lines[at][where:]]


def _value(lines: list[bytes], at: int, _: int, piece: bytes) -> None:
    key, colon, _rest = lines[at].partition(b":")
    lines[at] = key + (colon or b":") + b" " + piece


CHANGES: tuple[Callable[[list[bytes], int, int, bytes], None], ...] = (
    _indent, _dedent, _double, _drop, _move, _join, _put_line, _put, _replace, _cut, _split, _value,
)  # fmt: skip


def mutated(data: bytes, changes: Sequence[Change]) -> bytes:
    """The input with its first byte kept and changes made to the lines of the rest, one after another."""
    lines = data[1:].split(b"\n")
    for change in changes:
        CHANGES[change.kind % len(CHANGES)](lines, change.place % len(lines), change.amount, change.piece)
        if not lines:
            lines = [b""]
    return data[:1] + b"\n".join(lines)


def random_changes(random: Random, pieces: Sequence[bytes]) -> list[Change]:
    """A few changes."""
    return [
        Change(
            random.randrange(len(CHANGES)), random.randrange(1 << 16), random.randrange(1 << 16), random.choice(pieces)
        )
        for _ in range(random.choice((1, 1, 2, 3, 5)))
    ]
