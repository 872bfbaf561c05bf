"""Slips in lists of entries that YAML reads as something else: a dash or colon without its blank, a dash too few or
too many.

What was meant is plain from the keys, so that each repair moves all lines that belong together. Repairs are found by
lines: of a tree that was read without an error, and around an error.
"""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Related, Span
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.document import Problem, ProblemKind
from devbox_lint.yaml.lines import KEY, Line, Lines
from devbox_lint.yaml.nodes import Mapping, Node, Scalar, Sequence
from devbox_lint.yaml.repair import Repair, Trouble

_LISTS = frozenset(("tasks", "userTasks", "setupTasks"))
_PARAMETERS = frozenset(("parameters", "inputs"))
_GLUED = frozenset(("-name", "-task"))
#: What an entry starts with, and what else it has.
_NAMES = frozenset(("name", "task"))
_ENTRY_KEYS = _NAMES | _PARAMETERS | {"displayName", "description", "timeout", "condition", "runAs"}
#: Those that no file has at its top, but for declarations.
SLIDING = _PARAMETERS | {"displayName", "timeout", "condition"}
_GLUED_DASH = lazy(r"[ ]*(?:-[ ]+)?-(?=(?:name|task)[ ]*:)")
_GLUED_VALUE = lazy(r"(?:name|task):(?=[^\s/\\:])")
_GLUED_COLON = lazy(r"[ ]*(?:-[ ]+)*(?P<key>[$\w][\w.-]*):(?=[^\s/\\:])")


class Entries(NamedTuple):
    """The lines of a list's entries, and the column of its dashes."""

    first: int
    end: int
    column: int


def slips_of(root: Node | None, text: str) -> list[Repair]:
    """The repairs of all slips of a tree that was read from ``text``; spans are in ``text``."""
    if not isinstance(root, Mapping):
        return []
    lines = Lines(text)
    found: list[Repair] = []
    for entry in root.entries:
        value = entry.value
        if entry.name not in _LISTS:
            continue
        if isinstance(value, Mapping) and not value.flow:
            found.extend(_of_mapping(lines, entry.name, value))
        elif isinstance(value, Sequence) and not value.flow:
            for above, item in zip((None, *value.items), value.items, strict=False):
                found.extend(_of_item(lines, value, item))
                found.extend(_parted_entry(lines, above, item))
    return found


def slip_repairs(trouble: Trouble) -> Iterator[Repair]:
    """The repairs of slips around an error."""
    lines = trouble.lines
    line = lines.at(trouble.error.offset)
    context = trouble.error.context_offset
    if "mapping values are not allowed" in trouble.error.problem or "expected <block end>" in trouble.error.problem:
        yield from nested_item(lines, line)
        yield from missing_dash(lines, line)
        yield from slid_out(lines, line)
        yield from doubled_dash(lines, line)
    for place in (line, lines.at(context) if context is not None else None):
        if place is not None and (first := first_glued(lines, place)) is not None:
            yield from glued_dashes(lines, first)


def _of_mapping(lines: Lines, section: str, value: Mapping) -> Iterator[Repair]:
    """A mapping where the entries belong: their dashes are missing, or stuck to the keys."""
    first = lines.at(value.start)
    if not _GLUED.isdisjoint(value.names):
        yield from glued_dashes(lines, first)
        return
    if not set(value.names) <= _ENTRY_KEYS or not _NAMES.intersection(value.names) or value.names[0] not in _ENTRY_KEYS:
        return
    starts = [
        lines.at(entry.key.start)
        for index, entry in enumerate(value.entries)
        if index == 0 or entry.name == value.names[0]
    ]
    numbers = {line.number for line in starts}
    end = lines.at(max(value.end - 1, value.start)).number + 1
    edits = tuple(
        edit
        for line in lines.lines[first.number : end]
        for edit in ([_dash(line)] if line.number in numbers else lines.shift(line.number, line.number + 1, 2))
    )
    message = f"no `-` before `{starts[0].key}`: each entry of `{section}` starts with a dash"
    yield _repair(starts, message, "insert `- `", edits, kind=ProblemKind.SHAPE)


def _dash(line: Line) -> Edit:
    place = line.start + line.indent
    return Edit(Span(place, place), "- ")


