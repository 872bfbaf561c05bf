"""What README, CONTRIBUTING and the documentation say is so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from devbox_lint.engine import check
from devbox_lint.source import SourceFile
from devbox_lint_rules import RULES

TOP = Path(__file__).parent.parent.parent
README = (TOP / "README.md").read_text("utf-8")
ENVIRONMENT = os.environ | {
    "PYTHONPATH": os.pathsep.join(str(TOP / root) for root in ("linter", "rules", "lsp")),
    "PYTHONIOENCODING": "utf-8",
}
OWN = re.compile("https://(?:github|raw.githubusercontent).com/devbox-lint/devbox-lint/(?:(?:blob|tree)/)?main/")
DOCUMENTS = sorted([*TOP.glob("*.md"), *TOP.glob("docs/*.md"), *TOP.glob("docs/ci/*.md"), *TOP.glob("docs/rules/*.md")])


def block(marker: str) -> str:
    """The fenced block of the README after ``<!-- marker -->``."""
    match = re.search(rf"<!-- {re.escape(marker)} -->\n```\w*\n(.*?)\n```\n", README, re.DOTALL)
    assert match is not None, f"README.md has no block after <!-- {marker} -->"
    return match[1]


def run(*arguments: str, folder: Path = TOP) -> subprocess.CompletedProcess[str]:
    """Run devbox-lint as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "devbox_lint", *arguments],
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env=ENVIRONMENT,
    )


def test_the_output_in_the_readme_is_what_the_program_prints() -> None:
    done = run("examples")
    assert done.returncode == 1

    printed = done.stdout
    for shown in block("output of: devbox-lint examples").split("\n...\n"):
        assert f"{shown}\n" in printed
        printed = printed.split(f"{shown}\n", 1)[1]
    assert printed == "", "the last lines in the README are not the last that are printed"


def test_the_bad_examples_have_many_mistakes_and_no_secret_is_printed() -> None:
    done = run("--output-format", "concise", "examples/bad")

    assert done.returncode == 1
    assert len(set(re.findall(r"DBX\d{3}", done.stdout))) >= 12
    assert "Passw0rd" not in run("examples/bad").stdout


def test_the_good_examples_have_none_at_all() -> None:
    done = run("--fail-on", "info", "examples/good")

    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "no problems found in 4 files; 2 suppressed by comments\n",
        "",
    )


def test_both_sides_of_the_examples_have_the_same_files() -> None:
    good, bad = (
        {path.relative_to(TOP / "examples" / side) for path in (TOP / "examples" / side).rglob("*.*")}
        for side in ("good", "bad")
    )

    assert good == bad


@pytest.mark.parametrize("marker", ["try", "test", "pre-commit"])
def test_ci_takes_what_it_runs_from_the_readme(marker: str) -> None:
    assert block(marker)
    assert f"$(block_of_readme {marker})" in (TOP / ".ci" / "run").read_text("utf-8")


@pytest.mark.parametrize("marker", ["try", "test"])
def test_the_commands_for_windows_do_the_same_and_are_powershell_5_1(marker: str) -> None:
    def steps(text: str) -> list[str]:
        text = re.sub(r'"slow or not slow"', '""', text.replace("py -m venv", "python3 -m venv"))
        text = re.sub(r"\.venv(?:/bin/|\\Scripts\\)(?:python -m )?", "", text)
        return [step.strip() for step in re.split(r"&&|;|\n", text) if step.strip()]

    script = block(f"{marker} on Windows")
    indented = "".join(f"        {line}\n" for line in script.splitlines())
    text = f"userTasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n{indented}"

    assert steps(script) == steps(block(marker))
    assert [
        one
        for one in check(SourceFile("workload.yaml", text), RULES).diagnostics
        if one.code in ("DBX711", "DBX713", "DBX717")
    ] == []


def test_the_options_in_the_readme_are_those_of_the_program() -> None:
    table = README.split("### Options\n")[1].split("### ")[0]
    named = set(re.findall(r"`(--[a-z-]+)`", table))

    assert named - {"--help"} == set(re.findall(r"(--[a-z-]+)", run("check", "--help").stdout)) - {"--help"}


def test_the_comments_in_the_readme_suppress_what_they_name() -> None:
    text = block("suppressions")
    codes = {"DBX107", "DBX117", "DBX314"}

    def found(text: str) -> set[str]:
        source = SourceFile("imagedefinition.yaml", text)
        return {diagnostic.code for diagnostic in check(source, [r for r in RULES if r.default]).diagnostics}

    assert found(text) == set()
    assert found(re.sub(r" *#.*", "", text)) == codes


def test_the_hook_in_the_readme_exists() -> None:
    hooks = (TOP / ".pre-commit-hooks.yaml").read_text("utf-8")
    named = re.findall(r"^ +- id: (\S+)$", block("pre-commit"), re.MULTILINE)

    assert named
    assert set(named) <= set(re.findall(r"^- id: (\S+)$", hooks, re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(TOP).as_posix())
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    text = re.sub(r"^```.*?^```", "", document.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text)]
    local = [document.parent / target for target in targets if target and "://" not in target]
    # As README has them, which is read on PyPI too.
    local += [TOP / target[len(found[0]) :] for target in targets if (found := OWN.match(target))]

    assert [target for target in local if not target.exists()] == []


def test_the_links_of_the_readme_lead_somewhere_from_pypi_too() -> None:
    assert [target for target in re.findall(r"\]\(([^)\s]+)\)", README) if not target.startswith("https://")] == []


def test_the_settings_in_the_readme_are_settings(tmp_path: Path) -> None:
    (tmp_path / "catalog" / "setup").mkdir(parents=True)
    (tmp_path / "catalog" / "setup" / "task.yaml").write_text("name: setup\ncommand: echo hello\n", "utf-8")
    (tmp_path / "devbox-lint.toml").write_text(block("settings"), "utf-8")
    (tmp_path / "imagedefinition.yaml").write_text("name: web\nimage: gallery/web@1.0.0\n", "utf-8")

    done = run("imagedefinition.yaml", folder=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
