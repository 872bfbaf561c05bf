"""Repairs of indentation: tabs, lines that line up with nothing, here-strings that leave their block."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from devbox_lint.diagnostics import Edit, Related, Span
from devbox_lint.startup import lazy
from devbox_lint.yaml.document import Problem, ProblemKind
from devbox_lint.yaml.lines import DECLARATION_KEYS, ENTRY_KEYS, KNOWN_KEYS, Line, Lines
from devbox_lint.yaml.repair import Repair, Trouble
from devbox_lint.yaml.slips import SLIDING
from devbox_lint.yaml.unindented import is_head

_BLOCK_HEAD = lazy(r"(?:^|[ \t])[|>][-+0-9]*[ \t]*(?:#.*)?$")
TAB = "\t"


class Level(int):
    """A column at which something stands, and the line it was seen on."""

    line: Line
    dash: bool

    @classmethod
    def of(cls, column: int, line: Line, dash: bool) -> Level:
        level = cls(column)
        level.line = line
        level.dash = dash
        return level


def indentation_repairs(trouble: Trouble) -> Iterator[Repair]:
    """What may be wrong with the indentation around the error, the likeliest first."""
    error = trouble.error
    lines = trouble.lines
    line = lines.at(error.offset)
    if "\t" in line.text[: line.indent]:
        yield from _tabs(lines, line)
        return
    if "document start" in error.problem:
        yield from _indented_start(lines, line)
    if "mapping values are not allowed" in error.problem or "expected <block end>" in error.problem:
        yield from _misaligned(lines, line)


def levels(lines: Lines, number: int) -> list[Level]:
    """The columns of the keys and dashes that are open above a line, the nearest first."""
    found: list[Level] = []
    limit = 1 << 30
    for line in reversed(lines.lines[:number]):
        if line.is_blank or "\t" in line.text[: line.indent] or not (line.dashes or line.key):
            continue
        if line.key_column < limit and line.key:
            found.append(Level.of(line.key_column, line, False))
            limit = line.key_column
        if line.indent < limit and line.dashes:
            found.append(Level.of(line.indent, line, True))
            limit = line.indent
        if limit == 0:
            break
    return found


def _tabs(lines: Lines, line: Line) -> Iterator[Repair]:
    start = line.start
    blanks = line.text[: line.indent]
    first = blanks.index("\t")
    run = len(blanks[first:]) - len(blanks[first:].lstrip("\t"))
    widths = sorted((2, 4, 8), key=lambda width: not _fits(lines, line, len(blanks.replace(TAB, " " * width))))
    if blanks == TAB and (column := _wanted(lines, line)):
        widths.insert(0, column)
    for width in widths:
        yield Repair(
            Problem(
                ProblemKind.TAB,
                Span(start + first, start + first + run),
                "a tab where indentation belongs: YAML allows only spaces there",
                repair=f"write {width} spaces for {'the tab' if blanks.count(TAB) == 1 else 'each tab'}",
                certain=True,
            ),
            (Edit(Span(start, start + line.indent), blanks.replace("\t", " " * width)),),
        )


def _wanted(lines: Lines, line: Line) -> int:
    """The column that a line which starts with one tab most likely belongs in; 0 where the lines around do not say."""
    above = lines.before(line.number)
    if above is None or "\t" in above.text[: above.indent]:
        return 0
    siblings = ENTRY_KEYS | DECLARATION_KEYS
    if line.key in siblings and not line.dashes and (above.value or not above.key):
        # Beside the other keys of its entry or declaration, whatever stands between.
        return next((int(level) for level in levels(lines, line.number) if level.line.key in siblings), 0)
    if not above.key:
        return 0
    if above.value and not line.dashes:
        return above.key_column
    if is_head(line):
        return above.key_column + 2
    below = next((item for item in lines.lines[line.number + 1 :] if not item.is_blank), None)
    if below is None or "\t" in below.text[: below.indent] or above.value:
        return 0
    # The first key of a block: the keys below it stand beside it, or below it.
    column = below.indent - len(line.dashes)
    return column if line.value and column > above.key_column - bool(line.dashes) else 0


def _fits(lines: Lines, line: Line, column: int) -> bool:
    """Whether ``line`` could stand at ``column``: below a key without a value, or beside an open key or dash."""
    above = lines.before(line.number)
    if above is None:
        return column == 0
    if above.key and not above.value:
        return column > above.key_column or (bool(line.dashes) and column == above.key_column)
    return any(column == level and level.dash == bool(line.dashes) for level in levels(lines, line.number))


def _indented_start(lines: Lines, line: Line) -> Iterator[Repair]:
    """The first keys stand to the right of the others."""
    first = next((item for item in lines.lines if not item.is_blank), None)
    if first is None or first.indent <= line.indent or first.number >= line.number:
        return
    by = line.indent - first.indent
    yield Repair(
        _indentation(first, line.indent, line, "the first key"),
        lines.shift(first.number, line.number, by),
    )


def here_strings(text: str) -> Iterator[Repair]:
    """Each PowerShell here-string whose lines leave the text block that it is in."""
    if '@"' not in text and "@'" not in text:
        return
    lines = Lines(text)
    ends = {
        quote: [line.number for line in lines.lines if line.content.startswith(quote[::-1])] for quote in ('@"', "@'")
    }
    # The head of the text block that a line is in, and the column of the block's text.
    block: tuple[Line, int] | None = None
    above: Line | None = None
    end = -1
    for line in lines.lines[:-1]:
        if not line.content or line.number <= end:
            continue
        if above is not None and above.indent < line.indent and _opens_block(above):
            block = (above, line.indent)
        elif above is not None and above.indent == 0:
            block = None
        above = line
        closings = ends.get(line.text.rstrip()[-2:], [])
        closing = bisect_right(closings, line.number)
        if block is None or not line.indent or closing == len(closings):
            continue
        # What is in a here-string opens no other, and no block; what comes after it is still in the block around it.
        end = closings[closing]
        above = None
        head, column = block
        body = [item for item in lines.lines[line.number + 1 : end + 1] if item.content]
        if min(item.indent for item in body) >= column:
            continue
        yield Repair(
            Problem(
                ProblemKind.SYNTAX,
                body[0].span,
                "this PowerShell here-string leaves the text block that it belongs to",
                f"indent all its lines by {column} columns, like the rest of the block: YAML takes them off again",
                related=(Related(head.span, "the text block starts here"),),
            ),
            recovery=lines.shift(line.number + 1, end + 1, column),
        )


def _opens_block(line: Line) -> bool:
    """Whether the line ends with the head of a text block."""
    return _BLOCK_HEAD.search(line.text) is not None and bool(line.key or line.dashes)


def _misaligned(lines: Lines, line: Line) -> Iterator[Repair]:
    """A key or list item that lines up with none of those it could belong to."""
    above = lines.before(line.number)
    if above is None or not (line.key or line.dashes):
        return
    open_levels = levels(lines, line.number)
    if above.key in ("parameters", "inputs") and not above.value and line.key and not line.dashes:
        yield from _below_parameters(lines, line, above)
    yield from _slid_left(lines, line, above)
    wanted = [level for level in open_levels if level.dash == bool(line.dashes) and level != line.indent]
    if line.dashes and not wanted:
        # No list is open: the items may belong under the nearest key.
        wanted = [level for level in open_levels if not level.dash and level != line.indent]
    wanted.sort(key=lambda level: abs(level - line.indent))
    if line.key in SLIDING and not line.dashes:
        # No key of the file, as long as an entry is open that it could be of.
        wanted.sort(key=lambda level: level == 0)
    deeper = above.key is not None and above.value != "" and line.indent > above.key_column and not line.dashes
    if deeper:
        wanted.sort(key=lambda level: level != above.key_column)
    end = lines.block_end(line.number)
    if line.dashes:
        # All items of the list that went astray, not only its first.
        while end < len(lines) and lines[end].indent == line.indent and lines[end].dashes:
            end = lines.block_end(end)
    if not line.dashes and wanted and wanted[0] > line.indent:
        yield from _first_too_far(lines, line, open_levels)
    for level in wanted:
        sibling = level.line
        name = "the list item" if level.dash else f"`{sibling.key}`"
        yield Repair(
            _indentation(line, level, sibling, name),
            lines.shift(line.number, _slid_end(lines, line, end, level - line.indent), level - line.indent),
            # A key below one that has its value can only be that key's sibling.
            rivals=0 if deeper and level == above.key_column else abs(level - line.indent),
        )


def _slid_left(lines: Lines, line: Line, above: Line) -> Iterator[Repair]:
    """A key with its value above the error stands left of its siblings, which stand on both sides of it, or below it
    where the key that they are of has nothing else."""
    if not (above.key and above.value and line.key) or above.dashes or line.dashes or line.indent <= above.indent:
        return
    before = lines.before(above.number)
    while before is not None and before.indent > line.indent:
        before = lines.before(before.number)
    if before is None or not before.key:
        return
    is_owner = not before.value and before.key_column == above.indent
    if before.key_column != line.indent and not is_owner:
        return
    column = int(line.indent)
    yield Repair(
        _indentation(above, column, before if before.key_column == column else line, f"`{line.key}`"),
        lines.shift(above.number, above.number + 1, column - above.indent),
        since=above.start,
    )


def _below_parameters(lines: Lines, line: Line, above: Line) -> Iterator[Repair]:
    """What follows an empty ``parameters`` and is no key of an entry or a file is a parameter."""
    if line.key in KNOWN_KEYS - {"command"} or line.indent > above.key_column:
        return
    column = above.key_column + 2
    yield Repair(
        Problem(
            ProblemKind.INDENTATION,
            Span(line.start, line.start + line.indent) if line.indent else line.span,
            f"`{line.key}` is misaligned: move it right to column {column + 1}, under `{above.key}`",
            repair=f"move it to column {column + 1}",
            certain=True,
            related=(Related(above.span, f"`{above.key}` is empty"),),
        ),
        lines.shift(
            line.number,
            _slid_end(lines, line, lines.block_end(line.number), column - line.indent),
            column - line.indent,
        ),
    )


def _slid_end(lines: Lines, first: Line, end: int, by: int) -> int:
    """The number after the last line that slid along with the line ``first``, which moves by ``by`` columns.

    The block goes down to ``end``; from the first line on that stands where those above it will stand, it is right.
    Below a key that is no item, an item to its left or beside it is another's.
    """
    if is_head(first):
        text = next((line for line in lines.lines[first.number + 1 : end] if line.content), None)
        if text is not None and text.indent <= first.indent:
            return first.number + 1
    slid: set[tuple[int, bool]] = set()
    right: set[tuple[int, bool]] = set()
    for line in lines.lines[first.number : end]:
        if line.is_blank:
            continue
        stands = (line.indent, bool(line.dashes))
        if stands in right - slid and (line.key or line.dashes):
            return line.number
        if line.dashes and not first.dashes and line.indent <= first.indent and line is not first:
            return line.number
        for column in {stands, (line.key_column, False)}:
            slid.add(column)
            right.add((column[0] + by, column[1]))
    return end


def _first_too_far(lines: Lines, line: Line, open_levels: list[Level]) -> Iterator[Repair]:
    """The keys above in the same block stand to the right of more keys that follow."""
    above = min((level for level in open_levels if level > line.indent), default=None)
    owner = max((level for level in open_levels if level < line.indent), default=None)
    if above is None or above.dash or owner is None or owner.dash or owner.line.value:
        return
    first = owner.line.number + 1
    if any(item.content and item.indent < above for item in lines.lines[first : line.number]):
        return
    end = lines.block_end(line.number)
    after = sum(item.indent == line.indent and item.key is not None for item in lines.lines[line.number : end])
    before = sum(item.indent == above and item.key is not None for item in lines.lines[first : line.number])
    if after == before:
        # As the other blocks of the file do it.
        steps = [below.indent - item.key_column for item, below in pairwise(lines.lines) if item.key and not item.value]
        column = owner.line.key_column
        after, before = steps.count(line.indent - column), steps.count(above - column) - 1
    if after <= before:
        return
    odd = next(item for item in lines.lines[first:] if not item.is_blank)
    yield Repair(
        _indentation(odd, line.indent, line, "the first key"),
        lines.shift(first, line.number, line.indent - above),
    )


def _indentation(line: Line, column: int, sibling: Line, name: str) -> Problem:
    what = f"`{line.key}`" if line.key and not line.dashes else "this list item" if line.dashes else "this line"
    if name == "the first key":
        message = f"{what} is indented by {_columns(line.indent)}, but the keys after it by {column}: line them up"
    else:
        message = (
            f"{what} is misaligned: move it"
            f" {'left' if line.indent > column else 'right'} to column {column + 1} like {name} in line"
            f" {sibling.number + 1}"
        )
    return Problem(
        ProblemKind.INDENTATION,
        Span(line.start, line.start + line.indent) if line.indent else line.span,
        message,
        repair=f"move it to column {column + 1}",
        certain=True,
        related=(Related(sibling.span, "aligned with this"),),
    )


def _columns(number: int) -> str:
    return "1 column" if number == 1 else f"{number} columns"
