"""Texts that documentation writes where the reader's own value belongs: ``<appId>``, ``YOUR_ORG_NAME``."""

from __future__ import annotations

import re

_BRACKETED = r"<[^<>]{1,100}>|\[[A-Za-z][A-Za-z0-9 _-]{0,60}\]|\{[A-Za-z][A-Za-z0-9 _-]{0,60}\}|&lt;[^&]{1,100}&gt;"
_UPPER_SNAKE = r"[A-Z][A-Z0-9]*+(?:_[A-Z0-9]++)++"
_WORD = r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+"
_WORDS_ONLY = r"[A-Za-z][A-Za-z _-]*"
# Nothing but one repeated filler: `...`, `xxxx`, `****`, `XXXXX-XXXXX`.
_FILLER = r"\.{3,}|…+|[xX]{3,}(?:[-_ ][xX]{3,})*+|\*{3,}|_{3,}|-{3,}|\?{3,}|#{3,}"
_YOUR = r"(?i)your(?:key|vault|secret|org|organi[sz]ation|pat|token|password|company|project|repo|tenant|name|user|app)"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A name of these words alone says what belongs there; `secret-name` does, `repo-name` may be a real secret.
_GENERIC = _words("the key vault keyvault kv akv secret name uri url identifier org organization version")
_LAST = _words("name uri url identifier version organization")
_ASKING = _words("your insert enter replace placeholder changeme")

_CREDENTIAL_WORDS = _words(
    """
    my your the a an pwd insert enter replace with change fill paste put add use me it this here goes in now
    pat token password passwd pwd pass secret key api personal access azure devops ado azdo git github credential
    mypat mytoken mypassword mysecret changeme changeit replaceme todo tbd fixme none null na empty redacted
    removed masked hidden example sample dummy fake mock test placeholder deadbeef value name uri url
    some any valid encrypted encoded hashed text string
    """
)
_PREFIX = r"gh[opusr]_|github_pat_|gl[a-z]{2,6}-|ATBB|AT[A-Z]TT3"
_RUNS = r"[a-z]+|[0-9]+"
_IN_ORDER = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "1234567890")


def words_of(name: str) -> list[str]:
    """The words of a name in snake, kebab or camel case, in lower case: ``ado`` and ``pat`` of ``adoPAT``."""
    return [word.lower() for word in re.findall(_WORD, name)]


def is_upper_snake(name: str) -> bool:
    """Whether ``name`` is in capitals with underscores, as documentation writes what is to be replaced."""
    return re.fullmatch(_UPPER_SNAKE, name) is not None


def is_placeholder(text: str) -> bool:
    """Whether ``text`` cannot name a thing that exists: ``<vault>``, ``your-org``, ``SECRET_NAME``."""
    if not text or len(text) > 120:
        return False
    if re.fullmatch(_BRACKETED, text) or re.fullmatch(_FILLER, text) or re.match(_YOUR, text):
        return True
    words = words_of(text)
    if "your" in words or "placeholder" in words:
        return True
    if len(words) < 2 or not _GENERIC.issuperset(words):
        return False
    return words[-1] == "name" or (words[-1] in _LAST and is_upper_snake(text))


def is_placeholder_variable(name: str) -> bool:
    """Whether an identifier stands for what the reader should write; ``secretName`` is a parameter's name."""
    words = words_of(name)
    if is_upper_snake(name):
        return is_placeholder(name) or not _ASKING.isdisjoint(words)
    return "your" in words


def is_placeholder_credential(text: str) -> bool:
    """Whether a value takes the place of a credential without being one.

    A weak password such as ``P@ssw0rd`` is a credential: it opens something.
    """
    text = text.strip()
    if len(text) > 120:
        return False
    if is_placeholder(text) or _is_in_order(text) or text.endswith(("...", "…")):
        return True
    prefix = re.match(_PREFIX, text)
    if prefix is not None and len(set(text[prefix.end() :].lower())) <= 2:
        return True
    return re.fullmatch(_WORDS_ONLY, text) is not None and _CREDENTIAL_WORDS.issuperset(words_of(text))


def _is_in_order(text: str) -> bool:
    """Whether a text is what a hand types that fills a field: ``1111``, ``123456``, ``abcdef123456``."""
    runs = re.findall(_RUNS, text.lower())
    if not runs or sum(map(len, runs)) < len(text) - (len(runs) - 1):
        return False
    *others, last = runs
    whole = others or len(last) >= (4 if len(set(last)) == 1 else 6)
    return bool(whole) and all(
        len(run) >= 3 and (len(set(run)) == 1 or any((known * 4).startswith(run) for known in _IN_ORDER))
        for run in runs
    )
