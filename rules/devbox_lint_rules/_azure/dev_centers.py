"""The dev center: the project and its identities, its images, and what its service says to tasks."""

from __future__ import annotations

import json
import re
import time
from typing import Any, NamedTuple

from devbox_lint_rules._azure.bodies import at, object_id_at, objects_at, resource_id_at, text_at
from devbox_lint_rules._azure.clouds import DEV_CENTER_SUFFIX, Audience
from devbox_lint_rules._azure.connection import Connection, Reply
from devbox_lint_rules._azure.memory import Memory
from devbox_lint_rules._azure.resource_manager import ResourceManager, refusal
from devbox_lint_rules._azure.unanswered import UnansweredError
from devbox_lint_rules.keyvault._answers import ImageAnswer, TaskError, TasksAnswer

_API = "2025-02-01"
_HELP = "ask for the role Reader on the project and its dev center"
_VALIDATOR = "ask for the role DevCenter Dev Box User on the project"
#: The marketplace's images are in a gallery of this name.
_MARKETPLACE = "default"
_HOST = re.compile(r"[a-z0-9-]{1,80}(?:\.[a-z0-9-]{1,63}){1,6}")
#: Seconds between two looks at an operation, where the service does not say.
_PAUSE = 1.0


class DevCenter(NamedTuple):
    """A dev center or a project; ``principals`` are the object ids of its identities in lower case."""

    id: str
    principals: tuple[str, ...]
    properties: dict[str, Any]

    @property
    def name(self) -> str:
        """The last part of the id."""
        return self.id.rpartition("/")[2]


