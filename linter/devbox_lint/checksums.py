"""The checksums that issuers put into their tokens, so that a real one can be told from a look-alike offline.

Each function takes a token that already has the right shape. A checksum that holds is proof; one that does
not may also mean a new format or a masked sample, so it is never a reason to stay silent by itself.
"""

from __future__ import annotations

import base64
import struct
import zlib

from devbox_lint.patterns import lazy

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
