"""A line above the name of a task definition: by how many definitions it is used."""

from __future__ import annotations

from lsprotocol import types

from devbox_lint.customization.kinds import Kind
from devbox_lint_lsp.client import SECTION
from devbox_lint_lsp.conversion import range_in
from devbox_lint_lsp.document_view import View
from devbox_lint_lsp.occurrences import target_at
from devbox_lint_lsp.server import Server
from devbox_lint_lsp.usages import everywhere, locations
from devbox_lint_lsp.workspace_index import IndexedFile

#: The command of the client that shows places; it gets a URI, a position, and the locations.
SHOW = f"{SECTION}.showReferences"


def register(server: Server) -> None:
    """Add the feature to the server."""
    server.feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions(resolve_provider=False))(_lenses)

    def refresh() -> None:
        if server.client.refreshes_lenses:
            server.in_background(_refresh(server))

    server.on_refresh.append(refresh)


async def _refresh(ls: Server) -> None:
    await ls.workspace_code_lens_refresh_async(None)


async def _lenses(ls: Server, params: types.CodeLensParams) -> list[types.CodeLens] | None:
    view = await ls.view(params.text_document.uri) if ls.settings.code_lens else None
    if view is None or view.customization.kind is not Kind.TASK:
        return None
    files = await ls.index.files()
    return await ls.worker.start(_lens, ls, params.text_document.uri, view, files)


def _lens(ls: Server, uri: str, view: View, files: list[IndexedFile]) -> list[types.CodeLens]:
    name = view.customization.root.scalar("name") if view.customization.root is not None else None
    target = target_at(view, name.start) if name is not None else None
    if name is None or target is None:
        return []
    used = [file for file in files if file.customization.kind in (Kind.IMAGE, Kind.USER)]
    found = everywhere(ls, target, used)
    places = locations(ls, found, with_declarations=False)
    count = len({place.uri for place in places})
    number = "no definition" if not count else "1 definition" if count == 1 else f"{count} definitions"
    span = range_in(view.source, name.span, ls.encoding)
    arguments = [uri, span.start, places] if count else None
    command = types.Command(f"used by {number}", SHOW if count else "", arguments=arguments)
    return [types.CodeLens(span, command)]
