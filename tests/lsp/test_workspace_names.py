"""What several files name: a catalog's tasks and their parameters, found and renamed in all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lsp.client import Client

TASK = """\
# 😀 install
name: install-tools
description: x
parameters:
  edition:
    type: string
    required: true
  Folder: {type: string}
command: ./install.ps1 -Edition {{edition}} -Path '{{Folder}}'; echo {{ edition }}
documentation:
  examples:
    - name: contoso/install-tools
      parameters:
        edition: small
"""
SCRIPT = """\
<#
.PARAMETER Edition
Which one.
#>
param(
  [string]$Edition,
  [string]$Path
)
Write-Host "😀 $Edition ${edition}" '$Edition' # $Edition
"""
TEAM = """\
$schema: "1.0"
name: web
image: Contoso/tools
tasks:
  - {name: install-tools, displayName: "😀", parameters: {"edition": large}}
  - name: Contoso/Install-Tools
    parameters:
      Folder: C:\\x
  - name: ~/winget
    parameters:
      package: Git.Git
"""
USER = "$schema: 1.0\nname: mine\nuserTasks:\n  - name: 'install-tools'\n    parameters:\n      edition: x\n"
#: Of no catalog that has the task: another repository.
OTHER = "$schema: 1.0\nname: other\nuserTasks:\n  - name: install-tools\n    parameters:\n      edition: x\n"


class Workspace:
    """A folder with files, of which some are open in the client."""

    def __init__(self, client: Client, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.texts = dict(TEXTS)
        (folder / ".git").mkdir()
        for name, text in self.texts.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8", newline="")
        capabilities = {"workspace": {"workspaceEdit": {"documentChanges": True}}}
        folders = [{"uri": folder.as_uri(), "name": "x"}]
        client.initialize(capabilities, workspaceFolders=folders, rootUri=folder.as_uri())

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, name: str, language: str = "yaml") -> None:
        self.client.open(self.uri(name), self.texts[name], language=language)

    def place(self, name: str, line: int, character: int) -> dict[str, Any]:
        return {"textDocument": {"uri": self.uri(name)}, "position": {"line": line, "character": character}}

    def shown(self, found: list[dict[str, Any]]) -> list[tuple[str, int, int, int]]:
        return sorted(
            (
                next(name for name in self.texts if self.uri(name) == each["uri"]),
                each["range"]["start"]["line"],
                each["range"]["start"]["character"],
                each["range"]["end"]["character"],
            )
            for each in found
        )

    def references(
        self, name: str, line: int, character: int, declared: bool = True
    ) -> list[tuple[str, int, int, int]]:
        params = {**self.place(name, line, character), "context": {"includeDeclaration": declared}}
        return self.shown(self.client.request("textDocument/references", params))

    def renamed(self, name: str, line: int, character: int, new: str) -> dict[str, str]:
        """The texts after a rename, with the client's columns in UTF-16."""
        edit = self.client.request("textDocument/rename", {**self.place(name, line, character), "newName": new})
        texts = dict(self.texts)
        for change in edit["documentChanges"]:
            changed = next(each for each in texts if self.uri(each) == change["textDocument"]["uri"])
            lines = [line.encode("utf-16-le") for line in texts[changed].split("\n")]
            for each in sorted(change["edits"], key=lambda each: each["range"]["start"]["character"], reverse=True):
                start, end = each["range"]["start"], each["range"]["end"]
                assert start["line"] == end["line"]
                row = lines[start["line"]]
                before, after = row[: 2 * start["character"]], row[2 * end["character"] :]
                lines[start["line"]] = before + each["newText"].encode("utf-16-le") + after
            texts[changed] = "\n".join(line.decode("utf-16-le") for line in lines)
        return texts

    def refused(self, name: str, line: int, character: int, new: str) -> str:
        params = {**self.place(name, line, character), "newName": new}
        answer = self.client.answer(self.client.begin("textDocument/rename", params))
        message: str = answer["error"]["message"]
        return message


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    other = tmp_path / "other"
    other.mkdir()
    (other / "user.yaml").write_text(OTHER)
    here = tmp_path / "here"
    here.mkdir()
    with Client() as client:
        yield Workspace(client, here)


DEFINITION = "Tasks/install-tools/task.yaml"
LAUNCHED = "Tasks/install-tools/install.ps1"
WEB = "web/imagedefinition.yaml"
MINE = "users/mine.yaml"
TEXTS = {DEFINITION: TASK, LAUNCHED: SCRIPT, WEB: TEAM, MINE: USER}


def at(name: str, line: int, word: str, number: int = 0) -> tuple[str, int, int, int]:
    """Where a word stands in a line of a file, as a client counts in UTF-16."""
    text = TEXTS[name].split("\n")[line]
    starts = [match.start() for match in re.finditer(re.escape(word), text)]
    start = len(text[: starts[number]].encode("utf-16-le")) // 2
    return name, line, start, start + len(word)


NAMED = at(DEFINITION, 1, "install-tools")
TASKS = sorted([
    at(DEFINITION, 11, "install-tools"), at(MINE, 3, "install-tools"), at(WEB, 4, "install-tools"),
    at(WEB, 5, "Install-Tools"),
])  # fmt: skip
PARAMETERS = sorted([
    at(LAUNCHED, 1, "Edition"), at(LAUNCHED, 5, "Edition"), at(LAUNCHED, 8, "Edition"), at(LAUNCHED, 8, "edition"),
    at(DEFINITION, 4, "edition"), at(DEFINITION, 8, "Edition"), at(DEFINITION, 8, "edition"),
    at(DEFINITION, 8, "edition", 1), at(DEFINITION, 13, "edition"), at(MINE, 5, "edition"), at(WEB, 4, "edition"),
])  # fmt: skip


