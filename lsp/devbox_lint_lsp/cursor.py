"""Where one writes: what stands before the cursor, and what place in the file that is.

A file in which somebody writes is rarely complete. So the word at the cursor is replaced by a mark that makes it whole,
and the place of the mark in the tree of that text is the place of the cursor.
"""

from __future__ import annotations

from enum import Enum
from re import Pattern

from devbox_lint.customization.model import Customization
from devbox_lint.diagnostics import MARKER, Span
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.nodes import Mapping
from devbox_lint.yaml.parse import parse
from devbox_lint_lsp.columns import goes_on_below, is_level, is_open, lines_from
from devbox_lint_lsp.document_view import Spot, View

MARK = "devboxlintcursor"

# The beginning of a line, or of an item in braces, up to the cursor.
_KEY = lazy(r"(?P<head>[ \t]*+(?:-[ \t]+)*+)(?P<quote>[\"']?)(?P<word>[\w$.~/-]*+)")
_VALUE = lazy(r"[ \t]*+(?:-[ \t]+)*+[\"']?[\w$.-]++[\"']?[ \t]*+:[ \t]+(?P<quote>[\"']?)(?P<word>.*+)")
_SUPPRESSION = lazy(rf"#[ \t]*+{MARKER}:[ \t]*+ignore(?:-file)?[ \t]*+\[(?P<names>[^\]]*+)")
# A line with a key and a plain value, or none.
_WHOLE_LINE = lazy(r"[ ]*+(?:-[ ]+)*+[\w$.-]++:(?:[ ]+(?![\[{&*!|>'\"%@`#])[^#]*?(?<!:))?[ ]*\r?")
_BEGUN_KEY = lazy(r"(?P<indent>[ ]*+)(?P<word>(?!-)[\w$.~/-]*+)")
# What follows the cursor: the rest of a key, of a value without quotes, of a name; the end of an item; nothing.
_REST_OF_KEY = lazy(r"[\w$.~/-]*+")
_REST_OF_VALUE = lazy(r"(?:[^\s#]|(?<![\s])#|[ \t]++(?![\s#]|$))*+")
_REST_OF_FLOW_VALUE = lazy(r"(?:[^\s#,\]}]|[ \t]++(?![\s#,\]}]|$))*+")
_REST_OF_NAME = lazy(r"[\w.~:/-]*+")
_END_OF_ITEM = lazy(r"[,}\]].*")
_NOTHING = lazy(r"[ \t]*+\r?|[ \t]++#.*")
_COLON = lazy(r"[ \t]*+:(?=[ \t\r]|$)")


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
    of its path is :data:`MARK`. ``rest`` is what of the word follows the cursor, and is replaced too. ``quote`` is the
    opening quote of a key or value, ``has_colon`` says that a colon follows the key, ``taken`` are the names that stand
    in the same brackets, ``closing`` is what must still be written after, ``at_dash`` says that a dash stands before it
    on its line. ``is_last`` says that no line below belongs to the same entry.
    """

    writing: Writing
    word: str
    span: Span
    spot: Spot = Spot()
    rest: str = ""
    quote: str = ""
    has_colon: bool = False
    taken: tuple[str, ...] = ()
    closing: str = ""
    at_dash: bool = False
    is_last: bool = True

    @property
    def whole(self) -> str:
        """The word with what of it follows the cursor."""
        return self.word + self.rest


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
        quote = value["quote"] if value is not None else None
        is_bare = value is not None and not quote and value["word"].rfind("{{") == 0
        return _reference(view, offset, before[braces + 2 :], after, quote or "", is_bare)
    if "#" in before:
        comment = _comment(view, offset, before, after)
        if comment is not None:
            return comment
    is_flow = segment != before
    if value is not None:
        return _value(view, offset, value["word"], value["quote"], after, is_flow)
    key = _KEY.fullmatch(segment)
    if key is not None:
        return _key(view, offset, key["word"], key["quote"], after, is_flow)
    return None


def _segment(before: str) -> str:
    """The part of a line in which the cursor is: all of it, or what follows the last opened brace or comma."""
    depth = max(before.rfind("{"), before.rfind("["))
    if depth < 0 or before.count("{") + before.count("[") <= before.count("}") + before.count("]"):
        return before
    if before[depth - 1 : depth] == "{" or before.count("'") % 2 or before.count('"') % 2:
        return before
    return before[max(depth, before.rfind(",")) + 1 :]


def _reference(view: View, offset: int, written: str, after: str, quote: str, is_bare: bool) -> Cursor | None:
    """After ``{{``; a value that starts with it must be quoted."""
    word = written.lstrip()
    rest = _matched(_REST_OF_NAME, view, offset)
    is_closed = after[len(rest) :].lstrip().startswith("}")
    if rest and not is_closed:
        return None
    closing = "" if "}}" in after else "}}" if quote in after else f"}}}}{quote}"
    start = offset - len(word)
    if is_bare:
        # Both braces and a quote are written anew, and what the editor has closed by itself goes.
        end = offset + len(after) - len(after[len(rest) :].lstrip("}"))
        if _NOTHING.fullmatch(view.source.text[end : offset + len(after)]) is None:
            return None
        first = offset - len(written) - 2
        return Cursor(Writing.REFERENCE, "{{" + word, Span(first, end), view.at(offset), rest, closing="}}'")
    end = offset + len(rest)
    return Cursor(Writing.REFERENCE, word, Span(start, end), view.at(offset), rest, "'", closing=closing)


def _comment(view: View, offset: int, before: str, after: str) -> Cursor | None:
    start = before.rfind("#")
    suppression = _SUPPRESSION.fullmatch(before, start)
    if suppression is not None:
        *taken, last = suppression["names"].split(",")
        word = last.lstrip()
        rest = _matched(_REST_OF_NAME, view, offset)
        names = (*taken, *after[len(rest) :].partition("]")[0].split(","))
        span = Span(offset - len(word), offset + len(rest))
        return Cursor(Writing.RULE, word, span, rest=rest, taken=tuple(name.strip() for name in names))
    word = before[start + 1 :].lstrip()
    if not word or after.strip() or before[start - 1 : start].strip() or view.at(offset).scalar is not None:
        return None
    return Cursor(Writing.COMMENT, word, Span(offset - len(word), offset))


def _value(view: View, offset: int, word: str, quote: str, after: str, is_flow: bool) -> Cursor | None:
    if word[:1] in ("|", ">", "&", "*", "!"):
        return None
    if quote:
        rest = after.partition(quote)[0] if quote in after else after.rstrip()
    else:
        rest = _matched(_REST_OF_FLOW_VALUE if is_flow else _REST_OF_VALUE, view, offset)
    there = view.at(offset).scalar
    if there is not None and there.end > offset + len(after) and there.start < offset:
        return None
    own = next(lines_from(view.source, view.source.position(offset).line, 1), None)
    if own is None or (not is_flow and goes_on_below(view.source, own.number, own.key_column, own.is_item)):
        return None
    span = Span(offset - len(word), offset + len(rest))
    mark = f"{MARK}{quote}{_after(after[len(rest) :], is_flow)}"
    spot = _marked(view, span.start, mark, offset + len(after), is_key=False)
    closing = "" if quote in after else quote
    return None if spot is None else Cursor(Writing.VALUE, word, span, spot, rest, quote, closing=closing)


def _key(view: View, offset: int, word: str, quote: str, after: str, is_flow: bool, shift: str = "") -> Cursor | None:
    """A key that is begun; ``shift`` is what its line would be indented by besides."""
    there = view.at(offset).scalar
    number = view.source.position(offset).line
    line = view.source.line_starts[number]
    if there is not None and there.start < line:
        # In a text of several lines, which is its author's.
        return None
    rest = _matched(_REST_OF_KEY, view, offset)
    replaced = len(rest) + (1 if quote and after[len(rest) : len(rest) + 1] == quote else 0)
    following = after[replaced:]
    has_colon = _COLON.match(following) is not None
    is_end = has_colon or _NOTHING.fullmatch(following) or (is_flow and _END_OF_ITEM.match(following.lstrip()))
    if not is_end:
        return None
    span = Span(offset - len(word), offset + replaced)
    mark = f"{MARK}{quote}{following if has_colon else ': ' + _after(following, is_flow)}"
    spot = _marked(view, span.start, mark, offset + len(after), is_key=True, shift=shift)
    if spot is None:
        return None
    column = span.start - line - len(quote) + len(shift)
    own = next(lines_from(view.source, number, 1), None)
    at_dash = own is not None and own.number == number and own.is_item
    if not isinstance(spot.ancestors[-1], Mapping) or not spot.ancestors[-1].flow:
        start = own.column if own is not None and at_dash else column
        if not is_level(view.source, number, start, as_item=at_dash or shift.startswith("-")):
            return None
    is_last = is_flow or not goes_on_below(view.source, number, column, at_dash)
    if not is_last and not word and not rest:
        return None
    return Cursor(Writing.KEY, word, span, spot, rest, quote, has_colon, at_dash=at_dash, is_last=is_last)


def _matched(pattern: Pattern[str], view: View, offset: int) -> str:
    """What of the line matches from an offset on."""
    source = view.source
    match = pattern.match(source.text, offset, source.line_end(source.position(offset).line))
    return match.group() if match is not None else ""


def _after(after: str, is_flow: bool) -> str:
    """What of the text after the cursor does not belong to its word."""
    match = _END_OF_ITEM.search(after) if is_flow else None
    return match.group() if match else ""


def _marked(view: View, start: int, mark: str, end: int, is_key: bool, shift: str = "") -> Spot | None:
    """The place of the mark in the text that has it in place of what is between ``start`` and ``end``, if it is one.

    ``shift`` is put before it.
    """
    text = view.source.text
    before = f"{text[:start]}{shift}"
    spot = _spot_of_mark(view, f"{before}{mark}{text[end:]}", is_key)
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


def in_item(view: View, offset: int) -> tuple[Cursor, str, bool] | None:
    """Where a key is begun below the dash of an entry above: the cursor in that entry, and the blanks that lead there.

    The span of the cursor is that of the word where it stands. At the end whether nothing of the entry is below.
    """
    begun = _begun(view, offset)
    if begun is None:
        return None
    number, column, word, after = begun
    for line in lines_from(view.source, number - 1, -1):
        if line.column <= column:
            if line.column < column or not line.is_item or not line.rest:
                return None
            shift = " " * (line.key_column - column)
            cursor = _key(view, offset, word, "", after, False, shift)
            is_whole = not goes_on_below(view.source, number, column, is_item=True)
            return None if cursor is None else (cursor, shift, is_whole)
    return None


def at_list(view: View, offset: int) -> Cursor | None:
    """Where a list may begin below its key, at the same column: the cursor in its first entry."""
    begun = _begun(view, offset)
    above = next(lines_from(view.source, begun[0] - 1, -1), None) if begun is not None else None
    if begun is None or above is None or above.key_column != begun[1] or not is_open(above):
        return None
    _, _, word, after = begun
    return _key(view, offset, word, "", after, False, "- ")


def _begun(view: View, offset: int) -> tuple[int, int, str, str] | None:
    """Where a line holds a word that is begun, if at all: its number, its column, the word, and what follows it."""
    source = view.source
    number = source.position(offset).line
    begun = _BEGUN_KEY.fullmatch(source.text, source.line_starts[number], offset)
    if begun is None:
        return None
    return number, len(begun["indent"]), begun["word"], source.text[offset : source.line_end(number)]
