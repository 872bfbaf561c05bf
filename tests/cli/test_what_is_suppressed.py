"""What is not reported is counted, and whoever audits can see it all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from command_line import lint

PAT = "hunter2-of-the-build"
FILE = f"""\
$schema: "1.0" # devbox-lint: ignore[missing-image] the base team adds it
name: web
tasks:
  - name: ~/gitclone
    description: clone
    displayName: clone
    parameters:
      repositoryUrl: https://example.org/a.git
      pat: {PAT} # devbox-lint: ignore[plaintext-pat] the old server takes no other
"""
CHOSEN = ("--select", "DBX101,DBX401")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "imagedefinition.yaml").write_text(FILE, "utf-8")
    return tmp_path


def without_comments(folder: Path) -> None:
    lines = [line.partition(" # ")[0] for line in FILE.splitlines()]
    (folder / "imagedefinition.yaml").write_text("\n".join(lines) + "\n", "utf-8")


def codes(folder: Path, *arguments: str, **variables: str) -> list[str]:
    done = lint(folder, "check", "--output-format", "json-v1", *arguments, **variables)
    assert done.code != 2, done.err
    return [item["code"] for item in json.loads(done.out)]


@pytest.mark.parametrize("form", ["text", "concise", "github", "azure"])
def test_the_summary_counts_what_comments_suppress(folder: Path, form: str) -> None:
    done = lint(folder, *CHOSEN, "--output-format", form)

    assert (done.code, done.out) == (0, "no problems found in 1 file; 2 suppressed by comments\n")


def test_the_old_json_counts_for_each_file_what_is_suppressed(folder: Path) -> None:
    (folder / "task.yaml").write_text("name: x\n", "utf-8")

    [entry] = json.loads(lint(folder, *CHOSEN, "--output-format", "json-v1").out)

    assert (entry["code"], entry["severity"], entry["filename"]) == ("suppressed", "info", "imagedefinition.yaml")
    assert entry["suppressed"] == {"comments": 2, "baseline": 0}


def test_json_has_what_is_suppressed_apart(folder: Path) -> None:
    done = lint(folder, *CHOSEN, "--output-format", "json")

    report = json.loads(done.out)
    assert report["diagnostics"] == []
    assert [(item["by"], item["code"], item["location"]["row"]) for item in report["suppressed"]] == [
        ("comment", "DBX101", 1),
        ("comment", "DBX401", 9),
    ]
    assert PAT not in done.out


def sarif(folder: Path, *arguments: str, **variables: str) -> dict[str, Any]:
    done = lint(folder, "--select", "DBX101,DBX401,DBX113", "--output-format", "sarif", *arguments, **variables)
    assert PAT not in done.out
    (run,) = json.loads(done.out)["runs"]
    return dict(run)


def test_sarif_has_what_is_suppressed_as_such(folder: Path) -> None:
    run = sarif(folder)

    assert [(one["ruleId"], one["suppressions"]) for one in run["results"]] == [
        ("DBX101", [{"kind": "inSource"}]),
        ("DBX401", [{"kind": "inSource"}]),
    ]
    assert run["properties"] == {"suppressed": {"comments": 2, "baseline": 0}}
    without_comments(folder)
    lint(folder, "--select", "DBX401", "--baseline", "known.jsonl", "--write-baseline")
    run = sarif(folder, "--baseline", "known.jsonl")
    assert [(one["ruleId"], one["suppressions"]) for one in run["results"]] == [
        ("DBX101", []),
        ("DBX401", [{"kind": "external"}]),
    ]
    assert run["properties"] == {"suppressed": {"comments": 0, "baseline": 1}}


def test_code_scanning_of_github_gets_no_result_that_it_would_open_an_alert_for(folder: Path) -> None:
    run = sarif(folder, GITHUB_ACTIONS="true")

    assert run["results"] == []
    assert run["properties"] == {"suppressed": {"comments": 2, "baseline": 0}}


def test_nothing_says_anything_of_suppressions_where_there_are_none(folder: Path) -> None:
    without_comments(folder)

    assert not any("suppressions" in one for one in sarif(folder)["results"])


def test_a_cached_run_counts_the_same(folder: Path) -> None:
    (folder / "b").mkdir()
    (folder / "b" / "imagedefinition.yaml").write_text(FILE, "utf-8")
    variables = {"DEVBOX_LINT_CACHE_DIR": str(folder.parent / "cache")}

    first, second = (lint(folder, *CHOSEN, **variables) for _ in range(2))

    assert first == second
    assert second.out == "no problems found in 2 files; 4 suppressed by comments\n"
    assert codes(folder, *CHOSEN, "--no-ignores", **variables) == ["DBX101", "DBX401"] * 2
    assert codes(folder, *CHOSEN, **variables) == ["suppressed"] * 2


def test_an_audit_heeds_no_comment(folder: Path) -> None:
    assert codes(folder, *CHOSEN) == ["suppressed"]
    assert codes(folder, *CHOSEN, "--no-ignores") == ["DBX101", "DBX401"]


@pytest.mark.parametrize(
    "settings",
    [
        'ignore = ["DBX101", "DBX4"]',
        'exclude = ["imagedefinition.yaml"]',
        'exclude = ["*"]',
        'select = ["DBX113"]',
        '[severities]\nALL = "off"',
        '[severities]\nALL = "info"',
        '[per-file-ignores]\n"**" = ["ALL"]',
        'fail-on = "never"',
        'baseline = "known.jsonl"',
    ],
)
@pytest.mark.parametrize("name", ["devbox-lint.toml", ".devbox-lint.toml"])
def test_an_audit_heeds_no_setting_of_the_repository_that_leaves_anything_out(
    folder: Path, settings: str, name: str
) -> None:
    without_comments(folder)
    lint(folder, "--baseline", "known.jsonl", "--write-baseline")
    plain = lint(folder, "check", "--isolated", ".")
    path = folder / name
    path.write_text(settings, "utf-8")

    audited = lint(folder, "check", "--no-ignores", ".")
    assert lint(folder, "check", ".") != plain
    assert audited == plain
    assert audited.code == 1
    # What the operator says holds.
    assert lint(folder, "check", "--no-ignores", "--config", str(path), ".") == lint(folder, "check", ".")


@pytest.mark.parametrize("other", [("--baseline", "x"), ("--baseline", "x", "--write-baseline"), ("--add-ignores",)])
def test_an_audit_writes_and_reads_no_suppression(folder: Path, other: tuple[str, ...]) -> None:
    done = lint(folder, "check", "--no-ignores", *other)

    assert (done.code, done.out) == (2, "")
    assert "`--no-ignores` shows what baselines and comments suppress" in done.err


def test_hidden_credentials_are_named_to_those_who_ask(folder: Path) -> None:
    assert codes(folder, *CHOSEN, "--extend-select", "DBX905") == ["suppressed", "DBX905"]
    done = lint(folder, *CHOSEN, "--extend-select", "DBX905", "--output-format", "concise")
    assert "imagedefinition.yaml:9:12: info: DBX905" in done.out
    assert "a comment hides a credential here: `plaintext-pat`" in done.out
    assert PAT not in done.out
    without_comments(folder)
    lint(folder, *CHOSEN, "--baseline", "known.jsonl", "--write-baseline")
    done = lint(folder, *CHOSEN, "--extend-select", "DBX905", "--baseline", "known.jsonl")
    assert "the baseline hides a credential here: `plaintext-pat`" in done.out
    assert done.out.count("info[suppressed-credential]") == 1
    assert PAT not in done.out


@pytest.mark.parametrize(
    ("comment", "holds"),
    [
        ("ignore[missing-image] the base team adds it", True),
        ("ignore-file[missing-image] because", True),
        ("ignore[missing-image] until=2999-12-31 waiting", True),
        ("ignore[missing-image]", False),
        ("ignore-file[missing-image]", False),
        ("ignore[missing-image] ...", False),
        ("ignore[missing-image] until=2999-12-31", False),
        ("ignore[missing-image, unknown-rule-in-suppression]", False),
    ],
)
def test_a_comment_without_the_reason_that_settings_ask_for_does_not_hold(
    tmp_path: Path, comment: str, holds: bool
) -> None:
    chosen = ("--select", "DBX101,DBX901,DBX902")
    (tmp_path / "imagedefinition.yaml").write_text(f"name: web # devbox-lint: {comment}\n", "utf-8")
    assert codes(tmp_path, *chosen) == (["suppressed"] if "unknown" not in comment else ["suppressed", "DBX901"])
    (tmp_path / "devbox-lint.toml").write_text("require-reason = true\n", "utf-8")

    assert codes(tmp_path, *chosen) == (["suppressed"] if holds else ["DBX101", "DBX902"])


def test_comments_are_not_written_without_the_reason_that_settings_ask_for(tmp_path: Path) -> None:
    (tmp_path / "imagedefinition.yaml").write_text("name: web\n", "utf-8")
    (tmp_path / "devbox-lint.toml").write_text("require-reason = true\n", "utf-8")

    refused = lint(tmp_path, "--select", "DBX101", "--add-ignores")
    written = lint(tmp_path, "--select", "DBX101", "--add-ignores", "--reason", "the base team adds it")

    assert (refused.code, written.code) == (2, 0)
    assert "write one after `--reason`" in refused.err
