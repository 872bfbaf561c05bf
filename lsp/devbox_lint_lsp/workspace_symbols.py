"""Symbols of the workspace: definitions by their names, what they declare, and tasks by their titles."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from devbox_lint.credentials.masking import mask_of_document
from devbox_lint.customization.kinds import Kind
from devbox_lint.yaml.nodes import Scalar
from devbox_lint_lsp.conversion import range_in, shown
from devbox_lint_lsp.server import Server
from devbox_lint_lsp.symbols import LONGEST
from devbox_lint_lsp.workspace_index import IndexedFile

#: No more are sent.
MOST = 1_000
_Kinds = types.SymbolKind
_OF_FILES = {
    Kind.IMAGE: _Kinds.Module,
    Kind.USER: _Kinds.Module,
    Kind.TASK: _Kinds.Function,
}


def register(server: Server) -> None:
    """Add the feature to the server."""
    server.feature(types.WORKSPACE_SYMBOL)(_symbols)


async def _symbols(ls: Server, params: types.WorkspaceSymbolParams) -> list[types.SymbolInformation]:
    files = await ls.index.files()
    return await ls.worker.start(lambda: list(_matching(ls, files, params.query)))


def _matching(ls: Server, files: list[IndexedFile], query: str) -> Iterator[types.SymbolInformation]:
    wanted = query.lower()
    number = 0
    for file in files:
        source = file.customization.document.source
        mask = None
        for name, kind, container in _named(file):
            if not _has_in_order(name.value.lower(), wanted):
                continue
            mask = mask or mask_of_document(file.customization.document)
            number += 1
            if number > MOST:
                return
            place = types.Location(file.document.uri, range_in(source, name.span, ls.encoding))
            text = shown(name.value, mask)[:LONGEST].strip() or "?"
            yield types.SymbolInformation(place, text, kind, container_name=shown(container, mask)[:LONGEST] or None)


def _named(file: IndexedFile) -> Iterator[tuple[Scalar, types.SymbolKind, str]]:
    customization = file.customization
    name = customization.root.scalar("name") if customization.root is not None else None
    kind = _OF_FILES.get(customization.kind)
    own = name.value if name is not None else ""
    if name is not None and kind is not None:
        yield name, kind, ""
    for declaration in customization.declarations:
        yield declaration.name, _Kinds.Variable, own
    for task in customization.tasks:
        title = task.node.scalar("displayName")
        if title is not None:
            yield title, _Kinds.Event, own


def _has_in_order(text: str, wanted: str) -> bool:
    characters = iter(text)
    return all(character in characters for character in wanted)
