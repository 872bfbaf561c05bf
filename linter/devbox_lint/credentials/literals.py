"""Tells a secret that is written out from what stands for one: references, variables, placeholders, names of things."""

from __future__ import annotations

from devbox_lint.credentials.names import NameKind
from devbox_lint.references.placeholders import is_placeholder_credential, is_upper_snake, words_of
from devbox_lint.startup import lazy


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: What stands for a value that is somewhere else.
_REFERENCE = lazy(
    r"""(?ix)
    \$?\{\{ [^{}\r\n]*+ \}\}
    | \$\( [^()\r\n]{0,300}+ (?: \( [^()\r\n]{0,300}+ \) [^()\r\n]{0,300}+ )*+ \)
    | \$\( [^\r\n]*
    | \$\{ [^{}\r\n]{1,100} \}
    | (?<![\w$@!]) \$ (?:\w{1,20}:)? [a-z_]\w*+ (?: \.\w++ | \[ [^\[\]\r\n]{0,60} \] )*+
    | (?<![a-z0-9]) % [a-z_][a-z0-9_]{0,60} % | (?<![a-z0-9]) @ [a-z_]\w{0,60} @
    | \{ \d{1,2} (?::[^{}\r\n]{1,20})? \} | \#\{ [^{}\r\n]{1,60} \}\#? | __ [a-z]\w{0,60}? __
    | <% [^%\r\n]{0,60} %> | \[ (?:parameters|variables) \( [^()\r\n]{0,60} \) \]
    | \[ (?:System\.)? Environment \] [^\r\n]* | \( (?:Get|Read|az|Import|ConvertFrom)[- ] [^\r\n]*
    | ` (?:az|cat|op) [ ] [^\r\n]*
    """
)
_GUID = lazy(r"\{?[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\}?")
_ADDRESS = lazy(r"(?i)[a-z][a-z0-9+.-]{0,20}:/{1,2}\S*|[\w.-]{1,100}@[\w-]{1,60}(?:\.[a-z]{2,10}){1,4}")
_PATH = lazy(
    r"(?i)[a-z]:[\\/].*|\\\\\w.*|\.{0,2}/.*|~[\\/].*|\.\\.*"
    r"|[\w.\\/ -]{1,150}\.(?:pem|pfx|p12|key|pub|txt|json|ya?ml|ps1|xml|config|env|cer|crt|kdbx|exe|zip|md)"
)
# `12.0.1`, `Jobs[-1].Id`, `projects/web/secrets/name/versions/1`: never a secret, under any name.
_OTHER = lazy(r"[v^~]?\d+(?:\.\d+){1,4}|[\w.]{1,80}\[-?\d{1,4}\][\w.\[\]-]*|(?:[A-Za-z][\w-]*+/){2,10}[\w-]+")
# `file:C:\a`, `env:TOKEN`, `@token.txt`: where a program is to look for the secret.
_ELSEWHERE = lazy(r"(?i)(?:file|env|fd|stdin|prompt|keyring|wincred)(?::.*|\Z)|@[\w.:~$-]*[\\/.][\w.\\/:~$ -]*")
# `CONTOSO\admin1`, `admin1`, `MyS3Credential`: who signs in, or what a stored credential is called.
_USER = lazy(r"[\w.-]{1,60}\\[\w.$-]{1,60}|[A-Za-z][\w.-]{0,40}")
_PATTERN = lazy(
    r"\\[wdsWDSbB.*+?(){}\[\]^$|]|\(\?[:=!<P]|\[\^|[.\])][*+]|\[[A-Za-z0-9]-[A-Za-z0-9]|\{\d{1,3}\}|\{\d+,\d*\}"
)
# `url.password`, `self._token`, `process.env.TOKEN`, `args[0]`.
_ATTRIBUTE = lazy(r"[A-Za-z_]\w*+(?:(?:\.|->|::)[A-Za-z_]\w*+|\[[^\[\]\s]{0,40}\])++[,;]?")
_PROSE = lazy(r"[A-Za-z]+(?:['-][A-Za-z]+)*[.,:;!?)\]…]*")
_WORDS_ONLY = lazy(r"[A-Za-z][A-Za-z]*(?:[ _.:/-][A-Za-z]+)*[.:]?")
_CODE = lazy(r"[(\[{<](?:.*[)\]}>;]\Z|.*[\s.:])|.*(?:::|\(\)|=>)|[A-Za-z_][\w.-]*\(.*\)\Z")
#: Values of settings that are never a secret, under any name.
SETTINGS = _words(
    """
    true false yes no on off none null nil auto default prompt ask stdin env environment keyvault managed required
    optional string securestring object boolean enabled disabled never always hidden anonymous empty plain basic
    bearer system user rotate generate generated integrated key value inherit username * -
    """
)
# What a test or a page says of its own token.
_FAKE = _words("fake dummy sample example placeholder testing")
# The telemetry of an application, which every copy of it holds; the words themselves.
_NO_CONNECTION = lazy(r"(?i)InstrumentationKey=|connection[_ -]?string")
# Of Windows and Office, which are on every medium.
_PRODUCT_KEY = lazy(r"(?:[A-Z0-9]{5}-){4}[A-Z0-9]{5}")
# An operator, a scheme, what a header says before the secret.
_BESIDE = frozenset(("basic", "bearer", "token", "pat", "user", "password"))


