"""References, highlights and rename: of what a file declares for itself, and of what several files name.

The first are the parameters and variables of an image definition or user customization. The others are the tasks of a
catalog and their parameters: in `task.yaml`, in all files that run the task, and in the script's `param()`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from devbox_lint.customization.catalog import Catalog
from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Edit, Span
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint_lsp.conversion import range_in, uri_of
from devbox_lint_lsp.document_view import View
from devbox_lint_lsp.documents import OpenDocument
from devbox_lint_lsp.occurrences import (
    Occurrence,
    Target,
    key_span,
    occurrences,
    references_in,
    target_at,
    whole_path,
)
from devbox_lint_lsp.server import Server
from devbox_lint_lsp.workspace_index import IndexedFile

_NAME = lazy(r"[A-Za-z_][\w-]*")
_TASK_NAME = lazy(r"[A-Za-z0-9][\w.-]*")


class _AtPosition(Protocol):
    text_document: types.TextDocumentIdentifier
    position: types.Position


class _Found(NamedTuple):
    """What stands at a place; ``target`` is None where only the file itself has the name, in ``own``."""

    view: View
    offset: int
    target: Target | None
    own: tuple[Occurrence, ...]

    @property
    def name(self) -> str:
        """How it is written."""
        if self.target is not None:
            return self.target.name
        span = self.own[0].span
        return self.view.source.text[span.start : span.end]


def register(server: Server) -> None:
    """Add the features to the server."""
    server.feature(types.TEXT_DOCUMENT_REFERENCES)(_references)
    server.feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)(_highlights)
    server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)(_prepare)
    server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))(_rename)


async def _references(ls: Server, params: types.ReferenceParams) -> list[types.Location] | None:
    found = await _at(ls, params)
    if found is None:
        return None
    files = await ls.index.files() if found.target is not None else []
    places = await ls.worker.start(_everywhere, ls, found, files)
    return await ls.worker.start(locations, ls, places, params.context.include_declaration)


def locations(ls: Server, found: Sequence[Occurrence], with_declarations: bool) -> list[types.Location]:
    """The places for the client; called in the worker's thread."""
    return [
        types.Location(ls.document_of(each.source).uri, range_in(each.source, each.span, ls.encoding))
        for each in found
        if with_declarations or not each.is_declaration
    ]


async def _highlights(ls: Server, params: types.DocumentHighlightParams) -> list[types.DocumentHighlight] | None:
    found = await _at(ls, params)
    document = ls.documents.get(params.text_document.uri)
    if found is None or document is None:
        return None
    view = found.view
    here = [IndexedFile(document, view.customization)] if view.customization.kind is not Kind.SCRIPT else []
    places = await ls.worker.start(_everywhere, ls, found, here)
    kinds = types.DocumentHighlightKind
    return [
        types.DocumentHighlight(
            range_in(view.source, each.span, ls.encoding), kinds.Write if each.is_declaration else kinds.Read
        )
        for each in places
        if each.source is view.source
    ] or None


