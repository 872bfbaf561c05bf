"""Where a script uses one of its variables, and whether another name for it would mean the same.

Offsets count code points of the script from 0, half open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.powershell.calls import read_script
from devbox_lint.powershell.regions import RegionKind, find_regions
from devbox_lint.startup import lazy

_VARIABLE = lazy(r"(?i)`[^\r\n]|\$(?:\{(?:(?:script|local|private):)?(\w++)\}|(?:(?:script|local|private):)?(\w++))")
_HELP = lazy(r"(?im)^[ \t#]*+\.PARAMETER[ \t]++(\w++)")
_NAME = lazy(r"[A-Za-z_]\w*")
# What reaches variables by their names as text, or hands them on by their names.
_BY_NAME = lazy(
    r"(?i)PSBoundParameters|(?:Get|Set|New|Remove|Clear)-Variable|variable:|\$ExecutionContext|Invoke-Expression"
)


def variable_uses(script: str, name: str) -> Iterator[tuple[int, int]]:
    """Where the name of a variable stands, in any case and without its ``$``: in code, text, and the script's help."""
    wanted = name.lower()
    for region in find_regions(script):
        is_text = region.kind in (RegionKind.STRING, RegionKind.HERE_STRING)
        if is_text and script[region.start : region.start + 2].lstrip("@")[:1] in "'‘’‚‛":
            continue
        pattern = _HELP if region.kind is RegionKind.COMMENT else _VARIABLE
        for match in pattern.finditer(script, region.start, region.end):
            group = match.lastindex
            if group is not None and match[group].lower() == wanted:
                yield match.span(group)


def may_be_renamed(script: str, name: str, new: str) -> bool:
    """Whether a variable of a script can have another name without any more to be changed than its uses."""
    if _NAME.fullmatch(new) is None or _BY_NAME.search(script) is not None:
        return False
    if new.lower() != name.lower() and next(variable_uses(script, new), None) is not None:
        return False
    syntax = read_script(script)
    option = re.compile(rf"(?i)-{re.escape(name)}(?::.*)?")
    # A function of the script may have a parameter of the same name.
    own = [call for call in syntax.calls if call.name in syntax.functions]
    return not any(option.fullmatch(argument.text) for call in own for argument in call.arguments)
