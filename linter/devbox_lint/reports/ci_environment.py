"""What the pipeline that a run is part of says of itself in the environment, for SARIF."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from devbox_lint.reports.model import TOOL

#: The base that relative addresses in a SARIF report hang on.
ROOT = "SRCROOT"

_PIPELINE = "azuredevops/pipeline/build/"
#: The variables of the Azure Pipelines agent that GitHub Advanced Security for Azure DevOps asks for, in the
#: order in which they stand in the identifier of a run; the organization comes before them.
#: https://learn.microsoft.com/azure/devops/pipelines/build/variables
_RUN = ("SYSTEM_TEAMPROJECTID", "SYSTEM_DEFINITIONID", "SYSTEM_PHASEID", "BUILD_SOURCEBRANCH", "BUILD_BUILDID")
_PROPERTIES = {
    "buildDefinitionId": "SYSTEM_DEFINITIONID",
    "buildDefinitionName": "BUILD_DEFINITIONNAME",
    "phaseId": "SYSTEM_PHASEID",
    "phaseName": "SYSTEM_PHASENAME",
}


def automation_details(environment: Mapping[str, str]) -> dict[str, object]:
    """Which analysis this is one run of: the job of an Azure pipeline, else devbox-lint as such.

    GitHub takes the identifier for the category of the report, and replaces the last one of the same. Advanced
    Security for Azure DevOps drops a report with an Azure identifier but without its properties, so there are all
    of them or none.
    """
    organization = _organization(environment.get("SYSTEM_COLLECTIONURI", ""))
    run = [organization, *(environment.get(name, "").strip() for name in _RUN)]
    properties = {f"{_PIPELINE}{key}": environment.get(name, "").strip() for key, name in _PROPERTIES.items()}
    if not all([environment.get("TF_BUILD"), *run, *properties.values()]):
        return {"id": f"{TOOL}/"}
    return {"id": _PIPELINE + "/".join(quote(part) for part in run), "properties": properties}


def provenance(environment: Mapping[str, str]) -> dict[str, object] | None:
    """The repository, commit and branch that are checked, None where no pipeline says so."""
    if environment.get("TF_BUILD"):
        repository, commit, branch = "BUILD_REPOSITORY_URI", "BUILD_SOURCEVERSION", "BUILD_SOURCEBRANCH"
        address = environment.get(repository, "")
    elif environment.get("GITHUB_ACTIONS"):
        commit, branch = "GITHUB_SHA", "GITHUB_REF"
        address = f"{environment.get('GITHUB_SERVER_URL', '')}/{environment.get('GITHUB_REPOSITORY', '')}"
    elif environment.get("GITLAB_CI"):
        commit, branch = "CI_COMMIT_SHA", "CI_COMMIT_REF_NAME"
        address = environment.get("CI_PROJECT_URL", "")
    else:
        return None
    found: dict[str, object] = {"repositoryUri": _without_credentials(address)}
    if not found["repositoryUri"]:
        return None
    for key, name in (("revisionId", commit), ("branch", branch)):
        if environment.get(name):
            found[key] = environment[name]
    return found | {"mappedTo": {"uriBaseId": ROOT}}


def _organization(collection: str) -> str:
    """``contoso`` of ``https://dev.azure.com/contoso/`` or of ``https://contoso.visualstudio.com/``."""
    address = urlsplit(collection)
    host = address.hostname or ""
    return host.split(".")[0] if host.endswith(".visualstudio.com") else address.path.strip("/ ")


def _without_credentials(address: str) -> str:
    parts = urlsplit(address.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
