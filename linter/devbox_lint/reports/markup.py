"""HTML that is escaped by construction: a text is escaped wherever it is put, and only what was made here is not.

What is written is ASCII, so that no encoding of a stream or a server can misread it.
"""

from __future__ import annotations

from html import escape

from devbox_lint.escaping import neutralise


class Markup(str):
    """A text that is HTML already."""

    __slots__ = ()


def text(words: str) -> Markup:
    """Any text, harmless, as HTML."""
    return plain(neutralise(words))


def plain(words: str) -> Markup:
    """A text that is harmless already, as HTML."""
    return Markup(escape(words).encode("ascii", "xmlcharrefreplace").decode("ascii"))


def tag(name: str, *content: str, **attributes: str | None) -> Markup:
    """An element; attributes that are None are left out, ``class_`` is `class`, and `_` stands for `-`."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{text(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(part if isinstance(part, Markup) else text(part) for part in content)
    return Markup(f"<{name}{written}>{inner}</{name}>")


def link(words: str, address: str | None) -> Markup:
    """A link, where the address is one of the web; else the words alone."""
    if address is None or not address.startswith(("https://", "http://")):
        return text(words)
    return tag("a", words, href=address, rel="noopener noreferrer")
