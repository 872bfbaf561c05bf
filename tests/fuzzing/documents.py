"""Changes of an open document, beside a model that counts the code units of its lines one by one."""

from __future__ import annotations

from lsprotocol import types

from devbox_lint_lsp.conversion import PositionEncoding
from devbox_lint_lsp.documents import Documents

_URI = "file:///a/imagedefinition.yaml"
_ENCODINGS = tuple(PositionEncoding)
#: Bytes of a change that are no text: two lines and two columns.
_PLACES = 4


def documents(data: bytes) -> None:
    """The server's copy of a text is what the editor has, after each of many changes.

    The data: a byte that chooses the encoding, then parts between ``\\xff``: the text first, then changes.
    """
    encoding = _ENCODINGS[(data[0] if data else 0) % len(_ENCODINGS)]
    first, *changes = data[1:].split(b"\xff")
    text = first.decode("utf-8", "replace")
    copies = Documents()
    copies.open(_URI, 0, text)
    for version, change in enumerate(changes[:50]):
        places, put = change[:_PLACES], change[_PLACES:].decode("utf-8", "replace")
        event: types.TextDocumentContentChangeEvent
        if len(places) < _PLACES:
            event, text = types.TextDocumentContentChangeWholeDocument(put), put
        else:
            start, end = sorted(((places[0], places[1]), (places[2], places[3])))
            event = types.TextDocumentContentChangePartial(
                types.Range(types.Position(*start), types.Position(*end)), put
            )
            text = text[: _offset(text, start, encoding)] + put + text[_offset(text, end, encoding) :]
        document = copies.change(_URI, version, [event], encoding)
        assert document is not None
        assert document.source.text == text, (change, document.source.text, text)
    assert copies.close(_URI) is not None
    assert copies.get(_URI) is None


def _offset(text: str, place: tuple[int, int], encoding: PositionEncoding) -> int:
    """The offset of a place by the protocol's words, character after character."""
    line, units = place
    at = 0
    while line and at < len(text):
        if text[at] == "\n" or (text[at] == "\r" and text[at + 1 : at + 2] != "\n"):
            line -= 1
        at += 1
    if line:
        return len(text)
    while at < len(text) and text[at] not in "\r\n":
        width = len(text[at].encode(f"{encoding.value}-le" if encoding is not PositionEncoding.UTF_8 else "utf-8"))
        units -= width // {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding.value]
        if units < 0:
            break
        at += 1
    return at
