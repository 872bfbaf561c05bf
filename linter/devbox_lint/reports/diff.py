"""What fixes change, as a unified diff."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from devbox_lint.escaping import neutralise, neutralise_line
from devbox_lint.reports.model import excerpts, filename

if TYPE_CHECKING:
    from devbox_lint.reports.text import Line
    from devbox_lint.results import FileResult
    from devbox_lint.source import SourceFile

_STYLES = {"+": "added", "-": "removed", "@": "frame"}


def diff_report(before: FileResult, after: SourceFile, encoding: str = "utf-8") -> Iterator[Line]:
    """The lines of the diff; tabs and carriage returns at the end stay, so that it can be applied."""
    shown = excerpts(before)
    name = neutralise(filename(before.source), encoding)
    differences = difflib.unified_diff(_lines(before.source.text), _lines(after.text), name, name, lineterm="")
    for number, line in enumerate(differences):
        if number < 2:
            yield [(line, "code")]
            continue
        content = neutralise_line(shown.conceal(line.removesuffix("\n")), encoding)
        yield [(content, _STYLES.get(line[0], ""))]
        if line[0] != "@" and not line.endswith("\n"):
            yield [("\\ No newline at end of file", "dim")]


def _lines(text: str) -> list[str]:
    # Not str.splitlines, which splits at form feeds and other characters that do not end a line for `patch`.
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]
