"""DBX709: a download that is slowed down by its own progress bar."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.scripts import Script
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.rule import IMAGE, SCRIPT, USER, Context, Example, Rule
from devbox_lint.yaml.nodes import LITERAL
from devbox_lint_rules.scripts._scripts import name_finding, scripts_of

_SLOW = frozenset(("invoke-webrequest", "iwr", "start-bitstransfer"))
# Other names of Invoke-WebRequest in Windows PowerShell 5.1, and of programs that know no such option.
_ALIASES = frozenset(("wget", "curl"))
_LINE = "$ProgressPreference = 'SilentlyContinue'"


class SlowDownload(Rule):
    """
    A script downloads a file with `Invoke-WebRequest` or `Start-BitsTransfer` and does not turn off the
    progress bar.

    Why: Windows PowerShell draws the bar anew for every piece, which makes a large download many times
    slower, and nobody sees it.

    Fix: Write `$ProgressPreference = 'SilentlyContinue'` before the first download.
    """

    code = "DBX709"
    name = "slow-download"
    severity = Severity.INFO
    needs = tuple(sorted(_SLOW | _ALIASES))
    kinds = frozenset((IMAGE, USER, SCRIPT))
    see = ("DBX707", "DBX712")
    references = (
        "https://learn.microsoft.com/azure/dev-box/concept-authoring-troubleshooting-guide-team-customizations",
        "https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_preference_variables",
    )
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        # the installer\n        «Invoke-WebRequest» -Uri https://a.io/b.exe -OutFile b.exe\n"
            "        ./b.exe\n",
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        $ProgressPreference = 'SilentlyContinue'\n"
            "        # the installer\n        Invoke-WebRequest -Uri https://a.io/b.exe -OutFile b.exe\n"
            "        ./b.exe\n",
        ),
        Example(
            USER,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n"
            "      command: «iwr» https://a.io/b.exe -OutFile b.exe; ./b.exe\n",
        ),
    )
    good = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        $progressPreference = 'silentlyContinue'\n        iwr https://a.io/b.exe -OutFile b.exe\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        # iwr https://a.io/b.exe -OutFile b.exe\n        $page = (iwr https://a.io/version).Content\n"
            "        pwsh -Command 'iwr https://a.io/b.exe -OutFile b.exe'\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for script in scripts_of(context):
            if not script.holds(*_SLOW, *_ALIASES) or script.holds("progresspreference"):
                continue
            for call in script.syntax.calls:
                if call.outer is not None and call.outer.program == "pwsh":
                    continue
                if call.name in _ALIASES and call.option("-outfile") is not None:
                    is_slow = True
                else:
                    is_slow = call.program in _SLOW
                if not is_slow:
                    continue
                if (
                    call.name in _ALIASES
                    or call.program == "start-bitstransfer"
                    or call.option("-outfile", "-o") is not None
                ):
                    finding = name_finding(
                        script, call, 0, f"its progress bar slows this download down: write `{_LINE}` before it"
                    )
                    yield finding._replace(fix=_fix(context, script))
                    break


def _fix(context: Context, script: Script) -> Fix | None:
    text = script.text
    first = text.lstrip()[:40].lower()
    # Nothing may stand before these, and a line of its own needs a block.
    if script.scalar.style != LITERAL or text[:1].isspace() or first.startswith(("param", "using", "[cmdlet", "#req")):
        return None
    source = context.source
    place = script.span(0, 1).start
    line_start = source.line_starts[source.position(place).line]
    indentation = source.text[line_start:place]
    if indentation.strip(" ") or "param(" in text.lower() or "param (" in text.lower():
        return None
    edit = Edit(Span(place, place), _LINE + source.newline + indentation)
    return Fix(f"write `{_LINE}` first", (edit,))