async def _prepare(ls: Server, params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
    found = await _at(ls, params)
    if found is None:
        return None
    files = await ls.index.files() if found.target is not None else []
    places = await ls.worker.start(_everywhere, ls, found, files)
    _must_be_declared(found, places)
    source = found.view.source
    for each in places:
        if whole_path(each.source.path) == whole_path(source.path) and each.span.start <= found.offset <= each.span.end:
            placeholder = source.text[each.span.start : each.span.end]
            return types.PrepareRenamePlaceholder(range_in(source, each.span, ls.encoding), placeholder)
    return None


async def _rename(ls: Server, params: types.RenameParams) -> types.WorkspaceEdit | None:
    found = await _at(ls, params)
    if found is None:
        return None
    name = params.new_name.strip()
    files = await ls.index.files() if found.target is not None else []
    return await ls.worker.start(_renamed, ls, found, files, name)


def _renamed(ls: Server, found: _Found, files: Sequence[IndexedFile], name: str) -> types.WorkspaceEdit:
    _check_name(found, files, name)
    places = _everywhere(ls, found, files, name)
    _must_be_declared(found, places)
    changes: dict[str, tuple[OpenDocument, list[Edit]]] = {}
    for each in places:
        document = ls.document_of(each.source)
        old = each.source.text[each.span.start : each.span.end]
        # PowerShell's names are written with a capital where those of the files are not.
        new = name[:1].upper() + name[1:] if each.in_script and old[:1].isupper() else name
        changes.setdefault(document.uri, (document, []))[1].append(Edit(each.span, new))
    return ls.edit_of_all(changes.values())


def _check_name(found: _Found, files: Sequence[IndexedFile], name: str) -> None:
    """Raise JsonRpcInvalidParams for a name that cannot be one, or is another thing's."""
    target = found.target
    is_task = target is not None and not target.is_parameter
    if is_task and not _TASK_NAME.fullmatch(name):
        raise JsonRpcInvalidParams("a task's name has letters and digits, and `_`, `-` and `.` within")
    if not is_task and not _NAME.fullmatch(name):
        raise JsonRpcInvalidParams("a name begins with a letter or `_`, and letters, digits, `_` and `-` follow")
    if name == found.name:
        return
    if is_task and target is not None:
        others = found.view.catalog.find(name, found.view.source.path)
        if any(each.place is None or whole_path(each.place.path) not in target.paths for each in others):
            raise JsonRpcInvalidParams(f"there is a task `{name}` already")
        return
    declaring = [found.view.customization]
    if target is not None:
        declaring = [each.customization for each in files if whole_path(each.document.source.path) in target.paths]
    if any(name == each.name.value for customization in declaring for each in customization.declarations):
        raise JsonRpcInvalidParams(f"`{name}` is declared already")


def _must_be_declared(found: _Found, places: Sequence[Occurrence]) -> None:
    """Raise JsonRpcInvalidParams where the files at hand do not declare what is to have another name."""
    if not any(each.is_declaration for each in places):
        raise JsonRpcInvalidParams(f"`{found.name}` is defined in a file that does not belong to the workspace")


async def _at(ls: Server, params: _AtPosition) -> _Found | None:
    view = await ls.view(params.text_document.uri)
    if view is None:
        return None
    return await ls.worker.start(_found_at, view, ls.offset_in(view.source, params.position))


def _found_at(view: View, offset: int) -> _Found | None:
    own = tuple(_own(view, offset)) if view.customization.kind in (Kind.IMAGE, Kind.USER) else ()
    if own:
        return _Found(view, offset, None, own)
    target = target_at(view, offset)
    return None if target is None else _Found(view, offset, target, ())


def _own(view: View, offset: int) -> list[Occurrence]:
    """All of what the file declares or uses at an offset; none where what is used is not declared."""
    source = view.source
    declarations = [(key_span(each.name, source), each.name.value) for each in view.customization.declarations]
    uses = [
        (reference.scalar.span_of(reference.content.start, reference.content.end), reference.text)
        for reference in references_in(view.customization)
    ]
    name = next((name for span, name in (*declarations, *uses) if span.start <= offset <= span.end), None)
    declared = [Occurrence(source, span, is_declaration=True) for span, each in declarations if each == name]
    return [*declared, *(Occurrence(source, span) for span, each in uses if each == name)] if declared else []


def _everywhere(
    ls: Server, found: _Found, files: Sequence[IndexedFile], new_name: str | None = None
) -> list[Occurrence]:
    return list(found.own) if found.target is None else everywhere(ls, found.target, files, new_name)


def everywhere(
    ls: Server, target: Target, files: Sequence[IndexedFile], new_name: str | None = None
) -> list[Occurrence]:
    """All places where something is named in files, each once; called in the worker's thread."""

    def catalog_for(file: IndexedFile) -> Catalog:
        return ls.surroundings().catalog_for(file.document)

    places: dict[tuple[str, Span], Occurrence] = {}
    for each in occurrences(target, files, catalog_for, new_name):
        places.setdefault((uri_of(each.source.path), each.span), each)
    return list(places.values())
