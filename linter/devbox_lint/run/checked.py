"""What became of the files of a run, gathered one by one. Imports neither parser nor rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from devbox_lint.diagnostics import Failure, Severity
from devbox_lint.files.discovery import Discovery
from devbox_lint.results import FileResult, folded
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple

if TYPE_CHECKING:
    from devbox_lint.online import FileQuestions
    from devbox_lint.rule import AnyRule


class Change(NamedTuple):
    """A file that fixes change: what was found in it before, and its text after."""

    before: FileResult
    after: SourceFile


class Checked:
    """What a run found and did.

    ``results`` are those of our files, after the fixes; ``questions`` what rules ask Azure about them, by path;
    ``strangers`` the named files that are not ours; ``failures`` what could not be read, checked or written.
    ``suppressed`` counts the findings for which there is a comment now, and ``untouched`` are the files that take none;
    ``to_keep`` is what a cache is to keep, ``rules`` are those that
    ran, and ``notes`` what is to be said after the report.
    """

    __slots__ = (
        "applied",
        "changes",
        "failures",
        "notes",
        "questions",
        "results",
        "rules",
        "strangers",
        "suppressed",
        "to_keep",
        "untouched",
    )  # fmt: skip

    def __init__(self) -> None:
        self.results: list[FileResult] = []
        self.questions: dict[str, FileQuestions] = {}
        self.strangers: list[str] = []
        self.failures: list[Failure] = []
        self.changes: list[Change] = []
        self.untouched: list[str] = []
        self.to_keep: list[bytes] = []
        self.rules: Sequence[AnyRule] = ()
        self.notes: list[str] = []
        self.applied = 0
        self.suppressed = 0

    def complete(self, recalled: Mapping[str, FileResult], files: Discovery) -> None:
        """Add what was had without checking: results by path, and the folders of the run that could not be listed."""
        if recalled:
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
        self.failures.extend(files.unreadable)

    def fold(self) -> None:
        """Make one of what repeats in a file: the last step, as comments and baselines are about each place."""
        self.results = [
            result._replace(diagnostics=folded(result.diagnostics)) if result.diagnostics else result
            for result in self.results
        ]

    @property
    def failed(self) -> bool:
        """Whether something could not be done, so that the run is not complete."""
        return bool(self.failures) or any(result.crashes for result in self.results)

    def results_from(self, least: Severity) -> Iterator[FileResult]:
        """The results with the diagnostics of severity ``least`` and above."""
        for result in self.results:
            yield result._replace(diagnostics=tuple(item for item in result.diagnostics if item.severity >= least))
