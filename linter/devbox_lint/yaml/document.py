"""A parsed file: its tree, its comments, and what was wrong with it as YAML."""

from __future__ import annotations

from enum import Enum

from devbox_lint.diagnostics import Edit, Related, Span
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.nodes import FOLDED, LITERAL, Mapping, Node, Scalar

_BREAK = lazy(r"[\r\n]")
_LINE = lazy(r"[^\r\n]++")


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


def _comments_of_script(text: str) -> list[Comment]:
    """The comments of a script; one of several lines is taken for as many comments."""
    # Imported here: most files are YAML.
    from devbox_lint.powershell import RegionKind, find_regions

    return [
        Comment(Span(line.start(), line.end()), line.group(), _is_alone(text, line.start()))
        for region in find_regions(text)
        if region.kind is RegionKind.COMMENT
        for line in _LINE.finditer(text, region.start, region.end)
    ]


#: The name of the undefined alias that stands for a value that could not be read and was set aside.
UNREADABLE = "devbox-lint-unreadable"


class ProblemKind(Enum):
    """What a problem is about; each is reported by the rule of that subject."""

    SYNTAX = "syntax"
    INDENTATION = "indentation"
    TAB = "tab"
    BLOCK = "unindented block"
    SHAPE = "shape of a value"
    PASTED = "pasted text"
    REFERENCE = "unquoted reference"
    ESCAPE = "escape"
    DOCUMENTS = "more than one document"
    LIMIT = "limit"


class Problem(NamedTuple):
    """Something that YAML cannot parse as written, with the repair.

    ``edits`` make the repair in the source; ``certain`` says that no other repair is as likely.
    """

    kind: ProblemKind
    span: Span
    message: str
    help: str | None = None
    repair: str | None = None
    edits: tuple[Edit, ...] = ()
    certain: bool = False
    related: tuple[Related, ...] = ()


class Comment(NamedTuple):
    """A comment from its ``#`` to the end of its line; ``alone`` when nothing else is on the line."""

    span: Span
    text: str
    alone: bool


class Document:
    """What parsing gives, also for a broken file: the tree of all that could be read.

    ``scalars`` (keys included) and ``mappings`` are all of the tree, in the order in which they start.
    ``end`` is where a second document starts, which is not looked into.
    """

    __slots__ = ("_comments", "_end", "is_script", "mappings", "problems", "root", "scalars", "source")

    def __init__(
        self,
        source: SourceFile,
        root: Node | None,
        problems: tuple[Problem, ...],
        scalars: list[Scalar] | None = None,
        mappings: list[Mapping] | None = None,
        end: int | None = None,
        is_script: bool = False,
    ) -> None:
        self.source = source
        #: Whether the file is PowerShell and no YAML: its root is one scalar with all of the text.
        self.is_script = is_script
        self.root = root
        self.problems = problems
        self.scalars: list[Scalar] = scalars or []
        self.mappings: list[Mapping] = mappings or []
        self._end = end
        self._comments: list[Comment] | None = None

    @property
    def comments(self) -> list[Comment]:
        """All comments in the order of the file; a ``#`` inside a scalar is content and no comment."""
        if self._comments is None:
            if self.is_script:
                self._comments = _comments_of_script(self.source.text)
            else:
                self._comments = find_comments(self.source.text[: self._end], self.scalars)
        return self._comments
