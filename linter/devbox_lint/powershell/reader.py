"""The calls of a PowerShell script: which commands it runs, each with its arguments, at any depth.

Script blocks, parentheses and ``$(...)`` outside strings are looked into, and so is the script that
``powershell -Command``, ``cmd /c``, ``Start-Process`` or ``Invoke-Expression`` gets as literal text.
Other strings and here-strings are text and no code. Offsets count code points of the script from 0, half open.
Nothing raises, and time is linear in the script's length.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

from devbox_lint.powershell.frames import Word
from devbox_lint.powershell.nested import Words, inner_script, inner_words
from devbox_lint.powershell.parser import RawCall, parse_calls
from devbox_lint.powershell.regions import RegionKind, region_at
from devbox_lint.powershell.syntax import Argument, Call, Operator, Syntax

#: How deep one script may hold another as text.
_MAXIMUM_DEPTH = 4
# Brackets hold brackets: what is longer is given in part, so that time stays linear.
_LONGEST_NAME = 400
_LONGEST_WORD = 2000
_QUOTES = frozenset("'\"‘’‚‛“”„")
_NOT_IN_NAMES = {ord(mark): None for mark in "'\"`"}


@lru_cache(maxsize=32)
def read_script(script: str) -> Syntax:
    """The calls and operators of ``script``."""
    calls: list[Call] = []
    operators: list[Operator] = []
    texts: list[tuple[str, int, int]] = []
    inner: list[tuple[int, int]] = []
    pending: list[tuple[str, int, int, Call | None, bool]] = [(script, 0, 0, None, True)]
    while pending:
        text, shift, depth, outer, is_powershell = pending.pop()
        parsed = parse_calls(text)
        if is_powershell:
            operators.extend(Operator(mark, start + shift, end + shift) for mark, start, end in parsed.operators)
        texts.extend((name, start + shift, end + shift) for name, start, end in parsed.texts)
        for raw in parsed.calls:
            call = _call(script, raw, shift, outer)
            calls.append(call)
            for level in range(depth, _MAXIMUM_DEPTH):
                inside = inner_script(call)
                if inside is not None:
                    start, end, speaks_powershell = inside
                    inner.append((start, end))
                    pending.append((script[start:end], start, level + 1, call, is_powershell and speaks_powershell))
                    break
                words = inner_words(call)
                if words is None:
                    break
                call = _from_words(words, call)
                calls.append(call)
    calls.sort(key=lambda call: (call.start, -call.end))
    operators.sort(key=lambda operator: operator.start)
    texts.sort(key=lambda item: item[1])
    return Syntax(tuple(calls), tuple(operators), tuple(texts), tuple(sorted(inner)))


def is_code(script: str, offset: int) -> bool:
    """Whether ``offset`` is in code: in no comment and no string, unless a command runs that string."""
    shift = 0
    text = script
    while True:
        region = region_at(text, offset - shift)
        if region.kind is not RegionKind.STRING:
            return region.kind is RegionKind.CODE
        inner = read_script(script).inner
        # What a command runs is the whole string, without its quotes.
        index = bisect_left(inner, (region.start + shift + 1, 0))
        if index == len(inner) or inner[index][0] != region.start + shift + 1 or offset >= inner[index][1]:
            return False
        shift, end = inner[index]
        text = script[shift:end]


def _call(script: str, raw: RawCall, shift: int, outer: Call | None) -> Call:
    start, name_end = raw.start + shift, raw.name_end + shift
    if raw.name_is_string:
        name = script[start + 1 : name_end - 1]
    else:
        name = script[start : min(name_end, start + _LONGEST_NAME)].translate(_NOT_IN_NAMES)
    return Call(
        name.lower(),
        name_end,
        start,
        raw.end + shift,
        tuple(_argument(script, word, shift) for word in raw.words),
        raw.pipeline + shift,
        raw.piped,
        outer,
    )


def _argument(script: str, word: Word, shift: int) -> Argument:
    start, end = word.start + shift, word.end + shift
    if word.is_string and end - start > 1 and script[end - 1] in _QUOTES:
        return Argument(script[start + 1 : end - 1], start, end, script[start])
    return Argument(script[start : min(end, start + _LONGEST_WORD)], start, end)


def _from_words(words: Words, outer: Call) -> Call:
    (name, start, name_end), *rest = words
    arguments = tuple(Argument(text, first, last) for text, first, last in rest)
    end = rest[-1][2] if rest else name_end
    return Call(name.lower(), name_end, start, end, arguments, outer.pipeline, outer.piped, outer)
