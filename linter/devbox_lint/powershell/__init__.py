"""PowerShell as far as a linter needs it without running it: regions, statements, calls with their arguments."""

from __future__ import annotations

from devbox_lint.powershell.pipelines import Command, Pipeline, find_pipelines
from devbox_lint.powershell.regions import Region, RegionKind, find_regions, is_comment, region_at
from devbox_lint.powershell.syntax import Argument, Call, Operator, Slip, SlipKind, Syntax

__all__ = [
    "Argument",
    "Call",
    "Command",
    "Operator",
    "Pipeline",
    "Region",
    "RegionKind",
    "Slip",
    "SlipKind",
    "Syntax",
    "find_pipelines",
    "find_regions",
    "is_code",
    "is_comment",
    "read_script",
    "region_at",
]


def read_script(script: str) -> Syntax:
    """The calls and operators of ``script``."""
    # Imported here: most files have no script that any rule looks into.
    from devbox_lint.powershell import calls

    return calls.read_script(script)


def is_code(script: str, offset: int) -> bool:
    """Whether ``offset`` is in code: in no comment and no string, unless a command runs that string."""
    from devbox_lint.powershell import calls

    return calls.is_code(script, offset)
