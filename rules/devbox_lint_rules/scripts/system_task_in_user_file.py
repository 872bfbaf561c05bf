"""DBX702: built-in tasks that run as the system in a user customization."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.builtin_tasks import SYSTEM_TASKS
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import USER, Context, Example, Rule


class SystemTaskInUserFile(Rule):
    """
    A user customization has `~/winget` or `~/powershell` under `tasks`, where they run as the system.

    Why: Only local administrators of a dev box may run built-in tasks as the system. For everyone else the
    whole file fails with "System tasks aren't allowed in standard user context".

    Fix: Put the task under `userTasks`, or use a task of a catalog that runs as the system.
    """

    code = "DBX702"
    name = "system-task-in-user-file"
    severity = Severity.WARNING
    kinds = frozenset((USER,))
    see = ("DBX202", "DBX701", "DBX704")
    references = (
        "https://learn.microsoft.com/azure/dev-box/how-to-configure-user-customizations",
        "https://learn.microsoft.com/azure/dev-box/concept-what-are-dev-box-customizations",
    )
    bad = (
        Example(
            USER,
            "tasks:\n  - name: git-clone\n  - name: «~/winget»\n    parameters:\n      package: Git.Git\n"
            "  - name: ~/powershell\n    parameters:\n      command: git config --system core.longpaths true\n",
        ),
        Example(USER, "tasks:\n  - parameters:\n      command: dir\n    name: '«~/PowerShell»'\n"),
    )
    good = (
        Example(USER, "userTasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n"),
        Example(USER, "tasks:\n  - name: winget\n  - name: catalog/powershell\n  - name: ~/gitclone\n", shown=False),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        found = [
            task.name
            for task in context.customization.tasks
            if task.section == "tasks" and task.name is not None and task.name.value.lower() in SYSTEM_TASKS
        ]
        if not found:
            return
        name = found[0]
        others = "" if len(found) == 1 else f" (like {len(found) - 1} more here)"
        yield Finding(
            name.span_of(0, len(name.value)),
            f"`{name.value}` under `tasks` runs as the system, which standard users may not{others}:"
            " put it under `userTasks`",
        )
