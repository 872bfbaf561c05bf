"""The nodes of a YAML document, each with its exact span in the source.

``start`` and ``end`` are code-point offsets of the source's text, half open. They hold the node's own
characters: quotes and block-scalar heads are inside, anchors, tags, comments and trailing blank lines are
not. An empty value is a plain scalar whose start is its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence as AbstractSequence
from typing import Protocol

from devbox_lint.diagnostics import Span
from devbox_lint.startup import lazy

PLAIN, SINGLE, DOUBLE, LITERAL, FOLDED = "", "'", '"', "|", ">"

# The core schema of YAML 1.2 (section 10.3.2).
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = lazy(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = lazy(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


class OffsetMap(Protocol):
    """Where the characters of a scalar's value stand in the source."""

    def span(self, start: int, end: int) -> Span:
        """The source span of ``value[start:end]``; an empty slice gives an empty span."""


class ScalarMapper(Protocol):
    """Builds the map of a scalar; nodes carry one so that they need not know the parser."""

    def __call__(self, scalar: Scalar) -> OffsetMap: ...


class Node:
    """What all nodes share; ``anchor`` and ``tag`` are as written, without ``&``, None where there is none."""

    __slots__ = ("anchor", "end", "start", "tag")

    kind = "node"

    def __init__(self, start: int, end: int, anchor: str | None = None, tag: str | None = None) -> None:
        self.start = start
        self.end = end
        self.anchor = anchor
        self.tag = tag

    @property
    def span(self) -> Span:
        """The node's characters in the source."""
        return Span(self.start, self.end)


class Scalar(Node):
    """A single value; ``value`` is its text after escapes, folding and indentation are resolved."""

    __slots__ = ("_map", "_mapper", "indent", "style", "value")

    kind = "scalar"

    def __init__(
        self,
        start: int,
        end: int,
        value: str,
        style: str,
        mapper: ScalarMapper,
        anchor: str | None = None,
        tag: str | None = None,
        indent: int = -1,
    ) -> None:
        # Set here and not by the base class: there are more scalars than anything else.
        self.start = start
        self.end = end
        self.anchor = anchor
        self.tag = tag
        self.value = value
        self.style = style
        #: The column of the mapping or sequence that holds the scalar, -1 at the root.
        self.indent = indent
        self._mapper = mapper
        self._map: OffsetMap | None = None

    @property
    def map(self) -> OffsetMap:
        """The way from offsets of ``value`` to the source."""
        if self._map is None:
            self._map = self._mapper(self)
        return self._map

    def span_of(self, start: int, end: int) -> Span:
        """The source span of ``value[start:end]``."""
        return self.map.span(start, end)

    @property
    def is_null(self) -> bool:
        """Whether there is no value: nothing, ``~`` or ``null``, unquoted."""
        return self.style == PLAIN and self.tag is None and self.value in _NULL

    @property
    def data(self) -> str | int | float | bool | None:
        """The value as YAML's core schema reads it; a quoted or block scalar is always a string."""
        value = self.value
        if self.style != PLAIN or self.tag is not None:
            return value
        if value in _NULL:
            return None
        if value in _BOOL:
            return _BOOL[value]
        if value[0] in "+-.0123456789" and len(value) < 300:
            if _INT.fullmatch(value):
                return int(value, 0) if value[:2] in ("0x", "0o") else int(value)
            if _FLOAT.fullmatch(value):
                return float(
                    value.replace(".inf", "inf")
                    .replace(".Inf", "inf")
                    .replace(".INF", "inf")
                    .replace(".nan", "nan")
                    .replace(".NaN", "nan")
                    .replace(".NAN", "nan")
                )
        return value

    def __repr__(self) -> str:
        return f"Scalar({self.start}:{self.end} {self.value!r})"


class Entry:
    """A key of a mapping with its value; ``name`` is the key's text, None where the key is no scalar."""

    __slots__ = ("key", "name", "value")

    def __init__(self, key: Node, value: Node) -> None:
        self.key = key
        self.value = value
        self.name: str | None = key.value if type(key) is Scalar else None

    @property
    def span(self) -> Span:
        """From the key's start to the value's end."""
        return Span(self.key.start, max(self.key.end, self.value.end))


