"""The language server: what it holds, and what it does when documents and files change."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from itertools import count

from lsprotocol import types

from devbox_lint import __version__
from devbox_lint.diagnostics import Diagnostic, Severity, Span
from devbox_lint.discovery import may_be_ours
from devbox_lint.engine import INTERNAL_ERROR, FileResult, check
from devbox_lint.masking import traceback_of
from devbox_lint.rule import DOCUMENTATION, Rule
from devbox_lint.selection import select
from devbox_lint.source import SourceFile
from devbox_lint.terminal import internal_error
from devbox_lint_lsp.analysis import Analysis, Analyst, Worker
from devbox_lint_lsp.documents import Documents, OpenDocument
from devbox_lint_lsp.messages import NAME, Translator
from devbox_lint_lsp.positions import ClientPosition, PositionEncoding, offset_of
from devbox_lint_lsp.prose import Prose
from devbox_lint_lsp.protocol import DocumentServer, Protocol
from devbox_lint_lsp.surroundings import Surroundings
from devbox_lint_lsp.views import View, view_of


class Client:
    """What the client said that it can do."""

    def __init__(self, params: types.InitializeParams) -> None:
        text = params.capabilities.text_document
        workspace = params.capabilities.workspace
        edit = workspace.workspace_edit if workspace else None
        #: It asks for diagnostics, so that none are sent unasked.
        self.pulls = text is not None and text.diagnostic is not None
        #: It takes edits for a version of a document.
        self.knows_versions = edit is not None and bool(edit.document_changes)
        symbols = text.document_symbol if text else None
        #: It shows symbols inside symbols.
        self.nests_symbols = symbols is not None and bool(symbols.hierarchical_document_symbol_support)
        item = text.completion.completion_item if text and text.completion else None
        #: It takes text with places to fill in.
        self.knows_snippets = item is not None and bool(item.snippet_support)
        links = text.document_link if text else None
        #: It shows a word on a link.
        self.knows_tooltips = links is not None and bool(links.tooltip_support)
        #: How it wants to read what hover says, and what completion does; one of no kind takes a bare string.
        self.prose = Prose(text.hover.content_format if text and text.hover else None)
        self.knows_markup = item is not None and bool(item.documentation_format)
        self.completion_prose = Prose((item and item.documentation_format) or [types.MarkupKind.PlainText])


class Server(DocumentServer):
    """One server for one client; ``rules`` gives all rules, which are loaded when first asked for."""

    def __init__(self, rules: Callable[[], Sequence[Rule]]) -> None:
        super().__init__(NAME, __version__, protocol_cls=Protocol)
        self.worker = Worker()
        self.documents = Documents()
        self.surroundings = Surroundings(self.documents)
        self.analyst = Analyst(self.worker, self.documents, self._examine)
        self.encoding = PositionEncoding.UTF_16
        self.client = Client(types.InitializeParams(capabilities=types.ClientCapabilities()))
        #: What is to happen when a document has changed.
        self.on_change: list[Callable[[str], None]] = []
        self.all_rules = rules
        #: The rules to run, from the first call on.
        self.rules = cache(lambda: select(rules()))
        self._numbers = count(1)
        self._views: dict[str, tuple[OpenDocument, View | None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def agree(self, params: types.InitializeParams, capabilities: types.ServerCapabilities) -> None:
        """Keep what both sides agreed on."""
        self.client = Client(params)
        self.encoding = PositionEncoding(capabilities.position_encoding or "utf-16")
        # The rules are loaded while the client is busy with the answer.
        self.worker.start(self.rules)

    def opened(self, uri: str, version: int | None, text: str) -> None:
        """A document is open now."""
        document = self.documents.open(uri, version, text)
        self._changed(document.uri)

    def changed(self, uri: str, version: int | None, changes: Sequence[types.TextDocumentContentChangeEvent]) -> None:
        """A document has changed in the editor."""
        document = self.documents.change(uri, version, changes, self.encoding)
        if document is not None:
            self._changed(document.uri)

    def closed(self, uri: str) -> None:
        """A document is closed: what was said of it is taken back."""
        document = self.documents.close(uri)
        if document is not None:
            self._changed(document.uri)

    def _changed(self, uri: str) -> None:
        self.analyst.forget(uri)
        if self.documents.get(uri) is None:
            self._views.pop(uri, None)
        for heard in self.on_change:
            heard(uri)

    async def view(self, uri: str) -> View | None:
        """An open document as its author thinks of it; None where it is not open or not ours."""
        document = self.documents.get(uri)
        return None if document is None else await self.worker.start(self._view, document)

    def _view(self, document: OpenDocument) -> View | None:
        known = self._views.get(document.uri)
        if known is not None and known[0] is document:
            return known[1]
        view = None
        if _may_be_ours(document):
            view = view_of(document.source, self.surroundings.catalog_of(document))
        self._views[document.uri] = (document, view)
        return view

    def offset_in(self, source: SourceFile, position: types.Position) -> int:
        """The offset of a place that the client names."""
        return offset_of(source, ClientPosition(position.line, position.character), self.encoding)

    def _examine(self, document: OpenDocument) -> Analysis:
        """What the engine says of a document; called in the worker's thread."""
        source = document.source
        result = FileResult(source, None)
        try:
            if _may_be_ours(document):
                catalog = self.surroundings.catalog_of(document)
                result = check(source, self.rules(), catalog=catalog, today=today())
        except Exception as error:  # noqa: BLE001 - a person is to know that this file is not checked
            result = FileResult(source, None, (_failed(error),), (traceback_of(error),))
        translator = Translator(document.uri, result, self.encoding, self.surroundings.source_at)
        return Analysis(document, result, translator.diagnostics(), str(next(self._numbers)))

    def in_background(self, work: Awaitable[None]) -> asyncio.Task[None]:
        """Do something that nobody waits for; what goes wrong is logged."""

        async def logged() -> None:
            try:
                await work
            except Exception as error:  # noqa: BLE001 - nobody else would hear of it
                self.log_error(error)

        task = asyncio.ensure_future(logged())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def log(self, message: str, level: types.MessageType = types.MessageType.Info) -> None:
        """Put a message, which must hold nothing secret, into the client's log."""
        self.window_log_message(types.LogMessageParams(level, message))

    def log_error(self, error: BaseException) -> None:
        """Put a bug of ours into the log, here and at the client; never before the eyes of who types."""
        text = traceback_of(error)
        sys.stderr.write(text)
        self.log(text, types.MessageType.Error)

    def report_server_error(self, error: Exception, source: object) -> None:
        """What pygls calls for its own errors, which it would show to the person."""
        self.log_error(error)


def today() -> str:
    """The date here, as ISO 8601 writes it: a suppression may end on a day."""
    return time.strftime("%Y-%m-%d")


def _may_be_ours(document: OpenDocument) -> bool:
    source = document.source
    return may_be_ours(source.path, source.text.encode("utf-8", "replace"))


def _failed(error: Exception) -> Diagnostic:
    """A bug of ours that is no single rule's, as a finding in the file."""
    url = f"{DOCUMENTATION}dbx000-internal-error.md"
    return Diagnostic(INTERNAL_ERROR, "internal-error", Severity.ERROR, Span(0, 0), internal_error(error), url)
