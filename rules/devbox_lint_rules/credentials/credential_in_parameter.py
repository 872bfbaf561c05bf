"""DBX405: {'a': ''}a secret in a parameter."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.credentials.formats import SecretKind
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import IMAGE, TASK, USER, YAML_FILES, Context, Example, Rule
from devbox_lint_rules.credentials._secrets import change, instead, secrets_of


class CredentialInParameter(Rule):
    """
    A parameter whose name says that it is a password, a token, a secret or a key holds one in plain text.

    Why: Whoever can read the file or its history can use it. Deleting it does not help, because the history
    keeps it.

    Fix: Change the secret. Store the new one in a key vault, and write
    `"{{https://VAULT.vault.azure.net/secrets/NAME}}"` in its place.
    """

    code = "DBX405"
    name = "credential-in-parameter"
    severity = Severity.ERROR
    # The address of a secret in the wrong form is no secret.
    yields_to = ("DBX304", "DBX306")
    kinds = YAML_FILES
    see = ("DBX401", "DBX402", "DBX404")
    references = ("https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",)
    bad = (
        Example(
            USER,
            "tasks:\n  - name: t\n    parameters:\n      adminPassword: «P@ssw0rd»\n"
            "      apiKey: '«MadeUp-Passw0rd»'\n",
        ),
        Example(
            IMAGE,
            "parameters:\n  client_secret:\n    type: string\n    default: «MadeUp~Passw0rd»\n"
            "tasks:\n  - name: t\n    parameters:\n      env:\n"
            "        - name: FEED_TOKEN\n          value: «MadeUp-Passw0rd»\n",
        ),
        Example(TASK, "name: t\nparameters:\n  password:\n    type: string\n    default: «Welcome1»\ncommand: a\n"),
    )
    good = (
        Example(
            USER,
            "userTasks:\n  - name: t\n    parameters:\n"
            "      adminPassword: '{{https://kv-contoso.vault.azure.net/secrets/admin-password}}'\n"
            "      keyVaultName: kv-contoso\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: t\n    parameters:\n      password: '{{https://kv1.vault.azure.net/secrets/a}}'\n"
            "      token: $(TOKEN)\n      secretName: git-pat-1\n      apiKey: <api-key>\n"
            "      clientSecret: changeme\n"
            "      keyVaultName: kv-web-01\n      publicKey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5\n"
            "      tokenPath: C:\\a\\token1.txt\n      usePassword: true\n      privateKeyFile: C:\\a\\id1\n"
            "      secret: 0f8fad5b-d9cb-469f-a165-70867728950e\n      password:\n",
            shown=False,
        ),
        Example(
            TASK,
            "name: t\nparameters:\n  password:\n    type: string\n    defaultValue: ''\n"
            "  publicKeyToken:\n    type: string\n    default: b77a5c561934e089\ncommand: a -p {{ password }}\n",
            shown=False,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for secret in secrets_of(context, SecretKind.PARAMETER):
            yield Finding(
                secret.span,
                f"{secret.place} holds {secret.description} in plain text: {instead(context)}",
                change(context),
                severity=secret.severity,
            )
