"""Situations of service principals: whether they can sign in, and what they may do with what their scripts use."""

from __future__ import annotations

from collections.abc import Callable

from fake_azure.roles import (
    ACR_PULL,
    BLOB_CONTRIBUTOR,
    BLOB_OWNER,
    BLOB_READER,
    CONTRIBUTOR,
    KEY_OPERATOR,
    OWNER,
    READER,
    REPOSITORY_READER,
    SECRETS_USER,
    VAULT_READER,
    Role,
)
from fake_azure.storage import Registry, StorageAccount
from fake_azure.tenants import Principal, Tenant
from fake_azure.vaults import Secret, When
from situations.situation import Situation
from situations.stage import Stage

_BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
DOWNLOAD = "az storage blob download --account-name stcontoso --container-name tools --name a.zip --file C:\\a.zip"
LOGIN = " --auth-mode login"


class Deployment:
    """A script that signs in a service principal and downloads a blob, with all that it needs in Azure.

    ``commands`` are what the script does after its sign-in, in which ``{tenant}`` is not resolved.
    """

    def __init__(self, stage: Stage, *commands: str, tenant: str = "", password: str = "") -> None:
        self.stage = stage
        self.contoso: Tenant = stage.contoso
        stage.verifier.reads_directory = True
        self.deployer: Principal = self.contoso.application("deployer")
        self.deployer.password()
        self.secret: Secret = stage.vault.secret("password")
        for one in (stage.dev_center_identity, stage.ada):
            self.contoso.assign(one, SECRETS_USER, self.secret)
        self.account: StorageAccount = self.contoso.storage_account("stcontoso")
        self.registry: Registry = self.contoso.registry("contoso")
        proof = password or f"--password {{{{{self.secret.uri}}}}}"
        lines = (
            f"az login --service-principal --username {self.deployer.client_id} {proof}"
            f" --tenant {tenant or self.contoso.id}",
            *(commands or (DOWNLOAD + LOGIN,)),
            "az logout",
        )
        script = "".join(f"        {line}\n" for line in lines)
        stage.more = f"  - name: ~/powershell\n    parameters:\n      command: |\n{script}"

    def give(self, *roles: Role, at: str = "account") -> Deployment:
        """Give the service principal roles at a scope."""
        scopes = {
            "account": self.account.id,
            "container": self.account.container_id("tools"),
            "other container": self.account.container_id("others"),
            "group": self.contoso.group_scope(),
            "subscription": self.contoso.scope,
            "management group": self.contoso.management_group,
            "registry": self.registry.id,
            "secret": self.stage.secret.id,
        }
        for role in roles:
            self.contoso.assign(self.deployer, role, scopes[at])
        return self


Change = Callable[[Deployment], object]


def _right(change: Change = lambda one: None, tenant: str = "", password: str = "") -> Callable[[Stage], None]:
    """All is right but for a change."""

    def arrange(stage: Stage) -> None:
        change(Deployment(stage, tenant=tenant, password=password).give(BLOB_READER))

    return arrange


def _roles(*roles: Role, at: str = "account", does: str = DOWNLOAD + LOGIN) -> Callable[[Stage], None]:
    """The service principal has these roles alone, and its script does this."""

    def arrange(stage: Stage) -> None:
        Deployment(stage, does).give(*roles, at=at)

    return arrange


def _without(change: Change, does: str = DOWNLOAD + LOGIN) -> Callable[[Stage], None]:
    """The service principal has the roles that a change gives it."""

    def arrange(stage: Stage) -> None:
        change(Deployment(stage, does))

    return arrange


def _both(says: str, arrange: Callable[[Stage], None], codes: str = "") -> Situation:
    return Situation(says, arrange, codes, codes)


def _gone(one: Deployment) -> None:
    one.deployer.has_principal = one.deployer.is_registered = False


def _disabled(one: Deployment) -> None:
    one.deployer.enabled = False


def _of_two_tenants(one: Deployment) -> None:
    one.deployer.single_tenant = False


def _elsewhere(single: bool) -> Callable[[Stage], None]:
    def arrange(stage: Stage) -> None:
        fabrikam = stage.azure.tenant("fabrikam")
        Deployment(stage, tenant=fabrikam.id).give(BLOB_READER).deployer.single_tenant = single

    return arrange


