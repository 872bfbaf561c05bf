"""A client that speaks to the server over a pipe and shows what really goes over the wire."""

from __future__ import annotations

import contextlib
import itertools
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

#: How long an answer may take, in seconds, on a machine with other work to do.
PATIENCE = 60.0
PYTHON = (sys.executable,)
SERVER = (*PYTHON, "-m", "devbox_lint", "server")


class Client:
    """One server in a process of its own, as long as the context lasts.

    What the server sends unasked is kept in ``notifications``, its log in ``logged``. Requests of the server are
    answered by ``answers``, or with null; those of ``refused`` are said to be unknown.
    """

    def __init__(self, command: tuple[str, ...] = SERVER, environment: dict[str, str] | None = None) -> None:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment)
        self.answers: dict[str, Callable[[Any], Any]] = {}
        self.refused: set[str] = set()
        self.requests: list[dict[str, Any]] = []
        self.notifications: list[dict[str, Any]] = []
        self._answered: dict[Any, dict[str, Any]] = {}
        self.numbers = itertools.count(1)
        self.inbox: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self.errors: list[bytes] = []
        self._threads = [
            threading.Thread(target=self._read, daemon=True),
            threading.Thread(target=self._read_errors, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        try:
            self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            for thread in self._threads:
                thread.join(PATIENCE)

    @property
    def logged(self) -> list[str]:
        """What the server put into the client's log, and what it showed."""
        methods = ("window/logMessage", "window/showMessage")
        return [message["params"]["message"] for message in self.notifications if message["method"] in methods]

    @property
    def stderr(self) -> str:
        return b"".join(self.errors).decode()

    def send_bytes(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message: Any) -> None:
        body = json.dumps(message).encode()
        self.send_bytes(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"jsonrpc": "2.0", "method": method, **({} if params is None else {"params": params})})

    def begin(self, method: str, params: Any = None) -> int:
        """Send a request; its number."""
        number = next(self.numbers)
        self.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        return number

    def answer(self, number: int | None) -> dict[str, Any]:
        """Wait for the answer to a request: the whole message."""
        while number not in self._answered:
            self.wait(lambda message: "method" not in message)
        return self._answered.pop(number)

    def request(self, method: str, params: Any = None) -> Any:
        """The result of a request, which must not fail."""
        answer = self.answer(self.begin(method, params))
        assert "error" not in answer, answer
        return answer["result"]

    def wait(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next message that is wanted; the others are dealt with."""
        while True:
            message = self.inbox.get(timeout=PATIENCE)
            assert message is not None, f"the server has ended: {self.stderr[-2000:]}"
            if "method" in message and "id" in message:
                self.requests.append(message)
                if message["method"] in self.refused:
                    answer = {"error": {"code": -32601, "message": "no such method"}}
                else:
                    answer = {"result": self.answers.get(message["method"], lambda _: None)(message.get("params"))}
                self.send({"jsonrpc": "2.0", "id": message["id"], **answer})
            elif "method" in message:
                self.notifications.append(message)
            else:
                # Answers need not come in the order of the requests.
                self._answered[message.get("id")] = message
            if wanted(message):
                return message

    def initialize(self, capabilities: Any = None, **params: Any) -> Any:
        """The server's answer to ``initialize``, after which the client is ready."""
        result = self.request(
            "initialize", {"processId": None, "rootUri": None, "capabilities": capabilities or {}, **params}
        )
        self.notify("initialized", {})
        return result

    def open(self, uri: str, text: str, version: int = 1, language: str = "yaml") -> None:
        document = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def change(self, uri: str, version: int, *changes: Any) -> None:
        """Each change is a text, or the LSP's object."""
        contents = [{"text": change} if isinstance(change, str) else change for change in changes]
        params = {"textDocument": {"uri": uri, "version": version}, "contentChanges": contents}
        self.notify("textDocument/didChange", params)

    def close(self, uri: str) -> None:
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def published(self, uri: str, version: int | None = None) -> list[dict[str, Any]]:
        """The diagnostics that are next sent of a document, in this version where one is given."""

        def wanted(message: dict[str, Any]) -> bool:
            if message.get("method") != "textDocument/publishDiagnostics":
                return False
            params = message["params"]
            return params["uri"] == uri and (version is None or params.get("version") == version)

        diagnostics: list[dict[str, Any]] = self.wait(wanted)["params"]["diagnostics"]
        return diagnostics

    def cleared(self, uri: str) -> None:
        """Wait until the diagnostics of a closed document are taken back, which is said of no version."""
        method = "textDocument/publishDiagnostics"
        said = self.wait(
            lambda message: (
                message.get("method") == method
                and message["params"]["uri"] == uri
                and "version" not in message["params"]
            )
        )
        assert said["params"]["diagnostics"] == []

    def pulled(self, uri: str) -> list[dict[str, Any]]:
        """The diagnostics that the server gives when asked."""
        report = self.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        items: list[dict[str, Any]] = report["items"]
        return items

    def shut_down(self) -> int:
        """End the server by the book; its exit code."""
        self.request("shutdown")
        self.notify("exit")
        return self.process.wait(PATIENCE)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for body in _bodies(self.process.stdout):
            self.inbox.put(json.loads(body))
        self.inbox.put(None)

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.errors.append(line)


def _bodies(stream: Any) -> Iterator[bytes]:
    while True:
        length = 0
        while line := stream.readline().strip():
            name, _, value = line.partition(b":")
            if name == b"Content-Length":
                length = int(value)
        if not length:
            return
        yield stream.read(length)
