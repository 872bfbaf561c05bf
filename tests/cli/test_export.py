"""The command `export`: what goes to which stream and file, and what is no customization."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import lint

USER = (
    "$schema: 1.0\nname: mine\nuserTasks:\n  - name: ~/winget\n    parameters: {package: Git.Git}\n"
    "  - name: ours/other\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a/workload.yaml", "b/workload.yaml", "tools.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(USER)
    return tmp_path


def test_the_configuration_is_printed_and_the_report_is_beside_it(folder: Path) -> None:
    result = lint(folder, "export", "tools.yaml")

    assert result.code == 0
    assert result.out.startswith("# yaml-language-server: $schema=https://aka.ms/configuration-dsc-schema/0.2\n")
    assert "tools.yaml: 1 taken over, 1 left out" in result.err
    assert "tools.yaml:6: ours/other: left out" in result.err
    assert lint(folder, "export", "tools.yaml") == result


def test_several_go_into_a_folder_each_under_a_name_of_its_own(folder: Path) -> None:
    files = ("a/workload.yaml", "b/workload.yaml", "tools.yaml")
    result = lint(folder, "export", "--to", "dsc3", "--output", "out", *files)

    assert result.code == 0
    assert result.err == ""
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["a.winget", "b.winget", "tools.winget"]
    assert "metadata:" in (folder / "out" / "a.winget").read_text()
    assert "written to out" in result.out
    assert lint(folder, "out").code == 0


def test_one_goes_into_a_file(folder: Path) -> None:
    assert lint(folder, "export", "--output", "mine.winget", "tools.yaml").code == 0
    assert "Git.Git" in (folder / "mine.winget").read_text()


def test_programs_read_json(folder: Path) -> None:
    (found,) = json.loads(lint(folder, "export", "--output-format", "json", "tools.yaml").out)

    assert found["source"] == "tools.yaml"
    assert not found["complete"]
    assert [(entry["line"], entry["state"], entry["units"]) for entry in found["entries"]] == [
        (4, "taken over", ["Git.Git"]),
        (6, "left out", []),
    ]
    assert "Git.Git" in found["configuration"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "which files?"),
        (("none.yaml",), "cannot read `none.yaml`"),
        (("task.yaml",), "`task.yaml` is neither a team file nor a user customization"),
        (("--to", "chef", "tools.yaml"), "--to"),
    ],
)
def test_what_cannot_be_done_is_said(folder: Path, arguments: tuple[str, ...], message: str) -> None:
    (folder / "task.yaml").write_text("$schema: 1.0\nname: build\ncommand: dir\n")
    result = lint(folder, "export", *arguments)

    assert result.code == 2
    assert message in result.err
    assert "Traceback" not in result.err


def test_nothing_is_to_be_applied_where_nothing_was_taken_over(tmp_path: Path) -> None:
    text = "name: web\nimage: a/b\ntasks:\n  - name: ours/setup\n  - name: ours/winget-tools\n"
    (tmp_path / "imagedefinition.yaml").write_text(text, "utf-8")

    result = lint(tmp_path, "export", "imagedefinition.yaml")

    assert "2 left out" in result.err
    assert "`image` stays behind" in result.err
    assert "run:" not in result.err
    assert "units run as" not in result.err
