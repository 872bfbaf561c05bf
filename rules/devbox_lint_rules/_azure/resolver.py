"""Answers the questions of a run: several at once, each once, and within the limits that the settings set."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeAlias

from devbox_lint.online import Cancel, NotMade, Progress, Question
from devbox_lint_rules._azure.clouds import cloud_of
from devbox_lint_rules._azure.connection import Connection
from devbox_lint_rules._azure.dev_centers import DevCenter, DevCenters
from devbox_lint_rules._azure.directory import Directory
from devbox_lint_rules._azure.limits import Limits
from devbox_lint_rules._azure.memory import Memory
from devbox_lint_rules._azure.organizations import Organizations
from devbox_lint_rules._azure.package_index import PackageIndex
from devbox_lint_rules._azure.principals import Principals
from devbox_lint_rules._azure.resource_manager import ResourceManager
from devbox_lint_rules._azure.resources import Resources, ResourceType
from devbox_lint_rules._azure.rights import Rights
from devbox_lint_rules._azure.roles import Roles, Someone
from devbox_lint_rules._azure.secrets import Secrets
from devbox_lint_rules._azure.storage import Storage
from devbox_lint_rules._azure.unanswered import UnansweredError
from devbox_lint_rules._azure.vaults import Vault, Vaults
from devbox_lint_rules.keyvault._answers import (
    AccessAnswer,
    ModelAnswer,
    Outcome,
    ProjectAnswer,
    Standing,
    VaultState,
)
from devbox_lint_rules.keyvault._grants import SECRET_VALUE
from devbox_lint_rules.keyvault._needs import NEEDED, Resource
from devbox_lint_rules.keyvault._organizations import DevOpsQuestion, DevOpsTopic
from devbox_lint_rules.keyvault._packages import PackageQuestion, PackageTopic
from devbox_lint_rules.keyvault._principal_questions import Aspect, PrincipalQuestion
from devbox_lint_rules.keyvault._questions import AzureQuestion, Topic

if TYPE_CHECKING:
    from devbox_lint.settings.model import AzureSettings

#: The questions that are understood.
Known: TypeAlias = AzureQuestion | PrincipalQuestion | PackageQuestion | DevOpsQuestion
_SUBSCRIPTION = re.compile(r"/subscriptions/([0-9a-f-]{36})/", re.IGNORECASE)
_ORDER = {topic: number for number, topic in enumerate((*Topic, *Aspect, *PackageTopic, *DevOpsTopic))}
#: Between two looks at whether to stop, in seconds.
_PAUSE = 0.1


class AzureResolver:
    """Asks Azure with the user's own sign-in, by requests that only read; ``limits`` are those of the run."""

    def __init__(self, settings: AzureSettings, limits: Limits | None = None) -> None:
        self._settings = settings
        self._limits = limits or Limits()

    def resolve(
        self, questions: Sequence[Question], cancel: Cancel | None = None, progress: Progress | None = None
    ) -> Mapping[Question, object]:
        """What :class:`devbox_lint.online.Resolver` asks for; answers that are late are lost, and said to be so."""
        known = [question for question in questions if isinstance(question, Known)]
        # Vaults before their secrets: who asks for a secret would wait for its vault.
        known.sort(key=lambda question: _ORDER[question.topic])
        answers: dict[Question, object] = {}
        pending: SimpleQueue[Known] = SimpleQueue()
        done: SimpleQueue[tuple[Known, object]] = SimpleQueue()
        for question in known:
            pending.put(question)
        work = _Work(self._settings, self._limits, known)
        stop = threading.Event()
        for _ in range(min(self._settings.concurrency, len(known))):
            # Daemons: a request that hangs must not keep the process alive.
            threading.Thread(target=_answer_all, args=(work, pending, done, stop), daemon=True).start()
        while len(answers) < len(known) and work.connection.seconds_left > -1:
            try:
                question, answer = done.get(timeout=_PAUSE)
                answers[question] = answer
            except Empty:
                pass
            if progress is not None:
                progress(len(answers), len(known))
            if cancel is not None and cancel():
                break
        else:
            for question in known:
                answers.setdefault(question, NotMade("the time for the run was over", "raise `timeout`"))
        stop.set()
        work.connection.stop()
        return answers


