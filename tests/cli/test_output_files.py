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
    (folder / "reports" / "new").mkdir(parents=True)
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
    assert re.search("no such file or folder: (?:`|<code>)nowhere\\.yaml", written)
    if name == "junit":
        assert ElementTree.fromstring(written).get("errors") == "1"
    if name == "sarif":
        assert json.loads(written)["runs"][0]["invocations"][0]["executionSuccessful"] is False


def test_a_report_that_cannot_be_written_hides_no_other(folder: Path) -> None:
    (folder / "taken").mkdir()

    done = lint(folder, *ONLY, "--output", "sarif:taken", "--output", "junit:lint.xml")

    assert done.code == 2
    assert "DBX101" in done.out
    assert done.err == "devbox-lint: error: cannot write `taken`: it is a folder\n"
    assert "DBX101" in (folder / "lint.xml").read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--output", "sarif"), "write a file after `sarif:`"),
        (("--output", "sarif:"), "write a file after `sarif:`"),
        (("--output", "sarif:-"), "for standard output there is --output-format"),
        (("--output", "lint.sarif"), "`lint.sarif` is not a format: write one of text, concise, json, json-v1"),
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


def refused(folder: Path, path: str, *arguments: str) -> str:
    """Why no report is written to a path; the other report is there all the same."""
    done = lint(folder, *ONLY, "--output", f"text:{path}", *arguments)

    assert done.code == 2
    assert "DBX101" in done.out
    [said] = [line for line in done.err.splitlines() if "error" in line]
    return said.removeprefix(f"devbox-lint: error: cannot write `{path}`: ")


def test_a_link_of_the_repository_leads_no_report_elsewhere(folder: Path) -> None:
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "precious").write_text("old", "utf-8")
    link(folder / "report.txt", outside / "precious")
    link(folder / "new.txt", outside / "new")
    link(folder / "reports", outside)

    assert refused(folder, "report.txt") == (
        "it is a link, which may be the repository's: name the file that it leads to"
    )
    assert refused(folder, "new.txt").startswith("it is a link")
    assert refused(folder, "reports/precious").startswith("`reports` is a link")
    assert (outside / "precious").read_text("utf-8") == "old"
    assert sorted(os.listdir(outside)) == ["precious"]


def test_nor_does_a_link_in_a_repository_that_one_is_outside_of(folder: Path) -> None:
    (folder / "repository" / ".git").mkdir(parents=True)
    link(folder / "repository" / "out", folder.parent)
    here = folder / "here"
    here.mkdir()

    done = lint(here, *ONLY, str(folder), "--output", f"text:{folder / 'repository' / 'out' / 'x'}")

    assert "is a link" in done.err
    assert not (folder.parent / "x").exists()


def test_a_link_outside_of_a_repository_is_whoevers_machine_it_is(folder: Path) -> None:
    (folder / "inner").mkdir()
    link(folder / "to-inner", folder / "inner")
    (folder / "inner" / "imagedefinition.yaml").write_text(GOOD, "utf-8")

    done = lint(folder / "inner", *ONLY, ".", "--output", f"text:{folder / 'to-inner' / 'x'}")

    assert done.code == 0, done.err
    assert (folder / "inner" / "x").exists()


def test_a_file_that_is_checked_is_not_written_over(folder: Path) -> None:
    before = (folder / BAD).read_bytes()
    (folder / "known.jsonl").write_text("", "utf-8")
    os.link(folder / BAD, folder / "same")

    assert refused(folder, BAD) == "this run reads it"
    assert refused(folder, "same") == "this run reads it"
    assert refused(folder, "known.jsonl", "--baseline", "known.jsonl") == "this run reads it"
    assert (folder / BAD).read_bytes() == before


def test_a_folder_that_is_not_there_is_not_made(folder: Path) -> None:
    assert refused(folder, "reports/x") == "there is no folder `reports`: create it first"
    assert not (folder / "reports").exists()


@needs_posix
def test_pipes_and_devices_are_not_written_to(folder: Path) -> None:
    os.mkfifo(folder / "pipe")

    assert refused(folder, "pipe").startswith("it is a pipe or a device")
    assert refused(folder, "/dev/null").startswith("it is a pipe or a device")


def test_a_baseline_is_not_written_through_a_link(folder: Path) -> None:
    link(folder / "known.jsonl", folder.parent / "elsewhere")

    done = lint(folder, *ONLY, "--baseline", "known.jsonl", "--write-baseline")

    assert done.code == 2
    assert "cannot write the baseline `known.jsonl`: it is a link" in done.err
    assert not (folder.parent / "elsewhere").exists()


def link(path: Path, target: Path) -> None:
    try:
        path.symlink_to(target)
    except OSError:
        pytest.skip("no links here")


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
