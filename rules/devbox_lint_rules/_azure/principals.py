"""Service principals that scripts sign in: whether they can, by what the directory and the vault say of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from devbox_lint_rules._azure.connection import Connection
from devbox_lint_rules._azure.directory import Directory, Password, ServicePrincipal
from devbox_lint_rules._azure.secrets import Secrets
from devbox_lint_rules._azure.unanswered import UnansweredError
from devbox_lint_rules.keyvault._answers import CredentialAnswer, PrincipalAnswer, PrincipalState
from devbox_lint_rules.keyvault._principal_questions import PrincipalQuestion

#: A password that is valid for less than this is told.
_SOON = timedelta(days=30)
#: Between making a password and storing it: clocks differ, and the start may be given by whoever makes it.
_SLACK = timedelta(hours=1)


class Principals:
    """The service principals of one run."""

    def __init__(self, connection: Connection, directory: Directory, secrets: Secrets) -> None:
        self._connection = connection
        self._directory = directory
        self._secrets = secrets

    def state(self, question: PrincipalQuestion) -> PrincipalAnswer:
        """Whether the service principal exists in the tenant that the script signs in to."""
        run = self._connection.tokens.tenant()
        named: str | None = run
        if question.tenant and question.tenant != run:
            named = self._directory.tenant(question.tenant)
        if named is None:
            return PrincipalAnswer(PrincipalState.NO_TENANT, tenant=question.tenant)
        found = self._directory.principal(question.application)
        if named != run:
            if found is not None and found.is_local and found.owner == run:
                return PrincipalAnswer(PrincipalState.ELSEWHERE, found.name, found.is_enabled, run)
            raise UnansweredError(
                f"the script signs in to tenant {named}, and you are signed in to {run}", f"az login --tenant {named}"
            )
        if found is None:
            return PrincipalAnswer(self._state_without_principal(question.application), tenant=run)
        return PrincipalAnswer(PrincipalState.FOUND, found.name, found.is_enabled, run)

    def found(self, question: PrincipalQuestion) -> ServicePrincipal | None:
        """The service principal where it can sign in; None where another question says why it cannot."""
        try:
            answer = self.state(question)
        except UnansweredError:
            return None
        if answer.state is not PrincipalState.FOUND or not answer.enabled:
            return None
        return self._directory.principal(question.application)

    def credential(self, question: PrincipalQuestion) -> CredentialAnswer | None:
        """What is known of the passwords, None where the principal cannot sign in anyway."""
        found = self.found(question)
        if found is None:
            return None
        of_application = self._directory.passwords(question.application)
        if of_application is None:
            raise UnansweredError("its application is registered in another tenant")
        return weigh((*found.passwords, *of_application), self._stored(question), datetime.now(UTC))

    def _stored(self, question: PrincipalQuestion) -> datetime | None:
        """When the secret got its value that holds the password."""
        secret = question.password
        if secret is None or secret.domain != self._connection.cloud.vault_suffix:
            return None
        try:
            answer = self._secrets.secret(secret.vault, secret.secret, secret.version)
        except UnansweredError:
            return None
        return datetime.fromtimestamp(answer.created, UTC) if answer.exists and answer.created else None

    def _state_without_principal(self, application: str) -> PrincipalState:
        try:
            is_registered = self._directory.passwords(application) is not None
        except UnansweredError:
            is_registered = False
        return PrincipalState.WITHOUT_PRINCIPAL if is_registered else PrincipalState.MISSING


def weigh(passwords: Sequence[Password], stored: datetime | None, now: datetime) -> CredentialAnswer:
    """What follows for a secret that got its value at ``stored``, None where that is not known.

    A secret cannot hold a password that was made after it.
    """
    valid = [one for one in passwords if one.end is None or one.end > now]
    if not valid:
        ends = [one.end for one in passwords if one.end is not None]
        return CredentialAnswer(len(passwords), expired_on=_day(max(ends)) if ends else "")
    held = [one for one in valid if stored is None or one.start is None or one.start <= stored + _SLACK]
    if not held and stored is not None:
        first = min(one.start for one in valid if one.start is not None)
        return CredentialAnswer(len(passwords), secret_of=_day(stored), password_of=_day(first))
    last = max((one.end or datetime.max.replace(tzinfo=UTC) for one in held), default=None)
    return CredentialAnswer(len(passwords), expires_on=_day(last) if last is not None and last < now + _SOON else "")


def _day(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d}"
