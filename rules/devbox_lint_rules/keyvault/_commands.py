"""The commands of the Azure CLI that repair what was found, ready for a shell."""

from __future__ import annotations

from shlex import join


def create_assignment(principal: str, principal_type: str, role: str, scope: str) -> str:
    """Gives a role, by its id, which the Azure CLI need not look up; who is of an unknown type it looks up itself."""
    known = ("--assignee-object-id", principal, "--assignee-principal-type", principal_type)
    assignee = known if principal_type else ("--assignee", principal)
    return join(("az", "role", "assignment", "create", *assignee, "--role", role, "--scope", scope))


def let_trusted_services_in(vault: str) -> str:
    """Lets trusted Microsoft services pass a vault's firewall."""
    return join(("az", "keyvault", "update", "--name", vault, "--bypass", "AzureServices"))


def use_roles(vault: str) -> str:
    """Makes a vault grant access by roles. Its access policies then have no effect, so it is for vaults without any."""
    return join(("az", "keyvault", "update", "--name", vault, "--enable-rbac-authorization", "true"))


def set_policy(vault: str, principal: str) -> str:
    """Lets a principal read secrets by an access policy."""
    permissions = ("--secret-permissions", "get", "list")
    return join(("az", "keyvault", "set-policy", "--name", vault, "--object-id", principal, *permissions))


def recover_vault(vault: str, location: str) -> str:
    """Brings back a deleted vault; ``location`` may be empty."""
    there = ("--location", location) if location else ()
    return join(("az", "keyvault", "recover", "--name", vault, *there))


def recover_secret(vault: str, secret: str) -> str:
    """Brings back a deleted secret."""
    return join(("az", "keyvault", "secret", "recover", "--vault-name", vault, "--name", secret))


def enable_secret(vault: str, secret: str, version: str) -> str:
    """Enables a secret, or one version of it where ``version`` is not empty."""
    change = ("az", "keyvault", "secret", "set-attributes", "--vault-name", vault, "--name", secret)
    return join((*change, *(("--version", version) if version else ()), "--enabled", "true"))


def give_identity(resource: str) -> str:
    """Gives a resource a managed identity of its own."""
    return join(("az", "resource", "update", "--ids", resource, "--set", "identity.type=SystemAssigned"))


#: Azure DevOps as the Azure CLI is to ask a token for it.
_DEV_OPS = "499b84ac-1321-427f-aa17-267ca6975798"
_ENTITLEMENTS = "https://vsaex.dev.azure.com/{organization}/_apis/{collection}?api-version={version}"


def add_application(organization: str, principal: str, project: str) -> str:
    """Makes a service principal, by its object id, a member with the access level Basic.

    ``project`` is the id of a project whose Readers it joins, and may be empty.
    """
    member = f"'servicePrincipal':{{'origin':'aad','originId':'{principal}','subjectKind':'servicePrincipal'}}"
    joined = f",'projectEntitlements':[{_as_reader(project)}]" if project else ""
    url = _ENTITLEMENTS.format(
        organization=organization, collection="serviceprincipalentitlements", version="7.1-preview.1"
    )
    return _rest("post", url, f"{{{_BASIC},{member}{joined}}}")


def change_application(organization: str, key: str, project: str) -> str:
    """Gives a service principal, by its key in the organization, the access level Basic, or makes it a reader.

    ``project`` is the id of the project, and empty where it is the access level that is too low.
    """
    url = _ENTITLEMENTS.format(
        organization=organization, collection=f"serviceprincipalentitlements/{key}", version="7.1-preview.1"
    )
    path, value = (f"/projectEntitlements/{project}", _as_reader(project)) if project else ("/accessLevel", _LEVEL)
    operation = "add" if project else "replace"
    body = f"[{{'from':'','op':'{operation}','path':'{path}','value':{value}}}]"
    return _rest("patch", url, body, ' --headers "Content-Type=application/json-patch+json"')


def add_user(organization: str, user: str) -> str:
    """Makes a user, by the object id, a member with the access level Basic."""
    url = _ENTITLEMENTS.format(organization=organization, collection="userentitlements", version="7.1")
    return _rest("post", url, f"{{{_BASIC},'user':{{'origin':'aad','originId':'{user}','subjectKind':'user'}}}}")


_LEVEL = "{'accountLicenseType':'express','licensingSource':'account'}"
_BASIC = f"'accessLevel':{_LEVEL}"


def _as_reader(project: str) -> str:
    return f"{{'group':{{'groupType':'projectReader'}},'projectRef':{{'id':'{project}'}}}}"


def _rest(method: str, url: str, body: str, headers: str = "") -> str:
    """A call with its body in the Azure CLI's own notation, which every shell leaves as it is within double quotes."""
    return f'az rest --method {method} --resource {_DEV_OPS} --url "{url}"{headers} --body "{body}"'


def make_principal(application: str) -> str:
    """Makes the service principal of an application in the tenant that one is signed in to."""
    return join(("az", "ad", "sp", "create", "--id", application))


def enable_principal(application: str) -> str:
    """Lets a service principal sign in again."""
    return join(("az", "ad", "sp", "update", "--id", application, "--set", "accountEnabled=true"))


def add_password(application: str) -> str:
    """Gives an application one more password, and prints it; those that it has stay."""
    return join(("az", "ad", "app", "credential", "reset", "--id", application, "--append"))


def store_secret(vault: str, secret: str) -> str:
    """Stores what is in a file as a new version of a secret, so that no shell remembers it."""
    return join(("az", "keyvault", "secret", "set", "--vault-name", vault, "--name", secret, "--file", "PATH"))


def make_container(account: str, container: str) -> str:
    """Makes a container in a storage account, through the Resource Manager, which no firewall of the account stops."""
    return join(("az", "storage", "container-rm", "create", "--storage-account", account, "--name", container))
