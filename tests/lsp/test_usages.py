"""Where a parameter is declared and used, another name for it, and Enter below an entry."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from lsp.client import Client

TEXT = """\
$schema: "1.0"
name: web
image: gallery/image@1.0.0
parameters:
  branch:
    type: string
    default: main
  other: {type: string, default: x}
tasks:
  - name: ~/powershell
    parameters:
      command: |
        git switch {{branch}}; echo {{ branch }} {{other}} branch
"""
SCRIPT = "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
NUMBERS = count()


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with Client() as client:
        client.initialize()
        yield client


def at(
    client: Client, line: int, character: int, text: str = TEXT, name: str = "imagedefinition.yaml"
) -> dict[str, Any]:
    uri = f"file:///nowhere/usages-{next(NUMBERS)}/{name}"
    client.open(uri, text)
    return {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}


def spots(found: list[dict[str, Any]]) -> list[tuple[int, int, int]]:
    return [
        (each["range"]["start"]["line"], each["range"]["start"]["character"], each["range"]["end"]["character"])
        for each in found
    ]


def test_references_and_highlights(client: Client) -> None:
    place = at(client, 4, 3)
    uses = client.request("textDocument/references", {**place, "context": {"includeDeclaration": False}})
    all_ = client.request("textDocument/references", {**place, "context": {"includeDeclaration": True}})
    lit = client.request("textDocument/documentHighlight", place)

    assert spots(uses) == [(12, 21, 27), (12, 39, 45)]
    assert spots(all_) == [(4, 2, 8), *spots(uses)]
    assert [each["kind"] for each in lit] == [3, 2, 2]


def test_a_parameter_is_renamed_where_it_is_declared_and_used(client: Client) -> None:
    place = at(client, 12, 23)
    prepared = client.request("textDocument/prepareRename", place)
    edit = client.request("textDocument/rename", {**place, "newName": "revision"})

    assert prepared["placeholder"] == "branch"
    lines = TEXT.split("\n")
    for change in reversed(next(iter(edit["changes"].values()))):
        line, start, end = spots([change])[0]
        lines[line] = lines[line][:start] + change["newText"] + lines[line][end:]
    assert lines[4] == "  revision:"
    assert lines[12] == "        git switch {{revision}}; echo {{ revision }} {{other}} branch"


@pytest.mark.parametrize(("name", "says"), [("other", "`other` is declared already"), ("a b", "a name begins with")])
def test_a_name_that_cannot_be_is_refused(client: Client, name: str, says: str) -> None:
    answer = client.answer(client.begin("textDocument/rename", {**at(client, 4, 3), "newName": name}))

    assert says in answer["error"]["message"]


def test_a_definition_that_no_file_uses_is_renamed_alone(client: Client) -> None:
    text = "name: install\ncommand: x {{edition}}\nparameters:\n  edition: {type: string}\n"
    place = at(client, 1, 14, text, "task.yaml")
    edit = client.request("textDocument/rename", {**place, "newName": "other"})

    assert spots(next(iter(edit["changes"].values()))) == [(1, 13, 20), (3, 2, 9)]
    assert len(client.request("textDocument/documentHighlight", place)) == 2


@pytest.mark.parametrize(("line", "character"), [(1, 3), (12, 62), (0, 0)])
def test_nothing_is_found_where_no_parameter_is(client: Client, line: int, character: int) -> None:
    assert client.request("textDocument/documentHighlight", at(client, line, character)) is None


@pytest.mark.parametrize(
    ("before", "blanks"),
    [
        ("tasks:\n  - name: ~/winget\n  ", 2),
        ("tasks:\n-   name: ~/winget\n", 4),
        ("tasks:\n  - name: ~/winget\n    ", 0),
        ("tasks:\n  - name: |\n  ", 0),
        ("tasks:\n  - name:  |\n  ", 0),
        (f"{SCRIPT}        - note: a\n        ", 0),
        (
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n        - note: a\n        \n        b",
            0,
        ),
        ("tasks:\n  - ~/winget\n  ", 0),
        ("tasks:\n", 0),
    ],
)
def test_enter_below_an_entry_goes_to_its_keys(client: Client, before: str, blanks: int) -> None:
    text = f"name: web\nimage: x\n{before}"
    line = text.count("\n") - text.endswith("b")
    place = at(client, line, len(text.split("\n")[line]), text)
    options = {"tabSize": 2, "insertSpaces": True}
    edits = client.request("textDocument/onTypeFormatting", {**place, "ch": "\n", "options": options})

    assert (edits[0]["newText"] if edits else "") == " " * blanks
