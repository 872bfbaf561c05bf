"""Comments that suppress rules: ``# devbox-lint: ignore[DBX101] reason until=2027-01-31``, and ``ignore-file[...]``.

Rules are named by code or name. A suppression at the end of a line holds for that line, one on a line of its own
for all lines down to the next that is no comment, at most twenty. Where such a line has a part of a text of several
lines, be it a block or quoted, it holds for the whole text, since no comment can stand inside. Past the day that
``until`` names it holds no longer.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from devbox_lint.diagnostics import Diagnostic, Span
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.document import Comment, Document
from devbox_lint.yaml.nodes import FOLDED, LITERAL, Scalar

VERBS = ("ignore", "ignore-file")
# So far down a comment of its own line looks for what it is about: a pile of them must not hold for each other.
_FARTHEST = 20

_DIRECTIVE = lazy(
    r"(?<!\S)#[ \t]*+devbox-lint(?P<separator>[ \t]*+:[ \t]*+|[ \t-]++)"
    r"(?P<verb>[\w-]*+)[ \t]*+(?:\[(?P<names>[^\]#\r\n]*+)\])?"
)
_NAME = lazy(r"[^\s,]+")
_UNTIL = lazy(r"\buntil=(?P<day>[^\s,;)]*)")
_DAY = lazy(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Name(NamedTuple):
    """One rule, by code or name, as a suppression has it."""

    text: str
    span: Span


class Until(NamedTuple):
    """The last day on which a suppression holds; ``day`` is as written, ``span`` that of ``until=`` and the day."""

    day: str
    span: Span

    @property
    def is_day(self) -> bool:
        """Whether the calendar has such a day, written as in ISO 8601: year, month and day."""
        if not _DAY.fullmatch(self.day):
            return False
        # Imported here: few suppressions have a day.
        from datetime import date

        try:
            date.fromisoformat(self.day)
        except ValueError:
            return False
        return True


class Suppression(NamedTuple):
    """One suppression; ``span`` is from its ``#`` to the end of its reason.

    ``bracket`` is where the bracket with the names ends, or should stand. Lines count from 0, ``last`` is included.
    """

    comment: Comment
    span: Span
    separator: str
    verb: str
    names: tuple[Name, ...]
    bracket: int
    until: Until | None
    first: int
    last: int
    #: Whether it has no reason where one is asked for.
    lacks_reason: bool = False

    @property
    def is_well_formed(self) -> bool:
        """Whether it says what it suppresses, until when, and why where that is asked for."""
        is_directive = ":" in self.separator and self.verb in VERBS and bool(self.names)
        return is_directive and not self.lacks_reason and (self.until is None or self.until.is_day)

    def has_ended(self, today: str | None) -> bool:
        """Whether its last day is before ``today``, an ISO 8601 date; None stands for no day at all."""
        return self.until is not None and today is not None and self.until.day < today


class Suppressions:
    """The suppressions of one file, and which of their names were of use.

    ``items`` are in the order of the file; ``content`` are what looks like suppressions and is the text of a block.
    """

    def __init__(self, items: tuple[Suppression, ...], content: tuple[Span, ...] = (), today: str | None = None):
        self.items = items
        self.content = content
        self.today = today
        valid = [item for item in items if item.is_well_formed]
        self._of_file = [item for item in valid if item.verb == "ignore-file"]
        # Both ends grow from each to the next, so that those of a line follow each other.
        self._of_lines = [item for item in valid if item.verb == "ignore"]
        self._first = [item.first for item in self._of_lines]
        self._last = [item.last for item in self._of_lines]
        self._file_starts = [item.span.start for item in self._of_file]
        # For each rule, by its code: the suppressions of the whole file that name it, and whether one still holds.
        self._in_file: dict[str, tuple[list[Suppression], bool]] = {}
        # For each suppression: the places of its names, by their text in small letters.
        self._places: dict[Span, dict[str, list[Span]]] = {}
        self._used: set[Span] = set()
        self._repeated: set[Span] = set()
        self._overdue: set[Span] = set()

    def suppress(self, diagnostic: Diagnostic, source: SourceFile) -> bool:
        """Whether the diagnostic is suppressed; remembers by what. No suppression suppresses what is said of itself."""
        of_lines = self._of_lines[self._lines_with(source.position(diagnostic.span.start).line)]
        return self._suppress_in_file(diagnostic) | self._apply(of_lines, diagnostic)

    def _suppress_in_file(self, diagnostic: Diagnostic) -> bool:
        known = self._in_file.get(diagnostic.code)
        if known is None:
            naming = [item for item in self._of_file if self._named(item, diagnostic)]
            known = self._in_file[diagnostic.code] = (naming, self._apply(naming, diagnostic))
            return known[1]
        start = diagnostic.span.start
        index = bisect_left(self._file_starts, start) - 1
        if index >= 0 and start < self._of_file[index].span.end:
            # What is said of one of them is suppressed by another, of which one will do.
            return self._apply([item for item in known[0][:2] if item is not self._of_file[index]], diagnostic)
        # The first that asked may have been inside the only one, which does not suppress what is said of itself.
        return known[1] or (len(known[0]) == 1 and self._apply(known[0], diagnostic))

    def _named(self, item: Suppression, diagnostic: Diagnostic) -> list[Span]:
        """Where a suppression names the diagnostic's code or name."""
        places = self._places.get(item.span)
        if places is None:
            places = self._places[item.span] = {}
            for name in item.names:
                places.setdefault(name.text.lower(), []).append(name.span)
        by_code, by_name = places.get(diagnostic.code.lower(), []), places.get(diagnostic.name, [])
        return sorted(by_code + by_name) if by_code and by_name else by_code or by_name

    def _apply(self, items: Iterable[Suppression], diagnostic: Diagnostic) -> bool:
        """Remember what of ``items`` names the diagnostic; whether one of them still holds."""
        suppressed = False
        start = diagnostic.span.start
        for item in items:
            if item.span.start < start < item.span.end:
                continue
            meant = self._named(item, diagnostic)
            if not meant:
                continue
            if len(meant) > 1 and meant[1] not in self._repeated:
                self._repeated.update(meant[1:])
            if item.has_ended(self.today):
                self._overdue.add(meant[0])
            else:
                self._used.add(meant[0])
                suppressed = True
        return suppressed

    def on_line(self, line: int) -> Iterator[Suppression]:
        """The suppressions that hold for a line, or did until their day."""
        yield from self._of_file
        yield from self._of_lines[self._lines_with(line)]

    def _lines_with(self, line: int) -> slice:
        return slice(bisect_left(self._last, line), bisect_right(self._first, line))

    def is_used(self, name: Span) -> bool:
        """Whether the name at this place suppressed anything so far."""
        return name in self._used

    def is_repeated(self, name: Name) -> bool:
        """Whether another name of the same suppression had suppressed already what this one would."""
        return name.span in self._repeated

    def is_overdue(self, name: Name) -> bool:
        """Whether the name would have suppressed something until its day."""
        return name.span in self._overdue


