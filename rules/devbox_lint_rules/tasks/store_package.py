"""DBX216: a package of the Microsoft Store."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint_rules.tasks._entries import builtin_of

#: What the Store's ids look like: twelve characters, or fourteen for desktop programs.
STORE_ID = lazy(r"9[A-Z0-9]{11}|XP[A-Z0-9]{12}", re.IGNORECASE)


class StorePackage(Rule):
    """
    A winget task installs a package by an id of the Microsoft Store.

    Why: `~/winget` takes packages from the source `winget` alone, and does not find it.

    Fix: Install it with `winget install --id ID --source msstore --accept-package-agreements
    --accept-source-agreements` in a `~/powershell` task under `userTasks`, or take the same program from the
    other source where it is there too.
    """

    code = "DBX216"
    name = "store-package"
    severity = Severity.ERROR
    needs = ("package",)
    kinds = frozenset((IMAGE, USER))
    see = ("DBX209", "DBX215")
    references = (
        "https://github.com/github/awesome-copilot/blob/main/instructions/devbox-image-definition.instructions.md",
    )
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: «9P7KNL5RWT25»\n"
            "userTasks:\n  - name: winget\n    parameters:\n      package: '«XP9KHM4BK9FZ7Q»'\n",
        ),
    )
    good = (
        Example(USER, "userTasks:\n  - name: ~/winget\n    parameters:\n      package: Microsoft.Sysinternals\n"),
        Example(USER, "tasks:\n  - name: store/install\n    parameters:\n      package: 9P7KNL5RWT25\n"),
        Example(
            USER,
            "tasks:\n  - name: winget\n    parameters:\n      package: 9P7KNL5RWT25\n      fromMSStore: true\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task in context.customization.tasks:
            value = task.parameter("package")
            if value is None or task.parameters is None:
                continue
            text = value.value.strip()
            if not STORE_ID.fullmatch(text) or builtin_of(context, task) != "winget":
                continue
            if any("store" in (name := key.lower()) or name == "source" for key in task.parameters.names):
                continue
            start = value.value.index(text)
            yield Finding(
                value.span_of(start, start + len(text)),
                "this is an id of the Microsoft Store, where `~/winget` does not look",
                "install it with `winget install --source msstore` in a `~/powershell` task under `userTasks`",
            )
