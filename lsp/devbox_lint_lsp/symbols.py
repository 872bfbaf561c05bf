"""The outline of a file: its tasks by the text that people see, its parameters and variables by name."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from devbox_lint.customization.model import Declaration, Task
from devbox_lint.diagnostics import Span
from devbox_lint.yaml.nodes import Entry, Scalar
from devbox_lint_lsp.conversion import range_in, shown
from devbox_lint_lsp.document_view import View
from devbox_lint_lsp.server import Server

#: A longer text is cut.
LONGEST = 80


def register(server: Server) -> None:
    """Add the feature to the server."""
    server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)(_symbols)


async def _symbols(
    ls: Server, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation] | None:
    view = await ls.view(params.text_document.uri)
    if view is None:
        return None
    outline = await ls.worker.start(lambda: list(_Outline(ls, view).sections()))
    if ls.client.nests_symbols:
        return outline
    return [
        types.SymbolInformation(types.Location(params.text_document.uri, symbol.range), symbol.name, symbol.kind)
        for section in outline
        for symbol in (section, *(section.children or ()))
    ]


class _Outline:
    def __init__(self, ls: Server, view: View) -> None:
        self._ls = ls
        self._view = view

    def sections(self) -> Iterator[types.DocumentSymbol]:
        """The top-level keys, with what is in them."""
        customization = self._view.customization
        for entry in customization.root.entries if customization.root is not None else ():
            if isinstance(entry.key, Scalar) and entry.key.end > entry.key.start:
                children = [
                    *(self._task(task) for task in customization.tasks if task.section == entry.name),
                    *(self._declared(item) for item in customization.declarations if item.section == entry.name),
                ]
                value = entry.value.value if isinstance(entry.value, Scalar) else ""
                kind = types.SymbolKind.Namespace if children else types.SymbolKind.Property
                yield self._symbol(entry.key.value, kind, _span(entry), entry.key.span, value, children)

    def _task(self, task: Task) -> types.DocumentSymbol:
        title = task.node.scalar("displayName")
        label = title if title is not None and title.value.strip() else task.name
        name = label.value if label is not None else f"task {task.number + 1}"
        selected = label.span if label is not None else Span(task.node.start, task.node.start)
        whole = Span(min(task.node.start, selected.start), max(task.node.end, selected.end))
        detail = task.name.value if task.name is not None and label is title else ""
        return self._symbol(name, types.SymbolKind.Function, whole, selected, detail)

    def _declared(self, declaration: Declaration) -> types.DocumentSymbol:
        key = declaration.name
        end = declaration.node.end if declaration.node is not None else key.end
        whole = Span(key.start, max(key.end, end))
        return self._symbol(key.value, types.SymbolKind.Variable, whole, key.span)

    def _symbol(
        self,
        name: str,
        kind: types.SymbolKind,
        whole: Span,
        selected: Span,
        detail: str = "",
        children: list[types.DocumentSymbol] | None = None,
    ) -> types.DocumentSymbol:
        view, encoding = self._view, self._ls.encoding
        return types.DocumentSymbol(
            # A name may not be empty.
            shown(name, view.mask)[:LONGEST].strip() or "?",
            kind,
            range_in(view.source, whole, encoding),
            range_in(view.source, selected, encoding),
            shown(detail, view.mask)[:LONGEST] or None,
            children=children,
        )


def _span(entry: Entry) -> Span:
    # An alias may lead to a value that stands before its key.
    return Span(entry.key.start, max(entry.key.end, entry.value.end))
