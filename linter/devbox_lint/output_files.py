"""Writes reports to files, each whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from devbox_lint.diagnostics import Failure
from devbox_lint.replacing import replace_content
from devbox_lint.reports import Run
from devbox_lint.reports.formats import render_file


def write_files(outputs: Iterable[tuple[str, str]], run: Run) -> Iterator[Failure]:
    """Write each pair of a format and a path, in UTF-8, making folders where there are none; say what failed."""
    for name, path in outputs:
        data = "".join(render_file(name, run)).encode("utf-8", "backslashreplace")
        try:
            os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
            replace_content(path, data)
        except OSError as error:
            yield Failure(f"cannot write `{path}`: {error.strerror or error}", path)
