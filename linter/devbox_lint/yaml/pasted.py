"""Marks of other places that were pasted into a file along with its text: Markdown, chats, diffs, JSON, C#."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Related, Span
from devbox_lint.startup import lazy
from devbox_lint.yaml.document import Problem, ProblemKind
from devbox_lint.yaml.lines import KEY, Line, Lines
from devbox_lint.yaml.repair import Repair
from devbox_lint.yaml.unindented import is_head

_FENCE = lazy(r"[ ]{0,3}(?:```+|~~~+)[\w .+-]{0,30}[ \t]*")
# What a chat shows above a block of code, and copies along.
_CHAT = lazy(r"(?:yaml|yml|copy code|copy|edit)", re.IGNORECASE)
_PREFIXES = (
    (lazy(r"\+"), "`+`, as in a diff"),
    (lazy(r">[ ]?"), "`>`, as in an answer to a message"),
    (lazy(r"[│┃][ ]?"), "`│`, as in a drawing"),
    (lazy(r"[ ]*(?P<number>\d+)(?:[ ]?[:|│.)\]→][ ]?|[ \t]|$)"), "its number"),
)
_BOLD = lazy(r"(\*{1,3})([^*\s]+)(\1)")
_LINK = lazy(
    r"[ \t]*(?:-[ ]+)*[$\w]+[ ]*:[ ]+(?P<whole>\[[^\[\]]*\]\((?P<value>[a-z]+://[^\s()]+)\))[ \t]*", re.IGNORECASE
)
_BOLD_LINE = lazy(
    r"[ \t]*(?:-[ ]+)*[$\w]+[ ]*:[ ]+"
    r"(?P<whole>(?P<mark>\*{1,3})(?P<value>[^\s*'\"#:]+(?:[ ][^\s*'\"#:]+)*)(?P=mark))[ \t]*"
)
_COMMA = lazy(
    r"[ \t]*(?:-[ ]+)*(?P<quote>[\"']?)[$\w]+(?P=quote)[ ]*:[ ]*"
    r"(?:\"(?:[^\"\\]|\\.)*+\"|'(?:[^']|'')*+'|[^\s\"'{}\[\],#]++(?:,[^\s\"'{}\[\],#]++)*+|[}\]])(?P<comma>,)[ \t]*"
)
_STRING = lazy(r"(?:\$@?|@\$?)\"(?P<text>[^\"]*)\"[ \t]*,?")
_TRIPLE = ('"""', "'''")
#: What Markdown writes a backslash before, so that it means nothing else.
MARKDOWN_ESCAPE = lazy(r"\\(?=[-_*#\[\]().!~>+{}|:])")
#: Of these values a backslash may be a part.
_WITH_BACKSLASHES = frozenset(("command", "script", "scriptArgs", "validationRegex"))
# What stands for the dash of an entry, and for the blanks before it, on pages and in documents.
_BULLET = lazy(r"[ ]*(?P<mark>\\-|[•·●▪◦*–—−])(?P<blanks>[ \xa0]+)(?=(?:name|task)[ ]*:)")
_NO_BREAK_SPACES = lazy(r"[ ]*\xa0[ \xa0]*(?=[-$\w])")
#: What is said of the marks that a file may have many of; the rule tells each once, with all its places.
ESCAPES = "remove the backslashes"
COMMAS = "remove the commas"
QUOTES = "remove the quotes"
STRINGS = "write it in single quotes"


def pasted(text: str) -> Iterator[Repair]:
    """What stands around the lines of a whole file, or before each of them."""
    lines = Lines(text)
    content = [line for line in lines.lines if line.content]
    if not content:
        return
    edges = _edges(lines, content)
    if edges is not None:
        yield edges
        return
    yield from _at_line_starts(lines)
    yield from _triple_quotes(lines)
    columns = {line.text[0] for line in content}
    if "+" in columns and len(columns) > 1 and columns <= set("+- "):
        yield _diff(lines, content)
        return
    for pattern, words in _PREFIXES:
        matches = [pattern.match(line.text) for line in content]
        if (
            len(content) > 2
            and all(matches)
            and _counts([match["number"] for match in matches if match and "number" in pattern.groupindex])
        ):
            spans = [
                Span(line.start, line.start + match.end())
                for line, match in zip(content, matches, strict=True)
                if match
            ]
            yield _repair(
                spans[0],
                f"each line starts with {words}: remove it from all of them",
                "remove it from all lines",
                spans,
            )
            return


