"""DBX102: a file or a task entry without a name."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint_rules.structure._absence import absent, absent_in
from devbox_lint_rules.structure._misplaced_parameters import task_keys


class MissingName(Rule):
    """
    A file, or an entry of `tasks` or `userTasks`, has no `name`.

    Why: Image definitions and task definitions are known by their name: without one they are rejected when
    the catalog is synchronised. An entry's name says which task to run, so an entry without one runs
    nothing. In a user customization the file's own name is only good manners.

    Fix: Add `name:`; in an entry, with the task to run, such as `~/winget`.
    """

    code = "DBX102"
    name = "missing-name"
    severity = Severity.ERROR
    severities = {USER: Severity.INFO}
    see = ("DBX103", "DBX105", "DBX110")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(IMAGE, "«$schema»: 1.0\nimage: gallery/web@1.0.0\n"),
        Example(TASK, "# A task.\n«command»: ./install.ps1\n"),
        Example(USER, "«$schema»: 1.0\ntasks:\n  - name: ~/winget\n"),
        Example(
            IMAGE,
            "name: web\nimage: gallery/web@1.0.0\ntasks:\n"
            "  - name: ~/winget\n    parameters:\n      package: Git.Git\n"
            "  - «parameters»:\n      package: Microsoft.VisualStudioCode\n",
        ),
        Example(TASK, "«»"),
    )
    good = (
        Example(
            IMAGE,
            "name: web\nimage: gallery/web@1.0.0\ntasks:\n"
            "  - name: ~/winget\n    parameters:\n      package: Git.Git\n",
        ),
        Example(TASK, "name: install\ncommand: ./install.ps1\n"),
        Example(IMAGE, "name: web\nimage: gallery/web@1.0.0\ntasks:\n  - name: ~/winget\n", shown=False),
        Example(TASK, "name:\ncommand: ./install.ps1\n", shown=False),
        Example(USER, "name: mine\nsetupTasks:\n  - task: winget\n  - {}\n", shown=False),
        Example(USER, "name: mine\ntasks:\n  - Name: ~/winget\n", shown=False),
        Example(TASK, "nmae: install\ncommand: ./install.ps1\n", shown=False),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        place = absent(context, "name")
        if place is not None:
            yield Finding(place, _MESSAGES[context.kind])
        for task in context.customization.tasks:
            if task.name is None and task.node.entries:
                place = absent_in(context, task.node, task_keys(), "name", "task")
                if place is not None:
                    yield Finding(
                        place,
                        "no `name`: an entry must say which task to run, such as `name: ~/winget`",
                        severity=Severity.ERROR,
                    )


_MESSAGES = {
    IMAGE: "no `name`: an image definition is known by its name, so add `name:`",
    USER: "no `name`: add one to tell this customization from others",
    TASK: "no `name`: a task definition is called by its name, so add `name:`",
}
