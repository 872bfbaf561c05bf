"""The base protocol by the book, where pygls 2.1 is not; each test shows one of its defects met."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator

import pytest

from lsp.client import PATIENCE, PYTHON, SERVER, Client

pytestmark = pytest.mark.slow

URI = "file:///nowhere/imagedefinition.yaml"
TEXT = '$schema: "1.0"\nname: web\nimage: MicrosoftWindowsDesktop_windows-ent-cpc_win11-24h2-ent-cpc\ntasks: []\n'


@pytest.fixture
def client() -> Iterator[Client]:
    with Client() as client:
        yield client


def code_of(answer: dict[str, object]) -> object:
    error = answer["error"]
    assert isinstance(error, dict)
    return error["code"]


def test_exit_after_shutdown_ends_with_0(client: Client) -> None:
    client.initialize()

    assert client.shut_down() == 0


def test_exit_without_shutdown_ends_with_1(client: Client) -> None:
    client.initialize()
    client.notify("exit")

    assert client.process.wait(PATIENCE) == 1


def test_exit_before_anything_else_ends_with_1(client: Client) -> None:
    client.notify("exit")

    assert client.process.wait(PATIENCE) == 1


def test_a_client_that_is_gone_ends_the_server(client: Client) -> None:
    client.initialize()
    assert client.process.stdin is not None
    client.process.stdin.close()

    assert client.process.wait(PATIENCE) == 1
    assert client.stderr == ""


@pytest.mark.parametrize(
    "data",
    [b"Content-Length: 100\r\n\r\n{", b"Content-Length: 600000000\r\n\r\n{}"],
    ids=["a message that is cut off", "a message that is too long"],
)
def test_what_is_not_understood_any_more_ends_the_server(client: Client, data: bytes) -> None:
    client.initialize()
    client.send_bytes(data)
    assert client.process.stdin is not None
    if data.endswith(b"{"):
        client.process.stdin.close()

    assert client.process.wait(PATIENCE) == 1
    assert client.stderr in ("", "devbox-lint: a message is longer than 536870912 bytes: the connection ends\n")


def test_empty_lines_before_a_message_are_passed_over(client: Client) -> None:
    client.send_bytes(b"\r\n\r\n")
    client.initialize()

    assert client.shut_down() == 0


def test_a_client_that_does_not_listen_ends_the_server() -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen(SERVER, stdin=pipe, stdout=pipe, stderr=pipe) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        assert server.stderr is not None
        server.stdout.close()
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}})
        server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body.encode()))
        server.stdin.flush()

        assert server.wait(PATIENCE) == 1
        assert server.stderr.read() == b""


def test_what_comes_after_the_end_is_not_heard(client: Client) -> None:
    client.initialize()
    messages = [{"method": "exit"}, {"id": 7, "method": "textDocument/hover", "params": {}}]
    bodies = [json.dumps({"jsonrpc": "2.0", **message}).encode() for message in messages]
    client.send_bytes(b"".join(b"Content-Length: %d\r\n\r\n%s" % (len(body), body) for body in bodies))

    assert client.process.wait(PATIENCE) == 1
    assert client.inbox.get(timeout=PATIENCE) is None


def test_a_request_before_initialize_is_refused(client: Client) -> None:
    answer = client.answer(client.begin("textDocument/hover", {}))

    assert code_of(answer) == -32002


def test_a_notification_before_initialize_is_passed_over(client: Client) -> None:
    client.open(URI, TEXT)

    assert client.initialize()["serverInfo"]["name"] == "devbox-lint"


def test_a_second_initialize_is_refused(client: Client) -> None:
    client.initialize()
    answer = client.answer(client.begin("initialize", {"processId": None, "rootUri": None, "capabilities": {}}))

    assert code_of(answer) == -32600


def test_a_request_after_shutdown_is_refused(client: Client) -> None:
    client.initialize()
    client.request("shutdown")
    answer = client.answer(client.begin("textDocument/codeAction", {}))
    client.notify("exit")

    assert code_of(answer) == -32600
    assert client.process.wait(PATIENCE) == 0


def test_a_request_with_wrong_parameters_is_answered(client: Client) -> None:
    client.initialize()
    answer = client.answer(client.begin("textDocument/codeAction", {"textDocument": 3}))

    assert code_of(answer) == -32602
    assert "Traceback" not in json.dumps(answer)


def test_an_unknown_request_is_answered_and_an_unknown_notification_is_not(client: Client) -> None:
    client.initialize()
    client.notify("initialized")
    client.notify("$/nothing", {})
    client.notify("nothing/either", {})

    assert code_of(client.answer(client.begin("nothing/known", {}))) == -32601


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_is_answered_and_the_next_message_is_heard(client: Client, body: bytes) -> None:
    client.send_bytes(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    assert code_of(client.answer(None)) == -32700
    assert client.initialize()


def test_a_message_that_is_no_object_is_answered(client: Client) -> None:
    client.send([1, 2])

    assert code_of(client.answer(None)) == -32600


def test_the_names_of_headers_are_read_in_any_case(client: Client) -> None:
    body = json.dumps({"jsonrpc": "2.0", "id": 7, "method": "nothing", "params": None}).encode()
    client.send_bytes(b"content-length:%d\r\nContent-Type: x; charset=utf-8\r\n\r\n%s" % (len(body), body))

    assert code_of(client.answer(7)) == -32002


def test_a_message_in_pieces_is_one_message(client: Client) -> None:
    client.initialize()
    body = json.dumps({"jsonrpc": "2.0", "id": 7, "method": "nothing"}).encode()
    message = b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
    for index in range(len(message)):
        client.send_bytes(message[index : index + 1])

    assert code_of(client.answer(7)) == -32601


def test_a_notification_that_fails_shows_nothing_to_the_person(client: Client) -> None:
    client.initialize()
    client.change("file:///never/opened.yaml", 2, "x")
    client.notify("textDocument/didChange", {"textDocument": 1})
    client.close("file:///never/opened.yaml")
    client.open(URI, TEXT)
    client.published(URI)

    assert client.logged == []
    assert client.stderr == ""


def test_a_bug_in_a_handler_is_logged_without_its_words_and_not_shown() -> None:
    program = (
        "import os; from devbox_lint_lsp import server, main\n"
        "def opened(*_):\n    raise ValueError('sec' + 'ret')\n"
        "server.Server.opened = opened\n"
        "os._exit(main.serve(lambda: __import__('devbox_lint_rules').RULES, None))"
    )
    with Client((*PYTHON, "-c", program)) as client:
        client.initialize()
        client.open(URI, TEXT)
        message = client.wait(lambda message: "method" in message)

        assert message["method"] == "window/logMessage"
        assert "ValueError: its words may quote a file" in message["params"]["message"]
        assert "secret" not in str(message) + client.stderr
        assert client.shut_down() == 0


def test_a_request_that_meets_a_bug_is_answered_without_its_words() -> None:
    program = (
        "import os; from devbox_lint_lsp import server, main\n"
        "def view(*_):\n    raise ValueError('sec' + 'ret')\n"
        "server.Server.view = view\n"
        "os._exit(main.serve(lambda: __import__('devbox_lint_rules').RULES, None))"
    )
    with Client((*PYTHON, "-c", program)) as client:
        client.initialize()
        client.open(URI, TEXT)
        params = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 0}}
        answer = client.answer(client.begin("textDocument/definition", params))

        assert answer["error"] == {"code": -32603, "message": "internal error: the server's log says more"}
        assert len(client.logged) == 1
        assert "ValueError: its words may quote a file" in client.logged[0]
        assert "secret" not in client.logged[0] + client.stderr
        assert client.shut_down() == 0


def test_a_long_analysis_does_not_make_the_server_deaf() -> None:
    program = (
        "import os, threading; from devbox_lint import pipeline; from devbox_lint_lsp import main\n"
        "heard = threading.Event(); check = pipeline.check\n"
        "def slow(*given, **named):\n    assert heard.wait(60)\n    return check(*given, **named)\n"
        "pipeline.check = slow\n"
        "from devbox_lint_lsp.protocol import Protocol; receive = Protocol.receive\n"
        "def hear(self, body):\n    receive(self, body)\n    b'nothing' in body and heard.set()\n"
        "Protocol.receive = hear\n"
        "os._exit(main.serve(lambda: __import__('devbox_lint_rules').RULES, None))"
    )
    with Client((*PYTHON, "-c", program)) as client:
        client.initialize()
        client.open(URI, TEXT)
        for _ in range(20):
            client.begin("textDocument/hover", {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 0}})
        client.begin("nothing/known", {})

        assert client.published(URI) == []
        assert client.shut_down() == 0


@pytest.mark.parametrize(
    "method", ["hover", "completion", "definition", "documentSymbol", "documentLink", "diagnostic"]
)
def test_of_a_document_that_is_not_open_nothing_is_said_and_nothing_is_read(client: Client, method: str) -> None:
    client.initialize()
    uri = "file:///etc/passwd"
    params = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}}

    assert client.request(f"textDocument/{method}", params) in (None, {"kind": "full", "items": []})
    assert client.logged == []


def test_nothing_is_printed_between_the_messages() -> None:
    # A library that prints would be taken for a message.
    program = (
        "import os; from devbox_lint_lsp import server, main;"
        "Old = server.Server.opened;"
        "server.Server.opened = lambda self, *rest: (print('stray'), Old(self, *rest))[1];"
        "os._exit(main.serve(lambda: __import__('devbox_lint_rules').RULES, None))"
    )
    with Client((*PYTHON, "-c", program)) as client:
        client.initialize()
        client.open(URI, TEXT)

        assert client.published(URI) == []
        assert client.shut_down() == 0
        assert "stray" in client.stderr


def test_one_client_can_connect_over_tcp() -> None:
    process = subprocess.Popen([*SERVER, "--tcp", "0"], stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        host, port = process.stderr.readline().split()[-1].split(":")
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}})
        with socket.create_connection((host, int(port)), PATIENCE) as connection:
            connection.sendall(f"Content-Length: {len(body)}\r\n\r\n{body}".encode())
            assert connection.recv(14) == b"Content-Length"
        assert process.wait(PATIENCE) == 1
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


@pytest.mark.parametrize("port", ["x", "-1", "65536"])
def test_a_port_that_is_none_is_a_wrong_usage(port: str) -> None:
    done = subprocess.run([*SERVER, "--tcp", port], capture_output=True, text=True)

    assert done.returncode == 2
    assert "a port is a number" in done.stderr


def test_a_port_in_use_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run([*SERVER, "--tcp", str(port)], capture_output=True, text=True)

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"cannot listen on port {port}" in done.stderr
