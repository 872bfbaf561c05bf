"""DBX204: a parameter that the task does not have."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.task_definition import TaskDefinition
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.yaml.nodes import Mapping, Scalar, resolve
from devbox_lint_rules.structure._misplaced_parameters import RUN_AS, slid_among_parameters, task_keys
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
    kinds = frozenset((IMAGE, USER))
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
            "      «runAsUser»: true\n      timeout: 60\n",
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
        Example(USER, "tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n      timeout: 60\n"),
        Example(USER, "tasks:\n  - name: install-tools\n    parameters:\n      anything: here\n"),
        # A fork of the quick-start catalog may well have these.
        Example(USER, "tasks:\n  - name: powershell\n    parameters:\n      runAsUser: true\n      retries: 3\n"),
        Example(USER, "tasks:\n  - name: powershell\n    parameters:\n      script: C:\\dev\\setup.ps1\n"),
        Example(IMAGE, "setupTasks:\n  - task: choco\n    inputs:\n      packages: git\n"),
        Example(USER, "x: &x {package: Git.Git}\ntasks:\n  - name: ~/winget\n    parameters:\n      <<: *x\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task in context.customization.tasks:
            if task.parameters is not None and task.name is not None:
                unknown = unknown_parameters(context, task)
                slid = slid_among_parameters(task)
                for item in unknown:
                    if slid is not None and item.key is slid.key:
                        continue  # a key of the entry that is indented too far has its own rule
                    yield _finding(item, task.name.value, task.parameters, unknown, is_builtin(task))


def _finding(item: Unknown, task: str, parameters: Mapping, unknown: list[Unknown], builtin: bool) -> Finding:
    name = item.key.value
    start = f"unknown parameter `{name}` of `{task}`"
    related = declared_here(item.definition, f"`{item.definition.name}` is defined here")
    if item.meant:
        words = " or ".join(f"`{choice}`" for choice in item.meant)
        return Finding(item.key.span, f"{start}: write {words}", fix=_fix(item, parameters, unknown), related=related)
    if builtin and name in RUN_AS:
        return Finding(item.key.span, f"{start}: put the task under `userTasks` to run it as the user")
    if name in task_keys() - {"task", "inputs", "parameters"}:
        return Finding(item.key.span, f"{start}: put it beside `parameters`", related=related)
    return Finding(item.key.span, f"{start}: {_offered(item.definition)}", related=related)


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
