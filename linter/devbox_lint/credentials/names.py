"""Which names say that a secret belongs there: ``pat``, ``adminPassword``, ``STORAGE_ACCOUNT_KEY``."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import lru_cache

from devbox_lint.references.placeholders import words_of
from devbox_lint.startup import lazy


class NameKind(Enum):
    """What a name says of its value."""

    #: A personal access token.
    PAT = "token"
    #: A person may have chosen it, so any text will do.
    PASSWORD = "password"
    #: A machine has made it, or nearly so: plain words are the name of something.
    KEY = "secret"
    #: Some key: a machine has made it if it opens anything, so it is long and of letters and digits.
    MADE = "key"
    #: What signs in, which may be a user's name or that of a stored secret as well.
    CREDENTIAL = "credential"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What may follow the word in the name of the value itself; `patSecretName` and `patFile` name something else.
_AFTER = frozenset(
    ("token", "value", "text", "base64", "base", "secret", "literal", "string", "plain", "plaintext", "b64")
)
# `hasPat`, `publicKeyToken`, `csrfToken`: no secret, or no value.
_BEFORE = _words(
    """
    use uses has is no need needs require requires enable disable skip with allow show hide reset change min max
    public keyvault csrf xsrf antiforgery cancellation continuation page next forgot
    """
)
_PASSWORDS = frozenset(("password", "passwd", "pwd", "pass", "passphrase", "passwort"))
_KEYS = frozenset(("token", "secret", "apikey", "accesskey", "accountkey", "clientsecret", "privatekey", "sastoken"))
_KEY_OF = frozenset(
    ("api", "access", "account", "private", "storage", "shared", "auth", "master", "subscription", "signing",
     "encryption", "function", "authorization", "service")
)  # fmt: skip
_JOINED_PASSWORDS = ("password", "passwd", "passphrase", "pwd")
# `DB_PASSWORD_PROD` is a password, and these are something about one.
_ABOUT = _words(
    """
    name names id ids path file files url uri endpoint type kind length policy expiry enabled required prompt field
    input label hint reset age days history complexity never expires expiration min max count regex pattern location
    column box manager protector store generator generation format property parameter param variable message error
    rule rotation last changed date time attempts provider salt hash set secure prompted confirm list string
    """
)
# `userWithPassword`, `principalsAllowedToRetrieveManagedPassword`: who has one, or may have it.
_OF_USERS = frozenset(("with", "principal", "principals", "allowed", "retrieve"))
# `REGISTRY_KEY`, `PRIMARY_KEY`, `PUBLIC_KEY`: what is a key and opens nothing.
_NO_KEY_OF = _words(
    """
    public registry reg primary foreign vault sort partition cache hot host index object row hash group lookup map
    json uninstall run sub root instrumentation idempotency translation resource config setting settings tab enter
    escape arrow home bucket blob file path metric sub product license dictionary parent base current hklm hkcu
    ssh known item property state locale message shortcut route routing lock composite unique surrogate natural
    """
)
_JOINED_KEYS = (
    "apikey",
    "accesskey",
    "accountkey",
    "clientsecret",
    "connectionstring",
    "sastoken",
    "accesstoken",
    "authtoken",
    "privatekey",
    "storagekey",
)
_MARKS = ("pass", "pwd", "token", "secret", "credential", "connection")
_KEY_MARK = lazy(r"[a-z0-9_-]key(?!vault|board|word|s[a-z])")


#: In a text in lower case without any of these nothing is named like a secret.
HINTS = ("pass", "pwd", "token", "secret", "key", "credential", "connection", "pat")
# Searched in lower case: `path`, `patch` and `pattern` are no names of secrets, `keyvault` hardly.
_HINT = lazy(r"pass|pwd|token|secret|key(?!vault|board|word)|credential|connection|pat(?![a-gi-z]|h)")


def find_names(text: str, lowered: str) -> Iterator[tuple[str, int, int]]:
    """The words of a text that may name a secret, without hyphens before, and where they stand with them.

    ``lowered`` is the text in lower case, which is not used where it has another length.
    """
    if len(lowered) != len(text):
        lowered = text
    done = 0
    for hint in _HINT.finditer(lowered):
        if hint.start() < done:
            continue
        start, end = hint.span()
        while start > done and hint.start() - start < 80 and (text[start - 1].isalnum() or text[start - 1] in "_-"):
            start -= 1
        while end < len(text) and end - hint.end() < 80 and (text[end].isalnum() or text[end] in "_-"):
            end += 1
        done = end
        yield text[start:end].strip("-"), start, end


def may_hold_name(lowered: str) -> bool:
    """A cheap test of a text in lower case for the name of a secret; never wrong when it says no."""
    # A loop, because `any` with a generator takes twice as long.
    for mark in _MARKS:
        if mark in lowered:
            return True
    return "key" in lowered and _KEY_MARK.search(lowered) is not None


def may_name_token(text: str) -> bool:
    """A cheap test of a whole file for the name of an access token; never wrong when it says no."""
    if "ersonal" in text or "ERSONAL" in text:
        return True
    for mark in ("pat", "Pat", "PAT"):
        at = text.find(mark)
        while at >= 0:
            # `path`, `patch`, `PATH`: the most frequent words by far that go on.
            if not text[at + 3 : at + 4].islower() and text[at + 3 : at + 4] not in ("H", "C"):
                return True
            at = text.find(mark, at + 3)
    return False


def is_token_name(name: str) -> bool:
    """Whether a value called ``name`` is a personal access token: ``pat``, ``adoPAT``, ``personal_access_token``."""
    lowered = name.lower()
    if "pat" not in lowered and "personal" not in lowered:
        return False
    words = words_of(name)
    if words and words[0] in _BEFORE:
        return False
    for index, word in enumerate(words):
        if word == "pat":
            after = words[index + 1 :]
        elif words[index : index + 3] == ["personal", "access", "token"]:
            after = words[index + 3 :]
        else:
            continue
        return all(item in _AFTER or item.isdigit() for item in after)
    return lowered == "personalaccesstoken"


# The same few names stand in nearly all files.
@lru_cache(maxsize=1024)
def name_kind(name: str) -> NameKind | None:
    """What ``name`` says of its value, None where it says nothing of a secret."""
    if len(name) > 100:
        return None
    lowered = name.lower()
    if is_token_name(name):
        return NameKind.PAT
    if not may_hold_name(lowered):
        return None
    words = words_of(name)
    if not words or not _BEFORE.isdisjoint(words[:1]) or words[:2] == ["key", "vault"]:
        return None
    while len(words) > 1 and (words[-1].isdigit() or words[-1] in ("value", "text", "literal", "plain", "plaintext")):
        words.pop()
    if words[-1] in ("base", "b"):
        words.pop()
    if not words:
        return None
    last = words[-1]
    if not _OF_USERS.isdisjoint(words):
        return None
    if last in _PASSWORDS or (last.endswith(_JOINED_PASSWORDS) and last != "oldpwd"):
        return NameKind.PASSWORD
    before = words[-2] if len(words) > 1 else ""
    if before == "public" or "public" in words:
        return None
    joined = "".join(words)
    if (
        last in _KEYS
        or (last == "key" and before in _KEY_OF)
        or (last in ("string", "secret", "token") and before in ("connection", "client", "access", "auth"))
        or joined.endswith(_JOINED_KEYS)
    ):
        return NameKind.KEY
    if ("password" in words or "passwd" in words or "passphrase" in words) and last not in _ABOUT:
        return NameKind.KEY
    if last == "key" and len(words) > 1 and _NO_KEY_OF.isdisjoint(words):
        return NameKind.MADE
    return NameKind.CREDENTIAL if last in ("credential", "credentials") else None
