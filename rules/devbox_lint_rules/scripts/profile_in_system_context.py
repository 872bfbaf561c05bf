"""DBX705: the user's profile in a task that runs as the system."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.customization.scripts import Script
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.powershell import Call, RegionKind, find_regions, region_at
from devbox_lint.powershell.cmdlets import find_cmdlet
from devbox_lint.rule import IMAGE, SCRIPT, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint_rules.scripts._scripts import PRINTERS, WITH_SCRIPTS, Printed, scripts_of

_PROFILE = lazy(
    r"(?<![`$])\$(?:env:(?:USERPROFILE|APPDATA|LOCALAPPDATA|OneDrive)|\{env:(?:USERPROFILE|APPDATA|LOCALAPPDATA)\}|HOME)\b\}?"
    r"|(?<![`$])\$PROFILE\b(?:\.CurrentUser\w++)?+(?!\.AllUsers)"
    r"|(?<![\w\\:])(?:Registry::)?(?:HKCU:?|HKEY_CURRENT_USER:?)(?=\\)",
    re.IGNORECASE,
)
_OF_USER = lazy(
    r"\[(?:System\.)?Environment\]::SetEnvironmentVariable\([^()\r\n#]{1,300}"
    r"(?:[\"']User[\"']|\[(?:System\.)?EnvironmentVariableTarget\]::User)\s*+\)",
    re.IGNORECASE,
)
_FOLDER = lazy(
    r"\[(?:System\.)?Environment\]::GetFolderPath\(\s*+[\"']?(?:\[(?:System\.)?Environment\+?\.?SpecialFolder\]::)?"
    r"(?:Desktop|DesktopDirectory|MyDocuments|Personal|UserProfile|ApplicationData|LocalApplicationData|StartMenu|Startup|Programs)"
    r"[\"']?\s*+\)",
    re.IGNORECASE,
)
_IN_CMD = lazy(r"%(?:USERPROFILE|APPDATA|LOCALAPPDATA|HOMEPATH)%", re.IGNORECASE)
_GIVEN = lazy(r"\s*+=(?!=)")


class ProfileInSystemContext(Rule):
    """
    A script under `tasks` uses the user's profile: `$env:USERPROFILE`, `$env:APPDATA`,
    `$env:LOCALAPPDATA`, `$HOME`, `~/`, `$PROFILE`, `GetFolderPath('Desktop')` or `HKCU:`; or a command that writes
    there: `git config --global`, `npm install -g`, `pip install --user`, `setx`, `scoop install`, `Add-AppxPackage`,
    `SetEnvironmentVariable(..., 'User')`, `-Scope CurrentUser`, `dotnet tool install -g`.

    Why: `tasks` run as the system while the dev box is made. What they write there goes to the profile of
    the system, and no user ever sees it.

    Fix: Move the task to `userTasks`, or write to a place for all users, such as `$env:ProgramData`,
    `C:\\Users\\Public`, `C:\\Users\\Default` or `HKLM:`.
    """

    code = "DBX705"
    name = "profile-in-system-context"
    severity = Severity.WARNING
    needs = WITH_SCRIPTS
    kinds = frozenset((IMAGE, USER, SCRIPT))
    yields_to = ("DBX714",)
    see = ("DBX701", "DBX706")
    references = (
        "https://learn.microsoft.com/azure/dev-box/concept-authoring-troubleshooting-guide-team-customizations",
    )
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        # [Environment]::SetEnvironmentVariable('A', '1', 'User')\n"
            "        [Environment]::SetEnvironmentVariable('A', '1', 'Machine')\n"
            "        «[Environment]::SetEnvironmentVariable('B', '2', 'User')»\n",
        ),
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
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        «git config --global» core.longpaths true\n        «npm install -g» yarn\n"
            "        «setx» NAME value\n        «dotnet tool install -g» dotnet-ef\n"
            "        «Install-Module Terminal-Icons -Scope CurrentUser -Force»\n"
            "        «pip install --user» black\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        Add-Content «$PROFILE» 'Set-Alias g git'\n        Set-Content «~/.npmrc» a\n"
            "        $d = «[Environment]::GetFolderPath('Desktop')»\n        cmd /c 'copy a «%APPDATA%»\\b'\n"
            "        «scoop install» git\n        «cargo install» ripgrep\n        «yarn global add» a\n"
            "        «pnpm add -g» a\n        «pipx install» black\n        «Add-AppxPackage» a.msix\n",
            shown=False,
        ),
    )
    good = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        Add-Content $PROFILE.AllUsersAllHosts 'Set-Alias g git'\n        Set-Content %APPDATA% a\n"
            "        $d = [Environment]::GetFolderPath('CommonDesktopDirectory')\n        wsl cat ~/.npmrc\n"
            "        scoop install -g git\n        cargo install --root C:\\tools ripgrep; yarn add a; pnpm add a\n"
            "        Add-AppxProvisionedPackage -Online -PackagePath a.msix -SkipLicense\n",
            shown=False,
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        git config --system core.longpaths true\n        setx NAME value /M\n"
            "        Install-Module Az -Scope AllUsers -Force\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        git config --global --get user.name\n        git config --global --add safe.directory C:/a\n"
            "        npm config set prefix C:\\npm --location=global\n        npm install -g yarn\n"
            "        pip install --upgrade pip\n"
            "        Write-Host 'setx A b'\n",
            shown=False,
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        git config --global core.longpaths true\n        git clone https://a.io/b C:\\b\n",
            shown=False,
        ),
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
            if not script.is_system:
                continue
            yield from _of_commands(script)
            if script.holds("setenvironmentvariable("):
                yield from _variables(script)
            if script.holds("getfolderpath("):
                place = _first(script, _FOLDER)
                if place is not None:
                    yield _own(script, *place)
            if script.holds("%"):
                yield from _in_cmd(script)
            if script.holds("~/", "~\\"):
                yield from _tilde(script)
            if script.holds("$env:", "${env:", "$home", "$profile", "hkcu", "hkey_current_user"):
                yield from _in_script(script)


def _of_commands(script: Script) -> Iterator[Finding]:
    """Commands that keep what they do for the user who runs them."""
    if not script.holds(*_HINTS):
        return
    told: set[str] = set()
    calls = script.syntax.calls
    for call in calls:
        told_of = _per_user(script, call)
        if told_of is None or told_of[0] in told:
            continue
        words, last, instead = told_of
        if words == "git config --global" and _uses_git(calls):
            # For what the script itself does with git it is the system's settings that count.
            continue
        told.add(words)
        yield Finding(
            script.span(call.start if call.outer is None else call.arguments[0].start, last),
            f"`{words}` is for the system's own account here, not for the user: "
            + (f"{instead}, or " if instead else "")
            + "move this task to `userTasks`",
        )


def _variables(script: Script) -> Iterator[Finding]:
    """A variable that is set for the user: the first of a script."""
    place = _first(script, _OF_USER)
    if place is None:
        return
    yield Finding(
        script.span(*place),
        "a variable for `User` is one of the system's own account here: write `Machine`, or move this task to"
        " `userTasks`",
    )


def _first(script: Script, pattern: re.Pattern[str]) -> tuple[int, int] | None:
    """Where the first match is that stands in code."""
    found = pattern.finditer(script.text)
    match = next((match for match in found if region_at(script.text, match.start()).kind is RegionKind.CODE), None)
    return match.span() if match is not None else None


def _in_cmd(script: Script) -> Iterator[Finding]:
    """Variables of the user in what the command prompt is given."""
    for call in script.syntax.calls:
        match = _IN_CMD.search(script.text, call.start, call.end) if call.program == "cmd" else None
        if match is not None:
            yield _own(script, *match.span())
            return


def _tilde(script: Script) -> Iterator[Finding]:
    """A path that begins in the home folder, which cmdlets alone take so: the first of a script."""
    for call in script.syntax.calls:
        if call.outer is None and find_cmdlet(call.name) is not None and call.program not in PRINTERS:
            for argument in call.arguments:
                if argument.text.startswith(("~/", "~\\")):
                    inside = 1 if argument.quote else 0
                    yield _own(script, argument.start + inside, argument.end - inside)
                    return


def _own(script: Script, start: int, end: int) -> Finding:
    return Finding(
        script.span(start, end),
        f"`{script.text[start:end]}` is the system's own here, not the user's: move this task to `userTasks`, or write"
        " to a place for all users",
    )


def _uses_git(calls: tuple[Call, ...]) -> bool:
    return any(
        call.program == "git" and call.arguments and call.arguments[0].text.lower() != "config" for call in calls
    )


def _per_user(script: Script, call: Call) -> tuple[str, int, str] | None:
    """What a command is called that does something for one user, where its words end, and what to write instead."""
    words = [argument.text.lower() for argument in call.arguments]
    program = call.program
    first = words[0] if words else ""

    def end(*wanted: str) -> int:
        return next(argument.end for argument in call.arguments if argument.text.lower() in wanted)

    if program == "git" and first == "config" and "--global" in words:
        if _READING.isdisjoint(words) and not any(word.startswith(_OF_THE_RUN) for word in words):
            return "git config --global", end("--global"), "write `--system`"
    elif program == "npm" and first in ("install", "i", "add") and not {"-g", "--global"}.isdisjoint(words):
        if not script.holds("prefix", "nvm", "fnm", "volta"):
            instead = "set a `prefix` for all users before it"
            return f"npm {first} -g", end("-g", "--global"), instead
    elif program in ("pip", "pip3") and first == "install" and "--user" in words:
        return "pip install --user", end("--user"), "leave `--user` out"
    elif program == "setx" and len(words) > 1 and not {"/m", "-m", "/?", "/s"} & set(words):
        return "setx", call.name_end, "add `/M`"
    elif program == "dotnet" and words[:2] == ["tool", "install"] and not {"-g", "--global"}.isdisjoint(words):
        return "dotnet tool install -g", end("-g", "--global"), "write `--tool-path`"
    elif program == "scoop" and first == "install" and not {"-g", "--global"} & set(words) and len(words) > 1:
        return "scoop install", end("install"), "add `-g`"
    elif program == "cargo" and first == "install" and not script.holds("--root", "cargo_home", "cargo_install_root"):
        return "cargo install", end("install"), "add `--root`"
    elif program == "yarn" and words[:2] == ["global", "add"] and not script.holds("prefix"):
        return "yarn global add", end("add"), ""
    elif program == "pnpm" and first in ("add", "install", "i") and not {"-g", "--global"}.isdisjoint(words):
        if not script.holds("pnpm_home", "global-bin-dir"):
            return f"pnpm {first} -g", end("-g", "--global"), ""
    elif program == "pipx" and first == "install" and "--global" not in words and not script.holds("pipx_"):
        return "pipx install", end("install"), ""
    elif program == "add-appxpackage":
        return "Add-AppxPackage", call.name_end, "write `Add-AppxProvisionedPackage -Online`"
    elif program in _SCOPED and (call.option("-scope") or "").strip("'\"").lower() == "currentuser":
        instead = "write `-Scope LocalMachine`" if program == "set-executionpolicy" else "write `-Scope AllUsers`"
        return f"{script.written(call)} -Scope CurrentUser", call.end, instead
    return None


_HINTS = (
    "--global", " -g", "--user", "setx", "currentuser", "scoop", "cargo", "yarn", "pnpm", "pipx", "add-appxpackage",
)  # fmt: skip
_SCOPED = frozenset(("install-module", "install-script", "install-psresource", "update-module", "set-executionpolicy"))
_READING = frozenset(("--get", "--get-all", "--list", "-l", "--unset", "--unset-all", "--get-regexp", "get", "list"))
# What makes git itself work in the account that runs it.
_OF_THE_RUN = ("safe.directory", "http.", "url.", "credential.", "https.")


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
            what = "HKCU" if found[0] != "$" else found.lower().strip("${}").partition(".")[0]
            if what in told or (is_literal and found[0] == "$"):
                continue
            if region.kind is RegionKind.CODE and _GIVEN.match(text, match.end()):
                told.add(what)
                continue
            if printed.holds(*match.span()):
                continue
            told.add(what)
            yield _own(script, *match.span())