def _of_item(lines: Lines, around: Sequence, item: Node) -> Iterator[Repair]:
    if isinstance(item, Sequence) and not item.flow and item.items and isinstance(item.items[0], Mapping | Scalar):
        yield _two_dashes(lines, around, item)
    elif isinstance(item, Scalar):
        yield from _glued_colons(lines, item)
    elif isinstance(item, Mapping) and not item.flow:
        first = item.names[0] if item.names else ""
        glued = [entry.key for entry in item.entries if entry.name in _GLUED]
        if glued and glued[0].start == item.start:
            yield from glued_dashes(lines, lines.at(item.start))
        elif glued:
            yield _inner_dashes(around, [lines.at(key.start) for key in glued])
        elif first in _NAMES and item.names.count(first) > 1 and len(set(item.names)) < len(item.names) - 1:
            yield _joined_entries(lines, around, item)
        for entry in item.entries:
            if entry.name in _PARAMETERS:
                if isinstance(entry.value, Scalar):
                    yield from _glued_colons(lines, entry.value)
                elif isinstance(entry.value, Sequence):
                    yield from _listed_parameters(lines, item.column, entry.name, entry.value)


def _parted_entry(lines: Lines, above: Node | None, item: Node) -> Iterator[Repair]:
    """An entry without a name, whose keys the entry above lacks: the dash before them parts one entry into two."""
    if not isinstance(above, Mapping) or not isinstance(item, Mapping) or above.flow or item.flow or not item.names:
        return
    if _NAMES.isdisjoint(above.names) or not _NAMES.isdisjoint(item.names):
        return
    if not set(item.names) <= _ENTRY_KEYS or not set(item.names).isdisjoint(above.names):
        return
    line = lines.at(item.start)
    # Parameters alone are those of the task above; another key may be all that is written yet of a new entry.
    if _PARAMETERS.isdisjoint(item.names) or line.key_column != above.column or len(line.dashes) != 2:
        return
    dash = line.start + line.indent
    yield _repair(
        [],
        f"one dash too many: `{line.key}` belongs to the entry above, below `{above.names[0]}`",
        "remove the dash",
        (Edit(Span(dash, dash + 1), " "),),
        spans=[Span(dash, dash + 1)],
    )


def _two_dashes(lines: Lines, around: Sequence, item: Sequence) -> Repair:
    """``- - name``: the inner list is taken for the outer."""
    start = lines.at(item.start)
    by = around.column - item.column
    end = lines.at(max(item.end - 1, item.start)).number + 1
    edits = list(lines.shift(start.number + 1, end, by))
    outer = start.start + around.column
    if start.text[around.column : around.column + 1] == "-":
        edits.insert(0, Edit(Span(outer, start.start + item.column), ""))
        span = Span(outer, start.start + item.column + 1)
    else:
        alone = next(line for line in reversed(lines.lines[: start.number]) if line.content == "-")
        edits = [Edit(Span(alone.start, lines[alone.number + 1].start), ""), *lines.shift(start.number, end, by)]
        span = alone.span
    return _one_dash(span, tuple(edits))


def _one_dash(span: Span, edits: tuple[Edit, ...]) -> Repair:
    message = "two dashes make a list inside the list: write one"
    problem = Problem(ProblemKind.SYNTAX, span, message, repair="remove one of the dashes", certain=True)
    return Repair(problem, edits)


def _joined_entries(lines: Lines, around: Sequence, item: Mapping) -> Repair:
    """An entry with two names, parameters and so on: it is two, and the dash of the second is missing."""
    first = item.names[0]
    starts = [lines.at(entry.key.start) for entry in item.entries[1:] if entry.name == first]
    edits = tuple(
        Edit(Span(line.start + around.column, line.start + line.indent), "-".ljust(line.indent - around.column))
        for line in starts
    )
    return _repair(starts, f"no `-` before `{first}`: each entry starts with a dash", "write `-` before it", edits)


def _inner_dashes(around: Sequence, starts: list[Line]) -> Repair:
    """Dashes that are stuck to keys, and stand where the keys of an entry do: its entry ends before them."""
    edits = (
        Edit(Span(line.start + around.column, line.start + line.indent + 1), "-".ljust(line.indent - around.column))
        for line in starts
    )
    return _glued(starts, tuple(edits))


def _glued(starts: list[Line], edits: tuple[Edit, ...]) -> Repair:
    places = [line.start + line.content.rindex("-", 0, line.content.index(":")) + line.indent for line in starts]
    key = starts[0].content.lstrip("- ").partition(":")[0].strip()
    doubled = starts[0].content[1:2] == " "
    return _repair(
        [],
        f"two dashes before `{key}`" if doubled else f"no space after the `-` of `{key}`",
        f"write `- {key}` with one dash" if doubled else f"write `- {key}` with a space",
        edits,
        spans=[Span(place, place + 1) for place in places],
    )


def _glued_colons(lines: Lines, scalar: Scalar) -> Iterator[Repair]:
    """Lines of one value that are `key:value` each."""
    start = lines.at(scalar.start)
    column = scalar.start - start.start
    found = []
    for line in lines.lines[start.number : lines.at(max(scalar.end - 1, scalar.start)).number + 1]:
        if line is start or line.indent == column:
            match = _GLUED_COLON.match(line.text)
            if match is None or match.start("key") != column:
                return
            found.append((line, match))
    if not found or scalar.style:
        return
    yield _colons([(line, match["key"], line.start + match.end()) for line, match in found])


