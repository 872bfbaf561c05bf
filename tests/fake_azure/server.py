"""The server on loopback: a proxy behind which the services answer under their own names."""

from __future__ import annotations

import os
import socket
import ssl
import struct
import sys
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl, unquote

from fake_azure import programs
from fake_azure.certificates import certificates
from fake_azure.faults import CERTIFICATE, TUNNEL, Fault, Kind
from fake_azure.messages import Request, Response

if TYPE_CHECKING:
    from fake_azure.fake import FakeAzure

_SERVICE_FAULTS: tuple[Kind, ...] = ("reset", "half", "slow", "hang", "answer")


class Server(ThreadingHTTPServer):
    """A proxy for CONNECT, and at the same port TLS for those who come without a proxy."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, azure: FakeAzure) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.azure = azure

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is part of the game; an error of ours is not."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    host = ""

    @property
    def azure(self) -> FakeAzure:
        return cast("Server", self.server).azure

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def handle(self) -> None:
        # Whoever comes without a proxy begins with TLS.
        if self.connection.recv(1, socket.MSG_PEEK) == b"\x16":
            self._secure("")
        super().handle()

    def _secure(self, host: str) -> None:
        self.host = host
        context = certificates().context(host or "unnamed.invalid")
        if host:
            fault = self.azure.faults.take(CERTIFICATE, host)
            context = certificates().context(host, fault.kind if fault else "")
        else:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.sni_callback = self._choose
        self.connection = self.request = context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb", -1)
        self.wfile = cast("Any", self.connection.makefile("wb", 0))

    def _choose(self, connection: Any, name: str | None, _: ssl.SSLContext) -> None:
        self.host = (name or "unnamed.invalid").lower()
        fault = self.azure.faults.take(CERTIFICATE, self.host)
        connection.context = certificates().context(self.host, fault.kind if fault else "")

    def do_CONNECT(self) -> None:
        host, _, port = self.path.lower().rpartition(":")
        self.azure.tunnels.append(host if port == "443" else self.path.lower())
        fault = self.azure.faults.take(TUNNEL, host)
        if fault and fault.kind == "refused":
            self._abort()
        elif fault or port != "443" or not self.azure.exists(host):
            self._send(Response(502, b"Bad Gateway", content_type="text/plain"), close=True)
        else:
            self.connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self._secure(host)
            self.close_connection = False

    def _abort(self) -> None:
        """End the connection so that the other side sees a reset."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())

    def _request(self) -> Request:
        length = int(self.headers.get("Content-Length") or 0)
        path, _, query = self.path.partition("?")
        authorization = self.headers.get("Authorization", "")
        return Request(
            self.host,
            self.command,
            unquote(path),
            dict(parse_qsl(query, keep_blank_values=True)),
            frozenset(name.lower() for name in self.headers),
            self.azure.tokens.get(authorization.removeprefix("Bearer ")),
            bool(authorization),
            self.rfile.read(length) if length else b"",
            query,
        )

    def _answer(self) -> None:
        if not self.host:
            length = int(self.headers.get("Content-Length") or 0)
            self._send(programs.answer(self.azure, self.path, self.headers, self.rfile.read(length)), close=True)
            return
        request = self._request()
        response = self.azure.answer(request)
        fault = self.azure.faults.take(_SERVICE_FAULTS, request.host, request.method, request.path)
        if fault is None:
            self._send(response)
        elif fault.kind == "answer":
            self._send(fault.response)
        elif fault.kind == "reset":
            self._abort()
        else:
            self._spoil(response, fault)

    def _spoil(self, response: Response, fault: Fault) -> None:
        self.close_connection = True
        if fault.kind == "hang":
            self.azure.closing.wait(fault.seconds)
            return
        head, body = self._encoded(response, close=True)
        if fault.kind == "half":
            self.connection.sendall(head + body[: len(body) // 2])
            return
        self.connection.sendall(head)
        for index in range(len(body)):
            self.connection.sendall(body[index : index + 1])
            if self.azure.closing.wait(fault.seconds / len(body)):
                return

    def _encoded(self, response: Response, close: bool) -> tuple[bytes, bytes]:
        body = b"" if self.command == "HEAD" else response.encoded()
        headers: Mapping[str, str] = {
            "Content-Type": response.content_type,
            "Content-Length": str(len(body)),
            **({"Connection": "close"} if close else {}),
        }
        lines = [f"{name}: {value}\r\n" for name, value in (*headers.items(), *response.headers)]
        status = f"HTTP/1.1 {response.status} {self.responses.get(response.status, ('Unknown',))[0]}\r\n"
        return f"{status}{''.join(lines)}\r\n".encode(), body

    def _send(self, response: Response, close: bool = False) -> None:
        self.close_connection = self.close_connection or close
        self.connection.sendall(b"".join(self._encoded(response, close)))

    # The names by which the base class calls them.
    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815
