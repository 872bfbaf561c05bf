"""The expressions that Dev Box resolves inside values: ``{{...}}``, parsed once for every rule.

Offsets count code points of the scalar's value from 0, half open; ``scalar.span_of`` leads to the source.
Whatever is malformed is still parsed as far as it goes, so that a rule can point at the wrong part alone.
Reading a value takes time linear in its length.
"""

from __future__ import annotations

import re
from enum import Enum

from devbox_lint.diagnostics import Span
from devbox_lint.references.addresses import AdoOrganization, Part, SecretUri, parse_ado, parse_secret_uri, part_of
from devbox_lint.references.placeholders import is_placeholder, is_placeholder_variable
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.nodes import Scalar


class ReferenceKind(Enum):
    """What an expression stands for."""

    SECRET = "secret"
    ADO = "ado"
    PARAMETER = "parameter"
    PLACEHOLDER = "placeholder"
    #: The syntax of another product: ``${{ x }}``, ``{{parameters.x}}``.
    FOREIGN = "foreign"
    UNKNOWN = "unknown"
    #: A vault address or ``ado://`` after ``{{`` that no ``}}`` ends.
    UNCLOSED = "unclosed"


class Reference(NamedTuple):
    """One expression; ``start`` and ``end`` are offsets in the scalar's value, braces included.

    ``content`` is what stands between the braces, without the blanks around it. An unclosed expression ends
    with its address, before any single ``}``; a foreign one starts at its ``$`` if it has one.
    """

    scalar: Scalar
    start: int
    end: int
    kind: ReferenceKind
    content: Part
    secret: SecretUri | None = None
    ado: AdoOrganization | None = None

    @property
    def text(self) -> str:
        """What stands between the braces, without the blanks around it."""
        return self.content.text

    @property
    def span(self) -> Span:
        """The expression with its braces, in the source."""
        return self.scalar.span_of(self.start, self.end)

    @property
    def is_whole(self) -> bool:
        """Whether the value holds nothing else."""
        return self.scalar.value.strip() == self.scalar.value[self.start : self.end]


_TOKEN = lazy(r"\{\{+|\}\}|[\r\n]")
# An address ends where a script or a sentence goes on; no part of an address of ours holds these characters.
_ADDRESS = lazy(r"[ \t]*+([^\s'\"`‘’“”{}<>|;,()\[\]]*+)")
_BARE_ADDRESS = lazy(r"https?://[^\s'\"`‘’“”{}<>|;,()\[\]]++", re.IGNORECASE)
_IDENTIFIER = lazy(r"[A-Za-z_][A-Za-z0-9_-]*")
_FOREIGN = lazy(
    r"(?:parameters|params|inputs?|variables|vars|secrets|env|steps|outputs|matrix|github|needs|pipeline|data)"
    r"(?:\.[A-Za-z_][A-Za-z0-9_-]*)+|(?:parameters|variables)\([ ]?'[^'()]{1,100}'[ ]?\)",
    re.IGNORECASE,
)
_VAULT_SCHEMES = frozenset(("keyvault", "key-vault", "akv", "kv", "azurekeyvault", "vault"))


def find_references(scalar: Scalar) -> list[Reference]:
    """The expressions in a scalar's value, in order; an expression does not cross a line break."""
    value = scalar.value
    found: list[Reference] = []
    opened = -1
    for match in _TOKEN.finditer(value):
        token = match.group()
        if token[0] == "{":
            if opened >= 0:
                _add_unclosed(found, scalar, opened, match.start())
            # Of a run of braces the innermost two open: `{"a":{{{x}}}}` holds `{{x}}`.
            opened = match.end()
        elif opened >= 0:
            if token[0] == "}":
                found.append(_closed(scalar, opened, match.start()))
            else:
                _add_unclosed(found, scalar, opened, match.start())
            opened = -1
    if opened >= 0:
        _add_unclosed(found, scalar, opened, len(value))
    return found


def find_vault_addresses(scalar: Scalar) -> list[SecretUri]:
    """The addresses of Key Vault objects in a scalar's value that stand outside ``{{...}}``, in order."""
    value = scalar.value
    if "://" not in value:
        return []
    taken = iter([(reference.start, reference.end) for reference in find_references(scalar)] if "{{" in value else [])
    first, last = next(taken, (len(value), len(value)))
    found = []
    for match in _BARE_ADDRESS.finditer(value):
        while last <= match.start():
            first, last = next(taken, (len(value), len(value)))
        if match.start() < first:
            address = parse_secret_uri(value, match.start(), match.end())
            if address.cloud is not None:
                found.append(address)
    return found


def _closed(scalar: Scalar, opened: int, closed: int) -> Reference:
    value = scalar.value
    inner = value[opened:closed]
    start = opened + len(inner) - len(inner.lstrip())
    content = part_of(value, start, max(start, opened + len(inner.rstrip())))
    kind, secret, ado = _classify(value, content)
    first = opened - 2
    if first > 0 and value[first - 1] == "$":
        kind, first, secret, ado = ReferenceKind.FOREIGN, first - 1, None, None
    return Reference(scalar, first, closed + 2, kind, content, secret, ado)


def _add_unclosed(found: list[Reference], scalar: Scalar, opened: int, limit: int) -> None:
    value = scalar.value
    match = _ADDRESS.match(value, opened, limit)
    if match is None or match.start(1) == match.end(1):
        return
    content = part_of(value, *match.span(1))
    if content.end == limit and value.startswith("{{", limit):
        return  # one expression inside another
    _, secret, ado = _classify(value, content)
    known = (secret is not None and secret.cloud is not None) or (ado is not None and bool(ado.organization))
    if known:
        found.append(Reference(scalar, opened - 2, content.end, ReferenceKind.UNCLOSED, content, secret, ado))


def _classify(value: str, content: Part) -> tuple[ReferenceKind, SecretUri | None, AdoOrganization | None]:
    text = content.text
    if not text:
        return ReferenceKind.UNKNOWN, None, None
    if _IDENTIFIER.fullmatch(text):
        if text.lower() == "ado":
            return ReferenceKind.ADO, None, parse_ado(value, content.start, content.end)
        kind = ReferenceKind.PLACEHOLDER if is_placeholder_variable(text) else ReferenceKind.PARAMETER
        return kind, None, None
    if any(mark in text for mark in ":/\\."):
        ado = parse_ado(value, content.start, content.end)
        if ado is not None:
            return ReferenceKind.ADO, None, ado
        secret = parse_secret_uri(value, content.start, content.end)
        scheme = secret.scheme.text.lower()
        at_vault = secret.cloud is not None or ".vault." in secret.host.text.lower()
        meant = scheme in ("http", "https") or (scheme in _VAULT_SCHEMES and secret.separator.text == "://")
        if meant or (at_vault and (secret.scheme or secret.collection)):
            return ReferenceKind.SECRET, secret, None
    if is_placeholder(text):
        return ReferenceKind.PLACEHOLDER, None, None
    return (ReferenceKind.FOREIGN if _FOREIGN.fullmatch(text) else ReferenceKind.UNKNOWN), None, None
