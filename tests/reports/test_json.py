"""The JSON report is what its published schema says, and each property is what its name says."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from command_line import ROOT, environment, lint
from devbox_lint.diagnostics import Failure, Related, Severity, Span
from devbox_lint.reports.json_report import json_report
from devbox_lint.reports.model import Run, left_unchecked
from devbox_lint.results import FileResult
from devbox_lint_rules import RULES
from reports.reporting import URL, diagnostic, fix, result, run
from test_hostile_content import hostile_folder

SCHEMA = ROOT / "linter" / "devbox_lint" / "reports" / "report.schema.json"


@cache
def validator() -> Draft202012Validator:
    """The schema, which takes nothing here but what it names."""
    schema = json.loads(SCHEMA.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)

    def close(part: Any) -> None:
        if isinstance(part, dict):
            if "properties" in part:
                part["additionalProperties"] = False
                assert set(part.get("required", ())) == set(part["properties"])
            for inner in part.values():
                close(inner)
        elif isinstance(part, list):
            for inner in part:
                close(inner)

    close(schema)
    return Draft202012Validator(schema)


def read(text: str) -> dict[str, Any]:
    """A report that the schema takes."""
    assert text.isascii()
    report: dict[str, Any] = json.loads(text)
    assert [f"{error.json_path}: {error.message}" for error in validator().iter_errors(report)] == []
    return report


def test_the_schema_is_printed(tmp_path: Path) -> None:
    assert json.loads(lint(tmp_path, "schema", "report").out) == json.loads(SCHEMA.read_text("utf-8"))


def test_all_that_is_said_of_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.delenv("TF_BUILD", raising=False)
    monkeypatch.delenv("GITLAB_CI", raising=False)
    checked = result(
        "a: 😀é «b»\r\nc: 1\r\n",
        "tëam.yaml",
        help="write c",
        fix=fix(Span(6, 7), "ç", safe=False),
        related=(
            Related(Span(9, 10), "again", same=True),
            Related(Span(9, 10), "here"),
            Related(Span(0, 1), "there", "other.yaml"),
        ),
    )
    rules = [rule for rule in RULES if rule.code == "DBX301"]

    report = read(json_report(Run((checked, result("a: 1\n")), rules=rules, today="2026-12-01")))

    place = {"location": {"row": 1, "column": 7}, "end_location": {"row": 1, "column": 8}}
    second = {"location": {"row": 2, "column": 1}, "end_location": {"row": 2, "column": 2}}
    assert (report["version"], report["date"], report["repository"]) == (2, "2026-12-01", None)
    assert report["files"] == [
        {"filename": "tëam.yaml", "path": "tëam.yaml", "kind": "imagedefinition"},
        {"filename": "imagedefinition.yaml", "path": "imagedefinition.yaml", "kind": "imagedefinition"},
    ]
    assert report["diagnostics"] == [
        {
            "code": "DBX301",
            "name": "malformed-secret-uri",
            "severity": "error",
            "tags": ["references"],
            "message": "the message",
            "help": "write c",
            "url": URL,
            "filename": "tëam.yaml",
            "kind": "imagedefinition",
            **place,
            "spans": [place, second],
            "related": [
                {"message": "here", "filename": "tëam.yaml", **second},
                {"message": "there", "filename": "other.yaml", "location": None, "end_location": None},
            ],
            "fix": {
                "applicability": "unsafe",
                "message": "write it right",
                "edits": [{**place, "content": "ç"}],
            },
        }
    ]
    assert report["suppressed"] == report["not_checked"] == report["failures"] == []


@pytest.mark.parametrize(
    ("code", "tags"),
    [
        ("DBX401", ["credentials", "security"]),
        ("DBX501", ["keyvault", "online"]),
        ("DBX114", ["structure", "deprecated"]),
        ("DBX012", ["syntax", "not-checked"]),
        ("DBX590", ["keyvault", "online", "not-checked"]),
        ("DBX000", []),
    ],
)
def test_tags_say_what_kind_of_finding_it_is(code: str, tags: list[str]) -> None:
    report = read(json_report(Run((result("«a»", code=code),), rules=RULES)))

    assert report["diagnostics"][0]["tags"] == tags


def test_what_is_suppressed_says_by_what() -> None:
    found = diagnostic(Span(0, 1))
    hidden = result("a: 1\n")._replace(suppressed=(found,), recorded=(found, found))

    report = read(json_report(run(hidden)))

    assert report["diagnostics"] == []
    assert [item["by"] for item in report["suppressed"]] == ["comment", "baseline", "baseline"]
    assert report["suppressed"][0]["location"] == {"row": 1, "column": 1}


def test_what_is_left_unchecked_is_neither_clean_nor_a_failure() -> None:
    unchecked = result("a: «1»\n", code="DBX590", severity=Severity.INFO)
    # As where `--severity` hides it.
    shown = unchecked._replace(diagnostics=())

    report = read(json_report(Run((shown,), unchecked=left_unchecked((unchecked,)), strangers=("x.yaml", ""))))

    assert report["diagnostics"] == report["failures"] == []
    assert [(item["code"], item["filename"], item["location"]) for item in report["not_checked"]] == [
        (None, "x.yaml", None),
        (None, "<stdin>", None),
        ("DBX590", "imagedefinition.yaml", {"row": 1, "column": 4}),
    ]


def test_what_failed_is_told_apart() -> None:
    crashed = result("«a»", code="DBX000")._replace(crashes=("Traceback",))

    report = read(
        json_report(Run((crashed,), failures=(Failure("cannot read `##[x]\x1b`", "##[x]\x1b"), Failure("x"))))
    )

    assert report["failures"] == [
        {"message": "cannot read `#\\x23[x]\\x1b`", "filename": "##[x]\x1b"},
        {"message": "x", "filename": None},
        {"message": "the message", "filename": "imagedefinition.yaml"},
    ]


def test_the_repository_is_what_the_pipeline_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://user:secret@github.com")
    monkeypatch.setenv("GITHUB_REPOSITORY", "contoso/web")
    monkeypatch.setenv("GITHUB_SHA", "0" * 40)
    monkeypatch.delenv("GITHUB_REF", raising=False)
    monkeypatch.delenv("TF_BUILD", raising=False)

    report = read(json_report(Run(())))

    assert report["repository"] == {"url": "https://github.com/contoso/web", "revision": "0" * 40, "branch": None}


def test_a_file_that_is_no_file_of_ours_has_no_kind() -> None:
    stale: FileResult = result("«a»", "known.jsonl")._replace(kind=None)

    assert read(json_report(run(stale)))["files"][0]["kind"] is None


def test_a_run_that_the_cache_answers_says_the_same(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "workload.yaml").write_text("$schema: 1.0\nimage: x # devbox-lint: ignore[DBX1]\ntasks:\n")
    cache_folder = {"DEVBOX_LINT_CACHE_DIR": str(tmp_path / "cache")}

    first, second = (lint(tmp_path, "--output-format", "json", **cache_folder).out for _ in range(2))

    assert (tmp_path / "cache").is_dir()
    assert read(first) == read(second)
    assert all(item["tags"] for item in read(second)["diagnostics"])


@pytest.mark.slow
@pytest.mark.parametrize("more", [(), ("missing##[error].yaml", "."), ("--fix", "--unsafe-fixes")])
def test_hostile_files_are_in_a_valid_report(tmp_path: Path, more: tuple[str, ...]) -> None:
    folder = hostile_folder(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "devbox_lint", "--select", "ALL", "--output-format", "json", *more],
        cwd=folder,
        env=environment(),
        capture_output=True,
        timeout=120,
    )

    report = read(done.stdout.decode("ascii"))

    assert len(report["diagnostics"]) > 100
    assert bool(report["failures"]) == bool(more and "--fix" not in more)


def test_the_schema_refuses_what_is_none() -> None:
    report = read(json_report(run(result("«a»"))))
    for change in (
        lambda value: value.pop("failures"),
        lambda value: value["diagnostics"][0].update(severity="fatal"),
        lambda value: value["diagnostics"][0]["location"].update(row=0),
        lambda value: value.update(version=1),
    ):
        broken = copy.deepcopy(report)
        change(broken)
        assert not validator().is_valid(broken)


def test_examples_are_in_a_valid_report() -> None:
    report = read(lint(ROOT, "--no-cache", "--output-format", "json", "examples").out)

    assert {item["filename"].split(os.sep)[0] for item in report["files"]} == {"examples"}
    assert report["suppressed"]
