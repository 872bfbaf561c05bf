"""Calls of the WinGet command-line program."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.powershell import Argument, Call

INSTALLING = frozenset(("install", "add", "upgrade", "update", "import"))


def is_winget(call: Call) -> bool:
    """Whether the call is of winget, by its name or by any path."""
    return call.program == "winget"


def subcommand(call: Call) -> str:
    """What winget is to do, in lower case; empty where it is not known."""
    first = call.arguments[0] if call.arguments else None
    return first.text.lower() if first is not None and not first.text.startswith(("-", "$", "@", "(")) else ""


def package_ids(call: Call) -> Iterator[Argument]:
    """What names the package that winget is to install from its own source: the value of `--id`, or the first word."""
    source = (call.option("--source", "-s") or "winget").strip("'\"").lower()
    if not is_winget(call) or subcommand(call) not in ("install", "add") or source != "winget":
        return
    if call.option("--manifest", "-m", "--name", "--moniker") is not None:
        return
    for index, argument in enumerate(call.arguments[1:], start=1):
        before = call.arguments[index - 1].text.lower()
        if argument.text.startswith("-"):
            continue
        if before in ("--id", "--query", "-q") or index == 1:
            yield argument
            return


def is_from_store(call: Call) -> bool:
    """Whether winget is to use the Microsoft Store."""
    return (call.option("--source", "-s") or "").strip("'\"").lower() == "msstore"
