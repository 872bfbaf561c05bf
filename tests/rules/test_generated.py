"""What is made of the rules is made of the rules as they are now; the rest of what is generated likewise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from generate import COMMAND, registry, rule_pages, settings, stale


@pytest.mark.parametrize("writer", [registry, rule_pages, settings])
def test_what_is_generated_is_up_to_date(writer: Callable[[], Mapping[Path, str]]) -> None:
    outdated = [path.name for path, _ in stale(writer)]

    assert not outdated, f"run `{COMMAND}`, and read what has changed"
