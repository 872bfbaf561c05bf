"""DBX402: {'a': ''}a key, a secret or a token of a service in plain text."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.credentials.formats import SecretKind
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import ALL_FILES, IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint_rules.credentials._secrets import change, secrets_of


class PlaintextCredential(Rule):
    """
    A key, a secret or a token of a service stands in the file: a client secret of Entra, a key or a
    connection string of an Azure service, a shared access signature, a JSON web token, a private key, or a key of
    a vendor with a form of its own, such as OpenAI, Anthropic, Hugging Face, Databricks, AWS, Google, Slack, Docker
    Hub, npm, NuGet, PyPI, HashiCorp, Grafana, Stripe or 1Password.

    Why: Whoever can read the file or its history can use it. Deleting it does not help, because the history
    keeps it.

    Fix: Change or revoke it. Store the new one in a key vault, and write
    `"{{https://VAULT.vault.azure.net/secrets/NAME}}"` in its place.
    """

    code = "DBX402"
    name = "plaintext-credential"
    severity = Severity.ERROR
    kinds = ALL_FILES
    see = ("DBX404", "DBX405", "DBX406")
    references = (
        "https://learn.microsoft.com/azure/storage/common/storage-sas-overview",
        "https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string",
        "https://learn.microsoft.com/purview/sit-defn-azure-ad-client-secret",
        "https://github.com/microsoft/security-utilities",
    )
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        $c = 'Server=tcp:a.database.windows.net;User ID=b;Password=«MadeUp-Passw0rd»;Encrypt=True'\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: >-\n"
            "        sqlpackage /Action:Import\n"
            "        /TargetConnectionString:'Data Source=a;uid=b;pwd=«MadeUp-Passw0rd»'\n",
        ),
    )
    good = (
        Example(
            USER,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        $c = 'Server=a;User ID=b;Password={{https://kv1.vault.azure.net/secrets/sql}}'\n"
            '        $d = "Server=a;User ID=b;Password=$password"\n'
            "        $e = 'Server=a;Trusted_Connection=True'\n"
            "        $f = 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=<key>'\n",
        ),
        Example(
            TASK,
            "name: t\nparameters:\n  sas:\n    type: string\n"
            "command: azcopy copy 'https://a.blob.core.windows.net/b?{{sas}}' C:\\b\n",
            shown=False,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for secret in secrets_of(context, SecretKind.SERVICE):
            yield Finding(
                secret.span,
                f"{secret.description} in plain text: change it and take the new one from a key vault",
                change(context),
                severity=secret.severity,
            )