def _colons(found: list[tuple[Line, str, int]]) -> Repair:
    key = found[0][1]
    return _repair(
        [],
        f"no space after the `:` of `{key}`",
        f"write `{key}: ` with a space before the value",
        tuple(Edit(Span(after, after), " ") for _, _, after in found),
        spans=[Span(after - 1, after) for _, _, after in found],
    )


def _listed_parameters(lines: Lines, column: int, section: str, value: Sequence) -> Iterator[Repair]:
    """A list of single keys where a mapping belongs; ``column`` is where the key of the section stands."""
    if value.flow:
        return
    keys: list[str] = []
    for item in value.items:
        if not isinstance(item, Mapping) or item.flow or len(item.entries) != 1 or item.names[:1] in (["name"], []):
            return
        keys.append(item.names[0])
    if len(set(keys)) < len(keys):
        return
    starts = [lines.at(item.start) for item in value.items]
    if any(line.indent != value.column or len(line.dashes) < 2 for line in starts):
        return
    edits: list[Edit] = []
    for line, item in zip(starts, value.items, strict=True):
        dash = line.start + line.indent
        if value.column <= column:
            # The keys stay below their section: blanks take the place of the dash.
            edits.append(Edit(Span(dash, dash + len(line.dashes)), " " * len(line.dashes)))
            continue
        edits.append(Edit(Span(dash, dash + len(line.dashes)), ""))
        end = lines.at(max(item.end - 1, item.start)).number + 1
        edits.extend(lines.shift(line.number + 1, end, -len(line.dashes)))
    yield _repair(
        starts,
        f"`{section}` takes keys, not a list: write `{keys[0]}` without the dash",
        "remove the dashes" if len(keys) > 1 else "remove the dash",
        tuple(edits),
        kind=ProblemKind.SHAPE,
    )


def first_glued(lines: Lines, line: Line) -> Line | None:
    """The first entry of the list around ``line`` whose dash has no space after it; None if there is no such entry."""
    first: Line | None = None
    column = line.indent + 1
    for above in reversed(lines.lines[: line.number + 1]):
        if not above.content:
            continue
        if _GLUED_DASH.match(above.text):
            column = above.indent
            first = above
        elif above.indent < column and (first is not None or not above.indent):
            break
    return first


def glued_dashes(lines: Lines, start: Line) -> Iterator[Repair]:
    """Dashes that are stuck to the first keys of entries from ``start`` on; the lines of an entry move along."""
    column = start.indent
    found: list[Line] = []
    edits: list[Edit] = []
    number = start.number
    while number < len(lines):
        line = lines[number]
        if line.content and line.indent < column:
            break
        match = _GLUED_DASH.match(line.text) if line.indent == column else None
        number += 1
        if match is None:
            if line.content and line.indent == column and not line.dashes and not line.is_blank:
                break
            continue
        found.append(line)
        dash = line.start + match.end() - 1
        # `- -name` has a dash too many, `-name` a blank too few.
        doubled = line.text[:column].strip() or line.content[1:2] == " "
        edits.append(Edit(Span(dash, dash + 1), "") if doubled else Edit(Span(dash + 1, dash + 1), " "))
        value = _GLUED_VALUE.match(line.text, match.end())
        if value is not None:
            edits.append(Edit(Span(line.start + value.end(), line.start + value.end()), " "))
        key_column = column + 2
        end = _entry_end(lines, line)
        rest = next((item for item in lines.lines[number:end] if not item.is_blank), None)
        if rest is not None and rest.indent != key_column:
            edits.extend(lines.shift(number, end, key_column - rest.indent))
        number = end
    if found:
        yield _glued(found, tuple(edits))


def _entry_end(lines: Lines, start: Line) -> int:
    """The number after the last line of the entry whose stuck dash is on ``start``; its keys may stand at the dash."""
    end = start.number + 1
    for line in lines.lines[start.number + 1 :]:
        if not line.content:
            continue
        if line.indent < start.indent or (line.indent == start.indent and not _is_own_key(line, start)):
            break
        end = line.number + 1
    return end


def _is_own_key(line: Line, start: Line) -> bool:
    return line.key in _ENTRY_KEYS - _NAMES and not line.dashes and (start.indent > 0 or line.key in _PARAMETERS)


def missing_dash(lines: Lines, line: Line) -> Iterator[Repair]:
    """The first key of an entry stands where the dashes of the list above stand."""
    if line.dashes or line.key not in _NAMES or not line.indent:
        return
    end = line.number
    starts = []
    edits: list[Edit] = []
    while end < len(lines):
        item = lines[end]
        if item.content and (item.indent < line.indent or (item.indent == line.indent and item.dashes)):
            break
        if item.indent == line.indent and item.key == line.key:
            starts.append(item)
            edits.append(_dash(item))
        else:
            edits.extend(lines.shift(end, end + 1, 2))
        end += 1
    yield _repair(starts, f"no `-` before `{line.key}`: each entry starts with a dash", "insert `- `", tuple(edits))