def _answer_all(
    work: _Work,
    pending: SimpleQueue[Known],
    done: SimpleQueue[tuple[Known, object]],
    stop: threading.Event,
) -> None:
    while not stop.is_set():
        try:
            question = pending.get_nowait()
        except Empty:
            return
        answer: object
        try:
            answer = work.answer(question)
        except UnansweredError as error:
            answer = error.not_made
        except Exception as error:  # noqa: BLE001 - no answer of Azure's may end a run
            answer = NotMade(f"devbox-lint did not understand an answer ({type(error).__name__}), which is a bug")
        done.put((question, answer))


class _Work:
    """What a run knows so far, and how each topic is answered; None where another question answers it."""

    def __init__(self, settings: AzureSettings, limits: Limits, questions: Sequence[Known]) -> None:
        self._settings = settings
        self.connection = Connection(cloud_of(settings.cloud), settings, limits)
        memory = Memory()
        project = settings.project or ""
        match = _SUBSCRIPTION.match(project)
        manager = ResourceManager(self.connection)
        resources = Resources(manager, memory)
        subscription = match[1].lower() if match else ""
        self._vaults = Vaults(self.connection, manager, memory, resources, subscription)
        self._secrets = Secrets(self.connection, manager, memory, self._vaults)
        self._roles = Roles(manager, memory, "vault", "Key Vault Reader")
        self._package_index = PackageIndex(self.connection, memory)
        self._centers = DevCenters(self.connection, manager, memory, project)
        directory = Directory(self.connection, memory)
        self._principals = Principals(self.connection, directory, self._secrets)
        self._storage = Storage(self.connection, manager, memory, resources, subscription)
        self._rights = Rights(manager, memory, resources, self._principals, self._storage, self._vaults)
        of_organizations = [one for one in questions if isinstance(one, DevOpsQuestion)]
        named = {one.name for one in questions if isinstance(one, AzureQuestion) and one.topic is Topic.ORGANIZATION}
        self._organizations = Organizations(
            self.connection, memory, directory, settings.consumers, of_organizations, named
        )
        of_vaults = [one for one in questions if isinstance(one, AzureQuestion)]
        self._secrets_asked_for = {(one.vault, one.secret) for one in of_vaults if one.topic is Topic.SECRET}
        suffix = self.connection.cloud.vault_suffix
        vaults = {one.vault for one in of_vaults if one.vault and one.domain == suffix}
        for kind, names in _resources_of(questions):
            vaults |= names if kind is ResourceType.VAULT else set()
            resources.expect(kind, names)
        resources.expect(ResourceType.VAULT, vaults)

    def answer(self, question: Known) -> object:
        """The answer to a question; raises :class:`UnansweredError`."""
        if isinstance(question, PrincipalQuestion):
            return self._of_principal(question)
        if isinstance(question, PackageQuestion):
            return self._of_package(question)
        if isinstance(question, DevOpsQuestion):
            return self._organizations.answer(question)
        match question.topic:
            case Topic.PROJECT:
                project = self._centers.project()
                return ProjectAnswer(project.id, project.name, project.principals)
            case Topic.IMAGE:
                return self._image(question)
            case Topic.TASKS:
                return self._tasks(question.body)
            case Topic.ORGANIZATION:
                return self._organizations.organization(question.name)
        suffix = self.connection.cloud.vault_suffix
        if question.domain != suffix:
            if question.topic is not Topic.VAULT:
                return None
            raise UnansweredError(f"`{question.domain}` is not of the cloud of `{suffix}`", "set `cloud`")
        if question.topic is Topic.VAULT:
            return self._vaults.state(question.vault)
        if self._vaults.state(question.vault).state is not VaultState.FOUND:
            return None
        if question.topic is Topic.SECRET:
            return self._secrets.secret(question.vault, question.secret, question.version)
        vault = self._vaults.found(question.vault)
        if vault is None:
            raise UnansweredError(f"you may not see key vault `{question.vault}`", _READER)
        match question.topic:
            case Topic.MODEL:
                return self._model(vault)
            case Topic.NETWORK:
                return vault.network
        if not vault.uses_roles or not self._may_exist(question):
            return None
        if question.topic is Topic.PROJECT_ACCESS:
            return self._project_access(vault, question.secret)
        return self._user_access(vault, question.secret)

    def _of_package(self, question: PackageQuestion) -> object:
        if question.topic is PackageTopic.INDEX:
            self._package_index.read()
            return None
        try:
            self._package_index.read()
        except UnansweredError:
            # That is told once, where the index is asked for.
            return None
        return self._package_index.package(question.id, question.version)

    def _of_principal(self, question: PrincipalQuestion) -> object:
        match question.topic:
            case Aspect.PRINCIPAL:
                return self._principals.state(question)
            case Aspect.CREDENTIAL:
                return self._principals.credential(question)
            case Aspect.STORAGE:
                return self._storage.account(question.resource, question.part)
        return self._rights.right(question)

    def _may_exist(self, question: AzureQuestion) -> bool:
        """Whether the secret may be there, where that is asked too: of one that is not, the name may be misspelt."""
        if (question.vault, question.secret) not in self._secrets_asked_for:
            return True
        try:
            answer = self._secrets.secret(question.vault, question.secret, "")
        except UnansweredError:
            return True
        return answer.exists

    def _image(self, question: AzureQuestion) -> object:
        try:
            self._centers.project()
        except UnansweredError:
            return None
        return self._centers.image(question.name, question.version)

    def _tasks(self, body: str) -> object:
        if not self._settings.validate_tasks:
            return None
        if not body:
            raise UnansweredError(
                "the file has a credential in it, which would be sent with the tasks", "remove it first"
            )
        return self._centers.tasks(body)

    def _model(self, vault: Vault) -> ModelAnswer:
        try:
            principals = self._centers.project().principals
        except UnansweredError:
            principals = ()
        readers = vault.policy_readers
        return ModelAnswer(
            vault.uses_roles,
            principals[0] if principals else "",
            any(principal in readers for principal in principals),
            vault.has_policies,
            bool(readers.difference(principals)),
        )

    def _project_access(self, vault: Vault, secret: str) -> AccessAnswer | None:
        try:
            project = self._centers.project()
        except UnansweredError:
            # That is told once, where the project is asked for.
            return None
        if not project.principals:
            return None
        identities = _identities(project, "project")
        return AccessAnswer(
            vault.id,
            (
                _best(
                    [self._roles.may(one, SECRET_VALUE, vault.id, f"{vault.id}/secrets/{secret}") for one in identities]
                ),
            ),
            (_best([self._roles.reads_vault(one, vault.id) for one in identities]),),
        )

    def _user_access(self, vault: Vault, secret: str) -> AccessAnswer:
        scope = f"{vault.id}/secrets/{secret}"
        people = [Someone(f"the admin {one}", one.lower()) for one in self._settings.admins]
        people += [Someone(f"the consumer {one}", one.lower()) for one in self._settings.consumers]
        standings = [self._roles.may(one, SECRET_VALUE, vault.id, scope) for one in people]
        if self._centers.has_project:
            standings.insert(0, self._standing_of_center(vault, scope))
        return AccessAnswer(scope, tuple(standings))

    def _standing_of_center(self, vault: Vault, scope: str) -> Standing:
        try:
            center = self._centers.dev_center()
        except UnansweredError as error:
            return Standing("the dev center", "", "", Outcome.UNKNOWN, denied_by=error.not_made.reason)
        if not center.principals:
            return Standing(f"the managed identity of dev center `{center.name}`", center.id, "", Outcome.NOBODY)
        return _best([self._roles.may(one, SECRET_VALUE, vault.id, scope) for one in _identities(center, "dev center")])


_TYPES = {
    Resource.STORAGE_ACCOUNT: ResourceType.STORAGE_ACCOUNT,
    Resource.REGISTRY: ResourceType.REGISTRY,
    Resource.VAULT: ResourceType.VAULT,
}


def _resources_of(questions: Sequence[Known]) -> Iterator[tuple[ResourceType, set[str]]]:
    """The names of the resources that scripts use, by their type."""
    named = [
        (_TYPES[NEEDED[one.need].resource], one.resource)
        for one in questions
        if isinstance(one, PrincipalQuestion) and one.resource
    ]
    for kind in ResourceType:
        yield kind, {name for of, name in named if of is kind}


_READER = "ask for the role Key Vault Reader on the vault"


def _identities(of: DevCenter, what: str) -> list[Someone]:
    return [Someone(f"the managed identity of {what} `{of.name}`", one, "ServicePrincipal") for one in of.principals]


def _best(standings: Sequence[Standing]) -> Standing:
    """That of the identity which has most: one that may is enough."""
    order = (Outcome.GRANTED, Outcome.CONDITIONAL, Outcome.UNCLEAR, Outcome.DENIED, Outcome.MISSING)
    return min(standings, key=lambda standing: order.index(standing.outcome))
