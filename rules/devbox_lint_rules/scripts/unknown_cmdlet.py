"""DBX716: a command that is one slip of the hand from a cmdlet."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.scripts import Script
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.powershell import Call
from devbox_lint.powershell.cmdlets import has_approved_verb, is_known, near_cmdlets
from devbox_lint.rule import CONFIGURATION, IMAGE, SCRIPT, TASK, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint_rules.scripts._scripts import WITH_SCRIPTS, scripts_of

_VERB_NOUN = lazy(r"[a-z]++-[a-z]{4}[a-z0-9]*+")
#: What is written for a cmdlet of another name, and what that is.
_MEANT = {"write-content": "Set-Content", "create-item": "New-Item", "delete-item": "Remove-Item"}
#: What brings commands of other names.
_IMPORTING = frozenset((
    "import-module", "ipmo", "install-module", "add-pssnapin", "import-pssession", "invoke-expression", "iex",
    "set-alias", "new-alias", "sal", "nal", "install-package",
))  # fmt: skip
_DOT_SOURCED = lazy(r"(?m)(?:^|[;{(|&])[ \t]*+\.[ \t]++\S")


class UnknownCmdlet(Rule):
    """
    A command has the form of a cmdlet's name, is one letter from a known one, and is defined nowhere in the script.

    Why: PowerShell says that the term is not recognized and goes on with the next line, so that what the command was
    to do is missing, and the task may end well nevertheless.

    Fix: Write the name of the cmdlet.

    Unsafe because: The command may come with a module or a program that is not in the script, and another one would
    run in its place.
    """

    code = "DBX716"
    name = "unknown-cmdlet"
    severity = Severity.WARNING
    needs = WITH_SCRIPTS
    kinds = frozenset((IMAGE, USER, TASK, SCRIPT, CONFIGURATION))
    references = (
        "https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_command_precedence",
    )
    see = ("DBX713", "DBX717")
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        «Iinstall-Module» Terminal-Icons -Force\n",
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        Install-Module Terminal-Icons -Force\n",
        ),
        Example(SCRIPT, "«Get-ChildIten» C:\\src\n«Wirte-Host» a\n", "Get-ChildItem C:\\src\nWrite-Host a\n"),
        Example(SCRIPT, "«Write-Content» C:\\a.txt 1\n"),
    )
    good = (
        Example(
            SCRIPT,
            "function Get-Consent { 1 }\nGet-Consent\nInvoke-Command2 a\nGet-MyThing\nApt-Get install\nGet-Tp\n"
            "Get-ADUser a\nget-item b\n'Wirte-Host'\n# Wirte-Host\nwsl Wirte-Host\n",
            shown=False,
        ),
        Example(SCRIPT, ". ./functions.ps1\nGet-Consent\nWrite-Content a\n", shown=False),
        Example(SCRIPT, "Import-Module ./own.psm1\nGet-Consent\n"),
        Example(SCRIPT, "Add-PSSnapin Quest.ActiveRoles.ADManagement\nGet-QADUser a\n", shown=False),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for script in scripts_of(context):
            if "-" not in script.text:
                continue
            syntax = script.syntax
            told: set[str] = set()
            brings_more: bool | None = None
            for call in syntax.calls:
                name = call.name
                if call.outer is not None or name in told or name in syntax.functions or not _VERB_NOUN.fullmatch(name):
                    continue
                if is_known(name):
                    continue
                if brings_more is None:
                    brings_more = _brings_more(script)
                meant = _meant(name, brings_more)
                if meant:
                    told.add(name)
                    yield _finding(script, call, meant)


def _brings_more(script: Script) -> bool:
    """Whether commands that are not in the script may be there."""
    return any(call.name in _IMPORTING or call.name.endswith(".psm1") for call in script.syntax.calls) or (
        _DOT_SOURCED.search(script.text) is not None
    )


def _meant(name: str, brings_more: bool) -> tuple[str, ...]:
    """The commands that a name was to be: those of modules have verbs that are approved."""
    if brings_more and has_approved_verb(name):
        return ()
    if not brings_more and name in _MEANT:
        return (_MEANT[name],)
    # `Invoke-Command2` is somebody's own.
    return () if name[-1].isdigit() else near_cmdlets(name)


def _finding(script: Script, call: Call, meant: tuple[str, ...]) -> Finding:
    span = script.span(call.start, call.name_end)
    fix = None
    if len(meant) == 1 and call.name not in _MEANT:
        fix = Fix(f"write `{meant[0]}`", (Edit(span, meant[0]),), safe=False)
    choices = " or ".join(f"`{name}`" for name in meant[:3])
    return Finding(span, f"no command `{script.written(call)}` is known: did you mean {choices}?", fix=fix)
