"""Calls of the WinGet command-line program."""

from __future__ import annotations

from devbox_lint.powershell import Call

INSTALLING = frozenset(("install", "add", "upgrade", "update", "import"))


def is_winget(call: Call) -> bool:
    """Whether the call is of winget, by its name or by any path."""
    return call.program == "winget"


def subcommand(call: Call) -> str:
    """What winget is to do, in lower case; empty where it is not known."""
    first = call.arguments[0] if call.arguments else None
    return first.text.lower() if first is not None and not first.text.startswith(("-", "$", "@", "(")) else ""


def is_from_store(call: Call) -> bool:
    """Whether winget is to use the Microsoft Store."""
    return (call.option("--source", "-s") or "").strip("'\"").lower() == "msstore"
