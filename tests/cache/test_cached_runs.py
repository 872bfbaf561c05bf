"""A run with what earlier runs have kept says what a run without says, whatever has changed in between."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from command_line import GOOD, NO_IMAGE, Result, environment, lint
from devbox_lint.cache.lookup import Cache
from devbox_lint.cli.main import run
from devbox_lint.engine import check
from devbox_lint.results import FileResult
from devbox_lint.run.options import FORMATS
from devbox_lint.source import SourceFile
from made_up_tokens import azure_devops
from support import Files, each_corpus

pytestmark = pytest.mark.slow

PAT = azure_devops(random.Random(1))
SECRET = (
    f"{GOOD}tasks:\n  - name: ~/gitclone\n    parameters:\n"
    f"      repositoryUrl: https://dev.azure.com/o/p/_git/r\n      pat: {PAT}\n"
)
TASK = "$schema: 1.0\nname: {0}\ncommand: powershell ./{1}.ps1 {{{{colour}}}}\nparameters:\n  {2}:\n    type: string\n"
CALL = GOOD + "tasks:\n  - name: {0}\n    parameters:\n      colour: red\n"
OLD = time.time() - 3600


def put(folder: Path, files: dict[str, str]) -> Path:
    """Write files as if they had been there for long."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        os.utime(path, (OLD, OLD))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return put(
        tmp_path / "project",
        {
            "bad/imagedefinition.yaml": NO_IMAGE,
            "good/imagedefinition.yaml": GOOD,
            "secret/imagedefinition.yaml": SECRET,
            "other/compose.yaml": "services: {}\n",
        },
    )


def cached(folder: Path, *arguments: str, **variables: str) -> Result:
    return lint(folder, *arguments, **{"DEVBOX_LINT_CACHE_DIR": str(folder.parent / "cache"), **variables})


def results(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted((folder.parent / "cache").glob("*.results")))


@pytest.mark.parametrize("format_", FORMATS)
def test_every_report_is_the_same_with_what_was_kept(folder: Path, format_: str) -> None:
    arguments = ("check", "--output-format", format_, ".")
    without = cached(folder, *arguments, "--no-cache")
    first = cached(folder, *arguments)
    before = results(folder)
    second = cached(folder, *arguments)

    assert before != b""
    assert results(folder) == before
    assert without == first == second
    assert PAT not in second.out


def test_what_was_kept_needs_neither_the_parser_nor_the_rules(folder: Path) -> None:
    program = (
        "import sys; from devbox_lint.cli.main import run; code = run(['check', '--output-format', 'concise']);"
        "print([name for name in sys.modules if name.startswith(('ruamel', 'devbox_lint_rules', 'platformdirs'))])"
    )
    variables = environment(DEVBOX_LINT_CACHE_DIR=str(folder.parent / "cache"))
    command = [sys.executable, "-c", program]
    first, second = (subprocess.run(command, cwd=folder, env=variables, capture_output=True) for _ in range(2))

    assert b"ruamel" in first.stdout
    assert second.stdout.endswith(b"[]\n")


def test_no_secret_is_kept_nor_a_hash_of_it(folder: Path) -> None:
    from hashlib import blake2b, md5, sha1, sha256

    cached(folder)
    kept = results(folder)

    assert b"DBX401" in kept
    assert PAT.encode() not in kept
    assert PAT[:10].encode() not in kept
    assert PAT[-10:].encode() not in kept
    for hash_ in (blake2b, md5, sha1, sha256):
        for text in (PAT, SECRET):
            assert hash_(text.encode()).hexdigest()[:16].encode() not in kept


def test_another_secret_of_the_same_length_is_looked_at(folder: Path) -> None:
    cached(folder)
    path = folder / "secret" / "imagedefinition.yaml"
    path.write_bytes(SECRET.replace(PAT, "'{{" + "a" * (len(PAT) - 6) + "}}'").encode())
    os.utime(path, (OLD + 1, OLD + 1))

    assert cached(folder) == cached(folder, "--no-cache")


def test_a_file_with_a_secret_that_is_new_is_not_kept(folder: Path) -> None:
    os.utime(folder / "secret" / "imagedefinition.yaml")

    cached(folder)

    assert b"DBX401" not in results(folder)


