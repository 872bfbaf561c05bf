"""The fake data plane of the dev center: which tasks there are, and whether a group of them is valid."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fake_azure.dev_centers import Project
from fake_azure.messages import Request, Response, arm_error, not_allowed

if TYPE_CHECKING:
    from fake_azure.fake import FakeAzure

AUDIENCE = "https://devcenter.azure.com"
_PROJECT = re.compile(r"/projects/(?P<name>[^/]+)/(?P<rest>.+)")
_TASKS = "Microsoft.DevCenter/projects/users/devboxes/userWriteRunCustomizations/action"


def answer(azure: FakeAzure, request: Request) -> Response:
    token = request.token
    if token is None or token.audience != AUDIENCE:
        return arm_error(401, "Unauthorized", "The access token is missing or invalid.")
    if "api-version" not in request.query:
        return arm_error(400, "MissingApiVersionParameter", "The api-version query parameter is required.")
    match = _PROJECT.fullmatch(request.path.rstrip("/"))
    projects = [one for tenant in azure.tenants for one in tenant.projects.values()]
    project = next((one for one in projects if match and one.name.lower() == match["name"].lower()), None)
    if match is None or project is None or project.center.host != request.host:
        return arm_error(404, "ProjectNotFound", "The project was not found.")
    if token.tenant != project.tenant.id:
        return arm_error(401, "Unauthorized", "The token was issued by another directory.")
    if not project.tenant.roles.decide(project.tenant.holders(token.object_id), _TASKS, project.id, data=True).allowed:
        return arm_error(403, "Forbidden", "The caller may not validate tasks in this project.")
    return _of_project(azure, project, match["rest"], request)


def _of_project(azure: FakeAzure, project: Project, rest: str, request: Request) -> Response:
    if rest == "customizationTasks":
        names = sorted(project.tasks or ())
        return Response(200, {"value": [{"name": one, "catalogName": one.split("/")[0]} for one in names]})
    if rest == "customizationTasks:validateGroup":
        return _validate(azure, project, request) if request.method == "POST" else not_allowed()
    if rest.startswith("operationstatuses/"):
        return _status(azure, project, rest.removeprefix("operationstatuses/"))
    return arm_error(404, "NotFound", "The requested path does not exist.")


def _validate(azure: FakeAzure, project: Project, request: Request) -> Response:
    tasks = request.json().get("tasks")
    if not isinstance(tasks, list) or not all(_is_task(one) for one in tasks):
        return arm_error(400, "InvalidRequestContent", "The request content was invalid and could not be deserialized.")
    errors = []
    for task in tasks:
        name = task["name"]
        if name in project.rejected:
            code, message = project.rejected[name]
        elif project.tasks is not None and name not in project.tasks and not name.startswith("~/"):
            code, message = "TaskDefinitionNotFound", f"The task '{name}' was not found."
        else:
            continue
        errors.append({"target": task, "details": [{"code": code, "message": message}]})
    number = f"operation-{len(azure.operations) + 1}"
    azure.operations[number] = (project.polls, errors)
    place = f"https://{request.host}/projects/{project.name}/operationstatuses/{number}?api-version={request.query['api-version']}"
    body = {"id": f"/projects/{project.name}/operationstatuses/{number}", "name": number, "status": "NotStarted"}
    return Response(202, body, (("Operation-Location", place), ("Location", place)))


def _is_task(given: Any) -> bool:
    """Whether it has the form of a CustomizationTask, whose parameters are all text."""
    kinds: dict[str, Any] = {"name": str, "parameters": dict, "displayName": str, "timeoutInSeconds": int, "runAs": str}
    return (
        isinstance(given, dict)
        and "name" in given
        and all(key in kinds and isinstance(value, kinds[key]) for key, value in given.items())
        and all(isinstance(value, str) for value in given.get("parameters", {}).values())
        and given.get("runAs", "System") in ("System", "User")
    )


def _status(azure: FakeAzure, project: Project, number: str) -> Response:
    if number not in azure.operations:
        return arm_error(404, "OperationNotFound", "The operation was not found.")
    left, errors = azure.operations[number]
    body: dict[str, Any] = {"id": f"/projects/{project.name}/operationstatuses/{number}", "name": number}
    if left > 0:
        azure.operations[number] = (left - 1, errors)
        return Response(200, {**body, "status": "Running"}, (("Retry-After", "0"),))
    return Response(200, {**body, "status": "Succeeded", "result": {"errors": errors}})
