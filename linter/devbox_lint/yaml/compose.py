"""Events to nodes, without recursion, within limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from devbox_lint.startup import lazy
from devbox_lint.yaml.document import UNREADABLE
from devbox_lint.yaml.nodes import Alias, Entry, Mapping, Node, Scalar, ScalarMapper, Sequence

#: Deeper nesting than this is refused; real files stay below ten.
MAXIMUM_DEPTH = 100
#: More aliases than this are refused; real files have none.
MAXIMUM_ALIASES = 1000

# Anchor and tag before a node's own characters; comments and line breaks may stand between.
_PROPERTIES = lazy(r"(?:!<[^>\s]*+>|[&!][^\s,\[\]{}]*+|#[^\r\n]*+|\s++)*+")
# The way from a key to its colon; only a key after `?` has more than blanks there.
_COLON = lazy(r"(?:[ \t\r\n]|#[^\r\n]*+)*+:")
# A comment at the end of a line.
_LINE_COMMENT = lazy(r"(?:^|(?<=[ \t\r\n]))#")


class LimitExceededError(Exception):
    """The document is deeper, or has more aliases, than anyone writes by hand."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message


class Composed:
    """The tree of the first document, and the offsets at which further ones start."""

    __slots__ = ("further", "mappings", "root", "scalars", "undefined")

    def __init__(self) -> None:
        self.root: Node | None = None
        self.further: list[int] = []
        self.undefined: list[Alias] = []
        #: All scalars and mappings of the tree, in the order in which they start.
        self.scalars: list[Scalar] = []
        self.mappings: list[Mapping] = []


def compose(
    events: list[Any],
    text: str,
    mapper: ScalarMapper | Callable[[int, int], ScalarMapper],
    to_source: Callable[..., int] | None = None,
) -> Composed:
    """Build the tree of ``events``, which were read from ``text``.

    Without ``to_source`` offsets stay as they are and ``mapper`` serves every scalar; with it, offsets are
    translated and ``mapper(start, end)`` gives each scalar its own mapper. A list of events that ends early
    gives the tree as far as it went. Raises :class:`LimitExceededError`.
    """
    composed = Composed()
    add_scalar = composed.scalars.append
    # What is open: the innermost collection, its key that has no value yet, and the column of what it holds; around
    # it, the same of the collections that it is in.
    parent: Mapping | Sequence | None = None
    key: Node | None = None
    column = -1
    stack: list[tuple[Mapping | Sequence | None, Node | None, int]] = []
    anchors: dict[str, Node] = {}
    aliases = 0
    documents = 0
    # Where the last scalar or alias ended in the parsed text.
    last_end = 0
    # Where the collection that was opened last starts in the parsed text.
    own_start = 0
    for event in events:
        kind = type(event)
        if kind is ScalarEvent:
            start = event.start_mark.index
            end = event.end_mark.index
            anchor = event.anchor
            tag = event.ctag
            style = event.style
            if anchor is not None or tag is not None:
                tag = event.tag
                start = skip_properties(text, start, end)
            if style:
                if style in "|>":
                    end = _trim(text, start, end)
            elif start == end:
                # The parsers differ: some put an empty value before the next token.
                start = _empty(text, start, last_end if key is not None else None)
                if key is None and type(parent) is Mapping and not parent.entries:
                    # A key that is nothing, and the first, stands where its mapping does.
                    start = max(start, own_start)
                end = start
            last_end = end
            if to_source is None:
                node: Node = Scalar(start, end, event.value, style or "", mapper, anchor, tag, column)  # type: ignore[arg-type]
            else:
                moved = to_source(start)
                node = Scalar(
                    moved, max(moved, to_source(end, end > start)), event.value, style or "",
                    mapper(start, end), anchor, tag, column,  # type: ignore[call-arg, arg-type]
                )  # fmt: skip
            if anchor is not None:
                anchors[anchor] = node
            if documents <= 1:
                add_scalar(node)  # type: ignore[arg-type]
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            start = event.start_mark.index
            if len(stack) >= MAXIMUM_DEPTH:
                raise LimitExceededError(start, f"is nested more than {MAXIMUM_DEPTH} levels deep")
            anchor = event.anchor
            tag = event.tag
            if anchor is not None or tag is not None:
                start = skip_properties(text, start, len(text))
            own_start = start
            if to_source is not None:
                start = to_source(start)
            stack.append((parent, key, column))
            column = event.start_mark.column
            if anchor is not None or tag is not None:
                # The mark is that of the anchor or tag; the first key or item stands elsewhere.
                line = max(text.rfind("\n", 0, own_start), text.rfind("\r", 0, own_start)) + 1
                column = own_start - line
            flow = bool(event.flow_style)
            key = None
            if kind is MappingStartEvent:
                parent = Mapping(start, start, flow, anchor, tag)
                if documents <= 1:
                    composed.mappings.append(parent)
            else:
                parent = Sequence(start, start, flow, anchor, tag)
            parent.column = column
            if anchor is not None:
                anchors[anchor] = parent
            continue
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            node = parent  # type: ignore[assignment]
            parent, key, column = stack.pop()
            _close(node, event.end_mark.index, to_source)
        elif kind is AliasEvent:
            aliases += 1
            start = event.start_mark.index
            if aliases > MAXIMUM_ALIASES:
                raise LimitExceededError(start, f"has more than {MAXIMUM_ALIASES} aliases")
            end = last_end = event.end_mark.index
            if to_source is not None:
                start, end = to_source(start), to_source(end, True)
            node = Alias(start, end, event.anchor, anchors.get(event.anchor))
            if node.target is None and node.name != UNREADABLE:
                composed.undefined.append(node)
        else:
            if kind is DocumentStartEvent:
                documents += 1
                if documents > 1:
                    start = event.start_mark.index
                    composed.further.append(start if to_source is None else to_source(start))
                anchors = {}
            continue
        if type(parent) is Mapping:
            if key is None:
                key = node
            else:
                parent.entries.append(Entry(key, node))
                key = None
        elif parent is not None:
            parent.items.append(node)  # type: ignore[union-attr]
        elif documents <= 1:
            composed.root = node
    _finish(parent, key, stack, composed)
    return composed


