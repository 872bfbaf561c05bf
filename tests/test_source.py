"""Encodings, line breaks, and the way from offsets to lines."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devbox_lint.source import Position, SourceFile


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (b"a: b\n", "a: b\n", "utf-8"),
        (b"", "", "utf-8"),
        (codecs.BOM_UTF8 + b"a: \xc3\xa9", "a: é", "utf-8"),
        ("a: é😀\n".encode("utf-16"), "a: é😀\n", "utf-16-le"),
        (codecs.BOM_UTF16_BE + "a: é\n".encode("utf-16-be"), "a: é\n", "utf-16-be"),
        ("name: x".encode("utf-16-le") + b"\n\0", "name: x\n", "utf-16-le"),
        ("name: x\n".encode("utf-16-be"), "name: x\n", "utf-16-be"),
        (codecs.BOM_UTF32_LE + "a: 😀".encode("utf-32-le"), "a: 😀", "utf-32-le"),
    ],
)
def test_the_encoding_is_seen_from_the_bytes(data: bytes, text: str, encoding: str) -> None:
    source = SourceFile.from_bytes("x.yaml", data)

    assert (source.text, source.encoding) == (text, encoding)
    assert source.encode(source.text) == data


def test_each_byte_that_cannot_be_decoded_is_named_with_its_offset() -> None:
    source = SourceFile.from_bytes("", codecs.BOM_UTF8 + b"a: \xe9\xff\xc3\xa9 \xf0\x9f!")

    assert source.text == "a: \ufffd\ufffdé \ufffd\ufffd!"
    assert source.undecodable == ((3, 6, 0xE9), (4, 7, 0xFF), (7, 11, 0xF0), (8, 12, 0x9F))


def test_lines_end_at_line_feeds_and_carriage_returns_and_nowhere_else() -> None:
    source = SourceFile("", "a\r\nb\rc\nd\x0ce\x85f\u2028g\n")

    assert [source.line_text(line) for line in range(len(source.line_starts))] == [
        "a", "b", "c", "d\x0ce\x85f\u2028g", "",
    ]  # fmt: skip
    assert source.newline == "\r\n"


@given(st.text(alphabet="a\r\n😀\t"), st.integers(0, 40))
def test_a_position_leads_back_to_its_offset(text: str, offset: int) -> None:
    source = SourceFile("", text)
    offset = min(offset, len(text))
    position = source.position(offset)

    assert source.line_starts[position.line] + position.column == offset
    assert source.offset(position.line, position.column) == min(offset, source.line_end(position.line))


def test_a_place_past_the_end_is_the_end() -> None:
    source = SourceFile("", "ab\ncd")

    assert source.position(99) == Position(1, 2)
    assert source.offset(0, 99) == 2
    assert source.offset(99, 0) == 5
