"""What a run says of its files. Knows neither the parser nor the rules, so that a result can be had without them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from devbox_lint.diagnostics import Diagnostic, Failure, Severity
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple

if TYPE_CHECKING:
    from devbox_lint.credentials.masking import Mask
    from devbox_lint.customization.kinds import Kind


class FileResult(NamedTuple):
    """What a run says of one file.

    ``kind`` is None for a file that is not ours, which has no diagnostics. ``crashes`` are the tracebacks of
    rules that raised; the file then has a DBX000 for each. ``mask`` covers the file's secrets wherever its text is
    shown, None where nothing was said of the file.
    """

    source: SourceFile
    kind: Kind | None
    diagnostics: tuple[Diagnostic, ...] = ()
    crashes: tuple[str, ...] = ()
    mask: Mask | None = None


class Change(NamedTuple):
    """A file that fixes change: what was found in it before, and its text after."""

    before: FileResult
    after: SourceFile


class Checked:
    """What became of the files, gathered one by one.

    ``results`` are those of our files, after the fixes; ``strangers`` the named files that are not ours;
    ``failures`` what could not be read, checked or written. ``silenced`` counts the findings for which
    there is a comment now, and ``untouched`` are the files that take none; ``known`` counts those that a baseline
    records. ``to_keep`` is what a cache is to keep.
    """

    __slots__ = ("applied", "changes", "failures", "known", "results", "silenced", "strangers", "to_keep", "untouched")

    def __init__(self) -> None:
        self.results: list[FileResult] = []
        self.strangers: list[str] = []
        self.failures: list[Failure] = []
        self.changes: list[Change] = []
        self.untouched: list[str] = []
        self.to_keep: list[bytes] = []
        self.applied = 0
        self.silenced = 0
        self.known = 0

    def join(self, recalled: Mapping[str, FileResult], files: Iterable[tuple[str, bool]]) -> None:
        """Add results that were had without checking, by path; ``files`` are all of the run, with what is named."""
        results = {result.source.path: result for result in (*recalled.values(), *self.results)}
        strangers = set(self.strangers)
        self.results = []
        self.strangers = []
        for path, named in files:
            result = results.get(path)
            if result is not None and result.kind is not None:
                self.results.append(result)
            elif path in strangers or (named and result is not None):
                self.strangers.append(path)

    @property
    def failed(self) -> bool:
        """Whether something could not be done, so that the run is not complete."""
        return bool(self.failures) or any(result.crashes for result in self.results)

    def worst(self) -> Severity | None:
        """The highest severity of all diagnostics."""
        severities = (diagnostic.severity for result in self.results for diagnostic in result.diagnostics)
        return max(severities, default=None)

    def results_from(self, least: Severity) -> Iterator[FileResult]:
        """The results with the diagnostics of severity ``least`` and above."""
        for result in self.results:
            yield result._replace(diagnostics=tuple(item for item in result.diagnostics if item.severity >= least))
