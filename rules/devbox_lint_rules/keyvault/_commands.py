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
