"""Writes the ids of the packages of the public WinGet source, for near misses.

``python tools/winget_ids.py INDEX`` reads a file with one id a line and writes two: package-ids.gz has all of them,
package-ids.bin a filter that says of most other words, without reading the first, that they are none. It is run when
the index has a new version, and is no part of tools/generate.py, which must do without it.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

from devbox_lint.configuration.package_ids import BITS_OF_AN_ID, FILTER, IDS, places_in_filter


def filter_of(ids: list[str]) -> bytes:
    """A filter in which every bit is set that one of the ids asks for."""
    size = -(-len(ids) * BITS_OF_AN_ID // 8)
    bits = bytearray(size)
    for name in ids:
        for place in places_in_filter(name.lower(), size * 8):
            bits[place >> 3] |= 1 << (place & 7)
    return bytes(bits)


if __name__ == "__main__":
    known = sorted({line.strip() for line in Path(sys.argv[1]).read_text("utf-8").splitlines() if line.strip()})
    Path(IDS).write_bytes(gzip.compress("\n".join(known).encode(), 9, mtime=0))
    Path(FILTER).write_bytes(filter_of(known))
