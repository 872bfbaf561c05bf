"""The server's copy of a text stays the editor's, whatever is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from devbox_lint.diagnostics import Span
from devbox_lint.source import SourceFile
from devbox_lint_lsp.conversion import PositionEncoding, range_in
from devbox_lint_lsp.documents import Documents

URI = "file:///a/imagedefinition.yaml"
#: Where Python's str.splitlines sees a line's end and the protocol does not, and where both do.
PIECES = ["\f", "\x0b", "\x1c", "\x85", "\u2028", "\u2029", "\r\n", "\r", "\n", "😀", "é", "a", "  - b: ", "{{", "\t"]


def place(line: int, character: int) -> types.Position:
    return types.Position(line, character)


def insert(line: int, character: int, text: str) -> types.TextDocumentContentChangePartial:
    return types.TextDocumentContentChangePartial(types.Range(place(line, character), place(line, character)), text)


def after(text: str, *changes: types.TextDocumentContentChangePartial, encoding: str = "utf-16") -> str:
    documents = Documents()
    documents.open(URI, 1, text)
    document = documents.change(URI, 2, changes, PositionEncoding(encoding))
    assert document is not None
    return document.source.text


@pytest.mark.parametrize("separator", ["\f", "\x0b", "\x1c", "\x85", "\u2028", "\u2029"])
def test_lines_end_where_the_protocol_says(separator: str) -> None:
    assert after(f"a: x{separator}y\nb: z\n", insert(1, 3, "!")) == f"a: x{separator}y\nb: !z\n"


def test_what_comes_past_the_end_of_the_last_line_comes_after_it() -> None:
    assert after("name: abc", insert(0, 99, "!")) == "name: abc!"


def test_what_comes_past_the_end_of_a_line_comes_before_its_line_break() -> None:
    assert after("a\r\nb\r\n", insert(0, 99, "!")) == "a!\r\nb\r\n"


def test_what_comes_past_the_last_line_comes_at_the_end() -> None:
    assert after("a\nb", insert(7, 3, "!")) == "a\nb!"


def test_an_emoji_counts_as_was_agreed() -> None:
    assert [after("😀a", insert(0, at, "!"), encoding=e) for at, e in ((4, "utf-8"), (2, "utf-16"), (1, "utf-32"))] == [
        "😀!a"
    ] * 3


def test_several_changes_are_made_one_after_another() -> None:
    assert after("a\nb\n", insert(0, 1, "\n"), insert(1, 0, "c")) == "a\nc\nb\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_half_a_character_takes_the_place_of_a_whole_one(encoding: str) -> None:
    documents = Documents()
    documents.open(URI, 1, "a\ud83db")
    at = {"utf-8": 4, "utf-16": 2, "utf-32": 2}[encoding]
    document = documents.change(URI, 2, [insert(0, at, "\ude00")], PositionEncoding(encoding))

    assert document is not None
    assert document.source.text == "a\ufffd\ufffdb"


def test_a_document_is_found_whatever_is_escaped_in_its_uri() -> None:
    documents = Documents()
    documents.open("file:///c%3A/x/task.yaml", 1, "")

    assert documents.get("file:///c:/x/task.yaml") is not None


def test_a_document_that_is_no_file_has_the_name_it_would_have() -> None:
    documents = Documents()

    assert documents.open("untitled:Untitled-1", 1, "").source.path == ""
    assert documents.open("untitled:/a/imagedefinition.yaml", 1, "").source.path == "imagedefinition.yaml"
    assert documents.open("vscode-vfs://github/o/r/Task.yml?x", 1, "").path is None


@given(st.data(), st.sampled_from(PositionEncoding))
def test_random_edits_leave_what_python_makes_of_them(data: st.DataObject, encoding: PositionEncoding) -> None:
    texts = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
    text = data.draw(texts)
    documents = Documents()
    documents.open(URI, 1, text)
    for version in range(2, 6):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        put = data.draw(texts)
        # A place between the two characters of a line break does not exist for the protocol.
        if "\r\n" in (text[start - 1 : start + 1], text[end - 1 : end + 1]):
            continue
        where = range_in(SourceFile("", text), Span(start, end), encoding)
        documents.change(URI, version, [types.TextDocumentContentChangePartial(where, put)], encoding)
        text = text[:start] + put + text[end:]
        document = documents.get(URI)

        assert document is not None
        assert document.source.text == text
