"""DBX219: a clone from Azure Repos that has to wait for the first sign-in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint_rules.tasks._entries import CATALOG, REFERENCE, builtin_of, given_names

#: Addresses of Azure Repos, with the part after the host.
AZURE_REPOS = lazy(
    r"https://(?:[^/@\s]++@)?(?:dev\.azure\.com|([^/@.\s]++)\.visualstudio\.com)(?:/([^\r\n]*+))?", re.IGNORECASE
)


class CloneWithoutPat(Rule):
    """
    A task under `tasks` clones a repository of Azure Repos without `pat`.

    Why: Nobody is signed in then, so the clone waits for the first sign-in. Tasks that need the code before
    that fail.

    Fix: Give a token from a key vault as `pat`, or put the task under `userTasks` so that everyone sees when
    it runs.
    """

    code = "DBX219"
    name = "clone-without-pat"
    severity = Severity.INFO
    needs = ("repositoryurl",)
    kinds = frozenset((IMAGE, USER))
    see = ("DBX220", "DBX309", "DBX401")
    references = (REFERENCE, CATALOG)
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: «https://dev.azure.com/contoso/web/_git/web»\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: git-clone\n    parameters:\n"
            "      repositoryUrl: «https://contoso.visualstudio.com/web/_git/web»\n",
        ),
    )
    good = (
        Example(
            USER,
            "userTasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://dev.azure.com/contoso/web/_git/web\n      pat: '{{ado://contoso}}'\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
            "  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://dev.azure.com/contoso/web/_git/web\n"
            "      pat: '{{https://v1.vault.azure.net/secrets/pat}}'\n"
            "userTasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://dev.azure.com/contoso/web/_git/web\n",
            shown=False,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task in context.customization.tasks:
            url = task.parameter("repositoryUrl")
            if url is None or task.section != "tasks":
                continue
            text = url.value.strip()
            if not AZURE_REPOS.fullmatch(text) or builtin_of(context, task) != "gitclone":
                continue
            given = given_names(context, task)
            if given is None or any("pat" in name.lower() or "token" in name.lower() for name in given):
                continue
            start = url.value.index(text)
            yield Finding(
                url.span_of(start, start + len(text)),
                "without `pat` this clone waits for the first sign-in: give a token from a key vault, or put the task"
                " under `userTasks`",
            )
