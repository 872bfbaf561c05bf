"""DBX401: an access token in plain text."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.credentials.detector import Secret
from devbox_lint.credentials.formats import SecretKind
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.rule import ALL_FILES, IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint.yaml.nodes import DOUBLE, PLAIN, SINGLE
from devbox_lint_rules.credentials._secrets import instead, revoke, secrets_of
from devbox_lint_rules.references._values import task_values

#: What the repair writes: a reference whose placeholders DBX305 then asks to replace.
_LEFT_TO_WRITE = '"{{https://YOUR-VAULT.vault.azure.net/secrets/YOUR-PAT}}"'


class PlaintextPat(Rule):
    """
    An access token stands in the file: a literal in `pat`, or the form of a token of Azure DevOps, GitHub,
    GitLab or Bitbucket anywhere, comments included.

    Why: Whoever can read the file or its history can use the token. Deleting it does not help, because the
    history keeps it.

    Fix: Revoke the token. Store a new one in a key vault, and write
    `"{{https://VAULT.vault.azure.net/secrets/NAME}}"` in its place.

    Unsafe because: What is written is a reference to fill in: until the secret is in a vault, the file does not work.
    """

    code = "DBX401"
    name = "plaintext-pat"
    severity = Severity.ERROR
    # The address of a secret in the wrong form is no secret.
    yields_to = ("DBX304", "DBX306")
    kinds = ALL_FILES
    see = ("DBX219", "DBX403", "DBX405")
    references = (
        "https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",
        "https://learn.microsoft.com/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate",
        "https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/",
        "https://docs.gitlab.com/security/tokens/#token-prefixes",
    )
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://dev.azure.com/org/web/_git/web\n      pat: «MadeUp-Passw0rd»\n",
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://dev.azure.com/org/web/_git/web\n"
            '      pat: "{{https://YOUR-VAULT.vault.azure.net/secrets/YOUR-PAT}}"\n',
        ),
        Example(
            IMAGE,
            "parameters:\n  adoPAT:\n    type: string\n    default: '«MadeUp-Passw0rd»'\n"
            'tasks:\n  - name: t\n    parameters:\n      personalAccessToken: "«MadeUp-Passw0rd-2»"\n',
            "parameters:\n  adoPAT:\n    type: string\n    default: 'MadeUp-Passw0rd'\n"
            "tasks:\n  - name: t\n    parameters:\n"
            '      personalAccessToken: "{{https://YOUR-VAULT.vault.azure.net/secrets/YOUR-PAT}}"\n',
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
            "      pat: '{{https://kv1.vault.azure.net/secrets/pat/0123456789abcdef0123456789abcdef}}'\n"
            "  - name: ~/gitclone\n    parameters:\n      pat: '{{ado://org}}'\n",
            shown=False,
        ),
        Example(
            IMAGE,
            "image: microsoftvisualstudio_visualstudioplustools_vs-2022-ent-general-win11-m365-gen2\n"
            "tasks:\n  - name: t\n    parameters:\n      path: C:\\src\n      patchVersion: 1.2.3\n"
            "      patSecretName: git-pat\n      usePat: true\n      pat: $(AZURE_PAT)\n"
            "      hash: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n",
            shown=False,
        ),
        Example(
            TASK,
            "name: t\nparameters:\n  pat:\n    type: string\n    default: ''\n"
            "command: ./clone.ps1 -Pat {{ pat }}\ndocumentation:\n  examples:\n    - name: t\n"
            "      parameters:\n        pat: <YOUR-PAT>\n",
            shown=False,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        secrets = list(secrets_of(context, SecretKind.TOKEN))
        if not secrets:
            return
        in_tasks: set[int] = set()
        if context.kind is not TASK:
            in_tasks = {id(value.scalar) for value in task_values(context.customization.tasks)}
        for secret in secrets:
            if secret.place:
                message = f"{secret.place} holds {secret.description} in plain text: {instead(context)}"
                fix = _fix(secret) if id(secret.scalar) in in_tasks else None
            else:
                message = f"{secret.description} in plain text: revoke it and take it from a key vault"
                fix = None
            yield Finding(secret.span, message, revoke(context), fix, severity=secret.severity)


def _fix(secret: Secret) -> Fix | None:
    """Put a reference in the place of the token; a block scalar is left to a person."""
    scalar = secret.scalar
    if scalar is None or scalar.style not in (PLAIN, SINGLE, DOUBLE) or scalar.tag is not None:
        return None
    return Fix(
        "put a reference to a key vault in its place, once the token is revoked",
        (Edit(Span(scalar.start, scalar.end), _LEFT_TO_WRITE),),
        safe=False,
    )
