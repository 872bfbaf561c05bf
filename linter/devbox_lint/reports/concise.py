"""One line for each diagnostic, in the form that editors and problem matchers know."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Diagnostic
from devbox_lint.escaping import neutralise
from devbox_lint.reports.model import Excerpts, Run, excerpts, filename, place
from devbox_lint.results import FileResult


def concise_report(run: Run, encoding: str = "utf-8") -> Iterator[str]:
    """``path:row:column: severity: code name: message``, with ``[*]`` where ``--fix`` repairs it."""
    for result in run.results:
        if result.diagnostics:
            shown = excerpts(result)
            for diagnostic in result.diagnostics:
                yield concise_line(result, diagnostic, shown, encoding)


def concise_line(result: FileResult, diagnostic: Diagnostic, shown: Excerpts, encoding: str) -> str:
    """The line of one diagnostic."""
    row, column, _, _ = place(result.source, diagnostic.span)
    mark = " [*]" if diagnostic.fix and diagnostic.fix.safe else ""
    # The whole line at once: the path is at its start, where `::` begins a command.
    return neutralise(
        f"{filename(result.source)}:{row}:{column}: {diagnostic.severity.label}:"
        f" {diagnostic.code} {diagnostic.name}: {shown.conceal(diagnostic.message)}{mark}",
        encoding,
    )
