"""What of a file is looked through for secrets: its values, its comments, and the lines of a broken file."""

from __future__ import annotations

import time
from collections.abc import Iterator

from devbox_lint.credentials.names import name_kind
from devbox_lint.credentials.tokens import Token
from devbox_lint.diagnostics import Span
from devbox_lint.powershell import is_comment
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.document import Document
from devbox_lint.yaml.nodes import Mapping, Scalar, Sequence, resolve

# What makes 52 letters and digits a token: a name before them, or the host after them.
_CONTEXT_BEFORE = lazy(
    r"(?:(?<![A-Za-z])[Pp][Aa][Tt]|(?<=[a-z0-9])P(?:at|AT))(?:_?(?:[Tt]oken|TOKEN|[Vv]alue|VALUE))?(?![a-z])"
    r"|(?i:access[ _-]?token)"
)
_CONTEXT_AFTER = lazy(r"(?i)@(?:dev\.azure\.com|[A-Za-z0-9-]{1,60}\.visualstudio\.com)")
_ADDRESS = lazy(r"(?i)[ \t]*+(?:https?|ado):/")
_BASE64 = frozenset("+/_-")
_EXPIRY = lazy(r"[?&;]se=(\d{4}-\d\d-\d\d)")


def counts(text: str, token: Token) -> bool:
    """Whether a token found by its form is one where it stands."""
    if token.checksum:
        return True
    return not is_in_reference(text, token) and (not token.format.weak or _is_in_context(text, token))


def is_in_reference(text: str, token: Token) -> bool:
    """Whether the token is a part of the address of a secret, such as a version."""
    line = max(text.rfind("\n", max(0, token.start - 500), token.start) + 1, token.start - 500, 0)
    opened = text.rfind("{{", line, token.start)
    return (
        opened >= 0
        and text.find("}}", opened, token.start) < 0
        and _ADDRESS.match(text[opened + 2 : token.start]) is not None
    )


def has_expired(text: str, token: Token) -> bool:
    """Whether a shared access signature says that it opens nothing any more."""
    if text[token.start - 4 : token.start] != "sig=":
        return False
    for match in _EXPIRY.finditer(text[max(0, token.start - 600) : token.end + 600]):
        return match.group(1) < time.strftime("%Y-%m-%d", time.gmtime())
    return False


def lines_outside(document: Document) -> Iterator[tuple[str, str, Span]]:
    """The lines of a broken file with something that is in no value: name, value, and where the value stands."""
    text = document.source.text
    covered = sorted([node.span for node in document.scalars] + [comment.span for comment in document.comments])
    index = 0
    for number, start in enumerate(document.source.line_starts):
        end = document.source.line_end(number)
        while index < len(covered) and covered[index].end <= start:
            index += 1
        at = start
        probe = index
        while (
            probe < len(covered)
            and covered[probe].start < end
            and not text[at : covered[probe].start].strip(" -:?,[]{}\t")
        ):
            at = max(at, covered[probe].end)
            probe += 1
        if text[at:end].strip(" -:?,[]{}|>\t\r"):
            line = text[start:end]
            match = _PAIR.match(line)
            if match is not None:
                yield match.group(1), match.group(2), Span(start + match.start(2), start + match.end(2))
            else:
                yield "", line, Span(start, end)


_PAIR = lazy(r"[ \t]*+(?:-[ \t]++)*+[\"']?([A-Za-z][\w.-]{0,80})[\"']?[ \t]*+:[ \t]++[\"']?([^\"'\r\n]*+)")


def _is_in_context(text: str, token: Token) -> bool:
    if _CONTEXT_AFTER.match(text[token.end : token.end + 100]):
        return True
    if text[token.start - 1 : token.start] in _BASE64 or text[token.end : token.end + 1] in _BASE64:
        return False
    line = max(text.rfind("\n", max(0, token.start - 60), token.start) + 1, token.start - 60, 0)
    if _CONTEXT_BEFORE.search(text[line : token.start]):
        return True
    # What Azure DevOps shares with other keys of Azure since 2024.
    return token.end - token.start == 84 and text.startswith("JQQJ9", token.start + 52)


#: Texts of at most this many characters hand over no secret.
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
    if "#" in document.source.text and not document.is_script:
        for comment in document.comments:
            yield Part(comment.text, start=comment.span.start, comment=True)
    if document.problems:
        for name, text, span in lines_outside(document):
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