_ANY_ADDRESS = lazy(r"(?i)[A-Za-z][A-Za-z0-9+.-]{0,20}://|\A\s*ado:/")


def is_token_literal(text: str) -> bool:
    """Whether the value of a parameter for an access token is the token itself; any text but a placeholder may be.

    A reference or an address in the value means that the rest is no token.
    """
    text = text.strip()
    begun = text.lstrip("{ ").lower()
    if "https://".startswith(begun) or "ado://".startswith(begun):
        return False  # a reference that is being written
    return (
        bool(text)
        and without_references(text) == text
        and _ANY_ADDRESS.search(text) is None
        and not is_placeholder_credential(text)
    )


def without_references(text: str) -> str:
    """``text`` with blanks in the place of what stands for a value that is somewhere else."""
    return (
        _REFERENCE.sub(lambda match: " " * len(match.group()), text) if any(c in text for c in "{$%@#_[(`<") else text
    )


def find_references(text: str) -> list[tuple[int, int]]:
    """Where in ``text`` there is what looks like a value that is somewhere else, in order."""
    if not any(c in text for c in "{$%@#_<[(`"):
        return []
    return [match.span() for match in _REFERENCE.finditer(text)]


def is_literal(
    text: str, kind: NameKind, name: str = "", strict: bool = False, bare: bool = False, option: bool = False
) -> bool:
    """Whether the value of something called ``name`` is a secret itself.

    ``strict`` is for scripts, where a name may mean much: words alone are not enough then. ``bare`` says that the
    value has no quotes, so that it may be code, or a word of a sentence. ``option`` says that it stands behind an
    option that takes a secret, where letters alone may be one.
    """
    text = text.strip()
    if not 4 <= len(text) <= 4000 or text.lower() in SETTINGS or _ELSEWHERE.fullmatch(text):
        return False
    if "EXAMPLEKEY" in text or (kind is not NameKind.PASSWORD and not _FAKE.isdisjoint(words_of(text))):
        return False
    if name.lower().endswith("connectionstring") and _NO_CONNECTION.match(text):
        return False
    if kind is NameKind.MADE and (not _is_made(text) or _PRODUCT_KEY.fullmatch(text)):
        return False
    if option and kind is NameKind.KEY and _are_random_letters(text):
        return True
    if strict and (_PATTERN.search(text) or (bare and (_PROSE.fullmatch(text) or _ATTRIBUTE.fullmatch(text)))):
        return False
    if kind is NameKind.CREDENTIAL and _USER.fullmatch(text) and (strict or not is_mixed(text)):
        return False
    rest = without_references(text)
    if rest != text:
        # A part of it may be written out: `abc123{{...}}`, but not `Bearer {{...}}` or `https://{{...}}/v1`.
        if "://" in text or "{{" not in text:
            return False
        return any(is_mixed(word) and len(word) >= 6 for word in rest.split() if word.lower() not in _BESIDE)
    if is_placeholder_credential(text) or is_variable(text) or text.lower() == name.lower():
        return False
    if _GUID.fullmatch(text) or _ADDRESS.fullmatch(text) or _PATH.fullmatch(text) or _CODE.match(text):
        return False
    if _OTHER.fullmatch(text) or (kind is not NameKind.PASSWORD and "EXAMPLE" in text):
        return False
    if any(character.isspace() for character in text):
        return kind is NameKind.PASSWORD and not strict and is_mixed(text) and text.count(" ") < 4
    if kind is NameKind.PASSWORD:
        return not strict or not text.isalpha()
    return len(text) >= 6 and not _WORDS_ONLY.fullmatch(text) and (not strict or is_mixed(text))


def is_variable(text: str) -> bool:
    """Whether a text is the name of a variable, such as ``DB_PASSWORD_2``; a name has hardly a digit."""
    return is_upper_snake(text) and sum(character.isdigit() for character in text) <= 2


def _is_made(text: str) -> bool:
    """Whether a machine seems to have made a text: it is long, has letters and several digits, and no blank."""
    digits = sum(character.isdigit() for character in text)
    return (
        len(text) >= 16
        and digits >= 3
        and digits < len(text)
        and len(set(text)) >= 8
        and not any(map(str.isspace, text))
    )


def _are_random_letters(text: str) -> bool:
    """Whether a text is of capitals and small letters that change too often for words."""
    changes = sum(text[at].islower() != text[at - 1].islower() for at in range(1, len(text)))
    return len(text) >= 16 and text.isascii() and text.isalpha() and changes * 3 > len(text)


def is_mixed(text: str) -> bool:
    """Whether a text has both letters and digits."""
    return any(character.isdigit() for character in text) and any(character.isalpha() for character in text)
