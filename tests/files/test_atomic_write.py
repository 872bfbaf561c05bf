"""A file's content is replaced whole or not at all."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from devbox_lint.files.atomic_write import replace_content

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
