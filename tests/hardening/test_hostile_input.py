"""Files made to break their reader: each gives a diagnostic or an error, soon, in little memory, and stays whole.

The bounds of time are a hundred times what an idle machine takes: they tell a hang, not a slow day.
"""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from command_line import environment

pytestmark = pytest.mark.slow

HEAD = '$schema: "1.0"\nname: web\nimage: microsoftvisualstudio_windowsplustools_base\n'
TASK = "  - name: ~/winget\n    parameters:\n      package: Git.Git\n"
SECONDS = 100
# Bytes of address space, of which the interpreter and its libraries take a third.
MEMORY = 900_000_000


LIBC = ctypes.CDLL(None)
#: From linux/prctl.h and linux/capability.h: leave out what lets root read, write and enter all.
PR_CAPBSET_DROP = 24
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2


def bound(largest_file: int | None = None) -> Callable[[], None]:
    """What a child process calls first: limits on its memory and on the files that it writes (bytes).

    As root it gives up the rights over the permissions of files as well.
    """

    def limit() -> None:
        if os.geteuid() == 0:
            for right in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
                LIBC.prctl(PR_CAPBSET_DROP, right, 0, 0, 0)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        if largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    return limit


def run(*arguments: str, cwd: Path, largest_file: int | None = None) -> subprocess.CompletedProcess[bytes]:
    """The command line as a process, within the bounds."""
    done = subprocess.run(
        [sys.executable, "-m", "devbox_lint", *arguments],
        cwd=cwd, env=environment(), capture_output=True, timeout=SECONDS, preexec_fn=bound(largest_file),
    )  # fmt: skip
    assert done.returncode in (0, 1, 2), done.stderr[-2000:]
    assert b"Traceback" not in done.stderr + done.stdout
    assert b"DBX000" not in done.stdout, "an internal error"
    return done


def bomb(item: str) -> str:
    """Twenty anchors, each of eight aliases of the one before: 8**20 nodes if they were taken apart."""
    lines = ["x0: &x0 {k: v}"]
    for level in range(1, 20):
        lines.append(f"x{level}: &x{level} " + item.format(", ".join([f"*x{level - 1}"] * 8)))
    return "\n".join(lines) + "\n"


