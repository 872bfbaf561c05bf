"""Writes the comments that suppress what was found, each where it holds; what the document says stays as it is.

A comment stands at the end of its line, or on a line of its own before that where there is no room for it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import MARKER, Diagnostic, Edit, Span
from devbox_lint.engine import parse_as
from devbox_lint.escaping import neutralise
from devbox_lint.fixes import apply_edits
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple
from devbox_lint.suppressions import Suppression, find_suppressions, texts_of_several_lines
from devbox_lint.yaml.document import Document
from devbox_lint.yaml.nodes import FOLDED, LITERAL, Alias, Mapping, Scalar, Sequence, walk
from devbox_lint.yaml.parse import parse

#: A line that its comment would make longer than this has the comment before it.
LONGEST = 120


def suppress(
    source: SourceFile,
    diagnostics: Iterable[Diagnostic],
    reason: str = "",
    today: str | None = None,
    kind: Kind | None = None,
) -> SourceFile:
    """The file with the comments that suppress ``diagnostics``, each with ``reason`` after its bracket.

    A file that cannot be parsed, or whose bytes cannot be written back, is given back as it is: what it says before
    and after could not be compared. ``today`` is an ISO 8601 date; what ended before it takes no more rules in.
    ``kind`` is what the file was checked as: a script holds comments in other places than YAML.
    """
    document = parse_as(source, kind)
    if source.undecodable or document.problems:
        return source
    diagnostics = sorted(diagnostics, key=lambda item: item.code)
    said = list(_said(document))
    for own_lines in (False, True):
        edits = _edits(document, diagnostics, reason, today, own_lines)
        suppressed = SourceFile(source.path, apply_edits(source.text, edits), source.encoding, source.bom)
        after = parse_as(suppressed, kind)
        if not after.problems and list(_said(after)) == said:
            return suppressed
    return source


def is_reason(text: str, today: str | None = None) -> bool:
    """Whether a text can stand after the bracket of a suppression that holds ``today``."""
    line = f"a: # {MARKER}: ignore[DBX000] {text}"
    items = find_suppressions(parse(SourceFile("", line)), today).items
    if len(items) != 1 or not items[0].is_well_formed or items[0].has_ended(today):
        return False
    return neutralise(text) == text


class _Place(NamedTuple):
    """Where a comment goes, and what must stand before and after it there."""

    offset: int
    before: str = ""
    after: str = ""


def _edits(
    document: Document, diagnostics: Iterable[Diagnostic], reason: str, today: str | None, own_lines: bool
) -> list[Edit]:
    """One edit for each comment: those that are there take in more rules, where they hold without end."""
    source = document.source
    suppressions = find_suppressions(document, today)
    texts = texts_of_several_lines(document)
    commented = {source.position(comment.span.start).line for comment in document.comments}
    added: dict[Suppression, list[str]] = {}
    lines: dict[tuple[int, int], list[str]] = {}
    for diagnostic, span in ((item, span) for item in diagnostics for span in item.places):
        line = source.position(span.start).line
        there = [item for item in suppressions.on_line(line) if item.verb == "ignore" and item.until is None]
        if there:
            uses_codes = all(name.text.upper().startswith("DBX") for name in there[-1].names)
            names = added.setdefault(there[-1], [])
            name = diagnostic.code if uses_codes else diagnostic.name
        else:
            names = lines.setdefault(_lines_together(line, texts), [])
            name = diagnostic.name
        if name not in names:
            names.append(name)
    edits = []
    for item, names in added.items():
        end = item.names[-1].span.end
        edits.append(Edit(Span(end, end), "".join(f", {name}" for name in names)))
    for (first, last), names in lines.items():
        comment = " ".join(filter(None, (f"# {MARKER}: ignore[{', '.join(names)}]", reason)))
        place = None if own_lines else _at_the_end(document, last, commented, len(comment))
        place = place or _before(source, first)
        edits.append(Edit(Span(place.offset, place.offset), f"{place.before}{comment}{place.after}"))
    return edits


def _lines_together(line: int, texts: list[tuple[int, int]]) -> tuple[int, int]:
    """The line, or the lines of the text that it is a part of."""
    index = bisect_right(texts, line, key=lambda text: text[0]) - 1
    return texts[index] if index >= 0 and texts[index][1] >= line else (line, line)


def _at_the_end(document: Document, last: int, commented: set[int], length: int) -> _Place | None:
    """The end of the line, or the head of the text block that ends there; None where there is no room."""
    source = document.source
    index = bisect_right(document.scalars, source.line_end(last), key=lambda scalar: scalar.start) - 1
    if index >= 0 and not document.is_script and document.scalars[index].style in (LITERAL, FOLDED):
        scalar = document.scalars[index]
        if source.position(max(scalar.end, scalar.start + 1) - 1).line >= last:
            last = source.position(scalar.start).line
    text = source.line_text(last)
    if last in commented or not text.strip() or len(text) + 2 + length > LONGEST:
        return None
    # Two spaces: what yamllint asks for unless told otherwise.
    return _Place(source.line_end(last), "" if text[-1] in " \t" else "  ")


def _before(source: SourceFile, line: int) -> _Place:
    text = source.line_text(line)
    indentation = text[: len(text) - len(text.lstrip(" "))]
    return _Place(source.line_starts[line], indentation, source.newline)


def _said(document: Document) -> Iterator[tuple[object, ...]]:
    """All that the document says, without the places where it says it."""
    if document.is_script:
        # Imported here: most files are YAML.
        from devbox_lint.powershell.lexer import TokenKind, find_tokens

        last = "\n"
        for token in find_tokens(document.source.text):
            text = "\n" if token.kind is TokenKind.END and token.text != ";" else token.text
            if text != "\n" or last != "\n":
                yield (text,)
            last = text
        return
    for node in walk(document.root):
        match node:
            case Scalar():
                content: object = (node.value, node.style)
            case Alias():
                content = node.name
            case Mapping():
                content = (len(node.entries), node.flow)
            case Sequence():
                content = (len(node.items), node.flow)
            case _:
                content = None
        yield node.kind, node.tag, node.anchor, content
