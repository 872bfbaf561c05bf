"""The files of ours in the workspace, open or not: each is parsed once for each of its states."""

from __future__ import annotations

import os
from typing import Protocol

from devbox_lint.customization.kinds import classify
from devbox_lint.customization.model import Customization
from devbox_lint.files.discovery import may_be_ours
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple
from devbox_lint.yaml.parse import parse
from devbox_lint_lsp.conversion import uri_of
from devbox_lint_lsp.document_check import Worker
from devbox_lint_lsp.document_view import View
from devbox_lint_lsp.documents import Documents, OpenDocument
from devbox_lint_lsp.workspace_state import Surroundings

#: No more files are looked at.
MOST_FILES = 5_000


class IndexedFile(NamedTuple):
    """A file as its author thinks of it; ``document`` has the version None where it is not open."""

    document: OpenDocument
    customization: Customization


class _State(NamedTuple):
    modified: int
    size: int


class Around(Protocol):
    """What the index needs of the server."""

    documents: Documents
    worker: Worker
    generation: int

    def surroundings(self) -> Surroundings:
        """What stands around the documents."""

    def view_now(self, document: OpenDocument) -> View | None:
        """A document as its author thinks of it."""


class WorkspaceIndex:
    """All files of ours in the folders of the workspace, or in the repositories of the open documents."""

    def __init__(self, around: Around) -> None:
        self._around = around
        self._paths: tuple[int, list[str]] = (-1, [])
        self._known: dict[str, tuple[_State, IndexedFile | None]] = {}

    async def files(self) -> list[IndexedFile]:
        """The files in their newest state, in the order of their paths."""
        worker = self._around.worker
        for path in await worker.start(self._stale):
            # One at a time, so that what is typed meanwhile is not kept waiting.
            await worker.start(self._read, path)
        return await worker.start(self.known)

    def known(self) -> list[IndexedFile]:
        """The files as far as they were read, the open ones as they are; called in the worker's thread."""
        around = self._around
        found: dict[str, IndexedFile] = {}
        for path, (_, file) in self._known.items():
            if file is not None and around.documents.at(path) is None:
                found[path] = file
        for document in around.documents:
            view = around.view_now(document)
            if view is not None:
                found[document.path or document.uri] = IndexedFile(document, view.customization)
        return [found[key] for key in sorted(found)]

    def _stale(self) -> list[str]:
        """The files that are to be read, with what is gone forgotten."""
        generation, paths = self._paths
        if generation != self._around.generation:
            paths = self._all_paths()
            self._paths = (self._around.generation, paths)
            self._known = {path: self._known[path] for path in paths if path in self._known}
        return [path for path in paths if self._is_stale(path)]

    def _is_stale(self, path: str) -> bool:
        if self._around.documents.at(path) is not None:
            return False
        known = self._known.get(path)
        try:
            return known is None or known[0] != _state(path)
        except OSError:
            self._known.pop(path, None)
            return False

    def _all_paths(self) -> list[str]:
        surroundings = self._around.surroundings()
        # A file that was opened by itself has the files of its repository beside it.
        opened = [document.path for document in self._around.documents if document.path is not None]
        paths = (found.path for found in surroundings.discovered(filter(None, map(surroundings.files.root, opened))))
        wanted = dict.fromkeys(os.path.abspath(path) for path in paths if not path.lower().endswith(".ps1"))
        return list(wanted)[:MOST_FILES]

    def _read(self, path: str) -> None:
        try:
            state = _state(path)
            with open(path, "rb") as stream:
                data = stream.read()
        except OSError:
            self._known.pop(path, None)
            return
        self._known[path] = (state, _indexed(path, data))


def _indexed(path: str, data: bytes) -> IndexedFile | None:
    if not may_be_ours(path, data):
        return None
    document = parse(SourceFile.from_bytes(path, data))
    kind = classify(path, document)
    if kind is None:
        return None
    return IndexedFile(OpenDocument(uri_of(path), None, path, document.source), Customization(document, kind))


def _state(path: str) -> _State:
    status = os.stat(path)
    return _State(status.st_mtime_ns, status.st_size)
