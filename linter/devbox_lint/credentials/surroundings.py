"""What stands around a token: whether it counts as one there, and what of a broken file is in no value."""

from __future__ import annotations

import time
from collections.abc import Iterator

from devbox_lint.credentials.tokens import Token
from devbox_lint.diagnostics import Span
from devbox_lint.patterns import lazy
from devbox_lint.yaml.document import Document

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