def slid_out(lines: Lines, line: Line) -> Iterator[Repair]:
    """Keys of an entry that stand in the first column, below them the next entry of its list."""
    if not line.dashes:
        return
    first: Line | None = None
    for above in reversed(lines.lines[: line.number]):
        if above.is_blank:
            continue
        if above.dashes and above.indent == line.indent:
            break
        if not above.indent:
            if above.dashes or above.key not in SLIDING:
                return
            first = above
    else:
        return
    if first is None:
        return
    column = above.key_column
    key = KEY.match(first.text)
    yield Repair(
        Problem(
            ProblemKind.INDENTATION,
            Span(first.start + key.start("name"), first.start + key.end("name")) if key else first.span,
            f"`{first.key}` is at the top of the file but belongs to the task above: move it to column {column + 1}",
            repair=f"move it to column {column + 1}",
            certain=True,
            related=(Related(above.span, "the task that it belongs to"),),
        ),
        lines.shift(first.number, line.number, column),
    )


def doubled_dash(lines: Lines, line: Line) -> Iterator[Repair]:
    """``- - name`` above keys that stand where those of an entry with one dash do."""
    above = next((item for item in reversed(lines.lines[: line.number]) if item.indent < line.indent), None)
    if above is None or above.key not in _NAMES or line.indent != above.indent + 2 or line.dashes:
        return
    if above.dashes.replace(" ", "") == "--" and above.text[line.indent] == "-":
        start = above.start + above.indent
        yield _one_dash(
            Span(start, above.start + line.indent + 1),
            (Edit(Span(start, above.start + line.indent), ""), *lines.shift(above.number + 1, line.number, -2)),
        )


def nested_item(lines: Lines, line: Line) -> Iterator[Repair]:
    """A list below the ``name`` of an entry, whose keys are the entry's own or its parameters."""
    above = lines.before(line.number)
    if above is None or above.key not in _NAMES or not above.dashes or not above.value or not line.dashes:
        return
    column = above.key_column
    if line.indent < column:
        return
    items = []
    end = line.number
    while end < len(lines):
        item = lines[end]
        if item.content:
            if item.indent < line.indent or (item.indent == line.indent and not item.dashes and not item.is_blank):
                break
            if item.indent == line.indent and item.dashes:
                items.append(item)
        end += 1
    follower = lines[end] if end < len(lines) else None
    while end and not lines[end - 1].content:
        end -= 1
    keys = [item.key for item in items]
    if None in keys or len(set(keys)) < len(keys) or any(len(item.dashes) != 2 for item in items):
        return
    own = set(keys) <= _ENTRY_KEYS
    if _NAMES.intersection(keys) or (not own and not _ENTRY_KEYS.isdisjoint(keys)):
        return
    if not own and follower is not None and follower.indent == column and follower.key in _PARAMETERS:
        return
    target = column if own else column + 2
    edits: list[Edit] = []
    if not own:
        line_break = lines.text[above.end : lines[above.number + 1].start]
        edits.append(Edit(Span(line.start, line.start), " " * column + "parameters:" + line_break))
    for item in lines.lines[line.number : end]:
        if item in items:
            edits.append(Edit(Span(item.start, item.start + item.key_column), " " * target))
        else:
            edits.extend(lines.shift(item.number, item.number + 1, target - line.key_column))
    key = items[0].key
    where = f"beside `{above.key}`" if own else "under `parameters`"
    yield _repair(
        [],
        f"a list below `{above.key}`: `{key}` belongs {where}, without a dash",
        f"move `{key}` {where}" if len(items) == 1 else f"move the keys {where}",
        tuple(edits),
        spans=[Span(item.start + item.indent, item.start + item.key_column + len(str(item.key))) for item in items],
    )


def _repair(
    starts: list[Line],
    message: str,
    repair: str,
    edits: tuple[Edit, ...],
    spans: list[Span] | None = None,
    kind: ProblemKind = ProblemKind.SYNTAX,
) -> Repair:
    """One problem at the first of several places; the others are related to it."""
    if spans is None:
        spans = []
        for line in starts:
            match = KEY.match(line.text, line.key_column)
            spans.append(Span(line.start + line.key_column, line.start + match.end("name")) if match else line.span)
    others = len(spans) - 1
    if others:
        message += f" ({others} more below)"
    return Repair(
        Problem(
            kind,
            spans[0],
            message,
            repair=repair,
            certain=True,
            related=tuple(Related(span, "here too") for span in spans[1:]),
        ),
        edits,
    )
