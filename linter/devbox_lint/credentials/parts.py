"""What of a file is looked through for secrets: its values, its comments, and the lines of a broken file."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.credentials import surroundings
from devbox_lint.credentials.names import name_kind
from devbox_lint.diagnostics import Span
from devbox_lint.powershell import is_comment
from devbox_lint.records import NamedTuple
from devbox_lint.yaml.document import Document
from devbox_lint.yaml.nodes import Mapping, Scalar, Sequence, resolve

#: In texts of so many characters nothing hands over a secret.
SHORTEST_OPERAND = 8


class Part(NamedTuple):
    """A text that is looked through: a value, a comment, or a line that is neither because the file is broken.

    ``name`` is the nearest key above a value; ``start`` the place in the source of a text that is no value.
    """

    text: str
    name: str = ""
    scalar: Scalar | None = None
    start: int = 0
    comment: bool = False

    def span(self, start: int, end: int) -> Span:
        """The place in the source of ``text[start:end]``."""
        if self.scalar is not None:
            return self.scalar.span_of(start, end)
        return Span(self.start + start, self.start + end)

    def is_comment(self, offset: int) -> bool:
        """Whether the place is in a comment of YAML or of a script."""
        return self.comment or is_comment(self.text, offset)


def find_parts(
    document: Document, by_name: bool, hints: tuple[str, ...], beginnings: tuple[str, ...]
) -> Iterator[Part]:
    """The values that tell something, with their names if asked for; the comments; what of a broken file is neither.

    ``hints`` are in lower case and ``beginnings`` are those of base64: a value without either, and without the name
    of a secret, tells nothing.
    """
    named = _names(document) if by_name else {}
    for scalar in document.scalars:
        text = scalar.value
        name = named.get(id(scalar), "") if named else ""
        if name or (len(text) > SHORTEST_OPERAND and _tells(text, hints, beginnings)):
            yield Part(text, name, scalar)
    if "#" in document.source.text:
        for comment in document.comments:
            yield Part(comment.text, start=comment.span.start, comment=True)
    if document.problems:
        for name, text, span in surroundings.lines_outside(document):
            yield Part(text, name, start=span.start)


def _tells(text: str, hints: tuple[str, ...], beginnings: tuple[str, ...]) -> bool:
    """Whether there is a hint in ``text``, or the beginning of base64."""
    if hints:
        lowered = text.lower()
        for hint in hints:
            if hint in lowered:
                return True
    return bool(beginnings) and any(beginning in text for beginning in beginnings)


def _names(document: Document) -> dict[int, str]:
    """The nearest key above each value, by the identity of the scalar; keys that tell of no secret left out."""
    named: dict[int, str] = {}
    owners: dict[int, str] = {}
    for mapping in document.mappings:
        for entry in mapping.entries:
            name = entry.name or ""
            value = resolve(entry.value)
            if isinstance(value, Mapping):
                owners[id(value)] = name
                continue
            if name in ("default", "value", "defaultValue"):
                # A declared parameter, or a pair of a name and a value.
                other = mapping.scalar("name")
                name = other.value if other is not None and name == "value" else owners.get(id(mapping), name)
            if name_kind(name) is None:
                continue
            for item in value.items if isinstance(value, Sequence) else (value,):
                if isinstance(item, Scalar):
                    named.setdefault(id(item), name)
    return named
