"""The rules of a run as SARIF describes them."""

from __future__ import annotations

from devbox_lint.diagnostics import DOCUMENTATION, Severity
from devbox_lint.engine import INTERNAL_ERROR
from devbox_lint.reports import FAILURE, Run
from devbox_lint.rule import Rule
from devbox_lint.rule_pages import parts

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
    rules = [_descriptor(rule) for rule in run.rules]
    codes = {diagnostic.code for result in run.results for diagnostic in result.diagnostics}
    if INTERNAL_ERROR in codes:
        rules.insert(0, _internal_error())
    return rules


def _descriptor(rule: Rule) -> Value:
    what, why, repair = parts(rule)
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
