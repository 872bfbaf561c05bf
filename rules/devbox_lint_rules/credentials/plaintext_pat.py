"""DBX401: an access token in plain text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from devbox_lint.credentials import Token, find_tokens, may_hold_token
from devbox_lint.diagnostics import Finding, Severity, Span
from devbox_lint.placeholders import is_placeholder_credential
from devbox_lint.rule import IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint.yaml.nodes import Scalar
from devbox_lint_rules.credentials._names import is_token_name, may_name_token
from devbox_lint_rules.references._values import declared_values, task_values

_HELP = (
    "revoke the token first, then store a new one with `az keyvault secret set --vault-name VAULT --name NAME"
    ' --value ...` and write `"{{https://VAULT.vault.azure.net/secrets/NAME}}"`'
)
# What stands for a value that is somewhere else: variables, macros, calls, addresses.
_ELSEWHERE = (
    r"(?i)\{\{|\$\(|\$\{|\$[A-Za-z_]|%[A-Za-z_][A-Za-z0-9_]{0,60}%|@[A-Za-z_]+@|#\{|__[A-Za-z]|<%|\[parameters\(|\[variables\("
    r"|\[Environment\]|\((?:Get|Read|az)[- ]|`az |[A-Za-z][A-Za-z0-9+.-]{0,20}://"
)
_ADO_SHAPE = r"(?i)ado:/"
# What makes 52 letters and digits a token: a name before them, or the host after them.
_CONTEXT_BEFORE = (
    r"(?:(?<![A-Za-z])[Pp][Aa][Tt]|(?<=[a-z0-9])P(?:at|AT))(?:_?(?:[Tt]oken|TOKEN|[Vv]alue|VALUE))?(?![a-z])"
    r"|(?i:access[ _-]?token)"
)
_CONTEXT_AFTER = r"(?i)@(?:dev\.azure\.com|[A-Za-z0-9-]{1,60}\.visualstudio\.com)"
_ADDRESS = r"(?i)[ \t]*+(?:https?|ado):/"
_BASE64 = frozenset("+/_-")


class PlaintextPat(Rule):
    """
    An access token stands in the file: a literal in `pat`, or the form of a token of Azure DevOps, GitHub,
    GitLab or Bitbucket anywhere, comments included.

    Why: Whoever can read the file or its history can use the token. Deleting it does not help, because the
    history keeps it.

    Fix: Revoke the token. Store a new one in a key vault, and write
    `"{{https://VAULT.vault.azure.net/secrets/NAME}}"` in its place.
    """

    code = "DBX401"
    name = "plaintext-pat"
    group = "credentials"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER, TASK))
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
        ),
        Example(
            IMAGE,
            "parameters:\n  adoPAT:\n    type: string\n    default: '«MadeUp-Passw0rd»'\n"
            'tasks:\n  - name: t\n    parameters:\n      personalAccessToken: "«MadeUp-Passw0rd-2»"\n',
        ),
    )
    good = (
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      pat: '{{https://kv1.vault.azure.net/secrets/pat/0123456789abcdef0123456789abcdef}}'\n"
            "  - name: ~/gitclone\n    parameters:\n      pat: '{{ado://org}}'\n",
        ),
        Example(
            IMAGE,
            "image: microsoftvisualstudio_visualstudioplustools_vs-2022-ent-general-win11-m365-gen2\n"
            "tasks:\n  - name: t\n    parameters:\n      path: C:\\src\n      patchVersion: 1.2.3\n"
            "      patSecretName: git-pat\n      usePat: true\n      pat: $(AZURE_PAT)\n"
            "      hash: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n",
        ),
        Example(
            TASK,
            "name: t\nparameters:\n  pat:\n    type: string\n    default: ''\n"
            "command: ./clone.ps1 -Pat {{ pat }}\ndocumentation:\n  examples:\n    - name: t\n"
            "      parameters:\n        pat: <YOUR-PAT>\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        text = context.source.text
        literals = list(_literals(context)) if may_name_token(text) else []
        taken = [scalar.span for _, scalar in literals]
        for name, scalar in literals:
            yield _literal(name, scalar)
        if may_hold_token(text):
            yield from _tokens(context, taken)


def _literals(context: Context) -> Iterator[tuple[str, Scalar]]:
    """The values that are called a token, each once, with their names."""
    customization = context.customization
    values = [*task_values((*customization.tasks, *customization.examples)), *declared_values(customization)]
    for value in values:
        if is_token_name(value.name) and _is_literal(value.scalar):
            yield value.name, value.scalar


def _is_literal(scalar: Scalar) -> bool:
    text = scalar.value.strip()
    if not text or scalar.is_null or isinstance(scalar.data, bool):
        return False
    if any(not token.format.weak or token.checksum for token in find_tokens(text)):
        return True
    if re.search(_ELSEWHERE, text) or re.match(_ADO_SHAPE, text):
        return False
    return not is_placeholder_credential(text)


def _literal(name: str, scalar: Scalar) -> Finding:
    text = scalar.value
    start = len(text) - len(text.lstrip())
    span = scalar.span_of(start, len(text.rstrip()))
    found = [token for token in find_tokens(text) if not token.format.weak or token.checksum]
    what = f"{_article(found[0].description)} {found[0].description}" if found else "a token"
    where = f"`{name}`" if name.isascii() and name.isprintable() and len(name) <= 60 else "this parameter"
    return Finding(
        span,
        f"{where} holds {what} in plain text: write `{{{{https://VAULT.vault.azure.net/secrets/NAME}}}}`",
        _HELP,
    )


def _tokens(context: Context, taken: list[Span]) -> Iterator[Finding]:
    text = context.source.text
    for token in find_tokens(text):
        if any(span.start <= token.start and token.end <= span.end for span in taken):
            continue
        if not token.checksum and (
            _is_in_reference(text, token) or (token.format.weak and not _is_in_context(text, token))
        ):
            continue
        is_comment = _is_comment(context, token.start)
        severity = None
        if token.checksum is False:
            # It may be a sample with a letter changed; beside a name that says token it hardly is.
            in_context = token.format.weak
            severity = Severity.INFO if is_comment else (None if in_context else Severity.WARNING)
        description = token.description
        yield Finding(
            Span(token.start, token.end),
            f"{_article(description)} {description} stands here in plain text: revoke it and take it from a key vault",
            _HELP,
            severity=severity,
        )


def _is_in_context(text: str, token: Token) -> bool:
    if re.match(_CONTEXT_AFTER, text[token.end : token.end + 100]):
        return True
    if text[token.start - 1 : token.start] in _BASE64 or text[token.end : token.end + 1] in _BASE64:
        return False
    line = max(text.rfind("\n", 0, token.start) + 1, token.start - 60)
    if re.search(_CONTEXT_BEFORE, text[line : token.start]):
        return True
    # What Azure DevOps shares with other keys of Azure since 2024.
    return token.end - token.start == 84 and text.startswith("JQQJ9", token.start + 52)


def _is_in_reference(text: str, token: Token) -> bool:
    """Whether the token is a part of the address of a secret, such as a version."""
    line = text.rfind("\n", 0, token.start) + 1
    opened = text.rfind("{{", line, token.start)
    return (
        opened >= 0
        and text.find("}}", opened, token.start) < 0
        and re.match(_ADDRESS, text[opened + 2 : token.start]) is not None
    )


def _is_comment(context: Context, offset: int) -> bool:
    comments = context.document.comments
    index = bisect_right(comments, offset, key=lambda comment: comment.span.start) - 1
    return index >= 0 and offset < comments[index].span.end


def _article(noun: str) -> str:
    return "an" if noun[0] in "AEIOU" else "a"
