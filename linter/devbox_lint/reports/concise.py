"""One line for each diagnostic, in the form that editors and problem matchers know."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.neutral import neutralise
from devbox_lint.reports import Run, excerpts, filename, place


def concise_report(run: Run, encoding: str = "utf-8") -> Iterator[str]:
    """``path:row:column: severity: code name: message``, with ``[*]`` where ``--fix`` repairs it."""
    for result in run.results:
        if not result.diagnostics:
            continue
        shown = excerpts(result)
        for diagnostic in result.diagnostics:
            row, column, _, _ = place(result.source, diagnostic.span)
            mark = " [*]" if diagnostic.fix and diagnostic.fix.safe else ""
            # The whole line at once: the path is at its start, where `::` begins a command.
            yield neutralise(
                f"{filename(result.source)}:{row}:{column}: {diagnostic.severity.label}:"
                f" {diagnostic.code} {diagnostic.name}: {shown.conceal(diagnostic.message)}{mark}",
                encoding,
            )
