"""A run for programs: one JSON object, in ASCII; its schema is report.schema.json."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from devbox_lint import __version__
from devbox_lint.diagnostics import Diagnostic, Fix, Related, Span
from devbox_lint.escaping import neutralise
from devbox_lint.reports.ci_environment import provenance
from devbox_lint.reports.model import (
    LEFT_UNCHECKED,
    PROJECT,
    STANDARD_INPUT,
    TOOL,
    Excerpts,
    Place,
    Run,
    excerpts,
    filename,
    place,
    related_place,
)
from devbox_lint.reports.paths import in_repository
from devbox_lint.reports.text import statistics
from devbox_lint.results import FileResult
from devbox_lint.source import SourceFile

if TYPE_CHECKING:
    from devbox_lint.rule import AnyRule

Value = dict[str, object]
#: The version of the form. It is raised where a program that knows the form before would misread it; what is only
#: added raises it not. The list that `json-v1` writes is the first.
VERSION = 2
#: The tag of a finding that says what was not checked.
NOT_CHECKED = "not-checked"


def json_text(value: object, indent: int | None = None) -> str:
    """``value`` as JSON. What it says is unchanged: only ``##`` is written as ``#\\u0023``."""
    separators = (",", ":") if indent is None else None
    return json.dumps(value, indent=indent, separators=separators).replace("##", "#\\u0023")


def json_lines(values: Iterable[object]) -> str:
    """A list with each of its values on a line of its own."""
    lines = ",\n".join(json_text(value) for value in values)
    return f"[\n{lines}\n]" if lines else "[]"


def json_report(run: Run) -> str:
    """All of a run; rows and columns count from 1, columns in code points, ends are not included.

    ``diagnostics`` are the findings that are shown, ``suppressed`` those that comments and baselines take out.
    ``not_checked`` says what was left unchecked for a reason that is nobody's failure, ``failures`` what could not be
    done, so that the run ended with 2. ``access`` says who needs what on which resource, where that is asked for.
    """
    rules = {rule.code: rule for rule in run.rules}
    return json_text(
        {
            "version": VERSION,
            "tool": {"name": TOOL, "version": __version__, "url": PROJECT},
            "date": run.today,
            "repository": _repository(os.environ),
            "files": [
                {
                    "filename": filename(result.source),
                    "path": in_repository(filename(result.source)),
                    "kind": kind_word(result),
                }
                for result in run.results
            ],
            "diagnostics": [
                _diagnostic(run, result, diagnostic, shown, rules)
                for result in run.results
                if result.diagnostics
                for shown in (excerpts(result),)
                for diagnostic in result.diagnostics
            ],
            "suppressed": [item for result in run.results for item in _suppressed(result)],
            "not_checked": [*_strangers(run), *_said(run.unchecked)],
            "failures": [
                *(
                    {"message": neutralise(failure.message), "filename": failure.path or None}
                    for failure in run.failures
                ),
                *({"message": item["message"], "filename": item["filename"]} for item in _said(run.crashed)),
            ],
            "access": list(_access(run)) if run.explains_access else [],
        },
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


def _repository(environment: Mapping[str, str]) -> Value | None:
    """Which repository and commit is checked, None where no pipeline says so."""
    found = provenance(environment)
    if found is None:
        return None
    return {"url": found["repositoryUri"], "revision": found.get("revisionId"), "branch": found.get("branch")}


def kind_word(result: FileResult) -> str | None:
    """The word for what a file is; None where that is not known."""
    return result.kind.value if result.kind else None


def _diagnostic(
    run: Run, result: FileResult, diagnostic: Diagnostic, shown: Excerpts, rules: Mapping[str, AnyRule]
) -> Value:
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity.label,
        "tags": list(_tags(diagnostic, rules.get(diagnostic.code))),
        "message": neutralise(shown.conceal(diagnostic.message)),
        "help": neutralise(shown.conceal(diagnostic.help)) if diagnostic.help else None,
        "url": diagnostic.url,
        "filename": filename(result.source),
        "kind": kind_word(result),
        **span_of(result.source, diagnostic.span),
        "spans": [span_of(result.source, span) for span in diagnostic.places],
        "related": [related_of(run, result, related, shown) for related in diagnostic.related if not related.same],
        "fix": fix_of(result.source, diagnostic.fix, shown) if diagnostic.fix else None,
    }


def _tags(diagnostic: Diagnostic, rule: AnyRule | None) -> Iterator[str]:
    """The group of the rule, then what is special about the finding."""
    if rule is not None:
        yield rule.group
        if rule.group == "credentials":
            yield "security"
        if rule.asks:
            yield "online"
        if rule.tag is not None:
            yield rule.tag
    if diagnostic.code in LEFT_UNCHECKED:
        yield NOT_CHECKED


def _suppressed(result: FileResult) -> Iterator[Value]:
    if not (result.suppressed or result.recorded):
        return
    shown = excerpts(result)
    for by, diagnostics in (("comment", result.suppressed), ("baseline", result.recorded)):
        for diagnostic in diagnostics:
            yield {
                "by": by,
                "code": diagnostic.code,
                "name": diagnostic.name,
                "severity": diagnostic.severity.label,
                "message": neutralise(shown.conceal(diagnostic.message)),
                "filename": filename(result.source),
                **span_of(result.source, diagnostic.span),
            }


def _access(run: Run) -> Iterator[Value]:
    # Imported here: few runs ask for it.
    from devbox_lint.reports.access import access_of

    for each in access_of(run):
        for one in each.access:
            yield {"filename": each.filename, **one._asdict(), "reason": one.reason or None}


def _strangers(run: Run) -> Iterator[Value]:
    for path in run.strangers:
        message = "not a Dev Box customization file: --kind says otherwise"
        yield {"code": None, "message": message, "filename": path or STANDARD_INPUT, **location_of(None)}


def _said(results: Iterable[FileResult]) -> Iterator[Value]:
    for result in results:
        shown = excerpts(result)
        for diagnostic in result.diagnostics:
            yield {
                "code": diagnostic.code,
                "message": neutralise(shown.conceal(diagnostic.message)),
                "filename": filename(result.source),
                **span_of(result.source, diagnostic.span),
            }


def related_of(run: Run, result: FileResult, related: Related, shown: Excerpts) -> Value:
    """Another place that explains a finding."""
    path, at = related_place(run, result, related)
    return {"message": neutralise(shown.conceal(related.message)), "filename": path, **location_of(at)}


def fix_of(source: SourceFile, fix: Fix, shown: Excerpts) -> Value | None:
    """A fix; None where it cannot be shown without a secret."""
    if not shown.may_show(fix):
        return None
    return {
        "applicability": "safe" if fix.safe else "unsafe",
        "message": neutralise(shown.conceal(fix.message)),
        "edits": [{**span_of(source, edit.span), "content": edit.content} for edit in fix.edits],
    }


def span_of(source: SourceFile, span: Span) -> Value:
    """Where a span starts and ends."""
    return location_of(place(source, span))


def location_of(at: Place | None) -> Value:
    """Where a place starts and ends; None for both where it is not known."""
    if at is None:
        return {"location": None, "end_location": None}
    return {
        "location": {"row": at.row, "column": at.column},
        "end_location": {"row": at.end_row, "column": at.end_column},
    }
