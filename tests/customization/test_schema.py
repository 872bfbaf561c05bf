"""The JSON Schemas are sound and helpful, and the walker says what jsonschema says."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import create
from ruamel.yaml import YAML

from devbox_lint.customization import schema
from devbox_lint.customization.builtin_tasks import BUILTIN_PARAMETERS
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.model import Customization
from devbox_lint.customization.schema import MERGE, Violation, find_violations, load_schema
from devbox_lint.source import SourceFile
from devbox_lint.yaml.document import Document
from devbox_lint.yaml.nodes import Alias, Entry, Mapping, Node, Scalar, Sequence, resolve
from devbox_lint.yaml.parse import parse
from support import Files, each_corpus

#: The keywords that say which files are accepted.
ASSERTED = frozenset(("$ref", "additionalProperties", "items", "properties", "type"))
#: The keywords that help people and editors, and those whose subject is another rule's, with better words.
IGNORED = frozenset(
    (
        "$defs", "$id", "$schema", "default", "deprecated", "description", "examples", "title",
        "allOf", "anyOf", "enum", "maxLength", "minLength", "minimum", "pattern", "required",
    )
)  # fmt: skip

IMAGE_SAMPLE = """\
$schema: "1.0"
name: web-frontend
description: What the web team starts from
image: microsoftvisualstudio_visualstudioplustools_vs-2022-ent-general-win11-m365-gen2
parameters:
  branch:
    type: string
    default: main
    allowed: [main, release]
    description: The branch to work on
    validationRegex: "^[a-z]+$"
    minLength: 1
    maxLength: 20
variables:
  workspace:
    type: string
    value: C:\\Workspaces
buildProperties:
  networkConnection: build-network
tasks:
  - name: ~/winget
    displayName: Install Git
    description: Git from the winget source
    timeout: 1800
    parameters:
      package: Git.Git
      version: "2.45.1"
  - name: ~/gitclone
    parameters:
      repositoryUrl: https://dev.azure.com/contoso/web/_git/web
      branch: "{{branch}}"
      pat: '{{https://contoso.vault.azure.net/secrets/clone-pat}}'
userTasks:
  - name: ~/powershell
    parameters:
      command: |
        code --install-extension ms-python.python
"""

USER_SAMPLE = """\
$schema: 1.0
tasks:
  - name: git-clone
    description: Clone this repository into C:\\Workspaces
    parameters:
      repositoryUrl: https://myazdo.visualstudio.com/MyProject/_git/myrepo
      directory: C:\\Workspaces
      pat: '{{ado://YOUR_ORG_NAME}}'
"""

TASK_SAMPLE = """\
$schema: "1.0"
name: choco
description: Installs a Chocolatey package
author: Contoso
issueNotificationEmail: platform@contoso.com
documentationURL: https://contoso.com/choco
licenseURL: https://contoso.com/licence
keywords: [choco, packages]
command: ./choco.ps1 -Package {{package}} -Version {{version}} -IgnoreChecksums {{ignoreChecksums}}
timeout: 30
rebootRequired: false
parameters:
  package:
    type: string
    required: true
    default: ""
    description: The package to install
  version:
    type: string
  ignoreChecksums:
    type: boolean
    default: false
documentation:
  notes: Uses the community repository
  examples:
    - name: choco
      description: Install Java
      parameters:
        package: oraclejdk
        version: 17.0.2
"""

CONFIGURATION_SAMPLES = {
    "0.2": """\
properties:
  configurationVersion: 0.2.0
  assertions:
    - resource: Microsoft.Windows.Developer/OsVersion
      directives: {description: Windows 11, allowPrerelease: true}
      settings: {MinVersion: 10.0.22000}
  resources:
    - resource: Microsoft.WinGet.DSC/WinGetPackage
      id: git
      directives: {description: Install Git, securityContext: elevated}
      settings: {id: Git.Git, source: winget}
      dependsOn: [os]
""",
    "0.3": """\
$schema: https://raw.githubusercontent.com/PowerShell/DSC/main/schemas/2023/08/config/document.json
metadata: {winget: {processor: {identifier: dscv3}}}
resources:
  - name: Git
    type: Microsoft.WinGet/Package
    metadata: {description: Install Git, winget: {securityContext: current}}
    properties: {id: Git.Git, source: winget, useLatest: true}
