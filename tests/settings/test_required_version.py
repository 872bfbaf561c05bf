"""The setting `required-version`: which versions it admits, and what is said of another one."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import NO_IMAGE, lint
from devbox_lint import __version__
from devbox_lint.errors import SettingsError
from devbox_lint.settings.reader import read_settings
from devbox_lint.settings.required_version import is_met


@pytest.mark.parametrize(
    ("required", "version", "is_right"),
    [
        ("0.1.0", "0.1.0", True),
        ("0.1", "0.1.0", True),
        ("0.1.1", "0.1.0", False),
        ("==0.1.0", "0.1.0", True),
        (">=0.1", "0.1.0", True),
        (">=0.2", "0.10.0", True),
        (">=0.2, <0.10", "0.10.0", False),
        ("!=0.1.3", "0.1.3", False),
        ("!= 0.1.3", "0.1.4", True),
        ("~=0.2", "0.9.1", True),
        ("~=0.2", "1.0.0", False),
        ("~=0.2.1", "0.2.9", True),
        ("~=0.2.1", "0.3.0", False),
        ("~=0.2.1", "0.2.0", False),
        (">=1.0", "1.0rc1", False),
        ("<1.0", "1.0.0.dev3", True),
        (">=1.0", "1.0.0+local", True),
        (">1.0", "1.0.0.post1", False),
    ],
)
def test_the_bounds_are_those_of_pep_440(required: str, version: str, is_right: bool) -> None:
    assert is_met(required, version) is is_right


@pytest.mark.parametrize("value", ['"newest"', '">=0.1 or 1"', '""', "1", '"1.0.0rc1"', '">="'])
def test_what_is_no_version_is_said(tmp_path: Path, value: str) -> None:
    path = tmp_path / "devbox-lint.toml"
    path.write_text(f"required-version = {value}\n", "utf-8")

    with pytest.raises(SettingsError, match="`required-version` must be a version, or bounds of one"):
        read_settings(str(path))


def test_another_version_is_no_run_even_where_the_settings_have_keys_of_the_future(tmp_path: Path) -> None:
    (tmp_path / "imagedefinition.yaml").write_text(NO_IMAGE, "utf-8")
    (tmp_path / "devbox-lint.toml").write_text('future = 1\nrequired-version = ">=99"\n', "utf-8")

    result = lint(tmp_path)

    assert (result.code, result.out) == (2, "")
    message = f"these settings are for devbox-lint >=99, and this is {__version__}: install that version"
    assert result.err == f"devbox-lint: error: devbox-lint.toml:2:20: {message}\n"


def test_what_is_extended_asks_too(tmp_path: Path) -> None:
    (tmp_path / "imagedefinition.yaml").write_text(NO_IMAGE, "utf-8")
    (tmp_path / "devbox-lint.toml").write_text(f'extend = "shared.toml"\nrequired-version = "{__version__}"\n', "utf-8")
    (tmp_path / "shared.toml").write_text('required-version = "<0.0.1"\n', "utf-8")

    result = lint(tmp_path)

    assert result.code == 2
    assert "shared.toml:1:20: these settings are for devbox-lint <0.0.1" in result.err


def test_this_version_is_admitted_and_shown(tmp_path: Path) -> None:
    (tmp_path / "imagedefinition.yaml").write_text(NO_IMAGE, "utf-8")
    (tmp_path / "devbox-lint.toml").write_text(f'required-version = ">={__version__}"\n', "utf-8")

    assert lint(tmp_path).code == 1
    assert "required-version" in lint(tmp_path, "config", ".").out
