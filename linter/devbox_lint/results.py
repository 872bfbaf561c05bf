"""What is reported of one file. Imports neither parser nor rules, so that a cached result loads fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devbox_lint.diagnostics import Diagnostic
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple

if TYPE_CHECKING:
    from devbox_lint.credentials.masking import Mask
    from devbox_lint.customization.kinds import Kind


class FileResult(NamedTuple):
    """What a run says of one file.

    ``kind`` is None for a file that is not ours, which has no diagnostics. ``crashes`` are the tracebacks of
    rules that raised; the file then has a DBX000 for each. ``mask`` covers the file's secrets wherever its text is
    shown, None where nothing was said of the file.
    """

    source: SourceFile
    kind: Kind | None
    diagnostics: tuple[Diagnostic, ...] = ()
    crashes: tuple[str, ...] = ()
    mask: Mask | None = None
