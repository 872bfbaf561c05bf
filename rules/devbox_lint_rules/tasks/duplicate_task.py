"""DBX221: the same task twice."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.model import Task
from devbox_lint.customization.schema import MERGE
from devbox_lint.diagnostics import Finding, Related, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.yaml.nodes import Scalar, resolve
from devbox_lint_rules.tasks._entries import task_name


class DuplicateTask(Rule):
    """
    A section has the same task twice, with the same parameters.

    Why: The second one does the same work again, and often another package or command was meant.

    Fix: Remove one of them, or give it the parameters that were meant.
    """

    code = "DBX221"
    name = "duplicate-task"
    severity = Severity.INFO
    tag = "unnecessary"
    kinds = frozenset((IMAGE, USER))
    see = ("DBX004", "DBX115")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n  - name: «~/winget»\n"
            "    displayName: Git again\n    parameters: {package: 'Git.Git'}\n",
        ),
    )
    good = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n  - name: ~/winget\n"
            "    parameters:\n      package: GitHub.cli\nuserTasks:\n  - name: ~/winget\n"
            "    parameters:\n      package: Git.Git\n",
        ),
        Example(USER, "tasks:\n  - name: restart\n  - name: restart\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        tasks = context.customization.tasks
        if len(tasks) < 2 or context.document.problems:
            return
        first: dict[tuple[str, str, frozenset[tuple[str, str]]], Task] = {}
        for task in tasks:
            parameters = _parameters(task)
            name = task_name(task)
            if not parameters or not name or task.name is None or MERGE in task.node.names:
                continue
            before = first.setdefault((task.section, name, parameters), task)
            if before is not task and before.name is not None and before.name is not task.name:
                yield Finding(
                    task.name.span,
                    "the same task as one before, with the same parameters: remove one of them",
                    related=(Related(before.name.span, "the first one"),),
                )


def _parameters(task: Task) -> frozenset[tuple[str, str]]:
    """The names and values; nothing where one of them is no single value."""
    found = set()
    for entry in task.parameters.entries if task.parameters is not None else ():
        value = resolve(entry.value)
        if entry.name is None or entry.name == MERGE or not isinstance(value, Scalar):
            return frozenset()
        found.add((entry.name, value.value))
    return frozenset(found)
