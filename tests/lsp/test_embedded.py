"""The server inside another program: messages in and out by call, everything at once, no Azure."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from devbox_lint_lsp.embedded import embed
from devbox_lint_rules import RULES

URI = "file:///nowhere/imagedefinition.yaml"


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


def opened(text: str) -> dict[str, Any]:
    document = {"uri": URI, "languageId": "yaml", "version": 1, "text": text}
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