@pytest.mark.parametrize("place", [NAMED, *TASKS])
def test_a_task_is_found_in_all_files(workspace: Workspace, place: tuple[str, int, int, int]) -> None:
    name, line, character, _ = place
    workspace.open(name)

    assert workspace.references(name, line, character + 1) == sorted([NAMED, *TASKS])
    assert workspace.references(name, line, character, declared=False) == TASKS


@pytest.mark.parametrize("place", PARAMETERS[2:])
def test_a_parameter_is_found_in_all_files_and_in_its_script(
    workspace: Workspace, place: tuple[str, int, int, int]
) -> None:
    name, line, character, end = place
    workspace.open(name, "powershell" if name == LAUNCHED else "yaml")

    assert workspace.references(name, line, character) == PARAMETERS
    assert workspace.references(name, line, end) == PARAMETERS


def test_a_task_has_another_name_everywhere(workspace: Workspace) -> None:
    workspace.open(WEB)
    changed = workspace.renamed(*at(WEB, 4, "install-tools")[:3], "set-up.tools")

    assert changed[DEFINITION] == TASK.replace("install-tools", "set-up.tools")
    assert changed[WEB] == TEAM.replace("install-tools", "set-up.tools").replace("Install-Tools", "set-up.tools")
    assert changed[MINE] == USER.replace("install-tools", "set-up.tools")
    assert changed[LAUNCHED] == SCRIPT


def test_a_parameter_has_another_name_everywhere(workspace: Workspace) -> None:
    workspace.open(DEFINITION)
    changed = workspace.renamed(*at(DEFINITION, 4, "edition")[:3], "size")

    assert changed[DEFINITION] == TASK.replace("edition", "size").replace("-Edition", "-Size")
    assert changed[WEB] == TEAM.replace("edition", "size")
    assert changed[MINE] == USER.replace("edition", "size")
    assert changed[LAUNCHED] == (
        SCRIPT.replace(".PARAMETER Edition", ".PARAMETER Size")
        .replace("[string]$Edition", "[string]$Size")
        .replace("$Edition ${edition}", "$Size ${size}")
    )


def test_what_the_script_calls_otherwise_stays(workspace: Workspace) -> None:
    workspace.open(DEFINITION)
    changed = workspace.renamed(*at(DEFINITION, 7, "Folder")[:3], "target")

    assert changed[DEFINITION] == TASK.replace("  Folder", "  target").replace("{{Folder}}", "{{target}}")
    assert changed[LAUNCHED] == SCRIPT
    assert changed[WEB] == TEAM.replace("Folder", "target")


@pytest.mark.parametrize(
    "script",
    [
        "param($Edition, $Path)\nfunction f($Edition) { $Edition }\nf -Edition $Edition\n",
        "param($Edition, $Path)\n& ./x.ps1 @PSBoundParameters\n",
        "param($Edition, $Path)\n$size = 1; $Edition\n",
    ],
)
def test_a_script_that_needs_its_name_keeps_it(workspace: Workspace, script: str) -> None:
    (workspace.folder / LAUNCHED).write_text(script)
    workspace.texts[LAUNCHED] = script
    workspace.open(DEFINITION)
    changed = workspace.renamed(*at(DEFINITION, 4, "edition")[:3], "size")

    assert changed[LAUNCHED] == script
    assert changed[DEFINITION] == TASK.replace("edition", "size")


def test_a_name_that_powershell_cannot_have_is_not_given_to_the_script(workspace: Workspace) -> None:
    workspace.open(DEFINITION)
    changed = workspace.renamed(*at(DEFINITION, 4, "edition")[:3], "the-size")

    assert changed[LAUNCHED] == SCRIPT
    assert "-Edition {{the-size}}" in changed[DEFINITION]


def test_unsaved_text_counts(workspace: Workspace) -> None:
    workspace.open(DEFINITION)
    workspace.texts[MINE] = USER.replace("mine", "anna").replace("  - name", "\n  - name")
    workspace.open(MINE)
    changed = workspace.renamed(*at(DEFINITION, 4, "edition")[:3], "size")

    assert changed[MINE] == workspace.texts[MINE].replace("edition", "size")


@pytest.mark.parametrize(
    ("place", "new", "says"),
    [
        (NAMED, "a b", "a task's name has letters and digits"),
        (NAMED, "choco", "there is a task `choco` already"),
        (at(DEFINITION, 4, "edition"), "Folder", "`Folder` is declared already"),
        (at(DEFINITION, 4, "edition"), "1", "a name begins with a letter"),
    ],
)
def test_a_name_that_cannot_be_is_refused(
    workspace: Workspace, place: tuple[str, int, int, int], new: str, says: str
) -> None:
    workspace.open(DEFINITION)

    assert says in workspace.refused(*place[:3], new)


def test_what_is_to_be_renamed_is_shown(workspace: Workspace) -> None:
    workspace.open(WEB)
    prepared = [
        workspace.client.request("textDocument/prepareRename", workspace.place(*place[:3]))
        for place in (at(WEB, 5, "Install"), at(WEB, 8, "winget"), at(WEB, 10, "package"), at(WEB, 2, "Contoso"))
    ]

    assert prepared[0]["placeholder"] == "Install-Tools"
    assert prepared[0]["range"]["start"] == {"line": 5, "character": at(WEB, 5, "Install")[2]}
    assert prepared[1:] == [None, None, None]


def test_highlights_are_of_the_file_alone(workspace: Workspace) -> None:
    workspace.open(WEB)
    found = workspace.client.request("textDocument/documentHighlight", workspace.place(*at(WEB, 5, "Install")[:3]))

    assert [each["range"]["start"]["line"] for each in found] == [4, 5]
