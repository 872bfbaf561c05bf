"""The command `init`: what it writes for which repository, what it keeps, and the files it starts."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from command_line import GOOD, environment, lint
from devbox_lint import __version__
from devbox_lint.cli.starters import starter

TASK = "$schema: '1.0'\nname: build\ndescription: Builds\ncommand: dotnet build\n"


def repository(folder: Path, origin: str = "", branch: str = "main") -> Path:
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text(f"ref: refs/heads/{branch}\n", "utf-8")
    if origin:
        text = f'[core]\n\tbare = false\n[remote "origin"]\n\turl = {origin}\n\tfetch = +refs/heads/*\n'
        (folder / ".git" / "config").write_text(text, "utf-8")
    (folder / "imagedefinition.yaml").write_text(GOOD, "utf-8")
    return folder


def files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


ALWAYS = {"imagedefinition.yaml", "devbox-lint.toml", ".pre-commit-config.yaml", ".vscode/extensions.json"}


@pytest.mark.parametrize(
    ("origin", "more"),
    [
        ("https://github.com/contoso/web.git", {".github/workflows/devbox-lint.yml"}),
        ("git@github.contoso.com:team/web", {".github/workflows/devbox-lint.yml"}),
        (
            "https://user:made-up@dev.azure.com/contoso/Web/_git/web",
            {".azure-pipelines/devbox-lint.yml", ".azure-pipelines/azure-steps.yml"},
        ),
        (
            "git@ssh.dev.azure.com:v3/contoso/Web/web",
            {".azure-pipelines/devbox-lint.yml", ".azure-pipelines/azure-steps.yml"},
        ),
        ("ssh://git@gitlab.contoso.com/web.git", {".gitlab-ci.yml"}),
        ("https://example.com/web", set()),
        ("", set()),
    ],
)
def test_it_writes_what_the_service_of_the_remote_needs(tmp_path: Path, origin: str, more: set[str]) -> None:
    result = lint(repository(tmp_path, origin), "init")

    assert (result.code, result.err) == (0, "")
    assert files(tmp_path) == ALWAYS | more
    assert "repository with 1 image definition\n" in result.out
    assert "made-up" not in result.out
    assert ("no CI service recognised" in result.out) is not more


def test_without_a_remote_the_files_of_a_service_tell(tmp_path: Path) -> None:
    (repository(tmp_path) / "azure-pipelines.yml").write_text("steps: []\n", "utf-8")

    assert "Azure Pipelines: there is `azure-pipelines.yml`" in lint(tmp_path, "init", "--dry-run").out
    assert ".github/workflows/devbox-lint.yml" in lint(tmp_path, "init", "--ci", "github", "--dry-run").out
    assert "Pipelines" not in lint(tmp_path, "init", "--ci", "none", "--dry-run").out


def test_what_it_writes_holds(tmp_path: Path) -> None:
    repository(tmp_path, "https://github.com/contoso/web", branch="trunk")
    assert lint(tmp_path, "init").code == 0

    workflow = YAML(typ="safe").load((tmp_path / ".github/workflows/devbox-lint.yml").read_text("utf-8"))
    assert workflow[True if True in workflow else "on"]["push"]["branches"] == ["trunk"]
    assert json.loads((tmp_path / ".vscode/extensions.json").read_text("utf-8"))["recommendations"]
    assert f'required-version = ">={__version__}"' in (tmp_path / "devbox-lint.toml").read_text("utf-8")
    assert lint(tmp_path, "check").code == lint(tmp_path, "check", "--isolated").code


def test_a_second_time_it_writes_nothing(tmp_path: Path) -> None:
    repository(tmp_path, "https://github.com/contoso/web")
    lint(tmp_path, "init")
    before = {path: (tmp_path / path).read_bytes() for path in files(tmp_path)}

    result = lint(tmp_path, "init")

    assert result.out.endswith("nothing to write\n")
    assert {path: (tmp_path / path).read_bytes() for path in files(tmp_path)} == before


def test_a_dry_run_writes_nothing_and_shows_the_same(tmp_path: Path) -> None:
    repository(tmp_path, "https://github.com/contoso/web")
    shown = lint(tmp_path, "init", "--dry-run").out

    assert files(tmp_path) == {"imagedefinition.yaml"}
    head, _, tail = shown.rpartition("--dry-run: ")
    assert tail == "these 4 files would be written\n"
    assert lint(tmp_path, "init").out.startswith(head)


def test_what_is_there_stays_and_what_to_add_is_shown(tmp_path: Path) -> None:
    repository(tmp_path, "https://github.com/contoso/web")
    others = {
        ".pre-commit-config.yaml": "repos: []\n",
        ".vscode/extensions.json": "// ours\n{}\n",
        "pyproject.toml": "[tool.devbox-lint]\n",
        ".github/workflows/ci.yml": "jobs: {lint: {steps: [{run: pipx run devbox-lint}]}}\n",
    }
    for path, text in others.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")

    result = lint(tmp_path, "init")

    assert result.out.endswith("nothing to write\n")
    assert "keep .pre-commit-config.yaml: it is yours, so add to it by hand:\n    repos:\n" in result.out
    assert "keep .vscode/extensions.json: it is yours, so add to it by hand:\n" in result.out
    assert "keep .github/workflows/ci.yml: it runs devbox-lint\n" in result.out
    assert files(tmp_path) == {"imagedefinition.yaml", *others}
    assert all((tmp_path / path).read_text("utf-8") == text for path, text in others.items())


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
@pytest.mark.parametrize(("answer", "is_written"), [("n", False), ("y", True), ("", True)])
def test_a_terminal_is_asked(tmp_path: Path, answer: str, is_written: bool) -> None:
    import pty

    repository(tmp_path)
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    process = subprocess.Popen(
        [sys.executable, "-m", "devbox_lint", "init"], cwd=tmp_path, env=environment(), stdin=theirs, stdout=theirs
    )
    os.close(theirs)
    said = b""
    with contextlib.suppress(OSError):
        # Linux says that nobody is at the other end with an error.
        while chunk := os.read(ours, 10_000):
            said += chunk
    os.close(ours)

    assert process.wait(timeout=60) == 0
    assert b"Write these 3 files? [Y/n] " in said
    assert (files(tmp_path) == ALWAYS) is is_written
    assert (b"nothing written" in said) is not is_written


def test_task_definitions_want_the_hook_that_sees_all_files(tmp_path: Path) -> None:
    folder = repository(tmp_path) / "tasks" / "build"
    folder.mkdir(parents=True)
    (folder / "task.yaml").write_text(TASK, "utf-8")

    assert "- id: devbox-lint-repository\n" in lint(folder, "init", "--dry-run").out


def test_in_a_folder_below_the_whole_repository_is_set_up(tmp_path: Path) -> None:
    (repository(tmp_path) / "below").mkdir()

    assert lint(tmp_path / "below", "init").code == 0
    assert files(tmp_path) == ALWAYS


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_link_leads_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "repository").mkdir()
    (tmp_path / "outside").mkdir()
    (repository(tmp_path / "repository") / ".vscode").symlink_to(tmp_path / "outside")
    (tmp_path / "repository" / "team").symlink_to(tmp_path / "outside")

    for words in ((), ("team/workload.yaml",)):
        result = lint(tmp_path / "repository", "init", *words)
        assert result.code == 2
        assert "leads out of the repository by a link: nothing is written there" in result.err
    assert files(tmp_path / "outside") == set()


def test_where_one_of_several_fails_all_are_taken_back(tmp_path: Path) -> None:
    # A file where a folder must be.
    (repository(tmp_path, "https://github.com/contoso/web") / ".vscode").write_text("", "utf-8")

    result = lint(tmp_path, "init")

    assert result.code == 2
    assert "cannot write `.vscode/extensions.json`" in result.err
    assert files(tmp_path) == {"imagedefinition.yaml", ".vscode"}
    assert not (tmp_path / ".github").exists()


@pytest.mark.parametrize(
    ("file", "more"),
    [
        ("imagedefinition.yaml", ()),
        ("teams/web team/imagedefinition.yaml", ()),
        ("12/imagedefinition.yaml", ()),
        ("workload.yaml", ()),
        ("tasks/install-node/task.yaml", ("tasks/install-node/install-node.ps1",)),
        ("tasks/9/task.yaml", ("tasks/9/my-9.ps1",)),
        ("web.winget", ()),
        ("web.dsc.yaml", ()),
    ],
)
def test_a_started_file_passes_all_rules(tmp_path: Path, file: str, more: tuple[str, ...]) -> None:
    result = lint(tmp_path, "init", file)

    assert (result.code, result.err) == (0, "")
    assert files(tmp_path) == {file, *more}
    # The end of Dev Box is said of every file where somebody asks for it.
    checked = lint(tmp_path, "check", "--select", "ALL", "--ignore", "retirement", "--fail-on", "info", ".")
    assert checked == (0, f"no problems found in {1 + len(more)} file{'s' * bool(more)}\n", "")


def test_a_file_may_be_anywhere(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    elsewhere = tmp_path / "elsewhere" / "tasks" / "build" / "task.yaml"

    assert lint(tmp_path / "here", "init", str(elsewhere), "../workload.yaml").code == 0
    assert files(tmp_path) == {
        "elsewhere/tasks/build/task.yaml",
        "elsewhere/tasks/build/build.ps1",
        "workload.yaml",
    }


@pytest.mark.parametrize("kind", ["imagedefinition", "user", "task", "configuration"])
def test_a_kind_can_be_said(tmp_path: Path, kind: str) -> None:
    assert lint(tmp_path, "init", "--kind", kind, "any.yaml").code == 0
    checked = lint(tmp_path, "check", "--kind", kind, "--fail-on", "info", "any.yaml")
    assert (checked.code, checked.err) == (0, "")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("there.yaml", "--kind", "user"), "`there.yaml` is there already, and `init` overwrites nothing"),
        (("new.winget", "workload.yaml", "there.winget"), "`there.winget` is there already"),
        (("notes.txt",), "`notes.txt` may be anything: name it"),
        (("web.imagedefinition.yaml",), "write `web"),
        (("imagedefinition.yml",), "`imagedefinition.yml` must end in `.yaml`"),
        (("--kind", "user", "."), "`--kind` says what a file is to be"),
        (("--ci", "azure", "workload.yaml"), "`--ci` is for a repository"),
        (("workload.yaml", "folder"), "`folder` is a folder: name the new file in it"),
        (("--ci", "jenkins"), "--ci"),
    ],
)
def test_what_cannot_be_done_is_said_and_writes_nothing(tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    (tmp_path / "folder").mkdir()
    for name in ("there.yaml", "there.winget"):
        (tmp_path / name).write_text("mine\n", "utf-8")

    result = lint(tmp_path, "init", *words)

    assert result.code == 2
    assert message in result.err
    assert files(tmp_path) == {"there.yaml", "there.winget"}


def test_the_pipelines_name_one_commit_everywhere() -> None:
    commit = starter("commit.txt").strip()

    assert len(commit) == 40
    for name in ("github.yml", "azure-steps.yml", "gitlab.yml", "pre-commit-config.yaml"):
        assert commit in starter(name, branch="main", hook="devbox-lint")
