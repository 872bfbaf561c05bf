"""What a run found, written for people and for programs: one format in each module."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from devbox_lint.diagnostics import Diagnostic, Related, Severity, Span
from devbox_lint.engine import FileResult
from devbox_lint.masking import mask_of
from devbox_lint.source import SourceFile

#: What reports call a text that was read from standard input and given no name.
STANDARD_INPUT = "<stdin>"


class Run(NamedTuple):
    """What reports are made of.

    ``results`` are the files of ours in the order of the report, with the diagnostics to show; ``hidden``
    says how many are not shown, ``applied`` how many fixes were made.
    """

    results: tuple[FileResult, ...]
    applied: int = 0
    hidden: int = 0


class Place(NamedTuple):
    """Where a span is: rows and columns from 1, columns in code points, the end not included."""

    row: int
    column: int
    end_row: int
    end_column: int


class Excerpts:
    """The text of one file as reports may show it: the only way from a source into an output.

    ``hidden`` are the spans that hold secrets. They are covered with ``*``, one for each character, so that
    columns stay; and where their text is quoted elsewhere, in a message or in an edit, it is covered too.
    ``conceal`` covers what they look like in other forms.
    """

    __slots__ = ("_conceal", "_hidden", "_quotations", "_source")

    def __init__(
        self, source: SourceFile, hidden: Iterable[Span] = (), conceal: Callable[[str], str] | None = None
    ) -> None:
        self._source = source
        self._conceal = conceal
        self._hidden = tuple(hidden)
        self._quotations = sorted(
            {
                line.strip()
                for span in self._hidden
                for line in source.text[span.start : span.end].splitlines()
                if len(line.strip()) > 3
            },
            key=len,
            reverse=True,
        )

    def line(self, number: int) -> str:
        """The text of a line, counted from 0, without its line break."""
        start = self._source.line_starts[number]
        text = self._source.line_text(number)
        for span in self._hidden:
            first = max(span.start - start, 0)
            last = min(span.end - start, len(text))
            if first < last:
                text = text[:first] + "*" * (last - first) + text[last:]
        return text

    def conceal(self, text: str) -> str:
        """Any other text that may quote the file, without its secrets."""
        for quotation in self._quotations:
            text = text.replace(quotation, "*" * len(quotation))
        return text if self._conceal is None else self._conceal(text)


def excerpts(result: FileResult) -> Excerpts:
    """What may be shown of a file."""
    mask = result.mask or mask_of(result.source)
    return Excerpts(result.source, mask.spans, mask.conceal)


def place(source: SourceFile, span: Span) -> Place:
    """Where ``span`` is in ``source``."""
    start, end = source.position(span.start), source.position(span.end)
    return Place(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def filename(source: SourceFile) -> str:
    """The name that reports give to a file."""
    return source.path or STANDARD_INPUT


def related_place(run: Run, result: FileResult, related: Related) -> tuple[str, Place | None]:
    """The file and the place of a related span; no place where that file was not read in this run."""
    if related.path is None or related.path == result.source.path:
        return filename(result.source), place(result.source, related.span)
    for other in run.results:
        if other.source.path == related.path:
            return related.path, place(other.source, related.span)
    return related.path, None


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
    elif not run.hidden:
        parts.append(f"no problems {'left' if run.applied else 'found'} in {counted(files, 'file')}")
    parts.extend(_fixable(diagnostics))
    if run.hidden:
        parts.append(f"{run.hidden} below --severity not shown")
    return "; ".join(parts)


def counted(number: int, noun: str) -> str:
    """A number with its noun: ``1 file``, ``2 files``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _fixable(diagnostics: list[Diagnostic]) -> list[str]:
    safe = sum(1 for diagnostic in diagnostics if diagnostic.fix and diagnostic.fix.safe)
    unsafe = sum(1 for diagnostic in diagnostics if diagnostic.fix and not diagnostic.fix.safe)
    if safe:
        return [f"{safe} fixable with --fix" + (f" ({unsafe} more with --unsafe-fixes)" if unsafe else "")]
    return [f"{unsafe} fixable with --fix --unsafe-fixes"] if unsafe else []
