"""One thing that may be written, and how each client gets it."""

from __future__ import annotations

from typing import Protocol

from lsprotocol import types

from devbox_lint.startup import NamedTuple, lazy
from devbox_lint_lsp.blocks import escaped, indented

_PLACEHOLDER = lazy(r"\$\{\d++(?:\|([^,|]*+)[^|]*+\||:((?:[^}$\\]|\\.)*+)|)\}|\\([\\$])")
# A plain scalar that YAML reads as something else than text, or that ends early.
_NEEDS_QUOTES = lazy(r"[\s\-?:,\[\]{}#&*!|>'\"%@`].*|.*(?::(?:\s|$)|\s#).*|.*\s|[-+.\d].*")


class _Client(Protocol):
    knows_snippets: bool
    knows_markup: bool
    indents: bool


class Proposal(NamedTuple):
    """One thing that may be written; ``text`` is a snippet of the protocol, the label itself where it is empty."""

    label: str
    kind: types.CompletionItemKind
    text: str = ""
    detail: str = ""
    documentation: types.MarkupContent | None = None
    filter_text: str = ""
    is_last: bool = False

    def item(
        self, place: types.Range, number: int, client: _Client, shift: str, line_indent: int
    ) -> types.CompletionItem:
        """The proposal for a client, to be put in ``place``; those with a lower number come first.

        ``shift`` is what is written before it, and belongs to what the client compares; ``line_indent`` are the columns
        by which the line of ``place`` is indented, for clients that do not indent the lines of a block themselves.
        """
        snippet = shift + (self.text or scalar_text(self.label))
        if "\n" in snippet and not client.indents:
            snippet = indented(snippet, line_indent)
        plain = _PLACEHOLDER.sub(lambda match: match[1] or match[2] or match[3] or "", snippet)
        has_places = client.knows_snippets and "${" in snippet
        said = self.documentation
        return types.CompletionItem(
            self.label,
            kind=self.kind,
            detail=self.detail or None,
            documentation=said.value if said is not None and not client.knows_markup else said,
            sort_text=f"{'z' if self.is_last else ''}{number:04}",
            filter_text=shift + (self.filter_text or self.label),
            insert_text_mode=types.InsertTextMode.AdjustIndentation if "\n" in snippet and client.indents else None,
            insert_text_format=types.InsertTextFormat.Snippet if has_places else types.InsertTextFormat.PlainText,
            text_edit=types.TextEdit(place, snippet if has_places else plain),
        )


def scalar_text(value: str, is_quoted: bool = True) -> str:
    """A value as a snippet, in quotes where it needs them and has none."""
    if not is_quoted and (not value or _NEEDS_QUOTES.fullmatch(value)):
        value = f'"{value}"' if '"' not in value and "\\" not in value else "'" + value.replace("'", "''") + "'"
    return escaped(value)
