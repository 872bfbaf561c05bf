"""DBX012: a document beyond what anybody writes by hand."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import ALL_FILES, IMAGE, USER, Context, Example, Rule
from devbox_lint.yaml.document import ProblemKind


class DocumentLimits(Rule):
    """
    The document is nested too deep, has too many aliases, or is too large to be checked.

    The limits are 1,000,000 characters, 100 collections in one another, 1,000 aliases, and 10 syntax errors, or fewer
    where they would take too long to tell apart.

    Why: No customization comes near these limits, and files made to exhaust their reader do. Such a file is
    reported instead of read, so that it is never taken for a clean one.

    Fix: Remove what is generated or hostile; keep long scripts in files of their own.
    """

    code = "DBX012"
    name = "document-limits"
    severity = Severity.ERROR
    needs = ()
    kinds = ALL_FILES
    see = ("DBX009",)
    references = ("https://en.wikipedia.org/wiki/Billion_laughs_attack",)
    bad = (
        Example(IMAGE, "name: web\nx: " + "[" * 99 + "«[»" + "]" * 100 + "\n"),
        Example(USER, "a: &a x\nb: [" + "*a, " * 1000 + "«*»a]\n"),
    )
    good = (
        Example(
            IMAGE,
            "name: web\nimage: gallery/web@1.0.0\ntasks:\n  - name: ~/winget\n    parameters: {package: Git.Git}\n",
        ),
        Example(IMAGE, "name: web\nx: " + "[" * 50 + "]" * 50 + "\n", shown=False),
        Example(USER, "tasks:\n  - &winget\n    name: ~/winget\n  - *winget\n", shown=False),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for problem in context.document.problems:
            if problem.kind is ProblemKind.LIMIT:
                yield Finding(problem.span, problem.message, problem.help)
