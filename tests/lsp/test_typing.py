"""What is typed stays what it was, whatever the list offers, and what the list offers is right."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count

import pytest

from devbox_lint.customization.kinds import Kind
from lsp.client import Client
from lsp.offers import NAMES, Tally, places, text_of, try_all
from lsp.person import CAPABILITIES, Person
from support import CORPUS, CorpusFile, Files, corpus, made_up

#: How many files of each kind are typed, and at how many places what is offered is accepted.
TYPED = int(os.environ.get("DEVBOX_LINT_TYPED", "3"))
PLACES = int(os.environ.get("DEVBOX_LINT_PLACES", "200"))
SEED = int(os.environ.get("DEVBOX_LINT_SEED", "0"))
NUMBERS = count()


@pytest.fixture(scope="module")
def vscode() -> Iterator[Client]:
    with Client() as client:
        client.initialize(CAPABILITIES)
        yield client


def person(client: Client, name: str, text: str = "", indents: bool = False) -> Person:
    return Person(client, f"file:///nowhere/typed-{next(NUMBERS)}/{name}", text, indents=indents)


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


def configurations() -> Files:
    folder = CORPUS / "winget"
    paths = sorted(path for path in folder.glob("*") if path.suffix != ".tsv")
    return tuple(CorpusFile(path, Kind.CONFIGURATION, True, "", path.name) for path in paths)


def kept(files: Files, most: int) -> Files:
    """So many of each kind, none so long that typing it takes minutes."""
    by_kind: dict[Kind, list[CorpusFile]] = {kind: [] for kind in NAMES}
    for file in files:
        if file.kind in by_kind and 100 < len(file.data) < 3000 and b"\t" not in file.data:
            by_kind[file.kind].append(file)
    return tuple(file for chosen in by_kind.values() for file in chosen[:most])


@pytest.mark.slow
@pytest.mark.parametrize("indents", [False, True])
def test_files_can_be_typed(vscode: Client, indents: bool) -> None:
    files = kept((*made_up(), *corpus(), *configurations()), TYPED)
    changed = []
    for file in files:
        text = text_of(file.data)
        writer = person(vscode, NAMES[file.kind] if file.kind else "", indents=indents)
        writer.type(text)
        vscode.close(writer.uri)
        if writer.text != text:
            changed.append(str(file.path))

    print(f"{len(files)} files typed, {len(changed)} changed")
    assert changed == []


@pytest.mark.slow
def test_what_is_offered_is_right(vscode: Client) -> None:
    tally = Tally()
    for place in places((*made_up(), *corpus(), *configurations()), PLACES, SEED):
        try_all(vscode, place, tally)

    print(tally)
    assert tally.items > PLACES / 4
    assert not tally.wrong, "\n".join(tally.wrong)


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
            "name: web\ntasks:\n  - name: ~/winget\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: "
            "https://github.com/OWNER/REPOSITORY",
        ),
        (
            "imagedefinition.yaml",
            "name: web\ntasks:\n  ",
            "~/gitclone …",
            "name: web\ntasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: "
            "https://github.com/OWNER/REPOSITORY",
        ),
        (
            "imagedefinition.yaml",
            "name: web\ntasks:\n  - ",
            "~/powershell …",
            "name: web\ntasks:\n  - name: ~/powershell\n    parameters:\n      command: COMMAND",
        ),
        (
            "imagedefinition.yaml",
            "name: web\ntasks:\n",
            "~/gitclone …",
            "name: web\ntasks:\n- name: ~/gitclone\n  parameters:\n    repositoryUrl: https://github.com/OWNER/REPOSITORY",
        ),
        ("imagedefinition.yaml", "name: web\ntasks:\n- name: choco\nuser", "userTasks", None),
        (
            "tools.winget",
            "properties:\n  resources:\n    - resource: Microsoft.Windows.Developer/Dev",
            "Microsoft.Windows.Developer/DeveloperMode",
            "properties:\n  resources:\n    - resource: Microsoft.Windows.Developer/DeveloperMode\n"
            "      directives:\n        allowPrerelease: true\n        securityContext: elevated",
        ),
        ("task.yaml", '"comm', "command", '"command": '),
        ("imagedefinition.yaml", 'name: web\n$schema: "1', "1.0", 'name: web\n$schema: "1.0"'),
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


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        # What follows the cursor is somebody's work: no key is put before it, no value into it.
        ("imagedefinition.yaml", "name: web\ntasks:\n  - ", "name: ~/winget\n"),
        ("imagedefinition.yaml", "name: web\nimage: microsoft", "windowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc\n"),
        ("imagedefinition.yaml", "name: web\ntasks:\n  - na", "me: ~/winget\n    parameters: {}\n"),
        # Columns that belong to nothing.
        ("imagedefinition.yaml", "name: web\ntasks:\n    - name: choco\n   ", ""),
        ("imagedefinition.yaml", "name: web\n  ", ""),
        ("task.yaml", "name: x\nparameters:\n  a:\n    type: string\n", "    default: x\n"),
        ("task.yaml", "name: x\ncommand: |\n  a\n ", "\n  b\n"),
        ("task.yaml", "Some words\n", ""),
        # What the linter would say something of.
        ("tools.winget", "properties:\n  configurationVersion: 0.2.0\n", ""),
        ("imagedefinition.yaml", "name: web\nimage: a/b\ndescription: x # devbox-lint: ign", ""),
    ],
)
def test_nothing_is_offered_that_does_harm(vscode: Client, name: str, before: str, after: str) -> None:
    writer = person(vscode, name, before + after)
    writer.offset = len(before)

    offered = writer.ask()
    own = before.rpartition("- ")[2] + after.partition(":")[0]
    assert [item["label"] for item in offered if item["label"] != own] == []


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
