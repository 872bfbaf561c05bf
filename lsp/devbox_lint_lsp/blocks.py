"""Blocks that are written in one step: a task with the parameters that it needs, and a whole file of each kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from os.path import basename, dirname

from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.starters import first_file
from devbox_lint.customization.task_definition import Parameter, TaskDefinition
from devbox_lint.startup import lazy

#: The keys that hold task entries.
SECTIONS = ("tasks", "userTasks")

# What a task does nothing without, where its definition names no parameter that it requires.
_LIKELIEST = {"~/winget": "package", "~/powershell": "command"}
_STARTERS = {
    Kind.IMAGE: ("imagedefinition.yaml", "a whole team file"),
    Kind.USER: ("workload.yaml", "a whole user customization"),
    Kind.TASK: ("task.yaml", "a whole task definition"),
    Kind.CONFIGURATION: ("configuration.winget", "a whole WinGet configuration"),
}
_SPECIAL = lazy(r"[\\$]")
_NO_NAME = lazy(r"[^A-Za-z0-9_.-]+")


def task_block(definition: TaskDefinition) -> str:
    """A task's entry as a snippet, from its name on; lines after the first stand where the key `name` does."""
    needed = [parameter for parameter in definition.parameters.values() if parameter.required]
    likeliest = definition.parameters.get(_LIKELIEST.get(definition.name.lower(), ""))
    if not needed and likeliest is not None:
        needed = [likeliest]
    lines = [f"name: {escaped(definition.name)}"]
    if needed:
        lines.append("parameters:")
        lines.extend(
            f"  {parameter.name}: {_tab_stop(parameter, number)}" for number, parameter in enumerate(needed, 1)
        )
    return "\n".join(lines)


def _tab_stop(parameter: Parameter, number: int) -> str:
    values: Sequence[str] = parameter.allowed or (("true", "false") if parameter.type == "boolean" else ())
    choices = [value for value in values if value and not set(value) & set(",|\\}$'\"#:")]
    return f"${{{number}|{','.join(choices)}|}}" if choices else f"${{{number}}}"


def whole_file(kind: Kind, path: str) -> Iterator[tuple[str, str]]:
    """What a file of this kind begins with, as a snippet, and what that is."""
    known = _STARTERS.get(kind)
    if known is None:
        return
    name = _NO_NAME.sub("-", basename(dirname(path))).strip("-_.")[:60]
    name = name if len(name) >= 3 and not name[0].isdigit() else "my-dev-box"
    mark = "devbox-lint-name"
    text = escaped(first_file(known[0], name=mark, file=basename(path)).rstrip("\n"))
    yield text.replace(mark, f"${{1:{name}}}"), known[1]


def escaped(text: str) -> str:
    """Text for a snippet, in which nothing stands for anything else."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def indented(text: str, columns: int) -> str:
    """A block whose lines after the first are moved right."""
    return text.replace("\n", "\n" + " " * columns)
