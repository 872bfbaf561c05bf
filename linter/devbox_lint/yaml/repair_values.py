"""Repairs of values: colons, quotes that do not close, characters that cannot start a value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent

from devbox_lint.diagnostics import Edit, Related, Span
from devbox_lint.startup import lazy
from devbox_lint.yaml.document import Problem, ProblemKind
from devbox_lint.yaml.lines import KEY, Line
from devbox_lint.yaml.pasted import ESCAPES, commas, markdown_escapes, string_of_a_program
from devbox_lint.yaml.repair import Repair, Trouble
from devbox_lint.yaml.wrapped_references import find_wrapped

_DOUBLE_QUOTED = lazy(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ESCAPE = lazy(r"\\(.)", re.DOTALL)
_TYPOGRAPHIC = "”“„’‘»"
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


def unquoted_references(text: str, events: list[Any]) -> list[Repair]:
    """Quotes for each flow mapping in ``events`` that is a ``{{...}}`` without quotes."""
    repairs = []
    end = -1
    for start, own_end in _flow_collections(events):
        if start < end:
            continue
        wrapped = None if own_end else wrapped_reference(text, start)
        if wrapped is not None:
            repairs.append(wrapped)
            end = max(edit.span.end for edit in wrapped.edits)
        elif text.startswith("{{", start):
            # Inside `{...}` or `[...]` the value ends with its braces, elsewhere with its line.
            stop = own_end or line_end(text, start)
            if "}}" in text[start:stop]:
                end = start + len(without_comment(text[start:stop]))
                repairs.append(_reference(text, start, end))
    return repairs


def _flow_collections(events: list[Any]) -> list[tuple[int, int]]:
    """Where each flow collection starts, in order; and where it ends, if it stands inside another."""
    found: list[tuple[int, int]] = []
    # For each open collection: whether it is a flow collection, and its place among those found.
    opened: list[tuple[bool, int]] = []
    for event in events:
        if isinstance(event, CollectionStartEvent):
            flow = event.flow_style is True
            index = -1
            if flow:
                index = len(found)
                found.append((event.start_mark.index, 0))
            opened.append((flow, index))
        elif isinstance(event, CollectionEndEvent):
            _, index = opened.pop()
            if index >= 0 and opened and opened[-1][0]:
                found[index] = (found[index][0], event.end_mark.index)
    return found


def wrapped_reference(text: str, start: int) -> Repair | None:
    """The right form for a reference whose marks YAML reads as its own; ``start`` is where the value starts."""
    value = without_comment(text[start : line_end(text, start)])
    wrapped = find_wrapped(value)
    if wrapped is None or value == wrapped.reference:
        return None
    quote = value[0] if value[0] in "'\"" else '"'
    span = Span(start, start + len(value))
    return Repair(
        Problem(
            ProblemKind.REFERENCE,
            span,
            f"YAML reads what is around this address as its own: write `'{wrapped.form}'`, in quotes",
            repair="put the address alone in `{{` and `}}`, in quotes",
            certain=True,
        ),
        (Edit(span, f"{quote}{wrapped.reference}{quote}"),),
    )


def unquoted_reference(line: Line) -> Iterator[Repair]:
    """Quotes for the value of a line, where it starts with ``{{``, or with other marks round an address."""
    match = KEY.match(line.text, line.key_column)
    start = match.end() if match else line.key_column
    value = line.text[start:]
    start += len(value) - len(value.lstrip(" \t"))
    if match and value.strip() and _QUOTED.fullmatch(without_comment(line.text[start:])) is None:
        wrapped = wrapped_reference(line.text, start)
        if wrapped is not None and not value.lstrip(" \t").startswith(("http", "ado")):
            yield _moved(wrapped, line.start)
    if line.text.startswith("{{", start):
        end = start + len(without_comment(line.text[start:]))
        yield _reference(line.text, start, end, line.start)


def _moved(repair: Repair, by: int) -> Repair:
    """The repair of a line's text as one of the text that has the line at ``by``."""
    edits = tuple(Edit(Span(span.start + by, span.end + by), content) for span, content in repair.edits)
    problem = repair.problem
    if problem is not None:
        problem = problem._replace(span=Span(problem.span.start + by, problem.span.end + by))
    return repair._replace(problem=problem, edits=edits)


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


_MISSING_SPACE = lazy(r"(?:-[ ]+)*(?P<key>[$\w][\w.-]*):(?=[^\s/\\])")
_WORD = lazy(r"(?:-[ ]+)*(?P<key>[$A-Za-z][\w.-]*)[ ]*$")
_WORD_AND_VALUE = lazy(r"(?:-[ ]+)*(?P<key>\$schema|name|image|description|command|timeout|package)(?=[ ]+\S)")

_QUOTED = lazy(r"""'(?:[^']|'')*+'|"(?:[^"\\]|\\.)*+\"""")


def value_repairs(trouble: Trouble) -> Iterator[Repair]:
    """What may be wrong with the values around the error, the likeliest first."""
    error = trouble.error
    lines = trouble.lines
    line = lines.at(error.offset)
    before = lines.before(line.number)
    if "more indented follow up" in error.problem:
        # The pure parser takes blanks on an empty line at the start of a text block amiss; YAML does not.
        blanks = (item for item in lines.lines[: line.number] if item.text and not item.content)
        yield Repair(None, tuple(Edit(Span(item.start, item.end), "") for item in blanks))
    # The pure parser spells it `hexdecimal`.
    escapes = ("unknown escape", "hexadecimal", "hexdecimal")
    if error.context_offset is not None and any(words in error.problem for words in escapes):
        yield from bad_escapes(trouble.text, error.context_offset)
        opening = lines.at(error.context_offset)
        if opening is not line and _QUOTED.match(opening.text, error.context_offset - opening.start) is None:
            # Nothing closes the quote, and the escape is one of the lines that it swallows.
            yield _close(trouble, opening, error.context_offset, trouble.text[error.context_offset])
    for candidate in (line, lines.at(error.context_offset) if error.context_offset is not None else None):
        if candidate is not None:
            yield from unquoted_reference(candidate)
    yield from commas(lines, line)
    if before is not None:
        yield from commas(lines, before)
    if "cannot start any token" in error.problem:
        yield from string_of_a_program(line)
    if "cannot start any token" in error.problem and "'\\t'" not in error.problem:
        yield from _bad_start(trouble, line)
    if "mapping values are not allowed" in error.problem:
        yield from _colons(trouble, line, before)
    if "could not find expected ':'" in error.problem and error.context_offset is not None:
        yield from _missing_space(lines.at(error.context_offset))
        yield from _missing_colon(trouble, lines.at(error.context_offset))
    if "end of stream" in error.problem and error.context_offset is not None:
        yield from _unclosed(trouble, lines.at(error.context_offset), error.context_offset)
    if "',' or" in error.problem and error.context_offset is not None:
        yield from _unclosed_flow(trouble, error.context_offset)
    if error.problem.startswith("expected <block end>") or "document separator" in error.problem:
        yield from _quotes(trouble, line)


def _bad_start(trouble: Trouble, line: Line) -> Iterator[Repair]:
    start = trouble.error.offset
    character = trouble.text[start : start + 1]
    if not character or start >= line.end:
        return
    value = without_comment(trouble.text[start : line.end])
    yield Repair(
        Problem(
            ProblemKind.SYNTAX,
            Span(start, start + 1),
            f"a value cannot start with `{character}`: YAML keeps that character for itself",
            "put the value in quotes",
        ),
        quotes(value, start),
    )


def _colons(trouble: Trouble, line: Line, before: Line | None) -> Iterator[Repair]:
    match = KEY.match(line.text, line.key_column)
    column = trouble.error.offset - line.start
    if match and column >= match.end():
        # A second `: ` on the line: the value itself holds one.
        rest = line.text[match.end() :]
        start = match.end() + len(rest) - len(rest.lstrip(" \t"))
        value = without_comment(line.text[start:])
        key = match["name"]
        if value.startswith(f"{key}:"):
            length = len(value) - len(value[len(key) + 1 :].lstrip())
            yield Repair(
                Problem(
                    ProblemKind.SYNTAX,
                    Span(line.start + start, line.start + start + len(key) + 1),
                    f"`{key}:` is repeated on this line",
                    "remove one of the two",
                ),
                (Edit(Span(line.start + start, line.start + start + length), ""),),
            )
        yield Repair(
            Problem(
                ProblemKind.SYNTAX,
                Span(trouble.error.offset, trouble.error.offset + 1),
                f"the value of `{key}` holds a `:` before a space, which YAML reads as another key",
                "put the whole value in quotes",
            ),
            quotes(value, line.start + start),
        )
    for candidate in (before, line):
        if candidate is None:
            continue
        yield from _missing_space(candidate)
    if before is not None:
        yield from _missing_colon(trouble, before)


def _missing_space(line: Line) -> Iterator[Repair]:
    match = _MISSING_SPACE.match(line.text, line.indent)
    if match:
        after = line.start + match.end()
        yield Repair(
            Problem(
                ProblemKind.SYNTAX,
                Span(after - 1, after),
                f"no space after the `:` of `{match['key']}`",
                repair=f"write `{match['key']}: ` with a space before the value",
                certain=True,
            ),
            (Edit(Span(after, after), " "),),
        )
    content = line.content
    if content.startswith("-") and content[1:2].isalpha():
        place = line.start + line.indent + 1
        yield Repair(
            Problem(
                ProblemKind.SYNTAX,
                Span(place - 1, place),
                "no space after the `-` of this list item",
                repair="write `- ` with a space",
                certain=True,
            ),
            (Edit(Span(place, place), " "),),
        )


def _missing_colon(trouble: Trouble, line: Line) -> Iterator[Repair]:
    below = next((item for item in trouble.lines.lines[line.number + 1 :] if not item.is_blank), None)
    for pattern in (_WORD, _WORD_AND_VALUE):
        match = pattern.match(line.text, line.indent)
        if match and (pattern is not _WORD or (below is not None and below.indent > line.indent)):
            place = line.start + match.end("key")
            yield Repair(
                Problem(
                    ProblemKind.SYNTAX,
                    Span(line.start + match.start("key"), place),
                    f"no `:` after `{match['key']}`",
                    f"write `{match['key']}:`",
                ),
                (Edit(Span(place, place), ":"),),
            )


def _unclosed(trouble: Trouble, line: Line, start: int) -> Iterator[Repair]:
    character = trouble.text[start : start + 1]
    if character == '"':
        yield from bad_escapes(trouble.text, start)
    if character and character in "\"'":
        yield _close(trouble, line, start, character)


def _unclosed_flow(trouble: Trouble, start: int) -> Iterator[Repair]:
    opener = trouble.text[start : start + 1]
    closer = {"[": "]", "{": "}"}.get(opener)
    if closer is None:
        return
    end = start + len(without_comment(trouble.text[start : line_end(trouble.text, start)]))
    yield Repair(
        Problem(
            ProblemKind.SYNTAX,
            Span(start, start + 1),
            f"the `{opener}` that opens here is not closed on its line",
            f"close it with `{closer}`, or put the whole value in quotes if it is meant as text",
        ),
        (Edit(Span(end, end), closer),),
        since=start,
    )


def _quotes(trouble: Trouble, line: Line) -> Iterator[Repair]:
    """Text after a closing quote, on this line or because a quote further up was never closed."""
    for candidate in (line, *reversed(trouble.lines.lines[max(line.number - 20, 0) : line.number])):
        match = KEY.match(candidate.text, candidate.key_column)
        rest_start = match.end() if match else candidate.key_column
        rest = candidate.text[rest_start:]
        start = rest_start + len(rest) - len(rest.lstrip(" \t"))
        character = candidate.text[start : start + 1]
        if not character or character not in "\"'":
            continue
        closed = _QUOTED.match(candidate.text, start)
        if closed is None:
            yield _close(trouble, candidate, candidate.start + start, character)
        elif candidate is line:
            rest = without_comment(candidate.text[closed.end() :])
            end = closed.end() + len(rest)
            if rest.endswith(character):
                wrong = Span(candidate.start + closed.end() - 1, candidate.start + closed.end())
                message = f"this `{character}` ends the value, and more text stands after it"
                escaped = "''" if character == "'" else '\\"'
                help_ = f"write `{escaped}` where a quote belongs to the value"
            else:
                wrong = Span(candidate.start + closed.end(), candidate.start + end)
                message = "text stands after the closing quote"
                help_ = "put the whole value in quotes, and write a quote inside single quotes twice"
            yield Repair(
                Problem(ProblemKind.SYNTAX, wrong, message, help_),
                quotes(candidate.text[start:end], candidate.start + start),
            )


def _close(trouble: Trouble, line: Line, start: int, character: str) -> Repair:
    below = next((item for item in trouble.lines.lines[line.number + 1 :] if not item.is_blank), None)
    swallowed = below is not None and (below.key is not None or below.dashes != "")
    end = start + len(without_comment(line.text[start - line.start :]))
    last = trouble.text[end - 1]
    if end > start + 1 and last in _TYPOGRAPHIC:
        return Repair(
            Problem(
                ProblemKind.SYNTAX,
                Span(start, start + 1),
                f"the quote `{character}` that opens here is closed with the typographic `{last}`: write `{character}`",
                repair=f"write `{character}` for `{last}`",
                certain=True,
            ),
            (Edit(Span(end - 1, end), character),),
            since=start if swallowed else None,
        )
    return Repair(
        Problem(
            ProblemKind.SYNTAX,
            Span(start, start + 1),
            f"the quote `{character}` that opens here is not closed on its line",
            f"close it with `{character}`",
        ),
        (Edit(Span(end, end), character),),
        since=start if swallowed else None,
    )
