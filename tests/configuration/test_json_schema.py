"""The JSON Schema of configurations with what is known of resources."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from devbox_lint.configuration.json_schema import with_resources
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.schema import load_schema

SCHEMA = with_resources(load_schema(Kind.CONFIGURATION))
OLD = "properties:\n  configurationVersion: 0.2.0\n  resources:\n    - resource: {}\n      settings: {}\n"
NEW = "resources:\n  - name: a\n    type: {}\n    properties: {}\n"


def test_it_is_a_schema_and_the_one_it_is_made_from_stays_as_it_was() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert "allOf" not in load_schema(Kind.CONFIGURATION)["$defs"]["unit"]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (OLD.format("Microsoft.WinGet.DSC/WinGetPackage", "{id: Git.Git, version: 3.10, MatchOption: Equals}"), None),
        (OLD.format("Microsoft.WinGet.DSC/WinGetPackage", "{id: Git.Git, MatchOption: Exactly}"), "enum"),
        (OLD.format("Contoso.Tools/Thing", "{MatchOption: Exactly}"), None),
        (OLD.format("NpmDsc/NpmPackage", "{Name: a, Arguments: [x], Global: maybe}"), "type"),
        (NEW.format("Microsoft.WinGet/Package", "{id: Git.Git, useLatest: true}"), None),
        (NEW.format("Microsoft.WinGet/Package", "{source: winget}"), "required"),
        (NEW.format("Microsoft.WinGet/Package", "{id: Git.Git, version: 24}"), "type"),
    ],
)
def test_an_editor_is_told_what_a_resource_does_not_take(text: str, wrong: str | None) -> None:
    data = YAML(typ="safe", pure=True).load(text)
    errors = [error.validator for error in Draft202012Validator(SCHEMA).iter_errors(data)]

    assert errors == ([wrong] if wrong else [])
