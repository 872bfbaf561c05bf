"""Blocks that are written in one step: a task with the parameters that it needs, and a whole file of each kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.starters import first_file, name_for
from devbox_lint.customization.task_definition import Origin, Parameter, TaskDefinition
from devbox_lint.startup import lazy

#: The keys that hold task entries.
SECTIONS = ("tasks", "userTasks")

# What a task does nothing without, where its definition names no parameter that it requires.
_LIKELIEST = {"~/winget": "package", "winget": "package", "~/powershell": "command"}
# What stands for the value of a parameter of a built-in or quick-start task until it is written, in the form it needs.
_SHAPES = {
    "package": "PUBLISHER.PACKAGE",
    "command": "COMMAND",
    "repositoryUrl": "https://github.com/OWNER/REPOSITORY",
    "marketplaceItemName": "PUBLISHER.EXTENSION",
}
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
    is_standard = definition.origin in (Origin.BUILT_IN, Origin.QUICK_START)
    likeliest = definition.parameters.get(_LIKELIEST.get(definition.name.lower(), "")) if is_standard else None
    if not needed and likeliest is not None:
        needed = [likeliest]
    lines = [f"name: {escaped(definition.name)}"]
    if needed:
        lines.append("parameters:")
        lines.extend(
            f"  {parameter.name}: {_tab_stop(parameter, number, _SHAPES if is_standard else {})}"
            for number, parameter in enumerate(needed, 1)
        )
    return "\n".join(lines)


def _tab_stop(parameter: Parameter, number: int, shapes: Mapping[str, str]) -> str:
    values: Sequence[str] = parameter.allowed or (("true", "false") if parameter.type == "boolean" else ())
    choices = [value for value in values if value and not set(value) & set(",|\\}$'\"#:")]
    if choices:
        return f"${{{number}|{','.join(choices)}|}}"
    shape = shapes.get(parameter.name) or _placeholder(parameter)
    return f"${{{number}:{shape}}}" if shape else f"${{{number}}}"


def _placeholder(parameter: Parameter) -> str:
    """What a parameter takes for certain; empty where that cannot be told."""
    if parameter.type not in (None, "string") or parameter.pattern is not None:
        return ""
    least, most = parameter.minimum_length or 0, parameter.maximum_length
    return parameter.name.upper() if least <= len(parameter.name) <= (most or len(parameter.name)) else ""


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
