"""DBX209: a winget task that has nothing to install."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint_rules.tasks._entries import CATALOG, REFERENCE, builtin_of, given_names, is_builtin

_SOURCES = ("package", "configurationFile", "downloadUrl", "inlineConfigurationBase64")
_KNOWN = frozenset((*_SOURCES, "version", "runAsUser"))


class WingetWithoutSource(Rule):
    """
    A `~/winget` task says neither what to install nor where a configuration is.

    Why: The task fails with "No package or configuration file specified".

    Fix: Give `package` with an id, or a configuration: `configurationFile` with a path on the dev box,
    `downloadUrl` with a public address, or `inlineConfigurationBase64`.
    """

    code = "DBX209"
    name = "winget-without-source"
    severity = Severity.ERROR
    needs = ("winget",)
    kinds = frozenset((IMAGE, USER))
    see = ("DBX205", "DBX215", "DBX216")
    references = (REFERENCE, CATALOG)
    bad = (
        Example(USER, "tasks:\n  - name: «~/winget»\n    parameters:\n      version: 1.0.0\n"),
        Example(IMAGE, "tasks:\n  - name: «~/winget»\n    displayName: Git\n  - name: «winget»\n    parameters: {}\n"),
    )
    good = (
        Example(USER, "userTasks:\n  - name: ~/winget\n    parameters:\n      downloadUrl: https://x/y.yaml\n"),
        Example(USER, "tasks:\n  - name: ~/winget\n    parameters:\n      packages: [Git.Git]\n", shown=False),
        Example(USER, "tasks:\n  - name: ~/winget\n    package: Git.Git\n", shown=False),
        Example(USER, "tasks:\n  - name: ~/winget\n    parameters:\n", shown=False),
        Example(USER, "tasks:\n  - name: winget\n    parameters:\n      apps: Git.Git\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task in context.customization.tasks:
            if task.name is None or builtin_of(context, task) != "winget":
                continue
            if task.parameters is not None and any(task.parameters.entry(name) is not None for name in _SOURCES):
                continue
            given = given_names(context, task)
            if given is None or not given.isdisjoint(_SOURCES) or (not is_builtin(task) and not given <= _KNOWN):
                continue
            yield Finding(
                task.name.span,
                f"`{task.name.value}` has nothing to install: give it `package` with an id, or a configuration with"
                " `configurationFile` or `downloadUrl`",
            )
