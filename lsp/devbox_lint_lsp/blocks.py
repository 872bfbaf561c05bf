"""Blocks that are written in one step: a task with the parameters that it needs, and a whole file of each kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.starters import first_file, name_for
from devbox_lint.customization.task_definition import Parameter, TaskDefinition
from devbox_lint.startup import lazy

#: The keys that hold task entries.
SECTIONS = ("tasks", "userTasks")

# What a task does nothing without, where its definition names no parameter that it requires.
_LIKELIEST = {"~/winget": "package", "~/powershell": "command"}
_WHOLE = {
    Kind.IMAGE: "a whole team file",
    Kind.USER: "a whole user customization",
    Kind.TASK: "a whole task definition",
    Kind.CONFIGURATION: "a whole WinGet configuration",
}
# Stands for the name until the text is a snippet.
_NAME = "devbox-lint-name"
_SPECIAL = lazy(r"[\\$]")


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
    what = _WHOLE.get(kind)
    if what is not None:
        text = escaped(first_file(kind, path, _NAME).rstrip("\n"))
        yield text.replace(_NAME, f"${{1:{name_for(path, kind)}}}"), what


def escaped(text: str) -> str:
    """Text for a snippet, in which nothing stands for anything else."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def indented(text: str, columns: int) -> str:
    """A block whose lines after the first are moved right."""
    return text.replace("\n", "\n" + " " * columns)
