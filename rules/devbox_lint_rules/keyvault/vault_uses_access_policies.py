"""DBX508: a vault where roles have no effect."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Access, Finding, Severity
from devbox_lint.online import Asked, NotMade, OnlineRule
from devbox_lint.rule import IMAGE, USER, Context, Example
from devbox_lint_rules.keyvault._answers import ModelAnswer
from devbox_lint_rules.keyvault._commands import set_policy, use_roles
from devbox_lint_rules.keyvault._places import ask_of_secrets
from devbox_lint_rules.keyvault._questions import AzureQuestion, Topic

_FILE = (
    "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
    "      pat: '{{https://«kv-contoso».vault.azure.net/secrets/pat}}'\n"
)
_QUESTION = AzureQuestion(Topic.MODEL, "kv-contoso", "vault.azure.net")
_MIGRATE = (
    "first give a role to everybody whom an access policy lets in:"
    " https://learn.microsoft.com/azure/key-vault/general/rbac-migration"
)
_PROJECT = "33333333-3333-3333-3333-333333333333"


class VaultUsesAccessPolicies(OnlineRule):
    """
    A vault grants access by access policies, so that the roles that Dev Box asks for have no effect there.

    It is an error where an access policy for the project is missing too, and in user customizations, which need roles
    on single secrets. Where the project has a policy, or may have one through a group, it is a warning.

    Why: Roles can be assigned on such a vault, and look right in the portal, and give nothing.

    Fix: Assign the roles first, to everybody whom an access policy lets in as well, then switch the vault to roles: the
    access policies have no effect from then on.
    """

    code = "DBX508"
    name = "vault-uses-access-policies"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER))
    see = ("DBX506", "DBX507")
    references = (
        "https://learn.microsoft.com/azure/key-vault/general/rbac-access-policy",
        "https://learn.microsoft.com/azure/key-vault/general/rbac-migration",
    )
    bad = (
        Example(
            IMAGE,
            _FILE,
            says="The vault has no access policy for the project.",
            answers=((_QUESTION, ModelAnswer(False, _PROJECT)),),
        ),
        Example(
            USER,
            _FILE,
            says="The vault has an access policy for the project.",
            answers=((_QUESTION, ModelAnswer(False, _PROJECT, True, has_policies=True)),),
        ),
        Example(
            IMAGE,
            _FILE,
            says="The vault has an access policy for the project.",
            answers=((_QUESTION, ModelAnswer(False, _PROJECT, True, has_policies=True)),),
        ),
    )
    good = (
        Example(
            IMAGE,
            _FILE.replace("«", "").replace("»", ""),
            says="The vault uses roles.",
            answers=((_QUESTION, ModelAnswer(True)),),
        ),
    )

    def questions(self, context: Context) -> Iterator[Asked]:
        return ask_of_secrets(context, Topic.MODEL)

    def access(self, asked: Asked, answer: object) -> Iterator[Access]:
        question = asked.question
        if not isinstance(answer, ModelAnswer) or not isinstance(question, AzureQuestion) or answer.uses_roles:
            return
        state = "granted" if answer.project_may_get else "unknown" if answer.others_may_get else "missing"
        reason = "a policy may let it in through a group" if state == "unknown" else ""
        on = f"key vault `{question.vault}`"
        yield Access("the identity of the project", on, "an access policy with Get", state, reason)

    def judge(self, asked: Asked, answer: object) -> Iterator[Finding | NotMade]:
        question = asked.question
        if not isinstance(answer, ModelAnswer) or not isinstance(question, AzureQuestion) or answer.uses_roles:
            return
        vault = question.vault
        # To switch a vault takes away what its policies give, so the command is shown for a vault without any.
        switch = use_roles(vault) if not answer.has_policies else _MIGRATE
        if asked.kind is USER:
            yield Finding(
                asked.span,
                f"key vault `{vault}` uses access policies, so no role on a single secret counts: assign the roles,"
                " then switch it to roles",
                switch,
            )
        elif answer.project and not answer.project_may_get and not answer.others_may_get:
            yield Finding(
                asked.span,
                f"key vault `{vault}` uses access policies and has none for the project: add a policy, or assign the"
                " roles and switch it to roles",
                set_policy(vault, answer.project),
            )
        else:
            yield Finding(
                asked.span,
                f"key vault `{vault}` uses access policies, so the roles that Dev Box asks for do not count: assign the"
                " roles, then switch it to roles",
                switch,
                severity=Severity.WARNING,
            )
            if answer.project and not answer.project_may_get:
                yield NotMade(
                    "its access policies may let the project in through a group, whose members are not known",
                    set_policy(vault, answer.project),
                )
