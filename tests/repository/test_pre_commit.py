"""The hook in a real repository: installed by pre-commit from this checkout, run by `git commit`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
BAD = "$schema: 1.0\nname: web\ntasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n"
GOOD = BAD.replace("name: web\n", "name: web\nimage: gallery/web@1.0.0\n")


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=600)


def git(folder: Path, *arguments: str) -> str:
    done = run(folder, "git", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def pre_commit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Where pre-commit is missing this fails: a test of the hook that does not run it would say nothing.
    return run(folder, sys.executable, "-m", "pre_commit", *arguments)


@pytest.fixture(scope="module", autouse=True)
def _a_world_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> object:
    """Neither the configuration of git nor the cache of pre-commit that this machine has."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "gitconfig").write_text("[safe]\n\tdirectory = *\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("GIT_", "PRE_COMMIT", "PYTHONPATH"))]:
            patch.delenv(name)
        patch.setenv("PRE_COMMIT_HOME", str(folder / "cache"))
        patch.setenv("PREK_HOME", str(folder / "prek"))
        patch.setenv("GIT_CONFIG_GLOBAL", str(folder / "gitconfig"))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        for role in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{role}_NAME", "A Person")
            patch.setenv(f"GIT_{role}_EMAIL", "person@example.org")
        yield


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This checkout, with whatever is not committed, as a repository of its own."""
    folder = tmp_path_factory.mktemp("hooks")
    for name in git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "all")
    return folder


@pytest.fixture
def project(tmp_path: Path, hooks: Path) -> Path:
    """A repository that uses the hook."""
    return use(tmp_path, hooks, "devbox-lint")


def use(folder: Path, hooks: Path, name: str) -> Path:
    """Make a repository that runs the hook with this name when something is committed."""
    git(folder, "init", "--quiet")
    configuration = (
        "repos:\n"
        f"  - repo: '{hooks.as_posix()}'\n"
        f"    rev: {git(hooks, 'rev-parse', 'HEAD')}\n"
        "    hooks:\n"
        f"      - id: {name}\n"
    )
    (folder / ".pre-commit-config.yaml").write_text(configuration, encoding="utf-8")
    git(folder, "add", ".pre-commit-config.yaml")
    installed = pre_commit(folder, "install")
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return folder


def test_the_manifest_is_valid() -> None:
    done = pre_commit(ROOT, "validate-manifest", ".pre-commit-hooks.yaml")

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_bad_commit_is_refused_and_a_good_one_is_not(project: Path) -> None:
    path = project / "team" / "imagedefinition.yaml"
    path.parent.mkdir()
    path.write_text(BAD, encoding="utf-8")
    (project / "playbook.yaml").write_text("- hosts: all\n  tasks: []\n", encoding="utf-8")
    git(project, "add", "--all")

    refused = run(project, "git", "commit", "--message", "bad")

    assert refused.returncode == 1
    said = refused.stdout + refused.stderr
    assert "DBX101 error[missing-image]" in said
    assert " --> team/imagedefinition.yaml:1:1" in said
    assert "playbook" not in said

    path.write_text(GOOD, encoding="utf-8")
    git(project, "add", "--all")

    accepted = run(project, "git", "commit", "--message", "good")

    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    assert git(project, "log", "--format=%s") == "good"


def test_the_hook_that_asks_azure_runs_only_when_it_is_called(project: Path) -> None:
    configuration = project / ".pre-commit-config.yaml"
    configuration.write_text(configuration.read_text("utf-8") + "      - id: devbox-lint-online\n", "utf-8")
    text = f"{GOOD.rstrip()}\n      version: '{{{{https://kv-contoso.vault.azure.net/secrets/version}}}}'\n"
    (project / "imagedefinition.yaml").write_text(text, encoding="utf-8")
    git(project, "add", "--all")
    installed = pre_commit(project, "install-hooks")
    assert installed.returncode == 0, installed.stdout + installed.stderr

    committed = run(project, "git", "commit", "--message", "good")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HTTPS_PROXY", "https_proxy"):
            patch.setenv(name, "http://127.0.0.1:9")
        called = pre_commit(project, "run", "--hook-stage", "manual", "--all-files", "--verbose", "devbox-lint-online")

    assert committed.returncode == 0, committed.stdout + committed.stderr
    assert "devbox-lint --online" not in committed.stdout + committed.stderr
    assert called.returncode == 0, called.stdout + called.stderr
    assert "DBX590 info[check-not-made]" in called.stdout


def test_the_hook_can_be_tried_without_being_configured(tmp_path: Path, hooks: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "imagedefinition.yaml").write_text(BAD, encoding="utf-8")
    git(tmp_path, "add", "--all")

    done = pre_commit(tmp_path, "try-repo", str(hooks), "devbox-lint", "--all-files")

    assert done.returncode == 1, done.stdout + done.stderr
    assert " --> imagedefinition.yaml:1:1" in done.stdout


@pytest.mark.parametrize("module", ["pre_commit", "prek"])
def test_no_file_is_lost_among_more_than_one_command_line_takes(project: Path, module: str) -> None:
    # pre-commit takes up to 131,072 characters of names for one command.
    long = "a team with a name that is as long as a name can be without being too long for anybody " * 2
    for number in range(900):
        folder = project / f"{long}{number:03}"
        folder.mkdir()
        text = BAD if number in (0, 450, 899) else GOOD
        (folder / "imagedefinition.yaml").write_text(text.replace("name: web", f"name: web{number}"), encoding="utf-8")
    (project / "workload.yaml").write_text("kind: Workload\nspec: {}\n", encoding="utf-8")
    (project / "tasks").mkdir()
    (project / "tasks" / "task.yaml").write_text("- hosts: all\n  tasks: []\n", encoding="utf-8")
    git(project, "add", "--all")

    done = run(project, sys.executable, "-m", module, "run", "--all-files")

    assert done.returncode == 1, done.stdout + done.stderr
    assert sum(len(name) + 1 for name in git(project, "ls-files", "-z").split("\0")) > 131_072
    # What is alike is shown once for all places of one process; how many there are is for the runner to choose.
    found = re.findall(r"(?m)^ *(?:--> )?(a team .*imagedefinition\.yaml:1:1)$", done.stdout)
    assert sorted(found) == [f"{long}{number:03}/imagedefinition.yaml:1:1" for number in (0, 450, 899)]
    assert "workload" not in done.stdout
    assert "task.yaml" not in done.stdout


def test_a_file_that_goes_away_is_not_looked_for(project: Path) -> None:
    path = project / "imagedefinition.yaml"
    path.write_text(GOOD, encoding="utf-8")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "good")
    git(project, "rm", "--quiet", path.name)
    (project / "team").mkdir()
    (project / "team" / path.name).write_text(GOOD, encoding="utf-8")
    git(project, "add", "--all")

    done = run(project, "git", "commit", "--message", "moved")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "error" not in done.stdout + done.stderr


def test_the_hook_for_all_files_sees_what_a_deletion_leaves_behind(tmp_path: Path, hooks: Path) -> None:
    project = use(tmp_path, hooks, "devbox-lint-repository")
    task = project / "tasks" / "build"
    task.mkdir(parents=True)
    (task / "build.ps1").write_text("dir\n", encoding="utf-8")
    (task / "task.yaml").write_text("$schema: '1.0'\nname: build\ncommand: ./build.ps1\n", encoding="utf-8")
    git(project, "add", "--all")
    accepted = run(project, "git", "commit", "--message", "good")
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    git(project, "rm", "--quiet", "tasks/build/build.ps1")

    refused = run(project, "git", "commit", "--message", "bad")

    assert refused.returncode == 1
    assert "DBX604 error[script-missing]" in refused.stdout + refused.stderr
