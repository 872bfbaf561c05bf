"""The rules that ask Azure. They are apart from the others, so that whoever does not ask does not load them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from devbox_lint.errors import UsageError
from devbox_lint.online import OnlineRule, Resolver
from devbox_lint_rules.keyvault.check_not_made import CheckNotMade
from devbox_lint_rules.keyvault.image_not_found import ImageNotFound
from devbox_lint_rules.keyvault.project_role_missing import ProjectRoleMissing
from devbox_lint_rules.keyvault.repository_unreachable import RepositoryUnreachable
from devbox_lint_rules.keyvault.secret_disabled import SecretDisabled
from devbox_lint_rules.keyvault.secret_expired import SecretExpired
from devbox_lint_rules.keyvault.secret_not_found import SecretNotFound
from devbox_lint_rules.keyvault.task_rejected import TaskRejected
from devbox_lint_rules.keyvault.user_role_missing import UserRoleMissing
from devbox_lint_rules.keyvault.vault_firewall import VaultFirewall
from devbox_lint_rules.keyvault.vault_not_found import VaultNotFound
from devbox_lint_rules.keyvault.vault_unreachable import VaultUnreachable
from devbox_lint_rules.keyvault.vault_uses_access_policies import VaultUsesAccessPolicies

if TYPE_CHECKING:
    from devbox_lint.settings.model import AzureSettings

#: Every rule that asks Azure, in the order of its code.
ONLINE_RULES: tuple[OnlineRule, ...] = (
    VaultNotFound(),
    VaultUnreachable(),
    SecretNotFound(),
    SecretDisabled(),
    SecretExpired(),
    ProjectRoleMissing(),
    UserRoleMissing(),
    VaultUsesAccessPolicies(),
    VaultFirewall(),
    ImageNotFound(),
    TaskRejected(),
    RepositoryUnreachable(),
    CheckNotMade(),
)


def load_resolver() -> Callable[[AzureSettings], Resolver]:
    """Who answers the questions of one run, to be made by settings of its files, which share the limits of the run.

    Raises UsageError where the extra `azure` is not installed.
    """
    try:
        from devbox_lint_rules._azure.limits import Limits
        from devbox_lint_rules._azure.resolver import AzureResolver
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("azure", "msal"):
            raise
        raise UsageError(
            "Azure can be asked with the libraries azure-identity and azure-core only, which are not installed:"
            " pip install 'devbox-lint[azure]'"
        ) from None
    limits = Limits()
    return lambda settings: AzureResolver(settings, limits)
