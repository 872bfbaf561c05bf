"""What docs/roll-out.md says can be done: its commands on repositories, its settings, the workflow that it names."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from command_line import NO_IMAGE, ROOT, ROOTS, lint
from devbox_lint.cli.starters import starter
from devbox_lint.customization.kinds import Kind
from devbox_lint.engine import check
from devbox_lint.source import SourceFile
from devbox_lint_rules import every_rule

PAGE = (ROOT / "docs" / "roll-out.md").read_text("utf-8")
WORKFLOW = (ROOT / ".github" / "workflows" / "check.yml").read_text("utf-8")


def block(marker: str) -> str:
    found = re.search(rf"<!-- {re.escape(marker)} -->\n```\w+\n(.*?)```\n", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, text=True)
    return done.stdout


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt" or shutil.which("git") is None, reason="the commands are for a POSIX shell and git")
def test_one_pull_request_a_repository(tmp_path: Path) -> None:
    names = ("contoso/web", "contoso/none", "fabrikam/tools")
    for name in (names[0], names[2]):
        (tmp_path / "there" / name).mkdir(parents=True)
        (tmp_path / "there" / name / "imagedefinition.yaml").write_text(NO_IMAGE.replace("1.0", '"1.0"'), "utf-8")
        git(tmp_path / "there" / name, "init", "--quiet")
        git(tmp_path / "there" / name, "add", ".")
        git(tmp_path / "there" / name, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "begin")
    (tmp_path / "repositories.txt").write_text("".join(f"{name}\n" for name in names), "utf-8")
    programs = tmp_path / "programs"
    programs.mkdir()
    asked = tmp_path / "asked"
    for name, script in (
        ("devbox-lint", f"exec env PYTHONPATH='{ROOTS}' '{sys.executable}' -P -m devbox_lint \"$@\""),
        ("gh", f"echo \"$@\" >> '{asked}'"),
    ):
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    variables = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{tmp_path}/there/.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/",
        **{f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }
    done = subprocess.run(
        ["sh", "-c", block("roll-out")], cwd=tmp_path, env=variables, capture_output=True, text=True, timeout=120
    )

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "failed.txt").read_text() == "contoso/none\n"
    assert asked.read_text() == "pr create --fill --head devbox-lint\n" * 2
    changed = git(tmp_path / "there" / names[0], "diff", "--name-only", "HEAD", "devbox-lint").split()
    assert changed == [
        ".pre-commit-config.yaml",
        ".vscode/extensions.json",
        "devbox-lint-baseline.jsonl",
        "devbox-lint.toml",
    ]
    checked = lint(tmp_path / "clones" / names[2], "check")
    assert (checked.code, "no new problems found" in checked.out) == (0, True)


@pytest.mark.parametrize("marker", ["roll-out on Windows", "reports on Windows"])
def test_the_commands_for_windows_are_powershell_5_1(marker: str) -> None:
    rules = [rule.load() for rule in every_rule() if rule.code in ("DBX711", "DBX713", "DBX715", "DBX716", "DBX717")]

    assert check(SourceFile("roll-out.ps1", block(marker)), rules, Kind.SCRIPT).diagnostics == ()


def test_the_commands_for_windows_do_the_same() -> None:
    def commands(text: str) -> list[str]:
        return [words.strip() for words in re.findall(r"(?:git|devbox-lint|gh) [a-z][^&}\n<;]*", text)]

    assert commands(block("roll-out on Windows")) == commands(block("roll-out"))


def test_the_policy_holds(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(block("policy"), "utf-8")
    (tmp_path / "imagedefinition.yaml").write_text(NO_IMAGE, "utf-8")

    done = lint(tmp_path, "check", "--config", "policy.toml")

    assert (done.code, done.err) == (1, "")


@pytest.mark.parametrize("marker", ["reusable", "extended", "extending"])
def test_the_pipelines_are_yaml(marker: str) -> None:
    assert YAML(typ="safe").load(block(marker))


def test_what_it_passes_on_are_inputs_of_the_workflow() -> None:
    inputs = YAML(typ="safe").load(WORKFLOW.replace("\non:", "\n'on':"))["on"]["workflow_call"]["inputs"]
    given = YAML(typ="safe").load(block("reusable").replace("\non:", "\n'on':"))["jobs"]["devbox-lint"]

    assert set(given["with"]) <= set(inputs)
    assert given["uses"] == f"devbox-lint/devbox-lint/.github/workflows/check.yml@{starter('commit.txt').strip()}"


@pytest.fixture
def commit() -> str:
    """The commit that all pipelines name."""
    found = starter("commit.txt").strip()
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("there is no history")
    if subprocess.run(["git", "-C", str(ROOT), "cat-file", "-e", found], capture_output=True).returncode:
        pytest.skip("the history does not go so far back")
    return found


def test_the_commit_that_all_name_has_what_installs_it(commit: str) -> None:
    for path in ("action.yml", "packaging/install.sh", "requirements/run.txt"):
        git(ROOT, "cat-file", "-e", f"{commit}:{path}")


def test_the_commit_that_all_name_knows_the_formats_that_they_ask_for(commit: str) -> None:
    texts = [starter(name, branch="main") for name in ("github.yml", "azure-steps.yml", "gitlab.yml")]
    asked = {
        name
        for text in (*texts, WORKFLOW)
        for name in re.findall(r"--output(?:-format)?[ =]\"?([a-z][a-z0-9-]*)", text)
    }

    assert {"azure", "sarif", "gitlab"} <= asked
    assert (
        asked - set(re.findall(r'"([a-z0-9-]+)"', git(ROOT, "show", f"{commit}:linter/devbox_lint/run/options.py")))
        == set()
    )
