"""The server inside another program: messages in and out by call, everything at once, no Azure."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from devbox_lint_lsp.embedded import embed
from devbox_lint_rules import RULES

URI = "file:///nowhere/imagedefinition.yaml"
WORKLOAD = "file:///nowhere/workload.yaml"


def exchanged(*messages: dict[str, Any]) -> list[dict[str, Any]]:
    """What the server sends for these messages, after ``initialize``."""
    sent: list[str] = []

    async def run() -> None:
        receive = embed(lambda: RULES, sent.append)
        first = {"id": 0, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}}
        for message in (first, {"method": "initialized", "params": {}}, *messages):
            receive(json.dumps({"jsonrpc": "2.0", **message}))
        for _ in range(50):
            await asyncio.sleep(0)

    asyncio.run(run())
    return [json.loads(text) for text in sent]


def opened(text: str, uri: str = URI) -> dict[str, Any]:
    document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
    return {"method": "textDocument/didOpen", "params": {"textDocument": document}}


def test_a_document_is_checked_and_completed() -> None:
    text = "name: web\n\nuserTasks:\n  - name: ~/powershell\n    parameters: {command: Get-Date}\n"
    place = {"textDocument": {"uri": URI}, "position": {"line": 1, "character": 0}}
    answers = exchanged(opened(text), {"id": 1, "method": "textDocument/completion", "params": place})
    published = [each["params"] for each in answers if each.get("method") == "textDocument/publishDiagnostics"]
    completed = next(each["result"] for each in answers if each.get("id") == 1)

    assert "DBX101" in [each["code"] for each in published[-1]["diagnostics"]]
    assert "image" in [item["label"] for item in completed["items"]]


def test_what_is_no_message_is_refused_and_the_server_goes_on() -> None:
    sent: list[str] = []

    async def run() -> None:
        receive = embed(lambda: RULES, sent.append)
        receive("{")
        receive("\ud800")
        await asyncio.sleep(0)

    asyncio.run(run())

    assert [json.loads(text)["error"]["code"] for text in sent] == [-32700, -32700]


def test_no_command_that_asks_azure_is_announced() -> None:
    (answer,) = [each for each in exchanged() if each.get("id") == 0]

    assert "devbox-lint.checkOnline" not in json.dumps(answer)
    assert "completionProvider" in answer["result"]["capabilities"]


def test_without_a_loop_there_is_no_server() -> None:
    with pytest.raises(RuntimeError):
        embed(lambda: RULES, print)


def commanded(text: str, command: str, *arguments: str) -> dict[str, Any]:
    params = {"command": command, "arguments": [URI, *arguments]}
    answers = exchanged(opened(text), {"id": 1, "method": "workspace/executeCommand", "params": params})
    return next(each for each in answers if each.get("id") == 1)


@pytest.mark.parametrize(
    ("text", "kind", "secret"),
    [
        ("name: web\ntasks:\n  - name: ~/winget\n", "imagedefinition", False),
        ("name: web\npassword: hunter2-and-more\ntasks:\n  - name: ~/winget\n", "imagedefinition", True),
        ("hosts: all\nroles: []\n", None, False),
    ],
)
def test_a_document_is_described(text: str, kind: str | None, secret: bool) -> None:
    assert commanded(text, "devbox-lint.describe")["result"] == {"kind": kind, "secret": secret}


def test_a_secret_that_a_comment_suppresses_stays_one() -> None:
    text = "name: web\nimage: a_b_c\n# devbox-lint: ignore[DBX4] old\npassword: hunter2-and-more\n"

    assert commanded(text, "devbox-lint.describe")["result"]["secret"] is True


@pytest.mark.parametrize(
    ("target", "begins"), [("winget", "# yaml-language-server"), ("dsc3", "# yaml-language-server")]
)
def test_a_document_is_exported(target: str, begins: str) -> None:
    text = "name: web\ntasks:\n  - name: ~/winget\n    parameters: {package: Git.Git}\n"
    result = commanded(text, "devbox-lint.export", target)["result"]

    assert result["configuration"].startswith(begins)
    assert "Git.Git" in result["configuration"]
    assert [entry["task"] for entry in result["entries"]] == ["~/winget"]


@pytest.mark.parametrize(
    ("text", "target"), [("name: web\ntasks: []\n", "toml"), ("hosts: all\nroles: []\n", "winget")]
)
def test_what_cannot_be_exported_is_an_error(text: str, target: str) -> None:
    assert commanded(text, "devbox-lint.export", target)["error"]["code"] == -32602


def test_all_fixes_at_once_can_be_those_too_that_may_change_the_meaning() -> None:
    text = (
        '$schema: "1.0"\nname: web\nimage: gallery/one@1.0.0\n'
        "userTasks:\n  - name: ~/winget\n    parameter: {package: Git.Git}\n"
    )
    place = {"line": 0, "character": 0}
    context = {"diagnostics": [], "only": ["source.fixAll"]}
    asked = {"textDocument": {"uri": WORKLOAD}, "range": {"start": place, "end": place}, "context": context}
    action = {"method": "textDocument/codeAction", "params": asked}
    setting = {"method": "workspace/didChangeConfiguration", "params": {"settings": {"unsafeFixes": True}}}
    answers = exchanged(opened(text, WORKLOAD), {"id": 1, **action}, setting, {"id": 2, **action})
    made = [each["result"][0]["edit"]["changes"][WORKLOAD] for each in answers if each.get("id") in (1, 2)]

    assert [len(edits) for edits in made] == [1, 2]
