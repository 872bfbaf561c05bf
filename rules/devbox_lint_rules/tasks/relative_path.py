"""DBX217: a relative path to a script or a configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint_rules.tasks._entries import REFERENCE, builtin_of

#: Where the service puts the files beside an image definition.
FOLDER = "C:\\ProgramData\\Microsoft\\DevBoxAgent\\ImageDefinitions"
_RELATIVE = lazy(r"(?:\.{1,2}[\\/])?[\w.()-]++(?:[\\/][\w.() -]++)*+", re.IGNORECASE)
_SUFFIXES = (".ps1", ".yaml", ".yml", ".winget")


class RelativePath(Rule):
    """
    The `script` or `configurationFile` of a task is a relative path.

    Why: Tasks run in a folder of their own, in which no file of the repository is, so that the task ends with "cannot
    find path" or "is not recognized".

    Fix: Write the whole path: what stands beside `imagedefinition.yaml` is copied to
    `C:\\ProgramData\\Microsoft\\DevBoxAgent\\ImageDefinitions\\CATALOG\\DEFINITION`. In a user customization clone the
    repository first, or download the file.
    """

    code = "DBX217"
    name = "relative-path"
    severity = Severity.WARNING
    needs = _SUFFIXES
    kinds = frozenset((IMAGE, USER))
    see = ("DBX210", "DBX218")
    references = (REFERENCE, "https://learn.microsoft.com/azure/dev-box/how-to-configure-team-customizations")
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      script: «./setup/tools.ps1»\n"
            "  - name: ~/winget\n    parameters:\n      configurationFile: '«tools.yaml»'\n",
        ),
        Example(IMAGE, "userTasks:\n  - name: ~/powershell\n    parameters:\n      script: «..\\tools.ps1»\n"),
        Example(USER, "userTasks:\n  - name: ~/winget\n    parameters:\n      configurationFile: «.\\my.dsc.yaml»\n"),
    )
    good = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      script: C:\\dev\\tools.ps1\n"
            "  - name: ~/powershell\n    parameters:\n      script: https://contoso.com/tools.ps1\n"
            "  - name: ~/powershell\n    parameters:\n      script: $env:TEMP\\tools.ps1\n"
            "  - name: ~/winget\n    parameters:\n      configurationFile: '{{file}}'\n",
            shown=False,
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/winget\n    parameters:\n      configurationFile: tools.yaml\n"
            "      downloadUrl: https://contoso.com/tools.yaml\n",
        ),
        Example(IMAGE, "tasks:\n  - name: install\n    parameters:\n      script: ./tools.ps1\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task in context.customization.tasks:
            for name, kind in (("script", "powershell"), ("configurationFile", "winget")):
                value = task.parameter(name)
                if value is None or task.parameters is None:
                    continue
                text = value.value.strip()
                if not text.lower().endswith(_SUFFIXES) or not _RELATIVE.fullmatch(text):
                    continue
                if builtin_of(context, task) != kind:
                    continue
                if not {"downloadUrl", "inlineConfigurationBase64", "workingDirectory"}.isdisjoint(
                    task.parameters.names
                ):
                    continue
                start = value.value.index(text)
                yield Finding(
                    value.span_of(start, start + len(text)),
                    f"a relative path in `{name}`, and tasks run in another folder: write the whole path",
                    f"the files beside an image definition are in `{FOLDER}\\CATALOG\\DEFINITION`"
                    if context.kind is IMAGE
                    else "nothing of the repository is on the dev box before a task clones it",
                )
