"""DBX211: the address of a page of GitHub where that of a file belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint_rules.tasks._entries import REFERENCE

_PAGE = lazy(r"https?://(?:www\.)?github\.com/([^/\s?#{}]++/[^/\s?#{}]++)/blob/([^\s?#{}]++)([?#]\S*+)?", re.IGNORECASE)


class NotARawUrl(Rule):
    """
    A `downloadUrl` is the address of a page on GitHub that shows the file, not of the file itself.

    Why: What is downloaded is the page, and it is no WinGet configuration. The file must be public, too.

    Fix: Write `https://raw.githubusercontent.com/OWNER/REPOSITORY/BRANCH/PATH`, where the button "Raw" leads.
    """

    code = "DBX211"
    name = "not-a-raw-url"
    severity = Severity.ERROR
    needs = ("/blob/",)
    kinds = frozenset((IMAGE, USER))
    see = ("DBX210", "DBX217")
    references = (REFERENCE,)
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/winget\n    parameters:\n"
            "      downloadUrl: «https://github.com/contoso/setup/blob/main/dev/tools.yaml»\n",
            "tasks:\n  - name: ~/winget\n    parameters:\n"
            "      downloadUrl: https://raw.githubusercontent.com/contoso/setup/main/dev/tools.yaml\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: catalog/winget\n    parameters:\n"
            '      downloadUrl: "«https://github.com/contoso/setup/blob/v1.0/tools.yaml#L3»"\n',
            "tasks:\n  - name: catalog/winget\n    parameters:\n"
            '      downloadUrl: "https://raw.githubusercontent.com/contoso/setup/v1.0/tools.yaml"\n',
        ),
    )
    good = (
        Example(
            USER,
            "userTasks:\n  - name: ~/winget\n    parameters:\n"
            "      downloadUrl: https://raw.githubusercontent.com/contoso/setup/main/blob/tools.yaml\n",
        ),
        Example(
            USER,
            "userTasks:\n  - name: ~/winget\n    parameters:\n"
            "      downloadUrl: https://github.com/contoso/setup/blob/main/tools.yaml?raw=true\n",
        ),
        Example(USER, "userTasks:\n  - name: ~/winget\n    parameters:\n      downloadUrl: https://x.com/a/blob/b\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task in context.customization.tasks:
            value = task.parameter("downloadUrl")
            if value is None or "/blob/" not in value.value:
                continue
            text = value.value.strip()
            match = _PAGE.fullmatch(text)
            if match is None or "raw=" in (match[3] or ""):
                continue
            start = value.value.index(text)
            span = value.span_of(start, start + len(text))
            raw = f"https://raw.githubusercontent.com/{match[1]}/{match[2]}"
            yield Finding(
                span,
                f"this is a page that shows the file, not the file: write `{raw}`",
                fix=Fix("write the address of the file itself", (Edit(span, raw),)),
            )
