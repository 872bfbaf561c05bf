"""WinGet configurations: one finding for one mistake, nothing on what is right, repairs that hold."""

from __future__ import annotations

import pytest

from devbox_lint.configuration.units import V3_SCHEMA
from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Severity
from devbox_lint.engine import check
from devbox_lint.fixes import fix_source
from devbox_lint.results import FileResult
from devbox_lint.source import SourceFile
from devbox_lint_rules import every_rule

HEAD = "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
PACKAGE = "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n"
GIT = f"{PACKAGE}      id: git\n      settings: {{id: Git.Git, source: winget}}\n"
CLONE = "    - resource: GitDsc/GitClone\n"
FLOW = (
    "{properties: {configurationVersion: 0.2.0, resources: [{resource: Microsoft.Windows.Developer/DeveloperMode,"
    " directives: {allowPrerelease: true%s}}]}}\n"
)
V3 = f"$schema: {V3_SCHEMA}\nmetadata: {{winget: {{processor: dscv3}}}}\nresources:\n"
V3_GIT = "  - name: Git\n    type: Microsoft.WinGet/Package\n    properties: {id: Git.Git, source: winget}\n"


def run(text: str, path: str = "configuration.dsc.yaml") -> FileResult:
    return check(SourceFile(path, text), every_rule(), Kind.CONFIGURATION)


def loud(text: str, path: str = "configuration.dsc.yaml") -> list[tuple[str, str]]:
    """Codes and marked texts of what is a warning or more."""
    return [
        (item.code, text[item.span.start : item.span.end])
        for item in run(text, path).diagnostics
        if item.severity > Severity.INFO
    ]


@pytest.mark.parametrize(
    "text",
    [
        HEAD + GIT,
        V3 + V3_GIT,
        # winget reads no fractions and no dates, and compares names of settings and ids without case.
        HEAD + GIT.replace("source: winget", "source: winget, Version: 3.10"),
        HEAD + GIT.replace("source: winget", "SOURCE: winget, version: 2024-01-01"),
        HEAD + GIT + GIT.replace("id: git\n", "dependsOn: [GIT]\n").replace("Git.Git", "GitHub.cli"),
        # Modules that nobody knows, resources of others, and units without an id.
        HEAD + "    - resource: cChoco/cChocoInstaller\n      settings: {InstallDir: 'C:\\Choco', x: yes}\n",
        HEAD + "    - resource: WinGetPackage\n      settings: {id: Git.Git, source: winget}\n",
        HEAD + (GIT + GIT).replace("      id: git\n", ""),
        # A family name, which is removed, and a source of one's own.
        HEAD + GIT.replace("source: winget", "Ensure: Absent").replace("Git.Git", "Contoso.App_8wekyb3d8bbwe"),
        HEAD + GIT.replace("source: winget", "source: contoso").replace("Git.Git", "git"),
        # Templates and parts.
        HEAD + GIT.replace("id: git\n", "id: '{{id}}'\n      dependsOn: ['{{other}}']\n"),
        HEAD.replace("0.2.0", "'${{ version }}'") + GIT,
        GIT.replace("    - ", "- ").replace("      ", "  ").replace("source: winget", "anything: yes"),
        # Versions that winget takes.
        HEAD.replace("0.2.0", "0.2") + GIT,
        HEAD.replace("0.2.0", "0.1.0") + GIT,
        # What `dsc` reads, and winget does not.
        "$schema: https://aka.ms/dsc/schemas/v3/bundled/config/document.json\nresources:\n"
        + V3_GIT
        + "    dependsOn: [\"[resourceId('Microsoft.WinGet/Package','Git')]\"]\n    condition: '[true]'\n",
        # A list where one text would do, numbers for switches, a mapping of arguments.
        HEAD + "    - resource: NpmDsc/NpmPackage\n      directives: {allowPrerelease: true}\n"
        "      settings: {Name: yarn, Arguments: --force, Global: 1}\n",
        V3 + "  - name: a\n    type: Microsoft.DSC.Transitional/RunCommandOnSet\n"
        "    properties: {executable: pwsh, arguments: {'0': -NoProfile, treatAsArray: true}}\n",
    ],
)
def test_nothing_is_said_of_what_is_right(text: str) -> None:
    assert loud(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # One mistake, one finding.
        (HEAD + GIT.replace("resource:", "resuorce:"), [("DBX804", "resuorce")]),
        (HEAD + GIT.replace("settings:", "Settings:"), [("DBX804", "Settings")]),
        (HEAD.replace("configurationVersion", "ConfigurationVersion") + GIT, [("DBX804", "ConfigurationVersion")]),
        (HEAD.replace("properties", "propertys") + GIT, [("DBX804", "propertys")]),
        (HEAD + GIT.replace("{id:", "{Idd:"), [("DBX801", "Idd")]),
        (
            HEAD + "    - resource: PSDscResources/WindowsOptionalFeature\n"
            "      directives: {securityContext: elevated}\n      settings: {FeatureName: VirtualMachinePlatform}\n",
            [("DBX801", "FeatureName")],
        ),
        (HEAD + GIT + "      dependsOn: [git]\n", [("DBX802", "git")]),
        (HEAD + GIT + "      directives: {dependsOn: [none]}\n", [("DBX804", "dependsOn")]),
        (HEAD + GIT.replace("source: winget", "source: winget, useLatest: on"), [("DBX810", "on")]),
        (HEAD + GIT + GIT.replace("id: git", "id: GIT"), [("DBX803", "GIT")]),
        (HEAD + GIT.replace("Package\n", "Packages\n"), [("DBX809", "Microsoft.WinGet.DSC/WinGetPackages")]),
        (HEAD + GIT + "      dependsOn: other\n", [("DBX808", "other")]),
        (HEAD + GIT + "      directives:\n", [("DBX808", "directives")]),
        (V3 + V3_GIT.replace("{id:", "{Id:"), [("DBX801", "Id")]),
        (HEAD + GIT + "assertions:\n" + GIT.replace("id: git\n", "id: os\n"), [("DBX804", "assertions")]),
        (HEAD + GIT + "      assertions: []\n", [("DBX804", "assertions")]),
        (HEAD + GIT.replace("source: winget", "source: winget, Ensure: true"), [("DBX810", "true")]),
        (
            HEAD + "    - resource: Microsoft.VSCode.Dsc/VSCodeExtension\n      directives: {allowPrerelease: true}\n"
            "      settings: {Name: a.b, Ensure: Present}\n",
            [("DBX801", "Ensure")],
        ),
        (
            HEAD + "    - resource: Microsoft.VSCode.Dsc/VSCodeExtension\n      directives: {allowPrerelease: yes}\n"
            "      settings: {Name: a.b, Exist: true}\n",
            [("DBX811", "Microsoft.VSCode.Dsc/VSCodeExtension")],
        ),
        (V3 + V3_GIT + "    dependson: [a]\n", [("DBX804", "dependson")]),
    ],
)
def test_one_mistake_gives_one_finding(text: str, expected: list[tuple[str, str]]) -> None:
    assert loud(text) == expected


