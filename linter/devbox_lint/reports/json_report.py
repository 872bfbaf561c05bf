"""The diagnostics of a run for programs: a JSON list, in ASCII."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from devbox_lint.diagnostics import Diagnostic, Failure, Fix, Related, Severity, Span
from devbox_lint.escaping import neutralise
from devbox_lint.reports.model import FAILURE, Excerpts, Place, Run, excerpts, filename, place, related_place
from devbox_lint.reports.text import statistics
from devbox_lint.results import FileResult
from devbox_lint.source import SourceFile


def json_text(value: object, indent: int | None = None) -> str:
    """``value`` as JSON. What it says is unchanged: only ``##`` is written as ``#\\u0023``."""
    separators = (",", ":") if indent is None else None
    return json.dumps(value, indent=indent, separators=separators).replace("##", "#\\u0023")


def json_lines(values: Iterable[object]) -> str:
    """A list with each of its values on a line of its own."""
    lines = ",\n".join(json_text(value) for value in values)
    return f"[\n{lines}\n]" if lines else "[]"


Value = dict[str, object]
#: What entries are called that count what is suppressed.
SUPPRESSED = "suppressed"


def json_report(run: Run) -> str:
    """All diagnostics; rows and columns count from 1, columns in code points, ends are not included.

    What could not be checked comes first, without a code and a place; then, where anything is suppressed, how much.
    """
    return json_text(
        [_failure(failure) for failure in run.failures]
        + list(_suppressed(run))
        + [
            _diagnostic(run, result, diagnostic, shown)
            for result in run.results
            if result.diagnostics
            for shown in (excerpts(result),)
            for diagnostic in result.diagnostics
        ],
        indent=2,
    )


def json_statistics(run: Run) -> str:
    """How often each rule found something; ``fixable`` counts the findings that ``--fix`` repairs."""
    return json_text(
        [
            {"code": row.code, "name": row.name, "count": row.findings, "fixable": row.fixable}
            for row in statistics(run)
        ],
        indent=2,
    )


def _failure(failure: Failure) -> Value:
    return {
        "code": None,
        "name": FAILURE,
        "severity": Severity.ERROR.label,
        "message": neutralise(failure.message),
        "help": None,
        "filename": failure.path or None,
        "kind": None,
        **_location(None),
        "url": None,
        "fix": None,
        "related": [],
    }


def _suppressed(run: Run) -> Iterator[Value]:
    """How many findings of each file are not reported: for whoever counts, and no finding itself."""
    for result in run.results:
        comments, baseline = len(result.suppressed), len(result.recorded)
        if comments or baseline:
            yield {
                "code": SUPPRESSED,
                "name": SUPPRESSED,
                "severity": Severity.INFO.label,
                "message": f"not reported here: {comments} suppressed by comments, {baseline} recorded in the baseline",
                "help": None,
                "filename": filename(result.source),
                "kind": result.kind.value if result.kind else None,
                **_location(None),
                "url": None,
                "fix": None,
                "related": [],
                "suppressed": {"comments": comments, "baseline": baseline},
            }


def _diagnostic(run: Run, result: FileResult, diagnostic: Diagnostic, shown: Excerpts) -> Value:
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity.label,
        "message": neutralise(shown.conceal(diagnostic.message)),
        "help": neutralise(shown.conceal(diagnostic.help)) if diagnostic.help else None,
        "filename": filename(result.source),
        "kind": result.kind.value if result.kind else None,
        **_span(result.source, diagnostic.span),
        "url": diagnostic.url,
        "fix": _fix(result.source, diagnostic.fix, shown) if diagnostic.fix else None,
        "related": [_related(run, result, related, shown) for related in diagnostic.related],
    }


def _fix(source: SourceFile, fix: Fix, shown: Excerpts) -> Value | None:
    if any(shown.conceal(edit.content) != edit.content for edit in fix.edits):
        # An edit with a covered secret would destroy the file, one with the secret would print it.
        return None
    return {
        "applicability": "safe" if fix.safe else "unsafe",
        "message": neutralise(shown.conceal(fix.message)),
        "edits": [{**_span(source, edit.span), "content": edit.content} for edit in fix.edits],
    }


def _related(run: Run, result: FileResult, related: Related, shown: Excerpts) -> Value:
    path, at = related_place(run, result, related)
    return {"message": neutralise(shown.conceal(related.message)), "filename": path, **_location(at)}


def _span(source: SourceFile, span: Span) -> Value:
    return _location(place(source, span))


def _location(at: Place | None) -> Value:
    if at is None:
        return {"location": None, "end_location": None}
    return {
        "location": {"row": at.row, "column": at.column},
        "end_location": {"row": at.end_row, "column": at.end_column},
    }
