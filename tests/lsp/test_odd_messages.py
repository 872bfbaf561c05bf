"""Messages that no client should send: each has an answer or ends the connection with a word, and none a traceback."""

from __future__ import annotations

import pytest

from lsp.client import PATIENCE, Client


def test_what_is_not_announced_is_refused_without_a_traceback() -> None:
    with Client() as client:
        client.initialize()
        answer = client.answer(client.begin("textDocument/semanticTokens/full", {"textDocument": {"uri": "file:///x"}}))
        client.notify("nobody/knows", {})
        client.request("textDocument/documentHighlight", {
            "textDocument": {"uri": "file:///x"}, "position": {"line": 0, "character": 0}
        })  # fmt: skip

        assert answer["error"]["code"] == -32601
        assert "Traceback" not in client.stderr + "".join(client.logged)


@pytest.mark.parametrize("number", [None, [1], 1.5])
def test_a_request_without_a_usable_id_is_refused(number: object) -> None:
    with Client() as client:
        client.initialize()
        client.send({"jsonrpc": "2.0", "id": number, "method": "shutdown"})
        answer = client.wait(lambda message: "method" not in message)

        assert answer.get("id") is None
        assert answer["error"]["message"] == "the `id` of a request is a number or a text"
        assert client.shut_down() == 0


@pytest.mark.parametrize(
    ("header", "says"),
    [
        (b"Content-Length: abc", "is not a number of bytes"),
        (b"Content-Length: -5", "is not a number of bytes"),
        (b"Content-Length: " + b"9" * 5000, "is not a number of bytes"),
        (b"Content-Length: 99999999999", "is longer than"),
        (b"Content-Type: x", "came without `Content-Length`"),
    ],
)
def test_a_wrong_header_ends_the_connection_with_a_word(header: bytes, says: str) -> None:
    with Client() as client:
        client.initialize()
        client.send_bytes(header + b"\r\n\r\n{}")

        assert client.process.wait(PATIENCE) == 1
    assert says in client.stderr
    assert "Traceback" not in client.stderr
