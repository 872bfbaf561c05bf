"""Where one writes: what stands before the cursor, and what place in the file that is.

A file in which somebody writes is rarely complete. So the word at the cursor is replaced by a mark that makes it whole,
and the place of the mark in the tree of that text is the place of the cursor.
"""

from __future__ import annotations

from enum import Enum
from functools import cached_property

from devbox_lint.credentials.masking import Mask, mask_of_document
from devbox_lint.customization.catalog import Catalog
from devbox_lint.customization.model import Customization, Task
from devbox_lint.diagnostics import MARKER, Span
from devbox_lint.references.expressions import Reference
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.nodes import Entry, Mapping, Node, Scalar, Sequence
from devbox_lint.yaml.parse import parse


class Spot(NamedTuple):
    """What stands at a place: the innermost key or value, and all that it is in.

    ``path`` leads from the root to it: keys, and indexes from 0; a key's own name is its last part. ``entry`` is the
    innermost entry, ``scalar`` the key or value itself, ``task`` the task's entry around it. ``is_parameter`` says
    that the entry is one of that task's parameters.
    """

    path: tuple[str | int, ...] = ()
    ancestors: tuple[Node, ...] = ()
    entry: Entry | None = None
    scalar: Scalar | None = None
    on_key: bool = False
    task: Task | None = None
    is_parameter: bool = False


class View:
    """One state of one document that is a customization file."""

    def __init__(self, customization: Customization, catalog: Catalog) -> None:
        self.customization = customization
        self.catalog = catalog

    @property
    def source(self) -> SourceFile:
        """The text."""
        return self.customization.document.source

    @cached_property
    def mask(self) -> Mask:
        """What must not be shown of it."""
        return mask_of_document(self.customization.document)

    def at(self, offset: int) -> Spot:
        """What stands at an offset of the text; the end of a word still belongs to it."""
        spot = _walk(self.customization.root, offset)
        for task in (*self.customization.tasks, *self.customization.examples):
            if any(node is task.node for node in spot.ancestors):
                is_parameter = bool(spot.ancestors) and spot.ancestors[-1] is task.parameters
                return spot._replace(task=task, is_parameter=is_parameter)
        return spot

    def reference_at(self, offset: int) -> Reference | None:
        """The ``{{...}}`` at an offset."""
        for reference in self.customization.references:
            span = reference.span
            if span.start <= offset <= span.end:
                return reference
        return None


def _walk(root: Node | None, offset: int) -> Spot:
    spot = Spot()
    node = root
    while True:
        match node:
            case Scalar():
                return spot._replace(scalar=node)
            case Mapping():
                step = _entry_at(node, offset)
                if step is None:
                    return spot._replace(ancestors=(*spot.ancestors, node))
                name = step.name or ""
                on_key = _holds(step.key, offset)
                spot = Spot((*spot.path, name), (*spot.ancestors, node), step, on_key=on_key)
                node = step.key if on_key else step.value
            case Sequence():
                found = next((index for index, item in enumerate(node.items) if _holds(item, offset)), None)
                ancestors = (*spot.ancestors, node)
                if found is None:
                    return spot._replace(ancestors=ancestors)
                spot = Spot((*spot.path, found), ancestors, spot.entry)
                node = node.items[found]
            case _:
                return spot


def _entry_at(mapping: Mapping, offset: int) -> Entry | None:
    for entry in mapping.entries:
        if _holds(entry.key, offset) or _holds(entry.value, offset):
            return entry
    return None


def _holds(node: Node, offset: int) -> bool:
    return node.start <= offset <= node.end


MARK = "devboxlintcursor"

# The beginning of a line, or of an item in braces, up to the cursor.
_KEY = lazy(r"(?P<head>[ \t]*+(?:-[ \t]+)*+)(?P<quote>[\"']?)(?P<word>[\w$.~/-]*+)")
_VALUE = lazy(r"[ \t]*+(?:-[ \t]+)*+[\"']?[\w$.-]++[\"']?[ \t]*+:[ \t]+(?P<quote>[\"']?)(?P<word>.*+)")
_SUPPRESSION = lazy(rf"#[ \t]*+{MARKER}:[ \t]*+ignore(?:-file)?[ \t]*+\[(?P<names>[^\]]*+)")
# A line with a key and a plain value, or none.
_WHOLE_LINE = lazy(r"[ ]*+(?:-[ ]+)*+[\w$.-]++:(?:[ ]+(?![\[{&*!|>'\"%@`#])[^#]*?(?<!:))?[ ]*\r?")
_BEGUN_KEY = lazy(r"(?P<indent>[ ]*+)(?P<word>(?!-)[\w$.~/-]*+)")
_DASH = lazy(r"[ ]*+-[ ]++(?=[\w\"'])")
#: No more lines above the cursor are looked at for the entry that it is in.
_MOST_ABOVE = 200
# What follows the cursor: the rest of a key, the end of an item in braces.
_REST_OF_KEY = lazy(r"[\w$.~/-]*+[\"']?")
_END_OF_ITEM = lazy(r"[,}\]].*")


