"""Tokens of the right form and checksum, made up afresh: no real token stands in any test."""

from __future__ import annotations

import base64
import random
import string
import zlib

from devbox_lint.checksums import azure_devops_signature, base36, base62

ALPHANUMERIC = string.ascii_letters + string.digits
_URL_SAFE = ALPHANUMERIC + "-_"


def word(chance: random.Random, length: int, alphabet: str = ALPHANUMERIC) -> str:
    """Random characters."""
    return "".join(chance.choices(alphabet, k=length))


def azure_devops(chance: random.Random) -> str:
    """An Azure DevOps token of 84 characters."""
    head = word(chance, 52) + "JQQJ99" + "BFA" + "C" + word(chance, 10) + "AAAS" + "AZDO"
    assert len(head) == 80
    return head + azure_devops_signature(head)


def azure_devops_old(chance: random.Random, magic: int = 0xE0B9692D) -> str:
    """An Azure DevOps token of 52 characters."""
    data = bytearray(chance.randbytes(32))
    crc = zlib.crc32(bytes(data[0:2] + data[3:7] + data[9:22] + data[23:32])) ^ magic
    for index, byte in zip((22, 8, 7, 2), crc.to_bytes(4, "little"), strict=True):
        data[index] = byte
    return base64.b32encode(bytes(data)).decode().lower().rstrip("=")


def github(chance: random.Random, prefix: str = "ghp_") -> str:
    """A GitHub token of 40 characters."""
    body = word(chance, 30)
    return prefix + body + base62(zlib.crc32(body.encode())).rjust(6, "0")


def github_fine_grained(chance: random.Random) -> str:
    """A fine-grained GitHub token."""
    return f"github_pat_{word(chance, 22)}_{word(chance, 59)}"


def github_installation(chance: random.Random) -> str:
    """A GitHub installation token of the form since 2026."""
    return f"ghs_{word(chance, 6, string.digits)}_" + ".".join(
        word(chance, length, _URL_SAFE) + "A" for length in (36, 300, 170)
    )


def gitlab(chance: random.Random, version: str = "01.") -> str:
    """A routable GitLab token."""
    payload = word(chance, 40, _URL_SAFE)
    head = f"glpat-{payload}.{version}{base36(len(payload)).rjust(2, '0')}"
    return head + base36(zlib.crc32(head.encode())).rjust(7, "0")


def gitlab_old(chance: random.Random) -> str:
    """A GitLab token of 26 characters."""
    return "glpat-" + word(chance, 19, _URL_SAFE) + "x"


def bitbucket(chance: random.Random) -> str:
    """A Bitbucket app password."""
    head = "ATBB" + word(chance, 24)
    return f"{head}{zlib.crc32(head.encode()):08X}"


def atlassian(chance: random.Random, prefix: str = "ATATT3") -> str:
    """An Atlassian API token."""
    head = prefix + word(chance, 170, _URL_SAFE) + "="
    return f"{head}{zlib.crc32(head.encode()):08X}"


MAKERS = (
    azure_devops,
    azure_devops_old,
    github,
    github_fine_grained,
    github_installation,
    gitlab,
    gitlab_old,
    bitbucket,
    atlassian,
)
