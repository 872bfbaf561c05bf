"""The formats by name: each as the text of a whole report."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.escaping import neutralise
from devbox_lint.reports.model import Run, summary

#: The formats for people or for the log of a pipeline, which end with the summary.
LINES = ("text", "concise", "github", "azure")


def render(name: str, run: Run, encoding: str = "utf-8") -> Iterator[str]:
    """The report as pieces that end with a line break; ``encoding`` is what they will be written in."""
    # Imported here: one run has need of one or two.
    match name:
        case "text":
            from devbox_lint.reports.text import text_report

            for line in text_report(run, encoding):
                yield "".join(piece for piece, _ in line) + "\n"
        case "concise":
            from devbox_lint.reports.concise import concise_report

            yield from _lines(concise_report(run, encoding))
        case "github":
            from devbox_lint.reports.github import github_report

            yield from _lines(github_report(run, encoding))
        case "azure":
            from devbox_lint.reports.azure import azure_report

            yield from _lines(azure_report(run, encoding))
        case _:
            yield _document(name, run) + "\n"


def render_file(name: str, run: Run) -> Iterator[str]:
    """The report as a file of its own, with all that goes to standard error beside a report on standard output."""
    yield from render(name, run)
    if name == "text" and run.explains_access:
        from devbox_lint.reports.access import access_text

        yield from access_text(run)
    if name in ("text", "concise"):
        yield from _lines(neutralise(f"error: {failure.message}") for failure in run.failures)
    if name in LINES and (run.results or run.failures):
        yield f"{summary(run)}\n"


def _document(name: str, run: Run) -> str:
    match name:
        case "json":
            from devbox_lint.reports.json_report import json_report

            return json_report(run)
        case "json-v1":
            from devbox_lint.reports.json_v1 import json_v1_report

            return json_v1_report(run)
        case "html":
            from devbox_lint.reports.html_report import html_report

            return html_report(run)
        case "markdown":
            from devbox_lint.reports.markdown import markdown_report

            return markdown_report(run)
        case "sarif":
            from devbox_lint.reports.sarif import sarif_report

            return sarif_report(run)
        case "gitlab":
            from devbox_lint.reports.gitlab import gitlab_report

            return gitlab_report(run)
        case "junit":
            from devbox_lint.reports.junit import junit_report

            return junit_report(run)
        case "rdjson":
            from devbox_lint.reports.rdjson import rdjson_report

            return rdjson_report(run)
    raise ValueError(name)


def _lines(lines: Iterator[str]) -> Iterator[str]:
    return (f"{line}\n" for line in lines)
