"""The report that GitLab shows as code quality: https://docs.gitlab.com/ci/testing/code_quality/."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from devbox_lint.diagnostics import Severity
from devbox_lint.escaping import neutralise
from devbox_lint.reports.fingerprints import fingerprints
from devbox_lint.reports.json_report import json_lines
from devbox_lint.reports.model import FAILURE, Run, excerpts, filename, place
from devbox_lint.reports.paths import in_repository

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def gitlab_report(run: Run) -> str:
    """A JSON list in ASCII; paths are from the top of the repository, lines count from 1.

    GitLab shows problems with the same fingerprint once, so no two have the same. What could not be checked is
    a problem of severity ``critical`` at the first line.
    """
    return json_lines([*_failures(run), *_diagnostics(run)])


def _diagnostics(run: Run) -> Iterator[dict[str, object]]:
    for result in run.results:
        if not result.diagnostics:
            continue
        shown = excerpts(result)
        path = in_repository(filename(result.source))
        for diagnostic, fingerprint in zip(result.diagnostics, fingerprints(result, path), strict=True):
            at = place(result.source, diagnostic.span)
            yield {
                "description": neutralise(shown.conceal(diagnostic.message)),
                "check_name": f"{diagnostic.code} {diagnostic.name}",
                "fingerprint": fingerprint,
                "severity": _SEVERITIES[diagnostic.severity],
                "location": {"path": path, "lines": {"begin": at.row, "end": at.last_row}},
            }


def _failures(run: Run) -> Iterator[dict[str, object]]:
    for number, failure in enumerate(run.failures):
        message = neutralise(failure.message)
        yield {
            "description": message,
            "check_name": FAILURE,
            "fingerprint": sha256(f"{number}\0{message}".encode()).hexdigest(),
            "severity": "critical",
            "location": {"path": in_repository(failure.path), "lines": {"begin": 1}},
        }