def test_no_cache_keeps_nothing(folder: Path) -> None:
    cached(folder, "--no-cache")

    assert not (folder.parent / "cache").exists()


def test_clean_removes_what_was_kept(folder: Path) -> None:
    cached(folder)

    done = cached(folder, "clean")

    assert done.code == 0
    assert done.out.startswith("removed 1 file of ")
    assert not (folder.parent / "cache").exists()
    assert cached(folder, "clean").out.startswith("removed 0 files of 0 bytes in ")


def test_the_cache_is_in_the_users_folder(folder: Path) -> None:
    lint(folder, XDG_CACHE_HOME=str(folder.parent / "home"))
    platformdirs = pytest.importorskip("platformdirs")

    if sys.platform == "linux":
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_CACHE_HOME", str(folder.parent / "home"))
            assert list(Path(platformdirs.user_cache_dir("devbox-lint", appauthor=False)).glob("*.results"))


@pytest.mark.parametrize("kind", ["file", "read-only", "no folder", "device"])
def test_a_cache_that_cannot_be_used_is_no_error(folder: Path, kind: str) -> None:
    cache = folder.parent / "cache"
    wanted = lint(folder, "--no-cache")
    if kind == "file":
        cache.write_text("in the way", encoding="utf-8")
    elif kind == "read-only":
        cache.mkdir()
        cache.chmod(0o500)
    elif kind == "device":
        cached(folder)
        (only,) = cache.glob("*.results")
        only.unlink()
        only.symlink_to(os.devnull)

    done = cached(folder, **({"HOME": "", "DEVBOX_LINT_CACHE_DIR": ""} if kind == "no folder" else {}))
    assert (done.code, done.out) == (wanted.code, wanted.out)
    assert ("is not used: it is no folder" in done.err) == (kind == "file")


@pytest.mark.skipif(os.name == "nt", reason="no limit can be set here")
def test_a_full_disk_is_no_error(folder: Path) -> None:
    wanted = lint(folder, "--no-cache", "--output-format", "concise")
    command = ["sh", "-c", f"ulimit -f 0; exec {sys.executable} -m devbox_lint --output-format concise"]
    variables = environment(DEVBOX_LINT_CACHE_DIR=str(folder.parent / "cache"), PYTHONDONTWRITEBYTECODE="1")

    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True)

    assert (done.returncode, done.stdout.decode(), done.stderr.decode()) == wanted


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"DBX", b"DBY"),
        lambda data: b"\0" * len(data),
        lambda data: b"",
        lambda data: data + data[:100],
    ],
)
def test_a_spoilt_cache_is_no_error(folder: Path, spoil: Callable[[bytes], bytes]) -> None:
    wanted = lint(folder, "--no-cache")
    cached(folder)
    (path,) = (folder.parent / "cache").glob("*.results")
    path.write_bytes(spoil(path.read_bytes()))

    assert cached(folder) == wanted
    assert cached(folder) == wanted


def test_lines_that_say_something_else_are_no_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from devbox_lint.cache.store import line

    wanted = lint(folder, "--no-cache")
    cached(folder)
    (path,) = (folder.parent / "cache").glob("*.results")
    values = [line.split(b"\t", 1)[1] for line in path.read_bytes().split(b"\n") if b"\t" in line]
    entries = [json.loads(value) for value in values]
    generator = random.Random(7)
    for _ in range(30):
        entry = json.loads(json.dumps(generator.choice(entries)))
        _spoil(entry, generator)
        path.write_bytes(line(os.path.join("bad", "imagedefinition.yaml"), entry) + b"\n")
        out, err = io.StringIO(), io.StringIO()
        with monkeypatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            patch.chdir(folder)
            patch.setenv("DEVBOX_LINT_CACHE_DIR", str(folder.parent / "cache"))
            run(["check", "--output-format", "concise"])
    assert cached(folder, "--no-cache") == wanted


def _spoil(value: object, generator: random.Random) -> None:
    while isinstance(value, list) and value:
        index = generator.randrange(len(value))
        if generator.random() < 0.3:
            value[index] = generator.choice([None, -1, 10**30, "x", [], [[[]]], {}, True, 1.5])
            return
        value = value[index]


