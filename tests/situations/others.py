"""Situations of images, tasks and Azure DevOps organizations, and of the run itself."""

from __future__ import annotations

from collections.abc import Callable

from fake_azure.faults import portal
from fake_azure.roles import DEVCENTER_PROJECT_ADMIN
from fake_azure.tenants import Tenant
from situations.situation import Situation
from situations.stage import Stage

_TASK = "  - name: catalog/choco\n    parameters:\n      package: git\n"


def _image(name: str) -> Callable[[Stage], None]:
    def arrange(stage: Stage) -> None:
        stage.center.galleries["our-gallery"] = ("base",)
        stage.image = name

    return arrange


def _tasks(rejected: bool = False, known: bool = True, allowed: bool = True) -> Callable[[Stage], None]:
    def arrange(stage: Stage) -> None:
        stage.settings["validate-tasks"] = True
        stage.more = _TASK
        stage.project.tasks = frozenset(["catalog/choco"] if known else ["catalog/other"])
        if rejected:
            stage.project.rejected["catalog/choco"] = ("ParameterNotFound", "The parameter 'package' is not known.")
        if allowed:
            stage.contoso.assign(stage.verifier, DEVCENTER_PROJECT_ADMIN, stage.project)

    return arrange


def _organization(of: Callable[[Stage], Tenant | None], anonymous: int = 302) -> Callable[[Stage], None]:
    def arrange(stage: Stage) -> None:
        organization = stage.azure.organization(
            "contoso-web", of(stage), anonymous=anonymous, repositories={"web": ("site",)}
        )
        for one in (stage.verifier, stage.ada):
            organization.add(one)
        stage.repository = "https://dev.azure.com/contoso-web/web/_git/site"
        stage.reference = "ado://contoso-web"

    return arrange


def _own(stage: Stage) -> Tenant:
    return stage.contoso


def _no_organization(stage: Stage) -> None:
    stage.repository = "https://dev.azure.com/contoso-web/web/_git/site"


def _strange_organization(stage: Stage) -> None:
    _organization(_own)(stage)
    stage.azure.fault("answer", "dev.azure.com", response=portal())


def _project_gone(stage: Stage) -> None:
    del stage.contoso.projects["web"]


def _project_hidden(stage: Stage) -> None:
    from fake_azure.roles import VAULT_READER

    stage.take(stage.verifier)
    stage.contoso.assign(stage.verifier, VAULT_READER, stage.vault)


def _no_project(stage: Stage) -> None:
    del stage.settings["project"]


def _wrong_password(stage: Stage) -> None:
    stage.environment["AZURE_CLIENT_SECRET"] = "wrong"


_DEFAULT = "microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc"
IMAGES = (
    Situation("the project has the image by its marketplace name", _image(_DEFAULT), "", None),
    Situation("the project has the image by its full name", _image(f"~gallery~default~{_DEFAULT}"), "", None),
    Situation("the project has the image of its own gallery", _image("our-gallery/base@1.0.0"), "", None),
    Situation("the project's image does not have the version", _image("our-gallery/base@9.9.9"), "DBX510", None),
    Situation("the project has no such image", _image("our-gallery/bass@1.0.0"), "DBX510", None),
    Situation("the project has no such gallery", _image("their-gallery/base@1.0.0"), "DBX510", None),
)
TASKS = (
    Situation("the dev center takes the tasks", _tasks()),
    Situation("the dev center rejects a parameter of a task", _tasks(rejected=True), "DBX511", "DBX511"),
    Situation("the dev center does not know a task", _tasks(known=False), "DBX511", "DBX511"),
    Situation("the verifier may not validate tasks", _tasks(allowed=False), "DBX590", "DBX590"),
)
ORGANIZATIONS = (
    Situation("the organization belongs to the tenant", _organization(_own), None),
    Situation("the organization belongs to the tenant, and answers 401", _organization(_own, 401), None),
    Situation("there is no organization of this name", _no_organization, "DBX512", "DBX512"),
    Situation(
        "the organization belongs to another tenant",
        _organization(lambda stage: stage.azure.tenant("fabrikam")),
        None,
        "DBX512 DBX590",
    ),
    Situation("the organization is one of personal accounts", _organization(lambda stage: None), None, "DBX512 DBX590"),
    Situation("something else answers for Azure DevOps", _strange_organization, None, "DBX590"),
)
RUN = (
    Situation("the project is not there", _project_gone, "DBX590", "DBX590"),
    Situation("the verifier may not see the project", _project_hidden, "DBX590", "DBX590"),
    Situation("no project is in the settings", _no_project, "DBX590", "DBX590"),
    Situation("the verifier's password is wrong", _wrong_password, "DBX590", "DBX590"),
)
