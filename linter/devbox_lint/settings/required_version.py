"""Whether this devbox-lint is one that `required-version` asks for.

The words are those of PEP 440, and of its versions the plain ones: numbers with dots between.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

_ONE = r"(?:[<>=!~]=|[<>])?\s*[0-9]{1,9}(?:\.[0-9]{1,9}){0,3}"
#: What the setting may be; a version alone stands for itself.
PATTERN = rf"^\s*{_ONE}(?:\s*,\s*{_ONE})*\s*$"
_PARTS = 4
_Version = tuple[tuple[int, ...], int]
_COMPARISONS: dict[str, Callable[[_Version, _Version], bool]] = {
    "": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


def is_met(required: str, version: str) -> bool:
    """Whether ``version`` is all that ``required`` asks for, which matches :data:`PATTERN`."""
    mine = _read(version)
    for one in required.split(","):
        word = one.strip()
        number = word.lstrip("<>=!~").strip()
        comparison = word[: len(word) - len(word.lstrip("<>=!~"))]
        wanted = _read(number)
        if comparison == "~=":
            # That or newer, as long as all numbers but the last stay.
            kept = max(1, number.count("."))
            if mine < wanted or mine[0][:kept] != wanted[0][:kept]:
                return False
        elif not _COMPARISONS[comparison](mine, wanted):
            return False
    return True


def _read(version: str) -> _Version:
    """The numbers of a version, and 0 where it comes before its release, such as `1.0.0rc1`."""
    found = re.match(r"[0-9]+(?:\.[0-9]+)*", version)
    numbers = [int(number) for number in found[0].split(".")] if found else []
    rest = version[found.end() :] if found else version
    padded = (*numbers, *[0] * _PARTS)[: max(_PARTS, len(numbers))]
    return tuple(padded), int(re.match(r"\.?(?:a|b|c|rc|dev)", rest) is None)
