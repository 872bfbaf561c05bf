"""Answers the questions on organizations of Azure DevOps, each where nothing before it says that it is void."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from devbox_lint_rules._azure.connection import Connection
from devbox_lint_rules._azure.dev_ops import DevOps, NoAccessError
from devbox_lint_rules._azure.dev_ops_members import DevOpsMembers
from devbox_lint_rules._azure.directory import Directory
from devbox_lint_rules._azure.memory import Memory
from devbox_lint_rules._azure.unanswered import UnansweredError
from devbox_lint_rules.keyvault._answers import OrganizationAnswer
from devbox_lint_rules.keyvault._organizations import DevOpsQuestion, DevOpsTopic


class Organizations:
    """The organizations of one run, and the consumers by their object ids who may be members of them.

    ``questions`` are all that will be asked, and ``named`` the organizations of which it is asked whether they exist:
    that nobody gets in is told once for each organization.
    """

    def __init__(
        self,
        connection: Connection,
        memory: Memory,
        directory: Directory,
        consumers: Sequence[str],
        questions: Iterable[DevOpsQuestion],
        named: Collection[str],
    ) -> None:
        self._dev_ops = DevOps(connection, memory)
        self._members = DevOpsMembers(self._dev_ops, memory, directory)
        self._directory = directory
        self._consumers = consumers
        self._named = named
        self._first: dict[str, DevOpsQuestion] = {}
        for question in questions:
            if question.topic is not DevOpsTopic.CONSUMERS or consumers:
                self._first.setdefault(question.organization, question)

    def organization(self, name: str) -> OrganizationAnswer:
        """Whether an organization exists, and which tenant it is connected to."""
        return self._dev_ops.organization(name)

    def answer(self, question: DevOpsQuestion) -> object:
        """The answer to a question, None where another one answers it; raises UnansweredError."""
        if question.topic is DevOpsTopic.CONSUMERS and not self._consumers:
            return None
        try:
            self.organization(question.organization)
        except UnansweredError:
            if question.organization in self._named or question != self._first[question.organization]:
                return None
            raise
        try:
            return self._answer(question)
        except NoAccessError:
            if question != self._first[question.organization]:
                return None
            raise

    def _answer(self, question: DevOpsQuestion) -> object:
        try:
            if not self._dev_ops.is_open(question.organization):
                return None
        except NoAccessError:
            # Of an organization that cannot give a token, another rule says so.
            if question.topic is DevOpsTopic.CONSUMERS and question.organization in self._named:
                return None
            raise
        if question.project and question.topic is not DevOpsTopic.PROJECT:
            try:
                self._dev_ops.project_body(question.organization, question.project)
            except NoAccessError:
                raise
            except UnansweredError:
                # That is told once, where the project is asked for.
                return None
        match question.topic:
            case DevOpsTopic.PROJECT:
                return self._dev_ops.project(question)
            case DevOpsTopic.REPOSITORY:
                return self._dev_ops.repository(question)
            case DevOpsTopic.BRANCH:
                return self._dev_ops.branch(question)
            case DevOpsTopic.FEED:
                return self._dev_ops.feed(question)
            case DevOpsTopic.CONSUMERS:
                return self._members.consumers(question, self._consumers)
            case _:
                principal = self._principal_of(question.application)
                return None if principal is None else self._members.application(question, principal)

    def _principal_of(self, application: str) -> str | None:
        """The object id of an application's service principal: empty where nobody says, None where it has none."""
        try:
            found = self._directory.principal(application)
        except UnansweredError:
            return ""
        return found.id if found is not None else None
