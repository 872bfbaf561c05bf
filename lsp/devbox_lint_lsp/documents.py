"""The texts that are open in the editor, changed or not, saved or not."""

from __future__ import annotations

import os.path
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from lsprotocol import types
from pygls.uris import to_fs_path

from devbox_lint.customization.kinds import stem_of
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint_lsp.conversion import ClientPosition, PositionEncoding, offset_of

_HALF = lazy("[\ud800-\udfff]")


class OpenDocument(NamedTuple):
    """One state of an open document; a change makes another one.

    ``uri`` is as the client wrote it. ``path`` is the absolute path of the file, None for a document that is no file on
    this machine; ``source.path`` is that path, or the name that such a document has among files, if any.
    """

    uri: str
    version: int | None
    path: str | None
    source: SourceFile


class Documents:
    """All open documents, by URI and by path."""

    def __init__(self) -> None:
        self._by_key: dict[str, OpenDocument] = {}
        self._by_path: dict[str, OpenDocument] = {}

    def __iter__(self) -> Iterator[OpenDocument]:
        return iter(tuple(self._by_key.values()))

    def get(self, uri: str) -> OpenDocument | None:
        """The document as it is now, None where it is not open."""
        return self._by_key.get(_key(uri))

    def at(self, path: str) -> OpenDocument | None:
        """The open document of a file."""
        return self._by_path.get(_normal(path))

    def open(self, uri: str, version: int | None, text: str) -> OpenDocument:
        """Take a document over, also one that was open."""
        path = path_of(uri)
        return self._put(OpenDocument(uri, version, path, SourceFile(path or _name_of(uri), _whole(text))))

    def change(
        self,
        uri: str,
        version: int | None,
        changes: Sequence[types.TextDocumentContentChangeEvent],
        encoding: PositionEncoding,
    ) -> OpenDocument | None:
        """Make changes, each on what the one before it left; None where the document is not open."""
        document = self.get(uri)
        if document is None:
            return None
        source = document.source
        for change in changes:
            source = SourceFile(source.path, _changed(source, change, encoding))
        return self._put(document._replace(version=version, source=source))

    def close(self, uri: str) -> OpenDocument | None:
        """Forget a document; what it was."""
        document = self._by_key.pop(_key(uri), None)
        if document is not None and document.path is not None:
            self._by_path.pop(_normal(document.path), None)
        return document

    def _put(self, document: OpenDocument) -> OpenDocument:
        self._by_key[_key(document.uri)] = document
        if document.path is not None:
            self._by_path[_normal(document.path)] = document
        return document


def path_of(uri: str) -> str | None:
    """The path of a `file:` URI, None for any other."""
    return to_fs_path(uri) or None


def _changed(source: SourceFile, change: types.TextDocumentContentChangeEvent, encoding: PositionEncoding) -> str:
    if not isinstance(change, types.TextDocumentContentChangePartial):
        return _whole(change.text)
    text = source.text
    start, end = (
        offset_of(source, ClientPosition(place.line, place.character), encoding)
        for place in (change.range.start, change.range.end)
    )
    return text[:start] + _whole(change.text) + text[max(start, end) :]


def _whole(text: str) -> str:
    """The text with U+FFFD for each half of a surrogate pair, which JSON can carry and no file can.

    It counts as much as such a half does in every encoding, so that places stay.
    """
    return text if text.isascii() else _HALF.sub("\ufffd", text)


def _name_of(uri: str) -> str:
    """The name of a document that is no file here, where it is that of a file of ours; else empty."""
    name = unquote(uri).split("?")[0].split("#")[0].rsplit("/", 1)[-1]
    return name if stem_of(name) else ""


def _key(uri: str) -> str:
    # Some clients write `c%3A` in one message and `c:` in the next.
    return unquote(uri)


def _normal(path: str) -> str:
    return os.path.normcase(os.path.normpath(path))
