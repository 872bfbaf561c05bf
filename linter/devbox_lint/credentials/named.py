"""Finds what a script gives to something that is called a password, a token, a secret or a key.

Offsets count code points of the text that is searched, from 0, half open. Time is linear in its length.
"""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.credentials.formats import SecretKind
from devbox_lint.credentials.literals import is_literal
from devbox_lint.credentials.names import name_kind
from devbox_lint.credentials.words import WORD, Operand, span_of_word
from devbox_lint.patterns import lazy

#: In a text in lower case without any of these there is no name of a secret.
HINTS = ("pass", "pwd", "token", "secret", "key", "credential", "connection", "pat")
# Searched in lower case: `path`, `patch` and `pattern` are no names of secrets, `keyvault` hardly.
_HINT = lazy(r"pass|pwd|token|secret|key(?!vault|board|word)|credential|connection|pat(?![a-gi-z]|h)")
# What may stand between a name and its value; the alternatives are told by the groups that took part.
_ASSIGNMENT = lazy(r"\\*[\"']?\]?[ \t]*+[:=](?!=)[ \t]*+(?=\\*[\"'])")
_OPTION = lazy(r"[ \t]*+[=:][ \t]*+|[ \t]++(?!-)")
_ENVIRONMENT = lazy(r"=(?![=\s\"'])")
_CMD_VALUE = lazy(r"=([^\r\n&|\"]{4,300}+)")
_SETTING = lazy(
    r"[\"']?[ \t]++(?:-(?:PropertyType|Type)[ \t]++\w++[ \t]++)?-Value[ \t]++"
    r"|[\"']?[ \t]++(?:/t[ \t]++\w++[ \t]++)?/d[ \t]++|[\"'][ \t]++value="
)
_ARGUMENT = lazy(r"[\"'][ \t]*+,[ \t]*+")
_SETX = lazy(r"[\"']?[ \t]++")
_ELEMENT = lazy(r">([^<>{}$\s]{4,300})</")
_LINE = lazy(r"[\"']?:[ \t]++([^\s'\"#{}\[\],&*!|>%@`]\S{3,300})[ \t]*+(?=[\r\n]|\Z)")
_SETX_BEFORE = lazy(r"(?i)(?:\A|[\s;&|(])setx(?:\.exe)?[ \t]+(?:/m[ \t]+)?[\"']?\Z")
_CMD_BEFORE = lazy(r"(?i)(?:\A|[\r\n&(;\"'])[ \t]*set[ \t]+\"?\Z")
_CALL_BEFORE = lazy(r"(?i)SetEnvironmentVariable\([ \t]*[\"']\Z")


def find_named(text: str, lowered: str) -> Iterator[Operand]:
    """The secrets behind names; ``lowered`` is the text in lower case."""
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
        name = text[start:end].strip("-")
        if name_kind(name) is not None:
            yield from _behind(text, name, start, end)


def _behind(text: str, name: str, start: int, end: int) -> Iterator[Operand]:
    before = text[start - 1 : start] if start else ""
    is_option = text[start] == "-" or (before == "/" and text[start - 2 : start - 1] in " \t")
    match = _ASSIGNMENT.match(text, end)
    if match is not None:
        yield from _literal(text, name, match.end(), is_option)
        return
    if is_option:
        match = _OPTION.match(text, end)
        if match is not None:
            yield from _literal(text, name, match.end(), True)
        return
    context = text[max(0, start - 40) : start]
    match = _ENVIRONMENT.match(text, end)
    if match is not None:
        cmd = _CMD_VALUE.match(text, end) if _CMD_BEFORE.search(context) else None
        if cmd is not None:
            yield from _whole(name, cmd.group(1), cmd.start(1))
        elif (name.isupper() or name[0] == "_") and before not in ("$", "{", "."):
            yield from _literal(text, name, match.end(), False)
        return
    match = _SETTING.match(text, end) or (_ARGUMENT.match(text, end) if _CALL_BEFORE.search(context) else None)
    match = match or (_SETX.match(text, end) if _SETX_BEFORE.search(context) else None)
    if match is not None:
        yield from _literal(text, name, match.end(), False)
        return
    value = _ELEMENT.match(text, end) if before == "<" else None
    line = text.rfind("\n", max(0, start - 200), start) + 1
    if value is None and (line or start < 200) and not text[line:start].strip(" \t-\"'#"):
        value = _LINE.match(text, end)
    if value is not None:
        yield from _whole(name, value.group(1), value.start(1))


def _literal(text: str, name: str, at: int, is_option: bool) -> Iterator[Operand]:
    """The word at ``at``, if it is a secret."""
    word = WORD.match(text, at)
    if word is None:
        return
    start, end = span_of_word(word)
    if word.group(3) is None and text[word.end() : word.end() + 1] in ("(", ".", "+"):
        return
    kind = name_kind(name)
    if kind is not None and is_literal(text[start:end], kind, name, strict=True):
        yield Operand(start, end, SecretKind.COMMAND, f"`{name}`", is_option)


def _whole(name: str, value: str, start: int) -> Iterator[Operand]:
    kind = name_kind(name)
    if kind is not None and is_literal(value, kind, name, strict=True):
        yield Operand(start, start + len(value), SecretKind.COMMAND, f"`{name}`", False)