def find_suppressions(document: Document, today: str | None = None, require_reason: bool = False) -> Suppressions:
    """The suppressions in a document's comments; ``today`` is an ISO 8601 date, None where days do not count.

    With ``require_reason`` those that give none after their bracket do not hold.
    """
    texts = texts_of_several_lines(document)
    items = []
    for comment in document.comments:
        matches = [match for match in _DIRECTIVE.finditer(comment.text) if _is_meant(match["separator"], match["verb"])]
        for index, match in enumerate(matches):
            start = comment.span.start
            end = matches[index + 1].start() if index + 1 < len(matches) else len(comment.text)
            bracket = match.end("verb" if match["names"] is None else 0)
            until = _UNTIL.search(comment.text[bracket:end])
            offset = start + bracket
            reason = comment.text[bracket:end]
            if until:
                reason = reason[: until.start()] + reason[until.end() :]
            items.append(
                Suppression(
                    comment,
                    Span(start + match.start(), start + len(comment.text[:end].rstrip())),
                    match["separator"],
                    match["verb"],
                    tuple(_names(match["names"] or "", start + match.start("names"))),
                    offset,
                    Until(until["day"].rstrip("."), Span(offset + until.start(), offset + until.end()))
                    if until
                    else None,
                    *lines_of_comment(document.source, comment, texts),
                    require_reason and not any(map(str.isalnum, reason)),
                )
            )
    return Suppressions(tuple(items), tuple(_content(document)), today)


def _is_meant(separator: str, verb: str) -> bool:
    """Whether the comment speaks to us; one without the colon may just speak of us."""
    return ":" in separator or verb in VERBS


def _names(text: str, start: int) -> Iterator[Name]:
    for match in _NAME.finditer(text):
        yield Name(match.group(), Span(start + match.start(), start + match.end()))


def lines_of_comment(source: SourceFile, comment: Comment, texts: list[tuple[int, int]]) -> tuple[int, int]:
    """The first and the last line, from 0, that a suppression holds for; ``texts`` are the lines of longer texts."""
    first = last = source.position(comment.span.start).line
    if comment.alone:
        count = len(source.line_starts)
        last += last + 1 < count
        end = min(count - 1, first + _FARTHEST)
        while last < end and source.line_text(last).strip()[:1] in ("", "#"):
            last += 1
    index = bisect_right(texts, (last, len(source.text))) - 1
    if index >= 0:
        last = max(last, texts[index][1])
    # The first text that ends on the first line or later, which may begin before it.
    index = bisect_right(texts, (first, len(source.text))) - 1
    if index >= 0 and texts[index][1] >= first:
        first = min(first, texts[index][0])
    return first, last


def texts_of_several_lines(document: Document) -> list[tuple[int, int]]:
    """The first and last lines of the scalars that have several; two that share a line are one."""
    source = document.source
    texts: list[tuple[int, int]] = []
    if document.is_script:
        return texts
    for scalar in document.scalars:
        first, last = _lines_of(source, scalar)
        if first == last:
            continue
        if texts and texts[-1][1] >= first:
            texts[-1] = (texts[-1][0], last)
        else:
            texts.append((first, last))
    return texts


def _lines_of(source: SourceFile, scalar: Scalar) -> tuple[int, int]:
    return source.position(scalar.start).line, source.position(max(scalar.end, scalar.start + 1) - 1).line


def _content(document: Document) -> Iterator[Span]:
    """What would be suppressions if it did not stand inside a text block."""
    text = document.source.text
    for scalar in () if document.is_script else document.scalars:
        if scalar.style in (LITERAL, FOLDED):
            head = document.source.line_end(document.source.position(scalar.start).line)
            for match in _DIRECTIVE.finditer(text, head, scalar.end):
                if match["verb"] in VERBS and match["names"]:
                    yield Span(match.start(), match.end())
