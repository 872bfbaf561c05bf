"""The two examples of Microsoft's how-to on service principals, from wholly wrong to wholly right, step by step.

https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from fake_azure.devops import Member
from fake_azure.key_vault import CALLER
from fake_azure.roles import BLOB_READER, CONTRIBUTOR, SECRETS_USER
from fake_azure.tenants import Principal
from situations.stage import TEAM, Outcome, Stage, check

_FILE = """\
$schema: "1.0"
name: "devbox-customization"
image: {image}
tasks:
  - name: ~/winget
    parameters:
      package: Microsoft.AzureCLI
  - name: ~/powershell
    parameters:
      command: |
        az login --service-principal `
          --username {application} `
          --password {{{{https://kv-contoso.vault.azure.net/secrets/password}}}} `
          --tenant {tenant}
"""
_STORAGE = """\
        az storage blob download `
          --account-name stcontoso `
          --container-name tools `
          --name setup.zip `
          --file C:\\setup.zip{mode}
        az logout
"""
_ARTIFACT = """\
        az artifacts universal download `
          --organization https://dev.azure.com/contoso-web `
          --project web `
          --scope project `
          --feed {feed} `
          --name cli `
          --version 1.0.0 `
          --path C:\\Tools
        az logout
"""


class HowTo:
    """An example of the how-to in which nothing is right yet, but for the project and the vault itself."""

    def __init__(self, stage: Stage, commands: str) -> None:
        self.stage = stage
        self.commands = commands
        #: What is still wrong in the file: the words that stand in it, and those that belong there.
        self.mode = ""
        self.feed = "tool"
        self.deployer: Principal = stage.contoso.application("deployer")
        self.deployer.has_principal = False
        stage.verifier.reads_directory = True
        stage.take(stage.identity)
        stage.vault.default_action, stage.vault.bypass = "Deny", "None"
        # Whoever mends the secret has a way through the firewall.
        stage.vault.addresses = (CALLER,)
        self.account = stage.contoso.storage_account("stcontoso", shared_key=False, containers=set())
        self.organization = stage.azure.organization("contoso-web", stage.contoso, feeds={"web": ("tools",)})
        self.organization.add(stage.verifier)
        stage.azure.packages["Microsoft.AzureCLI"] = ("2.80.0",)

    def check(self, *arguments: str) -> Outcome:
        """What is found in the file as it is now."""
        text = (_FILE + self.commands).format(
            image=self.stage.image,
            application=self.deployer.client_id,
            tenant=self.stage.contoso.id,
            mode=self.mode,
            feed=self.feed,
        )
        (self.stage.folder / TEAM).write_text(text, encoding="utf-8")
        self.stage.write_settings()
        return check(self.stage.folder, self.stage.environment, TEAM, "--kind", "imagedefinition", *arguments)

    def member(self) -> Member:
        """What the service principal is in the organization."""
        return self.organization.members[self.deployer.id]


class Step(NamedTuple):
    """What is found before a step, as codes, and what the step mends."""

    says: str
    found: str
    mend: Callable[[HowTo], object]


def _make_principal(one: HowTo) -> None:
    one.deployer.has_principal = True


def _make_password(one: HowTo) -> None:
    one.deployer.password(0, 365)


def _store_something(one: HowTo) -> None:
    one.stage.vault.secret("password")


def _store_password(one: HowTo) -> None:
    one.stage.vault.secrets["password"].version(created=0)


def _give_role_on_vault(one: HowTo) -> None:
    one.stage.contoso.assign(one.stage.identity, SECRETS_USER, one.stage.vault)


def _let_services_in(one: HowTo) -> None:
    one.stage.vault.bypass = "AzureServices"


def _sign_in(one: HowTo) -> None:
    one.mode = " `\n          --auth-mode login"


def _make_container(one: HowTo) -> None:
    one.account.containers.add("tools")


def _make_contributor(one: HowTo) -> None:
    one.stage.contoso.assign(one.deployer, CONTRIBUTOR, one.account)


def _make_reader(one: HowTo) -> None:
    one.stage.contoso.assign(one.deployer, BLOB_READER, one.account)


def _name_feed(one: HowTo) -> None:
    one.feed = "tools"


def _add_member(one: HowTo) -> None:
    one.organization.add(one.deployer, "stakeholder")


def _give_basic(one: HowTo) -> None:
    one.member().level = "express"


def _join_readers(one: HowTo) -> None:
    one.member().projects["web"] = "projectReader"


def _with(codes: str, more: str) -> str:
    return " ".join(sorted({*codes.split(), *more.split()}))


_SHARED = (
    Step("make the service principal", "DBX503 DBX509 DBX513", _make_principal),
    Step("store something in the vault", "DBX503 DBX509", _store_something),
    Step("give it a password", "DBX506 DBX509 DBX514", _make_password),
    Step("store that password", "DBX506 DBX509 DBX514", _store_password),
    Step("give the project Key Vault Secrets User", "DBX506 DBX509", _give_role_on_vault),
    Step("let trusted services pass the vault's firewall", "DBX509", _let_services_in),
)
#: Each example with its steps; all of the steps that both share come first.
EXAMPLES = {
    "a file from Azure Storage": (
        _STORAGE,
        (
            *(step._replace(found=_with(step.found, "DBX516")) for step in _SHARED),
            Step("sign in for blobs", "DBX516", _sign_in),
            Step("make the container", "DBX515 DBX516", _make_container),
            Step("make the service principal Contributor", "DBX515", _make_contributor),
            Step("make it Storage Blob Data Reader", "DBX515", _make_reader),
        ),
    ),
    "an artifact from Azure DevOps": (
        _ARTIFACT,
        (
            _SHARED[0]._replace(found=_with(_SHARED[0].found, "DBX518")),
            *(step._replace(found=_with(step.found, "DBX517 DBX518")) for step in _SHARED[1:]),
            Step("name the feed that is there", "DBX517 DBX518", _name_feed),
            Step("add it to the organization", "DBX517", _add_member),
            Step("give it the access level Basic", "DBX517", _give_basic),
            Step("add it to the project's Readers", "DBX517", _join_readers),
        ),
    ),
}
