"""Which kind a file is, by name and content: the corpus, look-alikes, and broken files."""

from __future__ import annotations

import pytest

from customization.look_alikes import HARMLESS_UNDER_ANY_NAME, LOOK_ALIKES
from devbox_lint.customization.kinds import Kind, classify
from devbox_lint.files.discovery import may_be_ours
from devbox_lint.source import SourceFile
from devbox_lint.yaml.parse import parse
from support import Files, corpus, each_corpus, needs_corpus

SHARED_NAMES = ("task.yaml", "workload.yaml", "devbox.yaml", "x.yaml", "")
# Where the corpus' index follows another rule than ours.
OTHER_BY_NAME = {
    # A team file's content in a user file's place: a user customization with an `image` too many.
    "image-definitions/myusertasks/workload.yaml": Kind.USER,
    # `hostInformation` and `supportsHibernation` belong to team files alone; the image was forgotten.
    "devbox/devbox.yaml": Kind.IMAGE,
}


def kind_of(text: str | bytes, path: str = "x.yaml", pure: bool = False) -> Kind | None:
    data = text if isinstance(text, bytes) else text.encode()
    return classify(path, parse(SourceFile.from_bytes(path, data), pure))


@each_corpus
def test_every_real_file_has_the_kind_it_was_written_as(files: Files) -> None:
    wrong = []
    for file in files:
        found = kind_of(file.data, file.original)
        # A script is ours where one of ours runs it, and a configuration may be anybody's.
        if file.kind is Kind.SCRIPT or (file.kind is None and found is Kind.CONFIGURATION):
            continue
        if found is not file.kind and OTHER_BY_NAME.get(file.original) is not found:
            wrong.append((file.path.name, file.original, found))

    assert wrong == []


@each_corpus
@pytest.mark.parametrize("name", SHARED_NAMES)
def test_no_real_file_of_another_product_is_ours_under_a_shared_name(files: Files, name: str) -> None:
    mine = (None, Kind.CONFIGURATION)
    ours = [file.original for file in files if file.kind is None and kind_of(file.data, name) not in mine]

    assert ours == []


@each_corpus
def test_content_alone_never_makes_a_team_file_of_a_task_or_the_reverse(files: Files) -> None:
    confused = [
        (file.path.name, file.kind, found)
        for file in files
        if file.kind is not None
        and (found := kind_of(file.data)) is not None
        and {file.kind, found} == {Kind.IMAGE, Kind.TASK}
    ]

    assert confused == []


@needs_corpus
def test_content_alone_finds_nearly_all_team_files_and_user_customizations() -> None:
    files = [file for file in corpus() if file.kind in (Kind.IMAGE, Kind.USER)]
    found = [file for file in files if kind_of(file.data) is file.kind]

    assert len(found) >= 0.97 * len(files)


@pytest.mark.parametrize("pure", [False, True], ids=["c", "pure"])
@pytest.mark.parametrize("name", SHARED_NAMES)
@pytest.mark.parametrize("product", LOOK_ALIKES)
def test_a_look_alike_is_not_ours(product: str, name: str, pure: bool) -> None:
    assert kind_of(LOOK_ALIKES[product], name, pure) is None


OLD = """\
properties:
  configurationVersion: 0.2.0
  resources:
    - resource: Microsoft.WinGet.DSC/WinGetPackage
      directives: {description: Install Git, securityContext: elevated}
      settings: {id: Git.Git, source: winget}
"""
NEW = """\
$schema: https://raw.githubusercontent.com/PowerShell/DSC/main/schemas/2023/08/config/document.json
metadata: {winget: {processor: dscv3}}
resources:
  - name: Git
    type: Microsoft.WinGet/Package
    properties: {id: Git.Git}
"""


