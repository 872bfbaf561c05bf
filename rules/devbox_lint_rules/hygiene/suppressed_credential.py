"""DBX905: a comment or a baseline that hides a credential."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import AUDIT_HELP, CREDENTIALS, Finding, Severity
from devbox_lint.rule import ALL_FILES, IMAGE, USER, Context, Example, Rule


class SuppressedCredential(Rule):
    """
    A comment suppresses a finding about a credential in plain text, or a baseline records one.

    Why: Who audits a repository wants to see each secret in it, also those that somebody has decided to live with:
    everybody who can read the file can use them.

    Fix: Remove the secret from the file, revoke it, and refer to a new one in a key vault. Where what was found is no
    secret, leave the comment, with its reason.
    """

    code = "DBX905"
    name = "suppressed-credential"
    severity = Severity.INFO
    kinds = ALL_FILES
    default = False
    about_suppressions = True
    see = ("DBX401", "DBX901")
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://example.org/a.git\n"
            "      pat: «hunter2-of-the-build» # devbox-lint: ignore[plaintext-pat] the old server takes no other\n",
        ),
    )
    good = (Example(IMAGE, "name: web # devbox-lint: ignore[missing-image] the base team adds it\n"),)

    def check(self, context: Context) -> Iterator[Finding]:
        for item in context.suppressed:
            if item.code.startswith(CREDENTIALS):
                yield Finding(item.span, f"a comment hides a credential here: `{item.name}`", help=AUDIT_HELP)
