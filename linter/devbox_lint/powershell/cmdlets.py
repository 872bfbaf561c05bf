"""What Windows PowerShell 5.1 knows: cmdlets with their parameters, aliases, and the names of further commands.

The table beside this module says where its facts are from. It is a union of what several machines and documents have:
a parameter in it may be missing on one box, one that is not in it is known to none.
"""

from __future__ import annotations

import os
import re
from functools import cache, lru_cache

from devbox_lint.startup import NamedTuple, lazy


class Parameter(NamedTuple):
    """One parameter of a cmdlet; a switch takes no value."""

    name: str
    aliases: tuple[str, ...] = ()
    is_switch: bool = False


class Cmdlet(NamedTuple):
    """A command of Windows PowerShell 5.1 or of a module for it.

    ``parameters`` are its own, without the common ones; None where they are not known.
    """

    name: str
    module: str
    parameters: tuple[Parameter, ...] | None


_SWITCHES = ("Verbose=vb", "Debug=db")
_VALUES = (
    "ErrorAction=ea", "WarningAction=wa", "InformationAction=infa", "ErrorVariable=ev", "WarningVariable=wv",
    "InformationVariable=iv", "OutVariable=ov", "OutBuffer=ob", "PipelineVariable=pv",
)  # fmt: skip
_RISKY = (Parameter("WhatIf", ("wi",), True), Parameter("Confirm", ("cf",), True))


def _parameter(text: str) -> Parameter:
    name, *aliases = text.split("=")
    return Parameter(name.removesuffix("!"), tuple(aliases), name.endswith("!"))


def parameters(text: str) -> tuple[Parameter, ...]:
    """The parameters that a text names, as the table has them: ``Path=pa Force!`` with an alias and a switch."""
    return tuple(map(_parameter, text.split()))


#: What every cmdlet and every advanced function takes (about_CommonParameters).
COMMON = tuple(_parameter(f"{text.replace('=', '!=')}") for text in _SWITCHES) + tuple(map(_parameter, _VALUES))
#: What an advanced function with ``SupportsShouldProcess`` takes on top.
RISK_MITIGATION = _RISKY
# The verbs of PowerShell 5.1 (Get-Verb): what has another one is no function that a module exports.
_VERBS = frozenset((
    "add", "approve", "assert", "backup", "block", "checkpoint", "clear", "close", "compare", "complete", "compress",
    "confirm", "connect", "convert", "convertfrom", "convertto", "copy", "debug", "deny", "disable", "disconnect",
    "dismount", "edit", "enable", "enter", "exit", "expand", "export", "find", "foreach", "format", "get", "grant",
    "group", "hide", "import", "initialize", "install", "invoke", "join", "limit", "lock", "measure", "merge", "mount",
    "move", "new", "open", "optimize", "out", "ping", "pop", "protect", "publish", "push", "read", "receive", "redo",
    "register", "remove", "rename", "repair", "request", "reset", "resize", "resolve", "restart", "restore", "resume",
    "revoke", "save", "search", "select", "send", "set", "show", "skip", "sort", "split", "start", "step", "stop",
    "submit", "suspend", "switch", "sync", "tee", "test", "trace", "unblock", "undo", "uninstall", "unlock",
    "unprotect", "unpublish", "unregister", "update", "use", "wait", "watch", "where", "write",
))  # fmt: skip
_NAMES = lazy(r"^([a-z]++-[a-z0-9]++)\t([^\t\n>]++)\t", re.MULTILINE)


@cache
def _table() -> str:
    with open(os.path.join(os.path.dirname(__file__), "cmdlets.txt"), encoding="utf-8") as stream:
        return stream.read()


@lru_cache(maxsize=512)
def _row(name: str) -> str | None:
    table = _table()
    key = f"\n{name.lower()}\t"
    start = table.find(key)
    if start < 0:
        return None
    start += len(key)
    return table[start : table.index("\n", start)]


def is_known(name: str) -> bool:
    """Whether a command of that name is known, as a cmdlet, an alias or a function."""
    return _row(name) is not None


@lru_cache(maxsize=256)
def find_cmdlet(name: str) -> Cmdlet | None:
    """The cmdlet of that name, or that an alias of that name stands for."""
    row = _row(name)
    if row is not None and row.startswith(">"):
        row = _row(row[1:])
    if not row:
        return None
    fields = row.split("\t")
    if len(fields) < 4:
        return Cmdlet(fields[0], fields[1], None)
    name, module, marks, own_parameters = fields
    if "m" in marks:
        return Cmdlet(name, module, None)
    own = parameters(own_parameters)
    return Cmdlet(name, module, own + _RISKY if "w" in marks else own)


def has_approved_verb(name: str) -> bool:
    """Whether the name is one that a module may have for a command: it begins with a verb that PowerShell approves."""
    return name.lower().partition("-")[0] in _VERBS


@lru_cache(maxsize=64)
def near_cmdlets(name: str) -> tuple[str, ...]:
    """The commands that one slip of the hand makes ``name`` of, as they are written."""
    # Imported here: few names are unknown.
    from devbox_lint.spelling import edits

    wanted = name.lower()
    return tuple(
        match[2]
        for match in _NAMES.finditer(_table())
        if abs(len(match[1]) - len(wanted)) < 2 and edits(wanted, match[1], 1) == 1
    )
