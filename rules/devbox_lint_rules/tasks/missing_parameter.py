"""DBX205: a parameter that the task cannot do without."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.model import Task
from devbox_lint.diagnostics import Finding, Related, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint_rules.tasks._entries import (
    CATALOG,
    REFERENCE,
    builtin_of,
    declared_here,
    definitions_of,
    given_names,
    is_guess,
    unknown_parameters,
)

_INSTALL = (
    (
        "tasks/install/task.yaml",
        "name: install\ncommand: ./run.ps1 {{file}}\nparameters:\n  file:\n    type: string\n    required: true\n",
    ),
)


class MissingParameter(Rule):
    """
    A task is without a parameter that it requires, or has none of several of which it needs one.

    Why: The service refuses the task (`FailedValidation`), or it starts, has nothing to work on and fails. Its log is
    on the dev box.

    Fix: Give the parameter that the message names. `~/powershell` needs `command` or `script`, `~/gitclone`
    needs `repositoryUrl`.
    """

    code = "DBX205"
    name = "missing-parameter"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER))
    see = ("DBX204", "DBX209")
    references = (REFERENCE, CATALOG)
    bad = (
        Example(
            USER, "tasks:\n  - name: «~/gitclone»\n    parameters:\n      branch: main\n  - name: «~/powershell»\n"
        ),
        Example(USER, "tasks:\n  - name: «choco»\n    parameters:\n      version: 1.0.0\n"),
        Example(
            IMAGE,
            "tasks:\n  - name: «install»\n    displayName: Install\n",
            path="web/imagedefinition.yaml",
            beside=_INSTALL,
        ),
    )
    good = (
        Example(USER, "userTasks:\n  - name: ~/powershell\n    parameters:\n      script: C:\\dev\\setup.ps1\n"),
        Example(USER, "tasks:\n  - name: ~/gitclone\n    parameters:\n      repository: https://x/y\n", shown=False),
        Example(USER, "tasks:\n  - name: ~/gitclone\n    repositoryUrl: https://x/y\n", shown=False),
        Example(USER, "tasks:\n  - name: ~/gitclone\n    parameters:\n", shown=False),
        Example(
            USER, "tasks:\n  - name: choco\n    parameters:\n      packages: git\n  - name: any/task\n", shown=False
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: install\n    parameters:\n      file: ''\n",
            path="web/imagedefinition.yaml",
            beside=_INSTALL,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task in context.customization.tasks:
            if task.name is not None:
                yield from _missing(context, task)


def _missing(context: Context, task: Task) -> Iterator[Finding]:
    definitions = definitions_of(context, task)
    if not definitions:
        return
    powershell = "powershell" in definitions[0].name.lower() and builtin_of(context, task) == "powershell"
    required = [
        parameter
        for parameter in definitions[0].parameters.values()
        if all((other := item.parameters.get(parameter.name)) is not None and other.required for item in definitions)
    ]
    if not required and not powershell:
        return
    names = task.parameters.names if task.parameters is not None else []
    if all(parameter.name in names for parameter in required) and (
        not powershell or "command" in names or "script" in names
    ):
        return
    given = given_names(context, task)
    if given is None or task.name is None:
        return
    if is_guess(definitions) and any(name not in item.parameters for name in given for item in definitions[:1]):
        # It has what Microsoft's task has not, so it is another one.
        return
    name = task.name.value
    if powershell and given.isdisjoint(("command", "script")):
        message = f"`{name}` has nothing to run: give it `command` with the code or `script` with a path"
        yield Finding(task.name.span, message)
    missing = [parameter for parameter in required if parameter.name not in given]
    if missing and len(missing) <= len(unknown_parameters(context, task)):
        # An unknown parameter stands for it, and this is said of that one.
        return
    for parameter in missing:
        related: tuple[Related, ...] = declared_here(parameter, f"`{parameter.name}` is required here")
        message = f"`{name}` requires `{parameter.name}`: add it under `parameters`"
        yield Finding(task.name.span, message, related=related)
