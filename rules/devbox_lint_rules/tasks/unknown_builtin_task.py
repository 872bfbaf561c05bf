"""DBX201: a task after `~/` that is not built in."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.builtin_tasks import BUILTIN_PARAMETERS
from devbox_lint.customization.model import Task
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.spelling import near_misses
from devbox_lint_rules.tasks._entries import REFERENCE, task_name

_NAMES = tuple(BUILTIN_PARAMETERS)
_SHORT = tuple(name for name in _NAMES if name.startswith("~/"))
# `/winget` and `./winget`: the tilde was forgotten, as no catalog has an empty name.
_SLASHES = ("/", "\\", ".")
_OFFERED = "`~/winget`, `~/powershell` and `~/gitclone`"


class UnknownBuiltinTask(Rule):
    """
    A task's name starts with `~/`, and Dev Box has no built-in task of that name; or it is `/winget`, without
    the tilde.

    Why: The service looks for such a task among its own alone, does not find it, and the customization fails
    with `TaskNotFound`.

    Fix: Write `~/winget`, `~/powershell` or `~/gitclone`, or leave `~/` out where the task is one of an
    attached catalog, as `git-clone` and `choco` are.
    """

    code = "DBX201"
    name = "unknown-builtin-task"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER))
    see = ("DBX202", "DBX203")
    references = (REFERENCE,)
    bad = (
        Example(
            USER,
            "tasks:\n  - name: «~/git-clone» # the team's code\n    parameters:\n      repositoryUrl: https://x/y\n"
            "userTasks:\n  - name: '«~/WinGett»'\n",
            "tasks:\n  - name: ~/gitclone # the team's code\n    parameters:\n      repositoryUrl: https://x/y\n"
            "userTasks:\n  - name: '~/winget'\n",
        ),
        Example(IMAGE, "tasks:\n  - name: «~/choco»\n    parameters:\n      package: git\n"),
        Example(
            IMAGE,
            "tasks:\n  - name: «~/PowerShell»\n  - name: «__INTRINSIC_GitClon__»\n",
            "tasks:\n  - name: ~/powershell\n  - name: __INTRINSIC_GitClone__\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: «~\\winget»\n  - name: «/gitclone»\n",
            "tasks:\n  - name: ~/winget\n  - name: ~/gitclone\n",
        ),
    )
    good = (
        Example(
            USER,
            "userTasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
            "  - name: ~/winget\n    parameters:\n      package: Git.Git\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n  - name: git-clone\n  - name: my-catalog/git-clone\n  - name: /ours\n",
            shown=False,
        ),
        Example(USER, "tasks:\n  - name: '{{task}}'\n  - name: '~/{{task}}'\n  - name:\n", shown=False),
        Example(IMAGE, "tasks:\n  - name: __INTRINSIC_WinGet__\n", shown=False),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task in context.customization.tasks:
            name = task_name(task)
            meant_builtin = name[:1] in ("~", *_SLASHES) or name[:12].upper() == "__INTRINSIC_"
            if meant_builtin and name not in BUILTIN_PARAMETERS:
                finding = _finding(context, task, name)
                if finding is not None:
                    yield finding


def _finding(context: Context, task: Task, name: str) -> Finding | None:
    scalar = task.name
    known = context.definitions(name)
    if scalar is None or (known and known[0].name == name):
        return None
    tilde_missing = name[0] in _SLASHES
    start = scalar.value.index(name)
    span = scalar.span_of(start, start + len(name))
    if known and not tilde_missing:
        edit = Fix(f"write `{known[0].name}`", (Edit(span, known[0].name),))
        message = f"the built-in task is called `{known[0].name}`, and whether case matters is not documented"
        return Finding(span, message, fix=edit, severity=Severity.WARNING)
    last = name[1:].lstrip("./\\")
    short = name[:1] != "_"
    meant = near_misses(f"~/{last}" if short else name, _SHORT if short else _NAMES)
    if len(meant) == 1:
        message = f"unknown built-in task `{name}`: write `{meant[0]}`"
        return Finding(span, message, fix=Fix(f"write `{meant[0]}`", (Edit(span, meant[0]),)))
    if tilde_missing:
        return None
    start_of_message = f"unknown built-in task `{name}`"
    if last and context.definitions(last):
        return Finding(span, f"{start_of_message}: for the task of a catalog write `{last}`, without `~/`")
    return Finding(span, f"{start_of_message}: these are {_OFFERED}, and a catalog's task is written without `~/`")
