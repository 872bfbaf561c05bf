"""Texts that a regular expression matches, made up by chance from its parse tree; what looks around is left out."""

from __future__ import annotations

import random
import string
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_PRINTED = string.ascii_letters + string.digits + "_-+/=~.:;@!"


def made(pattern: str, chance: random.Random, longest: int = 60) -> str:
    """A text that ``pattern`` matches where nothing stands beside it; repetitions without a need are short."""
    return "".join(_sequence(parser.parse(pattern), chance, longest))


def _sequence(tree: Any, chance: random.Random, longest: int) -> list[str]:
    parts: list[str] = []
    for operation, argument in tree:
        parts.extend(_one(operation, argument, chance, longest))
    return parts


def _one(operation: Any, argument: Any, chance: random.Random, longest: int) -> list[str]:
    match operation:
        case codes.LITERAL:
            return [chr(argument)]
        case codes.NOT_LITERAL:
            return [chance.choice([c for c in _PRINTED if ord(c) != argument])]
        case codes.ANY:
            return [chance.choice(_PRINTED)]
        case codes.IN:
            return [chance.choice(_members(argument))]
        case codes.BRANCH:
            return _sequence(chance.choice(argument[1]), chance, longest)
        case codes.SUBPATTERN:
            return _sequence(argument[3], chance, longest)
        case codes.ATOMIC_GROUP:
            return _sequence(argument, chance, longest)
        case codes.MAX_REPEAT | codes.MIN_REPEAT | codes.POSSESSIVE_REPEAT:
            least, most, body = argument
            times = chance.randint(least, min(most, max(least, longest)))
            return [part for _ in range(times) for part in _sequence(body, chance, longest)]
        case codes.ASSERT | codes.ASSERT_NOT | codes.AT:
            return []
    raise AssertionError(operation)


def _members(items: Any) -> list[str]:
    negated = False
    members: set[str] = set()
    for operation, argument in items:
        match operation:
            case codes.NEGATE:
                negated = True
            case codes.LITERAL:
                members.add(chr(argument))
            case codes.RANGE:
                members.update(chr(code) for code in range(argument[0], argument[1] + 1))
            case codes.CATEGORY:
                members.update(_category(argument))
    return sorted(set(_PRINTED) - members if negated else members)


def _category(category: Any) -> str:
    if category is codes.CATEGORY_DIGIT:
        return string.digits
    if category is codes.CATEGORY_WORD:
        return string.ascii_letters + string.digits + "_"
    if category is codes.CATEGORY_SPACE:
        return " \t\r\n"
    raise AssertionError(category)
