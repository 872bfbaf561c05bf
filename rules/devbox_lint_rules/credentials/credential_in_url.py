"""DBX403: {'a': ''}a password in an address."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.credentials.formats import SecretKind
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import ALL_FILES, IMAGE, USER, Context, Example, Rule
from devbox_lint_rules.credentials._secrets import change, secrets_of


class CredentialInUrl(Rule):
    """
    An address holds a password: `https://user:secret@host`.

    Why: Whoever can read the file or its history can use it, and addresses are logged by every program that
    opens them.

    Fix: Change the password. Leave user and password out of the address, and give them to the task in a
    parameter of its own, as `"{{https://VAULT.vault.azure.net/secrets/NAME}}"`.
    """

    code = "DBX403"
    name = "credential-in-url"
    severity = Severity.ERROR
    kinds = ALL_FILES
    see = ("DBX401", "DBX404")
    references = ("https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1",)
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://build:«MadeUp-Passw0rd»@git.example.com/web.git\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        git clone 'https://build:«Made%40Up%2BPassw0rd»@git.example.com/web.git'\n"
            '        pip install --index-url "https://:«MadeUp-Passw0rd»@feeds.example.com/simple" web\n',
        ),
    )
    good = (
        Example(
            USER,
            "userTasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://org@dev.azure.com/org/web/_git/web\n"
            "  - name: ~/powershell\n    parameters:\n      command: |\n"
            '        git clone "https://build:$env:PAT@dev.azure.com/org/web/_git/web"\n'
            "        git clone https://build:{{https://kv1.vault.azure.net/secrets/pat}}@dev.azure.com/a/_git/b\n"
            "        # https://user:password@host, ssh://git@github.com:22/a/b\n"
            "        $u = 'http://localhost:8080/@scope/package', 'https://$(user):$(pat)@host'\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for secret in secrets_of(context, SecretKind.URL):
            yield Finding(
                secret.span,
                f"{secret.place} holds {secret.description} in plain text: leave it out and take it from a key vault",
                change(context),
                severity=secret.severity,
            )
