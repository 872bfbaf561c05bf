"""DBX705: the user's profile in a task that runs as the system."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.customization.scripts import Script
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.powershell import RegionKind, find_regions
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint_rules.scripts._scripts import Printed, scripts_of

_PROFILE = lazy(
    r"(?<![`$])\$(?:env:(?:USERPROFILE|APPDATA|LOCALAPPDATA)|\{env:(?:USERPROFILE|APPDATA|LOCALAPPDATA)\}|HOME)\b\}?"
    r"|(?<![\w\\:])(?:Registry::)?(?:HKCU:?|HKEY_CURRENT_USER:?)(?=\\)",
    re.IGNORECASE,
)
_GIVEN = lazy(r"\s*+=(?!=)")


class ProfileInSystemContext(Rule):
    """
    A script under `tasks` uses the user's profile: `$env:USERPROFILE`, `$env:APPDATA`,
    `$env:LOCALAPPDATA`, `$HOME` or `HKCU:`.

    Why: `tasks` run as the system while the dev box is made. What they write there goes to the profile of
    the system, and no user ever sees it.

    Fix: Move the task to `userTasks`, or write to a place for all users, such as `$env:ProgramData`,
    `C:\\Users\\Public`, `C:\\Users\\Default` or `HKLM:`.
    """

    code = "DBX705"
    name = "profile-in-system-context"
    severity = Severity.WARNING
    kinds = frozenset((IMAGE, USER))
    see = ("DBX701", "DBX706")
    references = (
        "https://learn.microsoft.com/azure/dev-box/concept-authoring-troubleshooting-guide-team-customizations",
    )
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            '        # $HOME\n        Copy-Item a.txt "«$env:USERPROFILE»\\a.txt"\n'
            "        Set-ItemProperty -Path '«HKCU:»\\Software\\Contoso' -Name A -Value 1\n"
            "        Remove-Item $env:userprofile\\b.txt\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: powershell\n    parameters:\n"
            "      command: reg add «HKCU»\\Software\\Contoso /v A; git clone https://a.io/b «$home»\\b\n",
        ),
    )
    good = (
        Example(
            IMAGE,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: Copy-Item a.txt $env:USERPROFILE\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        Write-Host \"as $env:USERPROFILE\"\n        Set-Content C:\\a.ps1 'cd $HOME'\n"
            '        Set-Content C:\\b.ps1 "cd `$HOME"\n        Set-Content C:\\c.reg @\'\n'
            "        [HKEY_CURRENT_USER\\Software]\n        '@\n        Set-Content $env:ProgramData\\d.txt 1\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        $env:USERPROFILE = 'C:\\Users\\Default'\n        Copy-Item a.txt $env:USERPROFILE\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for script in scripts_of(context):
            if script.is_system and script.holds("$env:", "${env:", "$home", "hkcu", "hkey_current_user"):
                yield from _in_script(script)


def _in_script(script: Script) -> Iterator[Finding]:
    text = script.text
    told: set[str] = set()
    printed = Printed(script)
    for region in find_regions(text):
        if region.kind in (RegionKind.COMMENT, RegionKind.HERE_STRING):
            continue
        is_literal = region.kind is RegionKind.STRING and text[region.start] not in '"“”„'
        for match in _PROFILE.finditer(text, region.start, region.end):
            found = match.group()
            what = "HKCU" if found[0] != "$" else found.lower().strip("${}")
            if what in told or (is_literal and found[0] == "$"):
                continue
            if region.kind is RegionKind.CODE and _GIVEN.match(text, match.end()):
                told.add(what)
                continue
            if printed.holds(*match.span()):
                continue
            told.add(what)
            shown = f"`{found}`"
            of_whom = "is the system's own here, not the user's"
            yield Finding(
                script.span(*match.span()),
                f"{shown} {of_whom}: move this task to `userTasks`, or write to a place for all users",
            )
