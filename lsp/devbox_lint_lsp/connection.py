"""Messages over a pair of byte streams: standard input and output, or one connection on this machine.

Reading has a thread of its own, so that neither a long analysis nor a client that does not read makes the server deaf
(pygls reads with the threads that also run its handlers).
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable, Iterator
from threading import Thread
from typing import BinaryIO, Protocol

#: Longer messages, in bytes, end the connection: no file that we look at is nearly as long.
MAXIMUM_MESSAGE = 512 * 1024 * 1024
_MAXIMUM_HEADER = 64 * 1024
_MOST_DIGITS = 20


class Outlet(Protocol):
    """Where messages to the client go, each as one piece with its header."""

    def write(self, data: bytes) -> None:
        """Send one message."""

    def close(self) -> None:
        """Send nothing any more."""


class Peer(Protocol):
    """Who speaks over the connection; everything is called on the event loop."""

    def receive(self, body: bytes) -> None:
        """Handle one message."""

    def speak_to(self, writer: Outlet) -> None:
        """Send messages there from now on."""

    def hang_up(self) -> None:
        """The other side is gone."""

    async def ended(self) -> int:
        """Wait for the end; the exit code."""


class Writer:
    """The way to the client; one that is gone is said once, and then nothing is written any more."""

    def __init__(self, stream: BinaryIO, gone: Callable[[], None]) -> None:
        self._stream = stream
        self._gone = gone
        self._is_open = True

    def write(self, data: bytes) -> None:
        """Write ``data`` at once."""
        if not self._is_open:
            return
        try:
            self._stream.write(data)
            self._stream.flush()
        except (OSError, ValueError):
            self._is_open = False
            self._gone()

    def close(self) -> None:
        """Write nothing any more."""
        self._is_open = False


class NotUnderstoodError(Exception):
    """Where the next message begins cannot be told any more; the text says why."""


def messages(stream: BinaryIO) -> Iterator[bytes]:
    """The bodies of the messages that arrive, until the stream ends; raises NotUnderstoodError.

    Headers are as in the protocol's base ("Header Part"); their names are read in any case.
    """
    while True:
        length = -1
        has_header = False
        while True:
            line = stream.readline(_MAXIMUM_HEADER)
            if not line:
                return
            name, _, value = line.partition(b":")
            if not line.strip():
                if length >= 0:
                    break
                if has_header:
                    raise NotUnderstoodError("a message came without `Content-Length`")
            elif name.strip().lower() == b"content-length":
                if not value.strip().isdigit() or len(value) > _MOST_DIGITS:
                    raise NotUnderstoodError("the `Content-Length` of a message is not a number of bytes")
                length = int(value)
            else:
                has_header = True
        if length > MAXIMUM_MESSAGE:
            raise NotUnderstoodError(f"a message is longer than {MAXIMUM_MESSAGE} bytes")
        body = stream.read(length)
        if len(body) < length:
            return
        yield body


async def talk(peer: Peer, reader: BinaryIO, writer: BinaryIO) -> int:
    """Hand on what arrives until either side ends; the exit code."""
    loop = asyncio.get_running_loop()
    peer.speak_to(Writer(writer, peer.hang_up))

    def read() -> None:
        try:
            for body in messages(reader):
                loop.call_soon_threadsafe(peer.receive, body)
        except (OSError, ValueError):
            pass
        except NotUnderstoodError as error:
            sys.stderr.write(f"devbox-lint: {error}: the connection ends\n")
        try:
            loop.call_soon_threadsafe(peer.hang_up)
        except RuntimeError:
            return  # The loop has ended before.

    Thread(target=read, name="reader", daemon=True).start()
    return await peer.ended()


def over_standard_streams(peer: Peer) -> int:
    """Serve the process that started this one; what is printed by mistake goes to standard error."""
    reader, writer = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    return asyncio.run(talk(peer, reader, writer))


def over_tcp(peer: Peer, port: int, listening: Callable[[int], None]) -> int:
    """Serve one client that connects to ``port`` of this machine, 0 for any free one; raises OSError.

    ``listening`` is told the port. Other machines cannot connect: whoever can has the files of the user read.
    """
    with socket.create_server(("127.0.0.1", port)) as listener:
        listening(listener.getsockname()[1])
        client, _ = listener.accept()
    with client, client.makefile("rb") as reader, client.makefile("wb") as writer:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return asyncio.run(talk(peer, reader, writer))
