"""DBX710: double quotes in a command that are taken away before it runs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from devbox_lint.customization.scripts import Script
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Together
from devbox_lint.powershell import Call, RegionKind, find_regions
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint_rules.scripts._scripts import PRINTERS, WITH_SCRIPTS, in_single_quotes, scripts_of

#: What stays one value without its quotes: a variable, or text that has quotes of its own.
_WHOLE = lazy(r"\$\{?[\w:]++\}?|'[^']*+'|\d++")
_SUBEXPRESSION = lazy(r"\$\([^()]*+(?:\([^()]*+\)[^()]*+)*+\)|\$\{[^{}]*+\}|'[^']*+'|`.")
_MARK = lazy(r"[;|&<>(){}]")
#: Options that take all that follows them as one text.
_OF_ONE_TEXT = ("-c", "-command", "/c", "/k")
_TOGETHER = Together("double quotes that the task takes away, and without which the command does something else")


class DoubleQuotesInCommand(Rule):
    """
    The `command` of a PowerShell task has a string in double quotes, and without these it means something else: a value
    that is assigned or compared, an argument with blanks, text with `;` or an apostrophe.

    Why: The task hands its command to `powershell.exe -Command`, which takes double quotes away and joins the pieces.
    `& "C:\\Program Files\\a.exe"` runs `C:\\Program`, and `"C:\\temp\\"` breaks the whole script. Of the task
    `powershell` of the quick-start catalog that is certain; of the built-in `~/powershell` it is what the guides say,
    so that there it is information.

    Fix: Write single quotes where the string holds no variable, `\\"` where it does, or put the script into a file.

    Unsafe because: a script for `~/powershell` may run as it is; for other tasks single quotes are safe.
    """

    code = "DBX710"
    name = "double-quotes-in-command"
    severity = Severity.WARNING
    needs = WITH_SCRIPTS
    kinds = frozenset((IMAGE, USER))
    yields_to = ("DBX713", "DBX714", "DBX715")
    see = ("DBX212", "DBX711")
    references = (
        "https://learn.microsoft.com/azure/dev-box/concept-authoring-troubleshooting-guide-team-customizations",
        "https://github.com/microsoft/devcenter-catalog/blob/main/Tasks/powershell/Run-Command.ps1",
        "https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_parsing",
    )
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: powershell\n    parameters:\n      command: |\n"
            '        # say "hello"\n        Write-Host "hello"\n        $folder = «"C:\\src"»\n'
            '        & «"C:\\Program Files\\a\\a.exe"» /S\n',
            "tasks:\n  - name: powershell\n    parameters:\n      command: |\n"
            '        # say "hello"\n        Write-Host "hello"\n        $folder = \'C:\\src\'\n'
            "        & 'C:\\Program Files\\a\\a.exe' /S\n",
        ),
        Example(
            USER,
            "userTasks:\n  - name: quickstart/powershell\n    parameters:\n"
            "      command: 'net localgroup users «\"NT AUTHORITY\\Everyone\"» /add'\n",
            "userTasks:\n  - name: quickstart/powershell\n    parameters:\n"
            "      command: 'net localgroup users ''NT AUTHORITY\\Everyone'' /add'\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            '        Set-Location «"C:\\temp\\"»\n        Write-Host «"don\'t; stop"»\n        Write-Host «"(done)"»\n',
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        Set-Location 'C:\\temp\\'\n        Write-Host \"don't; stop\"\n        Write-Host '(done)'\n",
            shown=False,
        ),
    )
    good = (
        Example(
            IMAGE,
            "tasks:\n  - name: powershell\n    parameters:\n      command: |\n"
            '        Write-Host "hello $name"\n        New-Item -Path "$folder" -Name "a.txt"\n',
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: powershell\n    parameters:\n      command: |\n"
            '        $a = \\"C:\\src $b\\"\n        $c = """"C:\\x.ps1""""\n        Write-Host "a $($b.Count) c"\n'
            '        $d = "$a"; $e = "\'a b\'"; $f = \'say "a b"\'\n',
            shown=False,
        ),
        Example(IMAGE, "tasks:\n  - name: install\n    parameters:\n      command: '$a = \"hello\"'\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for script in scripts_of(context):
            if '"' in script.text and script.task is not None and not script.is_core:
                yield from _in_script(script)


def _in_script(script: Script) -> Iterator[Finding]:
    text = script.text
    places = _Places(script)
    is_certain = script.task is None or script.task.name is None or script.task.name.value[:1] not in ("~", "_")
    takes = "takes" if is_certain else "may take"
    for region in find_regions(text):
        start, end = region.start, region.end
        is_here = text.startswith('@"', start)
        if not is_here and (region.kind is not RegionKind.STRING or text[start] != '"' or not region.closed):
            continue
        # A backslash before the quote keeps it, and so do quotes that are doubled on purpose.
        if text[max(start - 1, 0) : start] == "\\" or text.startswith('"""', start):
            continue
        inside = text[start + 1 : end - 1]
        effect = "a here-string is none without them" if is_here else _effect(inside, places.of(start, end))
        if effect is None:
            continue
        fix = None
        if not is_here and not any(mark in inside for mark in "$`'\"\n"):
            single = in_single_quotes(script, inside)
            # A script that may well run as it is is not changed unasked.
            fix = Fix("write single quotes", (Edit(script.span(start, end), single),), safe=is_certain)
        yield Finding(
            script.span(start, end),
            f"the task {takes} double quotes away before the command runs, and {effect}: "
            + ("write single quotes" if fix is not None else 'write `\\"` for each, or put the script into a file'),
            fix=fix,
            severity=None if is_certain else Severity.INFO,
            together=_TOGETHER,
        )


class _Place(NamedTuple):
    """Where a string stands in a command: as its name, where ``number`` is -1, or as an argument or a part of one."""

    call: Call
    number: int


class _Places:
    """The names and the arguments of a script, by where they stand."""

    __slots__ = ("_found", "_starts", "_text")

    def __init__(self, script: Script) -> None:
        self._text = script.text
        found = []
        for call in script.syntax.calls:
            if call.outer is None:
                found.append((call.start, call.name_end, _Place(call, -1)))
                found.extend((word.start, word.end, _Place(call, number)) for number, word in enumerate(call.arguments))
        self._found = sorted(found, key=lambda item: item[:2])
        self._starts = [start for start, _, _ in self._found]

    def of(self, start: int, end: int) -> _Place | None:
        """Where the string is that stands there; None where it is a value of an expression."""
        index = bisect_right(self._starts, start) - 1
        if index < 0:
            return None
        first, last, place = self._found[index]
        # What stands in brackets of its own is an expression.
        return place if end <= last and not any(mark in self._text[first:start] for mark in "({") else None


def _effect(inside: str, place: _Place | None) -> str | None:
    """What becomes of a text without its quotes; None where nothing changes that counts."""
    if not inside or '"' in inside:
        return None
    if (len(inside) - len(inside.rstrip("\\"))) % 2:
        return "the backslash before the last one leaves that one there, open"
    bare = _SUBEXPRESSION.sub("", inside)
    if "'" in bare:
        return "the apostrophe then opens a string"
    if place is None:
        return None if _WHOLE.fullmatch(inside) else "what they hold is then code and no value"
    mark = _MARK.search(bare)
    if mark is not None:
        return f"the `{mark.group()}` in them is then code"
    if " " not in bare:
        return None
    if place.number < 0:
        return "only the first word of them is then run"
    before = place.call.arguments[place.number - 1].text.lower() if place.number else ""
    if place.call.program in PRINTERS or before in _OF_ONE_TEXT:
        return None
    return "the words in them are then arguments of their own"
