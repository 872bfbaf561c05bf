"""Applies fixes: as many as can stand together, again and again until nothing is left to fix.

Safe means safe: each fix is verified where it is applied. Its finding must be gone, no warning or error may be new,
and of the document nothing may change but what its edits touch; otherwise it is rejected and reported as our bug, and
what it would have written is not. Fixes are verified together, and one by one only where something is off.
"""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from devbox_lint.customization.catalog import STANDARD, Catalog
from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import DOCUMENTATION, Diagnostic, Edit, Fix, Severity, Span
from devbox_lint.engine import INTERNAL_ERROR, Places, check, parse_as
from devbox_lint.results import FileResult
from devbox_lint.rule import AnyRule
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple
from devbox_lint.yaml.document import Document, ProblemKind
from devbox_lint.yaml.nodes import Alias, Entry, Mapping, Node, Scalar, walk
from devbox_lint.yaml.nodes import Sequence as SequenceNode

#: A fix that makes room for another is followed this often; more would be a fix that undoes another.
MAXIMUM_ROUNDS = 10
#: Fixes of a file with more syntax errors than are reported are made in at most this many parts.
MAXIMUM_PARTS = 20
#: At most this many texts of one file are checked to tell the fixes that are sound from those that are not.
_MOST_TRIED = 60
#: What is wrong with the form of a file: nothing that can be read brings more of it to light.
_OF_FORM = "DBX0"
_OF_STRUCTURE = "DBX1"
#: Of the form, what keys of one name have, and what the text of a value has.
_OF_KEYS = frozenset(("DBX004",))
_OF_TEXT = "DBX008"
#: The most characters that a fix may add beyond those it removes: in all, and on top for each line it writes.
_MOST_INSERTED = 80
_MOST_OF_A_LINE = 16
#: A comment may suppress nothing once something is repaired.
_UNUSED = "DBX901"


class FixResult(NamedTuple):
    """A file after its fixes: what is left to say of it, and how many fixes were made.

    ``rejected`` are the reports of fixes that do not do what they say, each with the sentence that goes to the log.
    """

    source: SourceFile
    result: FileResult
    applied: int
    rejected: tuple[tuple[Diagnostic, str], ...] = ()


