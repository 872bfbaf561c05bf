"""DBX590: a check that asked Azure and got no answer."""

from __future__ import annotations

from collections.abc import Sequence

from devbox_lint.diagnostics import Finding, Severity, Span
from devbox_lint.online import NotMade, NotMadeRule
from devbox_lint.rule import CONFIGURATION, IMAGE, SCRIPT, TASK, USER, Example
from devbox_lint_rules.keyvault._answers import SecretAnswer
from devbox_lint_rules.keyvault._questions import AzureQuestion, Topic

_FILE = (
    "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
    "      pat: '«{{https://kv-contoso.vault.azure.net/secrets/pat}}»'\n"
)
_QUESTION = AzureQuestion(Topic.SECRET, "kv-contoso", "vault.azure.net", "pat")


class CheckNotMade(NotMadeRule):
    """
    A check could not be made: there was no connection, no sign-in, no right to look, or a limit was reached.

    It is said once for each question, at the first place that asks it. With `--online-strict` it is an error.

    Why: What was not checked is not known to be right.

    Fix: The finding says what was missing. The page on online checks lists the rights that they need.
    """

    code = "DBX590"
    name = "check-not-made"
    severity = Severity.INFO
    kinds = frozenset((IMAGE, USER, TASK, SCRIPT, CONFIGURATION))
    see = ("DBX502", "DBX512", "DBX513")
    references = ("https://github.com/devbox-lint/devbox-lint/blob/main/docs/online.md",)
    bad = (
        Example(
            USER,
            _FILE,
            says="Nothing: there is no connection.",
            answers=((_QUESTION, NotMade("`management.azure.com` cannot be reached")),),
        ),
        Example(
            IMAGE,
            _FILE,
            says="The vault does not show itself to whoever asks.",
            answers=(
                (_QUESTION, NotMade("you may not see the vault", "ask for the role Key Vault Reader on the vault")),
            ),
        ),
    )
    good = (
        Example(
            USER,
            _FILE.replace("«", "").replace("»", ""),
            says="The secret exists.",
            answers=((_QUESTION, SecretAnswer(True)),),
        ),
    )

    def tell(self, span: Span, texts: Sequence[str], unmade: NotMade) -> Finding:
        return Finding(span, f"not checked, as {unmade.reason}: {', '.join(texts)}", unmade.help)