def test_a_run_that_is_killed_leaves_a_cache_that_serves(tmp_path: Path) -> None:
    files = {f"{number:03}/imagedefinition.yaml": f"# {number}\n{NO_IMAGE}" for number in range(300)}
    folder = put(tmp_path / "project", files)
    wanted = lint(folder, "--no-cache", "--output-format", "concise")
    command = [sys.executable, "-m", "devbox_lint", "--output-format", "concise"]
    variables = environment(DEVBOX_LINT_CACHE_DIR=str(tmp_path / "cache"))
    for delay in (0.1, 0.2, 0.3, 0.4, 0.6, 0.8):
        process = subprocess.Popen(
            command, cwd=folder, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(delay)
        process.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        process.wait()

        assert cached(folder, "--output-format", "concise") == wanted
        shutil.rmtree(tmp_path / "cache")


def test_two_runs_at_once_say_the_same(folder: Path) -> None:
    wanted = lint(folder, "--no-cache", "--output-format", "concise")
    command = [sys.executable, "-m", "devbox_lint", "--output-format", "concise"]
    variables = environment(DEVBOX_LINT_CACHE_DIR=str(folder.parent / "cache"))
    runs = [
        subprocess.Popen(command, cwd=folder, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]

    assert {process.communicate()[0].decode() for process in runs} == {wanted.out}
    assert cached(folder, "--output-format", "concise") == wanted


def said(folder: Path, *arguments: str) -> str:
    """What a run in this process says."""
    out, err = io.StringIO(), io.StringIO()
    before = os.getcwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(["check", "--output-format", "json", *arguments])
    finally:
        os.chdir(before)
    return f"{code}\n{out.getvalue()}\n{err.getvalue()}"


def test_a_day_that_passes_concerns_only_the_files_that_name_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Windows 11 22H2 has its last day on 2025-10-14.
    image = "name: web\nimage: microsoftwindowsdesktop_windows-ent-cpc_win11-22h2-ent-cpc\n"
    until = f"# devbox-lint: ignore-file[DBX101] until=2025-10-20 soon\n{NO_IMAGE}"
    put(folder, {"image/imagedefinition.yaml": image, "until/imagedefinition.yaml": until})
    monkeypatch.setenv("DEVBOX_LINT_CACHE_DIR", str(folder.parent / "cache"))
    checked: list[str] = []

    def check_and_tell(source: SourceFile, *arguments: Any, **named: Any) -> FileResult:
        checked.append(os.path.dirname(source.path))
        return check(source, *arguments, **named)

    monkeypatch.setattr("devbox_lint.pipeline.check", check_and_tell)

    def on(day: str) -> list[str]:
        checked.clear()
        monkeypatch.setattr(time, "strftime", lambda _: day)
        with_cache = said(folder, "--extend-select", "DBX904", ".")
        concerned = sorted(checked)
        assert said(folder, "--extend-select", "DBX904", "--no-cache", ".") == with_cache
        return concerned

    assert on("2025-10-13") == ["bad", "good", "image", "secret", "until"]
    assert on("2025-10-14") == []
    assert on("2025-10-15") == ["image"]
    assert on("2025-10-21") == ["until"]
    assert on("2025-10-22") == []


def test_a_file_of_a_given_kind_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, {"notes.txt": NO_IMAGE})
    monkeypatch.setenv("DEVBOX_LINT_CACHE_DIR", str(folder.parent / "cache"))
    first = said(folder, "--kind", "imagedefinition", "notes.txt", ".")
    assert "DBX101" in first

    monkeypatch.setattr("devbox_lint.pipeline.check", None)

    assert said(folder, "--kind", "imagedefinition", "notes.txt", ".") == first


def test_a_catalog_in_one_file_counts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def listed(name: str) -> str:
        return json.dumps([{"name": name, "parameters": {"colour": {"type": "string"}}}])

    put(folder, {"tasks.json": listed("brush"), "good/imagedefinition.yaml": CALL.format("paint")})
    monkeypatch.setenv("DEVBOX_LINT_CACHE_DIR", str(folder.parent / "cache"))
    before = said(folder, "--task-catalog", "tasks.json")
    assert "DBX203" in before
    assert said(folder, "--task-catalog", "tasks.json") == before

    put(folder, {"tasks.json": listed("paint")})

    wanted = said(folder, "--task-catalog", "tasks.json", "--no-cache")
    assert said(folder, "--task-catalog", "tasks.json") == wanted != before


NAMES = ("setup", "build", "Tools", "imagedefinition")


def _change(folder: Path, generator: random.Random) -> None:
    """Change one thing in a small repository of tasks and images."""
    name, other = generator.choice(NAMES), generator.choice(NAMES)
    place = folder / generator.choice(["tasks", "images"]) / generator.choice(["a", "b", "c"])
    age = OLD + generator.randrange(3000)
    match generator.randrange(9):
        case 0 | 1:
            path, text = place / "task.yaml", TASK.format(name, other, generator.choice(["colour", "color"]))
        case 2 | 3:
            path, text = place / "imagedefinition.yaml", CALL.format(generator.choice([*NAMES, "c/setup", "~/winget"]))
        case 4:
            path, text = place / f"{other}.ps1", ""
        case 5:
            path = folder / generator.choice(["", "images"]) / "devbox-lint.toml"
            text = generator.choice(
                ["", 'ignore = ["DBX1"]', 'severities.ALL = "info"', f"task-catalogs = ['{folder}']"]
            )
        case 6:
            path, text = place / "imagedefinition.yaml", SECRET
        case 7:
            path, text = place / "imagedefinition.yaml", f"# devbox-lint: ignore[DBX107, {name}]\n{NO_IMAGE}"
        case _:
            shutil.rmtree(place, ignore_errors=True)
            return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (age, age))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("is_repository", [True, False])