class Fixer:
    """Applies and verifies the fixes of files under the same settings.

    With ``unsafe`` also those that are not safe, and those of the rules with the codes ``unasked``.
    """

    __slots__ = ("_catalog", "_kind", "_rules", "_today", "_tried", "_unasked", "_unsafe")

    def __init__(
        self,
        rules: Iterable[AnyRule],
        kind: Kind,
        unsafe: bool = False,
        catalog: Catalog = STANDARD,
        today: str | None = None,
        unasked: Collection[str] = (),
    ) -> None:
        self._rules = tuple(rules)
        self._kind = kind
        self._unsafe = unsafe
        self._catalog = catalog
        self._today = today
        self._unasked = unasked
        self._tried = 0

    def fix(self, source: SourceFile) -> FixResult:
        """Apply what can be applied. Where that finds no end, the file stays as it was, and a report says so."""
        first = state = self._state(source)
        applied = rounds = parts = 0
        while rounds < MAXIMUM_ROUNDS and parts < MAXIMUM_PARTS:
            self._tried = 0
            # Of many syntax errors only the first are told at once.
            if any(problem.kind is ProblemKind.LIMIT for problem in state.document.problems):
                parts += 1
            else:
                rounds += 1
            wanted = [item for item in state.result.diagnostics if self._is_wanted(item)]
            refused: dict[Diagnostic, str] = {}
            items, after = self._sound(state, _together(state.document, wanted), refused)
            if not items:
                rejected = tuple(_report(state, item, reason) for item, reason in refused.items())
                return FixResult(state.source, state.result, applied, rejected)
            applied += len(items)
            last, state = state, after
        if rounds < MAXIMUM_ROUNDS:
            return FixResult(state.source, state.result, applied)
        reason = f"it makes room for itself or another one, {MAXIMUM_ROUNDS} times"
        return FixResult(source, first.result, 0, tuple(_report(last, item, reason) for item in items))

    def is_sound(self, source: SourceFile, item: Diagnostic) -> bool:
        """Whether a diagnostic's own fix does what it says."""
        state = self._state(source)
        self._tried = 0
        return bool(item.fix) and bool(_together(state.document, [item])) and bool(self._sound(state, [item], {})[0])

    def _state(self, source: SourceFile) -> _State:
        document = parse_as(source, self._kind)
        result = check(source, self._rules, self._kind, catalog=self._catalog, today=self._today, document=document)
        return _State(source, document, result)

    def _is_wanted(self, item: Diagnostic) -> bool:
        return item.fix is not None and (self._unsafe or (item.fix.safe and item.code not in self._unasked))

    def _sound(
        self, state: _State, items: Sequence[Diagnostic], refused: dict[Diagnostic, str]
    ) -> tuple[Sequence[Diagnostic], _State]:
        """Those of ``items`` that are sound together, and the file with their fixes; the reasons go to ``refused``."""
        chosen = _choose(items)
        if not chosen:
            return (), state
        if self._tried >= _MOST_TRIED:
            return (), state
        self._tried += 1
        edits = sorted({edit for item in chosen if item.fix is not None for edit in item.fix.edits})
        text = apply_edits(state.source.text, edits)
        after = self._state(SourceFile(state.source.path, text, state.source.encoding, state.source.bom))
        reason = self._complaint(state, chosen, edits, after)
        if reason is None:
            return chosen, after
        if len(chosen) == 1:
            refused[chosen[0]] = reason
            return (), state
        half = len(chosen) // 2
        one, after_one = self._sound(state, chosen[:half], refused)
        other, after_other = self._sound(state, chosen[half:], refused)
        # What each half does alone is known; what they do together comes in the next round.
        return (one, after_one) if one else (other, after_other)

    def _complaint(
        self, before: _State, items: Sequence[Diagnostic], edits: Sequence[Edit], after: _State
    ) -> str | None:
        """What is wrong with the file after ``items`` are fixed; None where nothing is."""
        moved = _Moved(edits)
        found: dict[str, list[Diagnostic]] = {}
        for item in after.result.diagnostics:
            found.setdefault(item.code, []).append(item)
        for item in items:
            places = Places([moved.span(span) for span in item.places])
            if any(other.message == item.message and places.touch(other.span) for other in found.get(item.code, ())):
                return "its finding stays"
        renames = _only_renames(before.document, edits)
        if len(after.document.problems) > len(before.document.problems) and not renames:
            return "the file cannot be parsed as well as before"
        for item in items:
            if (growth := _growth(item.fix)) > 0:
                return f"it lets the file grow by {growth} characters"
        if all(item.fix is None or not item.fix.safe for item in items):
            return None
        repairs = {problem.edits for problem in before.document.problems}
        named = [span for item in items if item.fix and item.fix.edits not in repairs for span in item.places]
        if not renames and not _keeps(before.document, edits, named, moved, after.document):
            return "it changes what it does not name"
        reforms = any(item.code.startswith(_OF_FORM) for item in items)
        return self._new(before, edits, moved, after, reforms, renames)

    def _new(
        self, before: _State, edits: Sequence[Edit], moved: _Moved, after: _State, reforms: bool, renames: bool
    ) -> str | None:
        """What is said of the file after, and was not before, not even by a rule that another one silenced."""
        worse = [item for item in after.result.diagnostics if item.severity > Severity.INFO]
        known = _Known(before.result.diagnostics, moved)
        worse = [item for item in worse if not known.has(item)]
        if not worse:
            return None
        source, document = before.source, before.document
        unbroken = Document(source, document.root, (), document.scalars, document.mappings)
        everything = check(
            source,
            self._rules,
            self._kind,
            catalog=self._catalog,
            today=self._today,
            document=unbroken,
            causes_only=False,
        )
        known = _Known(everything.diagnostics, moved)
        edited = Places(Span(max(start - 1, 0), end + 1) for start, end in moved.written)
        broken = bool(document.problems)
        same = _data(document.root) == _data(after.document.root)
        # What was repaired in reading is now repaired in the text; another error behind it may come to light.
        is_read = renames or (broken and same)
        errors = {problem.span for problem in after.document.problems} if is_read else frozenset()
        refers = any("{{" in content or "}}" in content for _, content in edits)
        reshapes = reforms or refers or _outline(document.root) != _outline(after.document.root)
        for item in worse:
            if known.has(item) or item.code == _UNUSED:
                continue
            if item.span in errors:
                # An error that another one hid, or a wrong name.
                continue
            is_of_form = item.code.startswith(_OF_FORM)
            is_apart = not edited.touch(item.span)
            if is_apart and (broken or (not same and not is_of_form)):
                # It is about what was not read, or not read as this, before.
                continue
            if renames and item.code not in _OF_KEYS and not item.code.startswith(_OF_STRUCTURE):
                # It is about what has its right name only now, and nobody said what is wrong with that before.
                continue
            if reshapes and (item.code == _OF_TEXT or not (is_of_form or item.code.startswith(_OF_STRUCTURE))):
                # It is about what has its right place or form only now.
                continue
            return f"after it there is a new {item.code}"
        return None


class _State(NamedTuple):
    source: SourceFile
    document: Document
    result: FileResult


