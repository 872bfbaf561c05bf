"""DBX509: a private vault that shuts the dev center out."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.online import Asked, NotMade, OnlineRule
from devbox_lint.rule import IMAGE, USER, Context, Example
from devbox_lint_rules.keyvault._answers import NetworkAnswer
from devbox_lint_rules.keyvault._commands import let_trusted_services_in
from devbox_lint_rules.keyvault._places import ask_of_secrets
from devbox_lint_rules.keyvault._questions import AzureQuestion, Topic

_FILE = (
    "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
    "      pat: '{{https://«kv-contoso».vault.azure.net/secrets/pat}}'\n"
)
_QUESTION = AzureQuestion(Topic.NETWORK, "kv-contoso", "vault.azure.net")


class VaultFirewall(OnlineRule):
    """
    A vault is closed to the public network and does not let trusted Microsoft services pass, or stands in a network
    security perimeter, which overrules that.

    Why: Dev centers have no service tag that a firewall could name. A private vault must let trusted services pass, or
    the dev center cannot read its secrets.

    Fix: Run the command that the finding shows: the vault stays private for everybody else. For a perimeter, add an
    inbound access rule, or take the vault out of it.
    """

    code = "DBX509"
    name = "vault-firewall"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER))
    see = ("DBX502",)
    references = (
        "https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",
        "https://learn.microsoft.com/azure/key-vault/general/network-security",
    )
    bad = (
        Example(
            IMAGE,
            _FILE,
            says="The firewall denies by default and has no bypass.",
            answers=((_QUESTION, NetworkAnswer(False, False, seen="Enabled", denies=True)),),
        ),
        Example(
            USER,
            _FILE,
            says="The vault is secured by a perimeter.",
            answers=((_QUESTION, NetworkAnswer(False, True, True, "SecuredByPerimeter")),),
        ),
    )
    good = (
        Example(
            IMAGE,
            _FILE.replace("«", "").replace("»", ""),
            says="The firewall denies by default and lets trusted services pass.",
            answers=((_QUESTION, NetworkAnswer(False, True, seen="Enabled", denies=True)),),
        ),
    )

    def questions(self, context: Context) -> Iterator[Asked]:
        return ask_of_secrets(context, Topic.NETWORK)

    def judge(self, asked: Asked, answer: object) -> Iterator[Finding | NotMade]:
        question = asked.question
        if not isinstance(answer, NetworkAnswer) or not isinstance(question, AzureQuestion) or answer.is_open:
            return
        vault = f"key vault `{question.vault}`"
        if answer.in_perimeter:
            yield Finding(
                asked.span,
                f"{vault} is secured by a network perimeter (public network access: `{answer.seen}`), which keeps"
                " trusted services out: add an inbound access rule to the perimeter",
            )
        elif not answer.trusts_services:
            why = "its firewall denies by default" if answer.denies else "public network access is disabled"
            yield Finding(
                asked.span,
                f"{vault} is private ({why}) and does not let trusted Microsoft services pass: let them",
                let_trusted_services_in(question.vault),
            )
