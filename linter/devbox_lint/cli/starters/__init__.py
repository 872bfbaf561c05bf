"""The files that `init` writes: what stands between two `@` in them is filled in."""

from __future__ import annotations

import os
import re


def starter(source: str, **values: str) -> str:
    """The text of a file in this folder, with the values for what it leaves open; the commit is always known."""
    known = {"commit": _read("commit.txt").strip(), **values}
    return re.sub(r"@([A-Z]+)@", lambda found: known[found[1].lower()], _read(source))


def _read(file: str) -> str:
    with open(os.path.join(os.path.dirname(__file__), file), encoding="utf-8") as stream:
        return stream.read()
