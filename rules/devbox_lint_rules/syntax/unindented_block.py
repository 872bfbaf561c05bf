"""DBX013: a text block whose text is not indented below its key."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Fix, Severity
from devbox_lint.rule import IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint.yaml.document import ProblemKind


class UnindentedBlock(Rule):
    """
    The text after `key: |` stands at the key's own column, or left of it.

    Why: A text block holds the lines that are indented deeper than its key. Without that the block is empty, and
    YAML reads each line of the script as a key or list item of its own: the file is rejected.

    Fix: Indent the whole text below the key; what is deeper inside it stays deeper.
    """

    code = "DBX013"
    name = "unindented-block"
    severity = Severity.ERROR
    needs = ()
    see = ("DBX001", "DBX002")
    references = ("https://yaml.org/spec/1.2.2/#81-block-scalar-styles",)
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            '      «if (Test-Path C:\\a) {»\n        Write-Host "there: yes"\n      }\n'
            "  - name: ~/winget\n    parameters:\n      package: Git.Git\n",
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            '        if (Test-Path C:\\a) {\n          Write-Host "there: yes"\n        }\n'
            "  - name: ~/winget\n    parameters:\n      package: Git.Git\n",
        ),
        Example(
            TASK,
            "name: build\ncommand: |\n«npm ci»\n\nnpm run build # all\ntimeout: 30\n",
            "name: build\ncommand: |\n  npm ci\n\n  npm run build # all\ntimeout: 30\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n    «@'»\nname: web\n'@ | Out-File a\n"
            "name: web\n",
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n        @'\n        name: web\n"
            "        '@ | Out-File a\nname: web\n",
        ),
    )
    good = (
        Example(TASK, "name: build\ncommand: |\n\n  # comment\n  npm ci\n"),
        Example(TASK, "name: build\ndescription: |\n# nothing yet\ncommand: make\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for problem in context.document.problems:
            if problem.kind is ProblemKind.BLOCK and problem.repair:
                fix = Fix(problem.repair, problem.edits) if problem.certain else None
                yield Finding(problem.span, problem.message, fix=fix, related=problem.related)
