"""DBX115: two definitions of one name."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Related, Severity
from devbox_lint.rule import IMAGE, TASK, Context, Example, Rule

_WORDS = {IMAGE: "image definition", TASK: "task definition"}


class DuplicateDefinitionName(Rule):
    """
    Two image definitions, or two task definitions, in folders side by side have the same name.

    Why: A name is used once in a catalog. When the catalog is synchronised, one of the two is ignored.

    Fix: Give one of them another name.
    """

    code = "DBX115"
    name = "duplicate-definition-name"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, TASK))
    see = ("DBX110", "DBX116", "DBX221")
    references = ("https://learn.microsoft.com/azure/dev-box/how-to-configure-catalog",)
    bad = (
        Example(
            TASK,
            "name: «install»\ncommand: ./run.ps1\n",
            path="tasks/install-two/task.yaml",
            beside=(("tasks/install/task.yaml", "# first\nname: 'Install'\ncommand: ./run.ps1\n"),),
        ),
        Example(
            IMAGE,
            'name: "«web»"\nimage: gallery/web@1.0.0\n',
            path="web/imagedefinition.yaml",
            beside=(("backend/imagedefinition.yaml", "name: web\nimage: gallery/web@1.0.0\n"),),
        ),
    )
    good = (
        Example(
            TASK,
            "name: install\ncommand: ./run.ps1\n",
            path="tasks/install/task.yaml",
            beside=(
                ("tasks/install/task.yaml", "name: install\ncommand: ./run.ps1\n"),
                ("tasks/other/task.yaml", "name: other\ncommand: ./run.ps1\nparameters:\n  name: install\n"),
                # Another folder may be another catalog.
                ("archive/install/task.yaml", "name: install\ncommand: ./run.ps1\n"),
                ("tasks/install/imagedefinition.yaml", "name: install\n"),
            ),
            shown=False,
        ),
        Example(IMAGE, "name: web\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        root = context.customization.root
        name = root.scalar("name") if root is not None else None
        if name is None or not name.value.strip():
            return
        places = context.catalog.namesakes(context.source.path, name.value)
        if places:
            what = _WORDS[context.kind]
            yield Finding(
                name.span_of(0, len(name.value)),
                f"another {what} beside this one is called `{name.value}`, and one of them is ignored: rename one",
                related=tuple(Related(place.span, "the same name", place.path) for place in places[:5]),
            )
