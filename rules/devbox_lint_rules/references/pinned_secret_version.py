"""DBX315: a reference to one version of a secret."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.references.expressions import ReferenceKind
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint_rules.references._values import resolved_references


class PinnedSecretVersion(Rule):
    """
    A reference names one version of a secret.

    Why: When the secret is renewed, the reference goes on reading the old version, which then no longer
    works. Off by default, because some teams pin versions on purpose.

    Fix: Leave the version out to read the newest one.

    Unsafe because: From then on the newest version is read, and a version may have been named on purpose.
    """

    code = "DBX315"
    name = "pinned-secret-version"
    severity = Severity.INFO
    needs = ("{{",)
    kinds = frozenset((IMAGE, USER))
    default = False
    see = ("DBX503", "DBX504", "DBX505")
    references = ("https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates",)
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      pat: '{{https://kv1.vault.azure.net/secrets/pat/«0123456789abcdef0123456789abcdef»}}'\n",
            fixed="tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      pat: '{{https://kv1.vault.azure.net/secrets/pat}}'\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n        ./a.ps1 -Token"
            " {{ https://kv1.vault.azure.net/secrets/a/«0123456789ABCDEF0123456789ABCDEF» }} -b\n",
            fixed="tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n        ./a.ps1 -Token"
            " {{ https://kv1.vault.azure.net/secrets/a }} -b\n",
        ),
    )
    good = (
        Example(
            USER,
            "userTasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
            "      pat: '{{https://kv-contoso.vault.azure.net/secrets/pat}}'\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      pat: '{{https://kv1.vault.azure.net/secrets/pat/}}'\n",
            shown=False,
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      pat: '{{https://kv1.vault.azure.net/secrets/pat/<version>}}'\n",
            shown=False,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for value, reference in resolved_references(context, declared=True):
            secret = reference.secret
            if reference.kind is not ReferenceKind.SECRET or secret is None:
                continue
            version = secret.version
            if len(version.text) == 32 and version.text.isalnum() and not secret.extra:
                scalar = value.scalar
                gone = scalar.span_of(secret.name.end, version.end)
                yield Finding(
                    scalar.span_of(version.start, version.end),
                    "this version is read even when the secret is renewed: leave it out to read the newest",
                    fix=Fix("remove the version", (Edit(gone, ""),), safe=False),
                )
