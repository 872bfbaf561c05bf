"""The report that reviewdog reads: https://github.com/reviewdog/reviewdog/tree/master/proto/rdf."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Diagnostic, Severity
from devbox_lint.escaping import neutralise
from devbox_lint.reports.json_report import json_lines, json_text
from devbox_lint.reports.model import (
    FAILURE,
    PROJECT,
    TOOL,
    Excerpts,
    Place,
    Run,
    excerpts,
    filename,
    place,
    related_place,
    said,
)
from devbox_lint.reports.paths import in_repository
from devbox_lint.results import FileResult
from devbox_lint.source import SourceFile

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}


def rdjson_report(run: Run) -> str:
    """A JSON object in ASCII; paths are from the top of the repository.

    Lines and columns count from 1, columns in bytes of UTF-8, ends are not included. What could not be checked
    is an error without a place in its file.
    """
    source = json_text({"name": TOOL, "url": PROJECT})
    return f'{{"source":{source},"diagnostics":{json_lines([*_failures(run), *_diagnostics(run)])}}}'


def _failures(run: Run) -> Iterator[dict[str, object]]:
    for failure in run.failures:
        yield {
            "message": neutralise(failure.message),
            "location": {"path": in_repository(failure.path)},
            "severity": "ERROR",
            "code": {"value": FAILURE},
        }


def _diagnostics(run: Run) -> Iterator[dict[str, object]]:
    for result in run.results:
        if result.diagnostics:
            shown = excerpts(result)
            for diagnostic in result.diagnostics:
                yield _diagnostic(run, result, diagnostic, shown)


def _diagnostic(run: Run, result: FileResult, diagnostic: Diagnostic, shown: Excerpts) -> dict[str, object]:
    related = []
    for other in diagnostic.related:
        path, at = related_place(run, result, other, _bytes)
        related.append({"message": neutralise(shown.conceal(other.message)), "location": _location(path, at)})
    value: dict[str, object] = {
        "message": said(diagnostic, shown),
        "location": _location(filename(result.source), place(result.source, diagnostic.span, _bytes)),
        "severity": _SEVERITIES[diagnostic.severity],
        "code": {"value": diagnostic.code, "url": diagnostic.url},
    }
    suggestions = list(_suggestions(result.source, diagnostic, shown))
    if suggestions:
        value["suggestions"] = suggestions
    if related:
        value["related_locations"] = related
    return value


def _suggestions(source: SourceFile, diagnostic: Diagnostic, shown: Excerpts) -> Iterator[dict[str, object]]:
    """The fix, where it is one edit: each suggestion is taken alone, and half a fix would be none."""
    fix = diagnostic.fix
    if fix is not None and len(fix.edits) == 1:
        span, content = fix.edits[0]
        if shown.conceal(content) == content:
            yield {"range": _range(place(source, span, _bytes)), "text": content}


def _location(path: str, at: Place | None) -> dict[str, object]:
    location: dict[str, object] = {"path": in_repository(path)}
    if at is not None:
        location["range"] = _range(at)
    return location


def _range(at: Place) -> dict[str, object]:
    return {
        "start": {"line": at.row, "column": at.column},
        "end": {"line": at.end_row, "column": at.end_column},
    }


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
