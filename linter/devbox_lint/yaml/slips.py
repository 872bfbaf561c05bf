"""Slips in lists of entries that YAML reads as something else: a dash or colon without its blank, a dash too few or
too many.

What was meant is plain from the keys, so that each repair moves all lines that belong together. Repairs are found by
lines: of a tree that was read without an error, and around an error.
"""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Related, Span
from devbox_lint.startup import lazy
from devbox_lint.yaml.dashes import (
    dash_before,
    dash_lost,
    dash_too_far,
    doubled_dash,
    first_dash_lost,
    first_glued,
    glued_dashes,
    inner_dashes,
    missing_dash,
    one_dash,
)
from devbox_lint.yaml.document import Problem, ProblemKind
from devbox_lint.yaml.lines import ENTRY_KEYS, KEY, KNOWN_KEYS, NAMES, PARAMETERS, Line, Lines
from devbox_lint.yaml.nodes import COLONS, Mapping, Node, Scalar, Sequence, is_marked, task_lists
from devbox_lint.yaml.repair import Repair, Trouble, repair_of, wrong_colon
from devbox_lint.yaml.repair_values import QUOTED, marked_value, quotes, without_comment

_GLUED = frozenset(("-name", "-task"))
#: Those that no file has at its top, but for declarations.
SLIDING = PARAMETERS | {"displayName", "timeout", "condition"}
_GLUED_COLON = lazy(r"[ ]*(?:-[ ]+)*(?P<key>[$\w][\w.-]*)(?P<colon>:(?=[^\s/\\:])|[ ]*(?:=|;|:=|=>)[ ]*(?=[^\s=]))")


def slips_of(root: Node | None, text: str) -> list[Repair]:
    """The repairs of all slips of a tree that was read from ``text``; spans are in ``text``."""
    if not isinstance(root, Mapping):
        return []
    lines = Lines(text)
    found: list[Repair] = [] if root.flow else list(_swallowed(lines, root))
    for entry in task_lists(root):
        value = entry.value
        if isinstance(value, Mapping) and not value.flow:
            found.extend(_of_mapping(lines, entry.name or "", value))
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
        yield from dash_lost(lines, line)
        yield from first_dash_lost(lines, line)
        yield from missing_dash(lines, line)
        yield from dash_too_far(lines, line)
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
    if not set(value.names) <= ENTRY_KEYS or not NAMES.intersection(value.names) or value.names[0] not in ENTRY_KEYS:
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
        for edit in ([dash_before(line)] if line.number in numbers else lines.shift(line.number, line.number + 1, 2))
    )
    message = f"no `-` before `{starts[0].key}`: each entry of `{section}` starts with a dash"
    yield repair_of(starts, message, "insert `- `", edits, kind=ProblemKind.SHAPE)


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
            yield inner_dashes(around, [lines.at(key.start) for key in glued])
        elif first in NAMES and item.names.count(first) > 1 and len(set(item.names)) < len(item.names) - 1:
            yield _joined_entries(lines, around, item)
        yield from _swallowed(lines, item)
        for entry in item.entries:
            if entry.name in PARAMETERS:
                if isinstance(entry.value, Mapping) and not entry.value.flow:
                    yield from _swallowed(lines, entry.value)
                if isinstance(entry.value, Scalar):
                    yield from _glued_colons(lines, entry.value)
                elif isinstance(entry.value, Sequence):
                    yield from _listed_parameters(lines, item.column, entry.name, entry.value)


