"""Finds the secrets that a script or an address hands over in plain text: ``az login -p``, ``https://user:secret@host``.

Offsets count code points of the text that is searched, from 0, half open. Time is linear in its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.credentials.commands import COMMANDS, OBJECTS, Option
from devbox_lint.credentials.formats import SecretKind
from devbox_lint.credentials.literals import find_references, is_literal, without_references
from devbox_lint.credentials.names import HINTS, NameKind, find_names, name_kind
from devbox_lint.credentials.tokens import Marks
from devbox_lint.references.placeholders import is_placeholder_credential
from devbox_lint.startup import NamedTuple, lazy


class Operand(NamedTuple):
    """A secret that something is handed; ``label`` names what hands it over, without a character of the secret.

    ``certain`` is False for what may be an example or a test, such as a variable.
    """

    start: int
    end: int
    kind: SecretKind
    label: str
    certain: bool = True

    def __repr__(self) -> str:
        return f"Operand({self.start}:{self.end} {self.label})"


#: A word of a command line: in single quotes, in double quotes that may be escaped themselves, bare, or the first one
#: of a string that has no end.
WORD = lazy(
    r"'((?:[^'\r\n]|''){0,4000}+)'"
    r"|\\*+\"((?:[^\"\r\n`\\]|`.|\\(?!\")){0,4000}+)\\*+\""
    r"|([^\s'\"`;|&(){}<>,\\][^\s'\"`;|&)<>]{0,2000}+)"
    r"|'([^\s',;|&(){}<>\"]{4,2000}+)(?=[^'\r\n]*+(?:[\r\n]|\Z))"
    r"|\"([^\s\",;|&(){}<>']{4,2000}+)(?=[^\"\r\n]*+(?:[\r\n]|\Z))"
)


def span_of_word(word: re.Match[str]) -> tuple[int, int]:
    """The place of the only group that took part."""
    return word.span(word.lastindex or 0)


# What may stand between a name and its value; the alternatives are told by the groups that took part.
_ASSIGNMENT = lazy(r"\\*[\"']?\]?[ \t]*+[:=](?!=)[ \t]*+(?=\\*[\"'])")
_OPTION = lazy(r"[ \t]*+[=:][ \t]*+|(?:[ \t]|[`^\\][ \t]*+\r?\n)++(?!-)")
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
    for name, start, end in find_names(text, lowered):
        # An expression that looks for it: `\/PASSWORD="(.+)"`.
        if name_kind(name) is not None and text[max(0, start - 2) : start] not in ("\\/", "\\b"):
            yield from _behind(text, name, start, end)


def _behind(text: str, name: str, start: int, end: int) -> Iterator[Operand]:
    before = text[start - 1 : start] if start else ""
    is_option = text[start] == "-" or (before == "/" and text[start - 2 : start - 1] in " \t")
    if is_option and name_kind(name) is NameKind.CREDENTIAL:
        return  # `-Credential` takes a user, and asks for the password
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
    if kind is not None and is_literal(
        text[start:end], kind, name, strict=True, bare=word.group(3) is not None, option=is_option
    ):
        yield Operand(start, end, SecretKind.COMMAND, f"`{name}`", is_option)


def _whole(name: str, value: str, start: int) -> Iterator[Operand]:
    kind = name_kind(name)
    if value.rstrip(",;").endswith(('"', "'")):
        return  # the end of a string that holds the name too
    if kind is not None and is_literal(value, kind, name, strict=True):
        yield Operand(start, start + len(value), SecretKind.COMMAND, f"`{name}`", False)


_URL = lazy(r"(?i)(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,20}://([^\s/:@'\"`<>]{0,100}):([^\s/'\"`<>|]{3,300}+)")
_HOST = lazy(r"[A-Za-z0-9\[{$%(][^\s'\"`]*")
#: How many characters of a command are looked at.
_LONGEST = 4000
# From the name of a command to its end: strings are whole, and a line may go on after a mark.
_TAIL = lazy(r"(?:'[^'\r\n]*+'|\"(?:[^\"\r\n`\\]|[`\\].)*+\"|[`^\\][ \t]*\r?\n|&(?![&\s])|[^\r\n;|&'\"]|['\"])*+")
_HEADER = lazy(
    r"(?i)authorization[\"']?\]?[ \t]*+[:=,][ \t]*+\\*[\"']?(?:basic|bearer|token)[ \t]++([A-Za-z0-9+/=._~-]{8,4000}+)"
)
_CREDENTIAL_OBJECT = lazy(
    r"(?i)(?:PSCredential|NetworkCredential)(?:\]::new)?[\"']?[ \t]*+(?:-ArgumentList[ \t]*+)?\(?[ \t]*+"
)
_SECURE = lazy(r"(?i)ConvertTo-SecureString\b")
# PowerShell takes the beginning of an option for the whole.
_SECURE_OPTION = lazy(r"(?i)-(?:S\w*|As\w*|F\w*)\b:?")
# What is written to a command that reads a secret from its input.
_PIPED_LOGIN = lazy(
    r"(?i)(?:'([^'\r\n]{4,300})'|\"([^\"\r\n]{4,300})\"|(?:echo|Write-Output|printf)[ \t]++([^\s'\"|;&]{4,300}))"
    r"[ \t]*+\|[ \t]*+(?:az(?:\.cmd)?[ \t]++devops[ \t]++login"
    r"|(?:docker|podman|helm[ \t]++registry)(?:\.exe)?[ \t]++login\b[^\r\n|;]{0,200}?--password-stdin"
    r"|gh(?:\.exe)?[ \t]++auth[ \t]++login\b[^\r\n|;]{0,100}?--with-token)"
)
_BYTES = lazy(r"(?i)GetBytes\([ \t]*+[\"']([^\"'\r\n:$]{0,60}):([^\"'\r\n$\s{}]{6,300})[\"']")
_AUTOLOGON = lazy(r"(?i)<(?:Administrator)?Password>\s{0,60}<Value>([^<>\s]{4,300})</Value>")
_PIPED = lazy(r"(?i)(?:'([^'\r\n]{1,300})'|\"([^\"\r\n]{1,300})\")[ \t]*+\|[ \t]*+ConvertTo-SecureString\b")


_HEADER_MARK = "uthorization"
_OBJECTS = frozenset(OBJECTS)
_INPUTS = ("password-stdin", "with-token", "devops login")
_MARKS = Marks((_HEADER_MARK, *_INPUTS, "getbytes(", "<value>", *OBJECTS, *(mark for mark, _ in COMMANDS)))


class Clues(NamedTuple):
    """What in a file speaks of operands that are secrets, so that its parts need not be searched for the rest."""

    addresses: bool
    headers: bool
    options: tuple[tuple[str, Option], ...]
    objects: bool
    names: bool
    #: What reads a secret from its input, or encodes one.
    inputs: tuple[str, ...] = ()

    @property
    def hints(self) -> tuple[str, ...]:
        """What a text holds, in lower case, that one of the clues may be in: one of these at least."""
        hints = [mark for mark, _ in self.options]
        if self.addresses:
            hints.append("@")
        if self.headers:
            hints.append(_HEADER_MARK)
        if self.objects:
            hints.extend(("asplain", "credential"))
        hints.extend(self.inputs)
        if self.names:
            hints.extend(HINTS)
        return tuple(dict.fromkeys(hints))

    def __bool__(self) -> bool:
        return self.addresses or self.headers or bool(self.options) or self.objects or self.names or bool(self.inputs)


def find_clues(text: str, lowered: str, names: bool) -> Clues:
    """The clues in the text of a file; ``names`` says whether there is a name of a secret in it."""
    found = _MARKS.found_in(lowered)
    return Clues(
        "@" in text and "://" in text,
        _HEADER_MARK in found,
        tuple(item for item in COMMANDS if item[0] in found) if found else (),
        not _OBJECTS.isdisjoint(found),
        names,
        tuple(mark for mark in (*_INPUTS, "getbytes(", "<value>") if mark in found),
    )


def options_in(lowered: str) -> Iterator[Option]:
    """The options of commands whose mark a text in lower case holds."""
    found = _MARKS.found_in(lowered)
    return (option for mark, option in COMMANDS if mark in found)


def find_operands(text: str, clues: Clues) -> list[Operand]:
    """The secrets that ``text`` hands over; some may be found twice."""
    found: list[Operand] = []
    if clues.addresses and "@" in text:
        found.extend(_in_addresses(text))
    if not (clues.headers or clues.options or clues.objects or clues.names or clues.inputs):
        return found
    lowered = text.lower()
    if clues.headers and _HEADER_MARK in lowered:
        found.extend(_in_headers(text))
    for mark, option in clues.options:
        if mark in lowered:
            found.extend(_of_commands(text, option))
    if clues.objects:
        found.extend(_of_objects(text, lowered))
    if clues.inputs:
        found.extend(_in_inputs(text))
    if clues.names:
        found.extend(find_named(text, lowered))
    return found


def _in_inputs(text: str) -> Iterator[Operand]:
    """What is piped into a login, encoded for a header, or written into an answer file."""
    for match in _PIPED_LOGIN.finditer(text):
        start, end = span_of_word(match)
        if is_literal(text[start:end], NameKind.PASSWORD):
            yield Operand(start, end, SecretKind.COMMAND, "the login")
    for match in _BYTES.finditer(text):
        if is_literal(match.group(2), NameKind.KEY, strict=True):
            yield Operand(*match.span(2), SecretKind.COMMAND, "the encoded header")
    for match in _AUTOLOGON.finditer(text):
        if is_literal(match.group(1), NameKind.PASSWORD):
            yield Operand(*match.span(1), SecretKind.COMMAND, "the answer file")


def _in_addresses(text: str) -> Iterator[Operand]:
    # Imported here: most files hold no address with a password.
    from urllib.parse import unquote

    for match in _URL.finditer(text):
        # The last `@` before the path ends the password: `https://user:P@ss@host`.
        colon = match.start(2) - match.start() - 1
        if any(first <= colon < last for first, last in find_references(match.group())):
            continue  # the colon of `$env:NAME`
        secret, at, host = match.group(2).rpartition("@")
        user = match.group(1)
        if not at or len(secret) < 3 or (host and not _HOST.match(host)) or (not host and match.end() < len(text)):
            continue
        plain = unquote(secret)
        if plain == unquote(user) or without_references(secret) != secret or is_placeholder_credential(plain):
            continue
        if plain.lower() in ("pass", "passwd", "pwd", "password", "secret", "token", "x-oauth-basic", "x-access-token"):
            continue
        start = match.start(2)
        yield Operand(start, start + len(secret), SecretKind.URL, "the address")


def _in_headers(text: str) -> Iterator[Operand]:
    for match in _HEADER.finditer(text):
        if not is_placeholder_credential(match.group(1)) and any(c.isdigit() for c in match.group(1)):
            yield Operand(*match.span(1), SecretKind.COMMAND, "the `Authorization` header")


def words_of_commands(text: str, option: Option) -> Iterator[tuple[int, int]]:
    """The words that a command takes as its secret, of any form."""
    end = 0
    for match in re.finditer(option.command, text, re.IGNORECASE):
        if match.start() < end:
            continue
        end = _end_of_command(text, match.end())
        for place in re.finditer(option.before, text[match.end() : end]):
            word = WORD.match(text, match.end() + place.end(), end)
            if word is None:
                continue
            start, stop = span_of_word(word)
            if option.has_user:
                user, colon, _ = text[start:stop].partition(":")
                if not colon:
                    continue
                start += len(user) + 1
            if text[start : start + 1] == "-" and not word.group(1) and not word.group(2):
                continue
            yield start, stop
            if option.once:
                break


def _of_commands(text: str, option: Option) -> Iterator[Operand]:
    for start, stop in words_of_commands(text, option):
        if is_literal(text[start:stop], NameKind.PASSWORD) and not text[start:stop].startswith("/"):
            yield Operand(start, stop, SecretKind.COMMAND, f"`{option.label}`")


def _end_of_command(text: str, start: int) -> int:
    tail = _TAIL.match(text, start, start + _LONGEST)
    return tail.end() if tail else start


def _of_objects(text: str, lowered: str) -> Iterator[Operand]:
    if "asplaintext" in lowered or "-asplain" in lowered:
        for match in _SECURE.finditer(text):
            end = _end_of_command(text, match.end())
            if "-asp" in text[match.end() : end].lower():
                yield from _secure_string(text, match.end(), end)
        for match in _PIPED.finditer(text):
            start, stop = span_of_word(match)
            if is_literal(text[start:stop], NameKind.PASSWORD):
                yield Operand(start, stop, SecretKind.COMMAND, "`ConvertTo-SecureString`")
    if "credential" in lowered:
        for match in _CREDENTIAL_OBJECT.finditer(text):
            user = WORD.match(text, match.end())
            comma = re.compile(r"[ \t]*+,[ \t]*+").match(text, user.end()) if user else None
            word = WORD.match(text, comma.end()) if comma else None
            if word is not None and word.group(3) is None:
                start, stop = span_of_word(word)
                if is_literal(text[start:stop], NameKind.PASSWORD):
                    yield Operand(start, stop, SecretKind.COMMAND, "the credential object")


def _secure_string(text: str, at: int, end: int) -> Iterator[Operand]:
    """The string of one ``ConvertTo-SecureString``: its first argument that is no option."""
    blank = re.compile(r"(?:[ \t`\r\n]|\((?=['\"]))*+")
    while at < end:
        skipped = blank.match(text, at, end)
        at = skipped.end() if skipped else at
        option = _SECURE_OPTION.match(text, at, end)
        if option is not None:
            at = option.end()
            continue
        word = WORD.match(text, at, end)
        if word is not None:
            start, stop = span_of_word(word)
            if is_literal(text[start:stop], NameKind.PASSWORD):
                yield Operand(start, stop, SecretKind.COMMAND, "`ConvertTo-SecureString`")
        return
