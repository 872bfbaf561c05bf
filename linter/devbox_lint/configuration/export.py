"""What becomes of a customization in a WinGet configuration: each of its entries, and why one cannot go.

WinGet has no secret store and takes no parameters, runs a file as the user who starts it, and applies it again and
again. So values are put in place of parameters, what needs a secret stays behind, and what runs each time is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import TYPE_CHECKING

from devbox_lint.configuration.followed import Followed, followed_configurations
from devbox_lint.configuration.given_values import GivenValues, NotPossibleError
from devbox_lint.configuration.inline import PARAMETER
from devbox_lint.configuration.package_ids import meant_package
from devbox_lint.configuration.rebuilt import rebuilt_units
from devbox_lint.configuration.writing import Made, Value, new_shape, old_shape
from devbox_lint.credentials.detector import find_secrets
from devbox_lint.credentials.masking import Mask, mask_of_document
from devbox_lint.customization.catalog import Catalog
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.model import Customization, Task
from devbox_lint.customization.task_definition import Origin
from devbox_lint.diagnostics import MARKER
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.parse import parse

if TYPE_CHECKING:
    from devbox_lint.customization.task_definition import TaskDefinition

#: The shapes that can be written.
TARGETS = ("winget", "dsc3")

_STORE_ID = lazy(r"(?:9[A-Z0-9]{11}|XP[A-Z0-9]{12})")
_PLACEHOLDER = lazy(r"\{\{[ \t]*+([A-Za-z_][\w-]*+)[ \t]*+\}\}")
_RELATIVE_SCRIPT = lazy(r"(?i)(?:^|[\s'\"&])\.?[\\/]?[\w.-]+(?:[\\/][\w.-]+)*\.(?:ps1|psm1|cmd|bat|exe|msi|json|xml)\b")
_ID_CHARACTERS = lazy(r"[^\w.+-]+")
# Packages that Chocolatey and WinGet both have, under names that are certain.
_OF_CHOCOLATEY = {
    "7zip": "7zip.7zip",
    "azure-cli": "Microsoft.AzureCLI",
    "docker-desktop": "Docker.DockerDesktop",
    "gh": "GitHub.cli",
    "git": "Git.Git",
    "googlechrome": "Google.Chrome",
    "microsoft-windows-terminal": "Microsoft.WindowsTerminal",
    "nodejs": "OpenJS.NodeJS",
    "nodejs-lts": "OpenJS.NodeJS.LTS",
    "notepadplusplus": "Notepad++.Notepad++",
    "postman": "Postman.Postman",
    "powershell-core": "Microsoft.PowerShell",
    "powertoys": "Microsoft.PowerToys",
    "vscode": "Microsoft.VisualStudioCode",
}
_LAST_PARTS = {
    "winget": "winget",
    "__intrinsic_winget__": "winget",
    "powershell": "powershell",
    "__intrinsic_powershell__": "powershell",
    "gitclone": "clone",
    "git-clone": "clone",
    "__intrinsic_gitclone__": "clone",
    "choco": "choco",
    "install-vs-extension": "extension",
}
_EVERY_TIME = "it runs whenever the configuration is applied: write a test that says when it is to"
_FOLDER = "C:\\Workspaces"
# What is installed in the same run is not on the path of the process that began it.
_CHOCO = '& "$env:ProgramData\\chocolatey\\bin\\choco.exe"'
_PATH = "$env:Path = [Environment]::GetEnvironmentVariable('Path', 'Machine') + ';' + $env:Path"


class State(Enum):
    """What became of an entry."""

    TAKEN_OVER = "taken over"
    CHANGED = "changed"
    LEFT_OUT = "left out"


class Entry(NamedTuple):
    """One entry of the customization; ``line`` counts from 1, ``units`` are the ids of what it became."""

    line: int
    section: str
    task: str
    display_name: str
    state: State
    notes: tuple[str, ...]
    units: tuple[str, ...]


class Exported(NamedTuple):
    """A configuration as text, and what is to be said of it."""

    text: str
    entries: tuple[Entry, ...]
    notes: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether no entry was left out."""
        return all(entry.state is not State.LEFT_OUT for entry in self.entries)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was taken over, so that there is nothing to apply."""
        return not any(entry.units for entry in self.entries)


def described(exported: Exported) -> dict[str, object]:
    """The same for programs, as JSON has it."""
    return {
        "complete": exported.is_whole,
        "configuration": exported.text,
        "entries": [
            {
                "line": entry.line,
                "section": entry.section,
                "task": entry.task,
                "display_name": entry.display_name,
                "state": entry.state.value,
                "notes": list(entry.notes),
                "units": list(entry.units),
            }
            for entry in exported.entries
        ],
        "notes": list(exported.notes),
    }


def export(customization: Customization, name: str, target: str, catalog: Catalog) -> Exported:
    """The configuration that does what a team file or user customization does, as far as WinGet can.

    ``name`` is that of the file, for the comment above it; ``target`` one of :data:`TARGETS`.
    """
    exporter = _Exporter(customization, target, catalog)
    entries = tuple(exporter.entry(task) for task in customization.tasks)
    write = old_shape if target == "winget" else new_shape
    text = write(exporter.units, (f"Made by devbox-lint export from {name}.",))
    return Exported(text, entries, (*_notes(customization, entries), *_doubts(text)))


def _doubts(text: str) -> Iterator[str]:
    """What the JSON Schema says against the configuration, which an author's own value may be the cause of."""
    from devbox_lint.configuration.conformance import departures

    try:
        yield from (f"winget may refuse a unit: {departure}" for departure in departures(text))
    except ImportError:
        yield "not compared with the schema of configurations: `jsonschema` cannot be loaded here"


