"""Repairs of values in double quotes that hold backslashes which YAML takes for escapes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Related, Span
from devbox_lint.startup import lazy
from devbox_lint.yaml.document import Problem, ProblemKind
from devbox_lint.yaml.lines import KEY
from devbox_lint.yaml.pasted import ESCAPES, markdown_escapes
from devbox_lint.yaml.repair import Repair

_DOUBLE_QUOTED = lazy(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ESCAPE = lazy(r"\\(.)", re.DOTALL)
# `\x`, `\u` and `\U` without the digits of a character that there is.
_NO_CHARACTER = lazy(r"\\(?:x(?![0-9A-Fa-f]{2})|u(?![0-9A-Fa-f]{4})|U(?!(?:0010|000[0-9A-Fa-f])[0-9A-Fa-f]{4}))")
#: The characters that may follow a backslash in double quotes (YAML 1.2, section 5.7), and line breaks.
_KNOWN_ESCAPES = frozenset('0abt\tnvfre "/\\N_LPxuU\r\n')


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
        known = character in _KNOWN_ESCAPES and not last
        if character in "xuU" and _NO_CHARACTER.match(text, place):
            known = False
        if not known:
            first = first or Span(place, place + 2)
        elif character in '\\"/ \t\r\n' or not _looks_like_path(text, place, end):
            continue
        edits.append(Edit(Span(place, place), "\\"))
    if first is None:
        return
    line = text.rfind("\n", 0, start) + 1
    key = KEY.match(text, line + len(text[line:start]) - len(text[line:start].lstrip(" -")))
    in_markdown = markdown_escapes(key["name"] if key else None, text[start + 1 : end - 1], start + 1)
    if in_markdown and not trailing:
        yield Repair(
            Problem(
                ProblemKind.PASTED,
                in_markdown[0],
                "a backslash before a mark, as in Markdown: remove it",
                repair=ESCAPES,
                certain=True,
                related=tuple(Related(span, "here too") for span in in_markdown[1:]),
            ),
            tuple(Edit(span, "") for span in in_markdown),
        )
    escape_text = text[first.start : first.end]
    yield Repair(
        Problem(
            ProblemKind.ESCAPE,
            first,
            f"`{escape_text}` is not a YAML escape: in double quotes, write each backslash twice"
            if escape_text != '\\"'
            else 'the backslash hides the closing quote: write `\\\\"` for a value that ends with a backslash',
            repair="double the backslashes",
            certain=True,
        ),
        tuple(edits),
    )


def _looks_like_path(text: str, place: int, end: int) -> bool:
    """Whether the backslash at ``place`` stands inside a path: between two names."""
    before = text[place - 1 : place]
    after = text[place + 2 : place + 3] if place + 2 < end else ""
    return (before.isalnum() or before in "_:.%)}]\\") and (after.isalnum() or after in "_-.")


def line_end(text: str, start: int) -> int:
    """The end of the line that ``start`` is on, before its line break."""
    ends = [end for end in (text.find("\n", start), text.find("\r", start)) if end >= 0]
    return min(ends, default=len(text))
