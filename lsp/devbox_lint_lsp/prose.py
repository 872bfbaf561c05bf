"""Text for people, in Markdown where the client shows it, plain where it does not; words of a file are never markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lsprotocol import types

from devbox_lint.neutral import neutralise
from devbox_lint.patterns import lazy

_MARKUP = lazy(r"[\\`*_{}\[\]()<>#+\-.!|~&]")
_BACKTICKS = lazy(r"`+")
#: More characters of one text of a file are not shown.
LONGEST = 1_000


class Prose:
    """One way of writing; ``kinds`` are those that the client shows, the one it likes best first."""

    def __init__(self, kinds: Sequence[types.MarkupKind] | None) -> None:
        # A client that says nothing is of the time before plain text could be told from Markdown.
        self.kind = kinds[0] if kinds else types.MarkupKind.Markdown
        self._is_marked = self.kind is types.MarkupKind.Markdown

    def strong(self, words: str) -> str:
        """Words of a file or of ours as a heading."""
        return f"**{self.words(words)}**" if self._is_marked else self.words(words)

    def code(self, words: str) -> str:
        """Words of a file as they stand in it, on one line."""
        shown = _short(neutralise(words)) or " "
        if not self._is_marked:
            return shown
        fence = "`" * (max((len(run.group()) for run in _BACKTICKS.finditer(shown)), default=0) + 1)
        blank = " " if "`" in (shown[0], shown[-1]) else ""
        return f"{fence}{blank}{shown}{blank}{fence}"

    def codes(self, words: Iterable[str]) -> str:
        """Several of them, with commas between."""
        return ", ".join(self.code(word) for word in words)

    def words(self, words: str) -> str:
        """Sentences of a file, each line by itself."""
        lines = (neutralise(line.strip()) for line in _short(words).splitlines())
        return "  \n".join(_MARKUP.sub(r"\\\g<0>", line) if self._is_marked else line for line in lines)

    def link(self, words: str, url: str) -> str:
        """A link to an address of ours."""
        return f"[{words}]({url})" if self._is_marked else f"{words}: {url}"

    def listed(self, lines: Iterable[str]) -> str:
        """One line for each, as a list."""
        return "\n".join(f"- {line}" for line in lines)

    def content(self, paragraphs: Iterable[str]) -> types.MarkupContent:
        """Paragraphs for the client; empty ones are left out."""
        return types.MarkupContent(self.kind, "\n\n".join(paragraph for paragraph in paragraphs if paragraph))


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