def _no_right_on_the_directory(one: Deployment) -> None:
    one.stage.verifier.reads_directory = False


def _passwords(*days: tuple[When, When]) -> Callable[[Stage], None]:
    """The application has these passwords, from one day to another, and the secret is of a day between."""

    def change(one: Deployment) -> None:
        one.deployer.passwords.clear()
        for start, end in days:
            one.deployer.password(start, end)
        one.secret.versions.clear()
        one.secret.version(created="2026-03-01")

    return _right(change)


def _own_password(one: Deployment) -> None:
    one.deployer.own_passwords, one.deployer.passwords = one.deployer.passwords, []


def _disabled_secret(one: Deployment) -> None:
    one.deployer.passwords.clear()
    one.secret.versions[-1].enabled = False


def _of_another_owner(one: Deployment) -> None:
    one.deployer.owner, one.deployer.single_tenant = one.stage.azure.tenant("fabrikam").id, False


def _through_groups(one: Deployment) -> None:
    inner = one.contoso.group("deployers", one.deployer)
    one.contoso.assign(one.contoso.group("all deployers", inner), BLOB_READER, one.account)


def _custom(**permissions: tuple[str, ...]) -> Change:
    def change(one: Deployment) -> None:
        one.contoso.assign(one.deployer, one.contoso.custom_role("Blobs of our own", **permissions), one.account)

    return change


def _conditional(one: Deployment) -> None:
    condition = "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'tools'"
    one.contoso.assign(one.deployer, BLOB_READER, one.account, condition=condition)


def _denied(one: Deployment) -> None:
    one.contoso.deny("stack", one.account, one.deployer, data_actions=(f"{_BLOBS}/*",))


def _by_repository(role: Role) -> Change:
    def change(one: Deployment) -> None:
        one.registry.mode = "AbacRepositoryPermissions"
        one.give(role, at="registry")

    return change


def _hidden(one: Deployment) -> None:
    one.stage.take(one.stage.verifier)
    one.contoso.assign(one.stage.verifier, VAULT_READER, one.stage.vault)
    one.contoso.assign(one.stage.verifier, READER, one.stage.project)
    one.contoso.assign(one.stage.verifier, READER, one.stage.center)


def _account(**properties: object) -> Change:
    def change(one: Deployment) -> None:
        for name, value in properties.items():
            setattr(one.account, name, value)

    return change


def _no_account(one: Deployment) -> None:
    one.contoso.storage.clear()


def _account_of_others(one: Deployment) -> None:
    one.contoso.storage.clear()
    one.stage.azure.tenant("fabrikam").storage_account("stcontoso")


_UPLOAD = DOWNLOAD.replace("download", "upload") + LOGIN
_PULL = "az acr login --name contoso"
_READ_SECRET = "az keyvault secret show --vault-name kv-contoso --name pat --query value"

