"""Covers the secrets of a file in everything that is shown of it: source lines, messages, edits, tracebacks.

What is covered are the secrets that are found, and the value side of each name that says secret, found or not.
Whatever is shown of a file goes through its :class:`Mask`, so that no rule need think of it.

Spans count code points of the source's text from 0, half open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from devbox_lint.diagnostics import Span
from devbox_lint.source import SourceFile
from devbox_lint.startup import lazy

if TYPE_CHECKING:
    from devbox_lint.credentials.detector import Secret
    from devbox_lint.credentials.positions import Place
    from devbox_lint.yaml.document import Document

#: What stands for each character of a secret; also what SARIF calls a redaction token.
COVER = "*"
#: A file with more secrets is covered as a whole, which is quicker than looking for each.
_MANY = 500
#: A shorter secret is covered elsewhere only where it is a word of its own.
_SHORT = 4
#: How many characters in a row make a part of a secret.
_PART = 5
#: The words that names of secrets are made of, which may stand in a password too.
_USUAL = lazy(
    r"(?i)pass(?:word|wd|phrase)?|secret|token|credential|admin|user|string|key|connection|access|account|azure"
)
#: How addresses begin.
_SCHEMES = frozenset(("https", "https:", "https:/", "https://", "http:/", "http://"))


class Mask:
    """What must not be shown of one file.

    ``spans`` are the secrets, every repetition of one included, also in the form that an address takes;
    they are in order and apart. ``quotations`` are the texts that may hold a secret where the file is quoted.
    """

    __slots__ = ("_parts", "covers_all", "quotations", "spans")

    def __init__(self, text: str, secrets: Iterable[Secret] = (), places: Iterable[Place] = ()) -> None:
        quotations: set[str] = set()
        spans: list[Span] = []
        secrets = tuple(secrets)
        places = tuple(places)
        #: The parts of secrets, made when first asked for.
        self._parts: frozenset[str] | None = None
        self.covers_all = len({secret.value for secret in secrets}) + len(places) > _MANY
        if self.covers_all:
            spans.append(Span(0, len(text)))
            secrets = places = ()
        for secret in secrets:
            spans.append(secret.span)
            quotations.update(_forms(secret.value))
            quotations.update(_lines(text[secret.span.start : secret.span.end]))
        for place in places:
            spans.append(Span(place.start, place.end))
            value = text[place.start : place.end]
            # The marks of YAML before it are quoted or not.
            for form in {value, value.lstrip("*&!#%@|>?- ")}:
                if len(form) >= _SHORT:
                    quotations.update(_forms(form))
        #: The longest first: one may be a part of another.
        self.quotations = tuple(sorted(quotations, key=lambda quotation: (-len(quotation), quotation)))
        for quotation in self.quotations:
            spans.extend(_occurrences(text, quotation))
        self.spans = tuple(_joined(spans))

    @classmethod
    def of_spans(cls, spans: Iterable[Span]) -> Mask:
        """The mask of a text whose secrets are at ``spans``, and stand in no other text that is shown of it."""
        mask = cls("")
        mask.spans = tuple(spans)
        return mask

    def covered(self, text: str) -> str:
        """The text of the file itself with its secrets covered; all other characters keep their places."""
        parts: list[str] = []
        at = 0
        for start, end in self.spans:
            parts.append(text[at:start])
            parts.append("".join(character if character in "\r\n" else COVER for character in text[start:end]))
            at = end
        return "".join((*parts, text[at:]))

    def conceal(self, text: str) -> str:
        """Any other text, such as a message, with what it quotes of the secrets covered."""
        if self.covers_all:
            return "".join(COVER if character.isalnum() else character for character in text)
        for quotation in self.quotations:
            if quotation in text:
                spans = list(_occurrences(text, quotation))
                for start, end in reversed(spans):
                    text = text[:start] + COVER * (end - start) + text[end:]
        return self._without_parts(text)

    def _without_parts(self, text: str) -> str:
        """The text without what is left of secrets that are not quoted whole."""
        if self._parts is None:
            self._parts = frozenset(
                quotation[at : at + _PART] for quotation in self.quotations for at in range(len(quotation) - _PART + 1)
            )
        if not self._parts:
            return text
        at = 0
        last = len(text) - _PART
        while at <= last:
            if text[at : at + _PART] not in self._parts:
                at += 1
                continue
            end = at + _PART
            while end < len(text) and text[end - _PART + 1 : end + 1] in self._parts:
                end += 1
            if not _is_usual(text[at:end]) and text[at:end] not in _SCHEMES and text[at:end] not in _public_prefixes():
                text = text[:at] + COVER * (end - at) + text[end:]
            at = end
        return text


@lru_cache(maxsize=1)
def _public_prefixes() -> frozenset[str]:
    """The beginnings of tokens that say what they are and no more."""
    from devbox_lint.credentials.tokens import FORMATS

    return frozenset(form.prefix for form in FORMATS)


def _is_usual(part: str) -> bool:
    """Whether a part of a secret is a word that a message may hold by itself."""
    letters = part.replace(" ", "")
    return not letters or (letters.isalpha() and (letters.islower() or len(_USUAL.sub("", letters)) < _SHORT))


# The reports ask for the same file again and again.
@lru_cache(maxsize=4)
def mask_of(source: SourceFile) -> Mask:
    """What must not be shown of a file; the file is searched, whichever rules have run."""
    # Imported here: a run has parsed its files already.
    from devbox_lint.yaml.parse import parse

    return mask_of_document(parse(source))


def mask_of_document(document: Document) -> Mask:
    """What must not be shown of a file that is parsed already."""
    # Imported here: what is in the cache is masked already.
    from devbox_lint.credentials.detector import find_secrets
    from devbox_lint.credentials.positions import find_places

    return Mask(document.source.text, find_secrets(document), find_places(document))


def traceback_of(error: BaseException) -> str:
    """The traceback of a bug of ours without the words of any error in it, which may quote a file in part."""
    from traceback import format_tb

    parts: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = "".join(format_tb(current.__traceback__))
        name = type(current).__qualname__
        parts.append(f"Traceback (most recent call last):\n{frames}{name}: its words may quote a file\n")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\nThis led to the next one:\n\n".join(reversed(parts))


def _forms(value: str) -> Iterator[str]:
    """What a secret may look like where it is quoted: in an address, with escapes, in base64."""
    yield from _lines(value)
    if len(value) < _SHORT or "\n" in value:
        return
    from base64 import b64encode
    from urllib.parse import quote, quote_plus, unquote

    for form in (quote(value, safe=""), quote(value), quote_plus(value)):
        yield form
        # The hexadecimal digits may be small: `%2b`.
        head, *rest = form.split("%")
        yield "%".join((head, *(part[:2].lower() + part[2:] for part in rest)))
    yield unquote(value)
    yield value.replace("\\", "\\\\").replace('"', '\\"')
    yield value.replace("\\", "\\\\")
    yield value.replace("'", "''")
    yield repr(value)[1:-1]
    if len(value) >= 8:
        yield b64encode(value.encode("utf-8", "replace")).decode().rstrip("=")


def _lines(value: str) -> Iterator[str]:
    """The lines of a secret; those that say what it is and no more may be shown."""
    for line in value.splitlines():
        stripped = line.strip()
        if stripped and not (stripped.startswith("-----") and stripped.endswith("-----")):
            yield stripped


def _occurrences(text: str, quotation: str) -> Iterator[Span]:
    # What may be a word of the language is covered only where it is not a part of another.
    is_word = len(quotation) < _SHORT or (quotation.isalpha() and quotation.islower())
    at = text.find(quotation)
    while at >= 0:
        end = at + len(quotation)
        if not is_word or not (_goes_on(text, at - 1) or _goes_on(text, end)):
            yield Span(at, end)
        at = text.find(quotation, end)


def _goes_on(text: str, offset: int) -> bool:
    return 0 <= offset < len(text) and (text[offset].isalnum() or text[offset] == "_")


def _joined(spans: list[Span]) -> Iterator[Span]:
    """The same characters in as few spans as will do, in order."""
    start = end = -1
    for span in sorted(spans):
        if span.start > end:
            if start >= 0:
                yield Span(start, end)
            start, end = span
        else:
            end = max(end, span.end)
    if start >= 0:
        yield Span(start, end)
