"""Which files a run looks at."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from devbox_lint.customization.kinds import classify
from devbox_lint.diagnostics import Failure
from devbox_lint.errors import UnreadableFileError
from devbox_lint.files.discovery import Discovery, discover, may_be_ours
from devbox_lint.source import SourceFile
from devbox_lint.yaml.parse import parse
from support import Files, each_corpus

needs_posix = pytest.mark.skipif(os.name == "nt", reason="not on Windows")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the working directory."""
    inside = tmp_path / "project"
    inside.mkdir()
    monkeypatch.chdir(inside)
    return inside


def write(place: Path, *names: str, text: str = "") -> None:
    for name in names:
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def shown(discovery: Discovery) -> list[str]:
    return [candidate.path.replace(os.sep, "/") for candidate in discovery]


def test_a_folder_gives_its_yaml_files_by_name_and_nothing_else(place: Path) -> None:
    write(place, "b.yaml", "a.yml", "C.YAML", "a.json", "yaml", "sub/z.yaml", "sub/deep/y.Yml", "a/x.yaml")

    discovery = discover(["."])

    assert shown(discovery) == ["C.YAML", "a.yml", "b.yaml", "a/x.yaml", "sub/z.yaml", "sub/deep/y.Yml"]
    assert not any(candidate.named for candidate in discovery)


def test_paths_stay_as_the_user_gave_them(place: Path) -> None:
    write(place, "sub/a.yaml")

    assert shown(discover(["sub"])) == ["sub/a.yaml"]
    assert shown(discover(["./sub/"])) == ["./sub/a.yaml"]
    assert shown(discover([str(place / "sub")])) == [str(place / "sub" / "a.yaml").replace(os.sep, "/")]
    assert shown(discover(["../project/sub/a.yaml"])) == ["../project/sub/a.yaml"]


def test_files_come_in_the_order_of_their_first_mention_and_once(place: Path) -> None:
    write(place, "a.yaml", "b/c.yaml", "b/d.yaml")

    discovery = discover(["b/d.yaml", "b", "a.yaml", "./a.yaml", str(place / "b" / "d.yaml")])

    assert [(candidate.path.replace(os.sep, "/"), candidate.named) for candidate in discovery] == [
        ("b/d.yaml", True),
        ("b/c.yaml", False),
        ("a.yaml", True),
    ]
    assert len(discovery) == len(discovery.files) == 3


def test_a_found_file_that_is_named_later_counts_as_named(place: Path) -> None:
    write(place, "a.yaml")

    assert [candidate.named for candidate in discover([".", "a.yaml"])] == [True]


def test_a_named_file_may_have_any_suffix(place: Path) -> None:
    write(place, "a.txt", ".gitignore", text="a.txt\n")

    assert shown(discover(["a.txt"])) == ["a.txt"]


def test_folders_of_tools_are_left_out_and_hidden_ones_are_not(place: Path) -> None:
    skipped = [".git", "node_modules", ".venv", "venv", "__pycache__"]
    write(place, *(f"{name}/a.yaml" for name in skipped), ".devcontainer/a.yaml", ".github/w/b.yml")

    assert shown(discover(["."])) == [".devcontainer/a.yaml", ".github/w/b.yml"]
    assert shown(discover(["node_modules"])) == ["node_modules/a.yaml"]


def test_ignore_files_hold_without_a_repository_too(place: Path) -> None:
    write(place, "a.yaml", "out/b.yaml", "sub/a.yaml", "sub/c.yaml")
    write(place, ".gitignore", text="out/\na.yaml\n")
    write(place, "sub/.gitignore", text="!a.yaml\n/c.yaml\n")

    assert shown(discover(["."])) == ["sub/a.yaml"]


def test_ignore_files_of_parents_hold_up_to_the_top_of_the_repository(place: Path) -> None:
    write(place, ".gitignore", text="above.yaml\n")
    write(place, "top/.git/info/exclude", text="local.yaml\n")
    write(place, "top/.gitignore", text="/sub/a.yaml\n*.tmp.yaml\n")
    write(place, "top/sub/.gitignore", text="!b.tmp.yaml\n")
    files = ["a.yaml", "a.tmp.yaml", "b.tmp.yaml", "local.yaml", "above.yaml", "deep/a.yaml"]
    write(place, *(f"top/sub/{name}" for name in files))

    wanted = ["above.yaml", "b.tmp.yaml", "deep/a.yaml"]
    assert shown(discover(["top/sub"])) == [f"top/sub/{name}" for name in wanted]
    assert shown(discover(["top"])) == [f"top/sub/{name}" for name in wanted]


