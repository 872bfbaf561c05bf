"""Azure DevOps organizations, as they show themselves to somebody without a sign-in."""

from __future__ import annotations

import re

from devbox_lint_rules._azure.clouds import DEV_OPS_HOST
from devbox_lint_rules._azure.connection import Connection
from devbox_lint_rules._azure.unanswered import UnansweredError
from devbox_lint_rules.keyvault._answers import OrganizationAnswer

_API = "7.1-preview"
_TENANT = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
#: What stands for no tenant: an organization of personal accounts.
_NO_TENANT = "00000000-0000-0000-0000-000000000000"


def organization(connection: Connection, name: str) -> OrganizationAnswer:
    """Whether an organization exists, and which tenant it is connected to. No token is sent."""
    reply = connection.ask(f"https://{DEV_OPS_HOST}/{name}/_apis/connectionData?api-version={_API}")
    tenant = reply.headers.get("x-vss-resourcetenant", "").strip().lower()
    if _TENANT.fullmatch(tenant):
        try:
            expected = connection.tokens.tenant()
        except UnansweredError:
            expected = ""
        return OrganizationAnswer(True, "" if tenant == _NO_TENANT else tenant, expected)
    if reply.status == 404:
        return OrganizationAnswer(False)
    raise UnansweredError(f"Azure DevOps does not say whether the organization `{name}` exists (status {reply.status})")
