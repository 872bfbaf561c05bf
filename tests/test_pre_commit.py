"""The hook in a real repository: installed by pre-commit from this checkout, run by `git commit`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
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
    git(tmp_path, "init", "--quiet")
    configuration = (
        "repos:\n"
        f"  - repo: '{hooks.as_posix()}'\n"
        f"    rev: {git(hooks, 'rev-parse', 'HEAD')}\n"
        "    hooks:\n"
        "      - id: devbox-lint\n"
    )
    (tmp_path / ".pre-commit-config.yaml").write_text(configuration, encoding="utf-8")
    git(tmp_path, "add", ".pre-commit-config.yaml")
    installed = pre_commit(tmp_path, "install")
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return tmp_path


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
