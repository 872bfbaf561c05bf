"""A file's content is replaced whole or not at all."""

from __future__ import annotations

import os
import random
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from command_line import environment
from devbox_lint.files.atomic_write import replace_content, rewrite

needs_posix = pytest.mark.skipif(os.name == "nt", reason="not on Windows")


def test_writing_keeps_the_mode_and_goes_through_a_link(tmp_path: Path) -> None:
    file = tmp_path / "task.yaml"
    file.write_bytes(b"old")
    file.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(file)

    replace_content(str(link), b"new")

    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert sorted(os.listdir(tmp_path)) == ["link.yaml", "task.yaml"]


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "task.yaml"
    file.write_bytes(b"old")

    def refuse(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="disk full"):
        replace_content(str(file), b"new")

    assert file.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["task.yaml"]


@needs_posix
def test_a_new_file_has_the_mode_that_other_programs_would_give_it(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        replace_content(str(tmp_path / "new"), b"x")
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


@needs_posix
def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()

    replace_content(str(pipe), b"x" * 200_000)
    reader.join(30)

    assert read == [b"x" * 200_000]
    assert pipe.is_fifo()


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"director|denied"):
        replace_content(str(tmp_path), b"x")


def test_a_file_that_somebody_else_changed_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "task.yaml"
    for theirs in (b"theirs", b"ours and more", b"our"):
        file.write_bytes(theirs)

        with pytest.raises(OSError, match="changed while it was checked"):
            rewrite(str(file), b"ours", b"new")

        assert file.read_bytes() == theirs
        assert os.listdir(tmp_path) == ["task.yaml"]


@needs_posix
def test_a_file_with_other_names_or_read_only_is_replaced_only_where_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, other = tmp_path / "task.yaml", tmp_path / "other.yaml"
    file.write_bytes(b"old")
    os.link(file, other)
    with pytest.raises(OSError, match=r"2 names \(hard links\).*--force-write"):
        rewrite(str(file), b"old", b"new")
    other.unlink()
    file.chmod(0o444)
    # Whoever runs the tests may be allowed to write everywhere.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(OSError, match=r"read-only.*--force-write"):
        rewrite(str(file), b"old", b"new")
    assert file.read_bytes() == b"old"

    rewrite(str(file), b"old", b"new", force=True)

    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o444


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="no extended attributes here")
def test_extended_attributes_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "task.yaml"
    file.write_bytes(b"old")
    try:
        os.setxattr(file, "user.origin", b"team")
    except OSError:
        pytest.skip("the file system has none")

    rewrite(str(file), b"old", b"new")

    assert os.getxattr(file, "user.origin") == b"team"


@needs_posix
def test_the_owner_and_the_group_are_kept_or_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "task.yaml"
    file.write_bytes(b"old")
    if os.geteuid() == 0:
        os.chown(file, 12345, 23456)
        rewrite(str(file), b"old", b"old")
        assert (file.stat().st_uid, file.stat().st_gid) == (12345, 23456)

    def refuse(*_: object) -> None:
        raise PermissionError

    real = os.stat

    def of_another(path: object, **options: object) -> os.stat_result:
        state = real(path, **options)  # type: ignore[arg-type]
        return os.stat_result((*state[:4], 4711, *state[5:])) if str(path) == str(file) else state

    monkeypatch.setattr(os, "chown", refuse)
    monkeypatch.setattr(os, "stat", of_another)
    with pytest.raises(OSError, match="belongs to somebody else"):
        rewrite(str(file), b"old", b"new")

    assert file.read_bytes() == b"old"


@needs_posix
@pytest.mark.slow
def test_thirty_kills_lose_nothing(tmp_path: Path) -> None:
    before = b'$schema: "1.0"\nname: web-team\nimage: gallery/web@1.0.0\ntasks:\n  - name: ~/winget\n'
    before += b"    parameters:\n      pakage: Git.Git\n"
    after = before.replace(b"pakage", b"package")
    files = [tmp_path / str(number) / "imagedefinition.yaml" for number in range(60)]
    for file in files:
        file.parent.mkdir()
    chance = random.Random(1)
    for _ in range(30):
        for file in files:
            file.write_bytes(before)
        command = [sys.executable, "-m", "devbox_lint", "check", "--fix", "--no-cache", "--isolated", "."]
        started = subprocess.Popen(command, cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL)
        while started.poll() is None and all(file.read_bytes() == before for file in files[:1]):
            time.sleep(0.002)
        time.sleep(chance.random() / 20)
        started.send_signal(signal.SIGKILL)
        started.wait()

        assert {file.read_bytes() for file in files} <= {before, after}
