"""A parsed file: its tree, its comments, and what was wrong with it as YAML."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from devbox_lint.diagnostics import Edit, Related, Span
from devbox_lint.source import SourceFile
from devbox_lint.yaml.nodes import Mapping, Node, Scalar, walk

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

    ``end`` is where a second document starts, which is not looked into.
    """

    __slots__ = ("_comments", "_end", "_mappings", "_scalars", "problems", "root", "source")

    def __init__(
        self, source: SourceFile, root: Node | None, problems: tuple[Problem, ...], end: int | None = None
    ) -> None:
        self.source = source
        self._end = end
        self.root = root
        self.problems = problems
        self._scalars: list[Scalar] | None = None
        self._mappings: list[Mapping] | None = None
        self._comments: list[Comment] | None = None

    @property
    def scalars(self) -> list[Scalar]:
        """All scalars, keys included, in the order of the file."""
        if self._scalars is None:
            self._collect()
        return self._scalars or []

    @property
    def mappings(self) -> list[Mapping]:
        """All mappings, in the order in which they start."""
        if self._mappings is None:
            self._collect()
        return self._mappings or []

    def _collect(self) -> None:
        self._scalars = []
        self._mappings = []
        for node in walk(self.root):
            if isinstance(node, Scalar):
                self._scalars.append(node)
            elif isinstance(node, Mapping):
                self._mappings.append(node)

    @property
    def comments(self) -> list[Comment]:
        """All comments in the order of the file; a ``#`` inside a scalar is content and no comment."""
        if self._comments is None:
            from devbox_lint.yaml.comments import find_comments

            self._comments = find_comments(self.source.text[: self._end], self.scalars)
        return self._comments
