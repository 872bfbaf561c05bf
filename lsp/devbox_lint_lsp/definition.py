"""Go to definition: from a task to its file, from its parameter to where that is declared, from ``{{x}}`` to ``x``."""

from __future__ import annotations

from lsprotocol import types

from devbox_lint.customization.task_definition import Place
from devbox_lint.references.expressions import ReferenceKind
from devbox_lint_lsp.conversion import range_in, uri_of
from devbox_lint_lsp.document_view import View
from devbox_lint_lsp.server import Server


def register(server: Server) -> None:
    """Add the feature to the server."""
    server.feature(types.TEXT_DOCUMENT_DEFINITION)(_definition)


async def _definition(ls: Server, params: types.DefinitionParams) -> list[types.Location] | None:
    uri = params.text_document.uri
    view = await ls.view(uri)
    return None if view is None else await ls.worker.start(_places, ls, uri, view, params.position)


def _places(ls: Server, uri: str, view: View, position: types.Position) -> list[types.Location]:
    offset = ls.offset_in(view.source, position)
    reference = view.reference_at(offset)
    if reference is not None and reference.kind is ReferenceKind.PARAMETER:
        return [
            types.Location(uri, range_in(view.source, declaration.name.span, ls.encoding))
            for declaration in view.customization.declarations
            if declaration.name.value == reference.text
        ]
    spot = view.at(offset)
    if spot.task is None or spot.task.name is None:
        return []
    found: list[Place | None] = []
    for definition in view.catalog.find(spot.task.name.value, view.source.path):
        if spot.scalar is spot.task.name:
            found.append(definition.place)
        elif spot.is_parameter and spot.on_key and str(spot.path[-1]) in definition.parameters:
            found.append(definition.parameters[str(spot.path[-1])].place)
    return [location for place in found if place is not None and (location := _location(ls, place)) is not None]


def _location(ls: Server, place: Place) -> types.Location | None:
    source = ls.surroundings().files.source(place.path)
    return None if source is None else types.Location(uri_of(place.path), range_in(source, place.span, ls.encoding))
