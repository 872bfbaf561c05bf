"""What completion offers, in the form of the protocol."""

from __future__ import annotations

from typing import Protocol

from lsprotocol import types

from devbox_lint.patterns import lazy
from devbox_lint.records import NamedTuple

_SPECIAL = lazy(r"[\\$]")
_PLACEHOLDER = lazy(r"\$\{\d++:((?:[^}$\\]|\\.)*+)\}|\\([\\$])")
# A plain scalar that YAML reads as something else than text, or that ends early.
_NEEDS_QUOTES = lazy(r"[\s\-?:,\[\]{}#&*!|>'\"%@`].*|.*(?::(?:\s|$)|\s#).*|.*\s|[-+.\d].*")


class _Client(Protocol):
    knows_snippets: bool
    knows_markup: bool


class Proposal(NamedTuple):
    """One thing that may be written; ``text`` is a snippet of the protocol, the label itself where it is empty."""

    label: str
    kind: types.CompletionItemKind
    text: str = ""
    detail: str = ""
    documentation: types.MarkupContent | None = None
    filter_text: str = ""

    def item(self, place: types.Range, number: int, client: _Client) -> types.CompletionItem:
        """The proposal for a client, to be put in ``place``; those with a lower number come first."""
        snippet = self.text or scalar_text(self.label)
        plain = _PLACEHOLDER.sub(lambda match: match[1] or match[2] or "", snippet)
        has_places = client.knows_snippets and "${" in snippet
        said = self.documentation
        return types.CompletionItem(
            self.label,
            kind=self.kind,
            detail=self.detail or None,
            documentation=said.value if said is not None and not client.knows_markup else said,
            sort_text=f"{number:04}",
            filter_text=self.filter_text or plain,
            insert_text_format=types.InsertTextFormat.Snippet if has_places else types.InsertTextFormat.PlainText,
            text_edit=types.TextEdit(place, snippet if has_places else plain),
        )


def scalar_text(value: str, is_quoted: bool = True) -> str:
    """A value as a snippet, in quotes where it needs them and has none."""
    if not is_quoted and (not value or _NEEDS_QUOTES.fullmatch(value)):
        value = f'"{value}"' if '"' not in value and "\\" not in value else "'" + value.replace("'", "''") + "'"
    return _SPECIAL.sub(r"\\\g<0>", value)
