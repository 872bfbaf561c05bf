"""Finding comments: a ``#`` counts only where YAML reads a comment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devbox_lint.source import SourceFile
from devbox_lint.yaml.document import Comment, find_comments
from devbox_lint.yaml.parse import parse
from support import Files, each_corpus, unmark


def comments(text: str, pure: bool = False) -> list[Comment]:
    document = parse(SourceFile("", text), pure)
    assert not document.problems, text
    return find_comments(text, document.scalars)


EXAMPLES = [
    "«# only»",
    "«# only»\n",
    "\n  «# one»\n\n«#two»\n",
    "«#»\nkey: value\n",
    "key: value «# comment»",
    "key: value\t«# comment»\n",
    "key: «# of an empty value»\nnext: «#»\n",
    "key: a#b «# a # b»\n",
    "key: https://example.com/#top «# https://example.com/#top»\n",
    "#key: value\n".replace("#key: value", "«#key: value»"),
    "a#b: 1\n",
    "'a # b': 1 «# c»\n",
    "key: 'it''s # one' «# 'two'»\n",
    'key: "a \\" # b" «# "»\n',
    "key: 'a\n  # b\n  ' «# c»\n",
    'key: "a\n  # b" «# c»\n',
    "key: two\n  lines#x «# c»\nnext: 1\n",
    "key: |\n  # content\n  a # content\n«# comment»\n",
    "key: |  «# head»\n  # content\n",
    "key: >-2\t «# head # still»\n   # content\n",
    "key: |\n  text\n «# less indented»\n  «# and not content again»\nnext: 1\n",
    "key: |+\n  text\n\n«# comment»\n\nnext: 1\n",
    "key: | «# head of nothing»\nnext: 1 «# c»\n",
    "a:\n  - |-\n    # content\n  «# comment»\n  - b\n",
    "«# c»\n%YAML 1.2 «# c»\n--- «# c»\n- a\n",
    "- «# c»\n  - &a «# c»\n    b\n- !tag «# c»\n  c\n- *a «# c»\n",
    "- [a, «# c»\n   b, 'x # y', \"#\"\n   «# c»\n  ] «# c»\n",
    "- {a: 1, «# c»\n   b: 2} «# c»\n",
    "? a «# c»\n: b «# c»\n",
    "- 😀 «# 😀»\n- b «# c»\n",
    "key: value # not\u2028here\n".replace("# not\u2028here", "«# not\u2028here»"),
]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("pure", [False, True], ids=["c", "pure"])
@pytest.mark.parametrize("marked", EXAMPLES)
def test_exactly_the_comments_are_found(marked: str, pure: bool, line_break: str) -> None:
    text, spans = unmark(marked.replace("\n", line_break))

    found = comments(text, pure)

    assert [comment.span for comment in found] == spans, found
    assert [comment.text for comment in found] == [text[start:end] for start, end in spans]


@pytest.mark.parametrize("text", ["", "key: value\n", "key: |\n  # a\n", "- 'a # b'\n- a#b\n"])
def test_a_text_without_comments_has_none(text: str) -> None:
    assert comments(text) == []


def test_a_comment_is_alone_where_only_white_space_is_before_it() -> None:
    text = "# 1\r\n  # 2\r\nkey: | # 3\r\n  a\r\n\t # 4\r\nnext: b # 5\r\n- # 6"

    assert [comment.alone for comment in find_comments(text, [])] == [True, True, False, True, False, False]


def test_a_sign_right_after_other_characters_starts_no_comment() -> None:
    assert find_comments("&a#b *c#d !e#f |#g", []) == []


@each_corpus
def test_comments_of_the_corpus_are_outside_its_scalars(files: Files) -> None:
    for file in files:
        document = parse(SourceFile.from_bytes("", file.data))
        text = document.source.text
        covered = bytearray(len(text) + 1)
        for scalar in document.scalars:
            start = scalar.span_of(0, 0).start if scalar.style in ("|", ">") else scalar.start
            covered[start : scalar.end] = b"\1" * (scalar.end - start)
        end = 0
        for comment in find_comments(text, document.scalars):
            assert comment.text == text[comment.span.start : comment.span.end]
            assert comment.text.startswith("#")
            assert "\n" not in comment.text
            assert end <= comment.span.start
            end = comment.span.end
            assert not any(covered[comment.span.start : end]), (file.path, comment)


@given(st.text("a# \t\n\r'\"|>:-[]"))
def test_comments_of_any_text_are_in_order_and_end_with_their_line(text: str) -> None:
    end = 0
    for comment in find_comments(text, parse(SourceFile("", text)).scalars):
        assert end <= comment.span.start
        end = comment.span.end
        assert text[comment.span.start : end] == comment.text
        assert text[end : end + 1] in ("", "\n", "\r")
