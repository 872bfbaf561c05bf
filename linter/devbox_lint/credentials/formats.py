"""The forms of access tokens as data: shape, length, checksum, and where the facts are from.

Every form has marks, texts of which one stands in each instance, so that a file without them costs nothing.
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Callable
from enum import IntEnum

from devbox_lint.diagnostics import Severity
from devbox_lint.startup import NamedTuple, lazy

_WORD = 0xFFFFFFFF
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE32 = {character: value for value, character in enumerate("abcdefghijklmnopqrstuvwxyz234567")}
#: What Azure DevOps adds to the CRC of a user's and of an application's token.
_AZURE_DEVOPS_MAGIC = (0xE0B9692D, 0x1019F92E)
#: The seed of the keys that Azure DevOps issues: ``Default0``, the first character highest.
_AZURE_DEVOPS_SEED = int.from_bytes(b"Default0", "big")


def marvin32(data: bytes, seed: int) -> int:
    """The Marvin hash of ``data`` with a seed of 64 bits, its halves joined to 32 bits."""
    low, high = seed & _WORD, seed >> 32
    whole = len(data) & ~3
    for (word,) in struct.iter_unpack("<I", data[:whole]):
        low, high = _mix((low + word) & _WORD, high)
    # The tail is one more word: the bytes left over, a byte 0x80, zeros.
    tail = int.from_bytes((data[whole:] + b"\x80").ljust(4, b"\0"), "little")
    low, high = _mix((low + tail) & _WORD, high)
    low, high = _mix(low, high)
    return low ^ high


def base62(number: int) -> str:
    """``number`` in the digits 0-9, A-Z, a-z, the highest first."""
    digits = ""
    while True:
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
        if not number:
            return digits


def base36(number: int) -> str:
    """``number`` in the digits 0-9, a-z, the highest first."""
    digits = ""
    while True:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
        if not number:
            return digits


def azure_devops_signature(head: str) -> str:
    """The last 4 characters of a key of 84 whose first 80 characters are ``head``."""
    raw = struct.pack("<I", marvin32(base64.b64decode(head), _AZURE_DEVOPS_SEED))
    # The encoder keeps leading zero bytes as digits, then fills up to six digits at the end.
    zeros = min(len(raw) - len(raw.lstrip(b"\0")), 3)
    digits = ("0" * zeros + base62(int.from_bytes(raw, "big"))).ljust(6, "0")
    return base64.b64encode(base64.b64decode(digits + "==")).decode()[:4]


def azure_devops_holds(token: str) -> bool:
    """Whether the checksum of an Azure DevOps token of 84 characters holds."""
    return azure_devops_signature(token[:80]) == token[80:]


def azure_devops_old_holds(token: str) -> bool | None:
    """Whether the checksum of an Azure DevOps token of 52 characters holds; None where it is no base32."""
    number = 0
    for character in token:
        digit = _BASE32.get(character)
        if digit is None:
            return None
        number = number << 5 | digit
    # 52 characters hold 260 bits, of which the last 4 are no part of the 32 bytes.
    data = (number >> 4).to_bytes(32, "big")
    crc = zlib.crc32(data[0:2] + data[3:7] + data[9:22] + data[23:32])
    stored = int.from_bytes(bytes((data[22], data[8], data[7], data[2])), "little")
    return stored ^ crc in _AZURE_DEVOPS_MAGIC


def github_holds(token: str) -> bool | None:
    """Whether the checksum of ``gh?_`` and 36 characters holds; None for the longer forms, which have none."""
    if len(token) != 40 or not token[4:].isalnum():
        return None
    return base62(zlib.crc32(token[4:34].encode())).rjust(6, "0") == token[34:]


#: What each service puts into the hash of its keys, in place of a secret; the first character is the highest.
_AZURE_SEEDS = {
    "+ASt": ("Default0",),
    "ACDb": ("MastRO00", "MastRW00", "SysAll00", "Resour00", "SystRO00", "SystRW00", "Encryp00"),
    "+ABa": ("AbAcct00",),
    "APIM": ("Tenant00", "IoTHub00", "Gateway0", "GitKey00"),
    "+ASb": ("Send0000", "Manage00", "Listen00"),
    "+AEh": ("Send0000", "Manage00", "Listen00"),
    "+ARm": ("Send0000", "Manage00", "Listen00"),
    "AIoT": ("IoTHub00", "DpsKey00", "Device00"),
    "AzCa": ("Access00",),
    "+ACR": ("ACRDflt0",),
    "AzSe": ("Query000", "PAdmin00"),
    "AzFu": ("Functi00", "System00", "Master00"),
}
#: How many characters stand before the signature, by the length of the key.
_BEFORE_SIGNATURE = {88: 76, 44: 33, 52: 42, 56: 44}


def azure_key_holds(key: str) -> bool | None:
    """Whether the hash at the end of a key of an Azure service holds; None where the seed is not published."""
    at = _BEFORE_SIGNATURE.get(len(key), 0)
    seeds = _AZURE_SEEDS.get(key[at : at + 4])
    if seeds is None:
        return None
    data = base64.b64decode(key.replace("-", "+").replace("_", "/"))
    stored = int.from_bytes(data[-4:], "little")
    return any(marvin32(data[:-4], int.from_bytes(seed.encode(), "big")) == stored for seed in seeds)


_ROUTABLE = lazy(r"[a-z]{3,10}-(?P<payload>[0-9A-Za-z_-]{27,300})\.(?:01\.)?(?P<length>[0-9a-z]{2})[0-9a-z]{7}")


def gitlab_holds(token: str) -> bool | None:
    """Whether length and checksum of a routable token hold; None for the older form, which has none."""
    match = _ROUTABLE.fullmatch(token)
    if match is None:
        return None
    crc = base36(zlib.crc32(token[:-7].encode())).rjust(7, "0")
    return int(match["length"], 36) == len(match["payload"]) and crc == token[-7:]


def atlassian_holds(token: str) -> bool:
    """Whether the last 8 hexadecimal digits are the CRC of all before them."""
    return f"{zlib.crc32(token[:-8].encode()):08X}" == token[-8:]


def _mix(low: int, high: int) -> tuple[int, int]:
    high ^= low
    low = _rotate(low, 20)
    low = (low + high) & _WORD
    high = _rotate(high, 9)
    high ^= low
    low = _rotate(low, 27)
    low = (low + high) & _WORD
    return low, _rotate(high, 19)


def _rotate(word: int, bits: int) -> int:
    return ((word << bits) | (word >> (32 - bits))) & _WORD


# Not inside a longer word; but an escape before it is not part of it: `\nghp_...`, "`nghp_...", `%3Aghp_...`.
ESCAPED = r"(?<=[\\`][nrtbafve0])|(?<=%[0-9A-Fa-f]{2})"
LEFT = rf"(?:(?<![A-Za-z0-9])|{ESCAPED})"
RIGHT = r"(?![A-Za-z0-9])"
LEFT_BASE64 = rf"(?:(?<![A-Za-z0-9+/_-])|{ESCAPED})"
RIGHT_BASE64 = r"(?![A-Za-z0-9+/=])"


class SecretKind(IntEnum):
    """What makes a text a secret; of two for the same characters the lower one counts."""

    TOKEN = 1
    SERVICE = 2
    URL = 3
    COMMAND = 4
    PARAMETER = 5
    ENCODED = 6


class TokenFormat(NamedTuple):
    """One kind of token or key.

    ``prefix`` is the public beginning that may be shown, empty where there is none. ``holds`` says whether
    the checksum is right, None where the form has none. A ``weak`` form is too common to be a finding
    unless its checksum holds or its surroundings speak of a token. ``source`` is where the facts are from.
    ``severity`` is that of one that stands alone, None for that of the rule, which also counts behind a name.
    A mark stands in the same word as the secret, of 20 characters at least, but for a form with ``beside``,
    whose marks are in lower case and stand anywhere, whatever the case;
    the secret of one with ``short`` may be shorter.
    The group ``secret`` of ``pattern``, where it has one, is the secret; ``pattern`` is compiled when first
    needed, which in most runs is never. ``accepts`` gets the text and the place of a match and has the last
    word: what must stand beside it, or inside.
    """

    name: str
    prefix: str
    pattern: str
    holds: Callable[[str], bool | None]
    weak: bool
    source: str
    kind: SecretKind
    marks: tuple[str, ...]
    accepts: Callable[[str, int, int], bool]
    severity: Severity | None = None
    beside: bool = False
    short: bool = False


def no_checksum(token: str) -> None:
    """Stands for the checksum of forms that have none."""


def _always(text: str, start: int, end: int) -> bool:
    return True


def format_of(
    name: str,
    prefix: str,
    pattern: str,
    source: str,
    holds: Callable[[str], bool | None] = no_checksum,
    weak: bool = False,
    kind: SecretKind = SecretKind.TOKEN,
    marks: tuple[str, ...] = (),
    left: str = LEFT,
    accepts: Callable[[str, int, int], bool] = _always,
) -> TokenFormat:
    """One form, with the defaults of most."""
    marks = marks or ((prefix,) if prefix else ())
    return TokenFormat(name, prefix, left + pattern, holds, weak, source, kind, marks, accepts)


_AZURE_DEVOPS = (
    "https://learn.microsoft.com/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate"
)
_GITHUB = "https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/"
_GITLAB = "https://docs.gitlab.com/security/tokens/#token-prefixes"
_ATLASSIAN = "https://support.atlassian.com/bitbucket-cloud/docs/app-passwords/"
ACCESS_TOKENS: tuple[TokenFormat, ...] = (
    format_of(
        "Azure DevOps personal access token",
        "",
        r"[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}" + RIGHT,
        _AZURE_DEVOPS,
        azure_devops_holds,
        weak=True,
        marks=("AZDO",),
    ),
    format_of(
        "Azure DevOps personal access token",
        "",
        r"[a-z0-9]{52}" + RIGHT,
        _AZURE_DEVOPS,
        azure_devops_old_holds,
        weak=True,
    ),
    *(
        format_of(name, prefix, prefix + r"[A-Za-z0-9]{36,251}+" + RIGHT, _GITHUB, github_holds)
        for prefix, name in (
            ("ghp_", "GitHub personal access token"),
            ("gho_", "GitHub OAuth access token"),
            ("ghu_", "GitHub user access token"),
            ("ghr_", "GitHub refresh token"),
        )
    ),
    # Since 2026-04-27 also `ghs_`, the app's id and a JWT; the last character is no full stop of a sentence.
    format_of(
        "GitHub installation token",
        "ghs_",
        r"ghs_[A-Za-z0-9._-]{35,1023}[A-Za-z0-9_-]" + RIGHT,
        _GITHUB,
        github_holds,
    ),
    format_of(
        "GitHub fine-grained personal access token",
        "github_pat_",
        r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}" + RIGHT,
        _GITHUB,
    ),
    *(
        format_of(
            name,
            prefix,
            rf"{prefix}(?:{body}|(?:t\d_)?[0-9A-Za-z_-]{{27,300}}\.(?:01\.)?[0-9a-z]{{9}})(?![0-9A-Za-z_-])",
            _GITLAB,
            gitlab_holds,
        )
        for prefix, name, body in (
            ("glpat-", "GitLab personal access token", r"[0-9A-Za-z_-]{20}"),
            ("gldt-", "GitLab deploy token", r"[0-9A-Za-z_-]{20}"),
            ("glrt-", "GitLab runner token", r"(?:t\d_)?[0-9A-Za-z_-]{20}"),
            ("glrtr-", "GitLab runner registration token", r"[0-9A-Za-z_-]{20,40}"),
            ("glcbt-", "GitLab CI job token", r"(?:[0-9A-Za-z]{1,5}_)?[0-9A-Za-z_-]{20}"),
            ("glptt-", "GitLab pipeline trigger token", r"(?:[0-9a-f]{40}|[0-9A-Za-z_-]{20})"),
            ("glft-", "GitLab feed token", r"[0-9A-Za-z_-]{20}"),
            ("glsoat-", "GitLab SCIM token", r"[0-9A-Za-z_-]{20}"),
            ("glimt-", "GitLab incoming mail token", r"[0-9A-Za-z_-]{25}"),
            ("glagent-", "GitLab agent token", r"[0-9A-Za-z_-]{50}"),
            ("glffct-", "GitLab feature flags token", r"[0-9A-Za-z_-]{20}"),
            ("glwt-", "GitLab workspace token", r"[0-9A-Za-z_-]{20,50}"),
            ("gloas-", "GitLab OAuth application secret", r"[0-9A-Za-z_-]{64}"),
        )
    ),
    format_of(
        "GitLab runner registration token",
        "GR1348941",
        r"GR1348941[0-9A-Za-z_-]{20}(?![0-9A-Za-z_-])",
        _GITLAB,
    ),
    format_of(
        "Bitbucket app password",
        "ATBB",
        r"ATBB[A-Za-z0-9]{24}[0-9A-F]{8}" + RIGHT,
        _ATLASSIAN,
        atlassian_holds,
    ),
    *(
        format_of(
            name,
            prefix,
            prefix + r"[A-Za-z0-9_=-]{100,250}=[0-9A-F]{8}" + RIGHT,
            _ATLASSIAN,
            atlassian_holds,
        )
        for prefix, name in (
            ("ATATT3", "Atlassian API token"),
            ("ATCTT3", "Bitbucket access token"),
            ("ATSTT3", "Atlassian service account token"),
        )
    ),
)
