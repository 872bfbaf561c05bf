"""Ignore patterns: git itself is the judge."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from devbox_lint.files.discovery import discover
from devbox_lint.files.gitignore import IgnorePatterns

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not at hand")

FOLDERS = ("a", "b", "ab", "foo", "a b", ".h", "A", "[x]", "b.yaml")
FILES = ("a.yaml", "b.yml", "ab.yaml", "foo.yaml", ".h.yaml", "b c.yaml", "x[1].yaml", "#a.yaml", "!b.yaml")
PIECES = (
    *("a", "b", "foo", "ab", "A", ".h", ".yaml", "*.y?ml", "*", "**", "?", "/", "/", "**/", "/**", " ", "\\ ", "#"),
    *("[ab]", "[!a]", "[^b]", "[a-f]", "[]]", "[z-a]", "[a-]", "[\\]x]", "\\[", "[", "[a", "\\", "[[:alpha:]]"),
    *("[[:no:]]", "\\!"),
)  # fmt: skip


def git(folder: Path, *arguments: str) -> str:
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(folder)}
    return subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, text=True, env={**os.environ, **settings}
    ).stdout


def untracked(folder: Path) -> list[str]:
    """The YAML files that git sees."""
    listed = git(folder, "ls-files", "--others", "-z", "--exclude-standard").split("\0")
    return sorted(name for name in listed if name.endswith((".yaml", ".yml")))


def _pattern(chance: random.Random) -> str:
    pieces = "".join(chance.choices(PIECES, k=chance.randint(1, 5)))
    return chance.choice(("", "", "", "!", "/", "!/")) + pieces + chance.choice(("", "", "/", " "))


def _grow(folder: Path, chance: random.Random) -> None:
    folders = [folder]
    for _ in range(8):
        new = chance.choice(folders) / chance.choice(FOLDERS)
        if not new.exists():
            new.mkdir()
            folders.append(new)
    for place in folders:
        for name in chance.sample(FILES, 4):
            if not (place / name).exists():
                (place / name).touch()
    for place in chance.sample(folders, min(3, len(folders))):
        lines = [_pattern(chance) for _ in range(chance.randint(1, 4))]
        end = chance.choice(("\n", "\r\n"))
        (place / ".gitignore").write_text(end.join(lines) + chance.choice(("", end)), newline="")
    (folder / ".git" / "info").mkdir(exist_ok=True)
    (folder / ".git" / "info" / "exclude").write_text(_pattern(chance) + "\n")


@needs_git
@pytest.mark.skipif(os.name == "nt", reason="the names are not for Windows")
@pytest.mark.parametrize("seed", range(40))
def test_random_trees_are_walked_as_git_walks_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "config", "core.ignoreCase", "false")
    _grow(tmp_path, random.Random(seed))
    monkeypatch.chdir(tmp_path)

    assert sorted(candidate.path for candidate in discover(["."])) == untracked(tmp_path)


@pytest.mark.parametrize(
    ("lines", "path", "ignored"),
    [
        (["*.yaml"], "a/b.yaml", True),
        (["/*.yaml"], "a/b.yaml", None),
        (["a/*.yaml"], "a/b.yaml", True),
        (["a/*.yaml"], "c/a/b.yaml", None),
        (["**/a/*.yaml"], "c/a/b.yaml", True),
        (["a/**"], "a/c/b.yaml", True),
        (["a/**/b.yaml"], "a/b.yaml", True),
        (["*", "!*/", "!*.yaml"], "a/b.yaml", False),
        (["*.yaml", "!b.yaml"], "b.yaml", False),
        (["!b.yaml", "*.yaml"], "b.yaml", True),
        (["b.yaml/"], "b.yaml", None),
        (["b.yaml  "], "b.yaml", True),
        (["b.yaml\\ "], "b.yaml ", True),
        (["\\#b.yaml"], "#b.yaml", True),
        (["#b.yaml"], "#b.yaml", None),
        (["\\!b.yaml"], "!b.yaml", True),
        (["[!a].yaml"], "b.yaml", True),
        (["[a"], "[a", None),
        (["a?b.yaml"], "a/b.yaml", None),
        (["", "/", "!"], "b.yaml", None),
    ],
)
def test_a_pattern_matches_as_the_manual_says(lines: list[str], path: str, ignored: bool | None) -> None:
    assert IgnorePatterns(lines).ignores(path, path.rsplit("/", 1)[-1], False) is ignored


def test_a_pattern_matches_the_folder_and_not_what_is_inside() -> None:
    patterns = IgnorePatterns(["build/"])

    assert patterns.ignores("build", "build", True) is True
    assert patterns.ignores("build/a.yaml", "a.yaml", False) is None


def test_bytes_may_have_a_mark_windows_line_ends_and_anything() -> None:
    patterns = IgnorePatterns.of_bytes(b"\xef\xbb\xbfa.yaml\r\n\xff.yaml\r\n")

    assert patterns.ignores("a.yaml", "a.yaml", False) is True
    assert patterns.ignores("\udcff.yaml", "\udcff.yaml", False) is True


@pytest.mark.parametrize(
    "pattern",
    ["*a" * 40 + "b", "**/a*/" * 30 + "b", "a/**/" * 40 + "b", "?*" * 60 + "z", "[!b]*" * 40 + "z", "*" * 500],
)
@pytest.mark.parametrize("path", ["a" * 4000, "aaa/" * 1000 + "c", "a/" * 2000 + "r"])
def test_many_stars_against_long_names_come_to_an_end(pattern: str, path: str) -> None:
    answer = IgnorePatterns([pattern]).ignores(path, path.rsplit("/", 1)[-1], False)

    assert answer is None or pattern[0] in "*?["
