"""Whether a key is truly absent: not misspelt, not lost with a part of the file that cannot be read."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from devbox_lint.customization.schema import MERGE, load_schema
from devbox_lint.diagnostics import Span
from devbox_lint.rule import Context
from devbox_lint.spelling import near_misses
from devbox_lint.yaml.nodes import Mapping, Scalar

#: What people write at the top of a file for a key whose name is too different to be a misspelling.
SYNONYMS = {
    **dict.fromkeys(("baseImage", "img", "imageName", "imageReference", "marketplaceImage", "sourceImage"), "image"),
    **dict.fromkeys(("entrypoint", "entryPoint", "powershellEntrypoint", "run", "script"), "command"),
    "schemaVersion": "$schema",
}


def absent(context: Context, *names: str) -> Span | None:
    """Where to say that the top of the file has none of ``names``; None where it may have one.

    The place is the first key; in a file without content, the end.
    """
    root = context.customization.root
    if root is None:
        if context.document.root is not None or context.document.problems:
            return None
        end = len(context.source.text)
        return Span(end, end)
    for entry in root.entries:
        if entry.name in names:
            return None
    return absent_in(context, root, load_schema(context.kind)["properties"], *names)


def absent_in(context: Context, mapping: Mapping, known: Collection[str], *names: str) -> Span | None:
    """Where to say that ``mapping``, which can have the keys ``known``, has none of ``names``; None as above."""
    entries = mapping.entries
    for entry in entries:
        if entry.name in names:
            return None
    for entry in entries:
        name = entry.name
        if name == MERGE or (name is not None and name not in known and _means(name, known, names)):
            return None
    if context.document.problems and any(
        _is_written(context.source.text, name, root=mapping is context.document.root) for name in names
    ):
        return None
    if not entries:
        return mapping.span
    key = entries[0].key
    return key.span if isinstance(key, Scalar) else Span(key.start, key.start)


def _means(name: str, known: Collection[str], names: tuple[str, ...]) -> bool:
    return SYNONYMS.get(name) in names or any(choice in names for choice in near_misses(name, known))


@lru_cache(maxsize=8)
def _is_written(text: str, name: str, root: bool) -> bool:
    """Whether a line of the text starts with the key, which the tree of a broken file may not hold.

    A key of the root does not follow a dash, unlike the first one of a task entry.
    """
    before = r"[ \t'\"]*" if root else r"[ \t'\"-]*"
    return re.search(rf"^{before}{re.escape(name)}['\"]?[ \t]*:", text, re.MULTILINE) is not None
