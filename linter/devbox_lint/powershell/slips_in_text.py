"""Slips that stand in strings and conditions, found by their text: a variable before a colon, `=` for `-eq`.

Offsets count code points of the script from 0, half open. Nothing raises, and time is linear in the script's length.
"""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.powershell.regions import Region, RegionKind, find_regions, region_at
from devbox_lint.powershell.syntax import Slip, SlipKind
from devbox_lint.startup import lazy

# PowerShell takes the name before the colon for a scope or a drive (ScanVariable in its tokenizer).
_BEFORE_COLON = lazy(r"(?<!`)(?:``)*+\$(\w++):(?![\w:?])")
_DOUBLE = '"“”„'
_CONDITION = lazy(
    r"(?i)(?<![\w$.-])(?:if|elseif|while|until)\s*+\(\s*+\$[\w:.]++\s*+"
    r"(?:(=)\s*+(?:'[^'\r\n]*+'|\"[^\"\r\n$]*+\"|\d++|\$true|\$false|\$null)"
    r"|(>=|<=|=>|=<|<>|>|<)\s*+(?:'[^'\r\n]*+'|\"[^\"\r\n$]*+\"|[\d.]++(?:[KMG]B)?|\$[\w:.]++))\s*+\)"
)


def find_slips(script: str) -> Iterator[Slip]:
    """The slips of ``script`` that its tokens do not show, in any order."""
    for region in find_regions(script):
        mark = {RegionKind.STRING: 0, RegionKind.HERE_STRING: 1}.get(region.kind)
        if mark is not None and script[region.start + mark] in _DOUBLE:
            yield from _before_colon(script, region)
    for match in _CONDITION.finditer(script):
        start, end = match.span(1 if match[1] else 2)
        if (
            region_at(script, start).kind is RegionKind.CODE
            and region_at(script, match.start()).kind is RegionKind.CODE
        ):
            yield Slip(SlipKind.FOREIGN_COMPARISON, start, end)


def _before_colon(script: str, region: Region) -> Iterator[Slip]:
    for match in _BEFORE_COLON.finditer(script, region.start, region.end):
        start = match.start(1) - 1
        yield Slip(SlipKind.BEFORE_COLON, start, match.end(), start)
