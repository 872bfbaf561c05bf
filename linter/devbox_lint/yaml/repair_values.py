"""Repairs of values: colons, quotes that do not close, characters that cannot start a value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent

from devbox_lint.diagnostics import Edit, Span
from devbox_lint.startup import lazy
from devbox_lint.yaml.document import Problem, ProblemKind
from devbox_lint.yaml.lines import DECLARATION_KEYS, KEY, KNOWN_KEYS, Line
from devbox_lint.yaml.pasted import commas, decorated, string_of_a_program
from devbox_lint.yaml.repair import Repair, Trouble, wrong_colon
from devbox_lint.yaml.repair_escapes import bad_escapes, line_end
from devbox_lint.yaml.wrapped_references import find_wrapped

_TYPOGRAPHIC = "”“„’‘»"
_COMMENT = lazy(r"[ \t]#")


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
    if match and value.strip() and QUOTED.fullmatch(without_comment(line.text[start:])) is None:
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


def without_comment(value: str) -> str:
    """A plain value without a comment after it and the blanks before that."""
    match = _COMMENT.search(value)
    return (value[: match.start()] if match else value).rstrip(" \t")


_MISSING_SPACE = lazy(r"(?:-[ ]+)*(?P<key>[$\w][\w.-]*):(?=[^\s/\\])")
_WORD = lazy(r"(?:-[ ]+)*(?P<key>[$A-Za-z][\w.-]*)[ ]*$")
_WORD_AND_VALUE = lazy(r"(?:-[ ]+)*(?P<key>[$A-Za-z]\w*)(?P<colon>[ ]*(?:=|;|:=|=>)[ ]*|[ ]+)(?=[^\s=])")

#: How many lines above an error a quote may be that swallows the lines between.
_FAR = 200
#: A parameter that is called `command` has these below it, with or without their colon.
_DECLARES = lazy(rf"(?:{'|'.join(sorted(DECLARATION_KEYS))})\b[ ]*[:=; ]")
#: Keys whose value is a text, never keys of its own.
_TEXTS = frozenset(("command", "script", "description", "displayName"))
#: Keys that have a value on their line, whatever the file.
_WITH_VALUES = KNOWN_KEYS - {"tasks", "userTasks", "setupTasks", "inputs"} | {"package"}
#: A value in quotes that closes.
QUOTED = lazy(r"""'(?:[^']|'')*+'|"(?:[^"\\]|\\.)*+\"""")


#: What starts a command of PowerShell, and something else in YAML.
_MARKED = lazy(r"(?P<anchor>&)[ ]*['\"$\w(.\\]|(?P<list>\[)[\w.]+\](?:::|\$)|(?P<tag>!)(?:[A-Za-z]+-[A-Z]|[(\[$])")
_MEANINGS = {"anchor": "an anchor", "list": "a list", "tag": "a tag"}


def marked_value(line: Line, start: int) -> Iterator[Repair]:
    """Quotes for a value at column ``start`` or after whose first character is one of YAML's own marks."""
    value = without_comment(line.text[start:])
    start += len(value) - len(value.lstrip(" \t"))
    value = value.lstrip(" \t")
    match = _MARKED.match(value)
    if match is None or match.lastgroup is None:
        return
    yield Repair(
        Problem(
            ProblemKind.SYNTAX,
            Span(line.start + start, line.start + start + len(value)),
            f"YAML reads the `{value[0]}` before this value as {_MEANINGS[match.lastgroup]}: put the value in quotes",
            repair="put the value in quotes",
            certain=True,
        ),
        quotes(value, line.start + start),
    )


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
        opening = lines.at(error.context_offset)
        is_closed = QUOTED.match(opening.text, error.context_offset - opening.start) is not None
        if not is_closed and (opening is not line or not opening.content.endswith('"')):
            # The escape is behind the quote that nothing closes, or in one of the lines that it swallows.
            yield _close(trouble, opening, error.context_offset, trouble.text[error.context_offset])
        yield from bad_escapes(trouble.text, error.context_offset)
    yield from _without_head(trouble, line)
    for candidate in (line, lines.at(error.context_offset) if error.context_offset is not None else None):
        if candidate is not None:
            yield from decorated(candidate)
            key = KEY.match(candidate.text, candidate.key_column)
            if key is not None:
                yield from marked_value(candidate, key.end())
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
    if "document start" in error.problem and before is not None:
        yield from _missing_colon(trouble, before)
    if "end of stream" in error.problem and error.context_offset is not None:
        yield from _unclosed(trouble, lines.at(error.context_offset), error.context_offset)
    if "',' or" in error.problem and error.context_offset is not None:
        yield from _unclosed_flow(trouble, error.context_offset)
    if error.problem.startswith("expected <block end>") or "document separator" in error.problem:
        yield from _quotes(trouble, line)


