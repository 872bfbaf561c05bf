"""The ids of WinGet packages, for what a misspelt one was meant to be.

The list is that of the public source as of August 2026 (svrooij/winget-pkgs-index, 22 August). A newer package is not
in it, so that an id that is in no list is never called wrong. Ids are compared without regard to case, as winget does.
"""

from __future__ import annotations

import os.path
from binascii import crc32
from collections.abc import Iterator
from functools import cache, lru_cache

from devbox_lint.spelling import edits
from devbox_lint.startup import lazy

_FOLDER = os.path.dirname(__file__)
#: All ids, one a line, and a filter that most other words do not pass.
IDS = os.path.join(_FOLDER, "package-ids.gz")
FILTER = os.path.join(_FOLDER, "package-ids.bin")
BITS_OF_AN_ID = 16
_HASHES = 8
# Shorter ids have too many neighbours.
_SHORTEST = 8
_LONGEST = 128
_DIGITS = str.maketrans("", "", "0123456789")
_ID = lazy(r"[^\s,;:*?\"'<>|/\\.{}]++(?:\.[^\s,;:*?\"'<>|/\\.{}]++)++")

#: Ids that people write and the source does not have, in lower case, with those that it has.
_OTHER_NAMES = {
    "anydesksoftwaregmbh.anydesk": "AnyDesk.AnyDesk",
    "caseysjust.just": "Casey.Just",
    "dbeaver.dbeaver": "DBeaver.DBeaver.Community",
    "dotpdnllc.paintdotnet": "dotPDN.PaintDotNet",
    "google.drive": "Google.GoogleDrive",
    "google.nearbyshare": "Google.QuickShare",
    "jamsoftware.treesizefree": "JAMSoftware.TreeSize.Free",
    "jetbrains.resharper.earlyaccess": "JetBrains.ReSharper.EAP",
    "jetbrains.rubymine.earlyaccess": "JetBrains.RubyMine.EAP",
    "k6.k6": "GrafanaLabs.k6",
    "kovidgoyal.calibre": "calibre.calibre",
    "lmstudio.lmstudio": "ElementLabs.LMStudio",
    "marticliment.unigetui": "Devolutions.UniGetUI",
    "microsoft.azuredatastudio": "Microsoft.Azure.DataStudio",
    "microsoft.azurestorageexplorer": "Microsoft.Azure.StorageExplorer",
    "microsoft.openssh.beta": "Microsoft.OpenSSH.Preview",
    "microsoft.visualstudio.code": "Microsoft.VisualStudioCode",
    "microsoft.visualstudio.code.insiders": "Microsoft.VisualStudioCode.Insiders",
    "postman.postman.desktopagent": "Postman.PostmanAgent",
    "protontechnologies.protonvpn": "Proton.ProtonVPN",
    "redis.redisinsight": "RedisInsight.RedisInsight",
    "scootersoftware.beyondcompare4": "ScooterSoftware.BeyondCompare.4",
}


@lru_cache(maxsize=1024)
def meant_package(name: str) -> str | None:
    """The id that an unknown one was certainly meant to be, None for a known one and where there is a doubt.

    A difference in digits alone is another version, not another word.
    """
    folded = name.lower()
    other = _OTHER_NAMES.get(folded)
    if other is not None:
        return other
    if not _SHORTEST <= len(folded) <= _LONGEST or not _ID.fullmatch(folded) or _passes_filter(folded):
        return None
    known = _ids()
    if folded in known:
        return None
    if any(other.startswith(f"{folded}.") for other in known):
        # What is missing is the rest of it.
        return None
    near = list(_neighbours(folded, known))
    return near[0] if len(near) == 1 else None


def _neighbours(folded: str, known: dict[str, str]) -> Iterator[str]:
    # One slip leaves the first or the second half as it was.
    half = len(folded) // 2
    first, second = folded[: half - 1], folded[half + 1 :]
    plain = folded.translate(_DIGITS)
    for other, written in known.items():
        if abs(len(other) - len(folded)) > 1 or not (other.startswith(first) or other.endswith(second)):
            continue
        if edits(folded, other, 1) == 1 and other.translate(_DIGITS) != plain:
            yield written


def places_in_filter(folded: str, size: int) -> Iterator[int]:
    """The bits of the filter that a word in lower case asks for."""
    data = folded.encode()
    first, step = crc32(data), crc32(data[::-1]) | 1
    return ((first + number * step) % size for number in range(_HASHES))


def _passes_filter(folded: str) -> bool:
    bits = _filter()
    return all(bits[place >> 3] >> (place & 7) & 1 for place in places_in_filter(folded, len(bits) * 8))


@cache
def _filter() -> bytes:
    with open(FILTER, "rb") as stream:
        return stream.read()


@cache
def _ids() -> dict[str, str]:
    # Imported here: few files have an id that is unknown.
    import gzip

    with open(IDS, "rb") as stream:
        words = gzip.decompress(stream.read()).decode().split("\n")
    return {word.lower(): word for word in words}
