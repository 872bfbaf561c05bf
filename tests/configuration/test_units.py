"""The units of a configuration: both shapes, what is left out, and how winget compares and reads."""

from __future__ import annotations

import pytest

from devbox_lint.configuration.units import (
    V3_SCHEMA,
    Configuration,
    configuration_in,
    folded,
    is_literal,
    type_of,
)
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.model import Customization
from devbox_lint.source import SourceFile
from devbox_lint.yaml.nodes import Mapping, Scalar
from devbox_lint.yaml.parse import parse

OLD = """\
properties:
  configurationVersion: 0.2.0
  assertions:
    - resource: Microsoft.Windows.Developer/OsVersion
      id: os
      settings: {MinVersion: 10.0.22000}
  resources:
    - resource: WinGetPackage
      directives: {module: Microsoft.WinGet.DSC, securityContext: elevated, maxVersion: 1.9}
      dependsOn: [os, other]
      settings: {ID: Git.Git}
    - text
"""
NEW = f"""\
$schema: {V3_SCHEMA}
resources:
  - name: Git
    type: Microsoft.WinGet/Package
    metadata: {{winget: {{securityContext: elevated}}}}
    properties: {{id: Git.Git}}
  - name: Group
    type: Microsoft.DSC/Group
    properties:
      resources:
        - name: Inner
          type: Microsoft.WinGet/Package
"""


def read(text: str) -> Configuration:
    return configuration_in(Customization(parse(SourceFile("x.yaml", text)), Kind.CONFIGURATION))


def test_units_of_the_old_shape() -> None:
    configuration = read(OLD)

    assert not configuration.is_v3
    assert [(unit.section, unit.full_name) for unit in configuration.units] == [
        ("assertions", "Microsoft.Windows.Developer/OsVersion"),
        ("resources", "Microsoft.WinGet.DSC/WinGetPackage"),
    ]
    git = configuration.units[1]
    assert git.context is not None
    assert git.context.value == "elevated"
    assert git.is_pinned
    assert [item.value for item in git.dependencies] == ["os", "other"]
    package = git.text("id")
    assert package is not None
    assert package.value == "Git.Git"


def test_units_of_the_new_shape_with_those_of_a_group() -> None:
    configuration = read(NEW)

    assert configuration.is_v3
    assert [(unit.id.value if unit.id else None, unit.group is not None) for unit in configuration.units] == [
        ("Git", False),
        ("Group", False),
        ("Inner", True),
    ]
    assert configuration.units[0].context is not None


@pytest.mark.parametrize(
    "text",
    [
        OLD.partition("  resources:\n")[2],
        "resources:\n" + OLD.partition("  resources:\n")[2],
    ],
)
def test_a_part_of_a_configuration_is_known_as_one(text: str) -> None:
    assert read(text).is_part


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("3.10", "text"),
        ("2024-01-01", "text"),
        ("24", "integer"),
        ("0x1F", "integer"),
        ("TRUE", "boolean"),
        ("yes", "text"),
        ("null", "text"),
        ("'24'", "text"),
    ],
)
def test_scalars_are_what_winget_reads(text: str, kind: str) -> None:
    root = parse(SourceFile("x.yaml", f"a: {text}\n")).root
    assert isinstance(root, Mapping)
    value = root.get("a")
    assert isinstance(value, Scalar)

    assert type_of(value) == kind


@pytest.mark.parametrize(("left", "right"), [("Git", "gIT"), ("Straße", "STRASSE"), ("e\u0301", "\u00c9")])
def test_ids_are_compared_without_case_and_after_normalisation(left: str, right: str) -> None:
    assert folded(left) == folded(right)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Git.Git", True), ("{{package}}", False), ("${{ env.X }}", False), ("<your id>", False), ("C:\\a", True)],
)
def test_what_is_filled_in_later_is_not_judged(text: str, expected: bool) -> None:
    root = parse(SourceFile("x.yaml", f"a: '{text}'\n")).root
    assert isinstance(root, Mapping)
    value = root.get("a")
    assert isinstance(value, Scalar)

    assert is_literal(value) == expected