class _Known:
    """What was said before, by code: the words, and the places in the text after the edits."""

    def __init__(self, diagnostics: Iterable[Diagnostic], moved: _Moved) -> None:
        self._words: set[tuple[str, str]] = set()
        spans: dict[str, list[Span]] = {}
        for item in diagnostics:
            self._words.add((item.code, item.message))
            spans.setdefault(item.code, []).append(moved.span(item.span))
        self._places = {code: Places(there) for code, there in spans.items()}

    def has(self, item: Diagnostic) -> bool:
        if (item.code, item.message) in self._words:
            return True
        return item.code in self._places and self._places[item.code].touch(item.span)


class _Moved:
    """Where the places of a text are after edits of it."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        #: Where the new text is.
        self.written: list[Span] = []
        self._starts: list[int] = []
        # For each edit: where it ends before and after, and how much longer the text is from there on.
        self._ends: list[tuple[int, int, int]] = []
        longer = 0
        for (start, end), content in sorted(edits):
            self._starts.append(start)
            after = start + longer + len(content)
            self.written.append(Span(start + longer, after))
            longer += len(content) - (end - start)
            self._ends.append((end, after, longer))

    def offset(self, offset: int, end: bool = False) -> int:
        """Where an offset is; in what was replaced the start of the new text, with ``end`` its end."""
        index = (bisect.bisect_left if end else bisect.bisect_right)(self._starts, offset) - 1
        if index < 0:
            return offset
        stop, after, longer = self._ends[index]
        if offset < stop:
            return after if end else self._starts[index] + (self._ends[index - 1][2] if index else 0)
        return offset + longer

    def span(self, span: Span) -> Span:
        """Where a span is; what is inserted at its edges is outside of it."""
        if span.start == span.end:
            place = self.offset(span.start)
            return Span(place, place)
        start = self.offset(span.start)
        return Span(start, max(start, self.offset(span.end, end=True)))


def fix_source(
    source: SourceFile,
    rules: Iterable[AnyRule],
    kind: Kind | None = None,
    unsafe: bool = False,
    catalog: Catalog = STANDARD,
    today: str | None = None,
    unasked: Collection[str] = (),
) -> FixResult:
    """Apply the safe fixes, and where ``unsafe`` is set the others and those of the rules with the codes ``unasked``.

    Each is made only where it does what it says.

    A file with undecodable bytes is left alone: they could not be written back.
    """
    rules = tuple(rules)
    result = check(source, rules, kind, catalog=catalog, today=today)
    if source.undecodable or result.kind is None or not any(item.fix for item in result.diagnostics):
        return FixResult(source, result, 0)
    return Fixer(rules, result.kind, unsafe, catalog, today, unasked).fix(source)


def with_reports(result: FileResult, rejected: Iterable[tuple[Diagnostic, str]]) -> FileResult:
    """A result with the reports of rejected fixes."""
    reports = tuple(rejected)
    if not reports:
        return result
    diagnostics = sorted((*result.diagnostics, *(item for item, _ in reports)), key=lambda item: item.order)
    return result._replace(
        diagnostics=tuple(diagnostics), crashes=(*result.crashes, *(f"{words}\n" for _, words in reports))
    )


def _report(state: _State, item: Diagnostic, reason: str) -> tuple[Diagnostic, str]:
    line = state.source.position(item.span.start).line + 1
    message = f"the fix of {item.code} is not applied, as {reason}: this is a bug of devbox-lint, please report it"
    url = f"{DOCUMENTATION}dbx000-internal-error.md"
    report = Diagnostic(INTERNAL_ERROR, "internal-error", Severity.ERROR, item.span, message, url)
    return report, f"{state.source.path}:{line}: {message}"


def _together(document: Document, items: list[Diagnostic]) -> list[Diagnostic]:
    """Those of ``items`` that can be relied on: first the repairs of what cannot be parsed, then all others.

    Behind what cannot be parsed and has no repair nothing is certain to be read as it is meant.
    """
    broken = [problem for problem in document.problems if problem.kind not in _READABLE]
    if not broken:
        return items
    repairs = {problem.edits for problem in broken if problem.edits and problem.certain}
    length = len(document.source.text)
    ends = [_reach(document.source, problem.span.start) for problem in broken if problem.edits not in repairs]
    found = [
        item
        for item in items
        if item.fix is not None and item.fix.edits in repairs and _last(item.fix) <= min(ends, default=length)
    ]
    if found:
        return found
    start, end = min(problem.span for problem in broken)
    start = _reach(document.source, start)
    return [
        item
        for item in items
        if item.fix is not None
        and item.fix.edits not in repairs
        and (_last(item.fix) < start or (item.code.startswith(_OF_FORM) and _first(item.fix) <= end))
    ]


def _reach(source: SourceFile, offset: int) -> int:
    """Down to where an error at ``offset`` changes nothing: the line above may go on there, or end there only."""
    return source.line_starts[max(source.position(offset).line - 1, 0)]


#: Problems with which all is read as it is meant.
_READABLE = frozenset((ProblemKind.REFERENCE, ProblemKind.ESCAPE, ProblemKind.DOCUMENTS, ProblemKind.LIMIT))


def _first(fix: Fix) -> int:
    return min((edit.span.start for edit in fix.edits), default=0)


def _last(fix: Fix) -> int:
    return max((edit.span.end for edit in fix.edits), default=0)


def _choose(items: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics with fixes that can be made together: of two that overlap, the first in the file."""
    by_fix = {item.fix: item for item in items if item.fix is not None}
    return [by_fix[fix] for fix in choose(by_fix)]


