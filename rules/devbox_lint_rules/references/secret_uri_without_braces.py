"""DBX304: the address of a secret where the secret belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.references.addresses import SecretUri
from devbox_lint.references.expressions import find_vault_addresses
from devbox_lint.references.placeholders import words_of
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import PLAIN, Scalar
from devbox_lint_rules.references._values import task_values

# A task may ask for the address itself and fetch the secret on its own.
_ADDRESS_WORDS = frozenset(("uri", "url", "id", "identifier", "address", "link", "reference", "path", "host"))
# What App Service and Functions take: `@Microsoft.KeyVault(SecretUri=https://...)`.
_APP_SERVICE = lazy(r"@Microsoft\.KeyVault\([ ]*SecretUri[ ]*=([^()]*+)\)", re.IGNORECASE)
_HINT = lazy(r"://[^\s/]+/secrets/", re.IGNORECASE)


class SecretUriWithoutBraces(Rule):
    """
    A parameter's value is the address of a secret without `{{` and `}}`.

    Why: Only what stands in double braces is resolved. The address itself is passed on as if it were the
    secret: a clone then fails to sign in with an address for a token.

    Fix: Write `"{{https://VAULT.vault.azure.net/secrets/NAME}}"`, in quotes.
    """

    code = "DBX304"
    name = "secret-uri-without-braces"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER))
    see = ("DBX301", "DBX312")
    references = (
        "https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",
        "https://github.com/microsoft/devcenter-catalog/issues/114",
    )
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://dev.azure.com/org/project/_git/web\n"
            "      pat: «https://kv1.vault.azure.net/secrets/pat»  # from the team's vault\n",
            fixed="tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://dev.azure.com/org/project/_git/web\n"
            '      pat: "{{https://kv1.vault.azure.net/secrets/pat}}"  # from the team\'s vault\n',
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: t\n    parameters:\n"
            "      token: '«https://kv1.vault.azure.net/secrets/a»'\n"
            "      password: '«{https://kv1.vault.azure.net/secrets/b}»'\n"
            "      key: >-\n        «https://kv1.vault.azure.net/secrets/c»\n"
            "      secret: '«@Microsoft.KeyVault(SecretUri=https://kv1.vault.azure.net/secrets/d)»'\n",
            fixed="tasks:\n  - name: t\n    parameters:\n"
            "      token: '{{https://kv1.vault.azure.net/secrets/a}}'\n"
            "      password: '{{https://kv1.vault.azure.net/secrets/b}}'\n"
            "      key: >-\n        {{https://kv1.vault.azure.net/secrets/c}}\n"
            "      secret: '{{https://kv1.vault.azure.net/secrets/d}}'\n",
        ),
    )
    good = (
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      pat: '{{https://kv1.vault.azure.net/secrets/pat}}'\n",
            shown=False,
        ),
        Example(
            IMAGE,
            "description: https://kv1.vault.azure.net/secrets/pat\ntasks:\n  - name: t\n    parameters:\n"
            "      secretUri: https://kv1.vault.azure.net/secrets/pat\n"
            "      vault: https://kv1.vault.azure.net/\n"
            "      command: ./setup.ps1 -Address https://kv1.vault.azure.net/secrets/pat\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        if _HINT.search(context.source.text) is None:
            return
        for value in task_values(context.customization.tasks):
            scalar = value.scalar
            address = _whole_address(scalar)
            if address is None or not _ADDRESS_WORDS.isdisjoint(words_of(value.name)[-1:]):
                continue
            yield Finding(
                _inside(scalar),
                "the address of a secret without double braces is passed on literally: write `{{` before and `}}`"
                " after it",
                fix=Fix("put the address in `{{` and `}}`", (_braces(scalar, address.whole.text),)),
            )


def _whole_address(scalar: Scalar) -> SecretUri | None:
    """The secret's address where a value holds nothing else, the brackets of another product apart."""
    text = scalar.value.strip()
    wrapped = _APP_SERVICE.fullmatch(text)
    bare = (wrapped[1] if wrapped else text).strip("{}[]").strip()
    if bare[:4].lower() != "http" or "\n" in text or (text.startswith("{{") and text.endswith("}")):
        return None
    found = find_vault_addresses(scalar)
    if len(found) != 1 or found[0].whole.text != bare or found[0].collection.text.lower() != "secrets":
        return None
    return found[0]


def _inside(scalar: Scalar) -> Span:
    start = len(scalar.value) - len(scalar.value.lstrip())
    return scalar.span_of(start, len(scalar.value.rstrip()))


def _braces(scalar: Scalar, address: str) -> Edit:
    reference = "{{" + address + "}}"
    if scalar.style == PLAIN:
        # A plain value must not begin with a brace.
        return Edit(scalar.span, f'"{reference}"')
    return Edit(_inside(scalar), reference)
