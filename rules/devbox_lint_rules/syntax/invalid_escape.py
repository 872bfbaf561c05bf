"""DBX006: an escape in double quotes that YAML does not know."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Fix, Severity
from devbox_lint.rule import IMAGE, TASK, YAML_FILES, Context, Example, Rule
from devbox_lint.yaml.document import ProblemKind


class InvalidEscape(Rule):
    r"""
    A value in double quotes holds a backslash that starts no escape, such as `"C:\Program Files"`.

    Why: In double quotes a backslash starts an escape, and YAML rejects the ones that it does not know. The
    file does not parse.

    Fix: Write each backslash twice, use single quotes, or no quotes at all.
    """

    code = "DBX006"
    name = "invalid-escape"
    severity = Severity.ERROR
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
    )
    good = (
        Example(TASK, 'name: build\ncommand: ".\\\\Install.ps1"\n'),
        Example(TASK, "name: build\ncommand: '.\\Install.ps1'\n"),
        Example(TASK, 'name: build\ncommand: "Write-Host \\"\\u00e9\\" \\\n  -NoNewline"\n'),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for problem in context.document.problems:
            if problem.kind is ProblemKind.ESCAPE and problem.repair:
                yield Finding(problem.span, problem.message, fix=Fix(problem.repair, problem.edits))