def skip_properties(text: str, start: int, end: int) -> int:
    """The offset of a node's own first character after its anchor and tag."""
    match = _PROPERTIES.match(text, start, end)
    return match.end() if match else start


def _close(node: Node, event_end: int, to_source: Callable[..., int] | None) -> None:
    """End a collection where its last child ends: a block collection's end mark is the next token's start."""
    if isinstance(node, Mapping):
        if node.flow:
            node.end = event_end if to_source is None else to_source(event_end, True)
        elif node.entries:
            last = node.entries[-1]
            node.end = max(last.value.end, last.key.end)
            # An anchor or tag moved the start away; the first key is where a block mapping starts.
            node.start = node.entries[0].key.start
    elif isinstance(node, Sequence):
        if node.flow:
            node.end = event_end if to_source is None else to_source(event_end, True)
        elif node.items:
            node.end = max(node.items[-1].end, node.start)


def _finish(
    node: Mapping | Sequence | None,
    key: Node | None,
    stack: list[tuple[Mapping | Sequence | None, Node | None, int]],
    composed: Composed,
) -> None:
    """Close what an early end of the events left open: ``node``, and what it is in."""
    while node is not None:
        _close(node, node.end, None)
        parent, key, _ = stack.pop()
        if parent is None:
            composed.root = composed.root or node
        elif isinstance(parent, Sequence):
            parent.items.append(node)
        elif key is not None:
            parent.entries.append(Entry(key, node))
        node = parent


def _empty(text: str, offset: int, key_end: int | None) -> int:
    """Where an empty value belongs: right after the colon of its key, or after the dash before it."""
    if key_end is not None:
        colon = _COLON.match(text, key_end)
        if colon:
            return colon.end()
    while True:
        while offset and text[offset - 1] in " \t\r\n":
            offset -= 1
        if not offset or text[offset - 1] in ":-?":
            return offset
        line = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
        comments = [match.start() for match in _LINE_COMMENT.finditer(text, line, offset)]
        for comment in comments:
            if text[line:comment].rstrip()[-1:] in ("", ":", "-", "?"):
                offset = comment
                break
        else:
            return offset


def _trim(text: str, start: int, end: int) -> int:
    """The end of a block scalar's last line that has content, with its trailing blanks, or of its head."""
    offset = start + len(text[start:end].rstrip(" \t\r\n"))
    while offset < end and text[offset] not in "\r\n":
        offset += 1
    return offset
