"""What a repository is like that `init` is to set up: its files of ours, its service, and what it has already."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator

from devbox_lint.customization.kinds import Kind, classify
from devbox_lint.errors import UnreadableFileError
from devbox_lint.files.discovery import discover, may_be_ours
from devbox_lint.limits import MAXIMUM_FOLDERS
from devbox_lint.settings.boundary import is_top, repository_of
from devbox_lint.source import MOST_READ, SourceFile, is_script
from devbox_lint.startup import NamedTuple
from devbox_lint.yaml.parse import parse

#: What hosts of each have in their names, and the files or folders that are for it alone.
_HOSTS = {"github": ("github.",), "azure": ("dev.azure.com", "visualstudio.com"), "gitlab": ("gitlab",)}
_SIGNS = {
    "github": (".github",),
    "azure": ("azure-pipelines.yml", ".azure-pipelines", ".azuredevops", ".pipelines"),
    "gitlab": (".gitlab-ci.yml",),
}
#: Where each has its pipelines: a file is looked for devbox-lint, and a folder for files with it.
_PIPELINES = {
    "github": (".github/workflows",),
    "azure": ("azure-pipelines.yml", ".azure-pipelines", ".azuredevops", ".pipelines"),
    "gitlab": (".gitlab-ci.yml",),
}
_ORIGIN = re.compile(r'^\[remote "origin"\][ \t]*\n(?:(?!\[).*\n)*?[ \t]*url[ \t]*=[ \t]*(\S+)', re.MULTILINE)
_HOST = re.compile(r"(?:\w+://)?(?:[^@/\s]*@)?([\w.-]+)")
_BRANCH = re.compile(r"ref: refs/(?:heads|remotes/origin)/([\w./-]+)\s*")
#: More of a file than this, in bytes, is not read to learn of a repository.
_MOST = 1_000_000


class Layout(NamedTuple):
    """A repository, or a folder that is in none.

    ``top`` is absolute. ``service`` is `github`, `azure` or `gitlab`, empty where nothing tells, and ``because`` says
    what did. ``branch`` is the one that work goes to.
    """

    top: str
    is_repository: bool
    counts: Counter[Kind]
    service: str
    because: str
    branch: str

    def text(self, inside: str) -> str | None:
        """What a file says, by its path from the top; None where there is none."""
        return _text(os.path.join(self.top, *inside.split("/")))

    def runs_us(self, service: str) -> str:
        """The pipeline of a service that names devbox-lint, by its path from the top; empty without one."""
        for place in _PIPELINES[service]:
            for inside in self._files(place):
                if "devbox-lint" in (self.text(inside) or ""):
                    return inside
        return ""

    def _files(self, place: str) -> Iterator[str]:
        """A file itself, or the YAML files in a folder."""
        try:
            names = sorted(os.listdir(os.path.join(self.top, *place.split("/"))))
        except OSError:
            yield place
            return
        yield from (f"{place}/{name}" for name in names if name.endswith((".yml", ".yaml")))


def layout_of(folder: str) -> Layout:
    """Look at the repository that ``folder`` is in; raises :class:`UnreadableFileError` where it cannot be listed."""
    top = repository_of(os.path.abspath(folder))
    service, because = _service(top)
    return Layout(top, is_top(top), _counts(top), service, because, _branch(top))


def _service(top: str) -> tuple[str, str]:
    origin = _ORIGIN.search(_text(os.path.join(top, ".git", "config")) or "")
    host = _HOST.match(origin[1]) if origin is not None else None
    if host is not None:
        # Of an address, which may have a token in it, the host alone is shown.
        for service, parts in _HOSTS.items():
            if any(part in host[1].lower() for part in parts):
                return service, f"the remote `origin` is at {host[1]}"
    for service, names in _SIGNS.items():
        for name in names:
            if os.path.lexists(os.path.join(top, name)):
                return service, f"there is `{name}`"
    return "", ""


def _branch(top: str) -> str:
    for place in (("refs", "remotes", "origin", "HEAD"), ("HEAD",)):
        found = _BRANCH.fullmatch(_text(os.path.join(top, ".git", *place)) or "")
        # A branch with a folder in its name is somebody's work.
        if found is not None and "/" not in found[1]:
            return found[1]
    return "main"


def _counts(top: str) -> Counter[Kind]:
    counts: Counter[Kind] = Counter()
    here = os.getcwd()
    for candidate in discover([os.curdir if top == here else top], most=MAXIMUM_FOLDERS):
        try:
            with open(candidate.path, "rb") as stream:
                data = stream.read(MOST_READ)
        except OSError:
            continue
        if is_script(candidate.path) or not may_be_ours(candidate.path, data):
            continue
        try:
            kind = classify(candidate.path, parse(SourceFile.from_bytes(candidate.path, data)))
        except UnreadableFileError:
            continue
        if kind is not None:
            counts[kind] += 1
    return counts


def _text(path: str) -> str | None:
    try:
        with open(path, "rb") as stream:
            return stream.read(_MOST).decode("utf-8", "replace").replace("\r\n", "\n")
    except OSError:
        return None