class Writing(Enum):
    """What is written at the cursor."""

    KEY = "key"
    VALUE = "value"
    #: After ``{{``.
    REFERENCE = "reference"
    #: In the brackets of a comment that suppresses rules.
    RULE = "rule"
    #: A comment that may become one that suppresses rules.
    COMMENT = "comment"


class Cursor(NamedTuple):
    """The cursor: ``word`` is what is written so far, ``span`` what is to be replaced.

    ``spot`` is the place in the file; for a key its last ancestor is the mapping that it will be in, and the last part
    of its path is :data:`MARK`. ``is_quoted`` says that the value has an opening quote, ``has_colon`` that a colon
    follows the key, ``taken`` the names that stand in the same brackets, ``closing`` what must still be written after,
    ``at_dash`` that a dash stands before it on its line.
    """

    writing: Writing
    word: str
    span: Span
    spot: Spot = Spot()
    is_quoted: bool = False
    has_colon: bool = False
    taken: tuple[str, ...] = ()
    closing: str = ""
    at_dash: bool = False


def cursor_at(view: View, offset: int) -> Cursor | None:
    """What is written at an offset, None where nothing of ours is."""
    source = view.source
    line = source.position(offset).line
    before = source.text[source.line_starts[line] : offset]
    after = source.text[offset : source.line_end(line)]
    segment = _segment(before)
    value = _VALUE.fullmatch(segment)
    braces = before.rfind("{{")
    if braces >= 0 and "}" not in before[braces:]:
        return _reference(
            view,
            offset,
            before[braces + 2 :],
            after,
            value is not None and not value["quote"] and value["word"].rfind("{{") == 0,
        )
    if "#" in before:
        comment = _comment(view, offset, before)
        if comment is not None:
            return comment
    is_flow = segment != before
    if value is not None:
        return _value(view, Span(offset - len(value["word"]), offset), value["word"], value["quote"], after, is_flow)
    key = _KEY.fullmatch(segment)
    if key is not None:
        return _key(view, Span(offset - len(key["word"]), offset), key["word"], key["quote"], after, is_flow)
    return None


def _segment(before: str) -> str:
    """The part of a line in which the cursor is: all of it, or what follows the last opened brace or comma."""
    depth = max(before.rfind("{"), before.rfind("["))
    if depth < 0 or before.count("{") + before.count("[") <= before.count("}") + before.count("]"):
        return before
    if before[depth - 1 : depth] == "{" or before.count("'") % 2 or before.count('"') % 2:
        return before
    return before[max(depth, before.rfind(",")) + 1 :]


def _reference(view: View, offset: int, written: str, after: str, is_bare: bool) -> Cursor:
    """After ``{{``; a value that starts with it must be quoted."""
    word = written.lstrip()
    closing = "" if "}}" in after else "}}"
    start = offset - len(word)
    if is_bare:
        # Both braces and a quote are written anew, and what the editor has closed by itself goes.
        end = offset + len(after) - len(after.lstrip("}"))
        first = offset - len(written) - 2
        return Cursor(Writing.REFERENCE, "{{" + word, Span(first, end), view.at(offset), False, closing="}}'")
    return Cursor(Writing.REFERENCE, word, Span(start, offset), view.at(offset), True, closing=closing)


def _comment(view: View, offset: int, before: str) -> Cursor | None:
    start = before.rfind("#")
    suppression = _SUPPRESSION.fullmatch(before, start)
    if suppression is not None:
        *taken, last = suppression["names"].split(",")
        word = last.lstrip()
        return Cursor(Writing.RULE, word, Span(offset - len(word), offset), taken=tuple(name.strip() for name in taken))
    word = before[start + 1 :].lstrip()
    if not word or before[start - 1 : start].strip() or view.at(offset).scalar is not None:
        return None
    return Cursor(Writing.COMMENT, word, Span(offset - len(word), offset))


