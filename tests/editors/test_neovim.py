"""Neovim with the settings in docs/editors.md; the version on PATH decides which of them."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from editors.editing import Project, check_editor, documented, program

pytestmark = pytest.mark.slow

DRIVER = Path(__file__).with_name("neovim.lua")


def test_neovim(tmp_path: Path) -> None:
    neovim = program("nvim")
    printed = subprocess.run([neovim, "--version"], capture_output=True, encoding="utf-8").stdout
    version = tuple(map(int, re.findall(r"\d+", printed)[:2]))
    marker = "neovim 0.7" if version < (0, 8) else "neovim 0.8" if version < (0, 11) else "neovim 0.11"
    settings = tmp_path / "init.lua"
    settings.write_text(documented(marker), "utf-8")
    project = Project(tmp_path)
    told = tmp_path / "scenario.json"

    def edit(scenario: dict[str, Any]) -> dict[str, Any]:
        told.write_text(json.dumps(scenario), "utf-8")
        command = [neovim, "--headless", "-n", "-i", "NONE", "-u", str(settings), "-c", f"luafile {DRIVER}"]
        return project.run(command, DRIVER_IN=str(told))

    check_editor(project, edit, lambda line, column: len(line.encode()[:column].decode()))
