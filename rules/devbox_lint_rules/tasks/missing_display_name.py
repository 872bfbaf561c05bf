"""DBX222: a task without a text for people."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint_rules.structure._absence import absent_in
from devbox_lint_rules.structure._misplaced_parameters import task_keys


class MissingDisplayName(Rule):
    """
    A task has no `displayName`.

    Why: The developer portal and the logs show it. Without it ten tasks of one name look all the same there.

    Fix: Add `displayName` with a short text.
    """

    code = "DBX222"
    name = "missing-display-name"
    severity = Severity.INFO
    kinds = frozenset((IMAGE, USER))
    default = False
    see = ("DBX102",)
    references = (
        "https://learn.microsoft.com/azure/dev-box/concept-authoring-troubleshooting-guide-team-customizations",
    )
    bad = (Example(IMAGE, "tasks:\n  - name: «~/winget»\n    parameters:\n      package: Git.Git\n"),)
    good = (
        Example(IMAGE, "tasks:\n  - name: ~/winget\n    displayName: Git\n    parameters:\n      package: Git.Git\n"),
        Example(IMAGE, "tasks:\n  - name: ~/winget\n    displayName: Install Git\n", shown=False),
        Example(USER, "tasks:\n  - name: ~/winget\n    displayname: Install Git\n", shown=False),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task in context.customization.tasks:
            if task.name is not None and absent_in(context, task.node, task_keys(), "displayName") is not None:
                yield Finding(task.name.span, "no `displayName`: give the task a short text that people see")
