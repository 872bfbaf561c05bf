"""Hand-made results for the tests of reports: no rule, no file."""

from __future__ import annotations

from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Diagnostic, Edit, Fix, Related, Severity, Span
from devbox_lint.reports.model import Run
from devbox_lint.results import FileResult
from devbox_lint.source import SourceFile
from support import unmark

URL = "https://example.org/rules/dbx301"


def diagnostic(
    span: Span,
    message: str = "the message",
    severity: Severity = Severity.ERROR,
    code: str = "DBX301",
    name: str = "malformed-secret-uri",
    help: str | None = None,  # noqa: A002 - the field's name
    fix: Fix | None = None,
    related: tuple[Related, ...] = (),
) -> Diagnostic:
    return Diagnostic(code, name, severity, span, message, URL, help, fix, related)


def fix(span: Span, content: str, safe: bool = True) -> Fix:
    return Fix("write it right", (Edit(span, content),), safe)


def result(marked: str, path: str = "imagedefinition.yaml", **fields: object) -> FileResult:
    """A file with one diagnostic for each mark."""
    text, spans = unmark(marked)
    diagnostics = tuple(diagnostic(span, **fields) for span in spans)  # type: ignore[arg-type] # by name
    return FileResult(SourceFile(path, text), Kind.IMAGE, diagnostics)


def run(*results: FileResult, applied: int = 0, hidden: int = 0) -> Run:
    return Run(results, applied, hidden)
