"""A run that was made before prints the same without looking at a file, unless anything is not as it was."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from command_line import GOOD, NO_IMAGE
from devbox_lint.cache import past_runs
from devbox_lint.cli.main import run

TASK = (
    "$schema: 1.0\nname: {0}\ncommand: powershell ./run.ps1 {{{{colour}}}}\nparameters:\n  colour:\n    type: string\n"
)
CALL = (
    GOOD
    + "tasks:\n  - name: paint\n    parameters:\n      colour: red\n"
    + "  - name: ~/powershell\n    parameters:\n      script: a.ps1\n"
)
BROKEN = "userTasks:\n  - nam: ~/winget\n"
#: A file and a task that the repository does not have.
NOT_THERE = (
    "userTasks:\n  - name: ~/winget\n    parameters:\n      configurationFile: C:\\a.winget\n"
    "      downloadUrl: https://raw.githubusercontent.com/contoso/site/main/no/where.winget\n"
    "  - name: brush\n    parameters:\n      colours: 1\n"
)
ORIGIN = '[remote "origin"]\n\turl = https://github.com/contoso/{}.git\n'
FILES = {
    ".git/HEAD": "ref: refs/heads/main\n",
    "bad/imagedefinition.yaml": NO_IMAGE,
    "good/imagedefinition.yaml": CALL,
    "tasks/paint/task.yaml": TASK.format("paint"),
    "tasks/paint/run.ps1": "param($colour)\niex $colour\n",
    "other/compose.yaml": "services: {}\n",
    "deep/er/imagedefinition.yaml": NO_IMAGE,
}


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # What a test writes has just changed.
    monkeypatch.setattr(past_runs, "FRESH", -(10**18))
    monkeypatch.setattr("devbox_lint.cache.lookup.FRESH", -(10**18))
    monkeypatch.setenv("DEVBOX_LINT_CACHE_DIR", str(tmp_path / "cache"))
    top = tmp_path / "above" / "project"
    for name, text in FILES.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.chdir(top)
    return top


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    capsys.readouterr()
    code = run(arguments)
    return code, capsys.readouterr().out


def kept(top: Path) -> list[Path]:
    return sorted((top.parent.parent / "cache").glob("*.run"))


def repeat(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The second run has everything from the cache, and so is kept."""
    printed(capsys, *arguments)
    return printed(capsys, *arguments)


@pytest.mark.parametrize("arguments", [(), ("--output-format", "concise"), ("--output-format", "json"), ("-q", "deep")])
def test_a_third_run_looks_for_no_files(
    top: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    (top / "deep" / "workload.yaml").write_text(BROKEN)
    fresh = printed(capsys, "--no-cache", *arguments)
    assert fresh[0] == 1
    assert repeat(capsys, *arguments) == fresh

    monkeypatch.setattr("devbox_lint.run.request.Request", None)

    assert printed(capsys, *arguments) == fresh


def write(name: str, text: str) -> Callable[[Path], None]:
    def change(top: Path) -> None:
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)

    return change


