"""Text blocks whose text, or the end of it, is not indented below their key: YAML makes many errors of each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice, takewhile

from devbox_lint.diagnostics import Edit, Related, Span
from devbox_lint.startup import lazy
from devbox_lint.yaml.document import Problem, ProblemKind
from devbox_lint.yaml.lines import DECLARATION_KEYS, KEY, KNOWN_KEYS, Line, Lines
from devbox_lint.yaml.repair import Repair, Trouble

_HEAD = lazy(r"(?:[|>][-+1-9]{0,2}|\^)(?:[ \t]+#.*)?")
_FIRST_WORD = lazy(r"(?:-[ \t]*)*[\"']?(?P<word>[$\w]+)[\"']?[ \t]*(?P<colon>:(?=[ \t]|$))?")
#: A key whose colon is glued to its value, or is another mark.
_NEARLY_KEY = lazy(r"(?P<word>\w+)(?::(?=[^\s:/\\])|[ ]*(?:[=;]|:=|=>)[ ]*(?=[^\s=]))")
_LONE_WORD = lazy(r"\w[\w.-]*[ ]*:?")
_HERE_STRING = lazy(r"@[\"'][ \t]*$")
#: Parameters of tasks that take a script: with a mark for the colon they look like an assignment of another language.
_BESIDE = KNOWN_KEYS | {"runAsUser", "workingDirectory", "scriptArgs", "scriptExecutionPolicy", "package"}
#: Keys of lists: a line that starts an item with one of them is no text, with or without its blank.
_FIRST_KEYS = frozenset(("name", "task", "displayName", "description"))
#: How many heads of text blocks above an error are tried, and how many lines above a key are read for their steps.
_HEADS = 4
_NEAR = 50


def left_blocks(trouble: Trouble) -> Iterator[Repair]:
    """The text block above the error whose text goes on there, with a repair that indents what has left it."""
    if "more indented follow up" in trouble.error.problem:
        return  # which only the pure parser minds
    lines = trouble.lines
    error = lines.at(trouble.error.offset)
    if trouble.error.context_offset is not None and "could not find expected ':'" in trouble.error.problem:
        error = lines.at(trouble.error.context_offset)
    heads = (line for line in reversed(lines.lines[: error.number]) if line.content and is_head(line))
    # Of heads whose text reaches here the first: the others may be text themselves.
    for head in reversed(list(islice(heads, _HEADS))):
        yield from _repair(lines, head, error)


def is_head(line: Line) -> bool:
    """Whether the line opens a text block as the value of its key."""
    return any(mark in line.text for mark in "|>^") and _HEAD.fullmatch(line.value) is not None


def _repair(lines: Lines, head: Line, error: Line) -> Iterator[Repair]:
    first, end, column = _body(lines, head)
    sign: tuple[Edit, ...] = ()
    if head.value[0] == "^":
        place = head.start + head.text.index("^", head.key_column)
        sign = (Edit(Span(place, place + 1), "|"),)
        if error.number < lines.value_end(head.number):
            span = Span(place, place + 1)
            message = "`^` opens no text block: write `|`, which keeps the lines"
            yield Repair(Problem(ProblemKind.SYNTAX, span, message, repair="write `|`", certain=True), sign)
            return
    if not first <= error.number < end:
        return
    content = [line for line in lines.lines[first:end] if line.content]
    if any("\t" in line.text[: line.indent] for line in content):
        return
    edits: tuple[Edit, ...]
    if column:
        left = [line for line in content if line.indent < column]
        by = column - min(line.indent for line in left)
        edits = tuple(edit for line in left for edit in lines.shift(line.number, line.number + 1, by))
        what = "this line leaves" if len(left) == 1 else f"{len(left)} lines from here on leave"
        message = (
            f"{what} the text block of `{head.key}`: indent {'it' if len(left) == 1 else 'them'} by {_columns(by)}"
        )
        repair = f"indent by {_columns(by)}"
    else:
        by = head.key_column + _step(lines, head) - content[0].indent
        edits = tuple(_below(content, by))
        message = f"the text of `{head.key}` is not indented below its key: indent it by {_columns(by)}"
        repair = f"indent the text by {_columns(by)}"
    if sign:
        message += ", and write `|` for `^`"
        repair += ", and write `|`"
    related = (Related(head.span, "the text block starts here"),)
    problem = Problem(ProblemKind.BLOCK, content[0].span, message, repair=repair, certain=True, related=related)
    # The pure parser minds blanks on empty lines before the text.
    above = (line for line in takewhile(lambda line: not line.content, lines.lines[head.number + 1 :]) if line.text)
    edits = (*sign, *edits)
    yield Repair(problem, edits, (*(Edit(Span(line.start, line.end), "") for line in above), *edits))


def _below(content: list[Line], by: int) -> Iterator[Edit]:
    """Edits that indent the lines of a text by ``by`` columns, those left of its first line by more.

    YAML takes the indentation of the first line for that of the text. The end of a here-string goes to that column,
    and what is in the here-string keeps its distance from the end.
    """
    column = content[0].indent
    ends: dict[str, list[Line]] = {"'@": [], '"@': []}
    for line in content:
        if line.content[:2] in ends:
            ends[line.content[:2]].append(line)
    closing: Line | None = None
    for line in content:
        origin = column if closing is None else closing.indent
        if closing is line:
            closing = None
        elif closing is None and _HERE_STRING.search(line.text):
            found = ends[line.text.rstrip()[-1] + "@"]
            at = bisect_right(found, line.number, key=lambda end: end.number)
            closing = found[at] if at < len(found) else None
        width = column + by + max(line.indent - origin, 0)
        yield Edit(Span(line.start, line.start), " " * (width - line.indent))


def _body(lines: Lines, head: Line) -> tuple[int, int, int]:
    """The lines of the text that was meant for ``head`` from the first that has left it, and the column to go to.

    The column is 0 where no line is in its place.
    """
    number = head.number + 1
    first = end = column = 0
    closing = ""
    while number < len(lines):
        line = lines[number]
        number += 1
        if not line.content:
            continue
        if closing:
            if line.content.startswith(closing):
                closing = ""
        elif line.is_blank and line.indent <= head.key_column:
            continue
        elif _has_ended(line, head) or _is_declared(lines, line, head):
            number -= 1
            break
        elif _HERE_STRING.search(line.text):
            closing = line.text.rstrip()[-1] + "@"
        if not end and line.indent > head.key_column:
            column = column or line.indent
        if line.indent < column or not column:
            if column and line.indent <= head.key_column and KEY.match(line.text, line.indent):
                # A key that nobody knows here, below a text that is in its place.
                number -= 1
                break
            first = first if end else line.number
            end = number
        elif end:
            end = number
    if not end:
        return 0, 0, 0
    if not column:
        first = next(line.number for line in lines.lines[head.number + 1 :] if line.content)
    # A comment that lines up with the text belongs to it, one that lines up with what follows does not.
    follower = lines[number].indent if number < len(lines) else -1
    for line in lines.lines[end:number]:
        if line.content and line.indent > follower:
            end = line.number + 1
    return first, end, column


def _has_ended(line: Line, head: Line) -> bool:
    """Whether ``line`` is not text of the block that ``head`` opens."""
    if line.indent > head.key_column:
        return False
    if line.indent == 0 and line.content in ("---", "..."):
        return True
    match = _FIRST_WORD.match(line.content)
    if match is None:
        return False
    word = match["word"]
    if line.content[0] == "-":
        return word in _FIRST_KEYS and match["colon"] is not None
    if match["colon"] is None:
        nearly = _NEARLY_KEY.match(line.content) is not None
        if nearly and line.indent == head.key_column and head.key in ("command", "script"):
            return word in _BESIDE
        return word in KNOWN_KEYS and (nearly or match.end() == len(line.content))
    # Beside the key itself stand other parameters of its task, whose names nobody knows here.
    return word in KNOWN_KEYS or (
        line.indent == head.key_column and head.key in ("command", "script") and word[0].islower()
    )


def _is_declared(lines: Lines, line: Line, head: Line) -> bool:
    """Whether ``line`` starts the declaration below the one whose description ``head`` opens, with or without colon."""
    if head.key not in DECLARATION_KEYS or line.indent >= head.key_column or _LONE_WORD.fullmatch(line.content) is None:
        return False
    below = next((item for item in lines.lines[line.number + 1 :] if not item.is_blank), None)
    return below is not None and below.indent > line.indent and below.key in DECLARATION_KEYS


def _step(lines: Lines, head: Line) -> int:
    """By how much the file indents what is below a key, as far as the lines above tell."""
    for line in reversed(lines.lines[max(head.number - _NEAR, 0) : head.number]):
        if line.key and line.key_column < head.key_column:
            step = head.key_column - line.key_column
            return step if step in (2, 4) else 2
    return 2


def _columns(number: int) -> str:
    return "1 column" if number == 1 else f"{number} columns"
