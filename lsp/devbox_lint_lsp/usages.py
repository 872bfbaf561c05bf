"""Where a parameter or variable of a file is declared and used: references, highlights, and another name for it."""

from __future__ import annotations

from typing import Protocol

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Edit, Span
from devbox_lint.references.expressions import ReferenceKind
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint_lsp.conversion import range_in
from devbox_lint_lsp.document_view import View
from devbox_lint_lsp.server import Server

_NAME = lazy(r"[A-Za-z_][\w-]*")


class _AtPosition(Protocol):
    text_document: types.TextDocumentIdentifier
    position: types.Position


class _Usages(NamedTuple):
    name: str
    declared: list[Span]
    used: list[Span]

    @property
    def spans(self) -> list[Span]:
        """All places, where it is declared first."""
        return [*self.declared, *self.used]


def register(server: Server) -> None:
    """Add the features to the server."""
    server.feature(types.TEXT_DOCUMENT_REFERENCES)(_references)
    server.feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)(_highlights)
    server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)(_prepare)
    server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))(_rename)


async def _references(ls: Server, params: types.ReferenceParams) -> list[types.Location] | None:
    found = await _found(ls, params)
    if found is None:
        return None
    view, usages = found
    spans = usages.spans if params.context.include_declaration else usages.used
    return [types.Location(params.text_document.uri, range_in(view.source, span, ls.encoding)) for span in spans]


async def _highlights(ls: Server, params: types.DocumentHighlightParams) -> list[types.DocumentHighlight] | None:
    found = await _found(ls, params)
    if found is None:
        return None
    view, usages = found
    kinds = types.DocumentHighlightKind
    return [
        types.DocumentHighlight(range_in(view.source, span, ls.encoding), kind)
        for spans, kind in ((usages.declared, kinds.Write), (usages.used, kinds.Read))
        for span in spans
    ]


async def _prepare(ls: Server, params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
    found = await _renamable(ls, params)
    if found is None:
        return None
    view, usages = found
    offset = ls.offset_in(view.source, params.position)
    span = next(span for span in usages.spans if span.start <= offset <= span.end)
    return types.PrepareRenamePlaceholder(range_in(view.source, span, ls.encoding), usages.name)


async def _rename(ls: Server, params: types.RenameParams) -> types.WorkspaceEdit | None:
    document = ls.documents.get(params.text_document.uri)
    found = await _renamable(ls, params)
    if found is None or document is None:
        return None
    view, usages = found
    name = params.new_name.strip()
    if not _NAME.fullmatch(name):
        raise JsonRpcInvalidParams("a name begins with a letter or `_`, and letters, digits, `_` and `-` follow")
    if name != usages.name and any(name == each.name.value for each in view.customization.declarations):
        raise JsonRpcInvalidParams(f"`{name}` is declared already")
    return ls.edit_of(document, [Edit(span, name) for span in usages.spans])


async def _renamable(ls: Server, params: _AtPosition) -> tuple[View, _Usages] | None:
    """As :func:`_found`; raises JsonRpcInvalidParams for what this file alone cannot name anew.

    A definition's parameters are given by other files, and taken by its script.
    """
    found = await _found(ls, params)
    if found is not None and found[0].customization.kind is Kind.TASK:
        message = "other files give a value to a task definition's parameters by their names: rename them there, too"
        raise JsonRpcInvalidParams(message)
    return found


async def _found(ls: Server, params: _AtPosition) -> tuple[View, _Usages] | None:
    view = await ls.view(params.text_document.uri)
    if view is None:
        return None
    usages = await ls.worker.start(_usages_at, view, ls.offset_in(view.source, params.position))
    return None if usages is None else (view, usages)


def _usages_at(view: View, offset: int) -> _Usages | None:
    """All of what is declared or used at an offset; None where nothing is, or what is used is not declared."""
    customization = view.customization
    declarations = [(_inner(view, each.name.span), each.name.value) for each in customization.declarations]
    uses = [
        (reference.scalar.span_of(reference.content.start, reference.content.end), reference.text)
        for reference in customization.references
        if reference.kind is ReferenceKind.PARAMETER
    ]
    name = next((name for span, name in (*declarations, *uses) if span.start <= offset <= span.end), None)
    declared = [span for span, each in declarations if each == name]
    if name is None or not declared:
        return None
    return _Usages(name, declared, [span for span, each in uses if each == name])


def _inner(view: View, span: Span) -> Span:
    """A key without its quotes."""
    text = view.source.text[span.start : span.end]
    return Span(span.start + 1, span.end - 1) if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else span
