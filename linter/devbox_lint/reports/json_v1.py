"""The diagnostics of a run as the first versions wrote them: a JSON list, in ASCII."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Diagnostic, Failure, Severity
from devbox_lint.escaping import neutralise
from devbox_lint.reports.json_report import Value, fix_of, json_text, kind_word, location_of, related_of, span_of
from devbox_lint.reports.model import FAILURE, Excerpts, Run, excerpts, filename
from devbox_lint.results import FileResult

#: What entries are called that count what is suppressed.
SUPPRESSED = "suppressed"


def json_v1_report(run: Run) -> str:
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


def _failure(failure: Failure) -> Value:
    return {
        "code": None,
        "name": FAILURE,
        "severity": Severity.ERROR.label,
        "message": neutralise(failure.message),
        "help": None,
        "filename": failure.path or None,
        "kind": None,
        **location_of(None),
        "url": None,
        "fix": None,
        "related": [],
    }


def _suppressed(run: Run) -> Iterator[Value]:
    """How many findings of each file are not reported: for readers that count, though not a finding itself."""
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
                "kind": kind_word(result),
                **location_of(None),
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
        "kind": kind_word(result),
        **span_of(result.source, diagnostic.span),
        "url": diagnostic.url,
        "fix": fix_of(result.source, diagnostic.fix, shown) if diagnostic.fix else None,
        "related": [related_of(run, result, related, shown) for related in diagnostic.related],
    }
