"""Places in the encodings of the Language Server Protocol."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devbox_lint.diagnostics import Span
from devbox_lint.source import SourceFile
from devbox_lint_lsp.conversion import ClientPosition, PositionEncoding, offset_of, position_of, range_of

TEXT = "a: é😀b\r\nc\x0cd\u2028e\rf"


@pytest.mark.parametrize(
    ("encoding", "columns"),
    [
        (PositionEncoding.UTF_8, (3, 5, 9, 10)),
        (PositionEncoding.UTF_16, (3, 4, 6, 7)),
        (PositionEncoding.UTF_32, (3, 4, 5, 6)),
    ],
)
def test_a_column_counts_code_units(encoding: PositionEncoding, columns: tuple[int, ...]) -> None:
    source = SourceFile("", TEXT)

    assert [position_of(source, offset, encoding) for offset in (3, 4, 5, 6)] == [
        ClientPosition(0, column) for column in columns
    ]


def test_form_feeds_and_line_separators_end_no_line() -> None:
    source = SourceFile("", TEXT)

    assert range_of(source, Span(TEXT.index("e"), len(TEXT)), PositionEncoding.UTF_16) == ((1, 4), (2, 1))


def test_a_position_past_its_line_is_the_end_of_the_line() -> None:
    source = SourceFile("", TEXT)

    assert offset_of(source, ClientPosition(0, 99), PositionEncoding.UTF_16) == TEXT.index("\r\n")
    assert offset_of(source, ClientPosition(9, 0), PositionEncoding.UTF_16) == len(TEXT)
    assert offset_of(source, ClientPosition(0, 5), PositionEncoding.UTF_16) == TEXT.index("😀")


@given(st.text(alphabet="aé😀\r\n\x0c\u2028\ud800"), st.integers(0, 30), st.sampled_from(PositionEncoding))
def test_a_position_leads_back_to_its_offset(text: str, offset: int, encoding: PositionEncoding) -> None:
    source = SourceFile("", text)
    offset = min(offset, len(text))
    line, _ = source.position(offset)

    there = position_of(source, offset, encoding)

    assert offset_of(source, there, encoding) == min(offset, source.line_end(line))
