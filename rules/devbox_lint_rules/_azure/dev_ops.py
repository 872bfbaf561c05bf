"""Azure DevOps: organizations as they show themselves to anybody, and what is in them for whoever is signed in.

docs/online-azure-devops.md has each call with its source, and what an answer proves.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from devbox_lint_rules._azure.bodies import objects_at, text_at
from devbox_lint_rules._azure.clouds import DEV_OPS_HOST, Audience
from devbox_lint_rules._azure.connection import Connection, Reply
from devbox_lint_rules._azure.memory import Memory
from devbox_lint_rules._azure.resource_manager import asks_for_claims, refusal
from devbox_lint_rules._azure.unanswered import UnansweredError
from devbox_lint_rules.keyvault._answers import OrganizationAnswer
from devbox_lint_rules.keyvault._organizations import DevOpsQuestion, TargetAnswer

_API = "7.1"
_CONNECTION_API = "7.1-preview"
_TENANT = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
#: What stands for no tenant: an organization of personal accounts.
_NO_TENANT = "00000000-0000-0000-0000-000000000000"
#: Of longer lists no more pages are read.
_MOST_PAGES = 50
#: The names that a suggestion is chosen from; the rest of a long list is not read for one.
_PAGE = 1000
#: What is shown of names that a server gives; what has other signs is not suggested.
_SHOWN = re.compile(r"\w[\w ./#+()-]{0,120}")
_READER = "ask to be added to the organization and to the Readers of the project"


class NoAccessError(UnansweredError):
    """An organization answers nothing that whoever asks could ask."""


class DevOps:
    """The organizations of one run; what was asked once is not asked again."""

    def __init__(self, connection: Connection, memory: Memory) -> None:
        self._connection = connection
        self._memory = memory

    def organization(self, name: str) -> OrganizationAnswer:
        """Whether an organization exists, and which tenant it is connected to. No token is sent."""
        return self._memory.get(("organization", name), lambda: self._organization(name))

    def is_open(self, name: str) -> bool:
        """Whether an organization exists; raises NoAccessError where a sign-in of this run means nothing to it."""
        answer = self.organization(name)
        if not answer.exists:
            return False
        if not answer.tenant:
            raise NoAccessError(
                f"the organization `{name}` is one of personal accounts, and takes no sign-in to a tenant"
            )
        if answer.expected and answer.tenant != answer.expected:
            raise NoAccessError(
                f"the organization `{name}` belongs to tenant {answer.tenant}, and the sign-in is one to another",
                f"az login --tenant {answer.tenant}",
            )
        return True

    def project(self, question: DevOpsQuestion) -> TargetAnswer:
        """Whether one sees a project."""
        if self.project_body(question.organization, question.project) is not None:
            return TargetAnswer(True)
        path = f"{question.organization}/_apis/projects"
        names = self._names(path, f"the projects of the organization `{question.organization}`")
        return TargetAnswer(False, names)

    def project_body(self, organization: str, project: str) -> Any:
        """What is said of a project, None where one does not see it."""

        def ask() -> Any:
            path = f"{organization}/_apis/projects/{quote(project, safe='')}"
            reply = self.get(path, f"the project `{project}`", organization)
            return None if reply is None else reply.body

        return self._memory.get(("project", organization, project), ask)

    def repository(self, question: DevOpsQuestion) -> TargetAnswer | None:
        """Whether one sees a repository; None where the project does not show itself."""
        if self.project_body(question.organization, question.project) is None:
            return None
        body = self._repository(question)
        if body is not None:
            return TargetAnswer(True, disabled=body.get("isDisabled") is True)
        path = f"{question.organization}/{quote(question.project, safe='')}/_apis/git/repositories"
        return TargetAnswer(False, self._names(path, f"the repositories of the project `{question.project}`"))

    def _repository(self, question: DevOpsQuestion) -> dict[str, Any] | None:
        def ask() -> dict[str, Any] | None:
            reply = self.get(self._path(question), f"the repository `{question.repository}`", question.organization)
            return reply.body if reply is not None and isinstance(reply.body, dict) else None

        return self._memory.get(("repository", question.organization, question.project, question.repository), ask)

    def _path(self, question: DevOpsQuestion) -> str:
        project, repository = quote(question.project, safe=""), quote(question.repository, safe="")
        return f"{question.organization}/{project}/_apis/git/repositories/{repository}"

    def branch(self, question: DevOpsQuestion) -> TargetAnswer | None:
        """Whether a repository has a branch, or a tag of that name; None where it does not show itself."""
        if self.project_body(question.organization, question.project) is None:
            return None
        body = self._repository(question)
        if body is None or body.get("isDisabled") is True:
            return None
        for kind in ("heads", "tags"):
            if f"refs/{kind}/{question.branch}" in self._refs(question, f"{kind}/{question.branch}"):
                return TargetAnswer(True)
        names = (name.removeprefix("refs/heads/") for name in self._refs(question, "heads/"))
        return TargetAnswer(False, tuple(name for name in names if _SHOWN.fullmatch(name)))

    def _refs(self, question: DevOpsQuestion, begin: str) -> tuple[str, ...]:
        path = f"{self._path(question)}/refs"
        what = f"the branches of the repository `{question.repository}`"
        found = self.items(path, what, question.organization, filter=begin, **{"$top": str(_PAGE)})
        return tuple(text_at(item, "name") for item in found)

    def feed(self, question: DevOpsQuestion) -> TargetAnswer | None:
        """Whether one sees a feed; None where its project does not show itself."""
        organization = question.organization
        if question.project and self.project_body(organization, question.project) is None:
            return None
        project = f"{quote(question.project, safe='')}/" if question.project else ""
        path = f"{organization}/{project}_apis/packaging/feeds"
        host = f"feeds.{DEV_OPS_HOST}"
        what = f"the feed `{question.feed}`"
        help_text = "ask for the role Feed Reader on the feed"
        if self.get(f"{path}/{quote(question.feed, safe='')}", what, organization, host, help_text) is not None:
            return TargetAnswer(True)
        everywhere = self.items(f"{organization}/_apis/packaging/feeds", "the feeds", organization, host)
        named = [(text_at(item, "name"), text_at(item, "project", "name")) for item in everywhere]
        of = [(name, owner) for name, owner in named if _SHOWN.fullmatch(name) and _SHOWN.fullmatch(owner or "x")]
        elsewhere = next((owner for name, owner in of if name.lower() == question.feed), None)
        here = tuple(name for name, owner in of if owner.lower() == question.project)
        return TargetAnswer(False, here, elsewhere=elsewhere)

    def get(
        self,
        path: str,
        what: str,
        organization: str,
        host: str = DEV_OPS_HOST,
        help_text: str = _READER,
        api: str = _API,
    ) -> Reply | None:
        """The answer for a path, None for a 404; raises UnansweredError for any other than a success.

        The path is quoted; ``what`` is a noun phrase for what is asked for.
        """
        reply = self._connection.ask(f"https://{host}/{path}?api-version={api}", Audience.DEV_OPS)
        return self._checked(reply, what, organization, help_text)

    def items(
        self,
        path: str,
        what: str,
        organization: str,
        host: str = DEV_OPS_HOST,
        help_text: str = _READER,
        api: str = _API,
        **filters: str,
    ) -> list[dict[str, Any]]:
        """The objects of a list, of all its pages; a list that is not there is empty."""
        query = "".join(f"&{quote(name, safe='$')}={quote(value, safe='')}" for name, value in filters.items())
        url = f"https://{host}/{path}?api-version={api}{query}"
        found: list[dict[str, Any]] = []
        token = ""
        for _ in range(_MOST_PAGES):
            more = f"&continuationToken={quote(token, safe='')}" if token else ""
            reply = self._checked(self._connection.ask(url + more, Audience.DEV_OPS), what, organization, help_text)
            if reply is None:
                return found
            found.extend(objects_at(reply.body, "value"))
            token = reply.headers.get("x-ms-continuationtoken", "").strip()
            if not token:
                return found
        raise UnansweredError(f"the list of {what} is too long")

    def _names(self, path: str, what: str) -> tuple[str, ...]:
        """The names of a list, none where one may not see it: they are for a suggestion only."""
        organization = path.partition("/")[0]

        def ask() -> tuple[str, ...]:
            try:
                found = self.items(path, what, organization, **{"$top": str(_PAGE)})
            except UnansweredError:
                return ()
            return tuple(name for item in found if _SHOWN.fullmatch(name := text_at(item, "name")))

        return self._memory.get(("names", path), ask)

    def _checked(self, reply: Reply, what: str, organization: str, help_text: str) -> Reply | None:
        if reply.status == 404:
            return None
        if reply.status == 200 and isinstance(reply.body, dict):
            return reply
        if reply.status == 401 and not asks_for_claims(reply):
            raise NoAccessError(
                f"you are no member of the organization `{organization}`", "ask its administrators to add you"
            )
        # A page to sign in comes with a status that looks like a success.
        if reply.status in (200, 203, 302, 401):
            raise NoAccessError("Azure DevOps did not take the sign-in", f"az login --scope {_scope(self._connection)}")
        raise refusal(reply, what, help_text)

    def _organization(self, name: str) -> OrganizationAnswer:
        url = f"https://{DEV_OPS_HOST}/{name}/_apis/connectionData?api-version={_CONNECTION_API}"
        reply = self._connection.ask(url)
        tenant = reply.headers.get("x-vss-resourcetenant", "").strip().lower()
        if _TENANT.fullmatch(tenant):
            try:
                expected = self._connection.tokens.tenant()
            except UnansweredError:
                expected = ""
            return OrganizationAnswer(True, "" if tenant == _NO_TENANT else tenant, expected)
        if reply.status == 404:
            return OrganizationAnswer(False)
        raise UnansweredError(
            f"Azure DevOps does not say whether the organization `{name}` exists (status {reply.status})"
        )


def _scope(connection: Connection) -> str:
    return connection.cloud.scope(Audience.DEV_OPS)
