"""DBX706: work for an administrator in a task that runs as the user."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.customization.scripts import Script
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.powershell import Call, is_code
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint_rules.scripts._scripts import WITH_SCRIPTS, name_finding, scripts_of

_COMMANDS = frozenset(
    (
        "enable-windowsoptionalfeature",
        "disable-windowsoptionalfeature",
        "add-windowscapability",
        "remove-windowscapability",
        "add-windowspackage",
        "install-windowsfeature",
        "new-service",
        "set-mppreference",
        "add-mppreference",
        "new-netfirewallrule",
        "set-netfirewallrule",
        "new-localuser",
        "add-localgroupmember",
        "bcdedit",
        "new-partition",
        "format-volume",
        "initialize-disk",
        "set-service",
        "remove-service",
        "remove-localuser",
        "set-netfirewallprofile",
        "enable-netfirewallrule",
        "add-appxprovisionedpackage",
        "remove-appxprovisionedpackage",
        "enable-psremoting",
        "set-vmhost",
        "enable-computerrestore",
        "new-smbshare",
    )
)
#: What makes `-Scope` one of the machine, for these alone.
_SCOPED = frozenset(("set-executionpolicy", "install-module", "install-script", "install-psresource"))
_OF_MACHINE = frozenset(("allusers", "localmachine"))
#: Programs with the first words after which they change the machine.
_CHANGES = {
    "sc": ("create", "config", "delete", "stop"),
    "net": ("localgroup", "user", "start", "stop", "share"),
    "netsh": ("advfirewall", "interface", "winhttp", "http"),
    "fsutil": ("behavior",),
    "wevtutil": ("sl", "cl", "im"),
    "powercfg": ("/hibernate", "-h", "/h"),
}
#: What of these only shows something.
_SHOWING = frozenset(("show", "/?", "query"))
_MACHINE_VARIABLE = lazy(
    r"\[(?:System\.)?Environment\]::SetEnvironmentVariable\([^()\r\n#]{1,300}"
    r"(?:[\"']Machine[\"']|\[(?:System\.)?EnvironmentVariableTarget\]::Machine)\s*+\)",
    re.IGNORECASE,
)
_REGISTRY_WRITERS = frozenset(
    ("set-itemproperty", "sp", "new-itemproperty", "remove-itemproperty", "new-item", "ni", "remove-item", "set-item")
)
_MACHINE_KEY = lazy(r"(?:Registry::)?(?:HKLM:|HKEY_LOCAL_MACHINE)", re.IGNORECASE)
_DISM = ("/enable-feature", "/disable-feature", "/add-", "/remove-", "/apply-", "/set-")


class AdminInUserContext(Rule):
    """
    A script under `userTasks` changes what only an administrator may: Windows features, `HKLM:`, services,
    the firewall, Defender, variables of the machine (`setx /M`), `-Scope AllUsers`, Chocolatey packages.

    Why: `userTasks` run as the user who signs in. Where that user is no local administrator the command is
    denied; where they are, Windows may ask them.

    Fix: Put the command into a task under `tasks`, which run as the system.
    """

    code = "DBX706"
    name = "admin-in-user-context"
    severity = Severity.INFO
    needs = WITH_SCRIPTS
    kinds = frozenset((IMAGE, USER))
    see = ("DBX701", "DBX705")
    references = (
        "https://learn.microsoft.com/azure/dev-box/concept-authoring-troubleshooting-guide-team-customizations",
    )
    bad = (
        Example(
            IMAGE,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        «Enable-WindowsOptionalFeature» -Online -FeatureName Containers\n"
            "        «Set-ItemProperty» -Path 'HKLM:\\SOFTWARE\\Contoso' -Name A -Value 1\n"
            "        # reg add HKLM\\SOFTWARE\n        «reg add» HKLM\\SOFTWARE\\Contoso\n"
            "        «dism.exe» /online /enable-feature /featurename:Containers\n",
        ),
        Example(
            USER,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        «setx» PATH C:\\tools /M\n        «choco» install -y git\n"
            "        «sc.exe create» a binPath= C:\\a.exe\n"
            "        «net localgroup» docker-users bob /add\n        «Install-Module» Az -Scope AllUsers -Force\n"
            "        «[Environment]::SetEnvironmentVariable('A', '1', 'Machine')»\n"
            "        «netsh advfirewall» set allprofiles state off\n",
        ),
    )
    good = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: bcdedit /set hypervisorlaunchtype auto\n",
        ),
        Example(
            IMAGE,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        Get-ItemProperty HKLM:\\SOFTWARE\\Contoso\n        dism /online /get-features\n"
            "        reg query HKLM\\SOFTWARE\n        Start-Process bcdedit -Verb RunAs\n"
            "        try { New-Item HKLM:\\SOFTWARE\\Test -ErrorAction Stop } catch { 'no administrator' }\n"
            "        setx A 1; choco list; net user; sc.exe query a; netsh interface show interface\n"
            "        Install-Module Az -Scope CurrentUser -Force; choco upgrade all --noop\n"
            "        Write-Host 'Enable-WindowsOptionalFeature'\n        New-Item C:\\Users\\me\\a.txt\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for script in scripts_of(context):
            if not script.is_user:
                continue
            told: set[str] = set()
            for call in script.syntax.calls:
                words = _needs_admin(call)
                if words is None or _is_elevated(call) or _may_fail(script, call):
                    continue
                what = "registry" if call.program in _REGISTRY_WRITERS else script.written(call).lower()
                if what in told:
                    continue
                told.add(what)
                yield name_finding(
                    script,
                    call,
                    words,
                    f"`{script.written(call)}` needs an administrator, and `userTasks` run as the user:"
                    " put it into a task under `tasks`",
                )
            if script.holds("setenvironmentvariable("):
                yield from _variables(script)


def _variables(script: Script) -> Iterator[Finding]:
    """A variable that is set for the machine: the first of a script."""
    match = next((one for one in _MACHINE_VARIABLE.finditer(script.text) if is_code(script.text, one.start())), None)
    if match is not None and not script.holds("catch"):
        yield Finding(
            script.span(*match.span()),
            "a variable for `Machine` needs an administrator, and `userTasks` run as the user: write `User`, or put it"
            " into a task under `tasks`",
        )


def _needs_admin(call: Call) -> int | None:
    """How many words after the name are part of what needs an administrator, None where nothing does."""
    program = call.program
    words = [argument.text.lower() for argument in call.arguments]
    if program in ("choco", "cinst"):
        is_installing = program == "cinst" or (words and words[0] in ("install", "upgrade", "uninstall", "feature"))
        return 0 if is_installing and "--noop" not in words else None
    if program in _COMMANDS:
        return 0
    if program in _SCOPED:
        return 0 if (call.option("-scope") or "").strip("'\"").lower() in _OF_MACHINE else None
    if program == "setx":
        return 0 if "/m" in words or "-m" in words else None
    if program in _CHANGES and (program != "sc" or call.name.endswith("sc.exe")):
        changes = len(words) > 1 and words[0] in _CHANGES[program] and _SHOWING.isdisjoint(words)
        if program == "net" and words[:1] in (["user"], ["localgroup"], ["share"]):
            changes = changes and any(word in ("/add", "/delete", "/active:yes", "/active:no") for word in words)
        return 1 if changes else None
    if program in _REGISTRY_WRITERS:
        return 0 if any(_MACHINE_KEY.match(word) for word in words) else None
    if program == "dism":
        return 0 if any(word.startswith(_DISM) for word in words) else None
    if program == "reg" and len(words) > 1 and words[0] in ("add", "delete", "import", "load"):
        return 1 if words[1].lstrip("\\").startswith(("hklm", "hkey_local_machine")) else None
    return None


def _may_fail(script: Script, call: Call) -> bool:
    """Whether the script says what is to happen where the command is denied."""
    action = (call.option("-erroraction", "-ea") or "").lower()
    return action in ("silentlycontinue", "ignore", "0") or (action in ("stop", "1") and script.holds("catch"))


def _is_elevated(call: Call) -> bool:
    outer = call.outer
    while outer is not None:
        if (outer.option("-verb") or "").lower() == "runas":
            return True
        outer = outer.outer
    return False
