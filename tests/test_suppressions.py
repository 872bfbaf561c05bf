"""Which findings a comment silences."""

from __future__ import annotations

import pytest

from devbox_lint.customization.kinds import Kind
from devbox_lint.engine import check
from devbox_lint.source import SourceFile
from devbox_lint_rules.structure.missing_image import MissingImage
from devbox_lint_rules.syntax.garbled_text import GarbledText
from devbox_lint_rules.syntax.unquoted_reference import UnquotedReference

RULES = (MissingImage(), UnquotedReference(), GarbledText())


def codes(text: str) -> list[str]:
    return [item.code for item in check(SourceFile("", text), RULES, Kind.IMAGE).diagnostics]


@pytest.mark.parametrize(
    "text",
    [
        "name: web # devbox-lint: ignore[DBX101]\n",
        "name: web #devbox-lint:ignore[missing-image] a reason\r\n",
        "# devbox-lint: ignore[DBX005, DBX101]\n\n# more\nname: web\n",
        "name: web\nx: y\n# devbox-lint: ignore-file[missing-image]\n",
        "# devbox-lint: ignore-file[DBX101]\n---\nname: web\n",
    ],
)
def test_a_named_rule_is_silent(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "name: web # devbox-lint: ignore[DBX102]\n",
        "name: web\nx: y # devbox-lint: ignore[DBX101]\n",
        "name: 'web # devbox-lint: ignore[DBX101]'\n",
        "name: web # devbox-lint: ignore DBX101\n",
        "name: web # devbox-lint: ignore[]\n",
        "name: web # devbox-lint: disable[DBX101]\n",
    ],
)
def test_anything_else_speaks(text: str) -> None:
    assert codes(text) == ["DBX101"]


def test_the_head_of_a_text_block_speaks_for_the_block() -> None:
    block = (
        "image: x\ntasks:\n  - name: ~/powershell\n    parameters:\n      command: |{}\n        a\n        dir –Path\n"
    )

    assert codes(block.format("")) == ["DBX008"]
    assert codes(block.format(" # devbox-lint: ignore[DBX008]")) == []


def test_a_comment_inside_a_text_block_is_text() -> None:
    text = (
        "image: x\ntasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
        "        # devbox-lint: ignore[DBX008]\n        dir –Path\n"
    )

    assert codes(text) == ["DBX008"]
