"""Situations of roles: who has which where, and by which way."""

from __future__ import annotations

from collections.abc import Callable

from fake_azure.roles import (
    CONTRIBUTOR,
    OWNER,
    SECRETS_OFFICER,
    SECRETS_USER,
    VAULT_ADMINISTRATOR,
    VAULT_CONTRIBUTOR,
    VAULT_READER,
    Role,
)
from situations.situation import Situation
from situations.stage import Stage

_ALL_SECRETS = ("Microsoft.KeyVault/vaults/secrets/*",)
_GET_SECRET = ("Microsoft.KeyVault/vaults/secrets/getSecret/action",)


def _project(*roles: Role, at: str = "vault") -> Callable[[Stage], None]:
    """The project has these roles alone."""

    def arrange(stage: Stage) -> None:
        stage.take(stage.identity)
        scopes = {
            "secret": stage.secret.id,
            "vault": stage.vault.id,
            "group": stage.contoso.group_scope(),
            "subscription": stage.contoso.scope,
            "management group": stage.contoso.management_group,
            "other secret": stage.vault.secret("other").id,
            "other vault": stage.contoso.vault("kv-contoso-2").id,
        }
        for role in roles:
            stage.contoso.assign(stage.identity, role, scopes[at])

    return arrange


def _through_groups(depth: int) -> Callable[[Stage], None]:
    def arrange(stage: Stage) -> None:
        stage.take(stage.identity)
        group = stage.contoso.group("inner", stage.identity)
        for number in range(1, depth):
            group = stage.contoso.group(f"around-{number}", group)
        for role in (SECRETS_USER, VAULT_READER):
            stage.contoso.assign(group, role, stage.vault)

    return arrange


def _custom(**permissions: tuple[str, ...]) -> Callable[[Stage], None]:
    def arrange(stage: Stage) -> None:
        stage.take(stage.identity)
        role = stage.contoso.custom_role("Secrets of our own", **permissions)
        for one in (role, VAULT_READER):
            stage.contoso.assign(stage.identity, one, stage.vault)

    return arrange


def _conditional(stage: Stage) -> None:
    stage.take(stage.identity)
    condition = "@Resource[Microsoft.KeyVault/vaults/secrets:name] StringEquals 'pat'"
    stage.contoso.assign(stage.identity, SECRETS_USER, stage.vault, condition=condition)
    stage.contoso.assign(stage.identity, VAULT_READER, stage.vault)


def _denied_to_the_project(stage: Stage) -> None:
    stage.contoso.deny("stack", stage.vault, stage.identity, data_actions=_ALL_SECRETS)


def _denied_to_a_group_of_the_project(stage: Stage) -> None:
    stage.contoso.deny("stack", stage.vault, stage.contoso.group("projects", stage.identity), data_actions=_ALL_SECRETS)


def _denied_to_another_group(stage: Stage) -> None:
    stage.contoso.deny("stack", stage.vault, stage.contoso.group("others", stage.ada), data_actions=("*/delete",))
    stage.contoso.deny("stack", stage.vault, stage.contoso.group("strangers"), data_actions=_ALL_SECRETS)


def _denied_to_all(stage: Stage) -> None:
    stage.contoso.deny("stack", stage.contoso.group_scope(), data_actions=_GET_SECRET)


def _denied_to_all_but(stage: Stage) -> None:
    spared = [stage.identity, stage.dev_center_identity, stage.ada]
    stage.contoso.deny("stack", stage.contoso.group_scope(), excluded=spared, data_actions=_GET_SECRET)


def _other_things_denied(stage: Stage) -> None:
    keys = ("Microsoft.KeyVault/vaults/keys/*",)
    stage.contoso.deny("stack", stage.vault, data_actions=keys, actions=("*/delete",))


def _denied_above_only(stage: Stage) -> None:
    stage.contoso.deny("stack", stage.contoso.group_scope(), data_actions=_ALL_SECRETS, only_this_scope=True)


def _no_identity(stage: Stage) -> None:
    stage.project.identity = None


def _user_assigned(with_roles: bool) -> Callable[[Stage], None]:
    def arrange(stage: Stage) -> None:
        stage.project.identity = None
        one = stage.contoso.identity("deployer")
        stage.project.user_identities = (one,)
        for role in (SECRETS_USER, VAULT_READER) if with_roles else ():
            stage.contoso.assign(one, role, stage.vault)

    return arrange


def _eligible(stage: Stage) -> None:
    stage.take(stage.ada)
    stage.contoso.assign(stage.ada, SECRETS_USER, stage.secret, eligible_only=True)


def _dev_center_lacks(stage: Stage) -> None:
    stage.take(stage.dev_center_identity)


def _consumer_lacks(stage: Stage) -> None:
    stage.take(stage.ada)


def _consumer_through_a_group(stage: Stage) -> None:
    stage.take(stage.ada)
    stage.contoso.assign(stage.contoso.group("web", stage.ada), SECRETS_USER, stage.secret)


def _consumer_reads_another_secret(stage: Stage) -> None:
    stage.take(stage.ada)
    stage.contoso.assign(stage.ada, SECRETS_USER, stage.vault.secret("other"))


