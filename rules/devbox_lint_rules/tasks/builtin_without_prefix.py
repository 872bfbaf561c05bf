"""DBX202: a built-in task without `~/`."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.builtin_tasks import BUILTIN_PARAMETERS, quick_start_tasks
from devbox_lint.customization.task_definition import Origin
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Together
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint_rules.tasks._entries import REFERENCE, task_name

_NAMES = frozenset(("winget", "powershell", "gitclone"))
_TOGETHER = Together(
    "{count} tasks have the name of a built-in task without `~/`, and so are those of an attached catalog: write `~/`"
    " before the names for the built-in ones",
    "write `~/` before the names of the built-in tasks",
)


class BuiltinWithoutPrefix(Rule):
    """
    A built-in task is named without `~/`: `winget`, `powershell`, `gitclone`.

    Why: Without the prefix the name stands for a task of an attached catalog. Where none has it, the
    customization fails; where one has it, another task runs than was meant.

    It is information where no task of a catalog is known. Nothing is said where the quick-start catalog, which has
    a `winget` and a `powershell` of its own, is attached as other tasks in the file show, and under the `tasks` of
    a user customization, where only a catalog's task can run.

    Fix: Write `~/winget`, `~/powershell` or `~/gitclone`. Where a task of an attached catalog is meant, say so
    with the catalog's name before it, `my-catalog/winget`.

    Unsafe because: A catalog that is not in this repository may have a task of that name, and the built-in one would
    run in its place.
    """

    code = "DBX202"
    name = "builtin-without-prefix"
    severity = Severity.WARNING
    kinds = frozenset((IMAGE, USER))
    see = ("DBX201", "DBX203", "DBX702")
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
            "userTasks:\n  - name: «gitclone»\n    parameters:\n      repositoryUrl: https://x/y\n",
            "userTasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://x/y\n",
        ),
    )
    good = (
        Example(
            USER, "userTasks:\n  - name: ~/winget\n  - name: quickstart/winget\n  - name: git-clone\n", shown=False
        ),
        # The catalog that has the one has the other.
        Example(
            IMAGE,
            "tasks:\n  - name: winget\n    parameters:\n      package: Git.Git\n  - name: git-clone\n",
            shown=False,
        ),
        # The built-in one would run as the system, which standard users may not.
        Example(USER, "tasks:\n  - name: winget\n    parameters:\n      package: Git.Git\n"),
        # Only the catalog's task takes it, so that one is meant.
        Example(IMAGE, "tasks:\n  - name: winget\n    parameters:\n      package: Git.Git\n      runAsUser: true\n"),
        Example(
            IMAGE,
            "tasks:\n  - name: winget\n    parameters:\n      package: Git.Git\n",
            path="web/imagedefinition.yaml",
            beside=(("tasks/winget/task.yaml", "name: winget\ncommand: ./run.ps1\nparameters:\n  package: {}\n"),),
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        tasks = [(task, task_name(task)) for task in context.customization.tasks]
        if not any(name.lower() in _NAMES for _, name in tasks):
            return
        if any(name.lower().rpartition("/")[2] in _quick_start_names() and name[0] != "~" for _, name in tasks if name):
            return
        severity = None if context.catalog.is_known(context.source.path) else Severity.INFO
        for task, name in tasks:
            if name.lower() not in _NAMES or task.name is None:
                continue
            if context.kind is USER and task.section != "userTasks":
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
                severity=severity,
                together=_TOGETHER,
            )


def _quick_start_names() -> frozenset[str]:
    """The tasks of the quick-start catalog that no built-in task has the name of."""
    return frozenset(quick_start_tasks()) - _NAMES