def test_a_repository_inside_goes_by_its_own_patterns(place: Path) -> None:
    write(place, ".git/HEAD", "inner/.git/HEAD", "inner/a.yaml", "inner/b.yaml", "inner/sub/b.yaml")
    write(place, ".gitignore", text="a.yaml\n")
    write(place, "inner/.gitignore", text="/b.yaml\n")

    assert shown(discover(["."])) == ["inner/a.yaml", "inner/sub/b.yaml"]


def test_a_work_tree_with_a_git_file_is_a_repository(place: Path) -> None:
    write(place, ".gitignore", text="*\n")
    write(place, "tree/.git", text="gitdir: /nowhere\n")
    write(place, "tree/sub/a.yaml")

    assert shown(discover(["tree/sub"])) == ["tree/sub/a.yaml"]


def test_an_ignored_folder_that_is_named_is_walked(place: Path) -> None:
    write(place, ".git/HEAD", "build/a.yaml", "build/b.tmp.yaml")
    write(place, ".gitignore", text="build/\n*.tmp.yaml\n")

    assert shown(discover(["."])) == []
    assert shown(discover(["build"])) == ["build/a.yaml"]


@pytest.mark.parametrize(
    ("exclude", "left"),
    [
        (["*.dsc.yaml"], ["a.yaml", "sub/a.yaml", "sub/deep/b.yaml"]),
        (["sub/"], ["a.yaml", "b.dsc.yaml"]),
        (["./sub/deep"], ["a.yaml", "b.dsc.yaml", "sub/a.yaml"]),
        (["/a.yaml", "**/b.yaml"], ["b.dsc.yaml", "sub/a.yaml"]),
        (["*", "!a.yaml"], ["a.yaml"]),
        (["deep"], ["a.yaml", "b.dsc.yaml", "sub/a.yaml"]),
    ],
)
def test_exclude_holds_for_found_and_for_named_files(place: Path, exclude: list[str], left: list[str]) -> None:
    names = ["a.yaml", "b.dsc.yaml", "sub/a.yaml", "sub/deep/b.yaml"]
    write(place, *names)

    assert shown(discover(["."], exclude)) == left
    assert shown(discover(names, exclude)) == left
    assert shown(discover([str(place / name) for name in names], exclude=exclude)) == [
        str(place / name).replace(os.sep, "/") for name in left
    ]


def test_exclude_is_relative_to_the_working_directory_also_for_other_folders(place: Path) -> None:
    write(place, "../other/a.yaml", "../other/b.yaml")

    assert shown(discover(["../other"], ["b.yaml"])) == ["../other/a.yaml"]
    assert shown(discover(["../other"], ["/b.yaml"])) == ["../other/a.yaml", "../other/b.yaml"]
    assert shown(discover(["../other/b.yaml"], ["other/"])) == []


@needs_posix
def test_links_are_not_followed_out_of_the_folder_that_is_walked(place: Path) -> None:
    write(place, "../secret.yaml", "sub/a.yaml", "sub/deep/b.yaml")
    (place / "sub" / "out.yaml").symlink_to(place.parent / "secret.yaml")
    (place / "sub" / "in.yaml").symlink_to("deep/b.yaml")
    (place / "sub" / "folder").symlink_to("deep")
    (place / "sub" / "up").symlink_to("..")
    (place / "sub" / "dangling.yaml").symlink_to("nowhere")
    (place / "sub" / "loop.yaml").symlink_to("loop.yaml")
    (place / "subway.yaml").touch()
    (place / "sub" / "beside.yaml").symlink_to("../subway.yaml")
    (place / "sub" / "folder.yaml").symlink_to("deep")

    assert shown(discover(["sub"])) == ["sub/a.yaml", "sub/in.yaml", "sub/deep/b.yaml"]