""",
}

SAMPLES = [(Kind.IMAGE, IMAGE_SAMPLE), (Kind.USER, USER_SAMPLE), (Kind.TASK, TASK_SAMPLE)]
KINDS = pytest.mark.parametrize(
    "kind", [Kind.IMAGE, Kind.USER, Kind.TASK, Kind.CONFIGURATION], ids=lambda kind: kind.value
)
CUSTOMIZATIONS = (Kind.IMAGE, Kind.USER, Kind.TASK)
OF_DEV_BOX = pytest.mark.parametrize("kind", CUSTOMIZATIONS, ids=lambda kind: kind.value)


def read(text: str) -> Document:
    return parse(SourceFile("", text))


def found(kind: Kind, text: str) -> list[tuple[str, str, str]]:
    """Keyword, path, and the text of the value at fault."""
    document = read(text)
    return [
        (item.keyword, "/".join(map(str, item.path)), text[item.node.start : item.node.end])
        for item in find_violations(document, kind)
    ]


def subschemas(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for name in ("properties", "$defs"):
        for inner in node.get(name, {}).values():
            yield from subschemas(inner)
    for name in ("items", "additionalProperties", "if", "then"):
        if isinstance(node.get(name), dict):
            yield from subschemas(node[name])
    for name in ("allOf", "anyOf"):
        for inner in node.get(name, ()):
            yield from subschemas(inner)


@KINDS
def test_a_schema_is_valid_by_its_own_metaschema(kind: Kind) -> None:
    assert load_schema(kind)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert load_schema(kind)["$id"].endswith(f"/{kind.value}.json")
    Draft202012Validator.check_schema(load_schema(kind))


@KINDS
def test_the_walker_knows_every_keyword_of_the_schemas(kind: Kind) -> None:
    conditional = {"if", "then"}
    for node in subschemas(load_schema(kind)):
        assert set(node) <= ASSERTED | IGNORED | conditional
        assert "if" not in node or set(node) == conditional, "conditions stand in allOf, which is not asserted"


@KINDS
def test_every_key_has_a_title_and_a_description_in_plain_words(kind: Kind) -> None:
    for node in subschemas(load_schema(kind)):
        for name, inner in node.get("properties", {}).items():
            if set(node) == {"properties", "required"} or "$ref" in inner:
                continue  # the condition of an `if`, or another name for a definition that has its own words
            assert inner.get("title"), name
            assert inner["description"].endswith("."), name
            assert len(inner["description"]) > 15, name
            assert not set(inner["description"]) & set("`*_#"), name


@OF_DEV_BOX
def test_what_a_task_entry_is_does_not_depend_on_the_file(kind: Kind) -> None:
    ours, theirs = load_schema(kind)["$defs"], load_schema(Kind.IMAGE)["$defs"]
    for name in ("task", "wingetParameters", "powershellParameters", "gitcloneParameters"):
        assert ours[name] == theirs[name]


def test_the_parameters_of_built_in_tasks_are_those_of_the_table() -> None:
    definitions = load_schema(Kind.IMAGE)["$defs"]
    stated: dict[str, tuple[str, ...]] = {}
    for condition in definitions["task"]["allOf"]:
        reference = condition["then"]["properties"]["parameters"]["$ref"].removeprefix("#/$defs/")
        for name in condition["if"]["properties"]["name"]["enum"]:
            stated[name] = tuple(definitions[reference]["properties"])
    assert {name: set(taken) for name, taken in stated.items()} == {
        name: set(taken) for name, taken in BUILTIN_PARAMETERS.items()
    }


@OF_DEV_BOX
def test_legacy_keys_are_marked_deprecated_and_undocumented_ones_say_so(kind: Kind) -> None:
    deprecated = set()
    for node in subschemas(load_schema(kind)):
        for name, inner in node.get("properties", {}).items():
            if inner.get("deprecated"):
                deprecated.add(name)
            if name in ("extends", "condition"):
                assert "Undocumented" in inner["description"]
    entry = {"task", "inputs"}
    file = {"setupTasks", "hostInformation", "supportsHibernation"}
    declaration = {"defaultValue", "allowedValues"}
    assert (
        deprecated
        == {
            Kind.IMAGE: entry | file | declaration,
            Kind.USER: entry | file,
            Kind.TASK: entry | declaration,
        }[kind]
    )


@OF_DEV_BOX
def test_mappings_whose_keys_are_known_are_closed(kind: Kind) -> None:
    for node in subschemas(load_schema(kind)):
        if "properties" in node and "title" in node and "undocumented" not in node["title"]:
            assert "additionalProperties" in node, node["title"]


@pytest.mark.parametrize(("kind", "text"), SAMPLES, ids=lambda value: getattr(value, "value", ""))
def test_good_files_are_accepted_by_us_and_by_any_other_validator(kind: Kind, text: str) -> None:
    assert find_violations(read(text), kind) == ()
    data = YAML(typ="safe", pure=True).load(text)
    assert [error.message for error in Draft202012Validator(load_schema(kind)).iter_errors(data)] == []


@pytest.mark.parametrize("shape", CONFIGURATION_SAMPLES)
def test_a_configuration_of_either_shape_is_accepted(shape: str) -> None:
    data = YAML(typ="safe", pure=True).load(CONFIGURATION_SAMPLES[shape])
    assert [error.message for error in Draft202012Validator(load_schema(Kind.CONFIGURATION)).iter_errors(data)] == []


def test_an_editor_is_told_of_a_unit_without_resource_and_of_an_unknown_context() -> None:
    text = CONFIGURATION_SAMPLES["0.2"].replace("- resource: Microsoft.WinGet", "- resuorce: Microsoft.WinGet")
    data = YAML(typ="safe", pure=True).load(text.replace("elevated", "admin"))
    errors = Draft202012Validator(load_schema(Kind.CONFIGURATION)).iter_errors(data)
    assert sorted(error.validator for error in errors) == ["enum", "required"]


def test_an_editor_is_told_of_a_wrong_value_in_a_built_in_task() -> None:
    data = YAML(typ="safe", pure=True).load("tasks:\n- name: ~/gitclone\n  parameters: {branch: main}\n")
    errors = list(Draft202012Validator(load_schema(Kind.USER)).iter_errors(data))
    assert [error.validator for error in errors] == ["required"]


@pytest.mark.parametrize(
    "text",
    [
        "name: 12\ntasks:\n- name: ~/winget\n  parameters: {version: 3.10, package: true}\n",
        "name: ~\ntasks:\nuserTasks: null\n",
        "tasks:\n-\n- name: ~/winget\n  parameters:\n",
        "tasks:\n- name: clone\n  timeout: '30'\n",
        "tasks:\n- name: clone\n  timeout: 0x1F\n",
        "tasks:\n- name: clone\n  timeout: '{{timeout}}'\n",
        "tasks:\n- name: clone\n  parameters: {pat: {{pat}}}\n",
        "setupTasks:\n- task: winget\n  inputs: {any: thing}\n",
        "tasks:\n- &base\n  name: ~/winget\n- <<: *base\n  timeout: 3\n",
        "tasks: *nowhere\n",
        "? [a, b]\n: c\nname: x\n",
        "",
    ],
)
def test_what_is_no_error_of_shape_is_accepted(text: str) -> None:
    assert found(Kind.USER, text) == []


@pytest.mark.parametrize("value", ["true", "False", "yes", "'no'", "{{x}}", "~"])
def test_a_word_that_yaml_1_1_reads_as_true_or_false_is_a_boolean(value: str) -> None:
    assert found(Kind.TASK, f"rebootRequired: {value}\n") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("naem: x\n", [("additionalProperties", "naem", "x")]),
        ("- a\n", [("type", "", "- a")]),
        ("tasks: winget\n", [("type", "tasks", "winget")]),
        ("tasks:\n- winget\n", [("type", "tasks/0", "winget")]),
        ("tasks:\n-\n- name: x\n  timeout: 60m\n", [("type", "tasks/1/timeout", "60m")]),
        (
            "tasks:\n- name: x\n  parameters: [a]\n  foo:\n",
            [("type", "tasks/0/parameters", "[a]"), ("additionalProperties", "tasks/0/foo", "")],
        ),
        ("tasks:\n- parameters: {a: [b]}\n", [("type", "tasks/0/parameters/a", "[b]")]),
    ],
)
def test_a_violation_tells_where_and_what(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert found(Kind.USER, text) == expected


def test_a_violation_names_the_types_or_the_keys_that_are_accepted() -> None:
    text = "tasks: {}\nenv: {}\n"
    wrong, unknown = find_violations(read(text), Kind.USER)
    assert wrong.expected == ("array",)
    assert unknown.expected == tuple(load_schema(Kind.USER)["properties"])
    assert unknown.key is not None
    assert unknown.key.value == "env"
    assert unknown.mapping is not None
    assert unknown.mapping.names == ["tasks", "env"]


def test_the_first_of_two_equal_keys_counts() -> None:
    assert found(Kind.USER, "tasks: []\ntasks: no list\n") == []
    assert found(Kind.USER, "tasks: no list\ntasks: []\n") == [("type", "tasks", "no list")]


def test_a_violation_behind_an_alias_is_where_the_anchor_is() -> None:
    text = "extra: &parameters [a]\ntasks:\n- name: x\n  parameters: *parameters\n"
    assert found(Kind.USER, text) == [
        ("additionalProperties", "extra", "[a]"),
        ("type", "tasks/0/parameters", "[a]"),
    ]


def test_aliases_that_multiply_and_aliases_of_themselves_end() -> None:
    levels = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 60))
    assert len(found(Kind.USER, f"a0: &a0 [x]\n{levels}tasks: *a59\n")) >= 60
    assert [item[0] for item in found(Kind.USER, "tasks: &t\n- *t\n- name: [*t]\n")] == ["type", "type"]


def test_a_file_with_violations_never_pays_for_jsonschema() -> None:
    program = (
        "import sys\n"
        f"sys.path[:0] = {sys.path!r}\n"
        "from devbox_lint.customization.kinds import Kind\n"
        "from devbox_lint.customization.schema import find_violations\n"
        "from devbox_lint.source import SourceFile\n"
        "from devbox_lint.yaml.parse import parse\n"
        "document = parse(SourceFile('', 'tasks: {}'))\n"
        "assert len(find_violations(document, Kind.USER)) == 1\n"
        "assert 'jsonschema' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_customization_remembers_its_violations() -> None:
    customization = Customization(read("tasks: {}\n"), Kind.USER)
    assert customization.violations is customization.violations
    assert len(customization.violations) == 1


KEYS = sorted(
    {"other"}.union(*(node.get("properties", ()) for kind in CUSTOMIZATIONS for node in subschemas(load_schema(kind))))
)
VALUES = st.recursive(
    st.sampled_from([None, True, "text", "30", 30, 1.5, "{{x}}", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(kind=st.sampled_from(CUSTOMIZATIONS), value=VALUES)
def test_the_walker_says_what_jsonschema_says(kind: Kind, value: object) -> None:
    assert_agreement(read(json.dumps(value)), kind)


@each_corpus
def test_the_walker_says_what_jsonschema_says_of_real_files(files: Files) -> None:
    for file in files:
        if file.kind not in (None, Kind.SCRIPT) and file.at_head:
            document = parse(SourceFile.from_bytes(file.original, file.data))
            for kind in CUSTOMIZATIONS:
                assert_agreement(document, kind)


def assert_agreement(document: Document, kind: Kind) -> None:
    root = document.root
    if root is None:
        return
    assert find_violations(document, kind) == tuple(sorted(enumerated(root, kind), key=schema._start))


def enumerated(root: Node, kind: Kind) -> Iterator[Violation]:
    validator = _validator(kind)
    for error in validator.iter_errors(_plain(root, set())):
        path: tuple[str | int, ...] = tuple(error.absolute_path)
        entry, mapping, node = _at(root, path)
        if error.validator == "type":
            key = entry.key if entry is not None else None
            names = schema._types(error.schema)
            yield Violation("type", key if isinstance(key, Scalar) else None, node, mapping, names, path)
        elif isinstance(node, Mapping):
            known = tuple(error.schema["properties"])
            for unknown in node.entries:
                key = unknown.key
                if isinstance(key, Scalar) and key.value not in known and key.value != MERGE:
                    place = (*path, key.value)
                    yield Violation("additionalProperties", key, resolve(unknown.value), node, known, place)


@cache
def _validator(kind: Kind) -> Any:
    keywords = {name: Draft202012Validator.VALIDATORS[name] for name in ASSERTED}
    keywords["type"] = _check_type
    return create(Draft202012Validator.META_SCHEMA, keywords)(load_schema(kind))


def _check_type(_: Any, types: str | list[str], instance: object, subschema: dict[str, Any]) -> Iterator[Any]:
    """The keyword ``type`` for what :func:`_plain` gives: single values are still nodes."""
    if isinstance(instance, Node):
        accepted = schema._is_one_of(instance, schema._types(subschema))
    else:
        accepted = ("object" if isinstance(instance, dict) else "array") in types
    if not accepted:
        yield ValidationError("wrong type")


def _plain(node: Node, followed: set[int] | None) -> object:
    """``node`` as dictionaries and lists, with nodes for the single values; ``followed`` as in _walk."""
    if isinstance(node, Alias) and (target := schema._follow(node, followed)) is not None:
        node, followed = target, None
    if isinstance(node, Mapping) and not schema._is_reference(node):
        plain: dict[str, object] = {}
        for entry in node.entries:
            name = entry.name
            if name is not None and name != MERGE and name not in plain:
                plain[name] = _plain(entry.value, followed)
        return plain
    if isinstance(node, Sequence):
        return [_plain(item, followed) for item in node.items]
    return node


def _at(root: Node, path: tuple[str | int, ...]) -> tuple[Entry | None, Mapping | None, Node]:
    """What is at ``path``: the key with its value, the mapping they are in, and the value, aliases resolved."""
    entry: Entry | None = None
    mapping: Mapping | None = None
    node = resolve(root)
    for step in path:
        entry = mapping = None
        if isinstance(step, int) and isinstance(node, Sequence):
            node = resolve(node.items[step])
        elif isinstance(step, str) and isinstance(node, Mapping):
            mapping = node
            entry = node.entry(step)
            if entry is not None:
                node = resolve(entry.value)
    return entry, mapping, node
