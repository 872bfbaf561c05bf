"""Causes win over consequences: what all rules together say of one mistake."""

from __future__ import annotations

import pytest

from devbox_lint.diagnostics import Severity
from devbox_lint.engine import check
from devbox_lint.results import folded
from devbox_lint.rule import IMAGE, TASK, USER, Kind
from devbox_lint.source import SourceFile
from devbox_lint_rules import RULES
from support import TODAY

_IMAGE = '$schema: "1.0"\nname: web\nimage: gallery/web@1.0.0\n'
_USER = '$schema: "1.0"\nname: mine\n'
_TASK = '$schema: "1.0"\nname: install\ncommand: ./x.ps1\n'


def said(kind: Kind, text: str) -> list[str]:
    """The codes of the warnings and errors that a person sees, in the order of the file."""
    result = check(SourceFile("", text), RULES, kind, today=TODAY)
    assert not result.crashes
    return [item.code for item in folded(result.diagnostics) if item.severity > Severity.INFO]


@pytest.mark.parametrize(
    ("kind", "text", "codes"),
    [
        (USER, f"{_USER}image: gallery/web@1.0.0\ntasks: []\n", ["DBX104"]),
        (USER, f"{_USER}userTasks:\n  - name: ~/winget\n    package: Git.Git\n", ["DBX119"]),
        (
            USER,
            f"{_USER}userTasks:\n  - name: git-clone\n    parameters:\n    repositoryUrl: https://x/y\n",
            ["DBX119"],
        ),
        (USER, f"{_USER}userTasks:\n  - name: ~/winget\nparameters:\n  package: Git.Git\n", ["DBX002"]),
        (IMAGE, f"{_IMAGE}tasks:\n  - name: ~/winget\nparameters:\n  package: Git.Git\n  version: '1'\n", ["DBX002"]),
        (USER, f"{_USER}userTasks:\n  - name: a/b\n    parameters:\n      - name: ~/winget\n", ["DBX002"]),
        (
            IMAGE,
            f"{_IMAGE}tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n      timeout: 60\n",
            ["DBX002"],
        ),
        (USER, f"{_USER}setupTasks:\n  - task:\n    inputs:\n", ["DBX114"]),
        (TASK, f"{_TASK}inputs:\n", ["DBX114"]),
        (
            IMAGE,
            f"{_IMAGE}hostInformation: x\nsetupTasks:\n  - task: choco\n    inputs:\n      package: git\n"
            "  - task: powershell\n    inputs:\n      command: Write-Host hi\n",
            ["DBX114"],
        ),
        # The same in a file of the preview as it would be after its repair.
        (IMAGE, f"{_IMAGE}setupTasks:\n  - task: choco\n    inputs:\n      packages: git\n", ["DBX114", "DBX204"]),
        (IMAGE, f"{_IMAGE}tasks:\n" + "  - name: ~/winget\n    parameters: {pakage: Git.Git}\n" * 3, ["DBX204"]),
        (IMAGE, f"{_IMAGE}tasks:\n" + "  - name: a/b\n    paramaters:\n      x: y\n" * 3, ["DBX105"]),
        (
            USER,
            f"{_USER}tasks:\n  - name: winget\n    parameters:\n      package: Git.Git\n  - name: git-clone\n"
            "    parameters:\n      repositoryUrl: https://github.com/contoso/site\n",
            [],
        ),
        (USER, f"{_USER}tasks:\n  - name: winget\n    parameters:\n      package: Git.Git\n", []),
        (
            IMAGE,
            f"{_IMAGE}tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n      Package: Git.Git\n",
            ["DBX204"],
        ),
        (
            IMAGE,
            f"{_IMAGE}tasks:\n  - name: a/b\n    parameters:\n      x: y\n    paramaters:\n      x: y\n",
            ["DBX105"],
        ),
    ],
)
def test_one_mistake_is_one_finding(kind: Kind, text: str, codes: list[str]) -> None:
    assert said(kind, text) == codes


def test_advice_is_not_to_rename_to_a_key_that_is_there() -> None:
    text = f"{_IMAGE}tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n      {{0}}: {{1}}\n"
    for key, value, safe in (("Package", "Git.Git", True), ("Package", "Other.One", False), ("id", "Git.Git", True)):
        result = check(SourceFile("", text.format(key, value)), RULES, IMAGE, today=TODAY)
        (found,) = [item for item in result.diagnostics if item.code == "DBX204"]
        assert "`package` is given already: remove this one" in found.message
        assert found.fix is not None
        assert found.fix.safe == safe
        assert found.fix.edits[0].content == ""
