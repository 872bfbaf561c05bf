"""Commands on one open document: what it is and whether it holds a secret, and the WinGet configuration it becomes."""

from __future__ import annotations

from pygls.exceptions import JsonRpcInvalidParams

from devbox_lint.credentials.masking import mask_of
from devbox_lint.customization.kinds import Kind
from devbox_lint.escaping import neutralise
from devbox_lint_lsp.client import SECTION
from devbox_lint_lsp.document_view import View
from devbox_lint_lsp.server import Server

#: Both take the URI of an open document; the second also `winget` or `dsc3`, the shape that is wanted.
DESCRIBE = f"{SECTION}.describe"
EXPORT = f"{SECTION}.export"


def register(server: Server) -> None:
    """Add the commands to the server."""

    @server.command(DESCRIBE)
    async def describe(uri: str) -> dict[str, object]:
        """The document's kind, null if it is not ours, and whether some of it must not be shown to others."""
        analysis = await server.analysis(uri)
        if analysis is None:
            raise JsonRpcInvalidParams("this document is not open")
        kind, source = analysis.result.kind, analysis.result.source
        mask = await server.worker.start(mask_of, source)
        # What comments and settings suppress is as secret as the rest.
        return {"kind": kind and kind.value, "secret": mask.conceal(source.text) != source.text}

    @server.command(EXPORT)
    async def export(uri: str, target: str = "winget") -> dict[str, object]:
        """What `devbox-lint export --output-format json` says of the document."""
        view = await server.view(uri)
        if view is None or view.customization.kind not in (Kind.IMAGE, Kind.USER):
            raise JsonRpcInvalidParams("this is neither a team file nor a user customization")
        return await server.worker.start(_exported, view, target)


def _exported(view: View, target: str) -> dict[str, object]:
    # Imported here: few sessions export anything.
    from devbox_lint.configuration.export import TARGETS, described, export

    if target not in TARGETS:
        raise JsonRpcInvalidParams(f"a configuration is written as one of {', '.join(TARGETS)}")
    name = view.source.path.replace("\\", "/").rsplit("/", 1)[-1]
    return described(export(view.customization, neutralise(view.mask.conceal(name)), target, view.catalog))
