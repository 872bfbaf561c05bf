"""The command that shows the settings for a path."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema

from command_line import lint
from devbox_lint.settings.keys import SCHEMA

SETTINGS = """\
[tool.devbox-lint]
select = ["DBX1"]
task-catalogs = ["catalog"]
exclude = ["old/"]

[tool.devbox-lint.severities]
DBX101 = "info"

[tool.devbox-lint.azure]
timeout = 4
"""


def place(folder: Path) -> Path:
    (folder / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "sub").mkdir()
    return folder


def as_json(folder: Path, *arguments: str) -> dict[str, Any]:
    done = lint(folder, "config", "--output-format", "json", *arguments)
    assert done.code == 0, done.err
    shown: dict[str, Any] = json.loads(done.out)
    return shown


def test_each_setting_has_its_value_and_where_it_is_from(tmp_path: Path) -> None:
    shown = as_json(place(tmp_path), "sub")

    assert shown["file"] == str(tmp_path / "pyproject.toml")
    settings = shown["settings"]
    assert settings["select"] == {"value": ["DBX1"], "origin": {"line": 2, "column": 1}}
    assert settings["task-catalogs"]["value"] == [str(tmp_path / "catalog")]
    assert settings["severities"] == {"value": {"DBX101": "info"}, "origin": {"line": 6, "column": 19}}
    assert settings["azure"]["timeout"] == {"value": 4, "origin": {"line": 10, "column": 1}}
    assert settings["fail-on"] == {"value": "warning", "origin": None}


def test_the_rules_that_run_are_shown_with_their_severity(tmp_path: Path) -> None:
    rules = as_json(place(tmp_path))["rules"]

    assert rules["DBX101"] == "info"
    assert rules["DBX103"] == "error"
    assert "DBX001" not in rules


def test_it_says_that_a_path_is_excluded(tmp_path: Path) -> None:
    assert as_json(place(tmp_path), "old/a.yaml")["excluded"] is True
    assert as_json(tmp_path, "a.yaml")["excluded"] is False


def test_the_text_is_toml_that_settles_the_same(tmp_path: Path) -> None:
    done = lint(place(tmp_path), "config", "sub")

    shown = tomllib.loads(done.out)
    jsonschema.Draft7Validator(SCHEMA).validate(shown)
    assert (shown["select"], shown["azure"]["timeout"]) == (["DBX1"], 4)
    assert 'select = ["DBX1"]  # pyproject.toml:2\n' in done.out
    assert 'fail-on = "warning"  # by default\n' in done.out
    assert re.match(r"# sub: settings of pyproject.toml\n# \d+ of \d+ rules run\n", done.out)


def test_without_a_file_all_is_by_default(tmp_path: Path) -> None:
    done = lint(place(tmp_path), "config", "--isolated")

    assert done.out.startswith("# .: no settings file\n")
    assert " # pyproject" not in done.out


def test_every_setting_is_shown(tmp_path: Path) -> None:
    shown = as_json(tmp_path)["settings"]

    assert set(shown) == set(SCHEMA["properties"]) - {"extend"}
    # These two are shown as a part of the project's id.
    hidden = {"resource-group", "subscription"}
    assert set(shown["azure"]) == set(SCHEMA["properties"]["azure"]["properties"]) - hidden


def test_what_is_wrong_with_the_settings_is_said(tmp_path: Path) -> None:
    (tmp_path / "devbox-lint.toml").write_text("ignore = ['DBX999']", encoding="utf-8")

    done = lint(tmp_path, "config")

    assert (done.code, done.out) == (2, "")
    assert "devbox-lint.toml:1:11: unknown rule `DBX999`" in done.err


def test_it_shows_one_path(tmp_path: Path) -> None:
    assert lint(tmp_path, "config", "a", "b").code == 2
