"""Links: a secret to the portal, a repository to its address, a task to the file that defines it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from lsprotocol import types

from devbox_lint.diagnostics import Span
from devbox_lint.references.addresses import SecretUri
from devbox_lint.yaml.nodes import Scalar
from devbox_lint_lsp.conversion import range_in, uri_of
from devbox_lint_lsp.document_view import View
from devbox_lint_lsp.server import Server

_PORTALS = {"public": "portal.azure.com", "china": "portal.azure.cn", "usgov": "portal.azure.us"}


def portal_link(secret: SecretUri) -> str | None:
    """Where the portal shows a secret; None for one that is not well formed, or of a cloud without a portal."""
    portal = _PORTALS.get(secret.cloud.name) if secret.cloud is not None else None
    well_formed = (
        portal is not None
        and secret.collection.text == "secrets"
        and all(_is_plain(part.text) for part in (secret.vault, secret.name))
        and (not secret.version or _is_plain(secret.version.text))
        and not (secret.port or secret.extra or secret.query or secret.private_link)
    )
    if not well_formed:
        return None
    version = f"/{secret.version.text}" if secret.version else ""
    uri = f"https://{secret.vault.text}.{secret.domain.text}/secrets/{secret.name.text}{version}"
    return f"https://{portal}/#asset/Microsoft_Azure_KeyVault/Secret/{uri}"


def _is_plain(name: str) -> bool:
    """Whether a name holds letters, digits and hyphens alone, so that it changes nothing around it."""
    return bool(name) and name.isascii() and name.replace("-", "").isalnum()


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
