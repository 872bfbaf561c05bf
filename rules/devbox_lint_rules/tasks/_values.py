"""Whether a value is one that a parameter's declaration accepts."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache

from devbox_lint.customization.task_definition import Parameter
from devbox_lint.startup import lazy

_NUMBER = lazy(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
# YAML 1.1 reads these as booleans, and so may the service; PowerShell reads the last two.
_BOOLEANS = frozenset(("true", "false", "yes", "no", "on", "off", "y", "n", "1", "0", "$true", "$false"))
#: Longer values, in characters, are not matched: a pattern of an unknown author may take long for them.
_LONGEST_VALUE, _LONGEST_PATTERN = 128, 200
#: In how many ways a pattern may match from one character on.
_MOST_WAYS = 50_000
_REPETITION = lazy(r"\\.|\[(?:\\.|[^\]\\])++\]|[*+]|\{[0-9]*,?[0-9]*\}|\?|\((?:\?[:=!<]?)?|\)|\|", re.DOTALL)
# What Python says of a pattern that no other language accepts either.
_CERTAIN = ("unterminated", "unbalanced", "missing ),", "nothing to repeat", "bad character range")
#: What .NET knows and Python does not; a pattern with it is not judged.
_OF_DOTNET = lazy(r"\\[pPkGZz]|\(\?[<'#(]|\(\?-|\(\?[imnsx]+-|\[[^\]]*-\[")


def fits_type(value: str, type_: str | None) -> bool:
    """Whether text can be read as ``string``, ``boolean`` or ``number``; any other type accepts all."""
    text = value.strip()
    if type_ == "number":
        return _NUMBER.fullmatch(text) is not None
    return type_ != "boolean" or text.lower() in _BOOLEANS


def complaint(value: str, parameter: Parameter) -> str | None:
    """What is wrong with a value in the light of `allowed`, the lengths and the pattern; None where nothing is.

    ``{{...}}`` is resolved later, so that a value with it is never judged.
    """
    if "{{" in value:
        return None
    allowed = parameter.allowed
    if allowed and value.lower() not in {choice.lower() for choice in allowed}:
        return f"write {_listed(allowed)}"
    if parameter.type in ("boolean", "number"):
        return None
    least, most = parameter.minimum_length, parameter.maximum_length
    if least is not None and len(value) < least:
        return f"it has {_characters(len(value))}, and needs {least}"
    if most is not None and len(value) > most:
        return f"it has {_characters(len(value))}, and may have {most}"
    if parameter.pattern and matches(parameter.pattern, value) is False:
        return f"it must match `{parameter.pattern}`"
    return None


def matches(pattern: str, value: str) -> bool | None:
    """Whether a pattern matches somewhere in the value; None where that cannot be known, or not in short time."""
    if len(value) > _LONGEST_VALUE:
        return None
    found = _compiled(pattern)
    if found is None:
        return None
    compiled, ways, repetitions = found
    # Each repetition can end at any character of the value.
    return compiled.search(value) is not None if ways * (len(value) + 1) ** repetitions <= _MOST_WAYS else None


def pattern_error(pattern: str) -> str | None:
    """What is wrong with a pattern in any language, None where nothing certain is."""
    if len(pattern) > 1000 or _OF_DOTNET.search(pattern):
        return None
    try:
        _compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        message = str(error)
        return message if message.startswith(_CERTAIN) else None
    return None


@lru_cache(maxsize=128)
def _compiled(pattern: str) -> tuple[re.Pattern[str], int, int] | None:
    """The pattern with its cost, None where it is not certain to be quick and to mean the same here as in .NET."""
    cost = None if len(pattern) > _LONGEST_PATTERN or _OF_DOTNET.search(pattern) else _cost(pattern)
    if cost is None:
        return None
    try:
        return _compile(pattern), *cost
    except (re.error, RecursionError, OverflowError):
        return None


def _compile(pattern: str) -> re.Pattern[str]:
    # What Python warns of is for programmers, not for those who run the linter.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return re.compile(pattern)


def _cost(pattern: str) -> tuple[int, int] | None:
    """How many ways there are to match from one character on, and how many repetitions multiply them.

    The bound is never too low; None where repetitions stand inside others, or there is no bound.
    """
    ways = 1
    repetitions = 0
    # For each open group: the number of its alternatives, and whether it holds anything that varies.
    alternatives = [1]
    varies = [False]
    for match in _REPETITION.finditer(pattern):
        token = match.group()
        if token[0] == "(":
            if token not in ("(", "(?:"):
                return None
            alternatives.append(1)
            varies.append(False)
        elif token == ")":
            if len(varies) == 1:
                return None
            ways *= alternatives.pop()
            inner = varies.pop()
            varies[-1] = varies[-1] or inner
            if inner and pattern[match.end() : match.end() + 1] in ("*", "+", "{"):
                return None
        elif token == "|":
            alternatives[-1] += 1
            varies[-1] = True
        elif token in ("*", "+", "?") or (token[0] == "{" and "," in token):
            ways *= 2 if token == "?" else 1
            repetitions += token != "?"
            varies[-1] = True
        elif token[0] == "\\" and token[1].isdigit():
            return None
        if ways > _MOST_WAYS:
            return None
    return ways * alternatives[0], repetitions


def _listed(choices: tuple[str, ...]) -> str:
    shown = [f"`{choice}`" for choice in choices[:8]]
    if len(choices) > 8:
        return f"{', '.join(shown)} or another of the allowed values"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def _characters(count: int) -> str:
    return "1 character" if count == 1 else f"{count} characters"
