"""Writes the ids of the packages of the public WinGet source, for near misses.

``python tools/winget_ids.py INDEX`` reads a file with one id a line and writes package-ids.txt. It is run when the
index has a new version, and is no part of tools/generate.py, which must do without it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from devbox_lint.configuration.package_ids import IDS

if __name__ == "__main__":
    known = {line.strip().encode() for line in Path(sys.argv[1]).read_text("utf-8").splitlines() if line.strip()}
    Path(IDS).write_bytes(b"".join(name + b"\n" for name in sorted(known, key=bytes.lower)))
