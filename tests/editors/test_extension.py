"""What the extension for VS Code and the page on editors say is so; its own tests are in lsp/vscode/test."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from devbox_lint import __version__
from devbox_lint_lsp.client import SETTING_NAMES, ClientSettings, read_settings
from editors.editing import TOP, Project, documented

pytestmark = pytest.mark.slow

EXTENSION = TOP / "lsp" / "vscode"


def read(name: str) -> Any:
    return json.loads((EXTENSION / name).read_text("utf-8"))


def test_the_extension_has_the_version_and_the_licence_of_devbox_lint() -> None:
    assert read("package.json")["version"] == read("package-lock.json")["version"] == __version__
    assert (EXTENSION / "LICENSE").read_text("utf-8") == (TOP / "LICENSE").read_text("utf-8")


def test_the_lock_file_names_no_places() -> None:
    packages = read("package-lock.json")["packages"]

    assert {key for package in packages.values() for key in package if key == "resolved"} == set()
    assert all("integrity" in package for path, package in packages.items() if path)


def test_the_settings_and_commands_in_the_readme_are_those_of_the_extension() -> None:
    readme = (EXTENSION / "README.md").read_text("utf-8")
    contributed = read("package.json")["contributes"]
    commands = {f"{command['category']}: {command['title']}" for command in contributed["commands"]}

    assert set(re.findall(r"^\| `([\w.-]+)` \|", readme, re.MULTILINE)) == set(
        contributed["configuration"]["properties"]
    )
    assert set(re.findall(r"`(devbox-lint: [\w ]+)`", readme)) == commands


def test_the_walkthrough_shows_files_that_are_packaged_and_runs_commands_that_are_there() -> None:
    contributed = read("package.json")["contributes"]
    steps = [step for walkthrough in contributed["walkthroughs"] for step in walkthrough["steps"]]
    shown = {place for step in steps for name, place in step["media"].items() if name != "altText"}
    text = json.dumps(steps)
    ours = set(re.findall(r"(?:command|onCommand):(devbox-lint\.\w+)", text))

    assert shown == {f"images/{file.name}" for file in (EXTENSION / "images").iterdir()}
    assert "!images/**" in (EXTENSION / ".vscodeignore").read_text("utf-8").splitlines()
    assert ours <= {command["command"] for command in contributed["commands"]}
    assert set(re.findall(r"onSettingChanged:([\w.-]+)", text)) <= set(contributed["configuration"]["properties"])


def test_the_extension_has_all_settings_of_the_server_with_its_defaults() -> None:
    properties = read("package.json")["contributes"]["configuration"]["properties"]
    own = {"devbox-lint.server", "devbox-lint.path", "devbox-lint.trace.server"}
    defaults = {name.partition(".")[2]: each["default"] for name, each in properties.items() if name not in own}

    assert defaults == {name: getattr(ClientSettings(), field) for name, field in SETTING_NAMES.items()}
    assert read_settings(defaults) == (ClientSettings(), [])


def test_the_settings_that_a_strange_workspace_must_not_choose_are_restricted() -> None:
    restricted = read("package.json")["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"]

    assert {"devbox-lint.path", "devbox-lint.onlineChecks"} == set(restricted)


@pytest.mark.parametrize("marker", ["vscode", "yaml.schemas", "zed", "jetbrains", "sublime"])
def test_the_settings_of_editors_that_could_not_be_tried_are_json(marker: str) -> None:
    assert isinstance(json.loads(documented(marker)), dict)


def test_the_schema_that_the_page_speaks_of_is_there(tmp_path: Path) -> None:
    name, *arguments = documented("schema file").split(">")[0].split()

    assert name == "devbox-lint"
    assert json.loads(Project(tmp_path).devbox_lint(*arguments))["title"]
