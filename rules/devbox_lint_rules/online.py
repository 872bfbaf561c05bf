"""The rules that ask Azure. They are apart from the others, so that whoever does not ask does not load them."""

from __future__ import annotations

from devbox_lint.online import OnlineRule
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