@pytest.mark.parametrize("name", [*SHARED_NAMES, "x.winget", ".config/configuration.dsc.yaml"])
@pytest.mark.parametrize(
    "text",
    [
        OLD,
        NEW,
        # With a mistake, which must not make another file of it.
        OLD.replace("  configurationVersion: 0.2.0\n", ""),
        OLD.replace("configurationVersion", "ConfigurationVersion"),
        OLD.replace("properties:", "propertys:"),
        OLD.replace("    - resource", "    - Resource").replace("DSC/", ""),
        "properties:\n  configurationVersion: 0.2.0\n",
        "properties:\n  configurationVersion:\n  resources:\n",
        "configurationVersion: 0.2.0\nresources: []\n",
        NEW.replace("https://raw.githubusercontent.com/PowerShell/DSC/main/", "https://aka.ms/dsc/"),
        NEW.partition("\n")[2],
        NEW.replace("metadata: {winget: {processor: dscv3}}\n", ""),
        NEW.partition("\n")[0] + "\n",
        # Parts of one.
        OLD.partition("  resources:\n")[2],
        "resources:\n" + OLD.partition("  resources:\n")[2],
        # Broken.
        OLD.replace("      directives", "     directives"),
        OLD.replace("      settings", "\t  settings"),
        OLD.replace("description: Install Git", "description: Install: Git").replace("{", "").replace("}", ""),
        NEW.replace("    type", "   type"),
        "<<<<<<< HEAD\n" + OLD + "=======\n>>>>>>> x\n",
    ],
)
def test_a_configuration_is_one_under_any_name(text: str, name: str) -> None:
    assert kind_of(text, name) is Kind.CONFIGURATION
    assert may_be_ours(name, text.encode())


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("imagedefinition.yaml", OLD, Kind.CONFIGURATION),
        ("imagedefinition.yaml", NEW, Kind.CONFIGURATION),
        ("a.winget", "", Kind.CONFIGURATION),
        ("a.winget", "propertys:\n", Kind.CONFIGURATION),
        ("a.winget", "resources:\n  - type: a/b\n    name: c\n", Kind.CONFIGURATION),
        ("configuration.dsc.yaml", "resources:\n  - type: a/b\n    name: c\n", Kind.CONFIGURATION),
        ("a.winget", '{"$schema": "https://aka.ms/winget-packages.schema.2.0.json", "Sources": []}', None),
        ("a.winget", "PackageIdentifier: a.b\nManifestType: version\n", None),
        ("configuration.dsc.yaml", "", None),
        ("configuration.yaml", "homeassistant:\n  name: home\n", None),
        ("a.json", OLD, Kind.CONFIGURATION),
    ],
)
def test_a_configuration_by_its_name(path: str, text: str, kind: Kind | None) -> None:
    assert kind_of(text, path) is kind


@pytest.mark.parametrize("product", HARMLESS_UNDER_ANY_NAME)
def test_what_is_clearly_of_another_product_is_no_team_file_even_by_name(product: str) -> None:
    assert kind_of(LOOK_ALIKES[product], "catalog/imagedefinition.yaml") is None