def _group(direct: bool | None = None, vault: bool = False) -> Callable[[Stage], None]:
    def arrange(stage: Stage) -> None:
        group = stage.contoso.group("web", stage.ada)
        outer = stage.contoso.group("everyone", group)
        if direct is not None:
            stage.contoso.assign(group if direct else outer, SECRETS_USER, stage.secret)
        if vault:
            stage.contoso.assign(group, SECRETS_USER, stage.vault)
        stage.settings["consumers"] = [group.id]

    return arrange


def _admin_lacks(stage: Stage) -> None:
    stage.settings["admins"] = [stage.contoso.user("root").id]


def _no_consumers(stage: Stage) -> None:
    stage.settings["consumers"] = []


PROJECT = (
    Situation("the project's identity has no role", _project(), "DBX506", "DBX506"),
    Situation("the project's identity is Contributor of the vault", _project(CONTRIBUTOR), "DBX506", "DBX506"),
    Situation(
        "the project's identity is Owner of the subscription", _project(OWNER, at="subscription"), "DBX506", "DBX506"
    ),
    Situation("the project's identity is Key Vault Contributor", _project(VAULT_CONTRIBUTOR), "DBX506", "DBX506"),
    Situation("the project's identity is Key Vault Reader alone", _project(VAULT_READER), "DBX506", "DBX506"),
    Situation("the project's identity is Key Vault Secrets User alone", _project(SECRETS_USER), "", "DBX506"),
    Situation(
        "the project's identity has both roles on the resource group", _project(SECRETS_USER, VAULT_READER, at="group")
    ),
    Situation(
        "the project's identity has both roles on the subscription",
        _project(SECRETS_USER, VAULT_READER, at="subscription"),
    ),
    Situation(
        "the project's identity has both roles on the management group",
        _project(SECRETS_USER, VAULT_READER, at="management group"),
    ),
    Situation(
        "the project's identity has both roles on the secret alone",
        _project(SECRETS_USER, VAULT_READER, at="secret"),
        "",
        "DBX506",
    ),
    Situation(
        "the project's identity has both roles on another secret",
        _project(SECRETS_USER, VAULT_READER, at="other secret"),
        "DBX506",
        "DBX506",
    ),
    Situation(
        "the project's identity has both roles on another vault, whose name begins with this one's",
        _project(SECRETS_USER, VAULT_READER, at="other vault"),
        "DBX506",
        "DBX506",
    ),
    Situation("the project's identity has both roles through a group", _through_groups(1)),
    Situation("the project's identity has both roles through a group in a group in a group", _through_groups(3)),
    Situation("the project's identity is Key Vault Secrets Officer", _project(SECRETS_OFFICER)),
    Situation("the project's identity is Key Vault Administrator", _project(VAULT_ADMINISTRATOR)),
    Situation("a custom role with a wildcard holds what is needed", _custom(data_actions=_ALL_SECRETS)),
    Situation(
        "a custom role holds all data actions but reading values",
        _custom(data_actions=("*",), not_data_actions=_GET_SECRET),
        "DBX506",
        "DBX506",
    ),
    Situation("the only role assignment that would do has a condition", _conditional, "DBX590", "DBX590"),
    Situation("a deny assignment takes secrets from the project", _denied_to_the_project, "DBX506", "DBX506"),
    Situation(
        "a deny assignment takes secrets from a group that the project is in",
        _denied_to_a_group_of_the_project,
        "DBX506",
        "DBX506",
    ),
    Situation("a deny assignment takes secrets from a group that the project is not in", _denied_to_another_group),
    Situation("a deny assignment takes secrets from everybody", _denied_to_all, "DBX506", "DBX506 DBX507"),
    Situation("a deny assignment spares all who need the secret", _denied_to_all_but),
    Situation("a deny assignment is about other things", _other_things_denied),
    Situation("a deny assignment does not hold for what is below its scope", _denied_above_only),
    Situation("the project has no managed identity", _no_identity, "DBX506", "DBX506"),
    Situation("the project has a user-assigned identity with both roles", _user_assigned(with_roles=True)),
    Situation(
        "the project has a user-assigned identity without roles", _user_assigned(with_roles=False), "DBX506", "DBX506"
    ),
)
CONSUMERS = (
    Situation("the dev center's identity has no role", _dev_center_lacks, "", "DBX507"),
    Situation("a consumer has no role", _consumer_lacks, "", "DBX507"),
    Situation("a consumer has the role through a group", _consumer_through_a_group),
    Situation("a consumer has the role on another secret", _consumer_reads_another_secret, "", "DBX507"),
    Situation("a consumer may activate the role, and has not", _eligible, "", "DBX507"),
    Situation("a consumer is a group that has the role", _group(direct=True)),
    Situation("a consumer is a group, and a group around it has the role", _group(direct=False), "", "DBX507"),
    Situation("a consumer is a group that has no role", _group(), "", "DBX507"),
    Situation("a consumer is a group that has the role on the vault", _group(vault=True)),
    Situation("an admin has no role", _admin_lacks, "", "DBX507"),
    Situation("no consumers are in the settings", _no_consumers),
)