CONTENTS = {
    "empty": (b"", b"DBX"),
    "only a byte order mark": (b"\xef\xbb\xbf", b"DBX"),
    "NULs": (HEAD.encode() + b"\0" * 10_000, b"DBX001"),
    "every control character": (
        HEAD.encode() + "".join(map(chr, [*range(32), *range(127, 160), 0x2028, 0x202E, 0xFEFF])).encode(),
        b"DBX001",
    ),
    "invalid UTF-8": (HEAD.encode() + bytes(range(128, 256)) * 100, b"DBX010"),
    "surrogates in UTF-8": (HEAD.encode() + b"description: \xed\xa0\x80\xed\xb0\x80\n", b"DBX010"),
    "overlong UTF-8": (HEAD.encode() + b"description: \xc0\xaf\xe0\x80\xaf\n", b"DBX010"),
    "UTF-16": (HEAD.encode("utf-16"), b"DBX010"),
    "UTF-16 cut off": (HEAD.encode("utf-16")[:-1], b"DBX010"),
    "UTF-16 of lone surrogates": (b"\xff\xfe" + b"\x00\xd8" * 1000, b"DBX010"),
    "UTF-32": (HEAD.encode("utf-32"), b"DBX010"),
    "UTF-32 beyond Unicode": (b"\xff\xfe\x00\x00" + b"\xff\xff\xff\x7f" * 100, b"DBX010"),
    "flow a million deep": (HEAD + "tasks: " + "[" * 999_000, b"DBX012"),
    "mappings a quarter of a million deep": (HEAD + "x: " + "{a: " * 240_000, b"DBX012"),
    "dashes half a million deep": (HEAD + "tasks:\n  " + "- " * 490_000, b"DBX012"),
    "keys a thousand deep": (HEAD + "".join(" " * depth + "a:\n" for depth in range(1000)), b"DBX012"),
    "questions deep": (HEAD + "x:\n  " + "? " * 400_000, b"DBX012"),
    "an alias bomb": (HEAD + bomb("[{}]"), b"DBX"),
    "a merge bomb": (HEAD + bomb("{{<<: [{}]}}"), b"DBX"),
    "an alias of what holds it": (HEAD + "tasks: &a [*a]\n", b"DBX"),
    "a merge of what holds it": (HEAD + "x: &a {<<: *a}\n", b"DBX"),
    "a million aliases": (HEAD + "x: &a 1\ny: [" + "*a, " * 240_000 + "]\n", b"DBX012"),
    "100,000 tasks": (HEAD + "tasks:\n" + TASK * 100_000, b"DBX012"),
    "10,000 tasks": (HEAD + "tasks:\n" + TASK * 10_000, b""),
    "a line of 50 MB": (HEAD + "description: " + "x" * 50_000_000, b"DBX012"),
    "a line of 1 MB": (HEAD + "description: " + "x" * 990_000, b"DBX"),
    "a file of 100 MB": (HEAD + "# comment\n" * 10_000_000, b"DBX012"),
    "a key of 900 kB": (HEAD + "k" * 900_000 + ": 1\n", b"DBX"),
    "a name of 900 kB": (HEAD.replace("web", "w" * 900_000), b"DBX110"),
    "blanks": (HEAD + "description: a" + " " * 900_000 + "\n", b"DBX"),
    "tabs": (HEAD + "\t" * 900_000, b"DBX"),
    "line breaks": (HEAD + "\n" * 900_000, b"DBX"),
    "carriage returns": (HEAD + "\r" * 900_000, b"DBX"),
    "quotes": (HEAD + "description: " + '"' * 900_000, b"DBX"),
    "escapes": (HEAD + 'description: "' + "\\x41" * 220_000 + '"\n', b"DBX"),
    "colons": (HEAD + ":" * 300_000, b"DBX"),
    "anchors": (HEAD + "x: " + "&a " * 300_000, b"DBX"),
    "tags": (HEAD + "x: " + "!" * 300_000 + " y\n", b"DBX"),
    "references that never end": (HEAD + "description: '" + "{{https://" * 90_000 + "'\n", b"DBX"),
    "base64": (HEAD + "tasks:\n  - name: ~/powershell\n    parameters:\n      command: " + "aGVsbG8" * 130_000, b""),
    "open parentheses": (
        HEAD + "tasks:\n  - name: ~/powershell\n    parameters:\n      command: '" + "$((" * 300_000 + "'\n",
        b"DBX713",
    ),
    "syntax errors at the end": (
        HEAD + "tasks:\n" + TASK.replace("Git.", "\x85") * 15_000 + "  - name: 'x\x85\n    bad: y: z\n" * 25,
        b"syntax errors in",
    ),
    "here-strings without an end, and a syntax error": (
        HEAD + "x: y: z\ndescription: |\n" + "      $a = @'\n" * 70_000,
        b"DBX001",
    ),
    "ends of documents": (HEAD + "...\n" * 240_000, b"DBX"),
    "here-strings": (
        HEAD + "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n" + "        @'\n" * 70_000,
        b"DBX713",
    ),
    "suppressions": (HEAD + "# devbox-lint: ignore[DBX101]\n" * 3_000, b"DBX901"),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_content(name: str, tmp_path: Path) -> None:
    content, expected = CONTENTS[name]
    data = content.encode() if isinstance(content, str) else content
    path = tmp_path / "imagedefinition.yaml"
    path.write_bytes(data)
    done = run("--output-format", "concise", path.name, cwd=tmp_path)
    assert done.returncode == (1 if expected else 0)
    assert expected in done.stdout
    assert path.read_bytes() == data


@pytest.mark.parametrize("name", ["NULs", "invalid UTF-8", "UTF-16 cut off", "a file of 100 MB", "colons", "quotes"])
def test_fixing_leaves_what_it_cannot_read(name: str, tmp_path: Path) -> None:
    content, _ = CONTENTS[name]
    data = content.encode() if isinstance(content, str) else content
    path = tmp_path / "imagedefinition.yaml"
    path.write_bytes(data)
    run("--fix", "--unsafe-fixes", "--quiet", path.name, cwd=tmp_path)
    after = path.read_bytes()
    assert after == data or len(after) > len(HEAD)
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


def test_a_pipe_a_folder_and_links_that_bear_our_names(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "imagedefinition.yaml").write_text(HEAD + "tasks: 1\n")
    inside = tmp_path / "inside"
    (inside / "a" / "imagedefinition.yaml").mkdir(parents=True)
    os.mkfifo(inside / "workload.yaml")
    (inside / "task.yaml").symlink_to(outside / "imagedefinition.yaml")
    (inside / "loop").symlink_to(inside)
    (inside / "a" / "self.yaml").symlink_to(inside / "a" / "self.yaml")
    (inside / "away").symlink_to(outside)
    done = run("--output-format", "concise", ".", cwd=inside)
    assert b"tasks" not in done.stdout
    for name in ("workload.yaml", "a/self.yaml", "absent.yaml"):
        assert run(name, cwd=inside).returncode == 2
    assert run("a/imagedefinition.yaml", cwd=inside).returncode in (0, 2)


@pytest.mark.parametrize("settings", ['baseline = "zero"', 'task-catalogs = ["zero"]'])
def test_what_settings_name_may_lead_to_a_device_without_end(settings: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "imagedefinition.yaml").write_text(HEAD)
    (tmp_path / "zero").symlink_to("/dev/zero")
    (tmp_path / "devbox-lint.toml").write_text(settings)
    inside = run("--no-cache", ".", cwd=tmp_path)
    assert inside.returncode == 2
    assert b"this path leads out of the repository" in inside.stderr
    done = run("--no-cache", "--config", "devbox-lint.toml", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert b"longer than 50,000,000 bytes" in done.stderr


@pytest.mark.parametrize("name", [".gitignore", "devbox-lint.toml", "task.yaml", "a.imagedefinition.yaml"])
@pytest.mark.parametrize("kind", ["device", "pipe"])
def test_what_is_no_file_is_passed_over(name: str, kind: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "imagedefinition.yaml").write_text(HEAD)
    if kind == "pipe":
        os.mkfifo(tmp_path / name)
    else:
        (tmp_path / name).symlink_to("/dev/zero")
    done = run("--no-cache", "--output-format", "concise", ".", cwd=tmp_path)
    assert done.returncode == 1
    assert b" imagedefinition.yaml:" in b" " + done.stdout


@pytest.mark.parametrize("name", ["pyproject.toml", ".gitignore", "devbox-lint.toml"])
def test_what_stands_beside_the_files_may_be_huge(name: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "imagedefinition.yaml").write_text(HEAD)
    (tmp_path / name).write_text("# devbox-lint\n" + "a = [1, {b = 2}]\n" * 3_000_000)
    done = run("--no-cache", ".", cwd=tmp_path)
    assert done.returncode == (2 if name == "devbox-lint.toml" else 1)


def test_a_file_without_permission_is_an_error_and_hides_no_other(tmp_path: Path) -> None:
    (tmp_path / "workload.yaml").write_text("tasks:\n  - name: ~/git-clone\n")
    (tmp_path / "imagedefinition.yaml").write_text(HEAD)
    (tmp_path / "imagedefinition.yaml").chmod(0)
    done = run("--output-format", "concise", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert b"cannot read `imagedefinition.yaml`: Permission denied" in done.stderr
    assert b"workload.yaml:2:11: error: DBX201" in done.stdout


def test_a_folder_that_cannot_be_written_keeps_its_file(tmp_path: Path) -> None:
    path = tmp_path / "imagedefinition.yaml"
    path.write_text(HEAD.partition("\n")[2])
    tmp_path.chmod(0o500)
    done = run("--fix", path.name, cwd=tmp_path)
    tmp_path.chmod(0o700)
    assert done.returncode == 2
    assert b"cannot write `imagedefinition.yaml`: Permission denied" in done.stderr
    assert path.read_text() == HEAD.partition("\n")[2]
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "imagedefinition.yaml").write_text(HEAD)
    (tmp_path / "cache").mkdir(mode=0o500)
    monkeypatch.setenv("DEVBOX_LINT_CACHE_DIR", str(tmp_path / "cache"))
    done = run("--output-format", "concise", ".", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.count(b"DBX109") == 3
    assert done.stderr == b""
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_name_with_line_breaks_and_other_characters(tmp_path: Path) -> None:
    for name in ("a\nb", "\x1b[31m", "##vso[task.complete]", "\u202e", " ", "-rf", "\udcff"):
        folder = os.path.join(os.fsencode(tmp_path), os.fsencode(name))
        os.mkdir(folder)
        with open(os.path.join(folder, b"imagedefinition.yaml"), "wb") as stream:
            stream.write(HEAD.encode() + b"tasks: 1\n")
    for form in ("text", "concise", "json", "sarif", "github", "azure", "gitlab", "junit", "rdjson"):
        done = run("--output-format", form, ".", cwd=tmp_path)
        assert done.returncode == 1
        assert b"\x1b" not in done.stdout
        assert b"##vso[task.complete" not in done.stdout.replace(b"##vso[task.logissue", b"")


def test_a_full_disk_during_a_fix_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    data = (HEAD + "tasks:\n" + TASK * 200 + "      version: {{version}}\n").encode()
    path = tmp_path / "imagedefinition.yaml"
    path.write_bytes(data)
    # A write beyond this fails as one to a full disk does, in the middle.
    done = run("--fix", "--output-format", "concise", path.name, cwd=tmp_path, largest_file=1000)
    assert done.returncode == 2
    assert b"cannot write" in done.stderr
    assert path.read_bytes() == data
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


def test_files_that_change_and_vanish_meanwhile(tmp_path: Path) -> None:
    stop = threading.Event()

    def disturb() -> None:
        number = 0
        while not stop.is_set():
            path = tmp_path / f"f{number % 7}" / "imagedefinition.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text((HEAD + "tasks: 1\n")[: number % 90])
            if number % 3 == 0:
                path.unlink()
            number += 1
            time.sleep(0.0005)

    thread = threading.Thread(target=disturb)
    thread.start()
    try:
        for _ in range(6):
            run("--output-format", "concise", ".", cwd=tmp_path)
    finally:
        stop.set()
        thread.join()