def test_whatever_changes_the_same_is_said(
    tmp_path: Path, seed: int, is_repository: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEVBOX_LINT_CACHE_DIR", str(tmp_path / "cache"))
    folder = put(tmp_path / "project", {"tasks/a/task.yaml": TASK.format("setup", "setup", "color")})
    if is_repository:
        (folder / ".git").mkdir()
    generator = random.Random(seed)
    recalled: list[object] = []
    recall = Cache.recall
    monkeypatch.setattr(Cache, "recall", lambda *given: recalled.append(found := recall(*given)) or found)

    for _ in range(40):
        _change(folder, generator)
        arguments = generator.choice([(), (), ("images",), ("--select", "ALL"), ("--ignore", "DBX1")])
        try:
            wanted = said(folder, "--no-cache", *arguments)
        except Exception as error:  # noqa: BLE001 - the other run is to fail alike
            with pytest.raises(type(error)):
                said(folder, *arguments)
            continue
        assert said(folder, *arguments) == wanted
        assert said(folder, *arguments) == wanted

    assert sum(found is not None for found in recalled) > len(recalled) // 4


@each_corpus
def test_real_files_give_the_same_reports_with_what_was_kept(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEVBOX_LINT_CACHE_DIR", str(tmp_path / "cache"))
    for number, file in enumerate(files[::3]):
        put(tmp_path / "project", {f"{number % 40}/{number}/{Path(file.original).name}": ""})
        path = tmp_path / "project" / f"{number % 40}" / f"{number}" / Path(file.original).name
        path.write_bytes(file.data)
        os.utime(path, (OLD, OLD))

    wanted = said(tmp_path / "project", "--no-cache")

    assert said(tmp_path / "project") == wanted
    assert said(tmp_path / "project") == wanted


@pytest.mark.parametrize("settings", ["", "baseline = 'known.txt'"])
def test_a_baseline_hides_the_same_of_what_was_kept(folder: Path, settings: str) -> None:
    put(folder, {"devbox-lint.toml": settings})
    arguments = () if settings else ("--baseline", "known.txt")
    assert cached(folder, "--write-baseline", "--baseline", "known.txt").code in (0, 1)
    without = cached(folder, "check", "--no-cache", *arguments)

    assert cached(folder, "check", *arguments) == without
    assert cached(folder, "check", *arguments) == without
