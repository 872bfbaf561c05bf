"""What stands in a command where the placeholder of a declared parameter is meant."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from devbox_lint.customization.model import Customization
from devbox_lint.powershell import RegionKind, region_at
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.nodes import Scalar

_N = r"[ \t]*+([A-Za-z_][\w-]*+)[ \t]*+"


class Form(Enum):
    """What is written for `{{x}}`."""

    CASE = "another case"
    HALF = "a brace too few"
    TRIPLE = "three braces"
    QUOTED = "quotes inside"
    BLOCK = "a block of Handlebars"
    OLD = "parameters('x')"
    #: These have a meaning in PowerShell, if not this one.
    SINGLE = "one brace on either side"
    MACRO = "$(x)"
    PERCENT = "%x%"
    BRACED = "${x}"
    ANGLE = "<x>"
    VARIABLE = "$x"


_FORMS = (
    (Form.BLOCK, lazy(r"\{\{[ \t]*+[#^](?:(?:if|unless|each|with)[ \t]++)?" + _N + r"\}\}")),
    (Form.QUOTED, lazy(r"\{\{[ \t]*+['\"]" + _N + r"['\"][ \t]*+\}\}")),
    (Form.TRIPLE, lazy(r"(?<!\S)\{\{\{" + _N + r"\}\}\}(?!\S)")),
    (Form.CASE, lazy(r"\{\{" + _N + r"\}\}")),
    (Form.HALF, lazy(r"(?<![{$@%])(?:\{" + _N + r"\}\}(?!\})|\{\{" + _N + r"\}(?!\}))")),
    (Form.SINGLE, lazy(r"(?<![{$@%])\{" + _N + r"\}(?!\})")),
    (Form.OLD, lazy(r"\bparameters\([ \t]*+['\"]" + _N + r"['\"][ \t]*+\)", re.IGNORECASE)),
    (Form.MACRO, lazy(r"(?<![\w$`])\$\(" + _N + r"\)")),
    (Form.PERCENT, lazy(r"%([A-Za-z_][\w-]*+)%")),
    (Form.BRACED, lazy(r"(?<!`)\$\{([A-Za-z_][\w-]*+)\}")),
    (Form.ANGLE, lazy(r"(?<!\S)<([A-Za-z_][\w-]*+)>(?!\S)")),
    (Form.VARIABLE, lazy(r"(?<![`\w])\$([A-Za-z_]\w*+)(?![\w:.\[-])")),
)
_MARKS = ("{", "%", "$", "<", "parameters(")
_VAGUE = frozenset((Form.SINGLE, Form.MACRO, Form.PERCENT, Form.BRACED, Form.ANGLE, Form.VARIABLE))
_VARIABLES = frozenset((Form.BRACED, Form.VARIABLE))
# What PowerShell sets by itself.
_AUTOMATIC = frozenset((
    "args", "error", "event", "false", "home", "host", "input", "matches", "null", "pid", "profile", "psscriptroot",
    "pwd", "sender", "switch", "this", "true",
))  # fmt: skip
_SETS = (
    r"\$(?:\w+:)?{name}\b[ \t]*(?:[-+*/]?=(?!=)|,)|\bparam[ \t]*\(|\bforeach[ \t]*\([ \t]*\${name}\b"
    r"|-\w*Variable[ \t:]+(?:-Name[ \t:]+)?['\"]?{name}\b"
)

#: A block that ends further on, in characters, is shown by its beginning.
_LONGEST_BLOCK = 500


class Foreign(NamedTuple):
    """One of them; ``name`` is the parameter as it is declared, ``start`` and ``end`` are offsets in the command."""

    form: Form
    name: str
    start: int
    end: int


def foreign_placeholders(customization: Customization, command: Scalar) -> list[Foreign]:
    """What a command has in place of placeholders, in the order of the text.

    A form that PowerShell reads too counts only where the parameter has no placeholder elsewhere.
    """
    value = command.value
    if not customization.declarations or not any(mark in value for mark in _MARKS):
        return []
    declared = {item.name.value.lower(): item.name.value for item in customization.declarations if item.node}
    found: list[Foreign] = []
    taken: set[int] = set()
    used: set[str] = set()
    for form, pattern in _FORMS:
        for match in pattern.finditer(value):
            written = next(group for group in match.groups() if group is not None)
            name = declared.get(written.lower())
            if name is None or match.start() in taken:
                continue
            taken.update(range(match.start(), match.end()))
            if form is Form.CASE:
                used.add(name)
                if written == name:
                    continue
            if form in _VAGUE and name in used:
                continue
            if _is_meant(value, form, match) and not (form in _VARIABLES and _is_set(value, name)):
                found.append(Foreign(form, name, match.start(), match.end()))
    return sorted(found, key=lambda item: item.start)


def _is_meant(value: str, form: Form, match: re.Match[str]) -> bool:
    if region_at(value, match.start()).kind in (RegionKind.COMMENT, RegionKind.HERE_STRING):
        return False
    if form is Form.HALF:
        # Where all braces are in pairs, these are PowerShell's own.
        return value.count("{") != value.count("}")
    return True


# A command may name one variable again and again.
@lru_cache(maxsize=16)
def _is_set(value: str, name: str) -> bool:
    return (
        name.lower() in _AUTOMATIC
        or re.search(_SETS.replace("{name}", re.escape(name)), value, re.IGNORECASE) is not None
    )


def blocks_end(value: str, start: int) -> int:
    """Where a block of Handlebars that opens before ``start`` ends, ``start`` itself where it does not."""
    limit = start + _LONGEST_BLOCK
    end = value.find("{{/", start, limit)
    close = value.find("}}", end, limit) if end >= 0 else -1
    return close + 2 if close >= 0 and "\n" not in value[start:close] else start
