"""DBX715: a command that does nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from devbox_lint.customization.scripts import Script
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.powershell import Region, RegionKind, find_regions, read_script
from devbox_lint.powershell.cmdlets import is_known
from devbox_lint.rule import IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import LITERAL, PLAIN
from devbox_lint_rules.scripts._scripts import WITH_SCRIPTS, scripts_of

_FIRST_WORD = lazy(r"\s*+([A-Za-z][\w.-]*+)(?:\s|$)")


class CommandDoesNothing(Rule):
    """
    The whole `command` is one string, or nothing but comments.

    Why: PowerShell prints a string that stands alone, and runs nothing. The task ends well and has done nothing.

    Fix: Take the quotes around the command away, or put `&` before the path of a program.
    """

    code = "DBX715"
    name = "command-does-nothing"
    severity = Severity.ERROR
    needs = WITH_SCRIPTS
    kinds = frozenset((IMAGE, USER, TASK))
    references = ("https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_parsing",)
    # The comment may have swallowed the lines after it.
    yields_to = ("DBX714",)
    see = ("DBX713", "DBX714")
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        «\"New-Item -ItemType Directory -Path 'C:\\tools'\"»\n",
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        New-Item -ItemType Directory -Path 'C:\\tools'\n",
        ),
        Example(USER, "tasks:\n  - name: powershell\n    parameters:\n      command: |\n        «# npm install»\n"),
        Example(TASK, "name: own\ncommand: |\n  «'C:\\Program Files\\Git\\cmd\\git.exe'»\n"),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        «'Set-Location C:\\src'»\n        # then\n        «'Get-Date'»\n",
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        Set-Location C:\\src\n        # then\n        Get-Date\n",
            shown=False,
        ),
    )
    good = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: \"Write-Host 'a'\"\n"
            "  - name: ~/powershell\n    parameters:\n      command: |\n        'a' | Set-Content C:\\a\n"
            '  - name: ~/powershell\n    parameters:\n      command: |\n        "$(Get-Date | Set-Content C:\\a)"\n'
            "  - name: ~/powershell\n    parameters:\n      command: |\n        # a\n        npm install\n",
        ),
        Example(TASK, "name: own\ncommand: |\n  '{{a}}'\n", shown=False),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for script in scripts_of(context):
            if not script.scalar.value.strip() or "{{" in script.scalar.value:
                continue
            text = script.text
            if text.lstrip()[:1] not in "'\"#<‘’“”":
                continue
            regions = [
                region
                for region in find_regions(text)
                if region.kind is not RegionKind.CODE or text[region.start : region.end].strip(" \t\r\n;")
            ]
            strings = [region for region in regions if region.kind is not RegionKind.COMMENT]
            if not strings:
                yield Finding(
                    script.span(regions[0].start, regions[-1].end),
                    "the command is nothing but a comment: remove the task, or the `#` before what it is to run",
                )
            elif _are_lines(text, strings):
                for string in strings:
                    yield from _string(script, string, alone=len(strings) == 1)


def _are_lines(text: str, strings: list[Region]) -> bool:
    """Whether a script is nothing but strings, each on lines of its own."""
    return all(string.kind is RegionKind.STRING and string.closed for string in strings) and all(
        "\n" in text[one.end : other.start] for one, other in pairwise(strings)
    )


def _string(script: Script, region: Region, *, alone: bool) -> Iterator[Finding]:
    text = script.text[region.start + 1 : region.end - 1]
    if "$(" in text:
        return
    span = script.span(region.start, region.end)
    word = _FIRST_WORD.match(text)
    fix = None
    # The text of a plain scalar would be another one without its quotes.
    if word is not None and is_known(word[1]) and script.scalar.style in (LITERAL, PLAIN) and "`" not in text:
        quote = script.text[region.start]
        if quote * 2 not in text and ": " not in text and " #" not in text and not read_script(text).slips:
            first, last = script.span(region.start, region.start + 1), script.span(region.end - 1, region.end)
            fix = Fix("remove the quotes around it", (Edit(first, ""), Edit(last, "")))
    yield Finding(
        span,
        f"{'the command' if alone else 'this line'} is one string, which PowerShell prints and does not run: "
        + ("remove the quotes around it" if word is not None else "put `&` before the path of a program"),
        fix=fix,
    )
