"""DBX303: a reference to a secret by the vault's private host."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.references.expressions import ReferenceKind
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint_rules.references._values import resolved_references


class PrivateLinkHost(Rule):
    """
    A reference names the vault by its private link host, `VAULT.privatelink.vaultcore.azure.net`.

    Why: That name is for the DNS zone behind a private endpoint. The vault's certificate does not cover it,
    so no client may connect by it; clients use the vault's public name, which DNS leads to the private
    address.

    Fix: Write `VAULT.vault.azure.net`, or the domain of your cloud.
    """

    code = "DBX303"
    name = "private-link-host"
    severity = Severity.ERROR
    needs = ("{{",)
    kinds = frozenset((IMAGE, USER))
    see = ("DBX301", "DBX502", "DBX509")
    references = (
        "https://learn.microsoft.com/azure/key-vault/general/private-link-service",
        "https://learn.microsoft.com/azure/private-link/private-endpoint-dns",
    )
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        $test = '{{https://kv1.«privatelink.vaultcore.azure.net»/secrets/Test}}'\n",
            fixed="tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        $test = '{{https://kv1.vault.azure.net/secrets/Test}}'\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            '      pat: "{{ https://kv1.«PrivateLink.vaultcore.azure.cn»/secrets/pat }}"\n',
            fixed="tasks:\n  - name: ~/gitclone\n    parameters:\n"
            '      pat: "{{ https://kv1.vault.azure.cn/secrets/pat }}"\n',
        ),
    )
    good = (
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            '      pat: "{{https://privatelink.vault.azure.net/secrets/pat}}"\n',
            shown=False,
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n"
            "      command: nslookup kv1.privatelink.vaultcore.azure.net\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for value, reference in resolved_references(context, declared=True):
            secret = reference.secret
            if reference.kind is not ReferenceKind.SECRET or secret is None or not secret.private_link:
                continue
            if secret.cloud is not None and secret.vault:
                span = value.scalar.span_of(secret.domain.start, secret.domain.end)
                domain = secret.cloud.domain
                yield Finding(
                    span,
                    f"clients must not use a vault's private link host: write `.{domain}`, which resolves to the"
                    " private address",
                    fix=Fix(f"write `{domain}`", (Edit(span, domain),)),
                )
