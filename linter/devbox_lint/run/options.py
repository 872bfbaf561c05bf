"""What a command is asked for, and the command line that most people write: paths and nothing else.

Reading options takes longer than linting a file, so a line without any is understood here.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from argparse import Namespace

    #: The options by their names, and ``command``, ``help`` and ``words``.
    Options: TypeAlias = Namespace | SimpleNamespace

COMMANDS = ("check", "clean", "completion", "config", "rule", "rules", "schema", "server", "tasks")
KINDS = ("imagedefinition", "user", "task", "script", "configuration")
SCHEMAS = ("imagedefinition", "user", "task", "configuration", "settings")
SHELLS = ("bash", "zsh", "fish", "powershell")
FORMATS = ("text", "concise", "json", "sarif", "github", "azure", "gitlab", "junit", "rdjson")

_CHECK = {
    "add_ignores": False,
    "baseline": None,
    "color": "auto",
    "config": None,
    "diff": False,
    "exit_zero": False,
    "extend_select": None,
    "fail_on": None,
    "fix": False,
    "help": "",
    "ignore": None,
    "isolated": False,
    "kind": None,
    "no_cache": False,
    "online": False,
    "online_strict": False,
    "output": None,
    "output_format": "text",
    "quiet": False,
    "reason": None,
    "select": None,
    "severity": "info",
    "statistics": False,
    "stdin_filename": None,
    "unsafe_fixes": False,
    "write_baseline": False,
}


def without_options(arguments: Sequence[str]) -> SimpleNamespace | None:
    """The options of ``check`` for a command line of paths alone, None for any other."""
    words = list(arguments)
    if words[:1] == ["check"]:
        del words[0]
    elif words and words[0] in COMMANDS:
        return None
    if any(word.startswith("-") for word in words):
        return None
    return SimpleNamespace(command="check", words=words, exclude=[], task_catalog=[], **_CHECK)
