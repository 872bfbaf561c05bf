"""Settings as the command line shows them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import GOOD, NO_IMAGE, lint

QUIET = ("--quiet", "--output-format", "json")


def put(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def found(folder: Path, *arguments: str) -> list[str]:
    """The files and codes of a report."""
    done = lint(folder, "check", *QUIET, *arguments)
    assert done.code in (0, 1), done.err
    return [f"{item['filename']} {item['code']}" for item in json.loads(done.out)["diagnostics"]]


IMAGES = {"a/imagedefinition.yaml": NO_IMAGE, "b/imagedefinition.yaml": NO_IMAGE}
ONE = ["a/imagedefinition.yaml DBX101", "b/imagedefinition.yaml DBX101"]


def test_settings_select_rules(tmp_path: Path) -> None:
    put(tmp_path, {**IMAGES, "devbox-lint.toml": 'select = ["missing-image"]'})

    assert found(tmp_path) == ONE


def test_the_nearest_settings_hold_for_each_file(tmp_path: Path) -> None:
    put(tmp_path, {**IMAGES, "devbox-lint.toml": 'select = ["DBX101"]'})
    put(tmp_path, {"b/devbox-lint.toml": 'select = ["DBX10"]\nignore = ["DBX101"]'})

    assert found(tmp_path) == ONE[:1]


@pytest.mark.parametrize(
    ("settings", "arguments", "expected"),
    [
        ('ignore = ["DBX101"]', ["--select", "DBX101"], ONE),
        ('select = ["DBX102"]', ["--select", "DBX101"], ONE),
        ('severities.DBX101 = "off"', ["--select", "DBX101"], ONE),
        ('select = ["DBX101"]', ["--ignore", "DBX1", "--extend-select", "DBX102"], []),
        ('select = ["DBX102"]\nignore = ["DBX101"]', ["--extend-select", "DBX101"], ONE),
        ('select = ["DBX101"]', ["--isolated", "--select", "DBX102"], []),
        ('select = ["DBX102"]', ["--config", "other.toml"], ONE),
        ('select = ["DBX101"]\nexclude = ["b"]', ["--isolated", "--select", "DBX101"], ONE),
    ],
)
def test_the_command_line_wins(tmp_path: Path, settings: str, arguments: list[str], expected: list[str]) -> None:
    put(tmp_path, {**IMAGES, "devbox-lint.toml": settings, "other.toml": 'select = ["DBX101"]'})

    assert found(tmp_path, *arguments) == expected


@pytest.mark.parametrize(
    ("pattern", "left"),
    [("a/**", ONE[1:]), ("a", ONE[1:]), ("a/", ONE[1:]), ("*.yaml", []), ("/imagedefinition.yaml", ONE), ("c", ONE)],
)
@pytest.mark.parametrize("paths", [["."], ["a", "b"], ["a/imagedefinition.yaml", "b/imagedefinition.yaml"]])
def test_per_file_ignores_are_from_the_settings_file_on(
    tmp_path: Path, pattern: str, left: list[str], paths: list[str]
) -> None:
    put(tmp_path, {**IMAGES, "devbox-lint.toml": f'select = ["DBX101"]\nper-file-ignores."{pattern}" = ["DBX1"]'})

    assert found(tmp_path, *paths) == left


@pytest.mark.parametrize(
    ("settings", "left"),
    [
        ({"devbox-lint.toml": 'exclude = ["a/"]'}, ONE[1:]),
        ({"devbox-lint.toml": 'exclude = ["/a/*.yaml"]'}, ONE[1:]),
        ({"a/devbox-lint.toml": 'exclude = ["imagedefinition.yaml"]'}, ONE[1:]),
        ({"a/devbox-lint.toml": 'exclude = ["b"]'}, ONE),
        # What is excluded has no say in it.
        ({"devbox-lint.toml": 'exclude = ["a"]', "a/devbox-lint.toml": ""}, ONE[1:]),
    ],
)
@pytest.mark.parametrize("paths", [["."], ["a", "b"], ["a/imagedefinition.yaml", "b/imagedefinition.yaml"]])
def test_what_is_excluded_is_so_found_or_named(
    tmp_path: Path, settings: dict[str, str], left: list[str], paths: list[str]
) -> None:
    put(tmp_path, {**IMAGES, **settings})

    assert [line for line in found(tmp_path, *paths) if line.endswith("DBX101")] == left


def test_settings_of_a_repository_hold_from_below(tmp_path: Path) -> None:
    put(tmp_path, {**IMAGES, "devbox-lint.toml": 'select = ["DBX101"]\nexclude = ["/b/imagedefinition.yaml"]'})

    assert found(tmp_path / "a") == ["imagedefinition.yaml DBX101"]
    assert found(tmp_path / "b") == []
    assert found(tmp_path / "a", "../b") == []


@pytest.mark.parametrize(
    ("settings", "arguments", "code"),
    [
        ("fail-on = 'never'", [], 0),
        ("fail-on = 'never'", ["--fail-on", "error"], 1),
        ("severities.DBX101 = 'warning'", ["--fail-on", "error"], 0),
        ("severities.DBX101 = 'info'", [], 0),
        ("fail-on = 'error'\nseverities.ALL = 'info'\nseverities.missing-image = 'error'", [], 1),
        ("fail-on = 'error'\nseverities.ALL = 'error'\nseverities.missing-image = 'info'", [], 0),
    ],
)
def test_settings_decide_on_the_exit_code(tmp_path: Path, settings: str, arguments: list[str], code: int) -> None:
    put(tmp_path, {**IMAGES, "devbox-lint.toml": f'select = ["DBX101"]\n{settings}'})

    assert lint(tmp_path, "check", *QUIET, *arguments).code == code


def test_each_file_fails_by_its_own_settings(tmp_path: Path) -> None:
    put(tmp_path, {**IMAGES, "a/devbox-lint.toml": "fail-on = 'never'"})

    assert lint(tmp_path, "a").code == 0
    assert lint(tmp_path, "a", "b").code == 1


def test_a_severity_is_shown_as_settled(tmp_path: Path) -> None:
    put(tmp_path, {**IMAGES, "devbox-lint.toml": "severities.DBX101 = 'info'"})

    assert "DBX101 info[missing-image]" in lint(tmp_path, "a").out


def test_a_rule_that_is_off_is_not_run(tmp_path: Path) -> None:
    put(tmp_path, {**IMAGES, "devbox-lint.toml": "severities.missing-image = 'off'"})

    assert "DBX101" not in lint(tmp_path, "a").out


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("select = ['DBX101',\n 'DBX999']", "2:2: unknown rule `DBX999`: `devbox-lint rules` lists them all"),
        ("ignore = ['mising-image']", "1:11: unknown rule `mising-image`: did you mean `missing-image`?"),
        ("per-file-ignores.'a' = ['DBX1', 'x']", "1:33: unknown rule `x`: `devbox-lint rules` lists them all"),
        ("[severities]\n nope = 'off'", "2:2: unknown rule `nope`"),
        ("select = ['DBX101']\nignore = ['DBX101']", " no rule is left to run"),
        ("selct = []", "1:1: unknown setting `selct`: did you mean `select`?"),
        ("select = [\x1b[31m]", "1:11: this is not TOML"),
    ],
)
def test_wrong_settings_end_the_run(tmp_path: Path, settings: str, message: str) -> None:
    put(tmp_path, {**IMAGES, "a/devbox-lint.toml": settings})

    done = lint(tmp_path)

    assert (done.code, done.out) == (2, "")
    assert f"devbox-lint: error: a/devbox-lint.toml:{message}" in done.err
    assert "\x1b" not in done.err


def test_a_settings_file_that_is_not_there_ends_the_run(tmp_path: Path) -> None:
    done = lint(put(tmp_path, IMAGES), "--config", "no.toml")

    assert (done.code, done.err) == (
        2,
        "devbox-lint: error: no.toml: the settings cannot be read: No such file or directory\n",
    )


def test_config_and_isolated_contradict_each_other(tmp_path: Path) -> None:
    assert lint(tmp_path, "--isolated", "--config", "x.toml").code == 2


CALL = GOOD + "tasks:\n  - name: web-tools/setup\n    parameters:\n      colour: red\n"
TASK = "$schema: 1.0\nname: setup\ncommand: echo {{color}}\nparameters:\n  color:\n    type: string\n"


def test_task_catalogs_are_from_the_settings_file_on(tmp_path: Path) -> None:
    put(tmp_path, {"team/imagedefinition.yaml": CALL, "catalog/setup/task.yaml": TASK})
    put(tmp_path, {"devbox-lint.toml": "task-catalogs = ['catalog']\nselect = ['DBX204']"})

    assert found(tmp_path / "team") == ["imagedefinition.yaml DBX204"]
    assert found(tmp_path, "team", "--isolated", "--select", "DBX204") == []
    assert "setup" in lint(tmp_path / "team", "tasks").out
    assert "setup" not in lint(tmp_path / "team", "tasks", "--isolated").out


def test_standard_input_has_the_settings_of_its_name(tmp_path: Path) -> None:
    put(tmp_path, {"a/devbox-lint.toml": "select = ['DBX101']", "b/devbox-lint.toml": "exclude = ['*.yaml']"})
    put(tmp_path, {"devbox-lint.toml": "select = ['DBX102']"})

    def codes(*arguments: str) -> list[str]:
        done = lint(tmp_path, "check", "--output-format", "json", *arguments, stdin=NO_IMAGE)
        return [item["code"] for item in json.loads(done.out)["diagnostics"]]

    assert codes("--stdin-filename", "a/imagedefinition.yaml") == ["DBX101"]
    assert codes("--stdin-filename", "b/imagedefinition.yaml") == []
    assert codes("-", "--kind", "imagedefinition") == []


def test_fixes_are_made_by_the_settings(tmp_path: Path) -> None:
    put(
        tmp_path, {"a/imagedefinition.yaml": "name: a\n" + GOOD[13:], "b/imagedefinition.yaml": "name: a\n" + GOOD[13:]}
    )
    put(tmp_path, {"devbox-lint.toml": "select = ['DBX107']", "b/devbox-lint.toml": "ignore = ['DBX107']"})

    lint(tmp_path, "--fix")

    assert (tmp_path / "a" / "imagedefinition.yaml").read_text("utf-8").startswith("$schema")
    assert not (tmp_path / "b" / "imagedefinition.yaml").read_text("utf-8").startswith("$schema")
