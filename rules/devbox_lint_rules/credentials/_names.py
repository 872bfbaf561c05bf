"""Which names say that a personal access token belongs there."""

from __future__ import annotations

from devbox_lint.placeholders import words_of

# What may follow the word in the name of the value itself; `patSecretName` and `patFile` name something else.
_AFTER = frozenset(("token", "value", "text", "base64", "base", "secret", "literal", "string", "plain"))
_BEFORE = frozenset(
    ("use", "has", "is", "no", "need", "needs", "require", "requires", "enable", "skip", "with", "allow")
)


def may_name_token(text: str) -> bool:
    """A cheap test of a whole file that is never wrong when it says no."""
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