def _value(view: View, span: Span, word: str, quote: str, after: str, is_flow: bool) -> Cursor | None:
    if word[:1] in ("|", ">", "&", "*", "!"):
        return None
    spot = _marked(view, span, f"{MARK}{quote}{_after(after, is_flow)}", after, is_key=False)
    if spot is None:
        return None
    return Cursor(Writing.VALUE, word, span, spot, bool(quote))


def _key(view: View, span: Span, word: str, quote: str, after: str, is_flow: bool, shift: str = "") -> Cursor | None:
    """A key that is begun; ``shift`` is by how much more its line would be indented."""
    match = _REST_OF_KEY.match(after)
    rest = after[match.end() :] if match else after
    has_colon = rest.lstrip(" \t").startswith(":")
    tail = rest if has_colon else f": {_after(after, is_flow)}"
    spot = _marked(view, span, f"{MARK}{quote}{tail}", after, is_key=True, shift=shift)
    if spot is None:
        return None
    line_start = view.source.line_starts[view.source.position(span.start).line]
    at_dash = view.source.text[line_start : span.start].strip().endswith("-")
    end = span.end + len(after) - len(rest) if has_colon else span.end
    return Cursor(Writing.KEY, word, Span(span.start, end), spot, bool(quote), has_colon, at_dash=at_dash)


def _after(after: str, is_flow: bool) -> str:
    """What of the text after the cursor does not belong to its word."""
    match = _END_OF_ITEM.search(after) if is_flow else None
    return match.group() if match else ""


def _marked(view: View, span: Span, mark: str, after: str, is_key: bool, shift: str = "") -> Spot | None:
    """The place of the mark in the text that has it in place of ``span`` and the rest of the line, if it is one.

    ``shift`` is put before that line.
    """
    text = view.source.text
    start = view.source.line_starts[view.source.position(span.start).line]
    before = f"{text[:start]}{shift}{text[start : span.start]}"
    spot = _spot_of_mark(view, f"{before}{mark}{text[span.end + len(after) :]}", is_key)
    if spot is None:
        # Something above is half-written. What the cursor is in can be told from the columns alone.
        spot = _spot_of_mark(view, _skeleton(before, mark), is_key)
    return spot


def _spot_of_mark(view: View, text: str, is_key: bool) -> Spot | None:
    document = parse(SourceFile(view.source.path, text))
    spot = View(Customization(document, view.customization.kind), view.catalog).at(text.index(MARK) + 1)
    if is_key:
        return spot if spot.on_key and spot.path[-1:] == (MARK,) else None
    is_value = spot.scalar is not None and spot.scalar.value.strip() == MARK and not spot.on_key
    return spot if is_value else None


def _skeleton(before: str, mark: str) -> str:
    """The line of the mark below the lines that it is in, and what is whole beside these."""
    *above, line = before.split("\n")
    kept = [line + mark]
    level = len(line) - len(line.lstrip(" "))
    for written in reversed(above):
        indent = len(written) - len(written.lstrip(" "))
        if not written.strip() or indent > level:
            continue
        if indent < level or _WHOLE_LINE.fullmatch(written):
            kept.append(written)
            level = indent
    return "\n".join(reversed(kept))


def in_item(view: View, offset: int) -> tuple[Cursor, str] | None:
    """Where a key is begun below the dash of an entry above: the cursor in that entry, and the blanks that lead there.

    The span of the cursor is that of the word where it stands.
    """
    source = view.source
    number = source.position(offset).line
    before = source.text[source.line_starts[number] : offset]
    begun = _BEGUN_KEY.fullmatch(before)
    if begun is None:
        return None
    column = len(begun["indent"])
    for above in range(number - 1, max(number - _MOST_ABOVE, -1), -1):
        written = source.line_text(above)
        indent = len(written) - len(written.lstrip(" "))
        if written.strip() and indent <= column:
            dash = _DASH.match(written) if indent == column else None
            break
    else:
        return None
    if dash is None:
        return None
    shift = " " * (len(dash.group()) - column)
    word = begun["word"]
    after = source.text[offset : source.line_end(number)]
    cursor = _key(view, Span(offset - len(word), offset), word, "", after, False, shift)
    return None if cursor is None else (cursor, shift)
