"""Emacs with eglot and with lsp-mode, and the settings in docs/editors.md."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from editors.editing import Project, check_editor, documented, program

pytestmark = pytest.mark.slow

DRIVER = Path(__file__).with_name("emacs.el")
# As a start with a keyboard does it, so that packages of the system are found.
BATCH = ["-q", "--batch", "-f", "package-activate-all"]


def version_of_lsp_mode(emacs: str) -> int:
    """The major version, 0 where it is not installed."""
    form = "(princ (or (ignore-errors (car (package-desc-version (cadr (assq 'lsp-mode package-alist))))) 0))"
    done = subprocess.run([emacs, *BATCH, "--eval", form], capture_output=True, encoding="utf-8", check=True)
    return int(done.stdout)


@pytest.mark.parametrize("client", ["eglot", "lsp-mode"])
def test_emacs(tmp_path: Path, client: str) -> None:
    emacs = program("emacs")
    if client == "lsp-mode" and (version := version_of_lsp_mode(emacs)) < 9:
        pytest.skip(f"lsp-mode {version} is none that the page names")
    settings = tmp_path / "init.el"
    settings.write_text(documented(f"emacs {client}"), "utf-8")
    project = Project(tmp_path)
    told = tmp_path / "scenario.json"

    def edit(scenario: dict[str, Any]) -> dict[str, Any]:
        told.write_text(json.dumps(scenario), "utf-8")
        return project.run([emacs, *BATCH, "-l", str(settings), "-l", str(DRIVER)], DRIVER_IN=str(told))

    check_editor(project, edit, lambda line, column: column)
