"""WinGet configurations made from customizations: what is taken over, what stays behind, and how it is written."""

from __future__ import annotations

import sys
from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from syrupy.assertion import SnapshotAssertion

from devbox_lint.configuration.conformance import _validator
from devbox_lint.configuration.export import TARGETS, Exported, State, export
from devbox_lint.configuration.writing import Made, Value, new_shape, old_shape
from devbox_lint.customization.catalog import STANDARD, Catalog
from devbox_lint.customization.kinds import Kind, classify
from devbox_lint.customization.model import Customization
from devbox_lint.customization.schema import load_schema
from devbox_lint.engine import check
from devbox_lint.source import SourceFile
from devbox_lint.yaml.parse import parse
from devbox_lint_rules import RULES
from doubles import GivenFiles
from support import corpus, needs_corpus

EXAMPLES = Path(__file__).parent.parent.parent / "examples" / "good"
RULES_THAT_RUN = [rule for rule in RULES if rule.default]
SCHEMA = Draft202012Validator(load_schema(Kind.CONFIGURATION))
EVERYTHING = """\
$schema: 1.0
name: team
image: gallery/image@1.0.0
parameters:
  branch: {type: string, default: main}
  needed: {type: string}
tasks:
  # The shell of all scripts.
  # devbox-lint: ignore[DBX222] short
  - name: ~/winget
    parameters: {package: Microsoft.PowerShell, version: latest}
  - name: quickstart-catalog/choco
    displayName: Install jq
    parameters: {package: jq, version: 1.7}
  - name: choco
    parameters: {package: vscode}
  - name: ~/gitclone
    timeout: 600
    parameters:
      repositoryUrl: https://github.com/contoso/web.git
      branch: '{{branch}}'
      pat: '{{https://contoso.vault.azure.net/secrets/pat}}'
  - name: ~/powershell
    displayName: "It's a 'script'"
    parameters:
      command: |
        Set-Item 'a'
          Get-Item "b" # two columns more
      workingDirectory: C:\\It's here
  - name: ~/powershell
    parameters: {script: scripts/set-up.ps1, scriptArgs: -Fast}
  - name: ~/powershell
    displayName: Sign in
    parameters: {command: "az login -p {{https://contoso.vault.azure.net/secrets/login}}"}
  - name: ~/powershell
    parameters: {command: "Write-Host {{needed}}"}
  - name: install-vs-extension
    parameters: {marketplaceItemName: contoso.tool}
  - name: greet
    parameters: {who: O'Neil}
  - name: other-catalog/unknown
userTasks:
  - name: ~/winget
    parameters: {package: 9P7KNL5RWT25}
  - name: ~/winget
    parameters: {downloadUrl: https://contoso.com/tools.winget}
"""
GREET = """\
$schema: 1.0
name: greet
command: Write-Host {{who}} {{how}}
parameters:
  who: {type: string}
  how: {type: string, default: Hi}
"""


def made(
    text: str, target: str = "winget", path: str = "imagedefinition.yaml", catalog: Catalog = STANDARD
) -> Exported:
    document = parse(SourceFile(path, text))
    kind = classify(path, document)
    assert kind is not None
    return export(Customization(document, kind), path, target, catalog)


def told(result: Exported) -> str:
    lines = [
        f"{entry.line} {entry.section} {entry.task} | {entry.state.value} | {'; '.join(entry.notes)} | {entry.units}"
        for entry in result.entries
    ]
    return "\n".join((result.text, *lines, *result.notes))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("source", ["workload.yaml", "web-team/imagedefinition.yaml", "everything"])
def test_what_is_made_of_a_file(source: str, target: str, snapshot: SnapshotAssertion) -> None:
    text = EVERYTHING if source == "everything" else (EXAMPLES / source).read_text("utf-8")
    catalog = Catalog(GivenFiles({"imagedefinition.yaml": EVERYTHING, "tasks/greet/task.yaml": GREET}))
    result = made(
        text, target, source.rpartition("/")[2] if source != "everything" else "imagedefinition.yaml", catalog
    )

    assert told(result) == snapshot
    assert is_right(result.text) == []


def is_right(text: str, authors: frozenset[str] = frozenset()) -> list[str]:
    """What the schema and our own rules say of a configuration, but for the rules ``authors``."""
    data = YAML(typ="safe", pure=True).load(text)
    found = [
        f"{item.code} {item.message}"
        for item in check(SourceFile("made.winget", text), RULES_THAT_RUN).diagnostics
        if item.code not in authors
    ]
    return found + [error.message for error in SCHEMA.iter_errors(data)]


@needs_corpus
@pytest.mark.parametrize("target", TARGETS)
def test_every_real_file_can_be_exported_and_gives_what_is_right(target: str) -> None:
    for file in corpus():
        if file.kind in (Kind.IMAGE, Kind.USER):
            document = parse(SourceFile.from_bytes(file.original, file.data))
            result = export(Customization(document, file.kind), "x.yaml", target, STANDARD)
            assert len(result.entries) == len(Customization(document, file.kind).tasks)
            said = check(SourceFile.from_bytes(file.original, file.data), RULES_THAT_RUN).diagnostics
            of_scripts = frozenset(item.code for item in said if item.code.startswith("DBX7"))
            assert is_right(result.text, of_scripts) == [], file.path


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    "line",
    [
        "command: net user dev MadeUp-Passw0rd /add",
        "command: '$password = \"MadeUp-Passw0rd\"'",
    ],
)
def test_no_secret_is_written(line: str, target: str) -> None:
    text = (
        "$schema: 1.0\nname: a\nuserTasks:\n  # password: MadeUp-Passw0rd\n  - name: ~/powershell\n"
        f"    parameters:\n      {line}\n"
    )
    result = made(text, target, "workload.yaml")

    assert "MadeUp" not in told(result)
    assert [entry.state for entry in result.entries] == [State.LEFT_OUT]


