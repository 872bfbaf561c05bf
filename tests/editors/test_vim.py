"""Vim with ALE, and the settings in docs/editors.md.

Only codes and lines are compared: ALE shows columns after an emoji in units of the protocol.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from editors.editing import Project, documented, place, program

pytestmark = pytest.mark.slow

DRIVER = Path(__file__).with_name("ale.vim")


def test_ale(tmp_path: Path) -> None:
    vim = program("vim.nox", in_ci=False)
    project = Project(tmp_path)
    told = tmp_path / "scenario.json"
    settings = tmp_path / "vimrc"
    settings.write_text(f"packadd ale\n{documented('vim ale')}", "utf-8")
    findings = project.findings()
    told.write_text(
        json.dumps({"file": str(project.broken), "lookalike": str(project.lookalike), "findings": len(findings)}),
        "utf-8",
    )

    shown = project.run([vim, "-N", "-n", "-u", str(settings), "-S", str(DRIVER)], DRIVER_IN=str(told))

    assert sorted(map(tuple, shown["shown"])) == sorted((at.code, at.line) for at in map(place, findings))
    assert shown["lookalike"] == 0
