"""What the editor does while one types: after Enter below an entry's first line the cursor goes to the entry's keys."""

from __future__ import annotations

from lsprotocol import types

from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import FOLDED, LITERAL
from devbox_lint_lsp.document_view import View
from devbox_lint_lsp.server import Server

# An entry whose first line holds a key with a plain value, so that other keys of the entry follow.
_ENTRY = lazy(r"(?P<indent>[ ]*+)(?P<dash>-[ ]++)[\w$.\"'-]++:[ ]++(?![|>&*!\[{]).*")


def register(server: Server) -> None:
    """Add the feature to the server."""
    options = types.DocumentOnTypeFormattingOptions(first_trigger_character="\n")
    server.feature(types.TEXT_DOCUMENT_ON_TYPE_FORMATTING, options)(_on_enter)


async def _on_enter(ls: Server, params: types.DocumentOnTypeFormattingParams) -> list[types.TextEdit] | None:
    view = await ls.help_view(params.text_document.uri)
    if view is None or params.ch != "\n":
        return None
    place = params.position
    columns = await ls.worker.start(_missing_columns, view, ls.offset_in(view.source, place))
    return [types.TextEdit(types.Range(place, place), " " * columns)] if columns else None


def _missing_columns(view: View, offset: int) -> int:
    """How many blanks bring a blank line below an entry's first line to the entry's keys."""
    source = view.source
    line = source.position(offset).line
    entry = _ENTRY.fullmatch(source.line_text(line - 1)) if line else None
    if entry is None or source.line_text(line) != entry["indent"]:
        return 0
    for scalar in view.customization.document.scalars:
        is_block = scalar.style in (LITERAL, FOLDED) and scalar.start < offset
        if is_block and (offset <= scalar.end or not source.text[scalar.end : offset].strip()):
            # In the text of a script, which is its author's.
            return 0
    return len(entry["dash"])
