"""Repairs by quotes: escapes that YAML does not know, and references that stand without quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent, MappingStartEvent

from devbox_lint.diagnostics import Edit, Span
from devbox_lint.patterns import lazy
from devbox_lint.yaml.document import Problem, ProblemKind
from devbox_lint.yaml.lines import KEY, Line
from devbox_lint.yaml.repairs import Repair

_DOUBLE_QUOTED = lazy(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ESCAPE = lazy(r"\\(.)", re.DOTALL)
# `\x`, `\u` and `\U` without the digits of a character that there is.
_NO_CHARACTER = lazy(r"\\(?:x(?![0-9A-Fa-f]{2})|u(?![0-9A-Fa-f]{4})|U(?!(?:0010|000[0-9A-Fa-f])[0-9A-Fa-f]{4}))")
_COMMENT = lazy(r"[ \t]#")
#: The characters that may follow a backslash in double quotes (YAML 1.2, section 5.7), and line breaks.
KNOWN_ESCAPES = frozenset('0abt\tnvfre "/\\N_LPxuU\r\n')


def bad_escapes(text: str, start: int) -> Iterator[Repair]:
    """Double the backslashes of a double-quoted value that holds unknown escapes."""
    match = _DOUBLE_QUOTED.match(text, start)
    stop = line_end(text, start)
    end = match.end() if match is not None else stop
    trailing = False
    if match is None or end > stop:
        # `"C:\temp\"`: the last backslash hides the quote that was to close the value.
        head = text[start:stop].rstrip()
        if not head.endswith('\\"'):
            if match is None:
                return
        else:
            end = start + len(head)
            trailing = True
    edits = []
    first: Span | None = None
    for escape in _ESCAPE.finditer(text, start + 1, end - 1 if not trailing else end):
        character = escape[1]
        place = escape.start()
        last = trailing and escape.end() == end
        known = character in KNOWN_ESCAPES and not last
        if character in "xuU" and _NO_CHARACTER.match(text, place):
            known = False
        if not known:
            first = first or Span(place, place + 2)
        elif character in '\\"/ \t\r\n' or not _looks_like_path(text, place, end):
            continue
        edits.append(Edit(Span(place, place), "\\"))
    if first is None:
        return
    escape_text = text[first.start : first.end]
    yield Repair(
        Problem(
            ProblemKind.ESCAPE,
            first,
            f"`{escape_text}` is no escape that YAML knows: a backslash in double quotes must be written twice"
            if escape_text != '\\"'
            else 'the backslash hides the closing quote: write `\\\\"` for a value that ends with a backslash',
            repair="double the backslashes",
            certain=True,
        ),
        tuple(edits),
    )


def unquoted_references(text: str, events: list[Any]) -> list[Repair]:
    """Quotes for each flow mapping in ``events`` that is a ``{{...}}`` without quotes."""
    repairs = []
    end = -1
    for start, own_end in _flow_mappings(events):
        if start >= end and text.startswith("{{", start):
            # Inside `{...}` or `[...]` the value ends with its braces, elsewhere with its line.
            stop = own_end or line_end(text, start)
            if "}}" in text[start:stop]:
                end = start + len(without_comment(text[start:stop]))
                repairs.append(_reference(text, start, end))
    return repairs


def _flow_mappings(events: list[Any]) -> list[tuple[int, int]]:
    """Where each flow mapping starts, in order; and where it ends, if it stands inside another flow collection."""
    found: list[tuple[int, int]] = []
    # For each open collection: whether it is a flow collection, and its place among those found.
    opened: list[tuple[bool, int]] = []
    for event in events:
        if isinstance(event, CollectionStartEvent):
            flow = event.flow_style is True
            index = -1
            if flow and isinstance(event, MappingStartEvent):
                index = len(found)
                found.append((event.start_mark.index, 0))
            opened.append((flow, index))
        elif isinstance(event, CollectionEndEvent):
            _, index = opened.pop()
            if index >= 0 and opened and opened[-1][0]:
                found[index] = (found[index][0], event.end_mark.index)
    return found


def unquoted_reference(line: Line) -> Iterator[Repair]:
    """Quotes for the value of a line, where it starts with ``{{``."""
    match = KEY.match(line.text, line.key_column)
    start = match.end() if match else line.key_column
    value = line.text[start:]
    start += len(value) - len(value.lstrip(" \t"))
    if line.text.startswith("{{", start):
        end = start + len(without_comment(line.text[start:]))
        yield _reference(line.text, start, end, line.start)


def _reference(text: str, start: int, end: int, shift: int = 0) -> Repair:
    value = text[start:end]
    closing = value.find("}}")
    shown = Span(shift + start, shift + (start + closing + 2 if closing >= 0 else end))
    return Repair(
        Problem(
            ProblemKind.REFERENCE,
            shown,
            "a value that starts with `{{` must be in quotes: YAML reads braces as a mapping",
            repair="put the value in quotes",
            certain=True,
        ),
        quotes(value, shift + start),
    )


def quotes(value: str, start: int) -> tuple[Edit, ...]:
    """Edits that put ``value``, which starts at ``start``, in quotes: double, or single where those are simpler."""
    end = start + len(value)
    if '"' not in value and "\\" not in value:
        return (Edit(Span(start, start), '"'), Edit(Span(end, end), '"'))
    inner = (Edit(Span(start + index, start + index), "'") for index, character in enumerate(value) if character == "'")
    return (Edit(Span(start, start), "'"), *inner, Edit(Span(end, end), "'"))


def _looks_like_path(text: str, place: int, end: int) -> bool:
    """Whether the backslash at ``place`` stands inside a path: between two names."""
    before = text[place - 1 : place]
    after = text[place + 2 : place + 3] if place + 2 < end else ""
    return (before.isalnum() or before in "_:.%)}]\\") and (after.isalnum() or after in "_-.")


def without_comment(value: str) -> str:
    """A plain value without a comment after it and the blanks before that."""
    match = _COMMENT.search(value)
    return (value[: match.start()] if match else value).rstrip(" \t")


def line_end(text: str, start: int) -> int:
    """The end of the line that ``start`` is on, before its line break."""
    ends = [end for end in (text.find("\n", start), text.find("\r", start)) if end >= 0]
    return min(ends, default=len(text))
