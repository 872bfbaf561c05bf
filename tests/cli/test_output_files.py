"""`--output`: reports written to files beside the one on standard output."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from command_line import BAD, GOOD, ONLY, environment, lint, team_folder
from devbox_lint.run.options import FORMATS

needs_posix = pytest.mark.skipif(os.name == "nt", reason="not on Windows")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return team_folder(tmp_path)


def test_one_run_writes_all_formats(folder: Path) -> None:
    outputs = [part for name in FORMATS for part in ("--output", f"{name}:reports/new/{name}")]

    done = lint(folder, *ONLY, *outputs)

    assert done.code == 1
    assert done.out.startswith("DBX101 error")
    written = folder / "reports" / "new"
    assert sorted(os.listdir(written)) == sorted(FORMATS)
    for name in FORMATS:
        assert "DBX101" in (written / name).read_text("utf-8")
    assert (written / "text").read_text("utf-8") == done.out


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_is_what_standard_output_would_be(folder: Path, name: str) -> None:
    lint(folder, *ONLY, "--output", f"{name}:report")

    assert (folder / "report").read_text("utf-8") == lint(folder, *ONLY, "--output-format", name).out


def test_a_report_replaces_the_one_before(folder: Path) -> None:
    (folder / "lint.sarif").write_text("old" * 100_000)

    lint(folder, *ONLY, "--output", "sarif:lint.sarif")

    assert json.loads((folder / "lint.sarif").read_text())["version"] == "2.1.0"
    assert not list(folder.glob(".devbox-lint-*"))


@pytest.mark.parametrize("name", FORMATS)
def test_what_could_not_be_checked_is_in_every_format(tmp_path: Path, name: str) -> None:
    (tmp_path / "imagedefinition.yaml").write_text(GOOD)

    done = lint(tmp_path, ".", "nowhere.yaml", "--output", f"{name}:report")

    assert done.code == 2
    written = (tmp_path / "report").read_text("utf-8")
    assert re.search("no such file or folder: `nowhere.yaml`", written)
    if name == "junit":
        assert ElementTree.fromstring(written).get("errors") == "1"
    if name == "sarif":
        assert json.loads(written)["runs"][0]["invocations"][0]["executionSuccessful"] is False


def test_a_report_that_cannot_be_written_hides_no_other(folder: Path) -> None:
    (folder / "taken").mkdir()

    done = lint(folder, *ONLY, "--output", "sarif:taken", "--output", "junit:lint.xml")

    assert done.code == 2
    assert "DBX101" in done.out
    assert done.err == "devbox-lint: error: cannot write `taken`: Is a directory\n"
    assert "DBX101" in (folder / "lint.xml").read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--output", "sarif"), "write a file after `sarif:`"),
        (("--output", "sarif:"), "write a file after `sarif:`"),
        (("--output", "sarif:-"), "for standard output there is --output-format"),
        (("--output", "lint.sarif"), "`lint.sarif` is no format: write one of text, concise, json, sarif"),
        (("--output", "sarif:x", "--output", "json:./x"), "names `x` twice"),
        (("--output", "sarif:x", "--diff"), "`--diff` shows changes instead of a report"),
        (("--statistics", "--output-format", "sarif"), "`--statistics` counts"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_meant_is_refused(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    done = lint(folder, *arguments)

    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert not (folder / "x").exists()


@needs_posix
def test_a_report_may_go_to_a_device(folder: Path) -> None:
    done = lint(folder, *ONLY, "--quiet", "--output-format", "concise", "--output", "gitlab:/dev/stdout")

    assert json.loads(done.out[: done.out.rindex("]") + 1])
    assert done.out.splitlines()[-1].startswith(BAD)


@needs_posix
def test_files_are_written_though_nobody_reads_the_output(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "devbox_lint", *ONLY, "--output", "sarif:lint.sarif"],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        process.wait(60)

    assert "DBX101" in (folder / "lint.sarif").read_text()


def test_rules_that_only_settings_select_are_described_too(folder: Path) -> None:
    (folder / "devbox-lint.toml").write_text('extend-select = ["DBX222"]\n')

    lint(folder, "--output", "sarif:lint.sarif")

    (run,) = json.loads((folder / "lint.sarif").read_text())["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert "DBX222" in [result["ruleId"] for result in run["results"]]
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [result["ruleId"] for result in run["results"]]
