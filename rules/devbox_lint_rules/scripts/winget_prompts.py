"""DBX703: winget that waits for someone to accept agreements."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.scripts import Script
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.powershell import Call
from devbox_lint.rule import IMAGE, SCRIPT, USER, Context, Example, Rule
from devbox_lint_rules.scripts._scripts import RUNNERS, WITH_SCRIPTS, scripts_of
from devbox_lint_rules.scripts._winget import INSTALLING, is_winget, subcommand

_FLAGS = ("--accept-package-agreements", "--accept-source-agreements")
_ASKING = frozenset(("-?", "--help", "--version"))
_HOLDERS = ("arg", "param", "option", "flag", "switch", "accept")


class WingetPrompts(Rule):
    """
    `winget install`, `upgrade` or `import` without `--accept-package-agreements` and
    `--accept-source-agreements`.

    Why: Winget asks to accept the agreements of a source at its first use, and those of a package at its
    installation. Nobody is there to answer, so the task hangs until its timeout or fails.

    Fix: Add both options.
    """

    code = "DBX703"
    name = "winget-prompts"
    severity = Severity.WARNING
    needs = WITH_SCRIPTS
    kinds = frozenset((IMAGE, USER, SCRIPT))
    # Where there is no `winget`, it asks nothing.
    yields_to = ("DBX704",)
    see = ("DBX704", "DBX708")
    references = ("https://learn.microsoft.com/windows/package-manager/winget/install",)
    bad = (
        Example(
            IMAGE,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        «winget install» --id Git.Git -e 2>$null | Out-Null\n"
            "        if ($x) { «winget upgrade» --all --accept-source-agreements }\n",
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        winget install --id Git.Git -e --accept-package-agreements --accept-source-agreements"
            " 2>$null | Out-Null\n"
            "        if ($x) { winget upgrade --all --accept-source-agreements --accept-package-agreements }\n",
        ),
        Example(
            USER,
            "userTasks:\n  - name: powershell\n    parameters:\n"
            "      command: 'Start-Process winget -ArgumentList ''«install» Git.Git'''\n",
            "userTasks:\n  - name: powershell\n    parameters:\n"
            "      command: 'Start-Process winget -ArgumentList ''install Git.Git --accept-package-agreements"
            " --accept-source-agreements'''\n",
        ),
        Example(
            USER,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n"
            "      command: Start-Process winget -ArgumentList '«install»', 'Git.Git'\n",
        ),
    )
    good = (
        Example(
            IMAGE,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        winget install --id Git.Git --accept-package-agreements --accept-source-agreements\n"
            "        winget list\n        winget upgrade\n        # winget install Git.Git\n"
            "        Write-Host 'winget install Git.Git'\n        winget source update\n",
        ),
        Example(
            USER,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        winget install Git.Git @common\n        winget install Git.Git $wingetArgs\n"
            "        'y' | winget install Git.Git\n",
        ),
        Example(USER, "userTasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for script in scripts_of(context):
            if script.holds("winget"):
                for call in script.syntax.calls:
                    if is_winget(call) and subcommand(call) in INSTALLING and not call.piped:
                        yield from _judge(script, call)


def _judge(script: Script, call: Call) -> Iterator[Finding]:
    words = [argument.text.lower() for argument in call.arguments]
    if not _ASKING.isdisjoint(words) or any(_may_hold_options(word) for word in words):
        return
    if len(words) == 1 and words[0] in ("upgrade", "update"):
        return  # a list of what could be upgraded
    missing = [flag for flag in _FLAGS if flag not in words]
    if not missing:
        return
    first = call.arguments[0]
    # In another command's text the words between the name and its arguments are not winget's.
    start = first.start if call.outer is not None and call.outer.program in RUNNERS else call.start
    yield Finding(
        script.span(start, first.end),
        f"`winget {words[0]}` asks to accept agreements, and nobody answers: add {_listed(missing)}",
        fix=_fix(script, call, missing),
    )


def _may_hold_options(word: str) -> bool:
    return word[:1] == "@" or (word[:1] == "$" and any(part in word for part in _HOLDERS)) or word == "--%"


def _fix(script: Script, call: Call, missing: list[str]) -> Fix | None:
    last = call.arguments[-1]
    outer = call.outer
    if outer is not None and outer.program in RUNNERS:
        texts = [argument for argument in outer.arguments if argument.start <= last.start and last.end <= argument.end]
        # Of a list of words, one more word has to be a string of its own.
        if len(texts) != 1 or not texts[0].quote or texts[0].start > call.arguments[0].start:
            return None
    place = script.span(last.start, last.end)
    content = "".join(f" {flag}" for flag in missing)
    # In a string that nothing ends it would be text like the rest.
    word = last.text
    if not last.quote and ("$(" in word or word.count("'") % 2 or word.count('"') % 2):
        return None
    return Fix(f"add {_listed(missing)}", (Edit(Span(place.end, place.end), content),))


def _listed(flags: list[str]) -> str:
    return " and ".join(f"`{flag}`" for flag in flags)