def test_a_configuration_in_base64_is_merged_with_ids_of_its_own() -> None:
    inner = (
        "properties:\n  configurationVersion: 0.2.0\n  assertions:\n"
        "    - resource: Microsoft.Windows.Developer/OsVersion\n      settings: {MinVersion: 10.0.22000}\n"
        "  resources:\n"
        "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      id: Git.Git\n"
        "      settings: {id: Git.Git, source: winget, version: 2.10}\n"
        "    - resource: Microsoft.VSCode.Dsc/VSCodeExtension\n      dependsOn: [GIT.GIT]\n"
        "      directives: {allowPrerelease: true}\n      settings: {Name: a.b, Exist: true}\n"
    )
    text = (
        "$schema: 1.0\nname: a\nuserTasks:\n  - name: ~/winget\n    parameters: {package: Git.Git}\n"
        f"  - name: ~/winget\n    parameters:\n      inlineConfigurationBase64: {b64encode(inner.encode()).decode()}\n"
    )
    result = made(text, path="workload.yaml")
    units = YAML(typ="safe", pure=True).load(result.text)["properties"]["resources"]

    assert [unit["id"] for unit in units] == ["Git.Git", "Git.Git-2", "unit-2"]
    assert units[1]["settings"]["version"] == 2.10 or units[1]["settings"]["version"] == "2.10"
    assert units[2]["dependsOn"] == ["Git.Git-2"]
    assert "its assertions stay behind: one that fails would stop the whole file" in result.entries[1].notes


INNER = """\
properties:
  configurationVersion: 0.2.0
  resources:
    - resource: Microsoft.WinGet.DSC/WinGetPackage
      id: git
      settings: {id: Git.Git, source: winget}
    - resource: PSDscResources/Script
      dependsOn: [git]
      settings: {GetScript: '@{}', TestScript: $false, SetScript: SET}
"""
APPLIED = (
    "$schema: 1.0\nname: a\nimage: a\ntasks:\n  - name: ~/winget\n    parameters: {configurationFile: tools.winget}\n"
)


@pytest.mark.parametrize(
    ("inner", "state", "note"),
    [
        (INNER.replace("SET", "Get-Date"), State.CHANGED, "the configuration `tools.winget` is merged into this one"),
        (
            INNER.replace("SET", "net user dev MadeUp-Passw0rd /add"),
            State.LEFT_OUT,
            "`tools.winget` holds a credential in plain text, which must not be copied",
        ),
        ("a: [", State.LEFT_OUT, "`tools.winget` is not a configuration of schema 0.1 or 0.2 that can be read"),
        (
            None,
            State.LEFT_OUT,
            "it is a configuration already: apply it by itself with `winget configure -f tools.winget`",
        ),
    ],
)
def test_a_configuration_beside_the_file_is_merged(inner: str | None, state: State, note: str) -> None:
    files = {"a/imagedefinition.yaml": APPLIED} | ({"a/tools.winget": inner} if inner is not None else {})
    result = made(APPLIED, path="a/imagedefinition.yaml", catalog=Catalog(GivenFiles(files)))

    assert [(entry.state, entry.notes[0]) for entry in result.entries] == [(state, note)]
    assert "MadeUp" not in told(result)
    if state is State.CHANGED:
        units = YAML(typ="safe", pure=True).load(result.text)["properties"]["resources"]
        assert [unit["id"] for unit in units] == ["git", "unit-2"]
        assert units[1]["dependsOn"] == ["git"]


VALUES = st.recursive(
    st.text(max_size=30)
    | st.booleans()
    | st.integers(-1000, 1000)
    | st.sampled_from(["a\nb\n", " a\n  b", "on", "3.10"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(settings=st.dictionaries(st.text(min_size=1, max_size=8), VALUES, max_size=4))
def test_what_is_written_is_read_back_as_it_was(settings: dict[str, Value]) -> None:
    unit = Made("u", "A.B/C", settings, "d")
    for text, path in ((old_shape([unit]), ("properties", "resources")), (new_shape([unit]), ("resources",))):
        node = YAML(typ="safe", pure=True).load(text)
        for key in path:
            node = node[key]
        assert node[0]["settings" if len(path) == 2 else "properties"] == settings


def test_a_value_that_its_resource_does_not_take_is_told_and_not_shown() -> None:
    inner = (
        "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
        "    - resource: Microsoft.Windows.Developer/DeveloperMode\n      directives: {securityContext: elevated}\n"
        "      settings: {Ensure: Presently, SID: a}\n"
    )
    text = (
        "$schema: 1.0\nname: a\ntasks:\n  - name: ~/winget\n    parameters:\n"
        f"      inlineConfigurationBase64: {b64encode(inner.encode()).decode()}\n"
    )
    doubts = [note for note in made(text, path="imagedefinition.yaml").notes if "refuse" in note]

    place = "properties.resources[0].settings.Ensure"
    assert doubts == [f"winget may refuse a unit: `{place}` is none of the values that the resource knows"]


def test_without_jsonschema_the_report_says_that_nothing_was_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    _validator.cache_clear()

    result = made("$schema: 1.0\nname: a\ntasks: []\n", "winget", "imagedefinition.yaml")

    assert "not compared with the schema of configurations: `jsonschema` cannot be loaded here" in result.notes
