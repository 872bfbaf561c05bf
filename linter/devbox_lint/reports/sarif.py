"""The report for code scanning: SARIF 2.1.0, https://docs.oasis-open.org/sarif/sarif/v2.1.0/.

What GitHub reads of it: https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning;
what Azure DevOps asks for besides is checked by the rules `Ado` of https://github.com/microsoft/sarif-sdk.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from devbox_lint import __version__
from devbox_lint.credentials.masking import COVER
from devbox_lint.diagnostics import DOCUMENTATION, Diagnostic, Failure, Fix, Severity, Span
from devbox_lint.engine import INTERNAL_ERROR
from devbox_lint.escaping import neutralise
from devbox_lint.reports.ci_environment import ROOT, automation_details, provenance
from devbox_lint.reports.fingerprints import fingerprints
from devbox_lint.reports.json_report import json_lines, json_text
from devbox_lint.reports.model import (
    FAILURE,
    NOT_MADE,
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
from devbox_lint.reports.paths import in_repository, uri
from devbox_lint.reports.rule_docs import parts
from devbox_lint.results import FileResult
from devbox_lint.rule import Rule
from devbox_lint.source import SourceFile

Value = dict[str, object]

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}

_FAILURE = "Something was not read, checked or written, so the results are not complete."
FAILURE_DESCRIPTOR: Value = {
    "id": FAILURE,
    "name": "RunFailure",
    "shortDescription": {"text": _FAILURE},
    "fullDescription": {"text": _FAILURE},
    "help": {"text": f"{_FAILURE} The message says why.", "markdown": f"{_FAILURE} The message says why."},
    "defaultConfiguration": {"level": "error"},
}
#: How severe GitHub shows a finding of a credential in plain text, from 0 to 10: from 7.0 on it is high.
_CREDENTIALS = "8.0"
_PROBLEM_SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}


def descriptors(run: Run) -> list[Value]:
    """All rules that ran, and the internal error where one happened: what was not found was looked for."""
    rules = [_descriptor(rule.load()) for rule in run.rules]
    codes = {diagnostic.code for result in run.results for diagnostic in result.diagnostics}
    if INTERNAL_ERROR in codes:
        rules.insert(0, _internal_error())
    return rules


def _descriptor(rule: Rule) -> Value:
    what, why, repair, _ = parts(rule)
    link = f"[{rule.code} {rule.name}]({rule.url})"
    tags = [rule.group]
    properties: Value = {"precision": "high"}
    if rule.group == "credentials":
        # Only what is marked like this is shown as a finding of security.
        properties["security-severity"] = _CREDENTIALS
        tags = ["security", *tags, "external/cwe/cwe-798"]
    else:
        properties["problem.severity"] = _PROBLEM_SEVERITIES[rule.severity]
    return {
        "id": rule.code,
        "name": type(rule).__name__,
        "shortDescription": {"text": what.split("\n\n")[0]},
        "fullDescription": {"text": f"{what}\n\n{why}" if why else what},
        "help": {
            "text": "\n\n".join(part for part in (what, why, repair) if part),
            "markdown": f"{what}\n\n**Why**: {why}\n\n**How to fix**: {repair}\n\n{link}",
        },
        "helpUri": rule.url,
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"tags": tags, **properties},
    }


def _internal_error() -> Value:
    text = "A rule of devbox-lint failed on this file. The other rules went on."
    return {
        "id": INTERNAL_ERROR,
        "name": "InternalError",
        "shortDescription": {"text": text},
        "fullDescription": {"text": text},
        "help": {"text": f"{text} Please report it with the file's structure.", "markdown": text},
        "helpUri": f"{DOCUMENTATION}dbx000-internal-error.md",
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["internal"], "precision": "very-high"},
    }


_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
#: The name and version of our fingerprints. Not `primaryLocationLineHash`: GitHub warns where that is not its own.
_FINGERPRINT = "devboxLint/v1"
#: Longer pieces of a file are not quoted.
_LONGEST_SNIPPET = 1000


def sarif_report(run: Run) -> str:
    """A log in ASCII with one result in a line.

    Lines and columns count from 1, columns in code units of UTF-16, ends are not included. Addresses are relative to
    the top of the repository. What could not be checked is a notification, and so is a rule that failed and a check
    that could not be made, which are results as well: not every reader shows notifications.

    What is suppressed is a result with `suppressions`, but not in GitHub Actions: code scanning takes it for one that
    is not. How much it is stands in the properties of the run.
    """
    rules = descriptors(run)
    index = {str(rule["id"]): number for number, rule in enumerate(rules)}
    results = json_lines(_results(run, index))
    log = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": TOOL,
                        "fullName": f"{TOOL} {__version__}",
                        "version": __version__,
                        "semanticVersion": __version__,
                        "informationUri": PROJECT,
                        "rules": rules,
                        "notifications": [FAILURE_DESCRIPTOR],
                    }
                },
                "invocations": [
                    {
                        "executionSuccessful": not (run.failures or any(result.crashes for result in run.results)),
                        "toolExecutionNotifications": list(_notifications(run, index)),
                    }
                ],
                "automationDetails": automation_details(os.environ),
                **_provenance(),
                "originalUriBaseIds": {ROOT: {"description": {"text": "The top of the repository."}}},
                "columnKind": "utf16CodeUnits",
                "properties": {"suppressed": {"comments": run.suppressed, "baseline": run.known}},
                "newlineSequences": ["\r\n", "\n", "\r"],
                "redactionTokens": [COVER],
            }
        ],
    }
    text = json_text(log)
    # The last two brackets are those of the run and of the list it is in.
    head, tail = text[: -len("}]}")], text[-len("}]}") :]
    return f'{head},"results":{results}{tail}'


def _results(run: Run, index: dict[str, int]) -> Iterator[Value]:
    # Where one result says whether it is suppressed, all must.
    says_so = bool(run.suppressed or run.known) and not os.environ.get("GITHUB_ACTIONS")
    for result in run.results:
        yield from _results_of(run, result, index, {"suppressions": []} if says_so else {})
        if says_so:
            for diagnostics, kind in ((result.suppressed, "inSource"), (result.recorded, "external")):
                part = result._replace(diagnostics=diagnostics)
                yield from _results_of(run, part, index, {"suppressions": [{"kind": kind}]})


def _results_of(run: Run, result: FileResult, index: dict[str, int], more: Value) -> Iterator[Value]:
    if not result.diagnostics:
        return
    shown = excerpts(result)
    names = fingerprints(result, in_repository(filename(result.source)))
    for diagnostic, name in zip(result.diagnostics, names, strict=True):
        value = _result(run, result, diagnostic, shown, index)
        yield value | more | {"partialFingerprints": {_FINGERPRINT: name}}


def _result(run: Run, result: FileResult, diagnostic: Diagnostic, shown: Excerpts, index: dict[str, int]) -> Value:
    value: Value = {
        "ruleId": diagnostic.code,
        # None of this run where what was kept of an earlier one is not what was written.
        "ruleIndex": index.get(diagnostic.code, -1),
        "level": LEVELS[diagnostic.severity],
        "message": {"text": _message(diagnostic, shown)},
        "locations": [_location_of(result.source, diagnostic, shown)],
    }
    related = []
    for number, other in enumerate(diagnostic.related, 1):
        path, at = related_place(run, result, other, utf16_units)
        message = {"text": _plain(neutralise(shown.conceal(other.message)))}
        related.append({"id": number, "message": message, **_location(path, at)})
    if related:
        value["relatedLocations"] = related
    fix = _fix(result.source, diagnostic.fix, shown) if diagnostic.fix else None
    if fix is not None:
        value["fixes"] = [fix]
    return value


def _notifications(run: Run, index: dict[str, int]) -> Iterator[Value]:
    for failure in run.failures:
        yield _failure(failure)
    for result in run.results:
        for diagnostic in result.diagnostics:
            if diagnostic.code in (INTERNAL_ERROR, NOT_MADE):
                shown = excerpts(result)
                yield {
                    "descriptor": {"id": FAILURE, "index": 0},
                    "associatedRule": {"id": diagnostic.code, "index": index.get(diagnostic.code, -1)},
                    "level": LEVELS[diagnostic.severity],
                    "message": {"text": _message(diagnostic, shown)},
                    "locations": [_location_of(result.source, diagnostic, shown)],
                }


def _failure(failure: Failure) -> Value:
    value: Value = {
        "descriptor": {"id": FAILURE, "index": 0},
        "level": "error",
        "message": {"text": _plain(neutralise(failure.message))},
    }
    if failure.path:
        value["locations"] = [_location(failure.path, None)]
    return value


def _fix(source: SourceFile, fix: Fix, shown: Excerpts) -> Value | None:
    if not shown.may_show(fix):
        return None
    return {
        "description": {"text": _plain(neutralise(shown.conceal(fix.message)))},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(filename(source)),
                "replacements": [
                    {
                        "deletedRegion": _region(place(source, edit.span, utf16_units)),
                        "insertedContent": {"text": edit.content},
                    }
                    for edit in fix.edits
                ],
            }
        ],
        "properties": {"applicability": "safe" if fix.safe else "unsafe"},
    }


def _location_of(source: SourceFile, diagnostic: Diagnostic, shown: Excerpts) -> Value:
    region = _region(place(source, diagnostic.span, utf16_units)) | _snippet(diagnostic.span, shown)
    return {"physicalLocation": {"artifactLocation": _artifact(filename(source)), "region": region}}


def _location(path: str, at: Place | None) -> Value:
    physical: Value = {"artifactLocation": _artifact(path)}
    if at is not None:
        physical["region"] = _region(at)
    return {"physicalLocation": physical}


def _artifact(path: str) -> Value:
    address, inside = uri(path)
    return {"uri": address, "uriBaseId": ROOT} if inside else {"uri": address}


def _region(at: Place) -> Value:
    return {"startLine": at.row, "startColumn": at.column, "endLine": at.end_row, "endColumn": at.end_column}


def _snippet(span: Span, shown: Excerpts) -> Value:
    """What stands there, where it can be shown as it is: a viewer may write it to a terminal."""
    if not 0 < span.end - span.start <= _LONGEST_SNIPPET:
        return {}
    text = shown.text(span)
    pieces = text.replace("\r\n", "\n").replace("\t", "\n").split("\n")
    return {"snippet": {"text": text}} if all(neutralise(piece) == piece for piece in pieces) else {}


def _message(diagnostic: Diagnostic, shown: Excerpts) -> str:
    return _plain(said(diagnostic, shown))


def _plain(text: str) -> str:
    """``text`` without what SARIF takes for a link in it (section 3.11.6)."""
    return text.replace("](", "] (")


def _provenance() -> Value:
    found = provenance(os.environ)
    return {} if found is None else {"versionControlProvenance": [found]}


def utf16_units(text: str) -> int:
    """How many code units of UTF-16 a text takes."""
    return len(text) + sum(character > "\uffff" for character in text)
