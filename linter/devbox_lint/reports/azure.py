"""Errors and warnings for Azure Pipelines, as logging commands.

https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands; what is escaped is in
CommandStringConvertor.cs of https://github.com/microsoft/azure-pipelines-agent.
"""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Severity
from devbox_lint.escaping import neutralise
from devbox_lint.reports.concise import concise_line
from devbox_lint.reports.model import Run, excerpts, filename, place, said
from devbox_lint.reports.paths import in_repository


def azure_report(run: Run, encoding: str = "utf-8") -> Iterator[str]:
    """A command for each error and warning, and an error for what could not be checked.

    The agent knows no third type, so an info is a line of the log. Paths are from the repository's top: of an
    absolute one the agent makes the same. It shows ten errors and ten warnings of a step, and all in the log.
    """
    for failure in run.failures:
        yield _command({"type": "error"}, neutralise(failure.message, encoding))
    for result in run.results:
        if not result.diagnostics:
            continue
        shown = excerpts(result)
        path = neutralise(in_repository(filename(result.source)), encoding)
        for diagnostic in result.diagnostics:
            if diagnostic.severity < Severity.WARNING:
                yield concise_line(result, diagnostic, shown, encoding)
                continue
            at = place(result.source, diagnostic.span)
            properties = {
                "type": diagnostic.severity.label,
                "sourcepath": path,
                "linenumber": str(at.row),
                "columnnumber": str(at.column),
                "code": diagnostic.code,
            }
            yield _command(properties, said(diagnostic, shown, encoding))


def _command(properties: dict[str, str], message: str) -> str:
    written = "".join(f"{key}={_escape(value)};" for key, value in properties.items())
    return f"##vso[task.logissue {written}]{_escape(message)}"


def _escape(text: str) -> str:
    # Percent signs first: those that follow are ours. `%25` would stay as it is.
    text = text.replace("%", "%AZP25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace("]", "%5D").replace(";", "%3B")
