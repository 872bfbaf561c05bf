"""Settings that start from others, which have no more to say than those that name them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from command_line import lint
from devbox_lint.errors import SettingsError
from devbox_lint.settings.files import SettingsFiles
from devbox_lint.settings.model import Settings


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (folder / ".git").mkdir(exist_ok=True)
    return folder


def settings(folder: Path, inside: str = "") -> Settings:
    return SettingsFiles().of(str(folder / inside / "x.yaml"))


def test_keys_replace_those_that_are_extended_also_in_tables(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a/devbox-lint.toml": 'extend = "../shared/base.toml"\nignore = ["DBX108"]\n[severities]\nDBX2 = "info"\n',
            "shared/base.toml": 'ignore = ["DBX101"]\nfail-on = "error"\nbaseline = "known.jsonl"\n'
            '[severities]\nDBX1 = "info"\nDBX2 = "error"\n[azure]\nstrict = true\n',
        },
    )

    found = settings(tmp_path, "a")

    assert (found.path, found.extended) == (
        str(tmp_path / "a" / "devbox-lint.toml"),
        (str(tmp_path / "shared" / "base.toml"),),
    )
    assert (found.ignore, found.fail_on) == (("DBX108",), "error")
    assert dict(found.severities) == {"DBX1": "info", "DBX2": "info"}
    assert found.baseline == str(tmp_path / "shared" / "known.jsonl")
    assert found.azure.strict


def test_a_package_is_read_and_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "site", {"contoso_rules/__init__.py": "raise SystemExit", "contoso_rules/devbox-lint.toml": ""})
    (tmp_path / "site" / "contoso_rules" / "devbox-lint.toml").write_text('ignore = ["DBX101"]\n', "utf-8")
    write(tmp_path / "repository", {"devbox-lint.toml": 'extend = "contoso_rules"\n'})
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "site")])

    assert settings(tmp_path / "repository").ignore == ("DBX101",)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"devbox-lint.toml": 'extend = "../x.toml"'}, "devbox-lint.toml:1:10: this path leads out of the repository"),
        ({"devbox-lint.toml": 'extend = "no_such"'}, "devbox-lint.toml:1:10: no package `no_such`"),
        ({"devbox-lint.toml": 'extend = "os.path"'}, "no package `os.path`"),
        ({"devbox-lint.toml": 'extend = "./none.toml"'}, "none.toml: the settings cannot be read"),
        ({"devbox-lint.toml": 'extend = "a.toml"', "a.toml": 'extend = "devbox-lint.toml"'}, "leads in a circle"),
        ({"devbox-lint.toml": 'extend = "a.toml"', "a.toml": "ignore = 1"}, "a.toml:1:10: `ignore` must be"),
        ({"devbox-lint.toml": 'extend = "a.toml"', "a.toml": '[azure]\ntenant = "x"'}, "a.toml:2:1: `tenant` decides"),
        ({"devbox-lint.toml": 'extend = "a.toml"', "a.toml": 'baseline = "../x"'}, "a.toml:1:12: this path leads out"),
    ],
)
def test_what_is_extended_has_no_more_to_say(tmp_path: Path, files: dict[str, str], message: str) -> None:
    write(tmp_path / "repository", files)

    with pytest.raises(SettingsError) as caught:
        settings(tmp_path / "repository")

    assert message in str(caught.value)


def test_the_operators_file_may_extend_any_other(tmp_path: Path) -> None:
    write(tmp_path, {"r/x.toml": 'extend = "../own.toml"', "own.toml": '[azure]\ntenant = "contoso.example"\n'})
    (tmp_path / "r" / ".git").mkdir()

    found = SettingsFiles(str(tmp_path / "r" / "x.toml")).of(str(tmp_path / "r" / "y.yaml"))

    assert found.azure.tenant == "contoso.example"


@pytest.mark.parametrize(
    ("text", "place"),
    [('ignore = ["no-such"]', "base.toml:1:11: "), ('[severities]\nno-such = "info"', "base.toml:2:1: ")],
)
def test_a_rule_that_does_not_exist_is_told_in_the_file_that_names_it(tmp_path: Path, text: str, place: str) -> None:
    write(
        tmp_path, {"devbox-lint.toml": 'extend = "base.toml"\nfail-on = "error"\n', "base.toml": text, "task.yaml": ""}
    )

    result = lint(tmp_path, ".")

    assert result.code == 2
    assert place in result.err


def test_the_settings_command_shows_the_file_of_each(tmp_path: Path) -> None:
    write(tmp_path, {"devbox-lint.toml": 'extend = "base.toml"\nfail-on = "error"\n', "base.toml": "exclude = ['x']\n"})

    shown = lint(tmp_path, "config", ".").out
    as_json = json.loads(lint(tmp_path, "config", "--output-format", "json", ".").out)["settings"]

    assert 'fail-on = "error"  # devbox-lint.toml:2\n' in shown
    assert 'exclude = ["x"]  # base.toml:1\n' in shown
    assert as_json["fail-on"]["origin"] == {"line": 2, "column": 1}
    assert as_json["exclude"]["origin"] == {"line": 1, "column": 1, "file": str(tmp_path / "base.toml")}
