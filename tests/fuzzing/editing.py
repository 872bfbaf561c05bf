"""What an editor asks of the server at any place of any text."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from functools import cache
from typing import Any

from lsprotocol import types
from pygls.workspace import Workspace

from devbox_lint.customization.kinds import Kind
from devbox_lint_lsp.code_actions import _actions
from devbox_lint_lsp.completion import _completion
from devbox_lint_lsp.conversion import PositionEncoding
from devbox_lint_lsp.definition import _definition
from devbox_lint_lsp.hover import _hover
from devbox_lint_lsp.links import _links
from devbox_lint_lsp.server import Server
from devbox_lint_lsp.symbols import _symbols
from devbox_lint_rules import RULES

_NAMES = {
    Kind.IMAGE: "imagedefinition.yaml",
    Kind.USER: "workload.yaml",
    Kind.TASK: "task.yaml",
    Kind.SCRIPT: "main.ps1",
    Kind.CONFIGURATION: "configuration.dsc.yaml",
}
_ENCODINGS = tuple(PositionEncoding)


@cache
def _server() -> tuple[Server, asyncio.AbstractEventLoop]:
    def nobody() -> Any:
        raise AssertionError("asked Azure")

    server = Server(lambda: RULES, nobody)
    # What the handshake makes of a client that has no folder open.
    server.protocol._workspace = Workspace(None)
    return server, asyncio.new_event_loop()


def editing(data: bytes) -> None:
    """Everything that can be asked at a few places is answered, with ranges that lie in the text.

    The data: a byte that chooses kind and encoding, one that chooses places, then the text.
    """
    choice, where = (*data[:2], 0, 0)[:2]
    server, loop = _server()
    server.encoding = _ENCODINGS[choice // len(_NAMES) % len(_ENCODINGS)]
    uri = f"file:///devbox-lint-fuzzing/{tuple(_NAMES.values())[choice % len(_NAMES)]}"
    text = data[2:].decode("utf-8", "replace")
    document = types.TextDocumentIdentifier(uri)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    def ask(question: Coroutine[Any, Any, Any]) -> Any:
        return loop.run_until_complete(question)

    server.opened(uri, 1, text)
    try:
        ask(_symbols(server, types.DocumentSymbolParams(document)))
        for link in ask(_links(server, types.DocumentLinkParams(document))) or ():
            _hold(link.range, lines)
        for step in range(4):
            line = (where * 7 + step * 31) % len(lines)
            place = types.Position(line, (where + step) % (len(lines[line]) + 1))
            hover = ask(_hover(server, types.HoverParams(document, place)))
            if hover is not None:
                _hold(hover.range, lines)
            completion = ask(_completion(server, types.CompletionParams(document, place)))
            for item in completion.items if completion is not None else ():
                _hold(item.text_edit.range, lines)
                assert item.label
            ask(_definition(server, types.DefinitionParams(document, place)))
            nothing = types.CodeActionContext([])
            for action in ask(_actions(server, types.CodeActionParams(document, types.Range(place, place), nothing))):
                assert action.title
    finally:
        server.closed(uri)


def _hold(shown: types.Range, lines: list[str]) -> None:
    assert (shown.start.line, shown.start.character) <= (shown.end.line, shown.end.character), shown
    assert shown.end.line < len(lines), shown
    assert shown.end.character <= len(lines[shown.end.line].encode()), shown
