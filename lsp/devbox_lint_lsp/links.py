"""Links: a secret to the portal, a repository to its address, a task to the file that defines it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from lsprotocol import types

from devbox_lint.diagnostics import Span
from devbox_lint.yaml.nodes import Scalar
from devbox_lint_lsp.messages import range_in, uri_of
from devbox_lint_lsp.portal import portal_link
from devbox_lint_lsp.server import Server
from devbox_lint_lsp.views import View


def register(server: Server) -> None:
    """Add the feature to the server."""
    server.feature(types.TEXT_DOCUMENT_DOCUMENT_LINK, types.DocumentLinkOptions(resolve_provider=False))(_links)


async def _links(ls: Server, params: types.DocumentLinkParams) -> list[types.DocumentLink] | None:
    view = await ls.view(params.text_document.uri)
    return None if view is None else await ls.worker.start(lambda: list(_found(ls, view)))


def _found(ls: Server, view: View) -> Iterator[types.DocumentLink]:
    def link(span: Span, target: str, tooltip: str) -> types.DocumentLink:
        place = range_in(view.source, span, ls.encoding)
        return types.DocumentLink(place, target, tooltip if ls.client.knows_tooltips else None)

    for reference in view.customization.references:
        url = portal_link(reference.secret) if reference.secret is not None else None
        if url is not None:
            span = reference.scalar.span_of(reference.content.start, reference.content.end)
            yield link(span, url, "Open the secret in the Azure portal")
    for task in (*view.customization.tasks, *view.customization.examples):
        if task.name is None:
            continue
        address = task.parameter("repositoryUrl")
        if address is not None and _is_public(address):
            yield link(address.span, address.value.strip(), "Open the repository")
        for definition in view.catalog.find(task.name.value, view.source.path)[:1]:
            place = definition.place
            source = ls.surroundings().files.source(place.path) if place is not None else None
            if place is not None and source is not None:
                line = source.position(place.span.start).line + 1
                yield link(task.name.span, f"{uri_of(place.path)}#L{line}", "Open the task's definition")


def _is_public(address: Scalar) -> bool:
    """Whether a value is a web address and nothing else, without anybody's name or password in it."""
    value = address.value.strip()
    try:
        url = urlsplit(value)
        named = url.username is not None or url.password is not None
    except ValueError:
        return False
    return (
        url.scheme in ("http", "https")
        and bool(url.hostname)
        and not named
        and not any(character.isspace() or character in "{}" for character in value)
    )
