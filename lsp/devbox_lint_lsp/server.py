"""The language server: what it holds, and what it does when documents and files change."""

from __future__ import annotations

import asyncio
import os.path
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import cache
from itertools import count
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcMethodNotFound

from devbox_lint import __version__
from devbox_lint.credentials.masking import traceback_of
from devbox_lint.diagnostics import Edit
from devbox_lint.rule import AnyRule
from devbox_lint.source import SourceFile
from devbox_lint_lsp.client import SECTION, Client, ClientSettings, read_settings
from devbox_lint_lsp.conversion import ClientPosition, PositionEncoding, offset_of, text_edits, uri_of
from devbox_lint_lsp.document_check import Analysis, Analyst, Examiner, Worker
from devbox_lint_lsp.document_view import View
from devbox_lint_lsp.documents import Documents, OpenDocument, path_of
from devbox_lint_lsp.online import Online
from devbox_lint_lsp.protocol import DocumentServer, Protocol
from devbox_lint_lsp.workspace_index import WorkspaceIndex
from devbox_lint_lsp.workspace_state import Surroundings

if TYPE_CHECKING:
    from devbox_lint.online import ResolverFor

#: How many seconds after the last of several changes the other documents are checked again.
PAUSE = 0.25


class Server(DocumentServer):
    """One server for one client; ``rules`` gives all rules and ``azure`` who asks Azure, both when first needed.

    ``worker`` does what takes long, by itself a thread of its own.
    """

    protocol: Protocol

    def __init__(
        self,
        rules: Callable[[], Sequence[AnyRule]],
        azure: Callable[[], ResolverFor],
        worker: Worker | None = None,
    ) -> None:
        super().__init__(SECTION, __version__, protocol_cls=Protocol)
        self.worker = Worker() if worker is None else worker
        self.documents = Documents()
        self.client = Client(types.InitializeParams(capabilities=types.ClientCapabilities()))
        self.settings = ClientSettings()
        self.encoding = PositionEncoding.UTF_16
        self.all_rules: Callable[[], Sequence[AnyRule]] = cache(rules)
        #: What is to happen when a document has changed.
        self.on_change: list[Callable[[str], None]] = []
        #: What is to happen when a document was opened or saved.
        self.on_open_or_save: list[Callable[[str], None]] = []
        #: What is to happen when something around all documents has.
        self.on_refresh: list[Callable[[], None]] = []
        #: Set, and then replaced, when anything has changed at all.
        self.stirred = asyncio.Event()
        #: How often what stands around the documents was forgotten.
        self.generation = 0
        self._surroundings: tuple[int, Surroundings] | None = None
        self._examiner = Examiner(self)
        self.online = Online(azure)
        self.index = WorkspaceIndex(self)
        self.analyst = Analyst(self.worker, self.documents, self.examine)
        self._faces: dict[str, object] = {}
        self._unsaved: set[str] = set()
        self._numbers = count(1)
        self._refreshing: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    # What the protocol tells.

    def agree(self, params: types.InitializeParams, capabilities: types.ServerCapabilities) -> None:
        """Keep what both sides agreed on."""
        self.client = Client(params)
        self.encoding = PositionEncoding(capabilities.position_encoding or "utf-16")
        self.set(params.initialization_options)

    def warm_up(self) -> None:
        """Load the rules, while the client is busy with what it was told."""
        self.worker.start(self.surroundings)
        self.worker.start(self._load_rules)

    def _load_rules(self) -> None:
        for rule in self.all_rules():
            if not rule.asks:
                rule.load()

    def opened(self, uri: str, version: int | None, text: str) -> None:
        """A document is open now."""
        document = self.documents.open(uri, version, text)
        self._faces.pop(document.uri, None)
        self._changed(document.uri)
        for heard in self.on_open_or_save:
            heard(document.uri)

    def changed(self, uri: str, version: int | None, changes: Sequence[types.TextDocumentContentChangeEvent]) -> None:
        """A document has changed in the editor."""
        document = self.documents.change(uri, version, changes, self.encoding)
        if document is not None:
            self._unsaved.add(document.uri)
            self._changed(document.uri)

    def saved(self, uri: str) -> None:
        """What is on disk is what the editor has."""
        document = self.documents.get(uri)
        if document is not None:
            self._unsaved.discard(document.uri)
            for heard in self.on_open_or_save:
                heard(document.uri)

    def closed(self, uri: str) -> None:
        """A document is closed: what was said of it is taken back, and what is on disk counts again."""
        document = self.documents.close(uri)
        if document is not None:
            self._examiner.close(document.uri)
            self._changed(document.uri)
            if self._faces.pop(document.uri, None) is not None and document.uri in self._unsaved:
                self.refresh_soon()
            self._unsaved.discard(document.uri)

    def _changed(self, uri: str) -> None:
        self.analyst.forget(uri)
        self._examiner.forget(uri)
        for heard in self.on_change:
            heard(uri)
        self._stir()

    # What stands around the documents.

    @property
    def folders(self) -> list[str]:
        """The paths of the workspace's folders."""
        workspace = self.workspace
        uris = [folder.uri for folder in workspace.folders.values()]
        if not uris and workspace.root_uri:
            uris = [workspace.root_uri]
        return [path for uri in uris if (path := path_of(uri)) is not None]

    def surroundings(self) -> Surroundings:
        """What stands around the documents; called in the worker's thread, where it is read."""
        generation = self.generation
        known = self._surroundings
        if known is None or known[0] != generation:
            known = self._surroundings = (
                generation,
                Surroundings(self.documents, self.all_rules(), self.folders, self.settings.config_file, self.note),
            )
        return known[1]

    def set(self, value: object) -> None:
        """Take over what the user has set in the client."""
        settings, doubts = read_settings(value)
        for doubt in doubts:
            self.log(doubt, types.MessageType.Warning)
        if settings != self.settings:
            self.settings = settings
            if self._surroundings is not None or any(True for _ in self.documents):
                self.refresh()

    def refresh_soon(self) -> None:
        """Look at everything again after a pause without further changes."""
        if self._refreshing is not None:
            self._refreshing.cancel()
        self._refreshing = asyncio.get_running_loop().call_later(PAUSE, self.refresh)

    def refresh(self) -> None:
        """Look at everything again: files, settings and all open documents."""
        self.generation += 1
        self._examiner.forget()
        self.judge_again()

    def judge_again(self) -> None:
        """Say anew of all open documents what is to be said."""
        self.analyst.forget()
        for heard in self.on_refresh:
            heard()
        self._stir()

    def _stir(self) -> None:
        self.stirred.set()
        self.stirred = asyncio.Event()

    # What documents say.

    def examine(self, document: OpenDocument) -> Analysis:
        """What the engine says of a document, or of a file; called in the worker's thread."""
        return self._examiner.examine(document, str(next(self._numbers)))

    async def analysis(self, uri: str) -> Analysis | None:
        """What the engine says of an open document in its newest state; others that depend on it are told."""
        analysis = await self.analyst.analyse(uri)
        if analysis is not None:
            for crash in analysis.result.crashes:
                self.log(crash, types.MessageType.Error)
            known = self._faces.get(analysis.document.uri)
            if known is not None and known != analysis.face:
                self.refresh_soon()
            if analysis.face is not None:
                self._faces[analysis.document.uri] = analysis.face
        return analysis

    async def view(self, uri: str) -> View | None:
        """An open document as its author thinks of it; None where it is not open or not ours."""
        document = self.documents.get(uri)
        return None if document is None else await self.worker.start(self._examiner.view, document)

    def view_now(self, document: OpenDocument) -> View | None:
        """The same of a document or file; called in the worker's thread."""
        return self._examiner.view(document)

    async def help_view(self, uri: str) -> View | None:
        """The same for who writes in it, who may have only begun."""
        document = self.documents.get(uri)
        return None if document is None else await self.worker.start(self._examiner.help_view, document)

    def document_of(self, source: SourceFile) -> OpenDocument:
        """The document that has a text, or the file on disk."""
        for document in self.documents:
            if document.source is source:
                return document
        opened = self.documents.at(os.path.abspath(source.path))
        return opened or OpenDocument(uri_of(source.path), None, source.path, source)

    def offset_in(self, source: SourceFile, position: types.Position) -> int:
        """The offset of a place that the client names."""
        return offset_of(source, ClientPosition(position.line, position.character), self.encoding)

    def edit_of(self, document: OpenDocument, edits: Iterable[Edit]) -> types.WorkspaceEdit:
        """Edits of a document in the state that it has there; they do not overlap."""
        return self.edit_of_all([(document, edits)])

    def edit_of_all(self, changed: Iterable[tuple[OpenDocument, Iterable[Edit]]]) -> types.WorkspaceEdit:
        """Edits of several documents, or files, each in the state that it has there."""
        changes = [(document, text_edits(document.source, edits, self.encoding)) for document, edits in changed]
        if not self.client.knows_versions:
            return types.WorkspaceEdit(changes={document.uri: edits for document, edits in changes})
        return types.WorkspaceEdit(
            document_changes=[
                types.TextDocumentEdit(
                    types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version), edits
                )
                for document, edits in changes
            ]
        )

    # What goes wrong.

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

    def note(self, message: str) -> None:
        """Log a message from the worker's thread."""
        self.protocol.loop.call_soon_threadsafe(self.log, message, types.MessageType.Warning)

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
        # A client that asks for what we did not announce gets its answer; that is not a bug of ours to report.
        if not isinstance(error, JsonRpcMethodNotFound):
            self.log_error(error)
