"""What fixes change, as a unified diff."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from devbox_lint.credentials.masking import mask_of
from devbox_lint.escaping import neutralise, neutralise_line
from devbox_lint.reports.model import excerpts, filename

if TYPE_CHECKING:
    from devbox_lint.reports.text import Line
    from devbox_lint.results import FileResult
    from devbox_lint.source import SourceFile

_STYLES = {"+": "added", "-": "removed", "@": "frame"}


def diff_report(before: FileResult, after: SourceFile, encoding: str = "utf-8") -> Iterator[Line]:
    """The lines of the diff; tabs and carriage returns at the end stay, so that it can be applied.

    The lines are compared as they are and shown with their secrets covered, those of before as well as those of after.
    """
    shown = excerpts(before)
    name = neutralise(filename(before.source), encoding)
    old, new = _lines(before.source.text), _lines(after.text)
    covered = {"-": _lines(shown.whole), "+": _lines(mask_of(after).covered(after.text))}
    differences = difflib.unified_diff(old, new, name, name, lineterm="")
    at = {"-": 0, "+": 0}
    for number, line in enumerate(differences):
        if number < 2:
            yield [(line, "code")]
            continue
        kind = line[0]
        content = line.removesuffix("\n")
        if kind == "@":
            first, second = re.findall(r"[-+](\d+)(,0)?", line)
            at = {sign: int(row) - (not empty) for sign, (row, empty) in zip("-+", (first, second), strict=True)}
        else:
            side = "+" if kind == "+" else "-"
            content = kind + covered[side][at[side]].removesuffix("\n")
            for sign in "-+" if kind == " " else kind:
                at[sign] += 1
        yield [(neutralise_line(shown.conceal(content), encoding), _STYLES.get(kind, ""))]
        if kind != "@" and not line.endswith("\n"):
            yield [("\\ No newline at end of file", "dim")]


def _lines(text: str) -> list[str]:
    # Not str.splitlines, which splits at form feeds and other characters that do not end a line for `patch`.
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]
