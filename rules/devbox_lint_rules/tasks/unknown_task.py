"""DBX203: a task that no known catalog has."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from devbox_lint.customization.model import Task
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.spelling import near_misses
from devbox_lint_rules.tasks._entries import task_name


class UnknownTask(Rule):
    """
    A task's name is in none of the catalogs that are known, and nearly that of a task that is.

    Where the tasks of the dev center are given with `--task-catalog`, a name that looks like none of them is
    a finding as well.

    Why: The service does not find the task, and the customization fails with `TaskNotFound`.

    Fix: Write the name of a task that there is: `devbox-lint tasks` lists those that are known here, and
    `devbox customizations list-tasks`, on a dev box, those that are attached.

    Unsafe because: A catalog that is not known here may have a task of that name, and another one would run in its
    place.
    """

    code = "DBX203"
    name = "unknown-task"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER))
    yields_to = ("DBX225",)
    see = ("DBX201", "DBX202", "DBX225", "DBX511")
    references = (
        "https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",
        "https://learn.microsoft.com/rest/api/devcenter/developer/customization-tasks",
    )
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: «instal-tools»\n  - name: tools/«install-toolz»\n",
            "tasks:\n  - name: install-tools\n  - name: tools/install-tools\n",
            path="web/imagedefinition.yaml",
            beside=(("tasks/install-tools/task.yaml", "name: install-tools\ncommand: ./run.ps1\n"),),
        ),
    )
    good = (
        Example(USER, "tasks:\n  - name: instal-tools\n"),
        Example(
            IMAGE,
            "tasks:\n  - name: install-tools\n  - name: tools/Install-Tools\n  - name: other\n  - name: ~/gitclon\n"
            "  - name: install-tools2\n",
            path="web/imagedefinition.yaml",
            beside=(("tasks/install-tools/task.yaml", "name: install-tools\ncommand: ./run.ps1\n"),),
            shown=False,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task in context.customization.tasks:
            name = task_name(task)
            if not name or name[0] == "~" or name.startswith("__") or context.definitions(name):
                continue
            finding = _finding(context, task, name)
            if finding is not None:
                yield finding


def _finding(context: Context, task: Task, name: str) -> Finding | None:
    complete = context.catalog.is_complete
    path = context.source.path
    if task.name is None or not context.catalog.is_known(path):
        return None
    # Built-in tasks are missed by others' rules, and the quick-start catalog need not be attached.
    last = name.rpartition("/")[2]
    meant = _meant(last, context.catalog.defined_names(path))
    if not meant:
        if not complete or name.lower() in ("winget", "powershell", "gitclone"):
            return None
        span = task.name.span
        return Finding(span, f"unknown task `{name}` in the given catalog: `devbox-lint tasks` lists those there are")
    start = task.name.value.index(name) + len(name) - len(last)
    span = task.name.span_of(start, start + len(last))
    words = " or ".join(f"`{choice}`" for choice in meant)
    fix = Fix(f"write `{meant[0]}`", (Edit(span, meant[0]),), safe=False) if len(meant) == 1 else None
    return Finding(span, f"unknown task `{last}`: write {words}", fix=fix)


# Files beside each other run the same tasks.
@lru_cache(maxsize=256)
def _meant(name: str, names: tuple[str, ...]) -> list[str]:
    """The tasks that a misspelt name may stand for; one that differs in digits is another version."""
    letters = _letters(name)
    return [choice for choice in near_misses(name, names) if _letters(choice) != letters or _same(choice, name)]


def _letters(name: str) -> str:
    """The name without digits and what separates words, so that names of one family are the same."""
    return "".join(character for character in name.lower() if character.isalpha())


def _same(left: str, right: str) -> bool:
    """Whether two names have the same digits, too."""
    digits = [[character for character in name if character.isdigit()] for name in (left, right)]
    return digits[0] == digits[1]
