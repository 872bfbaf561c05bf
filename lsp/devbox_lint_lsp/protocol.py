"""The base protocol over pygls, with what pygls 2.1 gets wrong put right; each correction has a test.

- A message that cannot be understood is answered, and so is a request before ``initialize`` or after ``shutdown``.
- The text of documents is ours: pygls splits lines where the protocol does not, at form feeds, U+0085 and U+2028, and
  puts what is inserted past the end of the last line before its last character.
- ``exit`` ends the process at once, with the code that the specification asks for.
- An error is logged, never shown while somebody types, and no message carries a traceback.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Generator, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

if TYPE_CHECKING:
    from cattrs import Converter

    from devbox_lint_lsp.connection import Outlet

_Errors = types.ErrorCodes


class DocumentServer(LanguageServer):
    """What the protocol asks of a server."""

    def agree(self, params: types.InitializeParams, capabilities: types.ServerCapabilities) -> None:
        """Keep what both sides agreed on."""
        raise NotImplementedError

    def opened(self, uri: str, version: int | None, text: str) -> None:
        """A document is open now."""
        raise NotImplementedError

    def changed(self, uri: str, version: int | None, changes: Sequence[types.TextDocumentContentChangeEvent]) -> None:
        """A document has changed in the editor."""
        raise NotImplementedError

    def closed(self, uri: str) -> None:
        """A document is no longer open."""
        raise NotImplementedError

    def log_error(self, error: BaseException) -> None:
        """Something of ours went wrong."""
        raise NotImplementedError


class Protocol(LanguageServerProtocol):
    """What happens to each message."""

    def __init__(self, server: DocumentServer, converter: Converter) -> None:
        # Its loggers write whole messages, and with them the text of files.
        for name in ("pygls", "lsprotocol", "cattrs"):
            logger = logging.getLogger(name)
            logger.addHandler(logging.NullHandler())
            logger.propagate = False
            logger.setLevel(logging.CRITICAL + 1)
        super().__init__(server, converter)
        self.server = server
        #: The loop that runs the server, from its start on.
        self.loop: asyncio.AbstractEventLoop
        self._is_initialized = False
        self._exit_code: asyncio.Future[int] | None = None

    def speak_to(self, writer: Outlet) -> None:
        """Send messages to ``writer``; called on the loop that will run the server."""
        self.set_writer(writer)
        self.loop = asyncio.get_running_loop()
        self._exit_code = self.loop.create_future()
        self.loop.set_exception_handler(lambda _, context: self._log(context.get("exception")))

    async def ended(self) -> int:
        """The exit code, when it is known."""
        if self._exit_code is None:
            raise RuntimeError("nobody to speak to")
        return await self._exit_code

    def hang_up(self) -> None:
        """End: 0 after ``shutdown``, else 1."""
        if self._exit_code is not None and not self._exit_code.done():
            self._exit_code.set_result(0 if self._shutdown else 1)

    def receive(self, body: bytes) -> None:
        """Handle one message."""
        if self._exit_code is not None and self._exit_code.done():
            return
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            self._refuse(None, _Errors.ParseError, "this is no JSON")
            return
        if not isinstance(raw, dict):
            self._refuse(None, _Errors.InvalidRequest, "this is no message: a JSON object is expected")
            return
        method = raw.get("method")
        if method == types.EXIT:
            self.hang_up()
            return
        number = raw.get("id")
        if isinstance(method, str):
            if "id" in raw and not isinstance(number, int | str):
                self._refuse(None, _Errors.InvalidRequest, "the `id` of a request is a number or a text")
                return
            if self._shutdown:
                self._refuse(number, _Errors.InvalidRequest, "the server is shutting down")
                return
            if not self._is_initialized and method != types.INITIALIZE:
                self._refuse(number, _Errors.ServerNotInitialized, "the first request must be `initialize`")
                return
            if self._is_initialized and method == types.INITIALIZE:
                self._refuse(number, _Errors.InvalidRequest, "`initialize` comes once")
                return
            if raw.get("params") is None:
                # Some clients leave out what is empty.
                raw["params"] = {} if method == types.INITIALIZED else None
        try:
            message = self.structure_message({"jsonrpc": self.VERSION, **raw})
        except JsonRpcException:
            if isinstance(method, str):
                self._refuse(number, _Errors.InvalidParams, f"the parameters of `{method}` are not what is specified")
            return
        self.handle_message(message)

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Generator[Any, Any, types.InitializeResult]:
        """Agree on what both sides can do."""
        self._is_initialized = True
        result: types.InitializeResult = yield from super().lsp_initialize(params)
        self.server.agree(params, result.capabilities)
        return result

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        """Take over the text of a document."""
        item = params.text_document
        self.server.opened(item.uri, item.version, item.text)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        """Follow the changes of a document."""
        self.server.changed(params.text_document.uri, params.text_document.version, params.content_changes)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        """Forget a document."""
        self.server.closed(params.text_document.uri)

    def _refuse(self, number: Any, code: types.ErrorCodes, message: str) -> None:
        """Answer a request with an error; a notification is passed over."""
        if number is not None or code in (_Errors.ParseError, _Errors.InvalidRequest):
            self._send_data(types.ResponseErrorMessage(id=number, error=types.ResponseError(code, message)))

    def _send_handler_result(self, future: Future[Any], *, msg_id: str | int) -> None:
        self._request_futures.pop(msg_id, None)
        if future.cancelled():
            self._refuse_request(msg_id, types.LSPErrorCodes.RequestCancelled, "cancelled")
            return
        error = future.exception()
        if error is None:
            self._send_response(msg_id, result=future.result())
        elif isinstance(error, JsonRpcException):
            self._refuse_request(msg_id, error.code or _Errors.InternalError, error.message or "failed")
        else:
            self._log(error)
            self._refuse_request(msg_id, _Errors.InternalError, "internal error: the server's log says more")

    def _refuse_request(self, number: str | int, code: int, message: str) -> None:
        self._result_types.pop(number, None)
        self._send_data(types.ResponseErrorMessage(id=number, error=types.ResponseError(int(code), message)))

    def _check_handler_result(self, future: Future[Any]) -> None:
        if not future.cancelled():
            self._log(future.exception())

    def _log(self, error: BaseException | None) -> None:
        if error is not None:
            self.server.log_error(error)
