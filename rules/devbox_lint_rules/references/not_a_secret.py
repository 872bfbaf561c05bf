"""DBX302: a reference to a key or a certificate."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.references.expressions import ReferenceKind
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint_rules.references._values import resolved_references

_KEY = "a key never leaves its vault: store the value as a secret and write `/secrets/NAME`"
_CERTIFICATE = "a certificate is read as the secret of the same name: write `/secrets/NAME`"
_WHY = {
    "key": _KEY,
    "keys": _KEY,
    "cert": _CERTIFICATE,
    "certs": _CERTIFICATE,
    "certificate": _CERTIFICATE,
    "certificates": _CERTIFICATE,
}


class NotASecret(Rule):
    """
    A reference has the address of a key or of a certificate.

    Why: Dev Box reads secrets. Its identity has a role for secrets only, a key cannot be read out of a vault
    at all, and a certificate's own address gives no private key.

    Fix: Store the value as a secret and write `/secrets/NAME`. The content of a certificate is a secret too,
    under the certificate's name.
    """

    code = "DBX302"
    name = "not-a-secret"
    severity = Severity.ERROR
    needs = ("{{",)
    kinds = frozenset((IMAGE, USER))
    see = ("DBX301", "DBX503")
    references = (
        "https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates",
        "https://learn.microsoft.com/azure/key-vault/certificates/about-certificates#composition-of-a-certificate",
    )
    bad = (
        Example(
            USER,
            'tasks:\n  - name: ~/gitclone\n    parameters:\n      pat: "{{https://kv1.vault.azure.net/«keys»/pat}}"\n',
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: >-\n        ./sign.ps1\n"
            "        -Certificate {{ https://kv1.vault.azure.net/«Certificates»/sign }}\n",
        ),
    )
    good = (
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            '      pat: "{{https://kv1.vault.azure.net/secrets/keys}}"\n',
            shown=False,
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: t\n    description: see {{https://kv1.vault.azure.net/keys/pat}}\n"
            "    parameters:\n      url: https://kv1.vault.azure.net/keys/pat\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for value, reference in resolved_references(context, declared=True):
            secret = reference.secret
            if reference.kind is not ReferenceKind.SECRET or secret is None or secret.cloud is None:
                continue
            why = _WHY.get(secret.collection.text.lower())
            if why is not None:
                span = value.scalar.span_of(secret.collection.start, secret.collection.end)
                noun = "a key" if why is _KEY else "a certificate"
                yield Finding(span, f"this is the address of {noun}, not of a secret: {why}")
