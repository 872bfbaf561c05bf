"""DBX220: an address that the sign-in to Azure Repos cannot be used for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity, Span
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import Scalar
from devbox_lint_rules.tasks._entries import CATALOG, builtin_of
from devbox_lint_rules.tasks.clone_without_pat import AZURE_REPOS

_OF_TOKEN = lazy(r"\{\{[ ]*+ado\b", re.IGNORECASE)
_ORGANIZATION = lazy(r"[a-zA-Z0-9]+")
_NAME = lazy(r"[.\-a-zA-Z0-9]+")
_GITHUB = lazy(r"https://(?:[^/@\s]++@)?(github\.com|gitlab\.com|bitbucket\.org)/\S*", re.IGNORECASE)


class CloneUrlNotSupported(Rule):
    """
    A clone takes its token from `{{ado://...}}`, and the address of the repository is none that this token can
    be used for.

    Why: Only addresses of Azure Repos are known, and of these only such with letters and digits in the
    organization, and also dots and hyphens in project and repository. Any other is cloned after the first
    sign-in, if at all.

    Fix: Write `https://dev.azure.com/ORGANIZATION/PROJECT/_git/REPOSITORY`; rename what has a blank or an
    underscore, or take a token from a key vault.
    """

    code = "DBX220"
    name = "clone-url-not-supported"
    severity = Severity.WARNING
    kinds = frozenset((IMAGE, USER))
    see = ("DBX219", "DBX512")
    references = (CATALOG,)
    bad = (
        Example(
            USER,
            "tasks:\n  - name: git-clone\n    parameters:\n"
            "      repositoryUrl: https://dev.azure.com/contoso/«My%20Project»/_git/web\n      pat: '{{ado://contoso}}'\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: «https://github.com/contoso/web»\n      pat: '{{ado://contoso}}'\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://dev.azure.com/«contoso-dev»/web/_git/web\n"
            "      pat: '{{ado://contoso-dev}}'\n",
        ),
    )
    good = (
        Example(
            USER,
            "tasks:\n  - name: git-clone\n    parameters:\n      pat: '{{ado://contoso}}'\n"
            "      repositoryUrl: https://contoso@dev.azure.com/contoso/web.app/_git/web-app\n"
            "  - name: git-clone\n    parameters:\n      pat: '{{ado://contoso}}'\n"
            "      repositoryUrl: https://contoso.visualstudio.com/DefaultCollection/web/_git/web\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: git-clone\n    parameters:\n      repositoryUrl: https://github.com/contoso/my_web\n"
            "  - name: git-clone\n    parameters:\n      repositoryUrl: https://dev.azure.com/contoso/my_web/_git/x\n"
            "      pat: '{{https://v1.vault.azure.net/secrets/pat}}'\n",
            shown=False,
        ),
        Example(
            USER,
            "tasks:\n  - name: git-clone\n    parameters:\n      repositoryUrl: '{{url}}'\n      pat: '{{ado://a}}'\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task in context.customization.tasks:
            pat, url = task.parameter("pat"), task.parameter("repositoryUrl")
            if pat is None or url is None or "{{" not in pat.value or "{{" in url.value:
                continue
            if not _OF_TOKEN.search(pat.value) or builtin_of(context, task, in_catalogs=True) != "gitclone":
                continue
            finding = _finding(url)
            if finding is not None:
                yield finding


def _finding(url: Scalar) -> Finding | None:
    text = url.value.strip()
    shift = url.value.index(text)
    other = _GITHUB.fullmatch(text)
    if other is not None:
        message = f"{other[1].lower()} does not know the token of Azure DevOps that `{{{{ado://...}}}}` gives"
        return Finding(url.span_of(shift, shift + len(text)), f"{message}: take one from a key vault")
    match = AZURE_REPOS.fullmatch(text)
    if match is None:
        return None
    if match[1] and not _ORGANIZATION.fullmatch(match[1]):
        return _of_part(url.span_of(shift + match.start(1), shift + match.end(1)), "an organization")
    parts = (match[2] or "").rstrip("/").split("/")
    if "_git" not in parts:
        return None
    position = match.start(2)
    before = True
    for index, part in enumerate(parts):
        span = url.span_of(shift + position, shift + position + len(part))
        position += len(part) + 1
        if part == "_git":
            before = False
        elif index == 0 and not match[1]:
            if not _ORGANIZATION.fullmatch(part):
                return _of_part(span, "an organization")
        elif not _NAME.fullmatch(part):
            return _of_part(span, "a project" if before else "a repository")
    return None


def _of_part(span: Span, what: str) -> Finding:
    letters = "letters and digits" if what == "an organization" else "letters, digits, dots and hyphens"
    return Finding(
        span,
        f"no clone with `{{{{ado://...}}}}` from here, where {what} may have {letters} only: rename it, or take a token"
        " from a key vault",
    )
