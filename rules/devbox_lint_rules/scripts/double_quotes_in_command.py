"""DBX710: double quotes in a command."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.powershell import RegionKind, find_regions
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint_rules.scripts._scripts import WITH_SCRIPTS, scripts_of


class DoubleQuotesInCommand(Rule):
    """
    The `command` of a PowerShell task has a string in double quotes.

    Why: A command is put into quotes and taken apart twice before it runs, and double quotes may get lost
    on the way. They are the most common cause of failures in inline scripts.

    Fix: Write single quotes where the string holds no variable, or put the script into a file.
    """

    code = "DBX710"
    name = "double-quotes-in-command"
    severity = Severity.INFO
    needs = WITH_SCRIPTS
    kinds = frozenset((IMAGE, USER))
    default = False
    see = ("DBX212", "DBX711")
    references = (
        "https://learn.microsoft.com/azure/dev-box/concept-authoring-troubleshooting-guide-team-customizations",
    )
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            '        # say "hello"\n        Write-Host «"hello"»\n        Write-Host "again"\n',
        ),
    )
    good = (
        Example(
            IMAGE,
            'tasks:\n  - name: ~/powershell\n    parameters:\n      command: "Write-Host \'a \\"b\\"\'"\n',
        ),
        Example(
            IMAGE,
            'tasks:\n  - name: ~/powershell\n    parameters:\n      command: Write-Host \\"hello\\"\n',
        ),
        Example(IMAGE, "tasks:\n  - name: install\n    parameters:\n      command: 'Write-Host \"hello\"'\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for script in scripts_of(context):
            if '"' not in script.text:
                continue
            for region in find_regions(script.text):
                # A backslash before the quote keeps it.
                is_kept = script.text[region.start - 1 : region.start] == "\\"
                if region.kind is RegionKind.STRING and script.text[region.start] == '"' and not is_kept:
                    yield Finding(
                        script.span(region.start, region.end),
                        "double quotes may get lost before the command runs: write single quotes,"
                        " or put the script into a file",
                    )
                    break