def _at_line_starts(lines: Lines) -> Iterator[Repair]:
    """Bullets for dashes, and no-break spaces for spaces."""
    text = lines.text
    for pattern, message, repair in (
        (_BULLET, "a bullet for the `-` of an entry, as a document shows it: write `- `", "write `- ` for it"),
        (_NO_BREAK_SPACES, "no-break spaces for the spaces of the indentation: write spaces", "write spaces"),
    ):
        edits: list[Edit] = []
        number = 0
        while number < len(lines):
            line = lines[number]
            match = None if text.isascii() and pattern is _NO_BREAK_SPACES else pattern.match(line.text)
            if match is not None and pattern is _BULLET:
                span = Span(line.start + match.start("mark"), line.start + match.end())
                edits.append(
                    Edit(span, "-".ljust(max(len(match["mark"] + match["blanks"]) - match["mark"].count("\\"), 2)))
                )
            elif match is not None:
                edits.append(Edit(Span(line.start, line.start + match.end()), " " * match.end()))
            number = lines.value_end(number) if line.content and is_head(line) else number + 1
        if edits:
            related = tuple(Related(edit.span, "here too") for edit in edits[1:])
            problem = Problem(ProblemKind.PASTED, edits[0].span, message, repair=repair, certain=True, related=related)
            yield Repair(problem, tuple(edits))


def _triple_quotes(lines: Lines) -> Iterator[Repair]:
    """A text in three quotes, as Python writes one of several lines: a text block is meant."""
    for line in lines.lines:
        mark = line.value
        if mark not in _TRIPLE or line.key is None:
            continue
        end = next((item for item in lines.lines[line.number + 1 :] if item.content == mark), None)
        below = next((item for item in lines.lines[line.number + 1 :] if item.content), None)
        if end is None or below is None or below is end or below.indent <= line.key_column:
            return
        place = line.start + line.text.rindex(mark)
        span = Span(place, place + len(mark))
        message = "three quotes around a text, as Python writes one of several lines: write `|` for them"
        problem = Problem(ProblemKind.PASTED, span, message, repair="write `|` for the quotes", certain=True)
        yield Repair(problem, (Edit(span, "|"), Edit(_whole(lines, end.number, end.number + 1), "")))


def _diff(lines: Lines, content: list[Line]) -> Repair:
    """A diff without its head: what was removed goes, and the first column of the rest."""
    spans = [
        _whole(lines, line.number, line.number + 1) if line.text[0] == "-" else Span(line.start, line.start + 1)
        for line in content
    ]
    first = next(line for line in content if line.text[0] == "+")
    message = "lines start with `+`, `-` or a blank, as in a diff: keep the new ones, without their first column"
    return _repair(Span(first.start, first.start + 1), message, "keep the new lines", spans, certain=False)


def _counts(numbers: list[str]) -> bool:
    first = int(numbers[0]) if numbers and len(numbers[0]) < 9 else 0
    return all(int(number) >= first + index for index, number in enumerate(numbers) if len(number) < 9)


def _edges(lines: Lines, content: list[Line]) -> Repair | None:
    """Code fences, and what is outside them; the lines that a chat puts above a block of code."""
    fences = [line for line in content if _FENCE.fullmatch(line.text)]
    above = []
    for line in content:
        if not _CHAT.fullmatch(line.content):
            break
        above.append(line)
    if not fences:
        if not above:
            return None
        spans = [_whole(lines, line.number, line.number + 1) for line in above]
        message = f"`{above[0].content}` stands above the file as a chat shows it: remove it"
        return _repair(above[0].span, message, "remove what the chat put there", spans)
    first_key = next((line.number for line in content if KEY.match(line.text, line.key_column)), len(lines))
    opening = next((line for line in reversed(fences) if line.number < first_key), None)
    closing = fences[-1] if fences[-1] is not opening else None
    if closing is not None and any(KEY.match(item.text, item.key_column) for item in lines.lines[closing.number + 1 :]):
        closing = None
    if opening is None and (closing is None or closing is not content[-1]):
        return None
    spans = []
    if opening is not None:
        spans.append(_whole(lines, 0, opening.number + 1))
    if closing is not None:
        spans.append(_whole(lines, closing.number, len(lines)))
    kept = {line.number for line in (*above, *fences)}
    outside = [
        line
        for line in content
        if line.number not in kept and any(span.start <= line.start < span.end for span in spans)
    ]
    first = opening or fences[-1]
    message = "a Markdown code fence stands in the file: remove its lines"
    if outside:
        message += ", and the text outside"
    return _repair(first.span, message, "remove the code fence", spans, certain=not outside)