class Mapping(Node):
    """Keys and values in the order of the file, duplicates included.

    ``column`` is where the keys of a block mapping stand, in code points from 0.
    """

    __slots__ = ("column", "entries", "flow")

    kind = "mapping"

    def __init__(self, start: int, end: int, flow: bool, anchor: str | None = None, tag: str | None = None) -> None:
        super().__init__(start, end, anchor, tag)
        self.entries: list[Entry] = []
        self.flow = flow
        self.column = 0

    def entry(self, name: str) -> Entry | None:
        """The first entry whose key is ``name``."""
        for entry in self.entries:
            if entry.name == name:
                return entry
        return None

    def get(self, name: str) -> Node | None:
        """The value of the first entry whose key is ``name``, an alias resolved to its anchor."""
        entry = self.entry(name)
        return None if entry is None else resolve(entry.value)

    def scalar(self, name: str) -> Scalar | None:
        """The value of ``name`` where it is a scalar that is not null."""
        # Not by way of `get`: rules ask this more often than anything else.
        for entry in self.entries:
            if entry.name == name:
                node = resolve(entry.value)
                return node if isinstance(node, Scalar) and not node.is_null else None
        return None

    def mapping(self, name: str) -> Mapping | None:
        """The value of ``name`` where it is a mapping."""
        node = self.get(name)
        return node if isinstance(node, Mapping) else None

    def sequence(self, name: str) -> Sequence | None:
        """The value of ``name`` where it is a sequence."""
        node = self.get(name)
        return node if isinstance(node, Sequence) else None

    @property
    def names(self) -> list[str]:
        """The scalar keys, in the order of the file."""
        return [entry.name for entry in self.entries if entry.name is not None]


class Sequence(Node):
    """Items in the order of the file; ``column`` is where the dashes of a block sequence stand, from 0."""

    __slots__ = ("column", "flow", "items")

    kind = "sequence"

    def __init__(self, start: int, end: int, flow: bool, anchor: str | None = None, tag: str | None = None) -> None:
        super().__init__(start, end, anchor, tag)
        self.items: list[Node] = []
        self.flow = flow
        self.column = 0


class Alias(Node):
    """``*name``: another use of an anchored node; ``target`` is None where the anchor is not defined before."""

    __slots__ = ("name", "target")

    kind = "alias"

    def __init__(self, start: int, end: int, name: str, target: Node | None) -> None:
        super().__init__(start, end)
        self.name = name
        self.target = target


def resolve(node: Node) -> Node:
    """The node itself, or what an alias stands for; an undefined alias stays itself."""
    if isinstance(node, Alias) and node.target is not None:
        return node.target
    return node


def walk(root: Node | None) -> Iterator[Node]:
    """All nodes below and with ``root``, keys before their values, aliases not followed."""
    stack: list[Node] = [] if root is None else [root]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, Mapping):
            for entry in reversed(node.entries):
                stack.append(entry.value)
                stack.append(entry.key)
        elif isinstance(node, Sequence):
            stack.extend(reversed(node.items))


def items_of(node: Node | None) -> AbstractSequence[Node]:
    """The items of a sequence, aliases resolved; nothing for any other node."""
    return [resolve(item) for item in node.items] if isinstance(node, Sequence) else ()


#: What people write between a key and its value; no key has one of them, unless its colon was swallowed.
COLONS = frozenset(":=;")


def is_marked(node: Node) -> bool:
    """Whether a value is read as an anchor or a tag, where hardly anybody writes one: `command: &Get-Date`."""
    if not isinstance(node, Scalar):
        return False
    is_tag = node.tag is not None and not node.tag.startswith("tag:")
    return is_tag or (node.anchor is not None and node.start == node.end)


#: The keys of lists of tasks at the top of a file.
TASK_LISTS = frozenset(("tasks", "userTasks", "setupTasks"))


def task_lists(root: Mapping) -> Iterator[Entry]:
    """The keys of a file that hold a list of tasks, those of a task definition's examples included."""
    for entry in root.entries:
        if entry.name in TASK_LISTS:
            yield entry
        elif entry.name == "documentation" and isinstance(entry.value, Mapping):
            yield from (inner for inner in entry.value.entries if inner.name == "examples")