class DevCenters:
    """The one project of a run, and what belongs to it, each looked up once; ``project_id`` may be empty."""

    def __init__(self, connection: Connection, manager: ResourceManager, memory: Memory, project_id: str) -> None:
        self._connection = connection
        self._manager = manager
        self._memory = memory
        self._project_id = project_id

    @property
    def has_project(self) -> bool:
        """Whether the settings name a project."""
        return bool(self._project_id)

    def project(self) -> DevCenter:
        """The project."""
        if not self._project_id:
            raise UnansweredError("the settings name no dev center project", "set `project` under `[azure]`")
        return self._memory.get("project", lambda: self._resource(self._project_id, "the dev center project"))

    def dev_center(self) -> DevCenter:
        """The dev center of the project."""
        identity = resource_id_at(self.project().properties, "devCenterId")
        if "/devcenters/" not in identity.lower():
            raise UnansweredError("the project does not say which dev center it belongs to")
        return self._memory.get("dev center", lambda: self._resource(identity, "the dev center"))

    def image(self, name: str, version: str) -> ImageAnswer:
        """Whether the project has an image, and a version of it where ``version`` is not empty."""
        names = self._memory.get("images", self._images)
        if name not in names:
            return ImageAnswer(False, names=tuple(names))
        if not version:
            return ImageAnswer(True)
        path = f"{self.project().id}/images/{names[name]}/versions"
        items = self._manager.items(f"the versions of the image `{name}`", _HELP, path, _API)
        return ImageAnswer(True, version in {text_at(item, "name").lower() for item in items})

    def tasks(self, body: str) -> TasksAnswer:
        """What the service says to tasks, given as JSON; this sends them with their parameters."""
        project = self.project()
        scheme, _, rest = text_at(project.properties, "devCenterUri").lower().partition("://")
        host = rest.rstrip("/")
        if scheme != "https" or not host.endswith(DEV_CENTER_SUFFIX) or not _HOST.fullmatch(host):
            raise UnansweredError("the project does not say where its dev center answers")
        self._connection.dev_center = host
        tasks = json.loads(body)
        url = f"https://{host}/projects/{project.name}/customizationTasks:validateGroup?api-version={_API}"
        reply = self._connection.ask(url, Audience.DEV_CENTER, {"tasks": tasks})
        if reply.status == 403:
            raise UnansweredError("you may not have tasks validated", _VALIDATOR)
        if reply.status not in (200, 202):
            raise refusal(reply, "the tasks")
        result = self._operation(host, project.name, reply)
        return TasksAnswer(tuple(_errors(result, tasks)))

    def _operation(self, host: str, project: str, reply: Reply) -> Any:
        """What the operation comes to that ``reply`` began, looked at again and again until it has ended."""
        link = reply.headers.get("operation-location") or reply.headers.get("location") or ""
        identity = link.partition("?")[0].rpartition("/")[2]
        if not re.fullmatch(r"[A-Za-z0-9_.-]{1,100}", identity):
            raise UnansweredError("the dev center does not say how the validation goes on")
        url = f"https://{host}/projects/{project}/operationstatuses/{identity}?api-version={_API}"
        while True:
            reply = self._connection.ask(url, Audience.DEV_CENTER)
            status = text_at(reply.body, "status").lower()
            if reply.status != 200 or status in ("canceled", ""):
                raise refusal(reply, "the tasks")
            if status not in ("notstarted", "running"):
                return reply.body
            if self._connection.seconds_left < _PAUSE:
                raise UnansweredError("the dev center did not end the validation in time", "raise `timeout`")
            wait = reply.headers.get("retry-after", "")
            time.sleep(min(float(wait), 5.0) if wait.isdigit() else _PAUSE)

    def _resource(self, identity: str, what: str) -> DevCenter:
        reply = self._manager.get(identity, _API)
        if reply.status == 404:
            raise UnansweredError(
                f"{what} `{identity.rpartition('/')[2]}` does not exist, or you may not see it", _HELP
            )
        properties = at(reply.body, "properties")
        if reply.status != 200 or not isinstance(properties, dict):
            raise refusal(reply, what, _HELP)
        return DevCenter(identity, _principals(reply.body), properties)

    def _images(self) -> dict[str, str]:
        """The images of the project as a file names them, in lower case, each with the name of its resource."""
        items = self._manager.items("the images of the project", _HELP, f"{self.project().id}/images", _API)
        found = {}
        for item in items:
            name = text_at(item, "name")
            gallery, _, image = name.lower().removeprefix("~gallery~").partition("~")
            if name.lower().startswith("~gallery~") and re.fullmatch(r"[\w.~-]{1,200}", name):
                found[image if gallery == _MARKETPLACE else f"{gallery}/{image}"] = name
        if not found:
            raise UnansweredError("the project lists no images", _HELP)
        return found


def _principals(body: Any) -> tuple[str, ...]:
    """The object ids of the identities: that of the resource itself first, then those that users made for it."""
    own = object_id_at(body, "identity", "principalId")
    assigned = at(body, "identity", "userAssignedIdentities")
    others = [object_id_at(one, "principalId") for one in assigned.values()] if isinstance(assigned, dict) else []
    return tuple(dict.fromkeys(one for one in (own, *others) if one))


def _errors(body: Any, tasks: list[dict[str, Any]]) -> list[TaskError]:
    """The errors of a validation, each at the task that it is about: the service repeats the task."""
    found = []
    left = list(enumerate(tasks))
    for error in objects_at(body, "result", "errors") or objects_at(body, "error", "details"):
        name, parameters = text_at(error, "target", "name"), (error.get("target") or {}).get("parameters")
        named = [(number, task) for number, task in left if task.get("name", "").lower() == name.lower()]
        exact = [pair for pair in named if pair[1].get("parameters") == parameters]
        pair = next(iter(exact or named), None)
        if pair is not None:
            left.remove(pair)
        for detail in objects_at(error, "details") or [error]:
            words = ": ".join(part for part in (text_at(detail, "code"), text_at(detail, "message")) if part)
            found.append(TaskError(-1 if pair is None else pair[0], (words or "no reason given")[:500].rstrip(".")))
    if not found and text_at(body, "status").lower() == "failed":
        found.append(TaskError(-1, "the validation failed, and it gives no reason"))
    return found
