"""What stands around an open document: the files of its repository, those that are open as they are in the editor."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from devbox_lint.customization.catalog import STANDARD, Catalog
from devbox_lint.masking import mask_of
from devbox_lint.repository import FilesOnDisk
from devbox_lint.source import SourceFile
from devbox_lint_lsp.documents import Documents, OpenDocument


class EditorFiles(FilesOnDisk):
    """Files on disk, but for those that are open."""

    __slots__ = ("_documents",)

    def __init__(self, documents: Documents, found: Iterable[str] = ()) -> None:
        super().__init__(found)
        self._documents = documents

    def read(self, path: str) -> bytes | None:
        """The content of a file; of an open one what the editor has."""
        document = self._documents.at(path)
        if document is None:
            return super().read(path)
        return document.source.text.encode("utf-8", "replace")


class Surroundings:
    """The catalogs of tasks; made anew when files change, because a catalog reads each file once."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._files: EditorFiles | None = None
        self._catalog: Catalog | None = None

    def forget(self) -> None:
        """Look at the files again when next asked."""
        self._files = None
        self._catalog = None

    def source_at(self, path: str) -> SourceFile | None:
        """The text of another file, None where it cannot be read."""
        data = self._current_files().read(path)
        return None if data is None else SourceFile.from_bytes(path, data)

    def conceal_at(self, path: str) -> Callable[[str], str]:
        """What covers the secrets of another file in a text."""
        source = self.source_at(path)
        return str if source is None else mask_of(source).conceal

    def catalog_of(self, document: OpenDocument) -> Catalog:
        """The tasks that a document can name: without files around it, those that every file can."""
        if document.path is None:
            return STANDARD
        catalog = self._catalog
        if catalog is None:
            catalog = self._catalog = Catalog(self._current_files())
        return catalog

    def _current_files(self) -> EditorFiles:
        files = self._files
        if files is None:
            files = self._files = EditorFiles(self._documents)
        return files
