"""Commands that get another command as an argument: which part of their text it is."""

from __future__ import annotations

from devbox_lint.patterns import lazy
from devbox_lint.powershell.syntax import Argument, Call

#: Words with their places: text, start, end.
Words = list[tuple[str, int, int]]

_SHELLS = frozenset(("powershell", "pwsh"))
_RUNNERS = frozenset(("start-process", "start", "saps"))
_EVALUATORS = frozenset(("invoke-expression", "iex"))
# Options of powershell.exe that take a value and may be shortened.
_SHELL_OPTIONS = (
    "-executionpolicy",
    "-ep",
    "-windowstyle",
    "-version",
    "-inputformat",
    "-outputformat",
    "-configurationname",
    "-workingdirectory",
    "-psconsolefile",
)
_PROCESS_SWITCHES = frozenset(("-wait", "-passthru", "-nonewwindow", "-loaduserprofile", "-usenewenvironment"))
_WORD = lazy(r"[^\s'\"`]++")


def inner_script(call: Call) -> tuple[int, int, bool] | None:
    """The place of the script that ``call`` gets as one string, and whether it is Windows PowerShell's."""
    program = call.program
    rest: tuple[Argument, ...]
    if program in _EVALUATORS:
        rest = call.arguments
        if len(rest) == 2 and rest[0].text.lower() == "-command":
            rest = rest[1:]
        speaks = True
    elif program in _SHELLS:
        rest = _shell_command(call)
        speaks = program == "powershell"
    elif program == "cmd":
        rest = _after_switch(call)
        speaks = False
    else:
        return None
    if len(rest) != 1 or not rest[0].quote:
        return None
    return rest[0].start + 1, rest[0].end - 1, speaks


def inner_words(call: Call) -> Words | None:
    """The words of the command that ``call`` runs, its name first; None where there is none to be seen."""
    program = call.program
    if program in _SHELLS:
        rest = _shell_command(call)
    elif program == "cmd":
        rest = _after_switch(call)
    elif program in _RUNNERS:
        return _process(call)
    else:
        return None
    if not rest or rest[0].text[:1] in ("{", "(", "$", "@", "-", "&", ""):
        return None
    return [_word(argument) for argument in rest]


def _word(argument: Argument) -> tuple[str, int, int]:
    inside = 1 if argument.quote else 0
    return argument.text, argument.start + inside, argument.end - inside


def _shell_command(call: Call) -> tuple[Argument, ...]:
    """What follows ``-Command``; for powershell.exe the first word that is no option begins the command."""
    index = 0
    arguments = call.arguments
    while index < len(arguments):
        word = arguments[index].text.lower()
        if not word.startswith("-") or arguments[index].quote:
            return arguments[index:] if call.program == "powershell" else ()
        if len(word) > 1 and "-command".startswith(word):
            return arguments[index + 1 :]
        if len(word) > 1 and ("-file".startswith(word) or "-encodedcommand".startswith(word) or word == "-ec"):
            return ()
        takes_value = any(name.startswith(word) for name in _SHELL_OPTIONS)
        index += 2 if takes_value else 1
    return ()


def _after_switch(call: Call) -> tuple[Argument, ...]:
    for index, argument in enumerate(call.arguments):
        if argument.text.lower() in ("/c", "/k"):
            return call.arguments[index + 1 :]
    return ()


def _process(call: Call) -> Words | None:
    """The program and the arguments that ``Start-Process`` gets."""
    name: tuple[str, int, int] | None = None
    rest: Words = []
    takes = ""
    for argument in call.arguments:
        text = argument.text
        if text.startswith("-") and not argument.quote:
            option = text.lower()
            if len(option) > 1 and "-filepath".startswith(option):
                takes = "name"
            elif (len(option) > 1 and "-argumentlist".startswith(option)) or option == "-args":
                takes = "rest"
            else:
                takes = "" if option in _PROCESS_SWITCHES else "other"
            continue
        if takes == "other":
            takes = ""
        elif takes == "rest" or (takes == "" and name is not None):
            takes = "rest"
            inside = 1 if argument.quote else 0
            rest.extend(
                (match.group(), argument.start + inside + match.start(), argument.start + inside + match.end())
                for match in _WORD.finditer(text)
            )
        elif name is None:
            name = _word(argument)
            takes = ""
    if name is None or name[0][:1] in ("$", "(", "@", ""):
        return None
    return [name, *rest]
