"""The files that somebody begins with, one of each kind: what stands between two `@` in them is filled in."""

from __future__ import annotations

import os
import re


def first_file(source: str, **values: str) -> str:
    """The text of a file in this folder, with the values for what it leaves open."""
    return filled(os.path.dirname(__file__), source, values)


def filled(folder: str, source: str, values: dict[str, str]) -> str:
    """The text of a file, with the values for what it leaves open by their names in lower case."""
    with open(os.path.join(folder, source), encoding="utf-8") as stream:
        return re.sub(r"@([A-Z]+)@", lambda found: values[found[1].lower()], stream.read())
