"""The scripts of a file: of PowerShell tasks, of a task definition, of a configuration, or a script file itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.model import Customization, Task
from devbox_lint.diagnostics import Span
from devbox_lint.powershell import Argument, Call, Syntax, read_script
from devbox_lint.references.expressions import ReferenceKind, find_references
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.nodes import Mapping, Node, Scalar, resolve, walk

_POWERSHELL = frozenset(("~/powershell", "powershell", "__intrinsic_powershell__"))
#: The resources of WinGet configurations that run PowerShell 7 and take all three scripts, in lower case.
CLASSIC_SCRIPT_RESOURCES = frozenset(("psdscresources/script", "xpsdesiredstateconfiguration/xscript"))
#: All that run PowerShell, each with whether it is PowerShell 7.
SCRIPT_RESOURCES = {
    **dict.fromkeys(CLASSIC_SCRIPT_RESOURCES, True),
    "microsoft.dsc.transitional/powershellscript": True,
    "microsoft.dsc.transitional/windowspowershellscript": False,
}
#: The settings that hold their scripts, in lower case.
SCRIPT_SETTINGS = ("getscript", "testscript", "setscript")
_NO_LITERAL = frozenset((ReferenceKind.UNKNOWN, ReferenceKind.UNCLOSED))
_SHELLS = frozenset(("powershell", "pwsh"))
#: The commands after which a relative path may lead to another folder, or to a file that was not there before.
MOVING = frozenset(("cd", "chdir", "sl", "set-location", "push-location", "pushd", "git", "expand-archive", "tar"))
# Parts of the names of parameters that say which PowerShell is to run a command.
_OF_VERSIONS = ("ps7", "pwsh", "powershell7", "psversion", "core")
_OF_CORE = lazy(r"(?im)^[ \t]*+#requires[ \t]+-(?:version[ \t]+[67]|psedition[ \t]+core)")
# Where the service puts the files beside an image definition: the catalog's name, the definition's, and the path.
_DEPLOYED = lazy(
    r"(?i)(?:C:|\$env:SystemDrive)?[\\/]ProgramData[\\/]Microsoft[\\/]DevBoxAgent[\\/]ImageDefinitions"
    r"[\\/]([^\\/\s'\"]++)[\\/]([^\\/\s'\"]++)[\\/]([\w. \\/-]++)"
)


class Script(NamedTuple):
    """PowerShell in a file; ``text`` is the scalar's value with words of the same length for references.

    ``is_system`` and ``is_user`` say who runs it; both are False where that is not known. ``is_core`` says that
    another PowerShell than Windows PowerShell 5.1 may run it.
    """

    scalar: Scalar
    text: str
    task: Task | None
    is_system: bool
    is_user: bool
    is_core: bool = False

    def written(self, call: Call) -> str:
        """The name of a call as it stands in the script, without quotes and folders."""
        name = self.text[call.start : call.name_end].strip("\"'& ")
        return name.replace("\\", "/").rsplit("/", 1)[-1]

    @property
    def syntax(self) -> Syntax:
        """What the script runs."""
        return read_script(self.text)

    def span(self, start: int, end: int) -> Span:
        """The source span of ``text[start:end]``."""
        return self.scalar.span_of(start, end)

    def holds(self, *words: str) -> bool:
        """Whether any of ``words``, given in lower case, is somewhere in the script: a cheap first test."""
        lowered = self.text.lower()
        return any(word in lowered for word in words)


class NamedScript(NamedTuple):
    """A script file that a file of ours runs by a path into its own folder; ``inside`` is that path with `/`.

    ``call`` is what runs it in ``script``, with the ``arguments`` that reach it; a task that takes the path in a
    parameter of its own has none. ``start`` and ``end`` are where the path stands in the value of ``scalar``.
    """

    inside: str
    scalar: Scalar
    start: int
    end: int
    script: Script | None = None
    call: Call | None = None
    arguments: tuple[Argument, ...] = ()
    task: Task | None = None


# Many rules ask for the scripts of one file after another.
@lru_cache(maxsize=1)
def scripts_in(customization: Customization) -> tuple[Script, ...]:
    """The scripts of a file, in its order."""
    document = customization.document
    if customization.kind is Kind.SCRIPT:
        root = document.root
        if not isinstance(root, Scalar):
            return ()
        return (Script(root, root.value, None, False, False, _OF_CORE.search(root.value) is not None),)
    if customization.kind is Kind.TASK:
        command = customization.root.scalar("command") if customization.root is not None else None
        return (Script(command, _blanked(command), None, False, False),) if command is not None else ()
    if customization.kind is Kind.CONFIGURATION:
        return tuple(_of_configuration(document.root))
    return tuple(_of_tasks(customization.tasks))


def _of_configuration(root: Node | None) -> Iterator[Script]:
    for unit in walk(root):
        if not isinstance(unit, Mapping):
            continue
        resource = unit.scalar("resource") or unit.scalar("type")
        is_core = SCRIPT_RESOURCES.get(resource.value.strip().lower()) if resource is not None else None
        settings = unit.mapping("settings") or unit.mapping("properties")
        if is_core is None or settings is None:
            continue
        for entry in settings.entries:
            value = resolve(entry.value)
            if (entry.name or "").lower() in SCRIPT_SETTINGS and isinstance(value, Scalar) and not value.is_null:
                yield Script(value, _blanked(value), None, False, False, is_core)


def _of_tasks(tasks: Iterable[Task]) -> Iterator[Script]:
    seen: set[int] = set()
    for task in tasks:
        if task.name is None or task.parameters is None or not is_powershell(task.name.value):
            continue
        command = task.parameter("command")
        if command is None or id(command) in seen or not isinstance(command.data, str):
            continue
        seen.add(id(command))
        is_system, is_user = users_of(task)
        is_core = any(word in name.lower() for word in _OF_VERSIONS for name in task.parameters.names)
        yield Script(command, _blanked(command), task, is_system, is_user, is_core)


def users_of(task: Task) -> tuple[bool, bool]:
    """Whether the system runs a task, and whether the user does; both False where that is not known."""
    as_user = task.parameter("runAsUser")
    is_user = task.section == "userTasks"
    is_known = is_user or as_user is None or as_user.value.lower() == "false"
    return is_known and not is_user, is_user


def is_powershell(name: str) -> bool:
    """Whether a task of that name takes PowerShell as its ``command``."""
    name = name.strip().lower()
    return name in _POWERSHELL or name.endswith("/powershell")


def _blanked(scalar: Scalar) -> str:
    value = scalar.value
    if "{{" not in value:
        return value
    pieces = []
    at = 0
    for reference in find_references(scalar):
        if reference.kind not in _NO_LITERAL:
            pieces.append(value[at : reference.start])
            pieces.append("R" * (reference.end - reference.start))
            at = reference.end
    return "".join((*pieces, value[at:]))


def named_scripts(customization: Customization) -> Iterator[NamedScript]:
    """The script files beside a file that it runs by their paths, whether or not they are there.

    A script that a command makes itself, or runs after it went to another folder, is none of them.
    """
    if ".ps1" not in customization.document.source.text.lower():
        return
    own = _definition_name(customization)
    for script in scripts_in(customization):
        if script.holds(".ps1"):
            yield from _called(script, own)
    for task in customization.tasks:
        value = task.parameter("script")
        if value is not None and "{{" not in value.value:
            text = value.value.strip()
            start = value.value.index(text)
            inside = _script_inside(text, own)
            if inside is not None:
                yield NamedScript(inside, value, start, start + len(text), task=task)


def _called(script: Script, own: str | None) -> Iterator[NamedScript]:
    moved = False
    for call in script.syntax.calls:
        moved = moved or call.program in MOVING
        place = script_path(call)
        if place is None:
            continue
        start, end, arguments = place
        path = script.scalar.value[start:end]
        inside = _script_inside(path, own)
        if inside is None:
            continue
        is_relative = path[0] not in "/\\$" and path[1:2] != ":"
        # A script that the command makes itself is named before.
        if is_relative and (moved or inside.rsplit("/", 1)[-1].lower() in script.text[:start].lower()):
            continue
        yield NamedScript(inside, script.scalar, start, end, script, call, arguments, script.task)


def script_path(call: Call) -> tuple[int, int, tuple[Argument, ...]] | None:
    """Where the path of the script stands that a call runs, and what it is given."""
    if call.name.endswith(".ps1"):
        quoted = call.name_end - call.start - len(call.name)
        return call.start + quoted // 2, call.name_end - quoted // 2, call.arguments
    if call.program in _SHELLS:
        # Imported here: most files have no script that any rule looks into.
        from devbox_lint.powershell.calls import shell_file

        index = shell_file(call)
        if index is not None:
            path = call.arguments[index]
            inside = 1 if path.quote else 0
            return path.start + inside, path.end - inside, call.arguments[index + 1 :]
    return None


def path_beside(path: str, customization: Customization) -> str | None:
    """A path that a file names, in the file's own folder and with `/`; None for any other path."""
    return _inside(path, _definition_name(customization)) if path else None


def _definition_name(customization: Customization) -> str | None:
    """The name of an image definition, in lower case; it is a part of the path where its files are put."""
    name = customization.root.scalar("name") if customization.root is not None else None
    return name.value.lower() if name is not None and customization.kind is Kind.IMAGE else None


def _script_inside(path: str, own: str | None) -> str | None:
    return _inside(path, own) if path.lower().endswith(".ps1") else None


def _inside(path: str, own: str | None) -> str | None:
    """The path in the file's own folder, with `/`; None for any other. ``own`` is an image definition's name."""
    if len(path) > 500:
        return None
    deployed = _DEPLOYED.fullmatch(path)
    if deployed is not None:
        return deployed[3].replace("\\", "/") if own is not None and deployed[2].lower() == own else None
    if any(mark in path for mark in "$:{}()*?`'\"<>|~%") or path[0] in "/\\":
        return None
    parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".")]
    return None if ".." in parts else "/".join(parts)
