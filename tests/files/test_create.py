"""A new file is written whole, and never over one that is there."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from devbox_lint.files.atomic_write import create


@pytest.fixture(params=["links", "no links"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if request.param == "no links":

        def refuse(*_: object, **__: object) -> None:
            raise OSError(errno.EPERM, "the file system has no hard links")

        monkeypatch.setattr(os, "link", refuse)
    return tmp_path


def test_it_is_written_and_nothing_else_stays(folder: Path) -> None:
    create(str(folder / "new"), b"text")

    assert [path.name for path in folder.iterdir()] == ["new"]
    assert (folder / "new").read_bytes() == b"text"
    if os.name != "nt":
        mask = os.umask(0o022)
        os.umask(mask)
        status = (folder / "new").stat()
        assert (stat.S_IMODE(status.st_mode), status.st_nlink) == (0o666 & ~mask, 1)


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_what_is_there_stays(folder: Path, kind: str) -> None:
    there = folder / "there"
    if kind == "file":
        there.write_bytes(b"mine")
    elif kind == "folder":
        there.mkdir()
    elif os.name == "nt":
        pytest.skip("links need a right there")
    else:
        there.symlink_to("nowhere")

    with pytest.raises(FileExistsError):
        create(str(there), b"text")

    assert [path.name for path in folder.iterdir()] == ["there"]
    assert kind != "file" or there.read_bytes() == b"mine"


def test_where_no_folder_is_nothing_is_written(folder: Path) -> None:
    with pytest.raises(FileNotFoundError):
        create(str(folder / "none" / "new"), b"text")
