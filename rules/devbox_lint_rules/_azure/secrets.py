"""Secrets by what is known of them without their values, which no address here could ask for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from devbox_lint_rules._azure.bodies import at, error_code, objects_at, pages, text_at, time_at
from devbox_lint_rules._azure.clouds import Audience
from devbox_lint_rules._azure.connection import Connection, Reply
from devbox_lint_rules._azure.memory import Memory
from devbox_lint_rules._azure.resource_manager import ResourceManager, asks_for_claims, claims_challenge, refusal
from devbox_lint_rules._azure.unanswered import UnansweredError
from devbox_lint_rules._azure.vaults import SECRET_API, VAULT_API, Vaults
from devbox_lint_rules.keyvault._answers import SecretAnswer

#: What both answer where there is no such secret; any other 404 is about something above it.
_NO_SECRET = "SecretNotFound"
#: What the vault answers where the network, not the caller's rights, is in the way.
_BY_NETWORK = frozenset(("ForbiddenByFirewall", "ForbiddenByConnection", "ForbiddenByNsp"))


class _Version(NamedTuple):
    """One version of a secret; ``id`` is in lower case, ``created`` in seconds since 1970."""

    id: str
    created: float
    attributes: dict[str, Any]


class Secrets:
    """The secrets of one run, each looked up once: at the Resource Manager, whose answers no firewall of a vault stops,
    and at the vault itself where that is not enough."""

    def __init__(self, connection: Connection, manager: ResourceManager, memory: Memory, vaults: Vaults) -> None:
        self._connection = connection
        self._manager = manager
        self._memory = memory
        self._vaults = vaults

    def secret(self, vault: str, name: str, version: str) -> SecretAnswer:
        """What is known of a secret, or of one version of it where ``version`` is not empty."""
        try:
            current = self._memory.get(("secret", vault, name), lambda: self._current(vault, name))
        except UnansweredError as error:
            versions = self._versions_or(error, vault, name)
        else:
            if current is None:
                return SecretAnswer(False)
            if version in ("", current.id):
                return _answer(current)
            versions = self._versions(vault, name)
        if not versions:
            return SecretAnswer(False)
        if not version:
            return _answer(max(versions, key=lambda one: one.created))
        wanted = [one for one in versions if one.id == version]
        return _answer(wanted[0]) if wanted else SecretAnswer(False, has_other_versions=True)

    def _current(self, vault: str, name: str) -> _Version | None:
        """The newest version by the Resource Manager, None where there is no such secret."""
        found = self._vaults.found(vault)
        if found is None:
            raise UnansweredError(f"you may not see key vault `{vault}`", _READER)
        reply = self._manager.get(f"{found.id}/secrets/{name}", VAULT_API)
        if reply.status == 404 and error_code(reply) == _NO_SECRET:
            return None
        attributes = at(reply.body, "properties", "attributes")
        if reply.status != 200 or not isinstance(attributes, dict):
            raise refusal(reply, f"the secrets of key vault `{vault}`", _READER)
        identity = text_at(reply.body, "properties", "secretUriWithVersion").rstrip("/").rpartition("/")[2]
        return _Version(identity.lower(), _created(reply.body["properties"]), attributes)

    def _versions_or(self, error: UnansweredError, vault: str, name: str) -> list[_Version]:
        """The versions that the vault lists; where it does not either, what the Resource Manager said counts."""
        try:
            return self._versions(vault, name)
        except UnansweredError as other:
            reason = f"{error.not_made.reason}, and {other.not_made.reason}"
            raise UnansweredError(reason, error.not_made.help or other.not_made.help) from None

    def _versions(self, vault: str, name: str) -> list[_Version]:
        return self._memory.get(("versions", vault, name), lambda: self._listed(vault, name))

    def _listed(self, vault: str, name: str) -> list[_Version]:
        """The versions of a secret by the vault itself, which lists none where there is no secret."""
        state = self._vaults.state(vault)
        if not state.expected or state.tenant != state.expected:
            # Without a tenant to compare with, nobody knows whose vault would get the token.
            raise UnansweredError(f"it is not known whether key vault `{vault}` is of your tenant", "set `tenant`")
        host = self._vaults.host(vault)
        path = f"/secrets/{name}/versions"
        url = f"https://{host}{path}?api-version={SECRET_API}&maxresults=25"
        first = self._connection.ask(url, Audience.VAULT)
        if first.status != 200 or not isinstance(at(first.body, "value"), list):
            raise _refusal(first, vault, self._connection.cloud.vault_suffix)
        versions = []
        for body in pages(self._connection, url, Audience.VAULT, first, path):
            items = objects_at(body, "value")
            listed = at(body, "value")
            if not isinstance(listed, list) or len(items) != len(listed):
                raise UnansweredError(f"key vault `{vault}` gave no list of versions")
            for item in items:
                attributes = item.get("attributes")
                if not isinstance(attributes, dict):
                    raise UnansweredError(f"key vault `{vault}` says nothing of a version")
                identity = text_at(item, "id").rstrip("/").rpartition("/")[2].lower()
                versions.append(_Version(identity, _created(item), attributes))
        return versions


_READER = "ask for the role Key Vault Reader on the vault"


def _refusal(reply: Reply, vault: str, suffix: str) -> UnansweredError:
    code = error_code(reply)
    if code in _BY_NETWORK:
        return UnansweredError(
            f"key vault `{vault}` does not let your network in ({code}), which says nothing of the dev center",
            f"{_READER}, which needs no way through its firewall",
        )
    if reply.status == 401 and asks_for_claims(reply):
        return claims_challenge(f"key vault `{vault}`", suffix)
    if reply.status == 401:
        return UnansweredError(f"key vault `{vault}` refused the sign-in ({code or 401})", "az login")
    return refusal(reply, f"the secrets of key vault `{vault}`", _READER)


def _created(item: dict[str, Any]) -> float:
    value = at(item, "attributes", "created")
    return float(value) if isinstance(value, int | float) else 0.0


def _answer(version: _Version) -> SecretAnswer:
    now = datetime.now(UTC)
    expires, valid_from = time_at(version.attributes, "exp"), time_at(version.attributes, "nbf")
    return SecretAnswer(
        True,
        enabled=version.attributes.get("enabled") is not False,
        expired_on=f"{expires:%Y-%m-%d}" if expires is not None and expires <= now else "",
        valid_from=f"{valid_from:%Y-%m-%d}" if valid_from is not None and valid_from > now else "",
        created=version.created,
    )
