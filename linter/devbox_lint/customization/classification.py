"""What in a file speaks for and against one of our formats, in points.

Keys are compared in lower case and without `-` and `_`, and one that is misspelt stands for what was meant: a mistake
is a finding, not another file. So a key that nobody knows says nothing; only those of other formats speak against.
"""

from __future__ import annotations

import re
from functools import cached_property

from devbox_lint.spelling import edits
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import Mapping, Node, Scalar, Sequence, resolve

_TASK_POINTS = {
    "$schema": 0, "schemaversion": 1, "name": 1, "command": 0, "description": 0, "author": 1, "keywords": 0,
    "issuenotificationemail": 2, "documentationurl": 2, "licenseurl": 2, "parameters": 0, "inputs": 0,
    "timeout": 0, "documentation": 1, "rebootrequired": 2, "powershellentrypoint": 4,
    "documentationexamples": 2,
}  # fmt: skip
_SETUP_POINTS = {
    "$schema": 0, "name": 1, "description": 0, "author": 0, "image": 0, "extends": 0, "parameters": 0,
    "variables": 0, "buildproperties": 2, "tasks": 0, "usertasks": 1, "setuptasks": 3, "hostinformation": 4,
    "supportshibernation": 3, "enablescheduledrefresh": 2, "scheduledtimeperiod": 1, "scheduledrecurrence": 1,
    "triggerimagebuildonupdate": 2,
}  # fmt: skip
_OWN = frozenset((*_TASK_POINTS, *_SETUP_POINTS))
_SECTIONS = ("tasks", "usertasks", "setuptasks")
#: What the value of a key is, where it is not text.
_SEQUENCES, _MAPPINGS = frozenset(_SECTIONS), frozenset(("parameters", "inputs", "variables", "buildproperties"))

#: Keys that only a team file has.
TEAM_KEYS = frozenset(("image", "extends", "hostinformation", "supportshibernation", "buildproperties"))
#: Keys without which a file of any name is neither a team file nor a user customization.
SETUP_KEYS = TEAM_KEYS.union(_SECTIONS)
#: Keys without which a file of any name is no task definition.
TASK_KEYS = frozenset(("command", "powershellentrypoint"))
#: Root keys of the formats that share our names; none of ours has them.
FOREIGN_KEYS = frozenset((
    "actors", "apiversion", "blocks", "boxes", "commands", "compute", "condaconfigfile", "containers",
    "datasetpath", "dependson", "deploy", "doctotext", "entrypoint", "execute", "expectedoutput", "filemounts",
    "functions", "gatherfacts", "hosts", "imageresource", "infrastructure", "instruction", "jobs",
    "machines", "mainsteps", "nodes", "pack", "phases", "pipelines", "plays", "pool", "problems", "repos",
    "roles", "runnertype", "runs", "spec", "stages", "subtasks", "targets", "trigger", "volumesizegb", "workspace",
))  # fmt: skip
#: Words that other formats have at the root, and that may as well come to an author of ours.
_COMMON_KEYS = frozenset((
    "accessible", "args", "code", "condition", "cpus", "cwd", "enact", "env", "environment", "hooks", "id", "kind",
    "memory", "metadata", "namespace", "on", "outputs", "packages", "platform", "ports", "prepare", "project",
    "properties", "provider", "replicas", "repository", "resources", "restart", "restore", "run", "schedule",
    "services", "setup", "shell", "size", "steps", "summary", "systems", "type", "volumes", "vscode",
    "weight", "workdir", "workingdir",
))  # fmt: skip

_ENTRY_KEYS = frozenset((
    "displayname", "description", "timeout", "condition", "runas", "runasuser", "timeoutminutes",
    "catalogname",
))  # fmt: skip
#: Keys of the entries in other formats' lists of tasks.
_FOREIGN_ENTRY_KEYS = frozenset((
    "action", "agent", "args", "become", "cmd", "cmds", "commands", "dependson", "expectedoutput", "group", "hosts",
    "init", "label", "loop", "needs", "notebooktask", "notify", "register", "role", "run", "runafter", "script",
    "shell", "status", "taskkey", "taskref", "tags", "threads", "uses", "when", "withitems",
))  # fmt: skip
#: What holds a task's parameters, words of other formats included.
_PARAMETER_SECTIONS = frozenset(("parameters", "inputs", "with", "params", "arguments"))
_BUILT_IN = ("~/", "__INTRINSIC_")
_BUILT_IN_NAMES = frozenset(("~/winget", "~/powershell", "~/gitclone", "~/git-clone"))
#: Tasks of Microsoft's catalogs; authors write them with and without a catalog's name before them.
_TASK_NAMES = frozenset((
    "winget", "powershell", "choco", "chocolatey", "git-clone", "gitclone", "install-vs-extension",
    "install-vs-code-extension", "install-vscode-extension", "winget-package",
))  # fmt: skip
_PARAMETER_NAMES = frozenset((
    "package", "configurationfile", "downloadurl", "inlineconfigurationbase64", "repositoryurl", "runasuser",
    "marketplaceitemname",
))  # fmt: skip
_DECLARATION_KEYS = frozenset(("type", "required", "default", "defaultvalue"))

