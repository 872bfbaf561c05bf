"""DBX707: a script that runs what it has just downloaded."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from devbox_lint.customization.scripts import Script
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.powershell import Call, is_code
from devbox_lint.rule import CONFIGURATION, IMAGE, SCRIPT, TASK, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint_rules.scripts._scripts import DOWNLOADERS, WITH_SCRIPTS, scripts_of

_EVALUATORS = frozenset(("iex", "invoke-expression"))
_SHELLS = frozenset(("bash", "sh", "zsh", "powershell", "pwsh", "python", "python3", "node"))
_DOWNLOAD_METHOD = lazy(r"\.DownloadString\s*+\(", re.IGNORECASE)
_CREATE = lazy(r"\[(?:System\.Management\.Automation\.)?scriptblock\]::Create\s*+\(", re.IGNORECASE)
_DOWNLOADED = lazy(
    r"\$([A-Za-z_]\w*+)\s*+=\s*+(?:\(?(?:invoke-webrequest|iwr|invoke-restmethod|irm|curl|wget)\s"
    r"|\(?(?:\(new-object\s++[\w.]*+webclient\)|\$\w++)\.downloadstring)",
    re.IGNORECASE,
)
_VARIABLE = lazy(r"\$\{?([A-Za-z_]\w*+)")
_WORDS = ("iwr", "irm", "invoke-webrequest", "invoke-restmethod", "curl", "wget", "downloadstring", "mshta")
#: What runs a line that it gets as text, and the forms of a download in such a line.
_OF_LINES = frozenset(("wsl", "bash", "sh", "cmd", "powershell", "pwsh"))
_IN_LINE = lazy(
    r"\b(?:irm|iwr|invoke-restmethod|invoke-webrequest|curl|wget)\b[^;&]*\|\s*+(?:sudo\s++)?"
    r"(?:iex|invoke-expression|bash|sh|zsh|cmd|powershell|python3?)\b"
    r"|\b(?:iex|invoke-expression)\b[^;|]*\b(?:irm|iwr|invoke-restmethod|invoke-webrequest|downloadstring)\b"
    r"|(?:\$\(|`|<\()(?:curl|wget|irm|iwr)\s",
    re.IGNORECASE,
)


class RemoteCode(Rule):
    """
    A script downloads code and runs it at once: `iex` of a download, a download piped into `iex` or a
    shell, `[scriptblock]::Create` of a download.

    Why: Whoever controls the address, or the way to it, runs code on every dev box as the system, and what
    runs today may not be what ran when the file was reviewed.

    Fix: Install from a package manager or a catalog task, or download a fixed version to a file, compare
    its hash, and run that file.
    """

    code = "DBX707"
    name = "remote-code"
    severity = Severity.WARNING
    needs = WITH_SCRIPTS
    kinds = frozenset((IMAGE, USER, TASK, SCRIPT, CONFIGURATION))
    see = ("DBX709", "DBX712")
    references = (
        "https://learn.microsoft.com/powershell/scripting/security/preventing-script-injection",
        "https://learn.microsoft.com/powershell/utility-modules/psscriptanalyzer/rules/avoidusinginvokeexpression",
    )
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        «iex» ((New-Object System.Net.WebClient).DownloadString('https://a.io/install.ps1'))\n"
            "        irm https://a.io/install.ps1 | «iex»\n"
            "        & («[scriptblock]::Create»((irm https://a.io/b.ps1)))\n",
        ),
        Example(
            USER,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        $script = Invoke-RestMethod -Uri 'https://a.io/install.ps1'\n        «iex» $script\n",
        ),
        Example(
            SCRIPT,
            'bash -c "«$(curl »-fsSL https://a.io/i.sh)"\ncurl.exe -s https://a.io/a.ps1 | «powershell» -\n'
            "Start-Process powershell -ArgumentList '-c «irm https://a.io/a.ps1 | iex»'\n"
            "«mshta» https://a.io/a.hta\n",
            shown=False,
        ),
        Example(TASK, 'name: bun\ncommand: powershell -c "irm https://bun.sh/install.ps1 | «iex»"\n'),
        Example(
            CONFIGURATION,
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n    - resource: PSDscResources/Script\n"
            "      settings:\n        GetScript: '@{}'\n        TestScript: $false\n"
            "        SetScript: iwr https://a.io/x.ps1 | «iex»\n",
            shown=False,
        ),
    )
    good = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        # irm https://a.io/install.ps1 | iex\n"
            "        Write-Host 'or: irm https://a.io/install.ps1 | iex'\n"
            "        $a = irm https://a.io/releases.json\n        iex 'dir'\n        iex \"& '$tool' -a\"\n"
            "        Invoke-WebRequest https://a.io/setup.exe -OutFile setup.exe\n        ./setup.exe /S\n",
        ),
        Example(
            SCRIPT,
            "wsl bash -c 'curl -o a.sh https://a.io; sh a.sh'\nbash -c \"curl https://a.io | jq .\"\n"
            "Start-Process powershell '-c irm https://a.io -OutFile a.ps1'\nmshta a.hta\n",
            shown=False,
        ),
        Example(TASK, "name: run\nparameters:\n  command:\n    type: string\ncommand: iex {{command}}\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for script in scripts_of(context):
            if script.holds(*_WORDS):
                yield from _in_script(script)


def _in_script(script: Script) -> Iterator[Finding]:
    text = script.text
    downloads = _Downloads(script)
    for call in script.syntax.calls:
        if _runs_download(call, downloads):
            yield _finding(script, call.start, call.name_end)
        elif call.program in _OF_LINES:
            place = _line_of(script, call)
            if place is not None:
                yield _finding(script, *place)
    for match in _CREATE.finditer(text):
        if is_code(text, match.start()):
            end = text.find("\n", match.end())
            if downloads.are_used(match.end(), len(text) if end < 0 else end):
                yield _finding(script, match.start(), match.end() - 1)


def _line_of(script: Script, call: Call) -> tuple[int, int] | None:
    """Where a line that the call runs downloads code and runs it; None where it does not, or is read as a script."""
    is_read = any(
        call.start <= start and end <= call.end for start, end in script.syntax.inner
    )  # What is read as a script of its own is judged there.
    if is_read or not call.arguments or (call.program in ("powershell", "pwsh", "cmd") and call.outer is None):
        return None
    first, last = call.arguments[0].start, call.arguments[-1].end
    match = _IN_LINE.search(script.text, first, last)
    return match.span() if match is not None else None


def _runs_download(call: Call, downloads: _Downloads) -> bool:
    """Whether the call is given a download to run, as an argument or through a pipe."""
    if call.program == "mshta":
        return bool(call.arguments) and call.arguments[0].text.lower().startswith(("http:", "https:"))
    if call.program in _EVALUATORS:
        start = call.pipeline if call.piped else call.name_end
        return downloads.are_used(start, call.end)
    if call.piped and call.program in _SHELLS and _reads_input(call):
        return downloads.are_made(call.pipeline, call.start)
    return False


def _finding(script: Script, start: int, end: int) -> Finding:
    return Finding(
        script.span(start, end),
        "this runs what was just downloaded, unseen: download a fixed version to a file and compare its hash,"
        " or install a package",
    )


def _reads_input(call: Call) -> bool:
    """Whether a shell or an interpreter runs what is piped to it: it has no file or command of its own."""
    return all(argument.text.startswith("-") for argument in call.arguments) and call.option("-c", "-command") is None


class _Downloads:
    """Where a script downloads something and goes on with what it got."""

    __slots__ = ("_places", "_text", "_variables")

    def __init__(self, script: Script) -> None:
        text = self._text = script.text
        places = [
            call.start
            for call in script.syntax.calls
            if call.program in DOWNLOADERS and call.option("-outfile", "-o", "--output", "-destination") is None
        ]
        places.extend(match.start() for match in _DOWNLOAD_METHOD.finditer(text) if is_code(text, match.start()))
        self._places = sorted(places)
        self._variables: dict[str, int] = {}
        for match in _DOWNLOADED.finditer(text):
            if is_code(text, match.start()):
                self._variables.setdefault(match.group(1).lower(), match.start())

    def are_made(self, start: int, end: int) -> bool:
        """Whether there is a download between ``start`` and ``end``."""
        index = bisect_left(self._places, start)
        return index < len(self._places) and self._places[index] < end

    def are_used(self, start: int, end: int) -> bool:
        """Whether there is a download, or a variable that was given one before."""
        if self.are_made(start, end):
            return True
        return bool(self._variables) and any(
            self._variables.get(match.group(1).lower(), end) < start
            for match in _VARIABLE.finditer(self._text, start, end)
        )
