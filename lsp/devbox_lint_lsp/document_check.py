"""Hands one document to the engine, with its settings and the tasks around it; runs in the worker's thread."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, Protocol, TypeVar

from lsprotocol import types

from devbox_lint.credentials.masking import traceback_of
from devbox_lint.customization.begun import begun_kind, kind_of_stem
from devbox_lint.customization.catalog import Catalog
from devbox_lint.customization.kinds import Kind, stem_of
from devbox_lint.customization.model import Customization
from devbox_lint.diagnostics import DOCUMENTATION, Diagnostic, Severity, Span
from devbox_lint.engine import INTERNAL_ERROR, kind_of
from devbox_lint.errors import DevboxLintError
from devbox_lint.files.discovery import may_be_ours
from devbox_lint.pipeline import report_document
from devbox_lint.reports.terminal import internal_error
from devbox_lint.results import FileResult
from devbox_lint.rule import AnyRule
from devbox_lint.startup import NamedTuple
from devbox_lint.yaml.parse import parse
from devbox_lint_lsp.client import Client, ClientSettings
from devbox_lint_lsp.conversion import PositionEncoding, Translator
from devbox_lint_lsp.document_view import View
from devbox_lint_lsp.documents import Documents, OpenDocument
from devbox_lint_lsp.online import Online
from devbox_lint_lsp.workspace_state import Surroundings

P = ParamSpec("P")
T = TypeVar("T")


class Analysis(NamedTuple):
    """What is said of one state of a document: by the engine, and the same for the client.

    ``identifier`` differs from that of every other analysis; ``face`` is what of the document counts for others, None
    where nothing does.
    """

    document: OpenDocument
    result: FileResult
    diagnostics: list[types.Diagnostic]
    identifier: str
    face: object = None


class Worker:
    """The one thread in which files are read, parsed and checked, one job after another."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "analysis")

    def start(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[T]:
        """Do something when all that was started before is done; cancelling prevents it if it has not begun."""
        return asyncio.wrap_future(self._pool.submit(function, *args, **kwargs))


class InlineWorker(Worker):
    """Does everything at once: where there are no threads, as in a browser."""

    def __init__(self) -> None:
        pass

    def start(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[T]:
        """Do something now; the future has its outcome."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        try:
            future.set_result(function(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - who waits for it gets it, as from a thread
            future.set_exception(error)
        return future


class _Job(NamedTuple):
    document: OpenDocument
    future: asyncio.Future[Analysis]


class Analyst:
    """The analyses of all open documents; ``examine`` makes one, in the worker's thread."""

    def __init__(self, worker: Worker, documents: Documents, examine: Callable[[OpenDocument], Analysis]) -> None:
        self._worker = worker
        self._documents = documents
        self._examine = examine
        self._jobs: dict[str, _Job] = {}

    def forget(self, uri: str | None = None) -> None:
        """Give up what is known of a document, or of all; who waits for it waits for its newest state.

        ``uri`` is as the open document has it.
        """
        keys = tuple(self._jobs) if uri is None else (uri,)
        for key in keys:
            job = self._jobs.pop(key, None)
            if job is not None:
                job.future.cancel()

    async def analyse(self, uri: str) -> Analysis | None:
        """What is to be said of the document as it is when this returns; None where it is not open."""
        while (document := self._documents.get(uri)) is not None:
            job = self._jobs.get(document.uri)
            if job is None or job.document is not document:
                self.forget(document.uri)
                job = self._jobs[document.uri] = _Job(document, self._worker.start(self._examine, document))
            try:
                # Several may wait for it, and one that gives up must not take it from the others.
                analysis = await asyncio.shield(job.future)
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if job.future.cancelled() and not (task and task.cancelling()):
                    continue  # A newer state is there.
                raise
            if self._jobs.get(document.uri) is job:
                return analysis
        return None


class Around(Protocol):
    """What an examination needs of the server."""

    client: Client
    settings: ClientSettings
    encoding: PositionEncoding
    online: Online
    all_rules: Callable[[], Sequence[AnyRule]]

    def surroundings(self) -> Surroundings:
        """What stands around the documents."""


class Examiner:
    """Parses each state of a document once, for its diagnostics and for everything else."""

    def __init__(self, around: Around) -> None:
        self._around = around
        self._tags_of_rules: dict[str, str] | None = None
        self._views: dict[str, tuple[OpenDocument, View | None]] = {}
        self._kinds: dict[str, Kind] = {}

    def forget(self, uri: str | None = None) -> None:
        """Parse a document, or all, anew when next asked."""
        if uri is None:
            self._views = {}
        else:
            self._views.pop(uri, None)

    def view(self, document: OpenDocument) -> View | None:
        """A document as its author thinks of it; None where it is not ours."""
        views = self._views
        known = views.get(document.uri)
        if known is not None and known[0] is document:
            return known[1]
        return self._view(document, self._around.surroundings().catalog_for(document))

    def close(self, uri: str) -> None:
        """Forget what a document was."""
        self._kinds.pop(uri, None)

    def help_view(self, document: OpenDocument) -> View | None:
        """The same for who writes: a file once ours stays ours, and one that is begun is what its name says."""
        view = self.view(document)
        if view is not None:
            self._kinds[document.uri] = view.customization.kind
            return view
        source = document.source
        kind = self._kinds.get(document.uri)
        if kind is None and kind_of_stem(stem_of(source.path)) is None:
            # Somebody else's, which must not cost anything with each character.
            return None
        parsed = parse(source)
        kind = kind or begun_kind(source.path, parsed)
        catalog = self._around.surroundings().catalog_for(document)
        return None if kind is None else View(Customization(parsed, kind), catalog)

    def examine(self, document: OpenDocument, identifier: str) -> Analysis:
        """What the engine says of a document."""
        around = self._around
        result = FileResult(document.source, None)
        face: object = None
        surroundings: Surroundings | None = None
        try:
            surroundings = around.surroundings()
            result, face = self._checked(document, surroundings)
        except DevboxLintError as error:
            message = f"{error}: this file is not checked until that is put right"
            result = result._replace(diagnostics=(_said("settings", message),))
        except Exception as error:  # noqa: BLE001 - a person is to know that this file is not checked
            said = _said(INTERNAL_ERROR, internal_error(error))
            result = result._replace(diagnostics=(said,), crashes=(traceback_of(error),))
        read = surroundings.files.source if surroundings is not None else lambda _: None
        translator = Translator(document.uri, result, around.encoding, around.client, self._tags(), read)
        return Analysis(document, result, translator.diagnostics(), identifier, face)

    def _tags(self) -> dict[str, str]:
        if self._tags_of_rules is None:
            self._tags_of_rules = {rule.code: rule.tag for rule in self._around.all_rules() if rule.tag is not None}
        return self._tags_of_rules

    def _checked(self, document: OpenDocument, surroundings: Surroundings) -> tuple[FileResult, object]:
        settings = surroundings.settings_for(document) if self._around.settings.enable else None
        view = None if settings is None else self._view(document, settings.catalog)
        if settings is None or view is None:
            return FileResult(document.source, None), None
        customization = view.customization
        result = report_document(
            customization.document,
            settings,
            customization.kind,
            today(),
            self._around.online.answers_with(settings.azure),
            surroundings.baseline_for(document),
        )
        return result, _face(customization)

    def _view(self, document: OpenDocument, catalog: Catalog) -> View | None:
        source = document.source
        view = None
        if may_be_ours(source.path, source.text.encode("utf-8", "replace")):
            parsed = parse(source)
            kind = kind_of(parsed, catalog)
            view = None if kind is None else View(Customization(parsed, kind), catalog)
        self._views[document.uri] = (document, view)
        return view


def _face(customization: Customization) -> object:
    """What of a file others see: all of a task definition, of an image definition its name."""
    if customization.kind in (Kind.TASK, Kind.SCRIPT):
        return customization.document.source.text
    name = customization.root.scalar("name") if customization.root is not None else None
    return name.value if customization.kind is Kind.IMAGE and name is not None else None


def _said(code: str, message: str) -> Diagnostic:
    """A finding on a file as a whole that is no rule's."""
    url = f"{DOCUMENTATION}dbx000-internal-error.md" if code == INTERNAL_ERROR else ""
    return Diagnostic(code, code, Severity.ERROR, Span(0, 0), message, url)


def today() -> str:
    """The date here, as ISO 8601 writes it: a suppression may end on a day."""
    return time.strftime("%Y-%m-%d")
