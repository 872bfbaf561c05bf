"""Completion of the command line in a shell, by argcomplete, which knows how each shell asks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from argcomplete.completers import FilesCompleter
from argcomplete.finders import CompletionFinder
from argcomplete.lexers import split_line
from argcomplete.shell_integration import shellcode

from devbox_lint.cli.arguments import parser_of
from devbox_lint.run.options import COMMANDS, FORMATS, SCHEMAS, SHELLS

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from devbox_lint.rule import RuleEntry

_FILES = FilesCompleter()
_RULE_OPTIONS = ("--select", "--ignore", "--extend-select")


def shell_code(shell: str) -> str:
    """The script that makes ``shell`` ask for completions."""
    return shellcode(["devbox-lint"], shell=shell).strip()  # nosec B604 - the name of a shell; it runs none


def complete(rules: Sequence[RuleEntry]) -> None:
    """Answer the shell that asks in the environment, and end the process."""
    words = split_line(os.environ["COMP_LINE"], int(os.environ["COMP_POINT"]))[3]
    command = words[1] if len(words) > 1 and words[1] in COMMANDS else None
    parser = _parser(command, len(words) < 2, [word for rule in rules for word in (rule.code, rule.name)])
    CompletionFinder()(parser, always_complete_options=False, default_completer=_FILES)


def _parser(command: str | None, first: bool, rules: list[str]) -> ArgumentParser:
    """The options of a command, and what stands beside them; of the default one where none is named."""
    parser = parser_of(command or "check")
    for action in parser._actions:
        if any(option in _RULE_OPTIONS for option in action.option_strings):
            action.completer = _Listed(rules)  # type: ignore[attr-defined] # as argcomplete has it
        elif "--output" in action.option_strings:
            action.completer = _output  # type: ignore[attr-defined]
    if command:
        parser.add_argument("command", choices=(command,))
    choices = {"rule": rules, "rules": [], "schema": SCHEMAS, "completion": SHELLS}.get(command or "")
    if choices is None:
        words = parser.add_argument("words", nargs="*")
        words.completer = _commands_and_files if first else _FILES  # type: ignore[attr-defined]
    elif choices:
        parser.add_argument("words", nargs="*", choices=choices)
    return parser


class _Listed:
    """Completes the last of several words with commas between."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words

    def __call__(self, prefix: str, **_: object) -> list[str]:
        before, comma, last = prefix.rpartition(",")
        return [f"{before}{comma}{word}" for word in self._words if word.startswith(last)]


def _output(prefix: str, **_: object) -> list[str]:
    name, colon, path = prefix.partition(":")
    if colon:
        return [f"{name}:{found}" for found in _FILES(path)]
    return [f"{name}:" for name in FORMATS]


def _commands_and_files(prefix: str, **_: object) -> list[str]:
    return [*COMMANDS, *_FILES(prefix)]
