"""Writes the page of what Azure can say and what follows, by asking a fake of it in each of the tests' situations.

``python docs/write_online_situations.py`` writes it, from a checkout. The tests compare each line with what they see.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).parent.parent
sys.path.insert(0, str(TOP / "tests"))

from fake_azure import FakeAzure  # noqa: E402 - found by the path above
from situations import CASES, SECTIONS  # noqa: E402
from situations.page import Cells, cell, page  # noqa: E402
from situations.stage import Stage  # noqa: E402

PAGE = TOP / "docs" / "online-situations.md"


def cells() -> Cells:
    """What follows for each file in each situation."""
    found: Cells = {}
    for situation, name in CASES:
        with FakeAzure() as azure, tempfile.TemporaryDirectory() as folder:
            stage = Stage(azure, Path(folder))
            situation.arrange(stage)
            found[situation.says, name] = cell(stage.check(name, *situation.arguments))
    return found


if __name__ == "__main__":
    PAGE.write_text(page(SECTIONS, cells()), encoding="utf-8")
