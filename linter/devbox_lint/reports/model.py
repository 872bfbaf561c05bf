"""What a run found, written for people and for programs: one format in each module."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from devbox_lint.credentials.masking import Mask, mask_of
from devbox_lint.diagnostics import Diagnostic, Failure, Fix, Related, Severity, Span
from devbox_lint.escaping import neutralise
from devbox_lint.results import FileResult
from devbox_lint.source import Position, SourceFile
from devbox_lint.startup import NamedTuple

if TYPE_CHECKING:
    from devbox_lint.rule import AnyRule

#: What reports call a text that was read from standard input and given no name.
STANDARD_INPUT = "<stdin>"
TOOL = "devbox-lint"
PROJECT = "https://github.com/devbox-lint/devbox-lint"
#: What reports call a failure of the run: something was not read, not checked or not written.
FAILURE = "run-failure"
#: The code for a check that could not be made, which reports that have a place for that do not show as a finding.
NOT_MADE = "DBX590"
#: The codes for what was left unchecked: that, and a document over a limit.
LEFT_UNCHECKED = ("DBX012", NOT_MADE)


class Run:
    """What reports are made of.

    ``results`` are the files of ours in the order of the report, with the diagnostics to show; ``hidden``
    says how many are not shown, ``applied`` how many fixes were made. ``failures`` are what could not be done,
    so that the rest is not the whole; ``rules`` are those that ran. ``suppressed`` counts what comments suppress,
    ``known`` what a baseline records. ``unchecked`` are the files of which something was left unchecked, with what
    says so alone, shown or not; ``strangers`` the named files that are not ours. ``today`` is the date, as ISO 8601
    writes it. ``explains_access`` says whether to show who may do what.
    """

    __slots__ = (
        "_sources",
        "applied",
        "explains_access",
        "failures",
        "hidden",
        "known",
        "results",
        "rules",
        "strangers",
        "suppressed",
        "today",
        "unchecked",
    )

    def __init__(
        self,
        results: tuple[FileResult, ...],
        applied: int = 0,
        hidden: int = 0,
        failures: tuple[Failure, ...] = (),
        rules: Sequence[AnyRule] = (),
        *,
        unchecked: Sequence[FileResult] | None = None,
        strangers: Sequence[str] = (),
        today: str = "",
        explains_access: bool = False,
    ) -> None:
        self.results = results
        self.applied = applied
        self.hidden = hidden
        self.failures = failures
        self.rules = rules
        self.unchecked = left_unchecked(results) if unchecked is None else unchecked
        self.strangers = strangers
        self.today = today
        self.explains_access = explains_access
        self.suppressed = sum(len(result.suppressed) for result in results)
        self.known = sum(len(result.recorded) for result in results)
        self._sources: dict[str, SourceFile] | None = None

    @property
    def crashed(self) -> Iterator[FileResult]:
        """The files in which a rule failed, with what says so alone."""
        for result in self.results:
            if result.crashes:
                # Imported here: it takes the engine to fail, which a run that the cache answers does not load.
                from devbox_lint.engine import INTERNAL_ERROR

                yield _only(result, (INTERNAL_ERROR,))

    def source(self, path: str) -> SourceFile | None:
        """The text of a file of the run, however its path is written; None where there is no such file."""
        if self._sources is None:
            self._sources = {_one_way(result.source.path): result.source for result in reversed(self.results)}
        return self._sources.get(_one_way(path))


def left_unchecked(results: Iterable[FileResult]) -> list[FileResult]:
    """The files of which something was left unchecked, each with what says so alone."""
    found = (_only(result, LEFT_UNCHECKED) for result in results if result.diagnostics)
    return [result for result in found if result.diagnostics]


def _only(result: FileResult, codes: Sequence[str]) -> FileResult:
    return result._replace(diagnostics=tuple(item for item in result.diagnostics if item.code in codes))


def _one_way(path: str) -> str:
    return os.path.normcase(os.path.abspath(path))


class Place(NamedTuple):
    """Where a span is: rows and columns from 1, the end not included."""

    row: int
    column: int
    end_row: int
    end_column: int

    @property
    def last_row(self) -> int:
        """The last row with something of the span in it."""
        return self.end_row - 1 if self.end_column == 1 and self.end_row > self.row else self.end_row


class Excerpts:
    """The text of one file as reports may show it, its secrets covered: the only way from a source into an output."""

    __slots__ = ("_mask", "_source", "_text")

    def __init__(self, source: SourceFile, mask: Mask) -> None:
        self._source = source
        self._mask = mask
        #: As long as the source's own, so that all places stay.
        self._text: str | None = None

    def line(self, number: int) -> str:
        """The text of a line, counted from 0, without its line break."""
        return self.text(Span(self._source.line_starts[number], self._source.line_end(number)))

    def text(self, span: Span) -> str:
        """The text of a span."""
        return self.whole[span.start : span.end]

    @property
    def whole(self) -> str:
        """The text of the file."""
        if self._text is None:
            self._text = self._mask.covered(self._source.text)
        return self._text

    def conceal(self, text: str) -> str:
        """Any other text that may quote the file, without its secrets."""
        return self._mask.conceal(text)

    def may_show(self, fix: Fix) -> bool:
        """Whether the edits of a fix hold no secret: covered they would destroy the file, and else print it."""
        return all(self.conceal(edit.content) == edit.content for edit in fix.edits)


def excerpts(result: FileResult) -> Excerpts:
    """What may be shown of a file."""
    return Excerpts(result.source, result.mask or mask_of(result.source))


def said(diagnostic: Diagnostic, shown: Excerpts, encoding: str = "utf-8") -> str:
    """The message, harmless, and in a second line the help where there is any."""
    message = neutralise(shown.conceal(diagnostic.message), encoding)
    if diagnostic.help is None:
        return message
    return f"{message}\nhelp: {neutralise(shown.conceal(diagnostic.help), encoding)}"


def place(source: SourceFile, span: Span, width: Callable[[str], int] = len) -> Place:
    """Where ``span`` is in ``source``; columns count code points, or what ``width`` says of a text."""
    start, end = source.position(span.start), source.position(span.end)
    return Place(start.line + 1, _column(source, start, width), end.line + 1, _column(source, end, width))


def _column(source: SourceFile, at: Position, width: Callable[[str], int]) -> int:
    if width is len:
        return at.column + 1
    start = source.line_starts[at.line]
    return width(source.text[start : start + at.column]) + 1


def filename(source: SourceFile) -> str:
    """The name that reports give to a file."""
    return source.path or STANDARD_INPUT


def related_place(
    run: Run, result: FileResult, related: Related, width: Callable[[str], int] = len
) -> tuple[str, Place | None]:
    """The file and the place of a related span; no place where that file was not read in this run."""
    if related.path is None or related.path == result.source.path:
        return filename(result.source), place(result.source, related.span, width)
    source = run.source(related.path)
    return related.path, None if source is None else place(source, related.span, width)


def summary(run: Run) -> str:
    """One line on the whole run: how many of which severity, in how many files, and what can be fixed."""
    diagnostics = [diagnostic for result in run.results for diagnostic in result.diagnostics]
    parts = []
    if run.applied:
        parts.append(f"{run.applied} fixed")
    files = len(run.results)
    if diagnostics:
        counts = Counter(diagnostic.severity for diagnostic in diagnostics)
        severities = ", ".join(
            counted(counts[severity], severity.label) for severity in sorted(Severity, reverse=True) if counts[severity]
        )
        concerned = sum(1 for result in run.results if result.diagnostics)
        of_files = counted(files, "file") if files == concerned else f"{concerned} of {files} files"
        parts.append(f"{severities} in {of_files}")
    elif files and not run.hidden:
        new = "new " if run.known else ""
        parts.append(f"no {new}problems {'left' if run.applied else 'found'} in {counted(files, 'file')}")
    parts.extend(_fixable(diagnostics))
    if run.hidden:
        parts.append(f"{run.hidden} below --severity not shown")
    if run.suppressed:
        parts.append(f"{run.suppressed} suppressed by comments")
    if run.known:
        parts.append(f"{run.known} in the baseline not shown")
    unchecked = sum(len(result.diagnostics) for result in run.unchecked) + len(run.strangers)
    if unchecked:
        parts.append(f"{unchecked} not checked")
    if run.failures:
        parts.append(f"not complete: {counted(len(run.failures), 'failure')}")
    return "; ".join(parts)


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: ``1 file``, ``2 files``; ``plural`` where an s does not make it."""
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"


def _fixable(diagnostics: list[Diagnostic]) -> list[str]:
    safe = sum(1 for diagnostic in diagnostics if diagnostic.fix and diagnostic.fix.safe)
    unsafe = sum(1 for diagnostic in diagnostics if diagnostic.fix and not diagnostic.fix.safe)
    if safe:
        return [f"{safe} fixable with --fix" + (f" ({unsafe} more with --unsafe-fixes)" if unsafe else "")]
    return [f"{unsafe} fixable with --fix --unsafe-fixes"] if unsafe else []
