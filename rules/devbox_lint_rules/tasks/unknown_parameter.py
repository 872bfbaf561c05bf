"""DBX204: a parameter that the task does not have."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.task_definition import TaskDefinition
from devbox_lint.diagnostics import Edit, Finding, Fix, Related, Severity, Together
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.yaml.nodes import Entry, Mapping, Scalar, resolve
from devbox_lint_rules.structure._lines import removal
from devbox_lint_rules.structure._misplaced_parameters import RUN_AS, task_keys
from devbox_lint_rules.tasks._entries import REFERENCE, Unknown, declared_here, is_builtin, unknown_parameters


class UnknownParameter(Rule):
    """
    A parameter is given that the task does not have, often because it is misspelt.

    Why: The service refuses the task, or the task runs without the value. Several of Microsoft's own pages
    show `configure` for what is called `configurationFile`.

    Fix: Write the parameter that was meant. A built-in task has no `runAsUser`: it runs as the user where it
    stands under `userTasks`.
    """

    code = "DBX204"
    name = "unknown-parameter"
    severity = Severity.ERROR
    yields_to = ("DBX002",)
    kinds = frozenset((IMAGE, USER))
    see = ("DBX105", "DBX119", "DBX205", "DBX208")
    references = (REFERENCE, "https://github.com/microsoft/devcenter-catalog")
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      «Command»: Get-Date\n  - name: ~/winget\n"
            "    parameters: {«pakage»: Git.Git}\n",
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: Get-Date\n  - name: ~/winget\n"
            "    parameters: {package: Git.Git}\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/winget\n    parameters:\n      «configure»: C:\\dev\\tools.yaml\n",
            "tasks:\n  - name: ~/winget\n    parameters:\n      configurationFile: C:\\dev\\tools.yaml\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/winget\n    parameters:\n      «packages»:\n        - id: Git.Git\n"
            "      «runAsUser»: true\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: git-clone\n    parameters:\n      «url»: https://x/y\n",
            "tasks:\n  - name: git-clone\n    parameters:\n      repositoryUrl: https://x/y\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: tools/install\n    parameters:\n      «sourceURL»: https://x/y.msi\n",
            path="web/imagedefinition.yaml",
            beside=(
                (
                    "tasks/install/task.yaml",
                    "name: install\ncommand: ./run.ps1 {{filePath}}\nparameters:\n  filePath:\n    type: string\n",
                ),
            ),
        ),
    )
    good = (
        Example(USER, "userTasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n"),
        Example(USER, "tasks:\n  - name: install-tools\n    parameters:\n      anything: here\n"),
        # A fork of the quick-start catalog may well have these.
        Example(USER, "tasks:\n  - name: powershell\n    parameters:\n      runAsUser: true\n      retries: 3\n"),
        Example(USER, "tasks:\n  - name: powershell\n    parameters:\n      script: C:\\dev\\setup.ps1\n"),
        Example(
            USER, "x: &x {package: Git.Git}\ntasks:\n  - name: ~/winget\n    parameters:\n      <<: *x\n", shown=False
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task in context.customization.tasks:
            if task.parameters is not None and task.name is not None:
                unknown = unknown_parameters(context, task)
                for item in unknown:
                    start = f"unknown parameter `{item.key.value}` of `{task.name.value}`"
                    finding = _finding(context, start, item, task.parameters, unknown, is_builtin(task))
                    said = f"{start} ({{count}} times){finding.message[len(start) :]}"
                    # Of which type the value is says nothing of a parameter that there is not.
                    yield finding._replace(together=Together(said), covers=(*finding.covers, item.value.span))


def _finding(
    context: Context, start: str, item: Unknown, parameters: Mapping, unknown: list[Unknown], builtin: bool
) -> Finding:
    name = item.key.value
    related = declared_here(item.definition, f"`{item.definition.name}` is defined here")
    there = next((entry for entry in parameters.entries if entry.name in item.meant), None)
    if there is not None and len(item.meant) == 1:
        message = f"{start}, and `{there.name}` is given already: remove this one"
        related = (Related(there.key.span, f"`{there.name}` is given here"), *related)
        return Finding(item.key.span, message, fix=_removal(context, item, there, parameters), related=related)
    if item.meant:
        words = " or ".join(f"`{choice}`" for choice in item.meant)
        return Finding(item.key.span, f"{start}: write {words}", fix=_fix(item, parameters, unknown), related=related)
    if builtin and name in RUN_AS:
        return Finding(item.key.span, f"{start}: put the task under `userTasks` to run it as the user")
    if name in task_keys() - {"task", "inputs", "parameters"}:
        return Finding(item.key.span, f"{start}: put it beside `parameters`", related=related)
    return Finding(item.key.span, f"{start}: {_offered(item.definition)}", related=related)


def _removal(context: Context, item: Unknown, there: Entry, parameters: Mapping) -> Fix | None:
    """Remove the parameter; what it says is lost unless the other one says the same."""
    entry = next(entry for entry in parameters.entries if entry.key is item.key)
    edit = removal(context.source, entry)
    value, other = resolve(item.value), resolve(there.value)
    same = isinstance(value, Scalar) and isinstance(other, Scalar) and value.data == other.data
    return Fix(f"remove `{item.key.value}`", (edit,), same) if edit is not None else None


def _offered(definition: TaskDefinition) -> str:
    names = [f"`{name}`" for name in definition.parameters]
    if not names:
        return "remove it, as the task takes none"
    shown = ", ".join(names[:8])
    return f"the task takes {shown}" + (" and others" if len(names) > 8 else "")


def _fix(item: Unknown, parameters: Mapping, unknown: list[Unknown]) -> Fix | None:
    """The new name, where it is the only one and free, and the value is a single one."""
    value = resolve(item.value)
    if len(item.meant) != 1 or not isinstance(value, Scalar):
        return None
    meant = item.meant[0]
    if meant == "package" and "," in value.value:
        # Several packages: one task installs one.
        return None
    if meant in parameters.names or sum(meant in other.meant for other in unknown) != 1:
        return None
    return Fix(f"rename `{item.key.value}` to `{meant}`", (Edit(item.key.span, meant),))
