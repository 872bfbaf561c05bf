"""Dashes of lists of tasks that are lost, doubled, stuck to their key, or too far to the right."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Related, Span
from devbox_lint.startup import lazy
from devbox_lint.yaml.document import Problem, ProblemKind
from devbox_lint.yaml.lines import ENTRY_KEYS, NAMES, PARAMETERS, Line, Lines
from devbox_lint.yaml.nodes import TASK_LISTS, Sequence
from devbox_lint.yaml.repair import Repair, repair_of

_SECTIONS = TASK_LISTS | {"examples"}
_GLUED_DASH = lazy(r"[ ]*(?:-[ ]+)?-(?=(?:name|task)[ ]*:)")
_GLUED_VALUE = lazy(r"(?:name|task):(?=[^\s/\\:])")


def inner_dashes(around: Sequence, starts: list[Line]) -> Repair:
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
    return repair_of(
        [],
        f"two dashes before `{key}`" if doubled else f"no space after the `-` of `{key}`",
        f"write `- {key}` with one dash" if doubled else f"write `- {key}` with a space",
        edits,
        spans=[Span(place, place + 1) for place in places],
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
    return line.key in ENTRY_KEYS - NAMES and not line.dashes and (start.indent > 0 or line.key in PARAMETERS)


def missing_dash(lines: Lines, line: Line) -> Iterator[Repair]:
    """The first key of an entry stands where the dashes of the list above stand."""
    if line.dashes or line.key not in NAMES or not line.indent:
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
            edits.append(dash_before(item))
        else:
            edits.extend(lines.shift(end, end + 1, 2))
        end += 1
    yield repair_of(starts, f"no `-` before `{line.key}`: each entry starts with a dash", "insert `- `", tuple(edits))


def dash_lost(lines: Lines, line: Line) -> Iterator[Repair]:
    """The dash of an entry is lost, and its other keys stand where they would below one."""
    above = lines.before(line.number)
    if above is None or above.dashes or above.key not in ENTRY_KEYS or not above.value:
        return
    if line.dashes or line.key not in ENTRY_KEYS or line.indent <= above.indent:
        return
    owner = next((item for item in reversed(lines.lines[: above.number]) if _parts_entries(item, above)), None)
    if owner is None or (not owner.dashes and (owner.key not in _SECTIONS or owner.value)):
        return
    width = line.indent - above.indent
    place = above.start + above.indent
    edit = Edit(Span(place, place), "-".ljust(width))
    yield repair_of([above], f"no `-` before `{above.key}`: each entry starts with a dash", "insert `- `", (edit,))


def first_dash_lost(lines: Lines, line: Line) -> Iterator[Repair]:
    """The first entry of a list has no dash, and the entries below it have theirs."""
    if len(line.dashes) != 2 or line.key not in ENTRY_KEYS:
        return
    number = next((item.number for item in reversed(lines.lines[: line.number]) if item.key in _SECTIONS), None)
    first = None if number is None else next(item for item in lines.lines[number + 1 :] if not item.is_blank)
    if first is None or first.dashes or first.key not in ENTRY_KEYS or first.indent != line.key_column:
        return
    if any(not item.is_blank and item.indent < first.indent for item in lines.lines[first.number : line.number]):
        return
    edit = Edit(Span(first.start + line.indent, first.start + first.indent), "-".ljust(first.indent - line.indent))
    yield repair_of([first], f"no `-` before `{first.key}`: each entry starts with a dash", "write `- `", (edit,))


def _parts_entries(item: Line, line: Line) -> bool:
    """Whether ``item``, above ``line``, is the dash of the entry before it or the key of their list."""
    return not item.is_blank and (item.indent < line.indent or (bool(item.dashes) and item.indent == line.indent))


def dash_too_far(lines: Lines, line: Line) -> Iterator[Repair]:
    """The dash of an entry stands to the right of where the entry's other keys show that it belongs."""
    above = lines.before(line.number)
    if above is None or len(above.dashes) != 2 or above.key not in NAMES or not above.value:
        return
    if line.dashes or line.key not in ENTRY_KEYS or not above.key_column > line.indent >= 2:
        return
    column = line.indent - 2
    owner = next((item for item in reversed(lines.lines[: above.number]) if not item.is_blank), None)
    while owner is not None and owner.indent > column:
        owner = lines.before(owner.number)
    # One column may be a slip of the keys as well as of the dash, where no other dash of the list shows it.
    if above.key_column - line.indent < 2 and not any(item.dashes and item.indent == column for item in lines.lines):
        return
    if owner is None or not (owner.key in _SECTIONS if owner.indent < column else owner.dashes or not owner.value):
        return
    yield Repair(
        Problem(
            ProblemKind.INDENTATION,
            Span(above.start, above.start + above.indent),
            f"this list item is misaligned: move it left to column {column + 1}, as its other keys stand below it",
            repair=f"move it to column {column + 1}",
            certain=True,
            related=(Related(line.span, "a key of the same entry"),),
        ),
        lines.shift(above.number, above.number + 1, column - above.indent),
    )


def doubled_dash(lines: Lines, line: Line) -> Iterator[Repair]:
    """``- - name`` above keys that stand where those of an entry with one dash do."""
    above = next((item for item in reversed(lines.lines[: line.number]) if item.indent < line.indent), None)
    if above is None or above.key not in NAMES or line.indent != above.indent + 2 or line.dashes:
        return
    if above.dashes.replace(" ", "") == "--" and above.text[line.indent] == "-":
        start = above.start + above.indent
        yield one_dash(
            Span(start, above.start + line.indent + 1),
            (Edit(Span(start, above.start + line.indent), ""), *lines.shift(above.number + 1, line.number, -2)),
        )


def one_dash(span: Span, edits: tuple[Edit, ...]) -> Repair:
    message = "two dashes make a list inside the list: write one"
    problem = Problem(ProblemKind.SYNTAX, span, message, repair="remove one of the dashes", certain=True)
    return Repair(problem, edits)


def dash_before(line: Line) -> Edit:
    place = line.start + line.indent
    return Edit(Span(place, place), "- ")
