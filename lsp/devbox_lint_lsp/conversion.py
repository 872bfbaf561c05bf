"""The engine's words in the terms of the protocol: ranges, severities, places in other files; nothing secret."""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterable, Mapping
from enum import Enum

from lsprotocol import types
from pygls.uris import from_fs_path

from devbox_lint.credentials.masking import Mask
from devbox_lint.diagnostics import Diagnostic, Edit, Related, Severity, Span
from devbox_lint.escaping import neutralise
from devbox_lint.results import FileResult
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple
from devbox_lint_lsp.client import SECTION, Client


class PositionEncoding(Enum):
    """What a column counts; the values are those of the protocol's ``positionEncodings``."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    UTF_32 = "utf-32"


class ClientPosition(NamedTuple):
    """A place as a client sees it: line and column from 0, the column in code units."""

    line: int
    character: int


class ClientRange(NamedTuple):
    """A span as a client sees it, ``end`` not included."""

    start: ClientPosition
    end: ClientPosition


def position_of(source: SourceFile, offset: int, encoding: PositionEncoding) -> ClientPosition:
    """Where a client sees the offset."""
    line, column = source.position(offset)
    start = source.line_starts[line]
    return ClientPosition(line, _units(source.text[start : start + column], encoding))


def range_of(source: SourceFile, span: Span, encoding: PositionEncoding) -> ClientRange:
    """What a client sees as the span."""
    return ClientRange(position_of(source, span.start, encoding), position_of(source, span.end, encoding))


def offset_of(source: SourceFile, position: ClientPosition, encoding: PositionEncoding) -> int:
    """The offset that a client means; one inside a character is that character's start."""
    if position.line >= len(source.line_starts):
        return len(source.text)
    start = source.line_starts[position.line]
    units = 0
    for column, character in enumerate(source.line_text(position.line)):
        units += _units(character, encoding)
        if units > position.character:
            return start + column
    return source.line_end(position.line)


def _units(text: str, encoding: PositionEncoding) -> int:
    if encoding is PositionEncoding.UTF_32 or text.isascii():
        return len(text)
    # A lone surrogate, which JSON can carry, takes what it would in an escaped form.
    if encoding is PositionEncoding.UTF_16:
        return len(text) + sum(character > "\uffff" for character in text)
    return len(text.encode("utf-8", "surrogatepass"))


_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}

_TAGS = {"deprecated": types.DiagnosticTag.Deprecated, "unnecessary": types.DiagnosticTag.Unnecessary}


def range_in(source: SourceFile, span: Span, encoding: PositionEncoding) -> types.Range:
    """The span as the client counts."""
    start, end = range_of(source, span, encoding)
    return types.Range(types.Position(start.line, start.character), types.Position(end.line, end.character))


def text_edits(source: SourceFile, edits: Iterable[Edit], encoding: PositionEncoding) -> list[types.TextEdit]:
    """The edits in the order of the file; they do not overlap."""
    return [types.TextEdit(range_in(source, edit.span, encoding), edit.content) for edit in sorted(edits)]


def shown(text: str, mask: Mask | None) -> str:
    """A sentence without secrets and without characters that are not seen as themselves."""
    return neutralise(mask.conceal(text) if mask is not None else text)


class Translator:
    """The diagnostics of one file for the client.

    ``tags`` are those of rules by their codes; ``read`` gives another file that a finding points to, None where it
    cannot be read.
    """

    def __init__(
        self,
        uri: str,
        result: FileResult,
        encoding: PositionEncoding,
        client: Client,
        tags: Mapping[str, str],
        read: Callable[[str], SourceFile | None],
    ) -> None:
        self._uri = uri
        self._result = result
        self._encoding = encoding
        self._client = client
        self._tags = tags
        self._read = read

    def diagnostics(self) -> list[types.Diagnostic]:
        """All diagnostics, in the order of the file."""
        return [self.diagnostic(diagnostic) for diagnostic in self._result.diagnostics]

    def diagnostic(self, diagnostic: Diagnostic) -> types.Diagnostic:
        """One diagnostic; the repair in words stands in its message where no quick fix says it."""
        message = shown(diagnostic.message, self._result.mask)
        if diagnostic.help and diagnostic.fix is None:
            message += f"\nhelp: {shown(diagnostic.help, self._result.mask)}"
        return types.Diagnostic(
            range_in(self._result.source, diagnostic.span, self._encoding),
            message,
            _SEVERITIES[diagnostic.severity],
            diagnostic.code,
            types.CodeDescription(diagnostic.url) if diagnostic.url else None,
            SECTION,
            tags=self._tags_of(diagnostic) or None,
            related_information=self._all_related(diagnostic) or None,
        )

    def _tags_of(self, diagnostic: Diagnostic) -> list[types.DiagnosticTag]:
        tag = _TAGS.get(self._tags.get(diagnostic.code, ""))
        return [tag] if tag is not None and tag in self._client.tags else []

    def _all_related(self, diagnostic: Diagnostic) -> list[types.DiagnosticRelatedInformation]:
        if not self._client.knows_related:
            return []
        return [self._related(related) for related in diagnostic.related]

    def _related(self, related: Related) -> types.DiagnosticRelatedInformation:
        uri, source = self._uri, self._result.source
        message = shown(related.message, self._result.mask)
        place = range_in(source, related.span, self._encoding)
        if related.path is not None:
            uri = uri_of(related.path)
            other = self._read(related.path)
            place = range_in(other or SourceFile("", ""), related.span, self._encoding)
        return types.DiagnosticRelatedInformation(types.Location(uri, place), message)


def uri_of(path: str) -> str:
    """The `file:` URI of a path."""
    return from_fs_path(os.path.abspath(path)) or path
