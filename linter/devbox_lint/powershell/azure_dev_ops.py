"""What a PowerShell script uses of Azure DevOps: repositories, feeds and projects, and whose rights count for it.

The commands are those of the Azure CLI's extension ``azure-devops``, whose source says how it finds the organization
and the project that a command does not name; of git; of what takes the address of a feed; and calls of the REST API. An
organization that the extension would detect from a folder's remote is not known, and what uses it is left out. Offsets
count code points of the script from 0, half open. Nothing raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from urllib.parse import unquote

from devbox_lint.powershell.azure_sign_in import Tool
from devbox_lint.powershell.cmdlets import parameters
from devbox_lint.powershell.operands import Operand, Operands
from devbox_lint.powershell.syntax import Argument, Call, Syntax
from devbox_lint.startup import NamedTuple, lazy


class DevOpsKind(Enum):
    """What of an organization is used, which decides on the access level that it needs."""

    REPOSITORY = "repository"
    FEED = "feed"
    OTHER = "other"


class DevOpsUse(NamedTuple):
    """One use. The values are names, without the signs that an address has for blanks; ``words`` name the command.

    ``project`` is None for what belongs to the organization, and where it is not known. ``branch`` may be a tag's
    name. ``tool`` is whose sign-in counts, None where the script has a token from elsewhere, or nobody can tell.
    """

    call: Call
    words: int
    kind: DevOpsKind
    organization: Operand
    project: Operand | None = None
    repository: Operand | None = None
    branch: Operand | None = None
    feed: Operand | None = None
    tool: Tool | None = None


# https://learn.microsoft.com/azure/devops/organizations/settings/naming-restrictions
_ORGANIZATION = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,48}[A-Za-z0-9])?"
_PART = r"[^\s/?#{}$<>\"'`|\\@]{1,200}"
_COLLECTION = r"(?:/DefaultCollection)?"
_HOSTS = (
    rf"https?://(?:[^\s/@\\?#]{{0,200}}@)?(?:dev\.azure\.com/({_ORGANIZATION})"
    rf"|({_ORGANIZATION})\.visualstudio\.com(?::443)?){_COLLECTION}"
)
#: The address of an organization, which is in the first or in the second group.
_ORGANIZATION_ADDRESS = lazy(rf"{_HOSTS}/?", re.IGNORECASE)
#: The address of a repository: the organization in the first or second group, then the project, which is called as the
#: repository where there is none, and the repository.
REPOSITORY_ADDRESS = lazy(
    rf"{_HOSTS}(?:/(?!_)({_PART}))?/_git/(?:_full/|_optimized/)?(?!_)({_PART})/?(?:[?#]\S*+)?", re.IGNORECASE
)
_SSH_ADDRESS = lazy(
    rf"(?:ssh://)?git@ssh\.dev\.azure\.com(?::22)?[:/]v3/({_ORGANIZATION})()/({_PART})/({_PART})", re.IGNORECASE
)
# The groups are the organization, twice, the project, and the feed without its view.
_FEED_ADDRESS = lazy(
    rf"https://(?:[^\s/@\\?#]{{0,200}}@)?(?:pkgs\.dev\.azure\.com/({_ORGANIZATION})"
    rf"|({_ORGANIZATION})\.pkgs\.visualstudio\.com){_COLLECTION}(?:/(?!_)({_PART}))?/_packaging/({_PART})(?:@{_PART})?/\S*",
    re.IGNORECASE,
)
_OPTIONS = parameters(
    "organization=org project=p repository=r detect feed scope name=n version=v path file-filter branch id output=o"
    " query subscription debug! verbose! only-show-errors! help!=h"
)
_GROUPS = frozenset(("artifacts", "boards", "devops", "pipelines", "repos"))
#: What makes or names no repository that must be there.
_MAKING = frozenset((("repos", "create"), ("repos", "import"), ("devops", "login"), ("devops", "logout")))
_DEFAULT = lazy(r"""["']?(organization|project)=["']?(.*?)["']?""", re.IGNORECASE)
#: What takes addresses of feeds.
_FEED_CLIENTS = frozenset((
    "nuget", "dotnet", "npm", "npx", "pnpm", "yarn", "pip", "pip3", "uv", "twine", "choco", "register-psrepository",
    "set-psrepository", "register-psresourcerepository", "set-psresourcerepository", "register-packagesource",
))  # fmt: skip
_FEED_IN_ARGUMENT = lazy(r"https://[^\s\"'=:]{0,300}/_packaging/[^\s\"']*+", re.IGNORECASE)
#: What gets a token, and the id of Azure DevOps that it is got for.
_MINTS = {"get-access-token": Tool.AZ, "get-azaccesstoken": Tool.POWERSHELL}
_DEV_OPS = "499b84ac-1321-427f-aa17-267ca6975798"
#: What calls the REST API by its address.
_CALLERS = frozenset(("invoke-restmethod", "irm", "invoke-webrequest", "iwr", "curl", "wget", "start-bitstransfer"))
# The groups are the organization, twice, the project, the repository, and the feed, once for each address of one.
_API_ADDRESS = lazy(
    rf"https://(?:(?:feeds|pkgs|vssps|vsaex|vsrm)\.)?(?:dev\.azure\.com/({_ORGANIZATION})"
    rf"|({_ORGANIZATION})(?:\.pkgs)?\.visualstudio\.com){_COLLECTION}(?:/(?!_)({_PART}))?/(?:"
    rf"_apis/git/repositories/({_PART})|_apis/packaging/feeds/({_PART})|_packaging/({_PART})|_apis)(?:[/?#]\S*)?",
    re.IGNORECASE,
)
#: Options of git, and of its clone, that take the word after them.
_GIT_VALUES = frozenset(("-c", "-C", "--git-dir", "--work-tree", "--namespace", "--exec-path", "--super-prefix"))
_CLONE_VALUES = frozenset((
    "-b", "--branch", "-o", "--origin", "-u", "--upload-pack", "-c", "--config", "--depth", "--reference",
    "--reference-if-able", "--separate-git-dir", "-j", "--jobs", "--template", "--shallow-since", "--shallow-exclude",
    "--filter", "--server-option", "--bundle-uri", "--revision", "--ref-format",
))  # fmt: skip


def find_dev_ops_uses(script: str, syntax: Syntax) -> Iterator[DevOpsUse]:
    """What ``script`` uses, in its order; ``syntax`` may be read from a text with references blanked out."""
    operands = Operands(script, syntax)
    defaults = _Defaults(script, syntax, operands)
    for call in syntax.calls:
        if call.name in syntax.functions or call.program in syntax.functions:
            continue
        if call.program == "az":
            yield from _of_az(call, operands, defaults)
        elif call.program == "git":
            yield from _of_git(call, operands, script)
        elif call.program in _CALLERS:
            yield from _of_caller(call, operands, script)
        elif call.program in _FEED_CLIENTS:
            yield from _of_feed_client(script, call, operands)


class _Defaults:
    """What ``az devops configure --defaults`` says, where it says it once."""

    def __init__(self, script: str, syntax: Syntax, operands: Operands) -> None:
        #: Name -> where it is given, and the value; a name that is given twice is None.
        self._given: dict[str, tuple[int, Operand] | None] = {}
        #: With a token of its own the extension may do without the sign-in.
        self.has_token = operands.is_given("env:azure_devops_ext_pat")
        for call in syntax.calls:
            words = tuple(word.text.lower() for word in call.arguments[:2])
            self.has_token = self.has_token or (call.program == "az" and words == ("devops", "login"))
            if call.program != "az" or words != ("devops", "configure"):
                continue
            for argument in call.arguments[2:]:
                match = _DEFAULT.fullmatch(script, argument.start, argument.end)
                if match is not None:
                    name = match[1].lower()
                    value = operands.at(*match.span(2))
                    self._given[name] = None if name in self._given else (call.start, value)

    def at(self, name: str, start: int) -> Operand | None:
        """The default of a name for a command that begins at ``start``."""
        given = self._given.get(name)
        return given[1] if given is not None and given[0] < start else None


def _of_az(call: Call, operands: Operands, defaults: _Defaults) -> Iterator[DevOpsUse]:
    words = [word.text.lower() for word in call.arguments[:3]]
    if not words or words[0] not in _GROUPS or any(word.text in ("--help", "-h") for word in call.arguments):
        return
    depth = next((i for i, word in enumerate(call.arguments) if word.text.startswith("-")), len(call.arguments))
    given, _ = operands.options(call.arguments[depth:], _OPTIONS, is_cli=True)
    named = given.get("organization")
    address = named if named is not None else defaults.at("organization", call.start)
    organization = _organization(operands, address) if address is not None else None
    # What is detected from a folder's remote comes before the defaults, and brings its own project.
    detect = given.get("detect")
    if organization is None or (named is None and detect is not None and (detect.literal or "").lower() != "false"):
        return
    project = given.get("project")
    if project is None and named is None:
        project = defaults.at("project", call.start)
    scope = given.get("scope")
    kind, repository, feed = DevOpsKind.OTHER, None, None
    if words[0] == "repos":
        kind = DevOpsKind.REPOSITORY
        repository = given.get("repository") if tuple(words[:2]) not in _MAKING else None
    elif words[0] == "artifacts":
        kind, feed = DevOpsKind.FEED, given.get("feed")
        if scope is None or (scope.literal or "").lower() != "project":
            project = None
    yield DevOpsUse(
        call, min(depth, 3), kind, organization, project, repository, feed=feed,
        tool=None if defaults.has_token or tuple(words[:2]) in _MAKING else Tool.AZ,
    )  # fmt: skip


def _organization(operands: Operands, address: Operand) -> Operand | None:
    parts = operands.parts(address, _ORGANIZATION_ADDRESS)
    return (parts[0] or parts[1]) if parts is not None else None


def _of_git(call: Call, operands: Operands, script: str) -> Iterator[DevOpsUse]:
    rest = _after(call.arguments, _GIT_VALUES)
    if not rest or rest[0].text.lower() == "config":
        return
    is_clone = rest[0].text.lower() == "clone"
    branch: Operand | None = None
    takes = ""
    for argument in rest[1:]:
        text = argument.text
        if takes or (text.startswith("-") and not argument.quote):
            name, mark, value = text.partition("=")
            if takes in ("-b", "--branch"):
                branch = operands.of(argument)
            elif not takes and name == "--branch" and mark:
                branch = operands.of(argument, value)
            takes = text if not takes and text in _CLONE_VALUES and not mark else ""
            continue
        use = _repository(call, operands.of(argument), operands)
        if use is not None:
            # A token of Microsoft Entra ID is handed over as a header, in place of a password.
            tool = _minting(script) if "bearer" in script[call.start : call.end].lower() else None
            words = 1 + call.arguments.index(rest[0])
            yield use._replace(words=words, branch=branch if is_clone else None, tool=tool)
            return


def _minting(script: str) -> Tool | None:
    """Who gets the token that a script hands over itself; None where it gets none, or nobody can tell from which."""
    lowered = script.lower()
    tools = [tool for word, tool in _MINTS.items() if word in lowered]
    return tools[0] if len(tools) == 1 and _DEV_OPS in lowered else None


def _after(arguments: tuple[Argument, ...], taking: frozenset[str]) -> tuple[Argument, ...]:
    """The arguments without the options before the first word that is none."""
    index = 0
    while index < len(arguments) and arguments[index].text.startswith("-"):
        index += 2 if arguments[index].text in taking else 1
    return arguments[index:]


def _repository(call: Call, address: Operand, operands: Operands) -> DevOpsUse | None:
    parts = operands.parts(address, REPOSITORY_ADDRESS) or operands.parts(address, _SSH_ADDRESS)
    if parts is None:
        return None
    first, second, project, repository = parts
    organization = first if first is not None and first.literal else second
    if organization is None or repository is None:
        return None
    repository = _decoded(repository)
    project = _decoded(project) if project is not None else repository
    return DevOpsUse(call, 0, DevOpsKind.REPOSITORY, organization, project, repository)


def _of_caller(call: Call, operands: Operands, script: str) -> Iterator[DevOpsUse]:
    for argument in call.arguments:
        parts = operands.parts(operands.of(argument), _API_ADDRESS)
        if parts is None:
            continue
        first, second, project, repository, *feeds = (part and _decoded(part) for part in parts)
        organization, feed = first or second, feeds[0] or feeds[1]
        if organization is not None:
            kind = DevOpsKind.FEED if feed else DevOpsKind.REPOSITORY if repository else DevOpsKind.OTHER
            tool = _minting(script)
            yield DevOpsUse(call, 0, kind, organization, project, repository, feed=feed, tool=tool)
        return


def _of_feed_client(script: str, call: Call, operands: Operands) -> Iterator[DevOpsUse]:
    for argument in call.arguments:
        match = _FEED_IN_ARGUMENT.search(script, argument.start, argument.end)
        address = operands.at(*match.span()) if match is not None else operands.of(argument)
        parts = operands.parts(address, _FEED_ADDRESS)
        if parts is None:
            continue
        first, second, project, feed = parts
        organization = first or second
        if organization is not None and feed is not None:
            project = _decoded(project) if project is not None else None
            yield DevOpsUse(call, 0, DevOpsKind.FEED, organization, project, feed=_decoded(feed))


def _decoded(name: Operand) -> Operand:
    return name._replace(literal=unquote(name.literal)) if name.literal is not None else name
