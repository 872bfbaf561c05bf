"""DBX003: a tab where indentation belongs."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Fix, Severity, Together
from devbox_lint.rule import TASK, USER, YAML_FILES, Context, Example, Rule
from devbox_lint.yaml.document import ProblemKind


class TabIndentation(Rule):
    """
    A line is indented with a tab.

    Why: YAML allows only spaces as indentation, so the file is rejected. Tabs inside a script block, after
    the block's own indentation, are text and no finding.

    Fix: Write spaces. Editors do it for you with `"editor.insertSpaces": true` for YAML.
    """

    code = "DBX003"
    name = "tab-indentation"
    severity = Severity.ERROR
    needs = ()
    kinds = YAML_FILES
    see = ("DBX002", "DBX011")
    references = ("https://yaml.org/spec/1.2.2/#61-indentation-spaces",)
    bad = (
        Example(USER, "tasks:\n«\t»- name: ~/winget\n", "tasks:\n  - name: ~/winget\n"),
        Example(
            USER,
            "tasks:\n  - name: ~/winget\n    parameters:\n«\t»  package: Git.Git\n",
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n",
        ),
    )
    good = (
        Example(TASK, "name: build\ncommand: |\n  if ($x) {\n  \tGet-Item .\n  }\n"),
        Example(TASK, "name:\tbuild\ncommand: make # a tab\tin a comment\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for problem in context.document.problems:
            if problem.kind is ProblemKind.TAB:
                fix = Fix(problem.repair, problem.edits) if problem.repair and problem.certain else None
                together = Together(f"{problem.message} ({{count}} lines)", "write spaces on all of them")
                yield Finding(problem.span, problem.message, fix=fix, together=together)
