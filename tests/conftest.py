"""What holds for all tests."""

from __future__ import annotations

import pytest
from hypothesis import settings

from support import CORPUS

# How long an example takes says more of what else the machine does than of the code. The same examples each time: a
# run says what a change does, and the sessions of nox that fuzz look for new ones.
settings.register_profile("unhurried", deadline=None, derandomize=True)
settings.load_profile("unhurried")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests on real files are slow, and skipped where these are not at hand."""
    for item in items:
        if item.get_closest_marker("corpus"):
            item.add_marker("slow")
            if not CORPUS.is_dir():
                item.add_marker(pytest.mark.skip(reason="the corpus is not at hand"))
