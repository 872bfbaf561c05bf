"""DBX717: a parameter that a cmdlet does not take, or does not get."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.scripts import Script
from devbox_lint.diagnostics import Edit, Finding, Fix, Related, Severity
from devbox_lint.powershell import Call
from devbox_lint.powershell.binding import Misfit, MisfitKind, bind
from devbox_lint.powershell.cmdlets import COMMON, Cmdlet, find_cmdlet
from devbox_lint.rule import CONFIGURATION, IMAGE, SCRIPT, TASK, USER, Context, Example, Rule
from devbox_lint.spelling import near_misses
from devbox_lint.startup import lazy
from devbox_lint_rules.scripts._scripts import WITH_SCRIPTS, scripts_of

# What takes the parameters of the provider whose path it gets, or of the source of the package.
_DYNAMIC = lazy(
    r"\w+-(?:Item|ItemProperty|Content|ChildItem|Path|Location|PSDrive|Package|PackageProvider|PackageSource|"
    r"PSRepository|Help|Command)"
)
# Options as other shells write them: `rm -rf`, `ls -la`.
_FOREIGN = frozenset(("rf", "fr", "rfv", "la", "al", "lah", "ltr", "lrt"))
# What a script looks at that does one thing in Windows PowerShell and another in PowerShell 7.
_OF_BOTH = ("$psversiontable", "$psedition", "$iscoreclr", "$iswindows", "$islinux")
# What another rule says of ForEach-Object.
_PARALLEL = frozenset(("parallel", "throttlelimit", "asjob", "timeoutseconds"))
#: More wrong arguments than this of one call are not looked at: what comes after them is no call any more.
_MOST_MISFITS = 20
#: Aliases that are programs in PowerShell 7 and everywhere else.
_PROGRAMS = frozenset(("curl", "wget"))
#: Modules that many update: a parameter of a newer one is no mistake.
_UPDATED = frozenset(("PSReadLine",))


class CmdletParameter(Rule):
    """
    A cmdlet of Windows PowerShell 5.1 is given a parameter that it does not take, the same one twice, one with a
    blank after its dash (`- Path`), an operator (`if (Test-Path $a -and $b)`), or one that a comma makes a part of the
    list before it (`'/quiet', -Wait`).

    Why: The call fails before it does anything. After a comma nothing fails, and the parameter is passed on as text.

    Fix: Write the parameter that the cmdlet has, and put a command in a condition into parentheses.

    Unsafe because: Another parameter than the one that was meant may be nearly written, and the call would do
    something else.
    """

    code = "DBX717"
    name = "cmdlet-parameter"
    severity = Severity.ERROR
    needs = WITH_SCRIPTS
    # Of a script that YAML joins to one line the command is not what its author wrote.
    yields_to = ("DBX714",)
    kinds = frozenset((IMAGE, USER, TASK, SCRIPT, CONFIGURATION))
    references = (
        "https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_parameters",
        "https://learn.microsoft.com/powershell/scripting/whats-new/differences-from-windows-powershell",
    )
    see = ("DBX607", "DBX716")
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        Set-ItemProperty «- Path» HKLM:\\a -Name b -Value 1\n"
            "        New-Item -ItemType Directory C:\\a -Forze\n".replace("-Forze", "«-Forze»")
            + "        Start-Process a.exe -ArgumentList '/quiet', «-Wait»\n",
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        Set-ItemProperty -Path HKLM:\\a -Name b -Value 1\n"
            "        New-Item -ItemType Directory C:\\a -Force\n"
            "        Start-Process a.exe -ArgumentList '/quiet' -Wait\n",
        ),
        Example(
            SCRIPT,
            "Enable-WindowsOptionalFeature -Online -FeatureName a «-Online»\n"
            "if (Test-Path $a «-and» (Get-Item $b)) { «curl» -sSfL https://a.io -o a }\n",
            "Enable-WindowsOptionalFeature -Online -FeatureName a\n"
            "if ((Test-Path $a) -and (Get-Item $b)) { curl.exe -sSfL https://a.io -o a }\n",
        ),
        Example(
            TASK,
            "name: a\ncommand: |\n  Get-Content a.json | ConvertFrom-Json «-AsHashtable»\n  Remove-Item «-rf» C:\\a\n",
        ),
    )
    good = (
        Example(
            SCRIPT,
            "function Get-Date { param($Wheel) }\nGet-Date -Wheel 1\nGet-ChildItem -r -Fi *.txt -ea 0\n"
            "Write-Host 'a' -f Red -NoNewline:$true\nStart-Process a '-x', '-y' -Wait -PassThru\n"
            "New-Item IIS:\\a -physicalPath C:\\a\nGet-Item @splat -Force\nWrite-Output -- -x\nSome-Thing -x -x -and\n"
            "pwsh -c 'ConvertFrom-Json -AsHashtable'\nStart-Process pwsh '-c Get-Date -AsUTC'\n"
            "Write-Host 'a', -1, -x.y\ncurl.exe -sSfL https://a.io\ncmd /c del - x\nWhere-Object a -eq 1\n",
            shown=False,
        ),
        Example(SCRIPT, "Start-Process a.exe -ArgumentList '/quiet' -Wait\nif ((Test-Path $a) -and $b) { exit 1 }\n"),
        Example(SCRIPT, "#Requires -Version 7\n'{}' | ConvertFrom-Json -AsHashtable\n"),
        Example(SCRIPT, "Set-PSReadLineOption -PredictionSource History\n", shown=False),
        Example(SCRIPT, "Remove-Item alias:curl\ncurl -sSfL https://a.io\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for script in scripts_of(context):
            if script.is_core or "-" not in script.text:
                continue
            syntax = script.syntax
            for call in syntax.calls:
                if call.outer is None and call.arguments and call.name not in syntax.functions:
                    yield from _in_call(script, call)


def _in_call(script: Script, call: Call) -> Iterator[Finding]:
    if not any(not word.quote and word.text[:1] in "-–—―" and word.text for word in call.arguments):
        return
    is_alias = "-" not in call.name
    if "\\" in call.name or (is_alias and script.holds("alias:", "set-alias", "new-alias", "remove-alias")):
        return
    cmdlet = find_cmdlet(call.name)
    if cmdlet is None or cmdlet.parameters is None:
        return
    # What of an option is no parameter makes the others wrong, too: each call has one finding of a kind.
    told: set[MisfitKind] = set()
    for misfit in bind(script.text, call.arguments, (*cmdlet.parameters, *COMMON)).misfits[:_MOST_MISFITS]:
        if misfit.kind in told:
            continue
        finding = _finding(script, call, cmdlet, misfit)
        if finding is not None:
            told.add(misfit.kind)
            yield finding
            if misfit.kind is MisfitKind.OPERATOR or call.name in _PROGRAMS:
                return


def _finding(script: Script, call: Call, cmdlet: Cmdlet, misfit: Misfit) -> Finding | None:
    argument = call.arguments[misfit.at]
    shown = argument.text.partition(":")[0]
    span = script.span(argument.start, argument.end)
    name = f"`{script.written(call)}`"
    match misfit.kind:
        case MisfitKind.UNKNOWN:
            return _unknown(script, call, cmdlet, misfit)
        case MisfitKind.TWICE:
            first = call.arguments[misfit.first]
            fix = None
            if misfit.parameter is not None and misfit.parameter.is_switch and ":" not in argument.text:
                end = call.arguments[misfit.at - 1].end
                fix = Fix("remove the second one", (Edit(script.span(end, argument.end), ""),))
            return Finding(
                span,
                f"{name} is given `{shown}` twice, which is an error: remove one of them",
                fix=fix,
                related=(Related(script.span(first.start, first.end), "it is given here first"),),
            )
        case MisfitKind.SPLIT:
            following = call.arguments[misfit.at + 1]
            return Finding(
                script.span(argument.start, following.end),
                f"`{script.text[argument.start : following.end]}` is a dash and a value: write `-{misfit.name}`",
                fix=Fix(f"write `-{misfit.name}`", (Edit(script.span(argument.end, following.start), ""),)),
            )
        case MisfitKind.SWALLOWED:
            before = call.arguments[misfit.at - 1]
            between = script.text[before.end : argument.start]
            fix = None
            if between.count(",") == 1 and not between.replace(",", "").strip(" \t"):
                fix = Fix("remove the comma", (Edit(script.span(before.end, argument.start), " "),))
            return Finding(
                span,
                f"the comma before `{shown}` makes it a part of the list, and no parameter of {name}: remove the comma",
                fix=fix,
                severity=Severity.WARNING,
            )
        case MisfitKind.OPERATOR:
            return _operator(script, call, misfit)
        case _:
            return None


def _unknown(script: Script, call: Call, cmdlet: Cmdlet, misfit: Misfit) -> Finding | None:
    argument = call.arguments[misfit.at]
    if call.name in _PROGRAMS:
        place = script.span(call.start, call.name_end)
        return Finding(
            place,
            f"`{call.name}` is an alias of `Invoke-WebRequest` in Windows PowerShell, which takes no"
            f" `-{misfit.name}`: write `{call.name}.exe`",
            fix=Fix(f"write `{call.name}.exe`", (Edit(place, f"{call.name}.exe"),)) if call.name == "curl" else None,
        )
    named = {word.text[1:].lower() for word in call.arguments if word.text[:1] == "-"}
    choices = [item.name for item in (*(cmdlet.parameters or ()), *COMMON) if item.name.lower() not in named]
    close = near_misses(misfit.name, choices) if len(misfit.name) > 3 else []
    meant = close[0] if len(close) == 1 else None
    if meant is None and (
        (_DYNAMIC.fullmatch(cmdlet.name) and misfit.name not in _FOREIGN)
        or (cmdlet.name == "ForEach-Object" and misfit.name.lower() in _PARALLEL)
        or cmdlet.module in _UPDATED
        or script.holds(*_OF_BOTH)
    ):
        return None
    start, end = argument.start, argument.start + 1 + len(misfit.name)
    fix = None
    if meant is not None:
        fix = Fix(f"write `-{meant}`", (Edit(script.span(start, end), f"-{meant}"),), safe=False)
    shown = script.written(call)
    whose = f"`{shown}`" if shown.lower() == cmdlet.name.lower() else f"`{shown}` (`{cmdlet.name}`)"
    return Finding(
        script.span(start, end),
        f"{whose} has no parameter `-{misfit.name}` in Windows PowerShell 5.1"
        + (f": did you mean `-{meant}`?" if meant else ""),
        fix=fix,
    )


def _operator(script: Script, call: Call, misfit: Misfit) -> Finding | None:
    if misfit.at == 0:
        return None
    argument = call.arguments[misfit.at]
    first, last = script.span(call.start, call.start), script.span(call.arguments[misfit.at - 1].end, argument.start)
    return Finding(
        script.span(argument.start, argument.end),
        f"`{argument.text}` is taken for a parameter of `{script.written(call)}`: put the command into parentheses",
        fix=Fix("put the command into parentheses", (Edit(first, "("), Edit(last, ") "))),
    )
