"""What is typed stays what it was, whatever the list offers, and what the list offers is right."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from devbox_lint.customization.kinds import Kind
from lsp.client import Client
from lsp.person import CAPABILITIES, Person
from support import corpus, needs_corpus

GOOD = Path(__file__).parent.parent.parent / "examples" / "good"
NAMES = {
    Kind.IMAGE: "imagedefinition.yaml",
    Kind.USER: "workload.yaml",
    Kind.TASK: "task.yaml",
    Kind.CONFIGURATION: "tools.winget",
}
NUMBERS = count()


@pytest.fixture(scope="module")
def vscode() -> Iterator[Client]:
    with Client() as client:
        client.initialize(CAPABILITIES)
        yield client


def person(client: Client, name: str, text: str = "") -> Person:
    return Person(client, f"file:///nowhere/typed-{next(NUMBERS)}/{name}", text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "imagedefinition.yaml",
            '$schema: "1.0"\nname: web\nimage: gallery/image@1.0.0\ndescription: For the team\ntasks:\n'
            "  - name: ~/winget\n    displayName: Git\n    timeout: 180\n    parameters:\n      package: Git.Git\n"
            "      version: 2.4\n  - name: winget\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://github.com/contoso/web\n      branch: ma\n"
            "      pat: '{{https://contoso.vault.azure.net/secrets/pat}}'\nuserTasks:\n- name: ~/powershell\n"
            "  parameters:\n    command: |\n      name: x\n      Get-Date\n",
        ),
        ("workload.yaml", "$schema: 1.0\nname: my\nuserTasks:\n  - name: choco\n    parameters:\n      package: git\n"),
        (
            "task.yaml",
            "name: ins\ndescription: x\nparameters:\n  folder:\n    type: string\n    required: true\n"
            "command: .\\install.ps1 {{folder}}\ntimeout: 6\n",
        ),
        (
            "tools.winget",
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
            "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      settings:\n        id: Git.Git\n"
            "        source: winget\n",
        ),
    ],
)
def test_what_is_typed_stays(vscode: Client, name: str, text: str) -> None:
    writer = person(vscode, name)
    writer.type(text)

    assert writer.text == text


@pytest.mark.slow
@needs_corpus
def test_real_files_can_be_typed(vscode: Client) -> None:
    typed = 0
    changed = []
    wanted = dict.fromkeys(NAMES, 10)
    for file in corpus():
        text = file.data.decode("utf-8", "replace")
        if (
            file.kind not in wanted
            or not wanted[file.kind]
            or not 200 < len(text) < 1500
            or "\r" in text
            or "\t" in text
        ):
            continue
        wanted[file.kind] -= 1
        writer = person(vscode, NAMES[file.kind])
        writer.type(text)
        typed += 1
        if writer.text != text:
            changed.append(file.path)

    assert changed == []
    assert typed >= 30


@pytest.mark.parametrize(
    ("name", "text", "label", "becomes"),
    [
        ("workload.yaml", "", "a whole user customization", None),
        ("task.yaml", "", "a whole task definition", None),
        ("imagedefinition.yaml", "", "a whole team file", None),
        ("tools.winget", "", "a whole WinGet configuration", None),
        ("devbox.yaml", "", "userTasks", "userTasks:"),
        ("workload.yaml", "na", "name", "name: "),
        ("task.yaml", "x: [1,\ncomm", "command", "x: [1,\ncommand: "),
        ("imagedefinition.yaml", "$\nname: web\nima", "image", "$\nname: web\nimage: "),
        (
            "imagedefinition.yaml",
            "name: web\ntasks:\n  - name: ~/gitclone\n    parameters:\n      pat: {{\n      bra",
            "branch",
            "name: web\ntasks:\n  - name: ~/gitclone\n    parameters:\n      pat: {{\n      branch: ",
        ),
        (
            "imagedefinition.yaml",
            "name: web\ntasks:\n  - name: ~/winget\n  ",
            "parameters",
            "name: web\ntasks:\n  - name: ~/winget\n    parameters:",
        ),
        (
            "imagedefinition.yaml",
            "name: web\ntasks:\n  - name: ~/winget\n  ~/git",
            "~/gitclone …",
            None,
        ),
        (
            "imagedefinition.yaml",
            "name: web\ntasks:\n  - name: ~/winget\n  ",
            "~/gitclone …",
            "name: web\ntasks:\n  - name: ~/winget\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: ",
        ),
        (
            "imagedefinition.yaml",
            "name: web\ntasks:\n  ",
            "~/gitclone …",
            "name: web\ntasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: ",
        ),
        (
            "imagedefinition.yaml",
            "name: web\ntasks:\n  - ",
            "~/powershell …",
            "name: web\ntasks:\n  - name: ~/powershell\n    parameters:\n      command: ",
        ),
        ("imagedefinition.yaml", "name: web\nextends: {}\nimage: x\ntasks: []\ndescri", "description", None),
    ],
)
def test_what_is_offered(vscode: Client, name: str, text: str, label: str, becomes: str | None) -> None:
    writer = person(vscode, name, text)
    offered = {item["label"]: item for item in writer.ask()}
    assert label in offered
    writer.accept(offered[label])

    if becomes is not None:
        assert writer.text == becomes


@pytest.mark.parametrize("name", NAMES.values())
def test_a_whole_file_is_clean(vscode: Client, name: str) -> None:
    writer = person(vscode, name)
    offered = [item for item in writer.ask() if item["label"].startswith("a whole")]
    writer.accept(offered[0])

    assert [item for item in vscode.pulled(writer.uri) if item["severity"] <= 2] == []


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("name: ", "web-frontend"),
        ("name: web\ntasks:\n  - name: ~/winget\n    timeout: ", "1800"),
        ("name: web\ntasks:\n  - name: ~/gitclone\n    parameters:\n      branch: ", "main"),
        ("name: web\ntasks:\n  - name: ~/gitclone\n    parameters:\n      directory: ", "{{https://…}}"),
        ("name: web\ntasks:\n  - name: choco", "choco"),
    ],
)
def test_examples_are_no_values(vscode: Client, text: str, label: str) -> None:
    assert label not in [item["label"] for item in person(vscode, "imagedefinition.yaml", text).ask()]


def test_what_the_linter_reports_comes_last(vscode: Client) -> None:
    writer = person(vscode, "imagedefinition.yaml", "name: web\ntasks: []\n")
    order = [item["label"] for item in sorted(writer.ask(), key=lambda item: item["sortText"])]

    assert order[-1] == "extends"
