"""Pictures for README of what a terminal shows, as SVG: the program's own output with its colours."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

TOP = Path(__file__).parent.parent
FOLDER = TOP / "docs" / "images"
ROOTS = os.pathsep.join(str(TOP / root) for root in ("linter", "rules", "lsp"))
#: In characters.
WIDTH = 118
#: Each picture with its command, as one types it.
PICTURES: Mapping[str, Sequence[str]] = {
    "check.svg": ("check", "examples/catalog/api-team"),
    "diff.svg": ("check", "--diff", "examples/bad/web-team"),
}


def pictures() -> Mapping[Path, str]:
    """The SVG of each picture; it loads nothing, so that it looks alike everywhere."""
    return {FOLDER / name: _svg(name, command) for name, command in PICTURES.items()}


def _svg(name: str, command: Sequence[str]) -> str:
    variables = {
        **{name: value for name, value in os.environ.items() if name in ("PATH", "SYSTEMROOT", "HOME")},
        "PYTHONPATH": ROOTS,
        "PYTHONIOENCODING": "utf-8",
        "FORCE_COLOR": "1",
        "TERM": "xterm-256color",
    }
    done = subprocess.run(
        [sys.executable, "-P", "-m", "devbox_lint", *command, "--no-cache"],
        cwd=TOP,
        env=variables,
        capture_output=True,
        encoding="utf-8",
    )
    if done.returncode != 1:
        raise RuntimeError(f"{command} ends with {done.returncode}: {done.stderr}")
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi(f"$ devbox-lint {' '.join(command)}\n{done.stdout}".rstrip()), soft_wrap=False)
    svg = console.export_svg(title="devbox-lint", unique_id=name.partition(".")[0])
    # Fonts from elsewhere are not asked for: the last of the list is on every system.
    return re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
