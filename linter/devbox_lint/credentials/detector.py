"""Finds all secrets of a file once, for the rules that report them and for the masking of what is shown."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from devbox_lint.credentials.base64_text import (
    DEPTH,
    SHORTEST,
    Decoded,
    decode,
    find_base64,
    find_beginnings,
)
from devbox_lint.credentials.formats import SecretKind
from devbox_lint.credentials.literals import is_literal, is_mixed, is_token_literal
from devbox_lint.credentials.names import NameKind, may_hold_name, may_name_token, name_kind
from devbox_lint.credentials.operands import Clues, find_clues, find_operands
from devbox_lint.credentials.positions import find_places
from devbox_lint.credentials.scan import SHORTEST_OPERAND, Part, counts, find_parts, has_expired
from devbox_lint.credentials.tokens import Token, find_tokens, may_hold_token
from devbox_lint.diagnostics import Severity, Span
from devbox_lint.references.placeholders import is_placeholder_credential
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.document import Document
from devbox_lint.yaml.nodes import Scalar


class Secret(NamedTuple):
    """A secret in a file.

    ``description`` is a noun with its article and ``place`` names what holds it, both without a character of
    the secret; ``value`` is the secret, which nothing may show. ``severity`` is None for that of the rule.
    ``scalar`` is the value of a parameter that the secret fills; ``proven`` says that a checksum holds.
    """

    kind: SecretKind
    span: Span
    description: str
    place: str
    value: str
    severity: Severity | None = None
    scalar: Scalar | None = None
    proven: bool = False

    def __repr__(self) -> str:
        return f"Secret({self.kind.name} {self.span.start}:{self.span.end})"


# One file is looked through by several rules and by the report.
@lru_cache(maxsize=4)
def find_secrets(document: Document) -> tuple[Secret, ...]:
    """The secrets of a file in the order of the file, no two for the same characters."""
    return _find(document, 0)


def _find(document: Document, depth: int) -> tuple[Secret, ...]:
    """The secrets of a document; one without a tree is a script."""
    text = document.source.text
    lowered = text.lower()
    by_name = may_hold_name(lowered) or may_name_token(text)
    clues = find_clues(text, lowered, by_name)
    beginnings = find_beginnings(text) if depth < DEPTH else ()
    found: list[Secret] = []
    judged: set[str] = set()
    if may_hold_token(text):
        found.extend(_tokens(document))
    if by_name or clues or beginnings:
        whole = document.root is None and not document.problems
        for part in (Part(text),) if whole else find_parts(document, by_name, clues.hints, beginnings):
            if part.name:
                if part.scalar is not None:
                    judged.add(part.text.strip())
                found.extend(_parameter(part))
            if clues and len(part.text) > SHORTEST_OPERAND:
                found.extend(_operands(part, clues))
            if beginnings and any(beginning in part.text for beginning in beginnings):
                found.extend(_encoded(part, depth))
    if by_name and document.root is not None:
        found.extend(_misplaced(document, found, judged))
    return _apart(found)


def _misplaced(document: Document, found: list[Secret], judged: set[str]) -> Iterator[Secret]:
    """The secrets that YAML does not read as the value of their name: broken, eaten by its marks, or in braces.

    ``judged`` are the values that have been looked at as such.
    """
    text = document.source.text
    known = sorted(secret.span for secret in found)
    for place in find_places(document):
        index = bisect_right(known, (place.end, -1)) - 1
        if index >= 0 and known[index].end > place.start:
            continue
        piece = text[place.start : place.end]
        in_braces = text[max(0, place.start - 3) : place.start].strip(" ").endswith("{{")
        if not (place.is_key or in_braces) or (piece[0] in "$<[(" or (piece[0] == "%" and piece[-1] == "%")):
            continue
        kind = name_kind(place.name)
        if kind is None or piece in judged or _is_comment(document, place.start - 1):
            continue
        for word in _WORDS.finditer(piece):
            value = word.group()
            if is_mixed(value) and is_literal(value, kind, place.name, strict=True):
                secret_kind = SecretKind.TOKEN if kind is NameKind.PAT else SecretKind.PARAMETER
                if not place.is_key:
                    secret_kind = SecretKind.COMMAND
                span = Span(place.start + word.start(), place.start + word.end())
                yield Secret(secret_kind, span, f"{_article(kind.value)} {kind.value}", _shown(place.name), value)
                break


def _apart(found: list[Secret]) -> tuple[Secret, ...]:
    """Of secrets that share characters the most telling one."""
    if len(found) < 2:
        return tuple(found)
    kept: list[Secret] = []
    # A token that fills a parameter comes before the same token by its form; base64 is what holds the secret.
    for secret in sorted(found, key=lambda item: (_rank(item), item.span)):
        index = bisect_right(kept, secret.span.start, key=lambda item: item.span.start)
        before = index == 0 or kept[index - 1].span.end <= secret.span.start
        if before and (index == len(kept) or kept[index].span.start >= secret.span.end):
            kept.insert(index, secret)
    return tuple(kept)


def _rank(secret: Secret) -> tuple[int, int]:
    if secret.kind is SecretKind.ENCODED:
        return 0, 0
    if secret.severity is Severity.WARNING and secret.kind is SecretKind.SERVICE:
        return SecretKind.ENCODED, 0  # its name or command weighs more than its form
    return secret.kind, 0 if secret.scalar is not None else 1


def _tokens(document: Document) -> Iterator[Secret]:
    text = document.source.text
    for token in find_tokens(text):
        if not counts(text, token):
            continue
        yield _token(token, Span(token.start, token.end), text, _is_comment(document, token.start))


def _token(token: Token, span: Span, text: str, in_comment: bool) -> Secret:
    severity = token.format.severity
    if token.checksum is False:
        # It may be a sample with a letter changed; beside a name that says token it hardly is.
        severity = Severity.INFO if in_comment else (None if token.format.weak else Severity.WARNING)
    elif token.checksum is None and (
        # A short one is a password by its surroundings alone, and a comment may be an example.
        (in_comment and token.end - token.start < SHORTEST) or has_expired(text, token)
    ):
        severity = Severity.INFO
    description = f"{_article(token.description)} {token.description}"
    return Secret(
        token.format.kind, span, description, "", text[token.start : token.end], severity, None, bool(token.checksum)
    )


def _parameter(part: Part) -> Iterator[Secret]:
    kind = name_kind(part.name) if part.name else None
    scalar = part.scalar
    data = "" if scalar is None else scalar.data
    if kind is None or data is None or isinstance(data, bool):
        return
    text = part.text
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    value = text[start:end]
    known = [token for token in find_tokens(value) if not token.format.weak or token.checksum]
    if kind is NameKind.PAT:
        if not value or not (known or is_token_literal(value)):
            return
    elif (
        not is_literal(value, kind, part.name)
        or _encodes_a_placeholder(value)
        or (isinstance(data, (int, float)) and len(value) < 6)
    ):
        return
    secret_kind = SecretKind.TOKEN if kind is NameKind.PAT else SecretKind.PARAMETER
    noun = known[0].description if known else kind.value
    yield Secret(secret_kind, part.span(start, end), f"{_article(noun)} {noun}", _shown(part.name), value, None, scalar)


def _encodes_a_placeholder(value: str) -> bool:
    text = decode(value)
    pair = None if text is None else _PAIR.fullmatch(text)
    return pair is not None and is_placeholder_credential(pair.group(1))


def _operands(part: Part, clues: Clues) -> Iterator[Secret]:
    text = part.text
    for operand in find_operands(text, clues):
        value = text[operand.start : operand.end]
        severity = None if operand.certain else Severity.WARNING
        if part.is_comment(operand.start):
            severity = Severity.INFO
        known = [token for token in find_tokens(value) if not token.format.weak or token.checksum]
        description = f"{_article(known[0].description)} {known[0].description}" if known else "a secret"
        yield Secret(operand.kind, part.span(operand.start, operand.end), description, operand.label, value, severity)


def _encoded(part: Part, depth: int) -> Iterator[Secret]:
    for decoded in find_base64(part.text):
        for start, end, secret in _inside(decoded, part, depth):
            severity = secret.severity
            if part.is_comment(decoded.start) and not secret.proven:
                severity = Severity.INFO
            span = part.span(*decoded.span(start, end))
            line = decoded.text.count("\n", 0, start) + 1
            where = "the base64 text" if "\n" not in decoded.text.strip() else f"line {line} of the decoded base64 text"
            yield Secret(
                SecretKind.ENCODED, span, secret.description, where, secret.value, severity, None, secret.proven
            )


_WORDS = lazy(r"[^\s*&#%@|>?`{}\[\]'\",!-][^\s{}\[\]'\",`]{5,}")
_PAIR = lazy(r"[^\s:\"'{}\[\]<>,;=()]{0,64}:(\S{6,2000})\s?")
# An image's digest, a resource of AWS or another name with colons, a file of Windows.
_NO_PAIR = lazy(r"(?i)(?:(?:md5|sha\d{1,3}(?:[-_]\d+)?|urn|arn|oid|did|data|blake\w+):|\S{0,60}sha\d{3}:|[a-z]:[\\/])")
_KEYS = lazy(r"(?m)^[ \t-]*[A-Za-z$\"'][\w $\"'.-]{0,60}:(?:[ \t\r\n]|\Z)")


def _inside(decoded: Decoded, part: Part, depth: int) -> Iterator[tuple[int, int, Secret]]:
    """The secrets of a decoded text with their places in it."""
    text = decoded.text
    pair = _PAIR.fullmatch(text)
    if pair is not None and "://" not in text and not _NO_PAIR.match(text):
        start, end = pair.span(1)
        value = text[start:end]
        if not is_placeholder_credential(value) and _is_secret_of_pair(value, part.name):
            known = find_tokens(value)
            what = known[0].description if known else "password"
            yield start, end, Secret(SecretKind.ENCODED, Span(start, end), f"{_article(what)} {what}", "", value)
        return
    document = Document(SourceFile("", text), None, ())
    if _KEYS.search(text):
        # Imported here: most files hold no document in base64.
        from devbox_lint.yaml.parse import parse

        document = parse(document.source)
    for secret in _find(document, depth + 1):
        yield *secret.span, secret


def _is_secret_of_pair(value: str, name: str) -> bool:
    """Whether what follows a colon is a password: a word in prose or a time is not."""
    if name and name_kind(name) is not None:
        return True
    return is_literal(value, NameKind.KEY, strict=True)


def _is_comment(document: Document, offset: int) -> bool:
    comments = document.comments
    index = bisect_right(comments, offset, key=lambda comment: comment.span.start) - 1
    return index >= 0 and offset < comments[index].span.end


def _shown(name: str) -> str:
    return f"`{name}`" if name.isascii() and name.isprintable() and len(name) <= 60 else "this parameter"


def _article(noun: str) -> str:
    return "an" if noun[0] in "AEIOU" else "a"
