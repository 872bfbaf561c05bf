"""Whether a service principal has the right on a resource that a command of its script needs."""

from __future__ import annotations

from devbox_lint_rules._azure.bodies import at, text_at
from devbox_lint_rules._azure.directory import ServicePrincipal
from devbox_lint_rules._azure.memory import Memory
from devbox_lint_rules._azure.principals import Principals
from devbox_lint_rules._azure.resource_manager import ResourceManager, refusal
from devbox_lint_rules._azure.resources import Resources, ResourceType
from devbox_lint_rules._azure.roles import Roles, Someone
from devbox_lint_rules._azure.storage import REGISTRY_API, Storage
from devbox_lint_rules._azure.unanswered import UnansweredError
from devbox_lint_rules._azure.vaults import Vaults
from devbox_lint_rules.keyvault._answers import Outcome, RightAnswer, Standing
from devbox_lint_rules.keyvault._needs import KEYS, NEEDED, PULL_FROM_REPOSITORIES, Need, Needed, Resource
from devbox_lint_rules.keyvault._principal_questions import PrincipalQuestion


class Rights:
    """The rights of service principals in one run."""

    def __init__(
        self,
        manager: ResourceManager,
        memory: Memory,
        resources: Resources,
        principals: Principals,
        storage: Storage,
        vaults: Vaults,
    ) -> None:
        self._manager = manager
        self._memory = memory
        self._resources = resources
        self._principals = principals
        self._storage = storage
        self._vaults = vaults
        self._roles = {
            kind: Roles(manager, memory, kind.value, "Key Vault Reader" if kind is Resource.VAULT else "Reader")
            for kind in Resource
        }

    def right(self, question: PrincipalQuestion) -> RightAnswer | None:
        """Whether a service principal has a right; None where it cannot sign in, or there is no such resource."""
        need = question.need
        principal = self._principals.found(question)
        if principal is None:
            return None
        kind = NEEDED[need].resource
        if kind is Resource.VAULT:
            return self._of_vault(principal, question)
        if kind is Resource.REGISTRY:
            return self._of_registry(principal, question.resource)
        return self._of_account(principal, question, need)

    def _of_account(self, principal: ServicePrincipal, question: PrincipalQuestion, need: Need) -> RightAnswer | None:
        account = self._storage.id_of(question.resource)
        if account is None:
            return None
        part = f"{account}/blobServices/default/containers/{question.part}" if question.part else account
        if not question.by_key:
            return self._answer(principal, NEEDED[need], account, part)
        if need is Need.READ_BLOBS and self._storage.is_public(question.resource):
            # Without a key the command asks as nobody, and is given what everybody is.
            return None
        keys = self._answer(principal, KEYS, account, account)
        if keys.standing.outcome is Outcome.GRANTED:
            return keys
        return self._answer(principal, NEEDED[need], account, part)._replace(keys=keys.standing)

    def _of_registry(self, principal: ServicePrincipal, name: str) -> RightAnswer:
        help_text = "ask for the role Reader on the container registry"
        identity = self._resources.id_of(ResourceType.REGISTRY, name)
        if not identity:
            raise UnansweredError(f"you may not see container registry `{name}`", help_text)
        reply = self._memory.get(("registry", name), lambda: self._manager.get(identity, REGISTRY_API))
        if reply.status != 200 or not isinstance(at(reply.body, "properties"), dict):
            raise refusal(reply, f"container registry `{name}`", help_text)
        by_repository = text_at(reply.body, "properties", "roleAssignmentMode").lower() == "abacrepositorypermissions"
        return self._answer(
            principal, PULL_FROM_REPOSITORIES if by_repository else NEEDED[Need.PULL], identity, identity
        )

    def _of_vault(self, principal: ServicePrincipal, question: PrincipalQuestion) -> RightAnswer | None:
        vault = self._vaults.found(question.resource)
        if vault is None:
            raise UnansweredError(f"you may not see key vault `{question.resource}`", "ask for Key Vault Reader on it")
        needed = NEEDED[Need.READ_SECRET]
        if vault.uses_roles:
            return self._answer(principal, needed, vault.id, f"{vault.id}/secrets/{question.part}")
        if principal.id in vault.policy_readers:
            return None
        raise UnansweredError(
            "the key vault uses access policies, which may let a group in whose members are not known"
        )

    def _answer(self, principal: ServicePrincipal, needed: Needed, resource: str, part: str) -> RightAnswer:
        someone = Someone(f"the service principal `{principal.name}`", principal.id, "ServicePrincipal")
        standing: Standing = self._roles[needed.resource].may(someone, needed.right, resource, part)
        return RightAnswer(resource, needed.role, standing)
