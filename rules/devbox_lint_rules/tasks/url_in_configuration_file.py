"""DBX210: an address in `configurationFile`, which takes a path."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.yaml.nodes import Scalar
from devbox_lint_rules.tasks._entries import CATALOG, REFERENCE, definitions_of


class UrlInConfigurationFile(Rule):
    """
    The `configurationFile` of a winget task is an address on the web.

    Why: It is the path of a file on the dev box. Nothing is downloaded, and the task does not find the file.

    Fix: Give the address as `downloadUrl`.
    """

    code = "DBX210"
    name = "url-in-configuration-file"
    severity = Severity.ERROR
    needs = ("configurationfile",)
    kinds = frozenset((IMAGE, USER))
    see = ("DBX211", "DBX217")
    references = (REFERENCE, CATALOG)
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/winget\n    parameters:\n      configurationFile: «https://contoso.com/tools.yaml»\n",
            "tasks:\n  - name: ~/winget\n    parameters:\n      downloadUrl: https://contoso.com/tools.yaml\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: winget\n    parameters:\n      configurationFile: '«HTTP://contoso.com/a.yaml»'\n"
            "      downloadUrl: https://contoso.com/b.yaml\n",
        ),
    )
    good = (
        Example(USER, "userTasks:\n  - name: ~/winget\n    parameters:\n      configurationFile: C:\\tools.yaml\n"),
        Example(USER, "tasks:\n  - name: install\n    parameters:\n      configurationFile: https://x/y.yaml\n"),
        Example(USER, "userTasks:\n  - name: ~/winget\n    parameters:\n      downloadUrl: https://x/y.yaml\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task in context.customization.tasks:
            value = task.parameter("configurationFile")
            if value is None or task.parameters is None:
                continue
            text = value.value.strip()
            if not text[:8].lower().startswith(("http://", "https://")):
                continue
            definitions = definitions_of(context, task)
            if not definitions or not all("downloadUrl" in item.parameters for item in definitions):
                continue
            start = value.value.index(text)
            key = task.parameters.entry("configurationFile")
            fix = None
            if task.parameters.entry("downloadUrl") is None and key is not None and isinstance(key.key, Scalar):
                fix = Fix("rename `configurationFile` to `downloadUrl`", (Edit(key.key.span, "downloadUrl"),))
            yield Finding(
                value.span_of(start, start + len(text)),
                "an address, and `configurationFile` takes a path on the dev box: give it as `downloadUrl`",
                fix=fix,
            )
