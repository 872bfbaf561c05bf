"""DBX227: a version that is not the package's."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint_rules.tasks._clones import inside
from devbox_lint_rules.tasks._entries import REFERENCE, builtin_of, is_defined, task_name
from devbox_lint_rules.tasks._packages import appended_version

# `Python.Python.3.12`: what stands after the name.
_IN_ID = lazy(r"[^\s.]+(?:\.[^\s.]+)*?((?:\.[0-9]{1,4}){1,3})")
_VERSION = lazy(r"v?([0-9]+(?:\.[0-9]+)*)\b.*")


class PackageVersion(Rule):
    """
    The id of a package names one version and `version` another, or the version stands in `package` itself.

    Why: `Python.Python.3.12` has the versions 3.12.x alone, and `package` is an id and nothing else: either
    way the package is not found, and the task fails.

    Fix: Write the version as `version`, or leave it out to get the newest one; for another series write the
    id of that series.
    """

    code = "DBX227"
    name = "package-version"
    severity = Severity.WARNING
    needs = ("package",)
    kinds = frozenset((IMAGE, USER))
    references = (REFERENCE, "https://docs.chocolatey.org/en-us/choco/commands/install/")
    see = ("DBX215", "DBX815")
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: Python.Python.3.12\n      version: «3.11.0»\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: choco\n    parameters:\n      package: «netfx-4.8.1-devpack 4.8.1»\n"
            "  - name: choco\n    parameters:\n      package: «python==3.13.2»\n"
            "  - name: ~/winget\n    parameters:\n      package: «Git.Git --version 2.47.0»\n"
            "  - name: ~/winget\n    parameters:\n      package: «Git.Git@2.47.0»\n",
        ),
    )
    good = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: Python.Python.3.12\n      version: 3.12.4\n"
            "  - name: ~/winget\n    parameters:\n      package: Microsoft.DotNet.SDK.8\n      version: '8'\n"
            "  - name: ~/winget\n    parameters:\n      package: Microsoft.VisualStudio.2022.Enterprise\n"
            "      version: 17.9.0\n"
            "  - name: ~/winget\n    parameters:\n      package: Autodesk.DWGTrueView.2024\n      version: 24.3.1\n"
            "  - name: ~/winget\n    parameters:\n      package: Python.Python.3.12\n      version: '{{version}}'\n",
            shown=False,
        ),
        Example(
            USER,
            "tasks:\n  - name: choco\n    parameters:\n      package: netfx-4.8.1-devpack\n      version: 4.8.1\n"
            "  - name: choco\n    parameters:\n      package: nodejs git vscode\n"
            "  - name: choco\n    parameters:\n      package: python --version=3.13.2\n"
            "  - name: store/install\n    parameters:\n      package: python 3.12\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task in context.customization.tasks:
            value = task.parameter("package")
            if value is None or "{{" in value.value:
                continue
            winget = builtin_of(context, task) == "winget"
            if not winget and (task_name(task).lower().rpartition("/")[2] != "choco" or is_defined(context, task)):
                continue
            text = value.value.strip()
            appended = appended_version(text, options=winget)
            version = task.parameter("version")
            if appended is not None:
                advice = "remove it here" if version is not None else f"write `version: '{appended.version}'` beside it"
                yield Finding(
                    inside(value, text),
                    f"`package` is the id `{appended.id}` alone, without the version: {advice}",
                )
            elif winget and version is not None:
                series = _IN_ID.fullmatch(text)
                given = _VERSION.fullmatch(version.value.strip())
                if series is not None and given is not None and not _agree(series[1][1:], given[1]):
                    other = text[: series.start(1) + 1] + ".".join(given[1].split(".")[: series[1].count(".")])
                    yield Finding(
                        inside(version, version.value.strip()),
                        f"`{text}` is version {series[1][1:]}: write one of its versions, or `package: {other}`",
                    )


def _agree(series: str, version: str) -> bool:
    """Whether a version may be one of a series; a year says nothing of versions that count otherwise."""
    own = [int(part) for part in series.split(".")]
    given = [int(part) for part in version.split(".")]
    if own[0] > 1900 > given[0]:
        return True
    return all(left == right for left, right in zip(own, given, strict=False))
