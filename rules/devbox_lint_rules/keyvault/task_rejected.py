"""DBX511: a task that the dev center refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator

from devbox_lint.credentials.detector import find_secrets
from devbox_lint.customization.model import Task
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.online import Asked, NotMade, OnlineRule
from devbox_lint.rule import IMAGE, USER, Context, Example
from devbox_lint.yaml.nodes import Scalar, resolve
from devbox_lint_rules.keyvault._answers import TaskError, TasksAnswer
from devbox_lint_rules.keyvault._questions import AzureQuestion, Topic

_FILE = "tasks:\n  - name: «catalog/install-nod»\n    parameters:\n      version: '22'\n"
_TASKS = '[{"name":"catalog/install-nod","parameters":{"version":"22"},"runAs":"System"}]'
_GOOD = _FILE.replace("«", "").replace("»", "").replace("nod", "node")


class TaskRejected(OnlineRule):
    """
    The dev center was asked to validate the tasks of a file, and refuses one.

    This uploads the tasks with their parameters, so it is done only where `validate-tasks` is set under `[azure]`, and
    never for a file with a credential in it.

    Why: The service makes the same check when a dev box is set up, and stops there.

    Fix: Change what the service complains about. Its words are in the finding.
    """

    code = "DBX511"
    name = "task-rejected"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER))
    at_each_place = True
    see = ("DBX203", "DBX204")
    references = (
        "https://learn.microsoft.com/rest/api/devcenter/developer/customization-tasks/validate-customization-tasks-action",
    )
    bad = (
        Example(
            USER,
            _FILE,
            says="The dev center finds no such task.",
            answers=(
                (
                    AzureQuestion(Topic.TASKS, body=_TASKS),
                    TasksAnswer((TaskError(0, "TaskNotFound: Could not find the referenced task"),)),
                ),
            ),
        ),
    )
    good = (
        Example(
            USER,
            _GOOD,
            says="The dev center takes the tasks.",
            answers=((AzureQuestion(Topic.TASKS, body=_TASKS.replace("nod", "node")), TasksAnswer(())),),
        ),
    )

    def questions(self, context: Context) -> Iterator[Asked]:
        named = [(task, task.name) for task in context.customization.tasks if task.name is not None]
        if not named:
            return
        may_be_sent = not find_secrets(context.document)
        body = json.dumps([_sent(task) for task, _ in named], separators=(",", ":")) if may_be_sent else ""
        question = AzureQuestion(Topic.TASKS, body=body)
        spans = [name.span_of(0, len(name.value)) for _, name in named]
        for number, span in enumerate(spans):
            yield Asked(question, span, spans[0], context.kind, number)

    def judge(self, asked: Asked, answer: object) -> Iterator[Finding | NotMade]:
        if isinstance(answer, TasksAnswer):
            for error in answer.errors:
                if max(error.number, 0) == asked.number:
                    which = "a task" if error.number < 0 else "this task"
                    yield Finding(asked.span, f"the dev center refuses {which}: {error.message}")


def _sent(task: Task) -> dict[str, object]:
    """A task as the service takes it; parameters are text, and lists and mappings among them are left out."""
    sent: dict[str, object] = {"name": task.name.value if task.name is not None else ""}
    given = {}
    for entry in task.parameters.entries if task.parameters is not None else ():
        value = resolve(entry.value)
        if entry.name is not None and isinstance(value, Scalar) and not value.is_null:
            given[entry.name] = value.value
    if given:
        sent["parameters"] = given
    display_name, timeout = task.node.scalar("displayName"), task.node.scalar("timeout")
    if display_name is not None:
        sent["displayName"] = display_name.value
    if timeout is not None and isinstance(timeout.data, int):
        sent["timeoutInSeconds"] = timeout.data
    sent["runAs"] = "User" if task.section == "userTasks" else "System"
    return sent