def test_an_older_module_may_have_other_settings() -> None:
    text = HEAD + GIT.replace("{id:", "{silent: true, id:") + "      directives: {version: 1.6.3}\n"

    assert [(item.code, item.severity) for item in run(text).diagnostics] == [("DBX801", Severity.INFO)]


def test_the_same_cause_is_told_once_and_mended_everywhere() -> None:
    unit = "    - resource: Microsoft.Windows.Developer/ShowSecondsInClock\n      settings: {Ensure: Present}\n"
    (found,) = (item for item in run(HEAD + unit * 3).diagnostics if item.code == "DBX811")

    assert len(found.related) == 2
    fixed = fix_source(SourceFile("x.winget", HEAD + unit * 3), every_rule(), Kind.CONFIGURATION).source.text
    assert fixed.count("allowPrerelease: true") == 3


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        # Moved under directives that are there, that are not, and in any order of keys.
        (
            HEAD + GIT + "      securityContext: elevated\n",
            HEAD + GIT + "      directives:\n        securityContext: elevated\n",
        ),
        (
            HEAD + "    - resource: A.B/C\n      directives:\n        module: A.B\n        settings:\n          a: 1\n",
            HEAD + "    - resource: A.B/C\n      directives:\n        module: A.B\n      settings:\n        a: 1\n",
        ),
        (HEAD + GIT + "      dependsOn: 'os'\n", HEAD + GIT + "      dependsOn: ['os']\n"),
        (
            (HEAD + CLONE).replace("\n", "\r\n") + "      settings: {HttpsUrl: a, RootDirectory: b}",
            (HEAD + CLONE + "      directives:\n        allowPrerelease: true\n").replace("\n", "\r\n")
            + "      settings: {HttpsUrl: a, RootDirectory: b}",
        ),
        (FLOW % "", FLOW % ", securityContext: elevated"),
    ],
)
def test_repairs(text: str, fixed: str) -> None:
    result = fix_source(SourceFile("x.yaml", text), every_rule(), Kind.CONFIGURATION)

    assert result.source.text == fixed
    assert not [item for item in result.result.diagnostics if item.fix and item.fix.safe]


def test_many_units_that_depend_on_each_other_are_one_circle() -> None:
    count = 1_000
    units = "".join(
        f"    - resource: A.B/C\n      id: u{number}\n      dependsOn: [u{(number + 1) % count}]\n"
        for number in range(count)
    )
    (found,) = (item for item in run(HEAD + units).diagnostics if item.code == "DBX802")

    assert len(found.message) < 200
    assert len(found.related) < 50


def test_a_secret_is_not_to_be_written_as_a_reference_that_winget_does_not_resolve() -> None:
    text = HEAD + "    - resource: A.B/C\n      settings: {Password: MadeUp-Passw0rd}\n"
    (found,) = run(text).diagnostics

    assert found.code == "DBX405"
    assert "{{" not in f"{found.message} {found.help}"
    assert "az keyvault secret show" in (found.help or "")
