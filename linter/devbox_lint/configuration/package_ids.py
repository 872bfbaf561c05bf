"""The ids of WinGet packages, for what a misspelt one was meant to be.

The list is that of the public source as of August 2026 (svrooij/winget-pkgs-index, 22 August). A newer package is not
in it, so that an id that is in no list is never called wrong. Ids are compared without regard to case, as winget does.
"""

from __future__ import annotations

import os.path
from collections.abc import Iterator
from functools import cache, lru_cache

from devbox_lint.spelling import edits
from devbox_lint.startup import NamedTuple, lazy

#: All ids, one a line, in UTF-8, sorted by their bytes with the letters of ASCII in lower case.
IDS = os.path.join(os.path.dirname(__file__), "package-ids.txt")
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
    if not _SHORTEST <= len(folded) <= _LONGEST or not folded.isprintable() or not _ID.fullmatch(folded):
        return None
    known = _ids()
    word = folded.encode()
    lines = (b"\n%b\n" % word, b"\n%b." % word)
    if any(known.lowered.startswith(line, _place(known.lowered, line)) for line in lines):
        # It is one, or what is missing is the rest of it.
        return None
    plain = folded.translate(_DIGITS)
    near = [
        other
        for other in dict.fromkeys(_candidates(folded, known))
        if edits(folded, other.lower(), 1) == 1 and other.lower().translate(_DIGITS) != plain
    ]
    return near[0] if len(near) == 1 else None


class _Ids(NamedTuple):
    """All ids in UTF-8, each between two line feeds: as they are written, and with ASCII's letters in lower case."""

    written: bytes
    lowered: bytes


def _candidates(folded: str, known: _Ids) -> Iterator[str]:
    """The ids, as written, that may be one slip away: that leaves the first or the second half as it was."""
    half = len(folded) // 2
    first, second = b"\n" + folded[: half - 1].encode(), folded[half + 1 :].encode() + b"\n"
    lowered = known.lowered
    place = _place(lowered, first)
    while lowered.startswith(first, place):
        end = lowered.index(b"\n", place + 1)
        yield known.written[place + 1 : end].decode()
        place = end
    place = lowered.find(second)
    while place >= 0:
        start = lowered.rindex(b"\n", 0, place) + 1
        yield known.written[start : place + len(second) - 1].decode()
        place = lowered.find(second, place + 1)


def _place(known: bytes, line: bytes) -> int:
    """Where the first of the sorted lines begins, with the line feed before it, that is not before ``line``."""
    low, high = 0, len(known) - 1
    while low < high:
        middle = known.rindex(b"\n", low, (low + high) // 2 + 1)
        end = known.index(b"\n", middle + 1)
        if known[middle : end + 1] < line:
            low = end
        else:
            high = middle
    return low


@cache
def _ids() -> _Ids:
    with open(IDS, "rb") as stream:
        written = b"\n" + stream.read()
    return _Ids(written, written.lower())
