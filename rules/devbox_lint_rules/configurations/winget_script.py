"""DBX819: a script resource that cannot work as it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.configuration.units import Unit, is_literal
from devbox_lint.customization.scripts import CLASSIC_SCRIPT_RESOURCES, SCRIPT_RESOURCES, SCRIPT_SETTINGS
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import CONFIGURATION, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import Scalar
from devbox_lint_rules.configurations._units import CREATE, unit_span, units_of

_HEAD = "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
_NAMES = {"getscript": "GetScript", "testscript": "TestScript", "setscript": "SetScript"}
# A variable as cmd writes it, in a command that PowerShell runs.
_OF_CMD = lazy(
    r"%(?:APPDATA|LOCALAPPDATA|USERPROFILE|USERNAME|PROGRAMFILES|PROGRAMDATA|TEMP|TMP|SYSTEMROOT|WINDIR|PUBLIC"
    r"|HOMEDRIVE|HOMEPATH|ALLUSERSPROFILE)%",
    re.IGNORECASE,
)
_CMD = lazy(
    r"(?i)\bcmd(?:\.exe)?\b|ExpandEnvironmentVariables|@['\"]|\.(?:bat|cmd)\b|\breg(?:\.exe)?\s+add|ExpandString"
)


class WingetScript(Rule):
    """
    A script resource lacks one of its scripts, tests with one that gives no answer, or writes a variable as `cmd`
    does: `%APPDATA%`.

    Why: `PSDscResources/Script` needs all three scripts, and `TestScript` must give one boolean. PowerShell takes
    `%APPDATA%` for text, so a folder of that name is looked for.

    Fix: Write `GetScript: '@{}'` and a `TestScript` that ends in `$true` or `$false`; write `$env:APPDATA`.
    """

    code = "DBX819"
    name = "winget-script"
    severity = Severity.WARNING
    kinds = frozenset((CONFIGURATION,))
    references = (CREATE, "https://github.com/PowerShell/PSDscResources")
    see = ("DBX713", "DBX810")
    bad = (
        Example(
            CONFIGURATION,
            f"{_HEAD}    - resource: «PSDscResources/Script»\n      settings:\n        GetScript: '@{{}}'\n"
            "        SetScript: |\n          Set-Content '«%APPDATA%»\\a.txt' x\n",
        ),
        Example(
            CONFIGURATION,
            f"{_HEAD}    - resource: PSDscResources/Script\n      settings:\n        GetScript: '@{{}}'\n"
            "        TestScript: «''»\n        SetScript: Get-Date\n",
        ),
    )
    good = (
        Example(
            CONFIGURATION,
            f"{_HEAD}    - resource: PSDscResources/Script\n      settings:\n        GetScript: '@{{}}'\n"
            "        TestScript: return $false\n        SetScript: cmd /c del %TEMP%\\x\n",
        ),
        Example(
            CONFIGURATION,
            "resources:\n  - name: a\n    type: Microsoft.DSC.Transitional/PowerShellScript\n"
            "    properties: {setScript: Get-Date}\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for unit in units_of(context):
            name = unit.full_name.lower()
            if name in SCRIPT_RESOURCES:
                yield from _missing(unit, name in CLASSIC_SCRIPT_RESOURCES)
                yield from _scripts(unit)


def _missing(unit: Unit, needs_all: bool) -> Iterator[Finding]:
    if unit.settings is not None and "<<" in unit.settings.names:
        return
    missing = [name for name in SCRIPT_SETTINGS if unit.setting(name) is None]
    if needs_all and missing:
        names = " and ".join(f"`{_NAMES[name]}`" for name in missing)
        yield Finding(
            unit_span(unit),
            f"`{unit.full_name}` needs {names}",
            "write all three: `GetScript`, `TestScript` and `SetScript`",
            severity=Severity.ERROR,
        )
    elif not needs_all and len(missing) == len(SCRIPT_SETTINGS):
        message = f"`{unit.full_name}` needs a script: `setScript`, with `testScript` to say when it is to run"
        yield Finding(unit_span(unit), message, "write `setScript` and `testScript`", severity=Severity.ERROR)


def _scripts(unit: Unit) -> Iterator[Finding]:
    for name in SCRIPT_SETTINGS:
        entry = unit.setting(name)
        value = unit.text(name)
        if entry is None:
            continue
        if name == "testscript" and isinstance(entry.value, Scalar) and not entry.value.value.strip():
            span = entry.value.span if entry.value.end > entry.value.start else entry.key.span
            yield Finding(span, f"`{entry.name}` is empty, and must give a boolean: write `$false`", "write `$false`")
        if value is None or _CMD.search(value.value) or (len(value.value) < 200 and not is_literal(value)):
            continue
        match = _OF_CMD.search(value.value)
        if match is not None:
            variable = match.group().strip("%").upper()
            right = f"$env:{variable}"
            yield Finding(
                value.span_of(match.start(), match.end()),
                f"PowerShell takes `{match.group()}` for text: write `{right}`",
                f"write `{right}`, in double quotes if in any",
            )
