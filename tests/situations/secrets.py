"""Situations of secrets and their versions, and of firewalls and access policies."""

from __future__ import annotations

from collections.abc import Callable

from fake_azure.messages import arm_error
from situations.situation import Situation
from situations.stage import Stage
from situations.vaults import only_metadata

_NO_VERSION = "0" * 32


def _secret(**properties: object) -> Callable[[Stage], None]:
    def arrange(stage: Stage) -> None:
        stage.vault.secret("pat", **properties)  # type: ignore[arg-type]

    return arrange


def _pinned(version: int, enabled: bool = True, versions: int = 3) -> Callable[[Stage], None]:
    def arrange(stage: Stage) -> None:
        secret = stage.vault.secret("pat", versions=versions)
        secret.versions[version].enabled = enabled
        stage.reference = f"{secret.uri}/{secret.versions[version].id}"

    return arrange


def _vault(**properties: object) -> Callable[[Stage], None]:
    def arrange(stage: Stage) -> None:
        for name, value in properties.items():
            setattr(stage.vault, name, value)

    return arrange


def _missing(stage: Stage) -> None:
    stage.reference = f"{stage.vault.uri}/secrets/patt"


def _upper_case(stage: Stage) -> None:
    stage.reference = stage.secret.uri.replace("kv-contoso", "KV-Contoso").replace("/pat", "/PAT")


def _no_such_version(stage: Stage) -> None:
    stage.reference += f"/{_NO_VERSION}"


def _newest_disabled(stage: Stage) -> None:
    stage.vault.secret("pat", versions=30, enabled=False)


def _older_disabled(stage: Stage) -> None:
    for one in stage.vault.secret("pat", versions=30).versions[:-1]:
        one.enabled = False


def _listed(arrange: Callable[[Stage], None]) -> Callable[[Stage], None]:
    def both(stage: Stage) -> None:
        arrange(stage)
        only_metadata(stage)

    return both


def _behind_a_firewall(arrange: Callable[[Stage], None]) -> Callable[[Stage], None]:
    def both(stage: Stage) -> None:
        arrange(stage)
        _vault(default_action="Deny", bypass="AzureServices")(stage)

    return both


def _policies(*permissions: str, rbac: bool | None = None) -> Callable[[Stage], None]:
    def arrange(stage: Stage) -> None:
        stage.vault.rbac = rbac
        if permissions:
            stage.vault.policies = {stage.identity.id: permissions}

    return arrange


def _policy_through_a_group(stage: Stage) -> None:
    stage.vault.rbac = False
    stage.vault.policies = {stage.contoso.group("projects", stage.identity).id: ("get", "list")}


def _refused(code: str) -> Callable[[Stage], None]:
    """The Resource Manager answers 404 with ``code`` where it is asked for the secret."""

    def arrange(stage: Stage) -> None:
        answer = arm_error(404, code, "Can not perform requested operation on nested resource.")
        stage.azure.fault("answer", "management.azure.com", "*/vaults/kv-contoso/secrets/pat", response=answer)

    return arrange


SECRETS = (
    Situation(
        "the Resource Manager does not find what the secret is in, and the vault lists it",
        _refused("ParentResourceNotFound"),
    ),
    Situation("the vault has no such secret", _missing, "DBX503", "DBX503"),
    Situation("the secret is deleted and can be recovered", _secret(deleted=True), "DBX503", "DBX503"),
    Situation("vault and secret are written with other capitals", _upper_case),
    Situation("the secret's current version is disabled", _secret(enabled=False), "DBX504", "DBX504"),
    Situation("an older version is disabled, the current one is not", _secret(versions=3)),
    Situation("the secret has expired", _secret(expires="2020-01-31"), "DBX505", "DBX505"),
    Situation("the secret is not valid yet", _secret(not_before="2099-01-01"), "DBX505", "DBX505"),
    Situation("the secret expires in some years", _secret(expires="2099-01-01")),
    Situation("the version that the file names is there", _pinned(0)),
    Situation("the version that the file names is on the third page of them all", _pinned(0, versions=60)),
    Situation("the version that the file names is disabled", _pinned(0, enabled=False), "DBX504", "DBX504"),
    Situation("the version that the file names is not there", _no_such_version, "DBX503", "DBX503"),
    Situation(
        "the firewall does not let the verifier ask for an older version",
        _behind_a_firewall(_pinned(0)),
        "DBX590",
        "DBX590",
    ),
    Situation("the firewall does not let the verifier in, the Resource Manager tells", _behind_a_firewall(_pinned(2))),
)
#: What the vault itself lists, to somebody who may not see it in the Resource Manager, who has no answer to the rest.
LISTED = (
    Situation("the vault lists the secret", _listed(_secret()), "DBX590", "DBX590"),
    Situation("the vault lists no such secret", _listed(_missing), "DBX503 DBX590", "DBX503 DBX590"),
    Situation(
        "the vault does not list the secret, which is deleted",
        _listed(_secret(deleted=True)),
        "DBX503 DBX590",
        "DBX503 DBX590",
    ),
    Situation(
        "the vault lists thirty versions, of which the newest is disabled",
        _listed(_newest_disabled),
        "DBX504 DBX590",
        "DBX504 DBX590",
    ),
    Situation(
        "the vault lists thirty versions, all disabled but the newest", _listed(_older_disabled), "DBX590", "DBX590"
    ),
    Situation(
        "the vault lists the secret as expired",
        _listed(_secret(expires="2020-01-31")),
        "DBX505 DBX590",
        "DBX505 DBX590",
    ),
    Situation("the vault lists the version that the file names", _listed(_pinned(0, versions=30)), "DBX590", "DBX590"),
    Situation(
        "the vault does not list the version that the file names",
        _listed(_no_such_version),
        "DBX503 DBX590",
        "DBX503 DBX590",
    ),
)
NETWORK = (
    Situation(
        "the firewall denies by default and lets no trusted services pass",
        _vault(default_action="Deny", bypass="None"),
        "DBX509",
        "DBX509",
    ),
    Situation(
        "the firewall denies by default and lets trusted services pass",
        _vault(default_action="Deny", bypass="AzureServices"),
    ),
    Situation("the firewall denies by default and says nothing of trusted services", _vault(default_action="Deny")),
    Situation(
        "public network access is disabled, and no trusted services may pass",
        _vault(public_network_access="Disabled", bypass="None"),
        "DBX509",
        "DBX509",
    ),
    Situation(
        "public network access is disabled, and trusted services may pass",
        _vault(public_network_access="Disabled", bypass="AzureServices"),
    ),
    Situation(
        "the vault is secured by a network perimeter",
        _vault(public_network_access="SecuredByPerimeter", bypass="AzureServices"),
        "DBX509",
        "DBX509",
    ),
    Situation("no trusted services may pass a firewall that lets everybody in", _vault(bypass="None")),
)
POLICIES = (
    Situation(
        "the vault uses access policies, as it does not say that it uses roles, and has one for the project",
        _policies("get", "list"),
        "DBX508",
        "DBX508",
    ),
    Situation(
        "the vault uses access policies and has one for the project", _policies("Get", rbac=False), "DBX508", "DBX508"
    ),
    Situation("the vault uses access policies and has none for the project", _policies(rbac=False), "DBX508", "DBX508"),
    Situation("the vault's access policy for the project lets it list alone", _policies("list"), "DBX508", "DBX508"),
    Situation(
        "the vault uses access policies, and one for a group that the project is in",
        _policy_through_a_group,
        "DBX508 DBX590",
        "DBX508",
    ),
)