@pytest.mark.parametrize(
    "path",
    [
        "imagedefinition.yaml",
        "ImageDefinition.YAML",
        "a/b/imagedefinition.yml",
        "a\\b\\imagedefinition.yaml",
        "backend.imagedefinition.yaml",
    ],
)
@pytest.mark.parametrize(
    "text", ["", "# nothing yet\n", "name: x\n", "hello\n", "- a\n", "image: [\n", "Tasks:\n", "version: 1\nid: x\n"]
)
def test_a_team_files_name_is_enough(path: str, text: str) -> None:
    assert kind_of(text, path) is Kind.IMAGE


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        # Places and generations of `devbox.yaml`.
        ("devbox.yaml", "name: a\nimage: gallery/i@1.0.0\nsetupTasks:\n  - task: choco\n", Kind.IMAGE),
        ("devbox.yaml", "$schema: 1.0\nname: a\ntasks:\n  - name: ~/winget\n", Kind.USER),
        ("devbox.yaml", "name: a\ntasks:\n  - name: install-docker\n", Kind.USER),
        # The name of a user customization against a key of a team file.
        ("workload.yaml", "$schema: 1.0\nname: a\nimage: b\ntasks:\n  - name: winget\n", Kind.USER),
        ("x.yaml", "$schema: 1.0\nname: a\nimage: b\ntasks:\n  - name: winget\n", Kind.IMAGE),
        ("x.yaml", "extends:\n  imageDefinition: base\nname: a\n", Kind.IMAGE),
        # Files that are being begun.
        ("workload.yaml", "$schema: 1.0\n", Kind.USER),
        ("task.yaml", "$schema: 1.0\n", Kind.TASK),
        ("task.yaml", "name: a\n", Kind.TASK),
        ("task.yaml", "", Kind.TASK),
        ("workload.yaml", "\n", Kind.USER),
        ("devbox.yaml", "", None),
        ("x.yaml", "", None),
        ("task.yaml", "# a comment\n", None),
        # Task definitions with what is often wrong.
        ("task.yaml", "name: a\ncommand: b\n", Kind.TASK),
        ("task.yaml", "$schema: 1.0\nname: a\nparameters:\n  b:\n    type: string\n", Kind.TASK),
        ("task.yaml", "$schmea: 1.0\nname: a\ncomand: .\\a.ps1\nauthor: b\nlicenseURL: c\n", Kind.TASK),
        ("task.yaml", "$schema: 1.0\nname: a\ntasks:\n  - name: winget\n", Kind.TASK),
        ("install/a.yaml", "name: a\nauthor: b\ncommand: .\\a.ps1 {{x}}\ninputs:\n  x: {type: string}\n", Kind.TASK),
        # Entries convince, wherever they stand.
        ("x.yaml", "tasks:\n  - name: ~/winget\n    package: Git.Git\n", Kind.USER),
        ("x.yaml", "- name: ~/winget\n  parameters: {package: Git.Git}\n", Kind.USER),
        ("x.yaml", "userTasks:\n  - name: catalog/winget\n    parameters: {package: a}\n", Kind.USER),
        ("x.yaml", "tasks:\n  - name: a\n    parameters: {b: c}\n", None),
        ("x.dsc.yaml", "$schema: 1.0\nname: a\ntasks:\n  - name: ~/winget\n", None),
        ("x.json", "name: a\n", None),
    ],
)  # fmt: skip
def test_name_and_content_decide_together(path: str, text: str, kind: Kind | None) -> None:
    assert kind_of(text, path) is kind


UNKNOWN = (
    "foo: bar\n",
    "runAsUser: true\n",
    "tags: [a, b]\n",
    "owner: {name: me}\n",
    "version: 1.0.0\n",
    "a1: 1\nb2: 2\nc3: 3\nd4: 4\ne5: 5\nf6: 6\n",
)
SMALLEST = {
    "task.yaml": ("name: make-folder\ncommand: mkdir a\n", Kind.TASK),
    "tasks/Task.yaml": ("name: make-folder\ncommand: 'New-Item -Path C:\\Projects'\n", Kind.TASK),
    "workload.yaml": ("name: mine\ntasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n", Kind.USER),
    "devbox.yaml": ("name: a\ntasks:\n  - name: install-docker\n", Kind.USER),
    "mine.yaml": ("userTasks:\n  - name: winget\n    parameters:\n      package: Git.Git\n", Kind.USER),
    "imagedefinition.yaml": ("name: web\nimage: a/b\n", Kind.IMAGE),
}