def choose(fixes: Iterable[Fix]) -> list[Fix]:
    """The fixes that can be made together: of two that overlap, the first in the file."""
    chosen: list[Fix] = []
    # The spans of the edits taken, in order; they lie apart, so that only those around a place can clash with it.
    taken: list[Span] = []
    for fix in sorted(fixes, key=lambda fix: min((edit.span for edit in fix.edits), default=(0, 0))):
        if fix.edits and not any(_clashes(edit.span, taken) for edit in fix.edits):
            chosen.append(fix)
            for edit in fix.edits:
                bisect.insort(taken, edit.span)
    return chosen


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with edits made that do not overlap."""
    parts: list[str] = []
    position = 0
    for span, content in sorted(edits):
        parts.append(text[position : span.start])
        parts.append(content)
        position = span.end
    parts.append(text[position:])
    return "".join(parts)


def _clashes(span: Span, taken: list[Span]) -> bool:
    """Whether an edit of this span would touch the characters of one that is taken, or insert where it does."""
    place = bisect.bisect(taken, span)
    for other in taken[max(0, place - 2) : place + 2]:
        if span.start == span.end or other.start == other.end:
            if span.start <= other.end and other.start <= span.end:
                return True
        elif span.start < other.end and other.start < span.end:
            return True
    return False


def _keeps(before: Document, edits: Sequence[Edit], places: Sequence[Span], moved: _Moved, after: Document) -> bool:
    """Whether all scalars but those in ``places`` and those that edits touch are there after it, with their values."""
    source = before.source
    # Indentation says where something belongs, and nothing of what it is.
    touched = Places(
        [*places]
        + [
            span
            for span, content in edits
            if source.text[source.line_starts[source.position(span.start).line] : span.end].strip(" \t")
            or content.strip(" ")
        ]
    )
    left: Counter[tuple[int, str]] = Counter((scalar.start, scalar.value) for scalar in after.scalars)
    for scalar in before.scalars:
        if scalar.value and not touched.touch(scalar.span):
            place = (moved.offset(scalar.start), scalar.value)
            if not left[place]:
                return False
            left[place] -= 1
    return True


def _only_renames(document: Document, edits: Iterable[Edit]) -> bool:
    """Whether each of ``edits`` replaces a key or the name of a task, so that YAML reads all else as before."""
    entries = [entry for mapping in document.mappings for entry in mapping.entries]
    names = {entry.key.span for entry in entries}
    names |= {entry.value.span for entry in entries if _named(entry) is not None}
    return all(edit.span in names for edit in edits)


def _growth(fix: Fix | None) -> int:
    """By how many characters more than a fix of its size may a fix lets a file grow; at most 0 where it is bounded."""
    edits = fix.edits if fix is not None else ()
    grown = sum(len(content) - (end - start) for (start, end), content in edits)
    written = sum(1 + content.count("\n") for _, content in edits)
    return grown if grown > _MOST_INSERTED + _MOST_OF_A_LINE * written else 0


def _outline(node: Node | None) -> object:
    """The keys of a document and the names in it, and how it is nested."""
    said: list[object] = []
    for item in walk(node):
        if isinstance(item, Mapping):
            said.append([(entry.name, _named(entry)) for entry in item.entries])
        elif isinstance(item, SequenceNode):
            said.append(len(item.items))
    return said


def _named(entry: Entry) -> str | None:
    return entry.value.value if entry.name in ("name", "task") and isinstance(entry.value, Scalar) else None


def _data(node: Node | None) -> object:
    """What a document says, without the places where it says it."""
    said: list[object] = []
    for item in walk(node):
        match item:
            case Scalar():
                said.append(item.value)
            case Mapping():
                said.append(("mapping", len(item.entries)))
            case SequenceNode():
                said.append(("sequence", len(item.items)))
            case Alias():
                said.append(("alias", item.name))
    return said
