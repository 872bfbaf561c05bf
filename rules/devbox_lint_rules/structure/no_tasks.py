"""DBX109: a file that runs nothing."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.classification import holds_tasks
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint_rules.structure._absence import absent


class NoTasks(Rule):
    """
    A file has neither `tasks` nor `userTasks`.

    Why: The tasks are all that a customization does. Without any, a user customization changes nothing, and
    an image definition is no more than the image it names.

    Fix: Add `tasks:` for what runs as the system when the dev box is made, or `userTasks:` for what runs as
    the user after the first sign-in.
    """

    code = "DBX109"
    name = "no-tasks"
    severity = Severity.WARNING
    kinds = frozenset((IMAGE, USER))
    see = ("DBX105", "DBX118")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(IMAGE, "«$schema»: 1.0\nname: web\nimage: gallery/web@1.0.0\n"),
        Example(USER, "# nothing yet\n«name»: mine\n"),
    )
    good = (
        Example(IMAGE, "name: web\nimage: gallery/web@1.0.0\ntasks:\n  - name: ~/winget\n", shown=False),
        Example(USER, "userTasks:\n  - name: ~/winget\n", shown=False),
        Example(IMAGE, "name: web\nextends:\n  imageDefinition: base\n"),
        Example(IMAGE, "name: web\nimage: gallery/web@1.0.0\nsetupTasks:\n  - task: winget\n", shown=False),
        Example(USER, "usertasks:\n  - name: ~/winget\n", shown=False),
        Example(USER, "taks:\n  - name: ~/winget\n", shown=False),
        Example(USER, "tasks:\n", shown=False),
        Example(USER, "names:\n  - name: choco\n    parameters:\n      package: git\n", shown=False),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        place = absent(context, "tasks", "userTasks", "setupTasks", "extends")
        root = context.customization.root
        if place is not None and not any(holds_tasks(item.value) for item in (root.entries if root else ())):
            yield Finding(place, "neither `tasks` nor `userTasks`: without one the file does nothing, so add one")