def _without_head(trouble: Trouble, line: Line) -> Iterator[Repair]:
    """The lines of a script below a `command` that no `|` stands after."""
    lines = trouble.lines
    head = next((item for item in reversed(lines.lines[: line.number]) if item.key in _TEXTS), None)
    if head is None or head.value or head.key is None or not head.number < line.number < lines.value_end(head.number):
        return
    first = next(item for item in lines.lines[head.number + 1 :] if not item.is_blank)
    if first.content.partition(":")[0].strip() in DECLARATION_KEYS or _DECLARES.match(first.content):
        return
    place = head.start + len(head.text.rstrip(" \t"))
    key = KEY.match(head.text, head.key_column)
    yield Repair(
        Problem(
            ProblemKind.SYNTAX,
            Span(head.start + head.key_column, head.start + key.end("name")) if key else head.span,
            f"the lines below `{head.key}` are a text of several lines: write `{head.key}: |`",
            repair=f"write `{head.key}: |`",
            certain=True,
        ),
        (Edit(Span(place, place), " |"),),
        since=head.start,
    )


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
    match = _WORD.match(line.text, line.indent)
    if match and below is not None and below.indent > line.indent:
        place = line.start + match.end("key")
        yield _no_colon(line, match["key"], Edit(Span(place, place), ":"))
    match = _WORD_AND_VALUE.match(line.text, line.indent)
    if match is None or line.key:
        return
    key, mark = match["key"], match["colon"].strip()
    above = trouble.lines.before(line.number)
    neighbours = (item for item in (above, below) if item is not None and item.key is not None)
    beside = any(item.key_column == line.key_column for item in neighbours)
    if key not in _WITH_VALUES and not (mark and beside):
        return
    span = Span(line.start + match.start("colon"), line.start + match.end("colon"))
    repair = _no_colon(line, key, Edit(span, ": " if mark else ":" + match["colon"]))
    if mark and repair.problem is not None:
        message = wrong_colon(key, mark)
        repair = repair._replace(
            problem=repair.problem._replace(
                span=Span(span.start, span.end), message=message, help=None, repair=f"write `{key}: `", certain=True
            )
        )
    yield repair


def _no_colon(line: Line, key: str, edit: Edit) -> Repair:
    start = line.start + line.key_column
    message = f"no `:` after `{key}`"
    return Repair(Problem(ProblemKind.SYNTAX, Span(start, start + len(key)), message, f"write `{key}:`"), (edit,))


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
    for candidate in (line, *reversed(trouble.lines.lines[max(line.number - _FAR, 0) : line.number])):
        match = KEY.match(candidate.text, candidate.key_column)
        rest_start = match.end() if match else candidate.key_column
        rest = candidate.text[rest_start:]
        start = rest_start + len(rest) - len(rest.lstrip(" \t"))
        character = candidate.text[start : start + 1]
        if not character or character not in "\"'":
            continue
        closed = QUOTED.match(candidate.text, start)
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
    help_ = f"close it with `{character}`"
    edits: tuple[Edit, ...] = (Edit(Span(end, end), character),)
    if character == '"' and "\\" in trouble.text[start:end] and "'" not in trouble.text[start:end]:
        help_ = "remove it, or write the value in single quotes, as it holds backslashes"
        edits = (Edit(Span(start, start + 1), "'"), Edit(Span(end, end), "'"))
    return Repair(
        Problem(
            ProblemKind.SYNTAX,
            Span(start, start + 1),
            f"the quote `{character}` that opens here is not closed on its line",
            help_,
        ),
        edits,
        since=start if swallowed else None,
    )