@needs_posix
def test_a_link_that_is_named_is_read(place: Path) -> None:
    write(place, "../elsewhere/a.yaml")
    (place / "folder").symlink_to(place.parent / "elsewhere")
    (place / "file.yaml").symlink_to(place.parent / "elsewhere" / "a.yaml")

    assert shown(discover(["folder", "file.yaml"])) == ["folder/a.yaml", "file.yaml"]


@needs_posix
def test_an_ignore_file_that_is_a_link_is_not_read(place: Path) -> None:
    write(place, "../patterns", text="*\n")
    write(place, "a.yaml")
    (place / ".gitignore").symlink_to(place.parent / "patterns")

    assert shown(discover(["."])) == ["a.yaml"]


@pytest.mark.parametrize("path", ["missing.yaml", "missing/", "a\0b"])
def test_a_path_that_does_not_exist_is_an_error(place: Path, path: str) -> None:
    with pytest.raises(UnreadableFileError) as raised:
        discover([path])

    assert str(raised.value) == f"no such file or folder: `{path}`"


@needs_posix
def test_a_pipe_is_an_error_where_it_is_named_and_left_out_where_it_is_found(place: Path) -> None:
    if sys.platform == "win32":
        return
    os.mkfifo(place / "pipe.yaml")

    with pytest.raises(UnreadableFileError, match=r"not a file or folder: `pipe\.yaml`"):
        discover(["pipe.yaml"])
    with pytest.raises(UnreadableFileError, match="not a file or folder: `/dev/null`"):
        discover(["/dev/null"])
    assert shown(discover(["."])) == []


@needs_posix
def test_a_folder_that_cannot_be_listed_is_said_and_the_others_are_walked(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(place, "a.yaml", "closed/b.yaml", "open/c.yaml")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if os.path.basename(path) == "closed":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)

    discovery = discover(["."])

    assert shown(discovery) == ["a.yaml", "open/c.yaml"]
    assert discovery.unreadable == [Failure("closed: cannot be listed: Permission denied", "closed")]
    with pytest.raises(UnreadableFileError, match=r"^closed: cannot be listed: Permission denied$"):
        discover(["closed"])


def test_deep_folders_do_not_end_the_walk(place: Path) -> None:
    deep = place
    for _ in range(300):
        deep = deep / "d"
        os.mkdir(deep)
    (deep / "a.yaml").touch()

    assert len(discover(["."])) == 1


@each_corpus
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_the_quick_look_lets_every_file_through_that_is_ours_under_any_name(files: Files, encoding: str) -> None:
    for file in files:
        data = SourceFile.from_bytes("", file.data).text.encode(encoding)
        source = SourceFile.from_bytes("x.yaml", data)
        if classify("x.yaml", parse(source)) is not None:
            assert may_be_ours("x.yaml", data), file.original


@pytest.mark.parametrize(
    ("path", "text", "worth"),
    [
        ("imagedefinition.yaml", "", True),
        ("a/Task.YML", "", True),
        ("workload.yaml", "apiVersion: v1\n", True),
        ("a.imagedefinition.yaml", "x", True),
        ("x.yaml", "$schema: 1.0\ntasks:\n", True),
        ("x.yaml", '{"userTasks" : []}', True),
        ("x.yaml", "setupTasks:\n", True),
        ("x.yaml", "name: a\ncommand: b\n", True),
        ("x.yaml", "- name: ~/winget\n", True),
        ("x.yaml", "name: a\nimage: MicrosoftWindowsDesktop_a_b\n", True),
        ("x.yaml", "description: all tasks and commands\n", False),
        ("x.yaml", "home: ~/winget\n", False),
        ("x.yaml", "services:\n  web:\n    image: nginx\n", False),
        ("x.yaml", "apiVersion: v1\nspec:\n  command: [a]\n", False),
        ("x.yaml", "# a\napiVersion: v1\nspec:\n  tasks: [a]\n", False),
        ("x.yaml", "", False),
    ],
)
def test_the_quick_look_goes_by_name_or_key(path: str, text: str, worth: bool) -> None:
    assert may_be_ours(path, text.encode()) is worth
