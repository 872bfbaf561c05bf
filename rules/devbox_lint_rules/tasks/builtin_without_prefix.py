"""DBX202: a built-in task without `~/`."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.builtin_tasks import BUILTIN_PARAMETERS
from devbox_lint.customization.task_definition import Origin
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint_rules.tasks._entries import REFERENCE, is_legacy, task_name

_NAMES = frozenset(("winget", "powershell", "gitclone"))


class BuiltinWithoutPrefix(Rule):
    """
    A built-in task is named without `~/`: `winget`, `powershell`, `gitclone`.

    Why: Without the prefix the name stands for a task of an attached catalog. Where none has it, the
    customization fails; where one has it, another task runs than was meant.

    Fix: Write `~/winget`, `~/powershell` or `~/gitclone`. Where a task of an attached catalog is meant, say so
    with the catalog's name before it, `my-catalog/winget`.
    """

    code = "DBX202"
    name = "builtin-without-prefix"
    severity = Severity.WARNING
    kinds = frozenset((IMAGE, USER))
    references = (REFERENCE,)
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: «winget»\n    parameters:\n      package: Git.Git\n"
            "userTasks:\n  - name: '«powershell»'\n",
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n"
            "userTasks:\n  - name: '~/powershell'\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: «gitclone»\n    parameters:\n      repositoryUrl: https://x/y\n",
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://x/y\n",
        ),
    )
    good = (
        Example(USER, "tasks:\n  - name: ~/winget\n  - name: quickstart/winget\n  - name: git-clone\n"),
        # Only the catalog's task takes it, so that one is meant.
        Example(USER, "tasks:\n  - name: winget\n    parameters:\n      package: Git.Git\n      runAsUser: true\n"),
        Example(IMAGE, "setupTasks:\n  - task: winget\n    inputs:\n      package: Git.Git\n"),
        Example(
            IMAGE,
            "tasks:\n  - name: winget\n    parameters:\n      package: Git.Git\n",
            path="web/imagedefinition.yaml",
            beside=(("tasks/winget/task.yaml", "name: winget\ncommand: ./run.ps1\nparameters:\n  package: {}\n"),),
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task in context.customization.tasks:
            name = task_name(task)
            if name.lower() not in _NAMES or task.name is None or is_legacy(task) or "task" in task.node.names:
                continue
            prefixed = f"~/{name.lower()}"
            if task.parameters is not None and not set(task.parameters.names) <= set(BUILTIN_PARAMETERS[prefixed]):
                continue
            if any(item.origin is not Origin.QUICK_START for item in context.definitions(name)):
                continue
            start = task.name.value.index(name)
            span = task.name.span_of(start, start + len(name))
            yield Finding(
                span,
                f"`{name}` without `~/` is the task of an attached catalog: write `{prefixed}` for the built-in one",
                fix=Fix(f"write `{prefixed}`", (Edit(span, prefixed),), safe=False),
            )
