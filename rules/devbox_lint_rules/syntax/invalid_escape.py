"""DBX006: an escape in double quotes that YAML does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.scripts import is_powershell
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.powershell import RegionKind, region_at
from devbox_lint.rule import IMAGE, TASK, USER, YAML_FILES, Context, Example, Rule
from devbox_lint.yaml.document import ProblemKind
from devbox_lint.yaml.nodes import PLAIN, SINGLE, Scalar


class InvalidEscape(Rule):
    r"""
    A value in double quotes holds a backslash that starts no escape, such as `"C:\Program Files"`; or a command in
    single quotes, or in none, has `\"` around its strings.

    Why: In double quotes a backslash starts an escape, and YAML rejects the ones that it does not know. The
    file does not parse. Elsewhere a backslash is a character like any other, and PowerShell gets it: the path
    `\"C:\src\"` is `\C:\src\` to it.

    Fix: In double quotes write each backslash twice, or use single quotes, or no quotes at all. Elsewhere write `"`
    alone. The fix for a task of a catalog is not safe, since the task may hand its command on.
    """

    code = "DBX006"
    name = "invalid-escape"
    severity = Severity.ERROR
    needs = ('\\"',)
    kinds = YAML_FILES
    see = ("DBX001", "DBX005")
    references = ("https://yaml.org/spec/1.2.2/#57-escaped-characters",)
    bad = (
        Example(
            TASK,
            'name: build\ncommand: ".«\\I»nstall.ps1 -Path C:\\temp"\n',
            'name: build\ncommand: ".\\\\Install.ps1 -Path C:\\\\temp"\n',
        ),
        Example(
            IMAGE,
            'tasks:\n  - name: ~/powershell\n    parameters:\n      workingDirectory: "C:«\\w»ork\\"\n',
            'tasks:\n  - name: ~/powershell\n    parameters:\n      workingDirectory: "C:\\\\work\\\\"\n',
        ),
        Example(
            TASK,
            "name: make-folder\ncommand: 'New-Item -Path «\\\"»C:\\Projects\\\" -ItemType Directory'\n",
            "name: make-folder\ncommand: 'New-Item -Path \"C:\\Projects\" -ItemType Directory'\n",
        ),
    )
    good = (
        Example(TASK, "name: post\ncommand: curl.exe -d '{\\\"a\\\": 1}' https://example.com\n", shown=False),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: 'dir \\\"C:\\a b\\\"'\n",
            shown=False,
        ),
        Example(TASK, 'name: build\ncommand: ".\\\\Install.ps1"\n'),
        Example(TASK, "name: build\ncommand: '.\\Install.ps1'\n"),
        Example(TASK, 'name: build\ncommand: "Write-Host \\"\\u00e9\\" \\\n  -NoNewline"\n'),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for problem in context.document.problems:
            if problem.kind is ProblemKind.ESCAPE and problem.repair:
                yield Finding(problem.span, problem.message, fix=Fix(problem.repair, problem.edits))
        if '\\"' in context.source.text and context.kind in (IMAGE, USER, TASK):
            for scalar in _commands(context):
                yield from _in_other_quotes(context.kind, scalar)


def _commands(context: Context) -> Iterator[Scalar]:
    """The commands that PowerShell gets as they stand; those of the built-in task lose their quotes on the way."""
    root = context.customization.root
    if context.kind is TASK and root is not None and (command := root.scalar("command")) is not None:
        yield command
    for task in context.customization.tasks:
        command = task.parameter("command")
        if command is not None and not (task.name is not None and is_powershell(task.name.value)):
            yield command


def _in_other_quotes(kind: Kind, scalar: Scalar) -> Iterator[Finding]:
    r"""``\"`` around the strings of a command whose value is in single quotes, or in none."""
    value = scalar.value
    if scalar.style not in (PLAIN, SINGLE):
        return
    places = [match.start() for match in re.finditer(r'\\"', value)]
    if not places or len(places) != value.count('"') or len(places) % 2:
        return
    if region_at(value, places[0]).kind is not RegionKind.CODE:
        return  # text for a program, which may want it
    edits = tuple(Edit(scalar.span_of(place, place + 1), "") for place in places)
    quotes = "in single quotes" if scalar.style == SINGLE else "without quotes"
    yield Finding(
        scalar.span_of(places[0], places[0] + 2),
        f'`\\"` is no escape in a value {quotes}: the command gets the backslash as well: write `"` alone',
        fix=Fix("remove the backslashes", edits, safe=kind is TASK),
        severity=Severity.WARNING,
    )
