"""Who signs in, and the tokens of a run: for known audiences, of one tenant, and each asked for once."""

from __future__ import annotations

import base64
import json
import os
import re
from typing import TYPE_CHECKING, Any

from azure.core.exceptions import AzureError
from azure.identity import (
    AzureCliCredential,
    AzurePipelinesCredential,
    CertificateCredential,
    ClientSecretCredential,
    CredentialUnavailableError,
    ManagedIdentityCredential,
    WorkloadIdentityCredential,
)

from devbox_lint_rules._azure.clouds import Audience, Cloud
from devbox_lint_rules._azure.memory import Memory
from devbox_lint_rules._azure.unanswered import UnansweredError

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

    from devbox_lint.settings.model import AzureSettings

_GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_SIGN_IN_ERROR = re.compile(r"\bAADSTS[0-9]{4,8}\b")
#: The Azure CLI takes some seconds to start, on a slow machine more.
_LEAST_FOR_A_PROCESS = 20


class Tokens:
    """The tokens of one run.

    The tenant is that of the settings, else that of whoever is signed in; no answer of a server changes it.
    """

    def __init__(self, cloud: Cloud, settings: AzureSettings, verify: str | bool) -> None:
        self._cloud = cloud
        self._settings = settings
        self._verify = verify
        self._memory = Memory()

    def get(self, audience: Audience) -> str:
        """A token for ``audience``; raises :class:`UnansweredError`."""
        return self._memory.get(audience, lambda: self._token(audience))

    def tenant(self) -> str:
        """The id of the tenant, in lower case; empty where the token does not say, raises where there is none."""
        return self._pinned() or _claim(self.get(Audience.RESOURCE_MANAGER), "tid")

    def _pinned(self) -> str:
        """The id of the tenant in the settings, empty where they have none or its domain."""
        tenant = (self._settings.tenant or "").lower()
        return tenant if _GUID.fullmatch(tenant) else ""

    def _token(self, audience: Audience) -> str:
        credential: TokenCredential = self._memory.get("credential", self._credential)
        help_text = "sign in with `az login`" + (f" --tenant {self._settings.tenant}" if self._settings.tenant else "")
        try:
            token = credential.get_token(self._cloud.scope(audience)).token
        except CredentialUnavailableError:
            raise UnansweredError("nobody is signed in to Azure", help_text) from None
        except AzureError as error:
            # The error's own words may have ids and addresses in them; its number says what it is.
            number = _SIGN_IN_ERROR.search(str(error))
            raise UnansweredError(
                f"Azure refused the sign-in{f' ({number[0]})' if number else ''}", help_text
            ) from None
        except (OSError, ValueError) as error:
            raise UnansweredError(f"the sign-in to Azure failed ({type(error).__name__})", help_text) from None
        wanted = self._pinned() if audience is Audience.RESOURCE_MANAGER else self.tenant()
        given = _claim(token, "tid")
        if wanted and given and wanted != given:
            raise UnansweredError(f"the sign-in is one to tenant {given}, not to {wanted}", help_text)
        return token

    def _credential(self) -> TokenCredential:
        try:
            return self._chosen(self._settings.credential)
        except ValueError:
            raise UnansweredError(
                f"the settings for the credential `{self._settings.credential}` are not complete",
                "AZURE_CLIENT_ID, AZURE_TENANT_ID and what proves the identity must be set",
            ) from None

    def _chosen(self, kind: str) -> TokenCredential:
        """The credential of a kind. Each is given its tenant, as a bare one follows a vault to whichever it names."""
        environment = os.environ
        of_environment = environment.get("AZURE_TENANT_ID", "")
        tenant = self._settings.tenant or of_environment
        if of_environment and tenant.lower() != of_environment.lower() and _GUID.fullmatch(tenant.lower()):
            # The file may be a stranger's, the environment is not.
            raise UnansweredError("the settings name another tenant than the environment variable AZURE_TENANT_ID")
        client = environment.get("AZURE_CLIENT_ID", "")
        seconds = self._settings.timeout
        options: dict[str, Any] = {
            "connection_timeout": seconds,
            "read_timeout": seconds,
            "retry_total": 2,
            "retry_connect": 1,
            "connection_verify": self._verify,
        }
        by_authority = {"authority": self._cloud.authority, **options}
        if not self._cloud.is_listed:
            by_authority["disable_instance_discovery"] = True
        if kind == "default":
            kind = _kind_by_environment()
        match kind:
            case "workload-identity":
                return WorkloadIdentityCredential(tenant_id=tenant or None, client_id=client or None, **by_authority)
            case "managed-identity":
                return ManagedIdentityCredential(client_id=client or None, **options)
            case "pipelines":
                return AzurePipelinesCredential(
                    tenant_id=self._settings.tenant or environment["AZURESUBSCRIPTION_TENANT_ID"],
                    client_id=environment["AZURESUBSCRIPTION_CLIENT_ID"],
                    service_connection_id=environment["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"],
                    system_access_token=environment["SYSTEM_ACCESSTOKEN"],
                    **by_authority,
                )
            case "secret":
                return ClientSecretCredential(tenant, client, environment["AZURE_CLIENT_SECRET"], **by_authority)
            case "certificate":
                return CertificateCredential(
                    tenant,
                    client,
                    environment["AZURE_CLIENT_CERTIFICATE_PATH"],
                    password=environment.get("AZURE_CLIENT_CERTIFICATE_PASSWORD"),
                    **by_authority,
                )
            case _:
                wait = max(_LEAST_FOR_A_PROCESS, round(seconds))
                return AzureCliCredential(tenant_id=self._settings.tenant or "", process_timeout=wait)


def _kind_by_environment() -> str:
    """What the environment was prepared for, else the Azure CLI: what happens to be at hand is not tried out."""

    def has(*names: str) -> bool:
        return all(os.environ.get(name) for name in names)

    if has("AZURE_FEDERATED_TOKEN_FILE", "AZURE_CLIENT_ID"):
        return "workload-identity"
    if has(
        "SYSTEM_OIDCREQUESTURI",
        "SYSTEM_ACCESSTOKEN",
        "AZURESUBSCRIPTION_CLIENT_ID",
        "AZURESUBSCRIPTION_TENANT_ID",
        "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID",
    ):
        return "pipelines"
    if has("AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"):
        return "secret"
    if has("AZURE_CLIENT_ID", "AZURE_CLIENT_CERTIFICATE_PATH"):
        return "certificate"
    return "cli"


def _claim(token: str, name: str) -> str:
    """A claim of a token, in lower case; empty where it has none. Nobody need check the signature to compare ids."""
    parts = token.split(".")
    if len(parts) != 3:
        return ""
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return ""
    value = claims.get(name) if isinstance(claims, dict) else None
    return value.lower() if isinstance(value, str) else ""
