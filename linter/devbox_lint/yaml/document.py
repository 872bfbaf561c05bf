"""A parsed file: its tree, its comments, and what was wrong with it as YAML."""

from __future__ import annotations

from enum import Enum

from devbox_lint.diagnostics import Edit, Related, Span
from devbox_lint.records import NamedTuple
from devbox_lint.source import SourceFile
from devbox_lint.yaml.nodes import Mapping, Node, Scalar

#: The name of the undefined alias that stands for a value that could not be read and was set aside.
UNREADABLE = "devbox-lint-unreadable"


class ProblemKind(Enum):
    """What a problem is about; each is reported by the rule of that subject."""

    SYNTAX = "syntax"
    INDENTATION = "indentation"
    TAB = "tab"
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

    __slots__ = ("_comments", "_end", "mappings", "problems", "root", "scalars", "source")

    def __init__(
        self,
        source: SourceFile,
        root: Node | None,
        problems: tuple[Problem, ...],
        scalars: list[Scalar] | None = None,
        mappings: list[Mapping] | None = None,
        end: int | None = None,
    ) -> None:
        self.source = source
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
            from devbox_lint.yaml.comments import find_comments

            self._comments = find_comments(self.source.text[: self._end], self.scalars)
        return self._comments
