"""Which settings file holds for which file."""

from __future__ import annotations

from pathlib import Path

import pytest

from devbox_lint.errors import UsageError
from devbox_lint.settings.files import SettingsFiles


def put(folder: Path, name: str, text: str = 'ignore = ["DBX107"]') -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def found(path: Path) -> str:
    return SettingsFiles().of(str(path)).path


@pytest.mark.parametrize("name", ["devbox-lint.toml", ".devbox-lint.toml", "sub/devbox-lint.toml"])
def test_the_nearest_file_upwards_holds(tmp_path: Path, name: str) -> None:
    put(tmp_path, "pyproject.toml", "[tool.devbox-lint]\n")
    nearest = put(tmp_path, name)

    assert found(tmp_path / "sub" / "deeper" / "workload.yaml") == str(nearest)


def test_two_files_of_one_run_may_have_different_settings(tmp_path: Path) -> None:
    one, other = put(tmp_path, "one/devbox-lint.toml"), put(tmp_path, "devbox-lint.toml")
    files = SettingsFiles()

    assert files.of(str(tmp_path / "one" / "a.yaml")).path == str(one)
    assert files.of(str(tmp_path / "two" / "a.yaml")).path == str(other)


@pytest.mark.parametrize(
    "text", ["", '[project]\ndependencies = ["devbox-lint"]', "[tool.other]\nx = 'devbox-lint'", "devbox-lint = ["]
)
def test_a_pyproject_without_the_table_is_passed_over(tmp_path: Path, text: str) -> None:
    above = put(tmp_path, "devbox-lint.toml")
    put(tmp_path, "sub/pyproject.toml", text)

    assert found(tmp_path / "sub" / "a.yaml") == str(above)


def test_the_search_ends_with_the_repository(tmp_path: Path) -> None:
    put(tmp_path, "devbox-lint.toml")
    (tmp_path / "repository" / ".git").mkdir(parents=True)

    assert found(tmp_path / "repository" / "sub" / "a.yaml") == ""


def test_the_top_of_the_repository_still_counts(tmp_path: Path) -> None:
    settings = put(tmp_path, "devbox-lint.toml")
    (tmp_path / ".git").write_text("gitdir: elsewhere", encoding="utf-8")

    assert found(tmp_path / "sub" / "a.yaml") == str(settings)


def test_a_named_file_holds_for_all(tmp_path: Path) -> None:
    put(tmp_path, "devbox-lint.toml")
    named = put(tmp_path, "other/strict.toml")

    assert SettingsFiles(str(named)).of(str(tmp_path / "a.yaml")).path == str(named)


def test_isolated_reads_none(tmp_path: Path) -> None:
    put(tmp_path, "devbox-lint.toml", "not toml")

    assert SettingsFiles(isolated=True).of(str(tmp_path / "a.yaml")).path == ""


def test_named_and_isolated_contradict_each_other() -> None:
    with pytest.raises(UsageError):
        SettingsFiles("a.toml", isolated=True)
