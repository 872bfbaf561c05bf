"""DBX712: a download without TLS."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.customization.scripts import Script
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.powershell import Call, is_comment
from devbox_lint.rule import CONFIGURATION, IMAGE, SCRIPT, TASK, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint_rules.scripts._scripts import DOWNLOADERS, scripts_of

_URL = lazy(r"http://(?:[^\s/'\"@]*+@)?(\[[0-9a-fA-F:.]++\]|[\w.$%{}()-]++)[^\s'\"`;,|)}]*+", re.IGNORECASE)
_VARIABLE = lazy(r"\$\{?([A-Za-z_][\w:]*+)")
_METHOD = lazy(
    r"\.(?:DownloadFile|DownloadString|DownloadData|OpenRead|GetStringAsync|GetAsync)(?:Async|TaskAsync)?\s*+\(",
    re.IGNORECASE,
)
# Loopback, and the metadata services of Azure, which have no TLS.
_LOCAL = frozenset(("localhost", "127.0.0.1", "[::1]", "0.0.0.0", "169.254.169.254", "168.63.129.16"))  # noqa: S104  # nosec B104: addresses to compare with, none to bind
_PARAMETERS = frozenset(("downloadurl", "repositoryurl", "url", "sourceurl", "uri"))


class PlainHttp(Rule):
    """
    Something is downloaded from an address that begins with `http://`.

    Why: Anyone on the way can put another file in its place, and what a task downloads is often run as the
    system.

    Fix: Write `https://`.
    """

    code = "DBX712"
    name = "plain-http"
    severity = Severity.WARNING
    needs = ("http://",)
    kinds = frozenset((IMAGE, USER, TASK, SCRIPT, CONFIGURATION))
    see = ("DBX211", "DBX707")
    references = ("https://learn.microsoft.com/azure/security/fundamentals/encryption-overview",)
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/winget\n    parameters:\n      downloadUrl: «http://a.io/config.yaml»\n"
            "  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        # iwr http://a.io/b.exe\n        iwr '«http://a.io/b.exe»' -OutFile b.exe\n"
            "        $url = '«http://a.io/c.exe»'\n"
            "        (New-Object Net.WebClient).DownloadFile($url, 'c.exe')\n",
        ),
        Example(TASK, "name: get\ncommand: git clone «http://a.io/b.git»\n"),
    )
    good = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        # iwr http://a.io/b.exe\n        iwr http://localhost:8080/health\n"
            "        irm http://169.254.169.254/metadata/instance -Headers @{ Metadata = 'true' }\n"
            "        $ns = 'http://schemas.microsoft.com/win/2004/08/events'\n        Write-Host 'see http://a.io'\n"
            "        iwr https://a.io/b.exe -OutFile b.exe; iwr http://$server/b; iwr http://{{server}}/b\n",
            shown=False,
        ),
        Example(TASK, "name: get\ndescription: from http://a.io\ncommand: ./get.ps1 -Namespace http://a.io/ns\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        if "http://" not in context.source.text.lower():
            return
        for task in context.customization.tasks:
            if task.parameters is None:
                continue
            for entry in task.parameters.entries:
                name = entry.name
                if name is None or name.lower() not in _PARAMETERS:
                    continue
                value = task.parameters.scalar(name)
                match = _URL.match(value.value) if value is not None else None
                if value is not None and match is not None and _is_far(match.group(1)):
                    yield Finding(value.span_of(*match.span()), _MESSAGE)
        for script in scripts_of(context):
            if script.holds("http://"):
                yield from _in_script(script)


_MESSAGE = "this is downloaded without TLS, so anyone on the way can change it: write `https://`"


def _in_script(script: Script) -> Iterator[Finding]:
    text = script.text
    told: set[int] = set()
    used: set[str] = set()
    places = [(call.name_end, call.end) for call in script.syntax.calls if _downloads(call)]
    for method in _METHOD.finditer(text):
        end = text.find("\n", method.end())
        places.append((method.end(), len(text) if end < 0 else end))
    for start, end in places:
        used.update(match.group(1).lower() for match in _VARIABLE.finditer(text, start, end))
    places.extend((start, end) for name, start, end in script.syntax.texts if name in used)
    for start, end in places:
        for match in _URL.finditer(text, start, end):
            # As written: a reference in it is blanked out in the text.
            host = script.scalar.value[match.start(1) : match.end(1)]
            if match.start() not in told and _is_far(host) and not is_comment(text, match.start()):
                told.add(match.start())
                yield Finding(script.span(*match.span()), _MESSAGE)


def _downloads(call: Call) -> bool:
    if call.program in DOWNLOADERS:
        return True
    words = [argument.text.lower() for argument in call.arguments]
    return call.program == "git" and "clone" in words


def _is_far(host: str) -> bool:
    """Whether a host is known, and another machine."""
    host = host.lower()
    return host[0] not in "${(%" and host not in _LOCAL and not host.endswith(".localhost")
