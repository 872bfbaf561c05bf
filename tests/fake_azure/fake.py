"""All of Azure that a test needs: what is declared, what goes wrong, and what was asked."""

from __future__ import annotations

import os
import tempfile
import time
from fnmatch import fnmatch
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, Self

from fake_azure import arm, dev_center_service, devops, entra, graph, key_vault, package_source, programs
from fake_azure.certificates import certificates
from fake_azure.clouds import CLOUDS, DEVOPS_HOST, DEVOPS_HOSTS, Cloud
from fake_azure.faults import Fault, Faults, Kind
from fake_azure.messages import Request, Response, Token
from fake_azure.server import Server
from fake_azure.tenants import Principal, Tenant
from fake_azure.vaults import Vault


class FakeAzure:
    """All of Azure that a test needs, between ``with`` and its end."""

    def __init__(self, latency: float = 0.0) -> None:
        #: Seconds that each answer takes longer.
        self.latency = latency
        self.tenants: list[Tenant] = []
        self.organizations: dict[str, devops.Organization] = {}
        #: The packages of WinGet by their ids, each with its versions, the newest first.
        self.packages: dict[str, tuple[str, ...]] = {"Git.Git": ("2.51.0", "2.50.1")}
        self.tokens: dict[str, Token] = {}
        self.faults = Faults()
        #: The validations that run in dev centers: the asks left until one ends, and the errors with which it ends.
        self.operations: dict[str, tuple[int, list[dict[str, Any]]]] = {}
        #: All requests in the order of their arrival.
        self.requests: list[Request] = []
        #: What the command `az` was asked for.
        self.commands: list[str] = []
        #: All hosts to which a connection was asked for, also those that do not exist.
        self.tunnels: list[str] = []
        self.closing = Event()
        self._lock = Lock()

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="fake-azure-")
        self.authority = Path(self._folder.name, "authority.pem")
        certificates().write(self.authority)
        self._server = Server(self)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._folder.cleanup()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def tenant(self, name: str = "contoso", **properties: Any) -> Tenant:
        """Another directory; the first is the one that tests are about."""
        self.tenants.append(Tenant(name, **properties))
        return self.tenants[-1]

    def organization(self, name: str, tenant: Tenant | None = None, **properties: Any) -> devops.Organization:
        """An organization of Azure DevOps, with the directory behind it."""
        self.organizations[name.lower()] = devops.Organization(name, tenant, **properties)
        return self.organizations[name.lower()]

    def fault(self, kind: Kind, host: str = "*", path: str = "*", **properties: Any) -> Fault:
        return self.faults.add(Fault(kind, host, path, **properties))

    def environment(self, application: Principal | None = None, **variables: str) -> dict[str, str]:
        """The variables with which a program's calls come here, signed in as an application with its secret."""
        proxy, authority = f"http://127.0.0.1:{self.port}", str(self.authority)
        signed_in = {}
        if application is not None:
            tenant = next(one for one in self.tenants if application.id in one.principals)
            signed_in = {
                "AZURE_TENANT_ID": tenant.id,
                "AZURE_CLIENT_ID": application.client_id,
                "AZURE_CLIENT_SECRET": application.secret,
            }
        return {
            "HTTPS_PROXY": proxy,
            "https_proxy": proxy,
            "NO_PROXY": "",
            "no_proxy": "",
            "REQUESTS_CA_BUNDLE": authority,
            "SSL_CERT_FILE": authority,
            **signed_in,
            **variables,
        }

    def federated(self, application: Principal) -> dict[str, str]:
        """The variables of a workload identity, its token in a file."""
        path = self.authority.with_name("federated-token")
        path.write_text(application.federated_token)
        given = self.environment(application, AZURE_FEDERATED_TOKEN_FILE=str(path))
        del given["AZURE_CLIENT_SECRET"]
        return given

    def pipeline(self, application: Principal) -> dict[str, str]:
        """The variables of a job of Azure Pipelines that has a service connection as an application."""
        given = self.environment(application)
        organization = self.organizations.get("pipelines") or self.organization("pipelines", connected=application)
        token = "system-access-token-of-a-job"
        self.tokens[token] = Token(devops.JOB_AUDIENCE, given["AZURE_TENANT_ID"], application.id, "job")
        return {
            **{name: value for name, value in given.items() if not name.startswith("AZURE_")},
            "AZURESUBSCRIPTION_TENANT_ID": given["AZURE_TENANT_ID"],
            "AZURESUBSCRIPTION_CLIENT_ID": application.client_id,
            "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": devops.CONNECTION,
            "SYSTEM_ACCESSTOKEN": token,
            "SYSTEM_OIDCREQUESTURI": f"https://{DEVOPS_HOST}/{organization.name}/web/{devops.OIDC}",
        }

    def managed(self, identity: Principal) -> dict[str, str]:
        """The variables of a machine of Azure that has a managed identity."""
        address = f"http://127.0.0.1:{self.port}/identity/{identity.id}"
        return self.environment(IDENTITY_ENDPOINT=address, IDENTITY_HEADER=programs.IDENTITY_HEADER)

    def command_line(self, user: Principal) -> str:
        """A PATH on which ``az`` is a command by which this user is signed in."""
        return programs.write_az(self.authority.with_name("bin"), self.port, user)

    def direct(self, application: Principal | None = None, **variables: str) -> dict[str, str]:
        """The variables of a program without a proxy, in whose resolver Azure's names lead here; for Python only."""
        folder = programs.write_resolver(self.authority.with_name("resolver"), self.port)
        path = os.pathsep.join(one for one in (folder, variables.pop("PYTHONPATH", "")) if one)
        given = self.environment(application, PYTHONPATH=path, **variables)
        return {name: value for name, value in given.items() if name.upper() != "HTTPS_PROXY"}

    # What the services look up.

    @property
    def clouds(self) -> tuple[Cloud, ...]:
        """Microsoft's clouds and those that tenants are declared to be in."""
        return (*CLOUDS, *(tenant.cloud for tenant in self.tenants if tenant.cloud not in CLOUDS))

    def tenant_of(self, name: str) -> Tenant | None:
        return next((one for one in self.tenants if name.lower() in (one.id, f"{one.name}.onmicrosoft.com")), None)

    def cloud_of(self, host: str) -> Cloud:
        return next(cloud for cloud in self.clouds if host in (*cloud.login, cloud.management))

    def is_audience(self, audience: str) -> bool:
        known = [one for cloud in self.clouds for one in (*cloud.arm_audiences, f"https://{cloud.vaults}")]
        return audience in (*known, *entra.AUDIENCES)

    def vault_at(self, host: str) -> Vault | None:
        vaults = (vault for tenant in self.tenants for vault in tenant.vaults.values())
        return next((vault for vault in vaults if vault.host == host), None)

    def exists(self, host: str) -> bool:
        """Whether a name resolves; that of a deleted vault does as long as it can be recovered."""
        if any(fnmatch(host, f"*.{cloud.vaults}") for cloud in self.clouds):
            return self.vault_at(host) is not None
        return self.service(host) is not None

    def service(self, host: str) -> Any:
        for cloud in self.clouds:
            if host in cloud.login:
                return entra
            if host == cloud.management:
                return arm
            if host.endswith(f".{cloud.vaults}"):
                return key_vault
            if any(host == center.host for tenant in self.tenants for center in tenant.dev_centers.values()):
                return dev_center_service
        if host == graph.HOST:
            return graph
        if host == package_source.HOST:
            return package_source
        return devops if host in DEVOPS_HOSTS or host.endswith(".visualstudio.com") else None

    def answer(self, request: Request) -> Response:
        with self._lock:
            self.requests.append(request)
        if self.latency:
            time.sleep(self.latency)
        with self._lock:
            response = self.service(request.host).answer(self, request)
        assert isinstance(response, Response)
        return response