def _whole(lines: Lines, start: int, end: int) -> Span:
    return Span(lines[start].start, lines[end].start if end < len(lines) else len(lines.text))


def _repair(span: Span, message: str, repair: str, spans: list[Span], certain: bool = True) -> Repair:
    return Repair(
        Problem(ProblemKind.PASTED, span, message, repair=repair, certain=certain),
        tuple(Edit(item, "") for item in spans),
    )


def bold_value(text: str, span: Span) -> Problem | None:
    """What is wrong with a value that stands between asterisks; None where it does not."""
    match = _BOLD.fullmatch(text, span.start, span.end)
    if match is None:
        return None
    marks = (Span(*match.span(1)), Span(*match.span(3)))
    return Problem(
        ProblemKind.PASTED,
        span,
        f"asterisks around a value, as in Markdown: write `{match[2]}`",
        repair="remove the asterisks",
        edits=tuple(Edit(mark, "") for mark in marks),
        certain=True,
    )


def decorated(line: Line) -> Iterator[Repair]:
    """A value that Markdown sets in bold, or a link of Markdown where its address belongs."""
    match = _LINK.fullmatch(line.text)
    if match is not None:
        message, repair = (
            "a link of Markdown where its address belongs: write the address alone",
            "write the address alone",
        )
    else:
        match = _BOLD_LINE.fullmatch(line.text)
        if match is None:
            return
        message, repair = "asterisks around a value, as in Markdown: remove them", "remove the asterisks"
    start, end = (line.start + place for place in match.span("whole"))
    before, after = (line.start + place for place in match.span("value"))
    yield _repair(Span(start, end), message, repair, [Span(start, before), Span(after, end)])


def commas(lines: Lines, line: Line) -> Iterator[Repair]:
    """Commas at the ends of lines, where that of ``line`` is one."""
    if _COMMA.fullmatch(line.text) is None:
        return
    spans = []
    number = 0
    while number < len(lines):
        item = lines[number]
        match = _COMMA.fullmatch(item.text) if item.content else None
        if match is not None:
            spans.append(Span(item.start + match.start("comma"), item.start + match.end("comma")))
        number = lines.value_end(number) if item.content and is_head(item) else number + 1
    yield Repair(
        Problem(
            ProblemKind.PASTED,
            spans[0],
            "a comma at the end of the line, as in JSON: remove it",
            repair=COMMAS,
            certain=True,
            related=tuple(Related(span, "here too") for span in spans[1:]),
        ),
        tuple(Edit(span, "") for span in spans),
    )


def string_of_a_program(line: Line) -> Iterator[Repair]:
    """A value such as ``@"C:\\x"``, as C# writes text."""
    match = KEY.match(line.text, line.key_column)
    start = match.end() if match else line.key_column
    start += len(line.text[start:]) - len(line.text[start:].lstrip(" \t"))
    string = _STRING.fullmatch(line.text, start)
    if match is not None and string is not None:
        yield string_repair(Span(line.start + start, line.start + string.end()), string["text"])


def string_repair(span: Span, text: str) -> Repair:
    """The repair of a string that a program's marks stand before; without edits where they fill in values."""
    quoted = "'" + text.replace("'", "''") + "'"
    return Repair(
        Problem(
            ProblemKind.PASTED,
            span,
            "text as a program writes it, with a mark before the quotes: YAML takes the mark and the quotes along",
            repair=STRINGS,
            certain="{" not in text,
        ),
        (Edit(span, quoted),),
    )


def markdown_escapes(key: str | None, raw: str, start: int) -> list[Span]:
    """The backslashes of Markdown in a value as written; none where others stand in it, or where they may be meant."""
    if key in _WITH_BACKSLASHES:
        return []
    found = [Span(start + match.start(), start + match.end()) for match in MARKDOWN_ESCAPE.finditer(raw)]
    return found if len(found) == raw.count("\\") and not re.search(r"(?<![A-Za-z])[A-Za-z]:\\|\\\\", raw) else []
