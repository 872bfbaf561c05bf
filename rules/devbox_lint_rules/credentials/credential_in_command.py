"""DBX404: {'a': ''}a secret in a command line or a script."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.credentials.formats import SecretKind
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import ALL_FILES, IMAGE, USER, Context, Example, Rule
from devbox_lint_rules.credentials._secrets import change, secrets_of


class CredentialInCommand(Rule):
    """
    A command is given a secret in plain text: `az login -p`, `docker login -p`, `net user`,
    `nuget push`, `ConvertTo-SecureString -AsPlainText`, `curl -u`, an `Authorization` header, a login that is fed by a
    pipe, an answer file, a variable that is called password.

    Why: Whoever can read the file or its history can use it. The command line is also logged on the dev box
    and seen by every process there.

    Fix: Change the secret. Store the new one in a key vault, and write
    `{{https://VAULT.vault.azure.net/secrets/NAME}}` in its place.
    """

    code = "DBX404"
    name = "credential-in-command"
    severity = Severity.ERROR
    kinds = ALL_FILES
    see = ("DBX316", "DBX402", "DBX403")
    references = (
        "https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",
        "https://learn.microsoft.com/powershell/module/microsoft.powershell.security/convertto-securestring",
    )
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        az login --service-principal -u 1 `\n          -p '«MadeUp-Passw0rd»' --tenant 2\n"
            "        docker login a.azurecr.io -u b -p «MadeUp-Passw0rd»\n"
            "        net user builder «MadeUp-Passw0rd» /add\n"
            "        $s = ConvertTo-SecureString -AsPlainText -Force '«MadeUp-Passw0rd»'\n"
            "        curl -u builder:«MadeUp-Passw0rd» https://a.example.com\n"
            '        git -c http.extraheader="Authorization: Bearer «MadeUp-Passw0rd»" fetch\n',
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n"
            "      command: sqlcmd -S a -U sa -P «MadeUp-Passw0rd» -Q 'select 1'\n"
            "  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        $env:SERVICE_TOKEN = '«MadeUp-Passw0rd»'\n        setx SERVICE_PASSWORD «MadeUp-Passw0rd»\n",
        ),
    )
    good = (
        Example(
            USER,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        docker login a.azurecr.io -u b -p {{https://kv-contoso.vault.azure.net/secrets/registry}}\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        az login --service-principal -u a -p {{https://kv1.vault.azure.net/secrets/sp}} --tenant b\n"
            "        docker login -u a --password-stdin b.azurecr.io\n        net user builder $password /add\n"
            "        net user builder /active:no\n"
            "        ConvertTo-SecureString $plain -AsPlainText -Force\n        curl -u $user:$password https://a\n"
            "        $password = Read-Host -AsSecureString\n        $token = (Get-Secret a)\n"
            "        choco install git -params '/NoAutoCrlf' -y\n        mkdir -p C:\\a1\n",
            shown=False,
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            '        git -c http.extraheader="Authorization: Basic $encoded" clone https://a\n'
            "        docker login -u a -p <password> b.azurecr.io\n        if ($name -eq 'token') { exit 1 }\n",
            shown=False,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for secret in secrets_of(context, SecretKind.COMMAND):
            yield Finding(
                secret.span,
                f"{secret.place} is given {secret.description} in plain text: take it from a key vault",
                change(context),
                severity=secret.severity,
            )
