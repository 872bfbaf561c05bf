"""The site: its versions stand beside each other, and what its guides show is what happens."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from command_line import lint

TOP = Path(__file__).parent.parent.parent
sys.path.insert(0, str(TOP / "tools"))
import site_versions  # noqa: E402 - found by the line before

_STEP = re.compile(r"<!-- (file|replace|made by|output of): ([^\n]*) -->(?:\n```\w*\n(.*?)```\n)?", re.DOTALL)


def pages(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "index.html").write_text(text, "utf-8")
    return folder


def test_versions_of_the_site_stand_beside_each_other(tmp_path: Path) -> None:
    branch = tmp_path / "branch"
    branch.mkdir()

    site_versions.main(branch, pages(tmp_path / "a", "a"), "main")
    assert "url=main/" in (branch / "index.html").read_text("utf-8")
    for number, version in enumerate(("0.9", "0.10", "0.2.1")):
        site_versions.main(branch, pages(tmp_path / str(number), version), version)
    site_versions.main(branch, pages(tmp_path / "b", "b"), "main")

    listed = json.loads((branch / "versions.json").read_text("utf-8"))
    assert [each["version"] for each in listed] == ["0.10", "0.9", "0.2.1", "main"]
    assert [each["aliases"] for each in listed] == [["latest"], [], [], []]
    assert "url=0.10/" in (branch / "index.html").read_text("utf-8")
    assert (branch / "main" / "index.html").read_text("utf-8") == "b"
    assert (branch / "0.9" / "index.html").read_text("utf-8") == "0.9"


@pytest.mark.parametrize("version", ["../x", "v1", "latest", ""])
def test_what_is_no_version_gets_no_folder(tmp_path: Path, version: str) -> None:
    with pytest.raises(ValueError, match="not a version"):
        site_versions.main(tmp_path, tmp_path, version)


@pytest.mark.parametrize("page", ["first-file", "export"])
def test_what_a_guide_shows_is_what_happens(tmp_path: Path, page: str) -> None:
    (tmp_path / ".git").mkdir()
    steps = _STEP.findall((TOP / "docs" / f"{page}.md").read_text("utf-8"))
    printed = ""
    for what, how, text in steps:
        if what == "file":
            (tmp_path / how).write_text(text, "utf-8")
        elif what == "replace":
            name, old, new = re.fullmatch(r"(\S+): (.*) -> (.*)", how).groups()  # type: ignore[union-attr]
            before = (tmp_path / name).read_text("utf-8")
            assert old in before
            (tmp_path / name).write_text(before.replace(old, new, 1), "utf-8")
        elif what == "output of":
            printed = lint(tmp_path, *how.split()[1:]).out
            assert printed == text
        else:
            lint(tmp_path, *how.split()[1:])
            assert (tmp_path / how.split()[-1]).read_text("utf-8") == text

    assert printed, "the page shows nothing"