PRINCIPALS = (
    _both("the service principal exists, and all is right", _right()),
    _both("the script names its tenant by a domain", _right(tenant="contoso.onmicrosoft.com")),
    _both("the tenant has no application of this id", _right(_gone), "DBX513"),
    _both(
        "the tenant has the application, and no service principal of it",
        _right(lambda one: setattr(one.deployer, "has_principal", False)),
        "DBX513",
    ),
    _both("the service principal is disabled", _right(_disabled), "DBX513"),
    _both("there is no tenant of this domain", _right(tenant="contosso.onmicrosoft.com"), "DBX513"),
    _both("the script signs in to another tenant than the service principal's", _elsewhere(single=True), "DBX513"),
    _both(
        "the script signs in to another tenant, and the application is for several", _elsewhere(single=False), "DBX590"
    ),
    _both("the verifier may not read applications", _right(_no_right_on_the_directory), "DBX590"),
)
CREDENTIALS = (
    _both("the application has no password", _right(lambda one: one.deployer.passwords.clear()), "DBX514"),
    _both("the service principal has a password of its own", _right(_own_password)),
    _both(
        "the application has no password, and the script signs in with a certificate",
        _right(lambda one: one.deployer.passwords.clear(), password="--certificate C:\\a.pem"),
    ),
    _both("the password has expired", _passwords(("2026-01-01", "2026-08-31")), "DBX514"),
    _both("the password was made anew after the secret was stored", _passwords(("2026-09-01", 300)), "DBX514"),
    _both(
        "there are two passwords, and the secret may hold the older one",
        _passwords(("2026-01-01", 300), ("2026-09-01", 300)),
    ),
    _both("the password is missing, and the secret is disabled", _right(_disabled_secret), "DBX504"),
    _both("the application is registered in another tenant", _right(_of_another_owner), "DBX590"),
)
RIGHTS = (
    _both("the service principal has no role", _roles(), "DBX515"),
    _both("it is Contributor of the storage account", _roles(CONTRIBUTOR), "DBX515"),
    _both("it is Owner of the subscription", _roles(OWNER, at="subscription"), "DBX515"),
    _both("it is Storage Blob Data Contributor", _roles(BLOB_CONTRIBUTOR)),
    _both("it is Storage Blob Data Owner", _roles(BLOB_OWNER)),
    _both("it is Storage Blob Data Reader of the container", _roles(BLOB_READER, at="container")),
    _both("it is Storage Blob Data Reader of another container", _roles(BLOB_READER, at="other container"), "DBX515"),
    _both("it is Storage Blob Data Reader of the resource group", _roles(BLOB_READER, at="group")),
    _both("it is Storage Blob Data Reader of the management group", _roles(BLOB_READER, at="management group")),
    _both("it has the role through a group in a group", _without(_through_groups)),
    _both("a custom role holds reading blobs", _without(_custom(data_actions=(f"{_BLOBS}/read",)))),
    _both(
        "a custom role holds all of blobs but reading",
        _without(_custom(data_actions=(f"{_BLOBS}/*",), not_data_actions=(f"{_BLOBS}/read",))),
        "DBX515",
    ),
    _both("the only role that would do has a condition on the container", _without(_conditional), "DBX590"),
    _both("a deny assignment takes blobs from it", _right(_denied), "DBX515"),
    _both("the script uploads, and it may only read", _roles(BLOB_READER, does=_UPLOAD), "DBX515"),
    _both("the script uploads, and it may write", _roles(BLOB_CONTRIBUTOR, does=_UPLOAD)),
    _both("the script signs in to a registry, and it has no role there", _roles(does=_PULL), "DBX515"),
    _both("the script signs in to a registry, and it has AcrPull", _roles(ACR_PULL, at="registry", does=_PULL)),
    _both(
        "the registry gives rights by repository, where AcrPull has no effect",
        _without(_by_repository(ACR_PULL), _PULL),
        "DBX515",
    ),
    _both(
        "the registry gives rights by repository, and it may read them",
        _without(_by_repository(REPOSITORY_READER), _PULL),
    ),
    _both("the script reads a secret, and it has no role on the vault", _roles(does=_READ_SECRET), "DBX515"),
    _both(
        "the script reads a secret, and it has the role on the secret",
        _roles(SECRETS_USER, at="secret", does=_READ_SECRET),
    ),
)
STORAGE = (
    _both("there is no storage account of this name", _right(_no_account), "DBX516"),
    _both("the storage account is another tenant's", _right(_account_of_others), "DBX590"),
    _both("the verifier may not see the storage account", _right(_hidden), "DBX590"),
    _both("the firewall lets no network in", _right(_account(default_action="Deny")), "DBX516"),
    _both(
        "the firewall lets one network in", _right(_account(default_action="Deny", subnets=("/subnets/a",))), "DBX590"
    ),
    _both("public network access is disabled", _right(_account(public_network_access="Disabled")), "DBX516"),
    _both(
        "public network access is disabled, and there is a private endpoint",
        _right(_account(public_network_access="Disabled", private_endpoints=("web",))),
        "DBX590",
    ),
    _both("there is no container of this name", _right(_account(containers={"tool"})), "DBX516"),
    _both("the command uses the account's key, and the service principal may", _roles(KEY_OPERATOR, does=DOWNLOAD)),
    _both(
        "the command uses the account's key, and the service principal may read blobs alone",
        _roles(BLOB_READER, does=DOWNLOAD),
        "DBX515",
    ),
    _both("the command uses the account's key, and the service principal has no role", _roles(does=DOWNLOAD), "DBX515"),
    _both(
        "the command uses the account's key, and the account takes none",
        _without(_account(shared_key=False), DOWNLOAD),
        "DBX516",
    ),
)
