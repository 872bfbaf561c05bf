"""DBX514: a service principal without a password that is valid, or one whose secret is older than that."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.online import Asked, NotMade, OnlineRule
from devbox_lint.rule import IMAGE, SCRIPT, TASK, USER, Context, Example
from devbox_lint_rules.keyvault._answers import CredentialAnswer
from devbox_lint_rules.keyvault._commands import add_password, store_secret
from devbox_lint_rules.keyvault._principal_questions import Aspect, PrincipalQuestion
from devbox_lint_rules.keyvault._questions import AzureQuestion, Topic
from devbox_lint_rules.keyvault._signed_in import principals

_APP = "0b0a8d7e-5f6c-4d3b-9a21-7c8e9f001122"
_FILE = (
    "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
    f"        az login --service-principal --username {_APP} `\n"
    "          --password {{https://kv-contoso.vault.azure.net/secrets/«password»}} --tenant contoso.com\n"
)
_SECRET = AzureQuestion(Topic.SECRET, "kv-contoso", "vault.azure.net", "password")
_QUESTION = PrincipalQuestion(Aspect.CREDENTIAL, _APP, "contoso.com", _SECRET)


class ServicePrincipalCredential(OnlineRule):
    """
    The service principal that a script signs in with a password has none that is valid, or none for much longer; or
    the secret that holds the password is older than all that are valid.

    What is compared are dates: those of the passwords, as Microsoft Graph has them, and the day on which the secret
    got its value. Neither a password nor the value of the secret is read. A secret that is missing, disabled or
    expired is told by DBX503 to DBX505.

    Why: The sign-in fails when the dev box is set up, and so does all that follows.

    Fix: Make a new password and store it as a new version of the secret, as the finding says.
    """

    code = "DBX514"
    name = "service-principal-credential"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER, TASK, SCRIPT))
    # A secret that is not there holds no password, old or new.
    yields_to = ("DBX503", "DBX504")
    see = ("DBX503", "DBX504", "DBX505", "DBX513")
    references = (
        "https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",
        "https://learn.microsoft.com/graph/api/resources/passwordcredential",
    )
    bad = (
        Example(
            IMAGE,
            _FILE,
            says="The application has no password.",
            answers=((_QUESTION, CredentialAnswer(0)),),
        ),
        Example(
            USER,
            _FILE,
            says="All passwords of the application have expired.",
            answers=((_QUESTION, CredentialAnswer(2, expired_on="2026-08-31")),),
        ),
        Example(
            IMAGE,
            _FILE,
            says="The password expires soon.",
            answers=((_QUESTION, CredentialAnswer(1, expires_on="2026-12-24")),),
        ),
        Example(
            IMAGE,
            _FILE,
            says="The password was made anew, and the secret was not.",
            answers=((_QUESTION, CredentialAnswer(1, secret_of="2026-01-10", password_of="2026-09-01")),),
        ),
        Example(
            SCRIPT,
            f"az login --service-principal -u {_APP} -p «$env:SP» -t contoso.com\n",
            says="The application has no password.",
            answers=((_QUESTION._replace(password=None), CredentialAnswer(0)),),
            shown=False,
        ),
    )
    good = (
        Example(
            IMAGE,
            _FILE.replace("«", "").replace("»", ""),
            says="The password is valid for months, and older than the secret.",
            answers=((_QUESTION, CredentialAnswer(1)),),
        ),
        Example(
            TASK,
            f"name: a\ncommand: az login --service-principal -u {_APP} --certificate a.pem -t contoso.com\n",
            says="Nothing is asked: the script signs in with a certificate.",
            shown=False,
        ),
    )

    def questions(self, context: Context) -> Iterator[Asked]:
        for one in principals(context):
            if one.password_span is not None:
                question = PrincipalQuestion(Aspect.CREDENTIAL, one.application, one.tenant, one.password)
                yield Asked(question, one.password_span, one.span, context.kind)

    def judge(self, asked: Asked, answer: object) -> Iterator[Finding | NotMade]:
        question = asked.question
        if not isinstance(answer, CredentialAnswer) or not isinstance(question, PrincipalQuestion):
            return
        who = f"the service principal `{question.application}`"
        severity: Severity | None = None
        if not answer.passwords:
            message = f"{who} has no password: make one, and store it in the secret"
        elif answer.expired_on:
            what = "the password" if answer.passwords == 1 else "the last password"
            message = f"{what} of {who} expired on {answer.expired_on}: make a new one, and store it in the secret"
        elif answer.secret_of and question.password is not None:
            severity = Severity.WARNING
            message = (
                f"the secret `{question.password.secret}` got its value on {answer.secret_of}, before all passwords of"
                f" {who} that are valid (the oldest is of {answer.password_of}): store a new one in it"
            )
        elif answer.expires_on:
            severity = Severity.WARNING
            message = (
                f"the password of {who} expires on {answer.expires_on}: make a new one, and store it in the secret"
            )
        else:
            return
        yield Finding(asked.span, message, _help(question), severity=severity)


def _help(question: PrincipalQuestion) -> str:
    """A new password is added: one that is replaced is taken from everybody else who has it."""
    secret = question.password
    made = f"make one with `{add_password(question.application)}`"
    if secret is None:
        return f"{made}, which prints it"
    return f"{made}, which prints it, and store it from a file with `{store_secret(secret.vault, secret.secret)}`"
