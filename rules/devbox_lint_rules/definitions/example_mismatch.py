"""DBX605: an example that shows another task, or a parameter that the task has not."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.model import Task
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import TASK, Context, Example, Rule
from devbox_lint.spelling import near_misses
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import Scalar
from devbox_lint_rules.definitions._command import has_readable_parameters

#: What was pasted along with a name.
_AROUND = lazy(r"^\W+|\W+$")


class ExampleMismatch(Rule):
    """
    The examples of a task definition name another task, or a parameter that is not declared.

    Why: People copy the examples, and what they copy fails with "could not find the referenced task" or has
    no effect. Most such examples were left over when the definition was copied from another task.

    Fix: Write the task's own `name` and its declared parameters.
    """

    code = "DBX605"
    name = "example-mismatch"
    severity = Severity.INFO
    kinds = frozenset((TASK,))
    see = ("DBX602", "DBX603", "DBX606")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(
            TASK,
            "name: download\ncommand: ./main.ps1 {{url}}\nparameters:\n  url:\n    type: string\n"
            "documentation:\n  examples:\n    - name: «git-clone»\n      parameters:\n        directory: a\n",
        ),
        Example(
            TASK,
            "name: download\ncommand: ./main.ps1 {{url}}\nparameters:\n  url:\n    type: string\n"
            "documentation:\n  examples:\n    - name: catalog/download\n      parameters:\n        «uri»: a\n",
        ),
    )
    good = (
        Example(
            TASK,
            "name: download\ncommand: ./main.ps1 {{url}}\nparameters:\n  url:\n    type: string\n"
            "documentation:\n  examples:\n    - name: ~/winget\n      parameters:\n        package: Git.Git\n"
            "    - name: Download\n      parameters:\n        URL: a\n",
        ),
        Example(TASK, "name: download\ncommand: ./main.ps1\ndocumentation:\n  examples: []\n"),
        Example(
            TASK,
            "name: “download”,\ncommand: ./main.ps1\ndocumentation:\n  examples:\n    - name: download\n",
            shown=False,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        customization = context.customization
        examples = customization.examples
        if not examples or customization.root is None:
            return
        name = customization.root.scalar("name")
        if name is None or not name.value:
            return
        own = [task for task in examples if _shows(task, name.value)]
        if not own:
            # An example may have other entries that lead up to the one that shows the task.
            told: set[str] = set()
            meant = _AROUND.sub("", name.value)
            if any(_shows(task, meant) for task in examples):
                return  # the rules on what is pasted say so of the name
            for task in examples:
                if task.name is not None and task.name.value and task.name.value not in told:
                    told.add(task.name.value)
                    yield Finding(
                        task.name.span_of(0, len(task.name.value)),
                        f"this example shows `{task.name.value}`, and the task is `{name.value}`:"
                        f" write `name: {name.value}`",
                    )
            return
        if not has_readable_parameters(customization):
            return
        declared = [declaration.name.value for declaration in customization.declarations]
        known = {item.lower() for item in declared}
        for task in own:
            for entry in task.parameters.entries if task.parameters is not None else ():
                key = entry.key
                if isinstance(key, Scalar) and key.value and key.value.lower() not in known and key.value != "<<":
                    close = near_misses(key.value, declared)
                    yield Finding(
                        key.span_of(0, len(key.value)),
                        f"the task has no parameter `{key.value}`: "
                        + (f"did you mean `{close[0]}`?" if len(close) == 1 else "remove it, or declare it"),
                    )


def _shows(task: Task, name: str) -> bool:
    return task.name is not None and task.name.value.rsplit("/", 1)[-1].lower() == name.lower()
