"""Who may set what: a settings file beside the files is the repository's, and may be a stranger's."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from command_line import GOOD, lint
from devbox_lint.errors import SettingsError, UsageError
from devbox_lint.settings.files import NAMES, SettingsFiles
from devbox_lint.settings.keys import LIMITED, OPERATOR_ONLY, SCHEMA, variable
from devbox_lint.settings.operator import KEYS, operator_settings

AZURE = SCHEMA["properties"]["azure"]["properties"]
#: The keys that name what is the repository's own, or make the linter stricter.
FOR_ANYBODY = {"project", "resource-group", "subscription", "consumers", "admins", "strict"}
#: The other keys: a repository may say what is checked of it, with paths that stay inside it.
OF_THE_REPOSITORY = {
    "extend": "'base/devbox-lint.toml'",
    "required-version": "'>=0.0.1'",
    "select": "['ALL']",
    "extend-select": "['DBX1']",
    "ignore": "['DBX1']",
    "per-file-ignores": "{'**' = ['DBX1']}",
    "severities": "{DBX1 = 'info'}",
    "exclude": "['a']",
    "fail-on": "'error'",
    "task-catalogs": "['base']",
    "baseline": "'known.jsonl'",
    "require-reason": "true",
}
#: For each key of the operator's: a value as TOML has it, and what it is read as.
VALUES: dict[str, tuple[str, object]] = {
    "cloud": ('"china"', "china"),
    "tenant": ('"attacker.onmicrosoft.com"', "attacker.onmicrosoft.com"),
    "credential": ('"managed-identity"', "managed-identity"),
    "timeout": ("600", 600.0),
    "concurrency": ("64", 64),
    "max-requests": ("100000", 100_000),
    "validate-tasks": ("true", True),
}


def write(folder: Path, text: str, name: str = "devbox-lint.toml") -> Path:
    (folder / ".git").mkdir(exist_ok=True)
    (folder / "imagedefinition.yaml").write_text(GOOD, "utf-8")
    path = folder / name
    path.write_text(f"[tool.devbox-lint.azure]\n{text}" if name == "pyproject.toml" else f"[azure]\n{text}", "utf-8")
    return path


def value_of(settings: SettingsFiles, folder: Path, key: str) -> object:
    return getattr(settings.of(str(folder / "x.yaml")).azure, key.replace("-", "_"))


def test_for_each_key_it_is_decided_who_may_set_it() -> None:
    assert set(AZURE) == {*OPERATOR_ONLY, *LIMITED, *FOR_ANYBODY}
    assert set(VALUES) == set(KEYS)
    assert set(SCHEMA["properties"]) == {*OF_THE_REPOSITORY, "azure"}


@pytest.mark.parametrize("key", OF_THE_REPOSITORY)
def test_a_repository_can_set_what_is_its_own(tmp_path: Path, key: str) -> None:
    write(tmp_path, "")
    (tmp_path / "base").mkdir()
    for path, text in (("base/devbox-lint.toml", ""), ("known.jsonl", "")):
        (tmp_path / path).write_text(text, "utf-8")
    (tmp_path / "devbox-lint.toml").write_text(f"{key} = {OF_THE_REPOSITORY[key]}\n", "utf-8")

    result = lint(tmp_path, "config", "imagedefinition.yaml")

    assert (result.code, result.err) == (0, "")
    assert key in result.out


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("key", KEYS)
def test_a_repository_cannot_set_it(tmp_path: Path, key: str, name: str) -> None:
    write(tmp_path, f"{key} = {VALUES[key][0]}\n", name)

    result = lint(tmp_path, "check", "imagedefinition.yaml")

    assert (result.code, result.out) == (2, "")
    place = f"{name}:2:{len(key) + 4 if key in LIMITED else 1}: `{key}`"
    assert f"error: {place}" in result.err
    for way in (f"`--azure {key}=...`", variable(key), "`--config`"):
        assert way in result.err


@pytest.mark.parametrize("key", KEYS)
def test_the_operator_can_set_it_in_a_file_that_is_named(tmp_path: Path, key: str) -> None:
    path = write(tmp_path, f"{key} = {VALUES[key][0]}\n")

    assert lint(tmp_path, "check", "--config", str(path), "imagedefinition.yaml").code != 2
    assert value_of(SettingsFiles(str(path)), tmp_path, key) == VALUES[key][1]


@pytest.mark.parametrize("key", KEYS)
def test_the_operator_can_set_it_in_the_environment_and_above_that_on_the_command_line(
    tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "")
    text, value = VALUES[key]
    monkeypatch.setenv(variable(key), text.strip('"'))

    assert value_of(SettingsFiles(operator=operator_settings()), tmp_path, key) == value
    assert value_of(SettingsFiles(isolated=True, operator=operator_settings()), tmp_path, key) == value
    others = {"cloud": "usgov", "tenant": "contoso.example", "credential": "cli", "validate-tasks": "false"}
    other = others.get(key, "1")
    expected: dict[str, object] = {"timeout": 1.0, "concurrency": 1, "max-requests": 1, "validate-tasks": False}
    operator = operator_settings([f"{key}={other}"])
    assert value_of(SettingsFiles(operator=operator), tmp_path, key) == expected.get(key, other)


@pytest.mark.parametrize("key", LIMITED)
def test_a_repository_can_ask_for_as_much_as_by_default_and_for_less(tmp_path: Path, key: str) -> None:
    default: Any = AZURE[key]["default"]
    for value in ("false",) if default is False else (default, 1):
        write(tmp_path, f"{key} = {value}\n")

        assert lint(tmp_path, "check", "imagedefinition.yaml").code != 2


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["project=x"], "no KEY is called `project`"),
        (["cloud"], "`--azure cloud=`: `cloud` must be"),
        (["cloud=germany"], "`--azure cloud=`: `cloud` must be"),
        (["timeout=soon"], "`--azure timeout=`: `timeout` must be a number of seconds over 0 and up to 600"),
        (["timeout=601"], "up to 600"),
        (["timeout=nan"], "`timeout` must be"),
        (["validate-tasks=yes"], "`validate-tasks` must be true or false"),
    ],
)
def test_what_the_operator_cannot_mean_is_an_error(given: list[str], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        operator_settings(given)

    assert message in str(caught.value)


def test_an_environment_that_cannot_be_meant_is_an_error_that_names_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEVBOX_LINT_AZURE_CLOUD", "germany")
    write(tmp_path, "")

    result = lint(tmp_path, "check", "--online", ".", DEVBOX_LINT_AZURE_CLOUD="germany")

    assert result.code == 2
    assert "the environment variable DEVBOX_LINT_AZURE_CLOUD: `cloud` must be" in result.err


def test_the_option_goes_with_online(tmp_path: Path) -> None:
    write(tmp_path, "")

    result = lint(tmp_path, "check", "--azure", "cloud=china", ".")

    assert result.code == 2
    assert "`--azure` says how Azure is asked, and goes with `--online`" in result.err


def test_the_settings_command_shows_the_environment(tmp_path: Path) -> None:
    write(tmp_path, "timeout = 4\n")

    result = lint(tmp_path, "config", ".", DEVBOX_LINT_AZURE_TIMEOUT="60")

    assert "timeout = 60.0  # DEVBOX_LINT_AZURE_TIMEOUT\n" in result.out


def links(path: Path, target: Path) -> None:
    try:
        path.symlink_to(target)
    except OSError:
        pytest.skip("no links here")


@pytest.mark.parametrize("key", ["baseline", "task-catalogs"])
@pytest.mark.parametrize("way", ["absolute", "upwards", "a link", "a link to a folder"])
def test_a_path_of_a_repository_stays_inside_it(tmp_path: Path, key: str, way: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("", "utf-8")
    repository = tmp_path / "repository"
    (repository / "in").mkdir(parents=True)
    written = {"absolute": (outside / "file").as_posix(), "upwards": "../../outside/file"}.get(way, "link/file")
    if way == "a link":
        written = "link"
        links(repository / "in" / "link", outside / "file")
    elif way == "a link to a folder":
        links(repository / "in" / "link", outside)
    (repository / ".git").mkdir()
    value = f"'{written}'" if key == "baseline" else f"['{written}']"
    path = repository / "in" / "devbox-lint.toml"
    path.write_text(f"{key} = {value}\n", "utf-8")

    with pytest.raises(SettingsError, match="leads out of the repository"):
        SettingsFiles().of(str(repository / "in" / "x.yaml"))
    settings = SettingsFiles(str(path)).of(str(repository / "in" / "x.yaml"))
    assert (settings.baseline or settings.task_catalogs[0]).endswith(written.removeprefix("../../"))


def test_a_path_that_leads_to_another_folder_of_the_repository_is_fine(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "devbox-lint.toml").write_text("baseline = '../known.jsonl'\n", "utf-8")

    assert SettingsFiles().of(str(tmp_path / "a" / "x.yaml")).baseline == str(tmp_path / "known.jsonl")


@pytest.mark.skipif(sys.platform == "win32", reason="paths of drives")
def test_a_repository_does_not_name_a_device(tmp_path: Path) -> None:
    write(tmp_path, "")
    (tmp_path / "devbox-lint.toml").write_text("task-catalogs = ['/dev/zero']\n", "utf-8")

    assert os.path.exists("/dev/zero")
    assert lint(tmp_path, "check", ".").code == 2
