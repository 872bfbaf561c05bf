"""What is written as the command prompt, bash or a language with braces has it, and what PowerShell has instead."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from devbox_lint.customization.scripts import Script
from devbox_lint.diagnostics import Edit, Finding, Fix
from devbox_lint.powershell import Argument, Call, RegionKind, Slip, SlipKind, region_at
from devbox_lint.powershell.cmdlets import find_cmdlet
from devbox_lint.startup import lazy

_INSTEAD = {
    "=": "-eq", "==": "-eq", "===": "-eq", "!=": "-ne", "!==": "-ne", "<>": "-ne", ">": "-gt", "<": "-lt",
    ">=": "-ge", "<=": "-le", "=>": "-ge", "=<": "-le",
}  # fmt: skip
_CONDITIONS = {
    "for": "write `foreach ($item in $list) { ... }`",
    "foreach": "write `foreach ($item in $list) { ... }`",
    "switch": "write `switch ($value) { ... }`",
}
_EXISTS = lazy(r"(?i)\s++(?:not\s++)?exist\b|\s*+\[")
_ECHO_OFF = lazy(r"(?im)^[ \t]*+(@echo[ \t]++off\b)[ \t]*+")
_OF_PROMPT = lazy(
    r"(?i)%(PATH|USERPROFILE|USERNAME|TEMP|TMP|APPDATA|LOCALAPPDATA|PROGRAMFILES|PROGRAMDATA|SYSTEMDRIVE|SYSTEMROOT"
    r"|WINDIR|COMPUTERNAME|HOMEPATH|PUBLIC|ALLUSERSPROFILE)%"
)
#: Cmdlets that take paths, in which nobody puts in the value of a `%NAME%`.
_OF_PATHS = lazy(r"(?i)\w+-(?:Item|ChildItem|Location|Path)|Expand-Archive|Start-Process|Invoke-WebRequest|mkdir|md")
_ENTRY = lazy(r"[A-Za-z_]\w*+=.*+")
#: A folder whose name goes on after a blank.
_CUT = lazy(r"(?i)(?:[a-z]:|\$env:SystemDrive)[\\/](?:[^\\/]+[\\/])*+Program")


def of_slip(script: Script, slip: Slip) -> Finding:
    """What to say of a slip that comes of another language."""
    text = script.text
    shown = text[slip.start : slip.end]
    span = script.span(slip.start, slip.end)
    match slip.kind:
        case SlipKind.STRING_AS_COMMAND:
            return Finding(
                span,
                "PowerShell takes this for a text and cannot parse what follows: write `&` before it to run it",
                fix=Fix("write `&` before it", (Edit(script.span(slip.start, slip.start), "& "),)),
            )
        case SlipKind.NO_CONDITION:
            word = shown.lower()
            instead = _CONDITIONS.get(word, f"write `{word} (...) {{ ... }}`")
            if word == "if" and _EXISTS.match(text, slip.end):
                instead = "write `if (Test-Path ...) { ... }`"
            return Finding(span, f"`{shown}` without a parenthesis after it is no PowerShell: {instead}")
        case SlipKind.ELSE_IF:
            return Finding(
                span,
                f"`{shown}` is no PowerShell: write `elseif`",
                fix=Fix("write `elseif`", (Edit(span, "elseif"),)),
            )
        case SlipKind.FOREIGN_COMPARISON:
            instead = _INSTEAD[shown]
            before = "" if text[slip.start - 1 : slip.start].isspace() else " "
            after = "" if text[slip.end : slip.end + 1].isspace() else " "
            does = {"=": "gives the variable a value", ">": "writes to a file"}.get(shown, "is no PowerShell")
            return Finding(
                span,
                f"`{shown}` compares nothing and {does}: write `{instead}`",
                fix=Fix(f"write `{instead}`", (Edit(span, f"{before}{instead}{after}"),)),
            )
        case SlipKind.BEFORE_COLON:
            name = shown[1:-1]
            return Finding(
                span,
                f"`{shown}` is read as the name of a scope or a drive, and is an error: write `${{{name}}}:`",
                fix=Fix(f"write `${{{name}}}`", (Edit(script.span(slip.start, slip.end - 1), f"${{{name}}}"),)),
            )
        case SlipKind.TABLE_COLON:
            return Finding(
                span,
                "a hash table has `=` between a key and its value: write `=`",
                fix=Fix("write `=`", (Edit(span, " ="),)),
            )
        case _:
            return Finding(
                span,
                "the entries of a hash table end at `;` or at the end of a line: write `;`",
                fix=Fix("write `;`", (Edit(span, ";"),)),
            )


def in_calls(script: Script) -> Iterator[Finding]:
    """Commands and arguments that the command prompt or bash would understand."""
    text = script.text
    for match in _ECHO_OFF.finditer(text):
        if region_at(text, match.start(1)).kind is RegionKind.CODE:
            yield Finding(
                script.span(*match.span(1)),
                "`@echo off` is of batch files, and an error in PowerShell: remove it",
                fix=Fix("remove it", (Edit(script.span(*match.span(1)), ""),)),
            )
    for call in script.syntax.calls:
        if call.outer is None and call.name not in script.syntax.functions:
            yield from _in_call(script, call)


def _in_call(script: Script, call: Call) -> Iterator[Finding]:
    first = call.arguments[0] if call.arguments else None
    if call.name == "rem":
        place = script.span(call.start, call.name_end)
        yield Finding(
            place, "`rem` begins no comment in PowerShell: write `#`", fix=Fix("write `#`", (Edit(place, "#"),))
        )
        return
    if call.name in ("set", "export") and first is not None and not first.quote and _ENTRY.fullmatch(first.text):
        is_alias = "is `Set-Variable`" if call.name == "set" else "is unknown"
        name = first.text.partition("=")[0]
        yield Finding(
            script.span(call.start, first.end),
            f"`{script.written(call)}` {is_alias} in PowerShell, and sets nothing here: write `$env:{name} = '...'`",
        )
        return
    yield from _cut_path(script, call)
    if "%" in script.text[call.name_end : call.end]:
        yield from _of_prompt(script, call)


def _cut_path(script: Script, call: Call) -> Iterator[Finding]:
    """A path below `C:\\Program Files` without quotes, which is two words."""
    name = Argument(script.text[call.start : call.name_end], call.start, call.name_end)
    for left, right in pairwise((name, *call.arguments)):
        if left.quote or right.quote or not right.text.lower().startswith("files") or not _CUT.fullmatch(left.text):
            continue
        if script.text[left.end : right.start].strip(" \t"):
            continue
        how = "put the path in quotes, after `&`" if left is name else "put it in quotes"
        yield Finding(
            script.span(left.start, right.end),
            f"a path with blanks is several words without quotes, the first of them `{left.text}`: {how}",
        )
        return


def _of_prompt(script: Script, call: Call) -> Iterator[Finding]:
    """A `%NAME%`, of which PowerShell makes nothing."""
    cmdlet = find_cmdlet(call.name)
    is_of_paths = cmdlet is not None and _OF_PATHS.fullmatch(cmdlet.name) is not None
    own = call.arguments[0].text.lower() if call.program == "setx" and call.arguments else ""
    for argument in call.arguments:
        match = _OF_PROMPT.search(argument.text)
        if match is None or not (is_of_paths or (own and match[1].lower() == own)):
            continue
        start = argument.start + (1 if argument.quote else 0) + match.start()
        span = script.span(start, start + len(match[0]))
        fix = None
        if argument.quote != "'":
            goes_on = argument.text[match.end() : match.end() + 1]
            instead = f"$env:{match[1]}" if not (goes_on.isalnum() or goes_on in ("_", ":")) else f"${{env:{match[1]}}}"
            fix = Fix(f"write `{instead}`", (Edit(span, instead),))
        yield Finding(
            span,
            f"PowerShell puts nothing in the place of `{match[0]}`: write `$env:{match[1]}`"
            + (" in double quotes" if fix is None else ""),
            fix=fix,
        )
        return
