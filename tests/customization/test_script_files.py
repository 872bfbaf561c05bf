"""Script files: which are ours, how they are read, and that all that holds for a file of ours holds for them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from command_line import lint as run_cli
from devbox_lint.customization.catalog import Catalog
from devbox_lint.customization.kinds import Kind
from devbox_lint.engine import check
from devbox_lint.run.add_ignores import suppress
from devbox_lint.source import SourceFile
from devbox_lint_rules import RULES
from doubles import GivenFiles

TASK = "name: own\ncommand: ./main.ps1\n"
DEPLOYED = "C:\\ProgramData\\Microsoft\\DevBoxAgent\\ImageDefinitions\\cat\\web\\scripts\\main.ps1"
REBOOT = "# first\nRestart-Computer -Force\n"


def kind_of(path: str, files: dict[str, str]) -> Kind | None:
    source = SourceFile(path, files.get(path, REBOOT))
    return check(source, (), catalog=Catalog(GivenFiles(files))).kind


@pytest.mark.parametrize(
    ("owner", "text", "script"),
    [
        ("t/task.yaml", TASK, "t/main.ps1"),
        ("t/task.yaml", "name: own\ncommand: .\\MAIN.PS1 -A {{a}}\n", "t/Main.ps1"),
        (
            "t/task.yaml",
            "name: own\ncommand: powershell -NoProfile -File scripts/main.ps1 -A 1\n",
            "t/scripts/main.ps1",
        ),
        ("t/task.yaml", "name: own\ncommand: |\n  cmd /c x\n  & './deep/er/main.ps1'\n", "t/deep/er/main.ps1"),
        (
            "web/imagedefinition.yaml",
            f"name: web\nimage: a\ntasks:\n  - name: ~/powershell\n    parameters:\n      script: {DEPLOYED}\n",
            "web/scripts/main.ps1",
        ),
        (
            "web/imagedefinition.yaml",
            f"name: web\nimage: a\ntasks:\n  - name: powershell\n    parameters:\n      command: '& {DEPLOYED} -A'\n",
            "web/scripts/main.ps1",
        ),
        (
            "me/workload.yaml",
            "$schema: 1.0\nuserTasks:\n  - name: ~/powershell\n    parameters:\n      script: ./main.ps1\n",
            "me/main.ps1",
        ),
    ],
)
def test_a_script_that_a_file_of_ours_runs_is_ours(owner: str, text: str, script: str) -> None:
    assert kind_of(script, {owner: text, script: REBOOT}) is Kind.SCRIPT


@pytest.mark.parametrize(
    "files",
    [
        {"t/main.ps1": REBOOT},
        {"t/task.yaml": "name: own\ncommand: ./other.ps1\n", "t/main.ps1": REBOOT},
        {"u/task.yaml": TASK, "t/main.ps1": REBOOT},
        {"t/task.yaml": "name: own\ncommand: ../main.ps1\n", "t/main.ps1": REBOOT},
        # A workflow of another product.
        {"t/build.yaml": "steps:\n  - run: ./main.ps1\n", "t/main.ps1": REBOOT},
        # Of the same name, from elsewhere.
        {"t/task.yaml": "name: own\ncommand: C:\\main.ps1\n", "t/main.ps1": REBOOT},
    ],
)
def test_any_other_script_is_none_of_ours(files: dict[str, str]) -> None:
    assert kind_of("t/main.ps1", files) is None


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "t"
    folder.mkdir()
    (tmp_path / ".git").mkdir()
    (folder / "task.yaml").write_text(f"$schema: '1.0'\n{TASK}", encoding="utf-8")
    (folder / "main.ps1").write_text(REBOOT, encoding="utf-8")
    return tmp_path


def codes(folder: Path, *arguments: str) -> list[tuple[str, int, int, str]]:
    done = run_cli(folder, "check", "--no-cache", "--output-format", "json", *arguments)
    return [
        (Path(item["filename"]).name, item["location"]["row"], item["location"]["column"], item["code"])
        for item in json.loads(done.out)["diagnostics"]
    ]


@pytest.mark.parametrize("named", [".", "t", "t/main.ps1"])
def test_a_script_is_found_in_a_folder_and_by_its_name(repository: Path, named: str) -> None:
    assert codes(repository, named) == [("main.ps1", 2, 1, "DBX708")]


def test_a_named_script_that_nothing_runs_is_told_apart_from_a_clean_one(repository: Path) -> None:
    (repository / "t/other.ps1").write_text(REBOOT, encoding="utf-8")

    done = run_cli(repository, "check", "t/other.ps1")

    assert done.code == 0
    assert "other.ps1" in done.err
    assert run_cli(repository, "check", "--quiet", "--kind", "script", "t/other.ps1").code == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encodings_of_powershell_are_read_and_written_back(repository: Path, encoding: str) -> None:
    path = repository / "t/main.ps1"
    data = "# grün\r\nStart-Process a –Wait\r\n".encode(encoding)
    path.write_bytes(data)

    found = codes(repository, "t/main.ps1")
    run_cli(repository, "check", "--fix", "--no-cache", "t/main.ps1")

    if encoding == "cp1252":
        # Which code page it is nobody knows, so that nothing is said of its characters.
        assert found == []
        assert path.read_bytes() == data
    else:
        assert ("main.ps1", 2, 17, "DBX008") in found
        assert path.read_bytes() == data.decode(encoding).replace("–", "-").encode(encoding)


def silent(text: str) -> bool:
    files = {"t/task.yaml": TASK, "t/main.ps1": text}
    result = check(SourceFile("t/main.ps1", text), RULES, catalog=Catalog(GivenFiles(files)))
    return not result.diagnostics


def test_comments_of_the_script_suppress() -> None:
    assert not silent("Restart-Computer\n")
    assert silent("Restart-Computer  # devbox-lint: ignore[DBX708] known\n")
    assert silent("# devbox-lint: ignore[interactive-or-reboot]\n\n# more\nRestart-Computer\n")
    assert silent("# devbox-lint: ignore-file[DBX708]\nGet-Date\nRestart-Computer\n")
    # In a string it is text, and on another line about something else.
    assert not silent("'# devbox-lint: ignore-file[DBX708]'\nRestart-Computer\n")
    assert not silent("Get-Date # devbox-lint: ignore[DBX708]\nRestart-Computer\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Restart-Computer\n", "Restart-Computer  # devbox-lint: ignore[interactive-or-reboot] known\n"),
        (
            "if ($x) {\n  Restart-Computer `\n    -Force\n}\n",
            "if ($x) {\n  # devbox-lint: ignore[interactive-or-reboot] known\n  Restart-Computer `\n    -Force\n}\n",
        ),
    ],
)
def test_a_comment_that_suppresses_changes_nothing_of_what_the_script_does(before: str, after: str) -> None:
    files = {"t/task.yaml": TASK, "t/main.ps1": before}
    source = SourceFile("t/main.ps1", before)
    result = check(source, RULES, catalog=Catalog(GivenFiles(files)))

    assert suppress(source, result.diagnostics, "known").text == after
    assert silent(after)


def test_a_file_that_is_said_to_be_a_script_has_its_comments_where_a_script_has_them(repository: Path) -> None:
    """To YAML the two lines are one plain value, whose comment would stand at its end."""
    (repository / "run.yaml").write_text("Wirte-Host a\nGet-Date\n", encoding="utf-8")

    done = run_cli(repository, "check", "--no-cache", "--kind", "script", "--add-ignores", "run.yaml")

    assert (repository / "run.yaml").read_text(encoding="utf-8") == (
        "Wirte-Host a  # devbox-lint: ignore[unknown-cmdlet]\nGet-Date\n"
    ), done.out
    assert run_cli(repository, "check", "--no-cache", "--kind", "script", "run.yaml").code == 0


def test_a_secret_in_a_comment_is_found_once_and_shown_never(repository: Path) -> None:
    token = "ghp_" + "Ab3dEf6hIj9lMn2pQr5tUv8xYz1bCd4fGh7j"
    (repository / "t/main.ps1").write_text(f"<#\n  {token}\n#>\n# {token}\n'{token}'\n", encoding="utf-8")

    done = run_cli(repository, "check", "--no-cache", "t/main.ps1")

    assert token not in done.out + done.err
    found = codes(repository, "t/main.ps1")
    assert len(found) == len(set(found))


def test_a_kept_result_is_used_no_more_when_nothing_runs_the_script(repository: Path, tmp_path: Path) -> None:
    cached = ("check", "--output-format", "concise", ".")
    subprocess.run(["touch", "-d", "1 hour ago", "t/main.ps1", "t/task.yaml"], cwd=repository, check=True)

    first = run_cli(repository, *cached)
    again = run_cli(repository, *cached)
    (repository / "t/task.yaml").write_text("$schema: '1.0'\nname: own\ncommand: Get-Date\n", encoding="utf-8")
    last = run_cli(repository, *cached)

    assert first.out == again.out
    assert "DBX708" in first.out
    assert "DBX708" not in last.out
