"""The settings and the CI files that `init` writes: what stands between two `@` in them is filled in."""

from __future__ import annotations

import os

from devbox_lint.customization.starters import filled

_FOLDER = os.path.dirname(__file__)


def starter(source: str, **values: str) -> str:
    """The text of a file in this folder, with the values for what it leaves open; the commit is always known."""
    return filled(_FOLDER, source, {"commit": filled(_FOLDER, "commit.txt", {}).strip(), **values})
