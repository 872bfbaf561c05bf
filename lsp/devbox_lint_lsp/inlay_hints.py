"""Inlay hints, where the user wants them: who runs a task, and what a `timeout` counts."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.scripts import users_of
from devbox_lint.yaml.nodes import Mapping, Scalar
from devbox_lint_lsp.conversion import range_in
from devbox_lint_lsp.document_view import View
from devbox_lint_lsp.server import Server


def register(server: Server) -> None:
    """Add the feature to the server."""
    server.feature(types.TEXT_DOCUMENT_INLAY_HINT)(_hints)

    def refresh() -> None:
        if server.client.refreshes_hints:
            server.in_background(_refresh(server))

    server.on_refresh.append(refresh)


async def _refresh(ls: Server) -> None:
    await ls.workspace_inlay_hint_refresh_async(None)


async def _hints(ls: Server, params: types.InlayHintParams) -> list[types.InlayHint] | None:
    view = await ls.view(params.text_document.uri) if ls.settings.inlay_hints else None
    return None if view is None else await ls.worker.start(lambda: list(_shown(ls, view, params.range)))


def _shown(ls: Server, view: View, place: types.Range) -> Iterator[types.InlayHint]:
    for scalar, label, tooltip in _facts(view):
        end = range_in(view.source, scalar.span, ls.encoding).end
        if place.start <= end <= place.end:
            yield types.InlayHint(end, label, tooltip=tooltip, padding_left=True)


def _facts(view: View) -> Iterator[tuple[Scalar, str, str]]:
    customization = view.customization
    for task in customization.tasks:
        is_system, is_user = users_of(task)
        if task.name is not None and (is_system or is_user):
            who = "the system" if is_system else "the user"
            when = "when the image is built" if is_system and customization.kind is Kind.IMAGE else "on the dev box"
            yield task.name, f"as {who}", f"This task is run by {who}, {when}."
        yield from _timeout(task.node, "seconds")
    if customization.kind is Kind.TASK and customization.root is not None:
        yield from _timeout(customization.root, "minutes")


def _timeout(holder: Mapping, unit: str) -> Iterator[tuple[Scalar, str, str]]:
    value = holder.scalar("timeout")
    if value is not None and isinstance(value.data, int):
        yield value, unit, f"A `timeout` here counts {unit}."