CHANGES: dict[str, Callable[[Path], None]] = {
    "a file": write("good/imagedefinition.yaml", NO_IMAGE),
    "a file of the same length": write("deep/er/imagedefinition.yaml", NO_IMAGE.replace("name", "nmae")),
    "a file that is new": write("deep/er/workload.yaml", BROKEN),
    "a file in a folder that is new": write("new/workload.yaml", BROKEN),
    "a file that becomes ours": write("other/compose.yaml", "userTasks:\n  - name: ~/nothing\n"),
    "a file that is gone": lambda top: (top / "bad" / "imagedefinition.yaml").unlink(),
    "a folder that is gone": lambda top: shutil.rmtree(top / "deep"),
    "a folder that is renamed": lambda top: (top / "deep").rename(top / "depth"),
    "a task that is called": write("tasks/paint/task.yaml", TASK.format("paint").replace("colour", "color")),
    "a script that is run": write("tasks/paint/run.ps1", "param($colour)\nRead-Host\n"),
    "a script that is gone": lambda top: (top / "tasks" / "paint" / "run.ps1").unlink(),
    "settings": write(".devbox-lint.toml", 'ignore = ["DBX101"]\n'),
    "settings below": write("deep/.devbox-lint.toml", 'ignore = ["DBX101"]\n'),
    "an ignore file": write(".gitignore", "bad\n"),
    "what is excluded": write(".git/info/exclude", "bad\n"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_makes_a_run(top: Path, capsys: pytest.CaptureFixture[str], change: Callable[[Path], None]) -> None:
    before = repeat(capsys)
    assert len(kept(top)) == 1

    change(top)

    fresh = printed(capsys, "--no-cache")
    assert fresh != before
    assert printed(capsys) == fresh
    assert printed(capsys) == fresh
    assert printed(capsys) == fresh


@pytest.mark.parametrize(
    ("name", "text", "other", "folder", "arguments"),
    [
        (".gitignore", "what\n", "bad\n", ".", ()),
        (".git/info/exclude", "what\n", "bad\n", ".", ()),
        ("deep/.devbox-lint.toml", 'ignore = ["DBX102"]\n', 'ignore = ["DBX101"]\n', ".", ()),
        ("own.toml", 'ignore = ["DBX102"]\n', 'ignore = ["DBX101"]\n', ".", ("--config", "own.toml")),
        ("base.toml", 'ignore = ["DBX102"]\n', 'ignore = ["DBX101"]\n', ".", ("--config", "extending.toml")),
        ("tasks/paint/task.yaml", TASK.format("paint"), TASK.format("paint").replace("colour", "color"), "good", ()),
        ("tasks/new/task.yaml", None, TASK.format("brush"), "good", ()),
        (".git/config", ORIGIN.format("other"), ORIGIN.format("site"), "good", ()),
        ("deep/.gitignore", "what\n", "er\n", "deep", ()),
    ],
)
def test_what_a_run_looked_at_elsewhere_counts(
    top: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    text: str | None,
    other: str,
    folder: str,
    arguments: tuple[str, ...],
) -> None:
    write("extending.toml", 'extend = "base.toml"\n')(top)
    write("base.toml", "")(top)
    write("good/workload.yaml", NOT_THERE)(top)
    write("deep/workload.yaml", BROKEN)(top)
    if text is not None:
        write(name, text)(top)
    monkeypatch.chdir(top / folder)
    before = repeat(capsys, *arguments)
    assert len(kept(top)) == 1

    write(name, other)(top)

    fresh = printed(capsys, "--no-cache", *arguments)
    assert fresh != before
    assert printed(capsys, *arguments) == fresh


def test_what_stands_above_the_folder_counts(
    top: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(top / "deep")
    (top / "deep" / "workload.yaml").write_text(BROKEN)
    for name, text in ((".devbox-lint.toml", 'ignore = ["DBX101"]\n'), (".gitignore", "er\n")):
        before = repeat(capsys)
        (top / name).write_text(text)

        fresh = printed(capsys, "--no-cache")
        assert fresh != before
        assert printed(capsys) == fresh


def test_the_day_counts(top: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    (top / "bad" / "imagedefinition.yaml").write_text(
        NO_IMAGE + "x: 1  # devbox-lint: ignore[DBX105] until=2026-12-31\n"
    )
    monkeypatch.setattr("time.strftime", lambda *_: "2026-12-31")
    before = repeat(capsys)
    monkeypatch.setattr("time.strftime", lambda *_: "2027-01-01")

    assert printed(capsys) == printed(capsys, "--no-cache") != before


def test_the_folder_counts(top: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("deep", "good"):
        (top / name / "workload.yaml").write_text(BROKEN)
    monkeypatch.chdir(top / "deep")
    before = repeat(capsys, ".")
    assert len(kept(top)) == 1

    monkeypatch.chdir(top / "good")

    assert printed(capsys, ".") == printed(capsys, "--no-cache", ".") != before


def test_nothing_is_kept_of_what_has_just_changed(
    top: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past_runs, "FRESH", 2_000_000_000)

    repeat(capsys)

    assert kept(top) == []


@pytest.mark.parametrize("spoil", [lambda data: data[:-1], lambda data: b"", lambda data: data[:40] + b"9" + data[41:]])
def test_a_spoilt_file_is_as_good_as_none(
    top: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[bytes], bytes]
) -> None:
    fresh = repeat(capsys)
    (path,) = kept(top)
    path.write_bytes(spoil(path.read_bytes()))

    assert printed(capsys) == fresh


@pytest.mark.skipif(sys.platform == "win32", reason="the mode says nothing there")
def test_a_file_that_others_may_write_is_not_read(
    top: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    repeat(capsys)
    (path,) = kept(top)
    path.chmod(0o666)

    assert past_runs.PastRun(str(path.parent), "x").recall() is None
    monkeypatch.setattr("devbox_lint.run.request.Request", None)
    with pytest.raises(TypeError):
        run(())


def test_runs_are_not_kept_without_end(
    top: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past_runs, "MOST_RUNS", 3)
    for number in range(5):
        repeat(capsys, "--ignore", f"DBX10{number + 2}")

    assert len(kept(top)) == 3
    assert run(("clean",)) == 0
    assert kept(top) == []


def test_no_secret_is_kept(top: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (top / "bad" / "imagedefinition.yaml").write_text(NO_IMAGE + "password: Kx93jfQ2zzLp0\n")
    repeat(capsys)

    assert all(b"Kx93jfQ2" not in path.read_bytes() for path in kept(top))
    assert os.listdir(top.parent.parent / "cache")
