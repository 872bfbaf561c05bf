"""What a settings file may say, and the place of what it may not."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devbox_lint.errors import SettingsError
from devbox_lint.settings.keys import SCHEMA, schema_with
from devbox_lint.settings.model import STANDARD_SETTINGS, AzureSettings, Endpoints, Settings
from devbox_lint.settings.reader import read_settings
from devbox_lint.settings.validation import problems

GUID = "00000000-0000-4000-8000-0000000000aa"
PROJECT = f"/subscriptions/{GUID}/resourceGroups/people/providers/Microsoft.DevCenter/projects/web"
ALL = f"""\
select = ["DBX1", "missing-image"]
extend-select = ["DBX315"]
ignore = ["DBX107"]
exclude = ["samples/", "*.old.yaml"]
fail-on = "error"
task-catalogs = ["tasks.json", "../catalog"]
baseline = "known.txt"
require-reason = true

[per-file-ignores]
"users/**" = ["DBX102"]

[severities]
DBX314 = "off"
DBX2 = "warning"

[azure]
project = "web"
resource-group = "people"
subscription = "{GUID}"
tenant = "contoso.example"
consumers = ["{GUID}"]
admins = ["{GUID}"]
cloud = "usgov"
credential = "cli"
timeout = 2.5
concurrency = 2
max-requests = 20
strict = true
validate-tasks = true
"""


def read(folder: Path, text: str | bytes, name: str = "devbox-lint.toml", trusted: bool = False) -> Settings:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_settings(str(path), trusted)


def error(folder: Path, text: str | bytes, name: str = "devbox-lint.toml") -> str:
    with pytest.raises(SettingsError) as caught:
        read(folder, text, name)
    return str(caught.value).removeprefix(f"{folder}/")


def test_an_empty_file_settles_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "") == STANDARD_SETTINGS._replace(path=str(tmp_path / "devbox-lint.toml"))


def test_every_setting_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, ALL, trusted=True) == Settings(
        path=str(tmp_path / "devbox-lint.toml"),
        select=("DBX1", "missing-image"),
        extend_select=("DBX315",),
        ignore=("DBX107",),
        per_file_ignores=(("users/**", ("DBX102",)),),
        severities=(("DBX314", "off"), ("DBX2", "warning")),
        exclude=("samples/", "*.old.yaml"),
        fail_on="error",
        task_catalogs=(str(tmp_path / "tasks.json"), str(tmp_path.parent / "catalog")),
        baseline=str(tmp_path / "known.txt"),
        require_reason=True,
        azure=AzureSettings(
            project=PROJECT,
            tenant="contoso.example",
            consumers=(GUID,),
            admins=(GUID,),
            cloud="usgov",
            credential="cli",
            timeout=2.5,
            concurrency=2,
            max_requests=20,
            strict=True,
            validate_tasks=True,
        ),
    )


def test_settings_are_values(tmp_path: Path) -> None:
    assert hash(read(tmp_path, ALL, trusted=True)) == hash(read(tmp_path, ALL, trusted=True))


@pytest.mark.parametrize("head", ["[tool.devbox-lint]\n", '[tool . "devbox-lint"]\n', "tool.devbox-lint."])
def test_pyproject_has_them_in_a_table(tmp_path: Path, head: str) -> None:
    assert read(tmp_path, f'{head}ignore = ["DBX107"]\n', "pyproject.toml").ignore == ("DBX107",)


def test_a_byte_order_mark_is_no_trouble(tmp_path: Path) -> None:
    assert read(tmp_path, b'\xef\xbb\xbfignore = ["DBX107"]\r\n').ignore == ("DBX107",)


def test_the_id_of_a_project_says_it_all(tmp_path: Path) -> None:
    assert read(tmp_path, f'azure.project = "{PROJECT}"').azure.project == PROJECT


ENDPOINTS = """\
[azure.cloud]
authority = "https://login.contoso.example"
resource-manager = "https://management.contoso.example"
vault-suffix = "vault.contoso.example"
"""


def test_endpoints_hold_in_a_file_that_was_named(tmp_path: Path) -> None:
    assert read(tmp_path, ENDPOINTS, trusted=True).azure.cloud == Endpoints(
        "https://login.contoso.example", "https://management.contoso.example", "vault.contoso.example"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('\nselct = ["DBX1"]', "2:1: unknown setting `selct`: did you mean `select`?"),
        ("[azur]\nproject = 1", "1:2: unknown setting `azur`: did you mean `azure`?"),
        (
            "[azure]\n  clowd = 'public'",
            "2:3: unknown setting `clowd` in `[azure]`: did you mean `cloud`?",
        ),
        ("per_file_ignores = {}", "1:1: unknown setting `per_file_ignores`: did you mean `per-file-ignores`?"),
        ('select = "DBX1"', "1:10: `select` must be a list of rules"),
        ('select = ["DBX1",\n  2]', "2:3: each of `select` must be a code, the beginning of one, a name, or `ALL`"),
        ("[select]", "1:2: `select` must be a list of rules"),
        ("exclude = ['ok', '!no']", "1:18: each of `exclude` must be a pattern as in .gitignore"),
        ("per-file-ignores.'' = []", "1:18: `` must be a pattern as in .gitignore"),
        ('severities.DBX1 = "fatal"', "1:19: `DBX1` must be a severity: `error`, `warning`, `info` or `off`"),
        ("fail-on = 'errors'", "1:11: `fail-on` must be a severity: `info`, `warning`, `error` or `never`"),
        ("[azure]\nconcurrency = 0", "2:15: `concurrency` must be a whole number from 1 to 64"),
        ("[azure]\nconcurrency = true", "2:15: `concurrency` must be a whole number from 1 to 64"),
        ("[azure]\ntimeout = 0", "2:11: `timeout` must be a number of seconds over 0 and up to 600"),
        ("azure = {cloud = 'germany'}", "1:18: `cloud` must be `public`, `china`, `usgov` or a table of endpoints"),
        ("azure = {cloud = 1}", "1:18: `cloud` must be `public`, `china`, `usgov` or a table of endpoints"),
        ("azure = {cloud = {}}", "1:18: `cloud` lacks `authority`"),
        (
            "azure.project = 'web'",
            "1:17: a `project` that is given by name needs `resource-group` and `subscription` beside it",
        ),
        ("azure.resource-group = 'r'", "1:7: `resource-group` needs a `project` beside it"),
        (
            f"[azure]\nproject = '{PROJECT}'\nresource-group = 'r'",
            "3:1: `resource-group` is a part of the id in `project`: remove it",
        ),
        ("select = [", "1:11: this is not TOML: invalid value"),
        ("select = nope", "1:10: this is not TOML: invalid value"),
        ("ok = 1\nok = 2", "2:7: this is not TOML: cannot overwrite a value"),
        (b"# \xff", "1:3: settings must be UTF-8, and this byte is not"),
    ],
)
def test_an_error_has_its_place(tmp_path: Path, text: str | bytes, message: str) -> None:
    assert error(tmp_path, text) == f"devbox-lint.toml:{message}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.devbox-lint]\nselct = []", "2:1: unknown setting `selct`: did you mean `select`?"),
        ("[tool]\ndevbox-lint = 3", "2:15: `tool.devbox-lint` must be a table"),
    ],
)
def test_an_error_in_pyproject_has_its_place(tmp_path: Path, text: str, message: str) -> None:
    assert error(tmp_path, text, "pyproject.toml") == f"pyproject.toml:{message}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"x = " + b"[" * 100_000, "the values are nested too deeply"),
        (b"#" * 1_000_001, "the file is longer than 1,000,000 bytes, which no settings are"),
    ],
)
def test_a_file_that_asks_too_much_is_refused(tmp_path: Path, text: bytes, message: str) -> None:
    assert error(tmp_path, text) == f"devbox-lint.toml: {message}"


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no\.toml: the settings cannot be read: No such file or directory"):
        read_settings(str(tmp_path / "no.toml"))


def test_a_value_in_the_wrong_place_is_not_quoted(tmp_path: Path) -> None:
    assert "hunter2" not in error(tmp_path, "[azure]\nconsumers = ['hunter2']\n")


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(-2, 70),
        # To JSON Schema 2.0 is a whole number, to TOML it is not.
        st.floats(-1, 700).filter(lambda value: not value.is_integer()),
        st.sampled_from([GUID, PROJECT, "DBX1", "!x", "", "public", "error", "off", "https://a.example", "a.example"]),
    ),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["DBX1", "authority", "!x"]), inner),
    max_leaves=4,
)
TABLES = st.dictionaries(st.sampled_from([*SCHEMA["properties"], "other"]), VALUES, max_size=3) | st.dictionaries(
    st.just("azure"),
    st.dictionaries(st.sampled_from([*SCHEMA["properties"]["azure"]["properties"], "other"]), VALUES, max_size=3),
)


@settings(deadline=None)
@given(TABLES)
def test_the_reader_allows_what_the_schema_allows(table: dict[str, Any]) -> None:
    validator = jsonschema.Draft7Validator(SCHEMA)

    assert (not list(problems(table, SCHEMA, SCHEMA["definitions"], ()))) == validator.is_valid(table)


def test_the_schema_with_the_rules_knows_their_names() -> None:
    validator = jsonschema.Draft7Validator(schema_with(["DBX101", "missing-image"]))

    assert validator.is_valid({"select": ["DBX1", "missing-image"], "severities": {"ALL": "info"}})
    assert not validator.is_valid({"select": ["mising-image"]})
    assert not validator.is_valid({"severities": {"mising-image": "off"}})


def test_the_schema_is_one() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    jsonschema.Draft7Validator(SCHEMA).validate(tomllib.loads(ALL))
