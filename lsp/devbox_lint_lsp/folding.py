"""Folding: sections, entries, texts and comments, also where a list stands at the column of its key."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from devbox_lint.source import SourceFile
from devbox_lint.startup import lazy
from devbox_lint.yaml.document import Document
from devbox_lint.yaml.nodes import Mapping, Sequence, walk
from devbox_lint_lsp.document_view import View
from devbox_lint_lsp.server import Server

_REGION = lazy(r"#[ \t]*(?P<end>end)?region\b.*")
_Kinds = types.FoldingRangeKind


def register(server: Server) -> None:
    """Add the feature to the server."""
    server.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)(_folding)


async def _folding(ls: Server, params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
    view = await ls.view(params.text_document.uri)
    if view is None or view.customization.document.is_script:
        return None
    return await ls.worker.start(_ranges, view)


def _ranges(view: View) -> list[types.FoldingRange]:
    document = view.customization.document
    source = document.source
    # Of several that begin in one line an editor folds the longest.
    longest: dict[int, int] = {}
    for start, end in _spans(document):
        first, last = source.position(start).line, source.position(max(start, end - 1)).line
        if last > first:
            longest[first] = max(last, longest.get(first, 0))
    found = [types.FoldingRange(first, last) for first, last in longest.items()]
    found.extend(_comments(document, source))
    return sorted(found, key=lambda each: (each.start_line, each.end_line))


def _spans(document: Document) -> Iterator[tuple[int, int]]:
    """Where what can be folded begins and ends."""
    for node in walk(document.root):
        if isinstance(node, Mapping):
            for entry in node.entries:
                # An alias may lead to a value that stands before its key.
                yield entry.key.start, max(entry.key.end, entry.value.end)
        if isinstance(node, Sequence):
            yield from ((item.start, item.end) for item in node.items)
        if isinstance(node, Mapping | Sequence) and node.flow:
            yield node.start, node.end


def _comments(document: Document, source: SourceFile) -> Iterator[types.FoldingRange]:
    """Comments of several lines, and what stands between `# region` and `# endregion`."""
    regions: list[int] = []
    first = last = -2
    for comment in document.comments:
        line = source.position(comment.span.start).line
        region = _REGION.fullmatch(comment.text)
        if region is not None and comment.alone:
            if region["end"] is None:
                regions.append(line)
            elif regions:
                yield types.FoldingRange(regions.pop(), line, kind=_Kinds.Region)
        if not comment.alone or region is not None:
            continue
        if line != last + 1:
            if last > first:
                yield types.FoldingRange(first, last, kind=_Kinds.Comment)
            first = line
        last = line
    if last > first >= 0:
        yield types.FoldingRange(first, last, kind=_Kinds.Comment)
