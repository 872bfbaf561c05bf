"""DBX208: a parameter that another one makes useless."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Related, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.yaml.nodes import Mapping, Scalar
from devbox_lint_rules.tasks._entries import CATALOG, REFERENCE, builtin_of

#: For each task: which parameter makes which others useless, the strongest first.
_WINS = {
    "powershell": (("command", ("script", "scriptArgs", "scriptExecutionPolicy")),),
    "winget": (
        ("package", ("configurationFile", "downloadUrl", "inlineConfigurationBase64")),
        ("inlineConfigurationBase64", ("downloadUrl",)),
    ),
}
_CONFIGURATION = ("configurationFile", "downloadUrl", "inlineConfigurationBase64")


class IgnoredParameter(Rule):
    """
    A parameter has no effect because of another one: `script` beside `command`, a configuration beside
    `package`, or `version` without `package`.

    Why: The task does only one of the two things that the entry asks for, and says nothing of the other.

    Fix: Make two tasks of it, or remove what is ignored.
    """

    code = "DBX208"
    name = "ignored-parameter"
    severity = Severity.WARNING
    tag = "unnecessary"
    kinds = frozenset((IMAGE, USER))
    see = ("DBX204", "DBX209")
    references = (REFERENCE, CATALOG)
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: Get-Date\n      «script»: C:\\dev\\a.ps1\n"
            "      «scriptArgs»: -Force\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n"
            "      «downloadUrl»: https://x/y.yaml\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/winget\n    parameters:\n      «version»: '1.0'\n"
            "      configurationFile: C:\\a.yaml\n",
        ),
    )
    good = (
        Example(
            USER,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      script: C:\\a.ps1\n      scriptArgs: -Force\n"
            "  - name: ~/powershell\n    parameters:\n      command: Get-Date\n      workingDirectory: C:\\\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/winget\n    parameters:\n      configurationFile: C:\\a.yaml\n"
            "      downloadUrl: https://x/y.yaml\n  - name: ~/winget\n    parameters:\n      version: 1.0.0\n",
            shown=False,
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command:\n      script: C:\\a.ps1\n",
            shown=False,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task in context.customization.tasks:
            if task.parameters is None or len(task.parameters.entries) < 2:
                continue
            kind = builtin_of(context, task)
            if kind not in _WINS:
                continue
            given = _given(task.parameters)
            ignored: set[str] = set()
            for winner, losers in _WINS[kind]:
                if winner not in given or winner in ignored:
                    continue
                for loser in losers:
                    if loser in given and loser not in ignored:
                        ignored.add(loser)
                        yield _finding(given, loser, winner)
            if kind == "winget" and "version" in given and "package" not in task.parameters.names:
                source = next((name for name in _CONFIGURATION if name in given), None)
                if source is not None:
                    yield Finding(
                        given["version"].span,
                        "`version` is ignored without `package`: a configuration states the versions itself",
                    )


def _given(parameters: Mapping) -> dict[str, Scalar]:
    """The keys of the parameters that have a value, by their names."""
    given: dict[str, Scalar] = {}
    for entry in parameters.entries:
        key = entry.key
        value = parameters.scalar(entry.name or "")
        if isinstance(key, Scalar) and value is not None and value.value.strip():
            given.setdefault(key.value, key)
    return given


def _finding(given: dict[str, Scalar], loser: str, winner: str) -> Finding:
    return Finding(
        given[loser].span,
        f"`{loser}` is ignored beside `{winner}`: move it to a separate task, or remove it",
        related=(Related(given[winner].span, f"`{winner}` is what the task uses"),),
    )