_DEV_BOX_IMAGE = lazy(
    r"\s*(?:microsoft[a-z]+_[\w-]+_|~gallery~|/subscriptions/[^/]*/.*microsoft\.devcenter/)"
    r"|.*\bwin(?:dows)?[- ]?1[01]\b",
    re.IGNORECASE,
)
_WINDOWS_COMMAND = lazy(
    r"\.(?:ps1|exe|msi)\b|powershell|pwsh|\$(?:env:|\w+[ \t]*=)|\b(?:winget|choco|msiexec)\b|\b[a-z]:\\"
    r"|\b(?:add|copy|enable|expand|get|import|install|invoke|move|new|remove|set|start|write)-[a-z]{3}",
    re.IGNORECASE,
)
_SCHEMA_VERSION = lazy(r"v?[0-9]{1,3}(?:\.[0-9]{1,3}){0,2}")
_TEMPLATE_FILE = lazy(r"\.(?:json|bicep|bicepparam|tf)$", re.IGNORECASE)

# For files that YAML cannot parse: keys at the margin, and what stands for entries further in.
_MARGIN_KEY = lazy(r"^[\"']?([$A-Za-z][\w.$-]*)[\"']?[ \t]*:(?:[ \t]+([^\r\n]*))?", re.MULTILINE)
_ENTRY_NAME = lazy(r"^[ \t]*-[ \t]+(?:name|task):[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)
_ENTRY_PARAMETERS = lazy(r"^[ \t]+(?:parameters|inputs):", re.MULTILINE)
_TEMPLATE_BLOCK = lazy(r"^[ \t]*\{[%{][-# ]*(?:if|for|range|include|define|with|set|block|else|end)\b", re.MULTILINE)


class Shape:
    """The root keys of a file and what their values are."""

    def __init__(self, root: Mapping | None = None) -> None:
        self.names: set[str] = set()
        #: The values that are text and not null.
        self._scalars: dict[str, str] = {}
        self._collections: dict[str, Node] = {}
        self._text_points = 0
        entries = root.entries if root is not None else ()
        present = {_plain(entry.key.value) for entry in entries if isinstance(entry.key, Scalar)}
        for entry in entries:
            key = entry.key
            if not isinstance(key, Scalar):
                continue
            value = resolve(entry.value)
            name = _meant(_plain(key.value), value, present)
            self.names.add(name)
            if not isinstance(value, Scalar):
                self._collections.setdefault(name, value)
            elif not value.is_null:
                self._scalars.setdefault(name, value.value)

    def add_text(self, text: str) -> None:
        """Add what the lines of a broken file show beyond its tree."""
        # Text that slid out to the margin may hold any key; only a file without a tree is judged by all of them.
        judged = _OWN if self.names else _OWN | FOREIGN_KEYS
        for match in _MARGIN_KEY.finditer(text):
            name = _plain(match[1])
            if name in judged and name not in self.names:
                self.names.add(name)
                if value := (match[2] or "").strip("\"' \t"):
                    self._scalars[name] = value
        points = max((_points_of_name(match[1]) for match in _ENTRY_NAME.finditer(text)), default=0)
        if points and _ENTRY_PARAMETERS.search(text):
            points += 2
        # A template that makes YAML is for its own tool to judge.
        self._text_points = -10 if points < 5 and _TEMPLATE_BLOCK.search(text) else points

    @cached_property
    def schema_points(self) -> int:
        """What `$schema` says: ours is a version or an address of ours, other formats have their own."""
        value = self._scalars.get("$schema")
        if value is None:
            return 0
        if _SCHEMA_VERSION.fullmatch(value):
            return 3
        value = value.lower()
        return 3 if "devbox" in value or "dev-box" in value else -10 if "/" in value else 0

    @property
    def has_foreign_collection(self) -> bool:
        """Whether a key that other formats have at the root holds more than a word."""
        return not _COMMON_KEYS.isdisjoint(self._collections)

    @property
    def is_environment(self) -> bool:
        """Whether it is a definition of Azure Deployment Environments."""
        if "templatepath" not in self.names:
            return False
        return "runner" in self.names or bool(_TEMPLATE_FILE.search(self._scalars.get("templatepath", "")))

    @property
    def task_points(self) -> int:
        """How much it looks like a task definition."""
        points = self.schema_points + self._points_of_keys(_TASK_POINTS) + min(self._text_points, 0)
        command = self._scalars.get("command")
        if command is not None:
            points += 4 if _WINDOWS_COMMAND.search(command[:2000]) else 2
        elif "command" in self._collections:
            points -= 2
        if self._scalars.get("templatepath", "").lower().endswith(".ps1"):
            points += 4
        for section in ("parameters", "inputs"):
            points += _points_of_declarations(self._collections.get(section))
        if "dev box" in self._scalars.get("description", "")[:2000].lower():
            points += 2
        return points

    @property
    def setup_points(self) -> int:
        """How much it looks like a team file or a user customization."""
        points = self.schema_points + self._points_of_keys(_SETUP_POINTS)
        tasks = self._text_points
        for section in _SECTIONS:
            entries = self._collections.get(section)
            if isinstance(entries, Sequence) and tasks >= 0:
                tasks = max(tasks, points_of_entries(entries.items))
        points += tasks
        if "image" in self._collections:
            points -= 3
        elif _DEV_BOX_IMAGE.match(self._scalars.get("image", "")[:200]):
            points += 4
        base = self._collections.get("extends")
        if isinstance(base, Mapping) and "imageDefinition" in base.names:
            points += 4
        return points - 5 * self.is_environment

    def _points_of_keys(self, known: dict[str, int]) -> int:
        points = 0
        for name in self.names:
            own = known.get(name)
            if own is not None:
                points += own if name != "name" or name in self._scalars else 0
            elif name in FOREIGN_KEYS:
                points -= 5
            elif name in _COMMON_KEYS:
                points -= 1
        return points


def points_of_entries(items: list[Node]) -> int:
    """How much the items of a list look like tasks that Dev Box runs; 5 and more where they cannot be others'."""
    named = best = parameters = 0
    foreign: set[str] = set()
    for node in items:
        item = resolve(node)
        if not isinstance(item, Mapping):
            continue
        for entry in item.entries:
            name = _plain(entry.name or "")
            if name in ("name", "task", "type", "command") or _is_slip(name, "name"):
                value = resolve(entry.value)
                points = _points_of_name(value.value) if isinstance(value, Scalar) else 0
                best = max(best, points + 1 if name == "task" else points)
                if name not in ("type", "command"):
                    named = 1
                elif not points:
                    foreign.add(name)
            elif name in _PARAMETER_SECTIONS or _is_slip(name, "parameters"):
                value = resolve(entry.value)
                if not isinstance(value, Mapping):
                    parameters = max(parameters, 1)
                elif any(_plain(key) in _PARAMETER_NAMES for key in value.names):
                    parameters = 3
                else:
                    parameters = max(parameters, 2)
            elif name in _FOREIGN_ENTRY_KEYS or "." in name:
                foreign.add(name)
            elif isinstance(entry.value, Scalar) and entry.value.value.lower() in _BUILT_IN_NAMES:
                best = 5
        if best >= 5 and parameters == 3:
            break
    return named + best + parameters - len(foreign)


def holds_tasks(node: Node, more_than: int = 5) -> bool:
    """Whether a list under any key holds tasks that Dev Box runs; with weaker evidence, whether it may."""
    return isinstance(node, Sequence) and points_of_entries(node.items) > more_than


def _meant(name: str, value: Node, present: set[str]) -> str:
    """The root key of ours that ``name`` is or is a slip of; ``present`` are the others of the file."""
    if name in _OWN or name in FOREIGN_KEYS:
        return name
    if present.isdisjoint(_SECTIONS) and holds_tasks(value, 0 if f"{name}s" in _SECTIONS else 5):
        return "tasks"
    if name in _COMMON_KEYS:
        return name
    for own in sorted(_OWN - present):
        shape = Sequence if own in _SEQUENCES else Mapping if own in _MAPPINGS else Scalar
        if _is_slip(name, own) and isinstance(value, shape):
            return own
    return name


def _plain(key: str) -> str:
    return key if key in _OWN else key.lower().replace("_", "").replace("-", "")


def _points_of_name(name: str) -> int:
    if name.startswith(_BUILT_IN):
        return 5
    name = name.rsplit("/", 1)[-1].lower()
    # Other tools run PowerShell too.
    return 0 if name not in _TASK_NAMES else 2 if name == "powershell" else 3


def _points_of_declarations(node: Node | None) -> int:
    """How much a collection looks like the parameters that a task declares."""
    if isinstance(node, Mapping):
        for entry in node.entries:
            value = resolve(entry.value)
            if isinstance(value, Mapping) and any(name.lower() in _DECLARATION_KEYS for name in value.names):
                return 2
    elif isinstance(node, Sequence):
        for item in node.items:
            if isinstance(item, Mapping) and {"type", "id"} <= set(item.names):
                return 1
    return 0


def _is_slip(name: str, own: str) -> bool:
    """Whether a slip of the hand, in a long word two, makes ``name`` of ``own``; a plural is another word."""
    if len(name) < 4 or name + "s" == own or own + "s" == name:
        return False
    limit = 1 if len(own) < 8 else 2
    return edits(name, own, limit) <= limit
