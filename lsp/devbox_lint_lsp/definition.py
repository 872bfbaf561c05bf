"""Go to definition: from a task to its file, from its parameter to where that is declared, from ``{{x}}`` to ``x``.

From a script that a command runs to its file, and from an argument to the script's ``param()``.
"""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from devbox_lint.customization.scripts import NamedScript, named_scripts
from devbox_lint.customization.task_definition import Place
from devbox_lint.diagnostics import Span
from devbox_lint.powershell.binding import resolve
from devbox_lint.powershell.cmdlets import Parameter
from devbox_lint.powershell.param_block import read_signature
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
    in_script = list(_in_script(ls, view, offset))
    if in_script:
        return in_script
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


def _in_script(ls: Server, view: View, offset: int) -> Iterator[types.Location]:
    """The script file whose path stands at a place, or the parameter of it that an argument there names."""
    for named in named_scripts(view.customization):
        path = named.scalar.span_of(named.start, named.end)
        on_path = path.start <= offset <= path.end
        name = "" if on_path else _argument_at(named, offset)
        source = view.catalog.text_beside(view.source.path, named.inside) if on_path or name else None
        if source is None:
            continue
        spans = [Span(0, 0)]
        if name:
            declared = read_signature(source.text).parameters
            own = [Parameter(item.name, item.aliases, item.is_switch) for item in declared]
            meant = {item.name for item in resolve(name, own)}
            spans = [Span(item.start, item.end) for item in declared if item.name in meant]
        for span in spans:
            yield types.Location(uri_of(source.path), range_in(source, span, ls.encoding))


def _argument_at(named: NamedScript, offset: int) -> str:
    """The name of the argument at a place, without its dash; empty where none is."""
    for argument in named.arguments:
        span = named.scalar.span_of(argument.start, argument.end)
        if span.start <= offset <= span.end and argument.text[:1] == "-" and not argument.quote:
            return argument.text.lstrip("-").partition(":")[0]
    return ""


def _location(ls: Server, place: Place) -> types.Location | None:
    source = ls.surroundings().files.source(place.path)
    return None if source is None else types.Location(uri_of(place.path), range_in(source, place.span, ls.encoding))