def _parted_entry(lines: Lines, above: Node | None, item: Node) -> Iterator[Repair]:
    """An entry without a name, whose keys the entry above lacks: the dash before them parts one entry into two."""
    if not isinstance(above, Mapping) or not isinstance(item, Mapping) or above.flow or item.flow or not item.names:
        return
    if NAMES.isdisjoint(above.names) or not NAMES.isdisjoint(item.names):
        return
    if not set(item.names) <= ENTRY_KEYS or not set(item.names).isdisjoint(above.names):
        return
    line = lines.at(item.start)
    # Parameters alone are those of the task above; another key may be all that is written yet of a new entry.
    if PARAMETERS.isdisjoint(item.names) or line.key_column != above.column or len(line.dashes) != 2:
        return
    dash = line.start + line.indent
    yield repair_of(
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
    return one_dash(span, tuple(edits))


def _joined_entries(lines: Lines, around: Sequence, item: Mapping) -> Repair:
    """An entry with two names, parameters and so on: it is two, and the dash of the second is missing."""
    first = item.names[0]
    starts = [lines.at(entry.key.start) for entry in item.entries[1:] if entry.name == first]
    edits = tuple(
        Edit(Span(line.start + around.column, line.start + line.indent), "-".ljust(line.indent - around.column))
        for line in starts
    )
    return repair_of(starts, f"no `-` before `{first}`: each entry starts with a dash", "write `-` before it", edits)


def _swallowed(lines: Lines, around: Mapping) -> Iterator[Repair]:
    """What YAML takes for marks of its own: in keys and at the beginning of values."""
    yield from _swallowed_colons(lines, around)
    for entry in around.entries:
        if is_marked(entry.value):
            line = lines.at(entry.key.start)
            match = KEY.match(line.text, entry.key.start - line.start)
            if match is not None and entry.value.end <= line.end:
                yield from marked_value(line, match.end())


def _swallowed_colons(lines: Lines, around: Mapping) -> Iterator[Repair]:
    """Keys that go on to a colon in what was to be their value: `description:"what: that"`, `name = "what: that"`."""
    for entry in around.entries:
        name = entry.name
        if name is None or COLONS.isdisjoint(name) or not isinstance(entry.key, Scalar) or entry.key.style:
            continue
        line = lines.at(entry.key.start)
        match = _GLUED_COLON.match(line.text)
        if match is None or line.start + match.start("key") != entry.key.start:
            continue
        start, mark = match.end("colon"), match["colon"].strip()
        value = without_comment(line.text[start:])
        is_quoted = QUOTED.fullmatch(value) is not None
        if not is_quoted and (match["key"] not in KNOWN_KEYS or value[0] in "\"'[{|>&*"):
            continue
        span = Span(line.start + match.start("colon"), line.start + start)
        yield repair_of(
            [],
            _wrong_mark(match["key"], mark),
            f"write `{match['key']}: ` with a space before the value" + ("" if is_quoted else ", and that in quotes"),
            (Edit(span, ": "), *(() if is_quoted else quotes(value, line.start + start))),
            spans=[span],
        )


def _wrong_mark(key: str, mark: str) -> str:
    return f"no space after the `:` of `{key}`" if mark == ":" else wrong_colon(key, mark)


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
    key, mark = found[0][1]["key"], found[0][1]["colon"].strip()
    spans = [Span(line.start + match.start("colon"), line.start + match.end("colon")) for line, match in found]
    yield repair_of(
        [],
        _wrong_mark(key, mark),
        f"write `{key}: ` with a space before the value",
        tuple(Edit(span, ": ") for span in spans),
        spans=spans,
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
    yield repair_of(
        starts,
        f"`{section}` takes keys, not a list: write `{keys[0]}` without the dash",
        "remove the dashes" if len(keys) > 1 else "remove the dash",
        tuple(edits),
        kind=ProblemKind.SHAPE,
    )


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


def nested_item(lines: Lines, line: Line) -> Iterator[Repair]:
    """A list below the ``name`` of an entry, whose keys are the entry's own or its parameters."""
    above = lines.before(line.number)
    if above is None or above.key not in NAMES or not above.dashes or not above.value or not line.dashes:
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
    own = set(keys) <= ENTRY_KEYS
    if NAMES.intersection(keys) or (not own and not ENTRY_KEYS.isdisjoint(keys)):
        return
    if not own and follower is not None and follower.indent == column and follower.key in PARAMETERS:
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
    yield repair_of(
        [],
        f"a list below `{above.key}`: `{key}` belongs {where}, without a dash",
        f"move `{key}` {where}" if len(items) == 1 else f"move the keys {where}",
        tuple(edits),
        spans=[Span(item.start + item.indent, item.start + item.key_column + len(str(item.key))) for item in items],
    )
