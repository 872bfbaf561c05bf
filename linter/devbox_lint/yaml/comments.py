"""The comments of a text, told apart from a ``#`` that is content."""

from __future__ import annotations

from devbox_lint.diagnostics import Span
from devbox_lint.patterns import lazy
from devbox_lint.yaml.document import Comment
from devbox_lint.yaml.nodes import FOLDED, LITERAL, Scalar

_BREAK = lazy(r"[\r\n]")


def find_comments(text: str, scalars: list[Scalar]) -> list[Comment]:
    """All comments in the order of ``text``; spans are offsets of ``text``, line breaks not included.

    ``scalars`` are all scalars of the text in order, keys included. What is in none of them holds only
    indicators, anchors, tags, aliases and directives, where a ``#`` at the start of a line or after white
    space starts a comment.
    """
    comments: list[Comment] = []
    index = 0
    count = len(scalars)
    at = text.find("#")
    while at >= 0:
        while index < count and scalars[index].end <= at:
            index += 1
        position = at + 1
        if index < count and scalars[index].start <= at and not _in_head(text, scalars[index], at):
            position = scalars[index].end
        elif at == 0 or text[at - 1] in " \t\r\n":
            match = _BREAK.search(text, at)
            position = match.start() if match else len(text)
            comments.append(Comment(Span(at, position), text[at:position], _is_alone(text, at)))
        at = text.find("#", position)
    return comments


def _in_head(text: str, scalar: Scalar, offset: int) -> bool:
    """Whether ``offset`` is on the first line of a block scalar, where a comment may stand."""
    return scalar.style in (LITERAL, FOLDED) and _BREAK.search(text, scalar.start, offset) is None


def _is_alone(text: str, offset: int) -> bool:
    """Whether only white space is before ``offset`` on its line."""
    while offset and text[offset - 1] in " \t":
        offset -= 1
    return offset == 0 or text[offset - 1] in "\r\n"