@pytest.mark.parametrize("unknown", UNKNOWN)
@pytest.mark.parametrize("path", SMALLEST)
def test_keys_that_nobody_knows_say_nothing_of_whose_a_file_is(path: str, unknown: str) -> None:
    text, kind = SMALLEST[path]

    assert kind_of(unknown + text, path) is kind
    assert kind_of(text + unknown, path) is kind


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("workload.yaml", "name: a\nuserTaks:\n  - name: ~/winget\n    parameters: {package: Git.Git}\n", Kind.USER),
        ("workload.yaml", "nam: a\ntask:\n  - name: install-docker\n  - name: winget\n", Kind.USER),
        ("workload.yaml", "$schema: 1.0\nnames:\n  - name: choco\n    parameters: {package: git}\n", Kind.USER),
        ("x.yaml", "taskz:\n  - nmae: ~/winget\n    paramters: {package: Git.Git}\n", Kind.USER),
        ("x.yaml", "customizations:\n  - name: ~/winget\n    parameters: {package: Git.Git}\n", Kind.USER),
        ("x.yaml", "tasks:\n  - title: ~/powershell\n    parameters: {command: Get-Date}\n", Kind.USER),
        ("task.yaml", "nmae: a\ncomand: ./a.ps1\n", Kind.TASK),
        ("task.yaml", "Name: a\nCommand: ./a.ps1\nEnvironment: prod\n", Kind.TASK),
        ("task.yaml", "name: a\ncommand: .\\a.ps1\ndocumentationUrI: https://a.io\nshell: powershell\n", Kind.TASK),
        ("imagedefinition.yaml", "nam: web\nimagee: a/b\ntaks: []\n", Kind.IMAGE),
        ("team.yaml", "name: a\nimag: b/c@1.0.0\ntasks:\n  - name: ~/winget\n", Kind.IMAGE),
        # The keys of another format count whatever else there is.
        ("task.yaml", "name: restart\ncommand: restart\nrunner_type: remote\npack: windows\n", None),
        ("workload.yaml", "names:\n  - name: choco\n  - name: cheese\n", None),
        ("x.yaml", "steps:\n  - name: powershell\n    parameters: {command: Get-Date}\n", None),
    ],
)  # fmt: skip
def test_a_misspelt_key_stands_for_what_was_meant(path: str, text: str, kind: Kind | None) -> None:
    assert kind_of(text, path) is kind


@pytest.mark.parametrize("pure", [False, True], ids=["c", "pure"])
@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("task.yaml", 'name: a\ncommand: ".\\Install.ps1"\n', Kind.TASK),
        ("task.yaml", "param(\n  [string]$Command\n)\nif ($Command) { Write-Host 'x' }\n", Kind.TASK),
        ("task.yaml", "Write-Host hello\n", Kind.TASK),
        ("task.yaml", "<!DOCTYPE html>\n<html lang=en>\n<a href='x: y'>\n", Kind.TASK),
        ("workload.yaml", "\n# set up\n\n$ErrorActionPreference = 'Stop'\n", Kind.USER),
        ("x.yaml", "param(\n  [string]$Command\n)\nif ($Command) { Write-Host 'x' }\n", None),
        (
            "workload.yaml",
            "$schema: 1.0\n<<<<<<< HEAD\nname: a\n=======\nname: b\n>>>>>>> x\ntasks:\n  - name: ~/winget\n",
            Kind.USER,
        ),
        ("x.yaml", "$schema: 1.0\ntasks:\n  - name: ~/winget\n   parameters:\n  package: a\n", Kind.USER),
        ("x.yaml", "image: microsoftwindowsdesktop_a_b\nname: 'a\ntasks:\n  - name: ~/winget\n", Kind.IMAGE),
        (
            "workload.yaml",
            "$schema: 1.0\ntasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n        @'\n"
            "on: push\njobs: none\nsteps:\n\t- x\n'@ | Out-File a.yml\n",
            Kind.USER,
        ),
    ],
)
def test_a_broken_file_of_ours_stays_ours(path: str, text: str, kind: Kind | None, pure: bool) -> None:
    assert kind_of(text, path, pure) is kind


def test_windows_line_breaks_do_not_slow_the_look_for_scripts() -> None:
    assert kind_of("#   a  \r\n" * 5000 + "\r\n" * 5000 + "plain text\r\n", "task.yaml") is None