def _notes(customization: Customization, entries: Sequence[Entry]) -> Iterator[str]:
    root = customization.root
    names = set(root.names) if root is not None else set()
    if customization.document.problems:
        yield "the file cannot be parsed as it is: what stands in broken lines may be missing here"
    if "image" in names:
        yield "`image` stays behind: choose an image where the Cloud PC or machine is made"
    if "extends" in names:
        yield "`extends` stays behind: export the file that it names, too"
    if "buildProperties" in names:
        yield "`buildProperties` stays behind: the network is chosen where the machine is made"
    entries = [entry for entry in entries if entry.units]
    if any("winget" in entry.task.lower() and entry.section == "tasks" for entry in entries):
        yield "winget chooses the scope of each package itself; Dev Box installs for all users under `tasks`"
    sections = {entry.section for entry in entries}
    if len(sections) > 1 or sections == {"tasks"}:
        yield "all units run as the user who applies the file: what ran as the system asks for elevation"
    if len(entries) > 1:
        yield "a unit that fails does not stop the others, as a failed task does in Dev Box"


class _Exporter:
    def __init__(self, customization: Customization, target: str, catalog: Catalog) -> None:
        self.units: list[Made] = []
        self._customization = customization
        self._document = customization.document
        self._is_old = target == "winget"
        self._catalog = catalog
        self._ids: set[str] = set()
        self._mask: Mask = mask_of_document(self._document)
        self._secrets = [secret.span.start for secret in find_secrets(self._document)]
        self._value = GivenValues(customization).of

    def entry(self, task: Task) -> Entry:
        """Take an entry over, and say what became of it."""
        node = task.node
        line = self._document.source.position(node.start).line + 1
        name = task.name.value.strip() if task.name is not None else ""
        display = task.node.scalar("displayName") or task.node.scalar("description")
        title = self._mask.conceal(display.value.strip()) if display is not None else ""
        notes: list[str] = []
        count = len(self.units)
        ids = set(self._ids)
        try:
            if any(node.start <= start < node.end for start in self._secrets):
                raise NotPossibleError("it holds a credential in plain text, which must not be copied")
            self._take_over(task, name, title, notes)
            shown = repr(self.units[count:])
            if self._mask.conceal(shown) != shown:
                raise NotPossibleError("it holds a credential in plain text, which must not be copied")
        except NotPossibleError as reason:
            del self.units[count:]
            self._ids = ids
            return Entry(line, task.section, name, title, State.LEFT_OUT, (str(reason),), ())
        if task.node.scalar("timeout") is not None:
            notes.append("`timeout` stays behind")
        if task.node.scalar("condition") is not None:
            notes.append("`condition` stays behind: the unit is always applied")
        state = State.CHANGED if notes else State.TAKEN_OVER
        made = tuple(unit.id for unit in self.units[count:])
        return Entry(line, task.section, name, title, state, tuple(notes), made)

    def _take_over(self, task: Task, name: str, title: str, notes: list[str]) -> None:
        if not name:
            raise NotPossibleError("it names no task")
        definitions = self._catalog.find(name, self._document.source.path) if "{{" not in name else ()
        own = next((item for item in definitions if item.origin in (Origin.REPOSITORY, Origin.LISTED)), None)
        kind = _LAST_PARTS.get(name.lower().rpartition("/")[2])
        if own is not None and not name.startswith("~") and kind != "winget":
            self._catalog_task(task, own, title, notes)
        elif kind == "winget":
            self._winget(task, title, notes)
        elif kind == "powershell":
            self._powershell(task, title, notes)
        elif kind == "clone":
            self._clone(task, title, notes)
        elif kind == "choco":
            self._chocolatey(task, title, notes)
        elif kind == "extension":
            reason = "WinGet has no resource for extensions of Visual Studio: name it in a .vsconfig for VSComponents"
            raise NotPossibleError(reason)
        else:
            raise NotPossibleError("what the task does is defined in a catalog that is not at hand")

    def _add(
        self,
        wanted: str,
        resource: str,
        settings: dict[str, Value],
        task: Task | None,
        description: str,
        *,
        is_elevated: bool = False,
        prerelease: bool = False,
        depends: tuple[str, ...] = (),
    ) -> str:
        base = _ID_CHARACTERS.sub("-", wanted)[:100].strip("-.") or "unit"
        name, number = base, 2
        while name.lower() in self._ids:
            name = f"{base}-{number}"
            number += 1
        self._ids.add(name.lower())
        comments = tuple(self._comments(task)) if task is not None else ()
        made = Made(name, resource, settings, description[:512], is_elevated, prerelease, depends, comments)
        self.units.append(made)
        return name

    def _comments(self, task: Task) -> Iterator[str]:
        """The comments right above an entry."""
        source = self._document.source
        line = source.position(task.node.start).line
        above = {
            source.position(comment.span.start).line: comment.text
            for comment in self._document.comments
            if comment.alone
        }
        found: list[str] = []
        while line - 1 in above and len(found) < 20:
            line -= 1
            text = above[line].lstrip("#").strip()
            if text and not text.startswith(MARKER) and self._mask.conceal(text) == text:
                found.append(text)
        yield from reversed(found)

    def _package(self, package: str, version: str | None, task: Task | None, title: str) -> str:
        is_store = _STORE_ID.fullmatch(package) is not None
        settings: dict[str, Value] = {"id": package, "source": "msstore" if is_store else "winget"}
        if version:
            settings["version"] = version
        elif not self._is_old:
            settings["useLatest"] = True
        if is_store and not self._is_old:
            settings["acceptAgreements"] = True
        resource = "Microsoft.WinGet.DSC/WinGetPackage" if self._is_old else "Microsoft.WinGet/Package"
        return self._add(package, resource, settings, task, title or f"Install {package}")

    def _winget(self, task: Task, title: str, notes: list[str]) -> None:
        package = self._value(task, "package", notes)
        if package is not None and package.strip():
            version = self._value(task, "version", notes)
            is_latest = version is None or version.strip().lower() in ("", "latest")
            package = package.strip()
            if "." not in package and not _STORE_ID.fullmatch(package):
                raise NotPossibleError("its `package` is not a WinGet id: write what `winget search` shows")
            meant = meant_package(package)
            if meant is not None:
                notes.append(f"no known package has the id `{package}`, so `{meant}` is written")
            self._package(meant or package, None if is_latest else version, task, title)
            return
        for followed in followed_configurations(self._customization, self._catalog):
            if followed.task is task:
                self._configuration(followed, title, notes)
                return
        if task.parameter(PARAMETER) is not None:
            raise NotPossibleError("what it carries in base64 cannot be decoded")
        for name in ("configurationFile", "downloadUrl"):
            place = self._value(task, name, notes)
            if place is not None and place.strip():
                shown = self._mask.conceal(place.strip())
                raise NotPossibleError(
                    f"it is a configuration already: apply it by itself with `winget configure -f {shown}`"
                )
        raise NotPossibleError("it installs nothing")

    def _configuration(self, followed: Followed, title: str, notes: list[str]) -> None:
        what = self._mask.conceal(followed.value.value.strip())
        where = f"`{what}`" if followed.is_file else "what it carries in base64"
        if find_secrets(parse(followed.source)):
            raise NotPossibleError(f"{where} holds a credential in plain text, which must not be copied")
        made, dropped = rebuilt_units(followed.source.text, self._is_old)
        if made is None:
            raise NotPossibleError(f"{where} is not a configuration of schema 0.1 or 0.2 that can be read")
        self._merge(made, title)
        which = f"the configuration {where}" if followed.is_file else "the configuration that it carries in base64"
        notes.append(f"{which} is merged into this one")
        notes.extend(dropped)

    def _merge(self, made: Sequence[Made], title: str) -> None:
        names: dict[str, str] = {}
        for unit in made:
            depends = tuple(names.get(item.lower(), item) for item in unit.depends)
            is_last = unit is made[-1]
            description = unit.description or (title if is_last else "")
            name = self._add(
                unit.id,
                unit.resource,
                dict(unit.settings),
                None,
                description,
                is_elevated=unit.is_elevated,
                prerelease=unit.allows_prerelease,
                depends=tuple(item for item in depends if item.lower() in self._ids),
            )
            names[unit.id.lower()] = name

    def _script(self, task: Task, wanted: str, script: str, title: str, test: str = "$false") -> str:
        is_system = task.section != "userTasks" and self._customization.kind is not Kind.USER
        as_user = task.parameter("runAsUser")
        is_system = is_system and (as_user is None or as_user.value.lower() == "false")
        if self._is_old:
            settings: dict[str, Value] = {"GetScript": "@{}", "TestScript": test, "SetScript": script}
            return self._add(wanted, "PSDscResources/Script", settings, task, title, is_elevated=is_system)
        resource = "Microsoft.DSC.Transitional/WindowsPowerShellScript"
        settings = {"testScript": test, "setScript": script}
        return self._add(wanted, resource, settings, task, title, is_elevated=is_system)

    def _powershell(self, task: Task, title: str, notes: list[str]) -> None:
        command = self._value(task, "command", notes)
        folder = self._value(task, "workingDirectory", notes)
        if command is None or not command.strip():
            command = self._script_call(task, notes)
        if folder is not None and folder.strip():
            command = f"Set-Location -Path '{_quoted(folder.strip())}'\n{command}"
        self._script(task, title or "script", command.replace("\r\n", "\n"), title)
        notes.append(_EVERY_TIME)
        if self._is_old:
            notes.append("it runs in PowerShell 7, not in Windows PowerShell 5.1")

    def _script_call(self, task: Task, notes: list[str]) -> str:
        """The command that runs a script file."""
        path = self._value(task, "script", notes)
        if path is None or not path.strip():
            raise NotPossibleError("it runs nothing")
        path = path.strip()
        if "://" in path:
            raise NotPossibleError("its script is downloaded: write down what it does, or add it to the repository")
        is_relative = path[1:2] != ":" and path[:1] not in ("/", "\\", "$", "%")
        if "\n" in path or not path.lower().endswith(".ps1"):
            raise NotPossibleError("its `script` is not the path of a script")
        policy = self._value(task, "scriptExecutionPolicy", notes) or "Bypass"
        arguments = self._value(task, "scriptArgs", notes) or ""
        inside = path.replace("/", "\\").removeprefix(".\\")
        place = f"${{WinGetConfigRoot}}\\{inside}" if is_relative else path
        notes.append(f"the script `{self._mask.conceal(path)}` must be there when the configuration is applied")
        call = f"& powershell.exe -NoProfile -ExecutionPolicy {policy} -File '{_quoted(place)}' {arguments}".rstrip()
        return f'{call}\nif ($LASTEXITCODE) {{ throw "the script ended with $LASTEXITCODE" }}'

    def _clone(self, task: Task, title: str, notes: list[str]) -> None:
        address = self._value(task, "repositoryUrl", notes)
        if address is None or not address.strip():
            raise NotPossibleError("it names no repository")
        address = address.strip()
        folder = (self._value(task, "directory", notes) or _FOLDER).strip()
        branch = (self._value(task, "branch", notes) or "").strip()
        if task.parameter("pat") is not None:
            notes.append("`pat` stays behind: Git asks the user to sign in at the first clone")
        git = "Git.Git"
        if git.lower() not in self._ids:
            self._package(git, None, None, "Install Git")
            notes.append("Dev Box brings Git, so a unit for it is added")
        repository = address.rstrip("/").rpartition("/")[2].removesuffix(".git") or "repository"
        description = title or f"Clone {repository}"
        if self._is_old:
            settings: dict[str, Value] = {"HttpsUrl": address, "RootDirectory": folder}
            if branch:
                settings["ExtraArgs"] = ["--branch", branch]
            self._add(
                f"clone-{repository}", "GitDsc/GitClone", settings, task, description, prerelease=True, depends=(git,)
            )
        else:
            place = f"{folder.rstrip(chr(92))}\\{repository}"
            option = f"--branch '{_quoted(branch)}' " if branch else ""
            script = f"{_PATH}\ngit clone {option}'{_quoted(address)}' '{_quoted(place)}'\n"
            script += 'if ($LASTEXITCODE) { throw "git ended with $LASTEXITCODE" }'
            self._add(
                f"clone-{repository}",
                "Microsoft.DSC.Transitional/WindowsPowerShellScript",
                {"testScript": f"Test-Path -Path '{_quoted(place)}'", "setScript": script},
                task,
                description,
                depends=(git,),
            )
        notes.append("it is cloned by the user, and a folder that is there stays as it is")

    def _chocolatey(self, task: Task, title: str, notes: list[str]) -> None:
        package = (self._value(task, "package", notes) or "").strip()
        if not package:
            raise NotPossibleError("it installs nothing")
        version = (self._value(task, "version", notes) or "").strip()
        known = _OF_CHOCOLATEY.get(package.lower())
        if known is not None:
            self._package(known, version or None, task, title)
            notes.append(f"`{package}` of Chocolatey is `{known}` in WinGet")
            return
        chocolatey = "Chocolatey.Chocolatey"
        if chocolatey.lower() not in self._ids:
            self._package(chocolatey, None, None, "Install Chocolatey")
        option = f" --version '{_quoted(version)}'" if version else ""
        script = f"{_CHOCO} install '{_quoted(package)}' -y{option}\n"
        script += 'if ($LASTEXITCODE) { throw "choco ended with $LASTEXITCODE" }'
        # `--exact` alone would count packages of the source.
        test = f"[bool]({_CHOCO} list --exact --limit-output '{_quoted(package)}')"
        name = self._script(task, f"choco-{package}", script, title or f"Install {package}", test)
        made = self.units[-1]
        self.units[-1] = made._replace(depends=(chocolatey,), is_elevated=True, id=name)
        notes.append("WinGet has no such package that is certain: Chocolatey installs it")
        if task.parameter("switches") is not None:
            notes.append("`switches` stay behind")

    def _catalog_task(self, task: Task, definition: TaskDefinition, title: str, notes: list[str]) -> None:
        """The command of a task that the repository defines, with the values that the entry gives."""
        place = definition.place
        other = self._catalog.customization_at(place.path) if place is not None else None
        root = other.root if other is not None else None
        command = root.scalar("command") if root is not None else None
        if other is None or command is None:
            raise NotPossibleError("what the task does is defined in a catalog that is not at hand")
        if find_secrets(other.document):
            raise NotPossibleError("its task definition holds a credential in plain text, which must not be copied")
        if _RELATIVE_SCRIPT.search(command.value):
            raise NotPossibleError("its task definition runs a file that stands beside it")
        text = command.value
        pieces: list[str] = []
        at = 0
        for match in _PLACEHOLDER.finditer(text):
            given = self._value(task, match[1], notes)
            declared = definition.parameters.get(match[1])
            if given is None and declared is not None and not declared.required:
                given = declared.default or ""
            if given is None:
                raise NotPossibleError(f"its task definition needs a value for `{match[1]}`")
            pieces.extend((text[at : match.start()], f"'{_quoted(given)}'"))
            at = match.end()
        filled = "".join((*pieces, text[at:]))
        if "{{" in filled:
            raise NotPossibleError("its task definition has a placeholder that cannot be filled")
        self._script(task, title or definition.name, filled.replace("\r\n", "\n"), title)
        notes.extend(("it runs the command of its task definition", _EVERY_TIME))


def _quoted(text: str) -> str:
    """Text for single quotes of PowerShell."""
    return text.replace("'", "''")
