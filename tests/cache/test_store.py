"""The file of the cache, whole and spoilt."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from command_line import GOOD, lint
from devbox_lint.cache import place, stamp
from devbox_lint.cache.place import SUFFIX, cache_folder, clean, distrust
from devbox_lint.cache.store import Store, line
from devbox_lint.errors import DevboxLintError

NAME = "0" * 32


def file(folder: Path) -> Path:
    return folder / (NAME + SUFFIX)


def test_what_was_added_is_there_for_the_next(tmp_path: Path) -> None:
    Store(str(tmp_path / "new"), NAME).add([line("a b/ä\t.yaml", [1, "x"]), line("b", {})])

    store = Store(str(tmp_path / "new"), NAME)

    assert (store.get("a b/ä\t.yaml"), store.get("b"), store.get("c")) == ([1, "x"], {}, None)


def test_the_last_line_of_a_path_counts(tmp_path: Path) -> None:
    for number in range(3):
        Store(str(tmp_path), NAME).add([line("a", number), line(f"other {number}", number)])

    assert [Store(str(tmp_path), NAME).get(name) for name in ("a", "other 0")] == [2, 0]


def test_lines_that_no_longer_count_are_left_out_in_time(tmp_path: Path) -> None:
    for number in range(12):
        Store(str(tmp_path), NAME).add([line(f"{path}", number) for path in range(200)])

    assert file(tmp_path).read_bytes().count(b"\n") < 1_700
    assert Store(str(tmp_path), NAME).get("7") == 11


def test_two_that_add_at_once_lose_nothing(tmp_path: Path) -> None:
    Store(str(tmp_path), NAME).add([line("first", 0)])
    one, other = Store(str(tmp_path), NAME), Store(str(tmp_path), NAME)

    one.add([line("one", 1)])
    other.add([line("other", 2)])

    store = Store(str(tmp_path), NAME)
    assert [store.get(name) for name in ("first", "one", "other")] == [0, 1, 2]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_a_file_cut_or_spoilt_anywhere_gives_what_was_added_or_nothing(tmp_path: Path, data: st.DataObject) -> None:
    added = {f"path {number}": [number, "text" * number] for number in range(5)}
    whole = b"\n".join(line(path, value) for path, value in added.items()) + b"\n"
    start = data.draw(st.integers(0, len(whole)))
    spoilt = whole[:start] + data.draw(st.binary(max_size=4)) + whole[data.draw(st.integers(start, len(whole))) :]
    file(tmp_path).write_bytes(spoilt)

    store = Store(str(tmp_path), NAME)
    store.add([line("new", 1)])

    assert all(store.get(path) in (None, value) for path, value in added.items())
    assert Store(str(tmp_path), NAME).get("new") == 1


def test_clean_removes_our_own_files_alone(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    Store(str(folder), NAME).add([line("a", 1)])
    size = file(folder).stat().st_size
    (folder / "notes.txt").write_text("mine", encoding="utf-8")

    assert clean(str(folder)) == (1, size)
    assert sorted(path.name for path in folder.iterdir()) == ["CACHEDIR.TAG", "notes.txt"]

    (folder / "notes.txt").unlink()
    assert clean(str(folder)) == (0, 0)
    assert not folder.exists()
    assert clean(str(folder)) == (0, 0)


def test_what_cannot_be_removed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(str(tmp_path), NAME).add([line("a", 1)])

    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(place.os, "unlink", refuse)

    with pytest.raises(DevboxLintError) as error:
        clean(str(tmp_path))
    assert str(error.value) == f"cannot remove `{file(tmp_path)}`: Permission denied"


def test_what_a_killed_run_was_writing_is_cleaned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(place.os, "replace", killed)
        patch.setattr(place.os, "unlink", killed)
        with pytest.raises(KeyboardInterrupt):
            Store(str(tmp_path / "cache"), NAME).add([line("a", 1)])
    assert [path.name.startswith(NAME) for path in (tmp_path / "cache").glob("*.tmp")] == [True]

    assert clean(str(tmp_path / "cache"))[0] == 1
    assert list(tmp_path.iterdir()) == []


def test_elsewhere_the_folder_is_what_the_system_has_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    platformdirs = pytest.importorskip("platformdirs")
    monkeypatch.delenv(place.VARIABLE, raising=False)
    monkeypatch.setattr(place.sys, "platform", "darwin")

    assert cache_folder() == os.path.abspath(platformdirs.user_cache_dir("devbox-lint", appauthor=False))


@pytest.mark.parametrize("name", ["rule.py", "deep/facts.json", "deep/er/ids.txt"])
def test_the_code_and_its_data_make_the_stamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(stamp, "_PACKAGES", ("of_this_test",))
    path = tmp_path / "of_this_test" / name
    path.parent.mkdir(parents=True)
    path.write_text("1", "utf-8")
    before = stamp.stamp()
    assert stamp.stamp() == before

    path.write_text("1, 2", "utf-8")

    assert stamp.stamp() != before


def test_what_was_not_used_for_long_is_removed(tmp_path: Path) -> None:
    old = tmp_path / ("1" * 32 + SUFFIX)
    recent = tmp_path / ("2" * 32 + SUFFIX)
    for path in (old, recent):
        path.write_bytes(b"")
    os.utime(old, (0, 0))

    Store(str(tmp_path), NAME).add([line("a", 1)])

    assert (old.exists(), recent.exists()) == (False, True)


def test_what_is_used_is_not_old(tmp_path: Path) -> None:
    Store(str(tmp_path), NAME).add([line("a", 1)])
    os.utime(file(tmp_path), (0, 0))

    Store(str(tmp_path), NAME).add([])

    assert file(tmp_path).stat().st_mtime > 0


needs_posix = pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")


@needs_posix
def test_folder_and_files_are_for_the_user_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        Store(str(tmp_path / "cache"), NAME).add([line("a", 1)])
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700
    assert stat.S_IMODE(file(tmp_path / "cache").stat().st_mode) == 0o600
    assert distrust(str(tmp_path / "cache")) == ""


@needs_posix
@pytest.mark.parametrize(("mode", "reason"), [(0o777, "others may write in it"), (0o770, "others may write in it")])
def test_a_folder_in_which_others_may_write_is_not_used(tmp_path: Path, mode: int, reason: str) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    folder.chmod(mode)

    assert distrust(str(folder)) == reason
    folder.chmod(0o755)
    assert distrust(str(folder)) == ""


@needs_posix
def test_a_folder_whose_place_others_may_take_is_not_used(tmp_path: Path) -> None:
    open_to_all = tmp_path / "all"
    (open_to_all / "cache").mkdir(parents=True, mode=0o700)
    open_to_all.chmod(0o777)

    assert distrust(str(open_to_all / "cache")) == "others may write in the folder that it is in"
    # As /tmp is: nobody can take what is another's.
    open_to_all.chmod(0o1777)
    assert distrust(str(open_to_all / "cache")) == ""


@needs_posix
def test_the_folder_of_somebody_else_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 12345)

    assert distrust(str(tmp_path)) == "it belongs to somebody else"


@needs_posix
def test_a_link_or_a_file_is_no_folder_for_it(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    (tmp_path / "file").write_text("", "utf-8")

    assert distrust(str(tmp_path / "link")) == "it is a link"
    assert distrust(str(tmp_path / "file")) == "it is no folder"


@needs_posix
@pytest.mark.parametrize("spoil", ["link", "mode", "pipe"])
def test_a_file_that_others_may_have_written_is_not_read(tmp_path: Path, spoil: str) -> None:
    Store(str(tmp_path), NAME).add([line("a", 1)])
    if spoil == "link":
        file(tmp_path).rename(tmp_path / "other")
        file(tmp_path).symlink_to(tmp_path / "other")
    elif spoil == "mode":
        file(tmp_path).chmod(0o666)
    else:
        file(tmp_path).unlink()
        os.mkfifo(file(tmp_path))

    store = Store(str(tmp_path), NAME)
    assert store.get("a") is None
    store.add([line("b", 2)])

    assert Store(str(tmp_path), NAME).get("b") == 2
    assert not file(tmp_path).is_symlink()
    assert stat.S_IMODE(file(tmp_path).stat().st_mode) == 0o600
    if spoil == "link":
        assert b'"b"' not in (tmp_path / "other").read_bytes()


@needs_posix
def test_a_run_goes_on_without_a_cache_that_it_does_not_trust_and_says_so_once(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    cache.chmod(0o777)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "imagedefinition.yaml").write_text(GOOD, "utf-8")

    done = lint(tmp_path, "--select", "DBX101", DEVBOX_LINT_CACHE_DIR=str(cache))

    assert done.code == 0
    assert done.err.count("is not used: others may write in it") == 1
    assert os.listdir(cache) == []
