"""What every rule says, word by word."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from devbox_lint_rules import every_rule

MESSAGES = runpy.run_path(str(Path(__file__).parent / "write_messages.py"))


@pytest.mark.parametrize("pure", [False, True], ids=["c", "pure"])
@pytest.mark.parametrize("rule", every_rule(), ids=lambda rule: rule.code)
def test_a_rule_says_what_is_written(rule: object, pure: bool) -> None:
    written = MESSAGES["FILE"].read_text(encoding="utf-8")
    said = "".join(f"{line}\n" for line in MESSAGES["said"](rule, pure))

    assert said in written, "read what has changed, and if it is meant: python tools/generate.py"
