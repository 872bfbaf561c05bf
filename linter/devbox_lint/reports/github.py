"""Annotations for GitHub Actions, as workflow commands.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands; what is escaped, and that a line
and a column are given up where an end comes before its start or the columns are of two lines, is in ActionCommand.cs
and ActionCommandManager.cs of https://github.com/actions/runner.
"""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Severity
from devbox_lint.escaping import neutralise
from devbox_lint.reports.model import FAILURE, Run, excerpts, filename, place, said
from devbox_lint.reports.paths import in_repository

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def github_report(run: Run, encoding: str = "utf-8") -> Iterator[str]:
    """A command for each diagnostic, and an error for what could not be checked; paths are from the repository's top.

    GitHub shows ten annotations of each kind of command for a step, and all of them in the log.
    """
    for failure in run.failures:
        properties: dict[str, str | int] = {"title": FAILURE}
        if failure.path:
            properties = {"file": neutralise(in_repository(failure.path), encoding), **properties}
        yield _command("error", properties, neutralise(failure.message, encoding))
    for result in run.results:
        if not result.diagnostics:
            continue
        shown = excerpts(result)
        path = neutralise(in_repository(filename(result.source)), encoding)
        for diagnostic in result.diagnostics:
            at = place(result.source, diagnostic.span)
            properties = {"file": path, "line": at.row, "endLine": at.last_row}
            if at.end_row == at.row:
                properties |= {"col": at.column, "endColumn": at.end_column}
            properties["title"] = f"{diagnostic.code} {diagnostic.name}"
            yield _command(_COMMANDS[diagnostic.severity], properties, said(diagnostic, shown, encoding))


def _command(name: str, properties: dict[str, str | int], message: str) -> str:
    written = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {written}::{_data(message)}"


def _data(text: str) -> str:
    # Percent signs first: those that follow are ours.
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
