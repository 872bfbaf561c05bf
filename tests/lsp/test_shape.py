"""What shows the shape of files: folding, selection that grows, hints in the text, lenses, symbols of the workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lsp.client import Client

TEAM = """\
# one
# two
$schema: "1.0"
name: web # 😀
# region tasks
tasks:
- name: ~/powershell
  displayName: "😀 Set up"
  timeout: 60
  parameters:
    command: |
      Get-Date

      echo {{ branch }}
- name: install
  parameters: {
    edition: small
  }
# endregion
parameters:
  branch:
    type: string
    default: main
userTasks:
  - name: Contoso/install
"""
TASK = "name: install\ndescription: x\ntimeout: 5\nparameters:\n  edition: {type: string}\ncommand: x {{edition}}\n"

Made = Callable[..., Client]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Callable[..., tuple[Client, Path]]]:
    clients: list[Client] = []

    def started(settings: Any = None, **capabilities: Any) -> tuple[Client, Path]:
        (tmp_path / ".git").mkdir()
        for name, text in (("web/imagedefinition.yaml", TEAM), ("tasks/install/task.yaml", TASK)):
            (tmp_path / name).parent.mkdir(parents=True)
            (tmp_path / name).write_text(text, "utf-8", newline="")
        client = Client()
        clients.append(client)
        client.__enter__()
        client.initialize(capabilities, rootUri=tmp_path.as_uri(), initializationOptions=settings)
        return client, tmp_path

    yield started
    for client in clients:
        client.__exit__()


def asked(client: Client, folder: Path, method: str, name: str = "web/imagedefinition.yaml", **more: Any) -> Any:
    uri = (folder / name).as_uri()
    client.open(uri, (folder / name).read_text("utf-8"))
    return client.request(f"textDocument/{method}", {"textDocument": {"uri": uri}, **more})


def test_what_belongs_together_folds(workspace: Callable[..., tuple[Client, Path]]) -> None:
    found = asked(*workspace(), "foldingRange")

    assert [(each["startLine"], each["endLine"], each.get("kind")) for each in found] == [
        (0, 1, "comment"),
        (4, 18, "region"),
        (5, 17, None),
        (6, 13, None),
        (9, 13, None),
        (10, 13, None),
        (14, 17, None),
        (15, 17, None),
        (19, 22, None),
        (20, 22, None),
        (23, 24, None),
    ]


def test_nothing_folds_in_files_of_others(workspace: Callable[..., tuple[Client, Path]]) -> None:
    client, folder = workspace()
    (folder / "other.yaml").write_text("a:\n  - b\n  - c\n")

    assert asked(client, folder, "foldingRange", "other.yaml") is None


def test_a_selection_grows_by_what_stands_there(workspace: Callable[..., tuple[Client, Path]]) -> None:
    client, folder = workspace()
    positions = [{"line": 13, "character": 16}, {"line": 7, "character": 20}, {"line": 5, "character": 2}]
    found = asked(client, folder, "selectionRange", positions=positions)
    lines = TEAM.split("\n")
    grown = []
    for each in found:
        texts = []
        selection = each
        while selection is not None:
            start, end = selection["range"]["start"], selection["range"]["end"]
            rows = [line.encode("utf-16-le") for line in lines[start["line"] : end["line"] + 1]]
            rows[-1] = rows[-1][: 2 * end["character"]]
            rows[0] = rows[0][2 * start["character"] :]
            texts.append("\n".join(row.decode("utf-16-le") for row in rows))
            selection = selection.get("parent")
        grown.append(texts)

    assert grown[0][:4] == [
        "branch",
        "{{ branch }}",
        "echo {{ branch }}",
        "|\n      Get-Date\n\n      echo {{ branch }}",
    ]
    assert grown[0][4].startswith("command: |")
    assert grown[0][-1] == TEAM
    assert grown[1][:4] == ["Set", "😀 Set up", '"😀 Set up"', 'displayName: "😀 Set up"']
    assert grown[2][:2] == ["tasks", "tasks:"]
    for texts in grown:
        assert [len(text) for text in texts] == sorted({len(text) for text in texts})


def test_hints_say_who_runs_a_task_and_what_a_timeout_counts(workspace: Callable[..., tuple[Client, Path]]) -> None:
    client, folder = workspace({"inlayHints": True})
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    found = asked(client, folder, "inlayHint", range=whole)
    of_task = asked(client, folder, "inlayHint", "tasks/install/task.yaml", range=whole)
    part = client.request(
        "textDocument/inlayHint",
        {
            "textDocument": {"uri": (folder / "web/imagedefinition.yaml").as_uri()},
            "range": {"start": {"line": 20, "character": 0}, "end": {"line": 24, "character": 99}},
        },
    )

    def shown(hints: list[dict[str, Any]]) -> list[tuple[int, int, str]]:
        return [(hint["position"]["line"], hint["position"]["character"], hint["label"]) for hint in hints]

    assert shown(found) == [
        (6, 20, "as the system"),
        (8, 13, "seconds"),
        (14, 15, "as the system"),
        (24, 25, "as the user"),
    ]
    assert shown(of_task) == [(2, 10, "minutes")]
    assert shown(part) == [(24, 25, "as the user")]


def test_hints_and_lenses_are_shown_as_it_is_set(workspace: Callable[..., tuple[Client, Path]]) -> None:
    capabilities = {"workspace": {"inlayHint": {"refreshSupport": True}, "codeLens": {"refreshSupport": True}}}
    client, folder = workspace(**capabilities)
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    before = asked(client, folder, "inlayHint", range=whole)
    client.notify("workspace/didChangeConfiguration", {"settings": {"inlayHints": True, "codeLens": False}})
    for method in ("workspace/inlayHint/refresh", "workspace/codeLens/refresh"):
        if method not in [request["method"] for request in client.requests]:
            client.wait(lambda message, method=method: message.get("method") == method)

    assert before is None
    assert asked(client, folder, "inlayHint", range=whole)
    assert asked(client, folder, "codeLens", "tasks/install/task.yaml") is None


def test_a_lens_says_by_how_many_a_task_is_used(workspace: Callable[..., tuple[Client, Path]]) -> None:
    client, folder = workspace()
    (lens,) = asked(client, folder, "codeLens", "tasks/install/task.yaml")
    uri, position, places = lens["command"]["arguments"]

    assert lens["command"]["title"] == "used by 1 definition"
    assert lens["command"]["command"] == "devbox-lint.showReferences"
    assert (uri, position) == ((folder / "tasks/install/task.yaml").as_uri(), {"line": 0, "character": 6})
    assert [(place["range"]["start"]["line"], place["range"]["start"]["character"]) for place in places] == [
        (14, 8),
        (24, 18),
    ]
    assert asked(client, folder, "codeLens") is None


def test_a_lens_counts_what_is_open(workspace: Callable[..., tuple[Client, Path]]) -> None:
    client, folder = workspace()
    client.open((folder / "web/imagedefinition.yaml").as_uri(), TEAM.replace("install", "other"))
    (lens,) = asked(client, folder, "codeLens", "tasks/install/task.yaml")

    assert (lens["command"]["title"], lens["command"]["command"]) == ("used by no definition", "")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["install", "edition", "web", "branch", "😀 Set up"]),
        ("INST", ["install"]),
        ("stp", ["😀 Set up"]),
        ("xyz", []),
    ],
)
def test_symbols_of_the_workspace(workspace: Callable[..., tuple[Client, Path]], query: str, names: list[str]) -> None:
    client, _ = workspace()
    found = client.request("workspace/symbol", {"query": query})

    assert [symbol["name"] for symbol in found] == names
    for symbol in found:
        start = symbol["location"]["range"]["start"]
        name = Path(symbol["location"]["uri"].removeprefix("file://"))
        row = name.read_text("utf-8").split("\n")[start["line"]].encode("utf-16-le")
        assert row[2 * start["character"] :].decode("utf-16-le").lstrip('"').startswith(symbol["name"])
