"""Which files a run looks at."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from devbox_lint.customization.kinds import stem_of
from devbox_lint.errors import UnreadableFileError
from devbox_lint.patterns import lazy

if TYPE_CHECKING:
    from devbox_lint.gitignore import IgnorePatterns

#: Folders that hold nobody's own files.
SKIPPED_FOLDERS = frozenset((".git", "node_modules", ".venv", "venv", "__pycache__"))

_OUR_STEMS = frozenset(("imagedefinition", "task", "workload", "devbox"))
# Fast looks at the bytes, first without any expression: what none of our files of any name goes without.
_WORDS = (
    b"asks",
    b"ommand",
    b"~/",
    b"icrosoft",
    b"ntrypoint",
    b"ostInformation",
    b"upportsHibernation",
    b"uildProperties",
    b"mageDefinition",
)
_KEYS = lazy(
    rb"(?:asks|ommand|ntrypoint|ostInformation|upportsHibernation|uildProperties|mageDefinition)[\"']?[ \t]*:"
    rb"|mage[\"']?[ \t]*:[ \t]*[\"']?[Mm]icrosoft|(?:name|task)[ \t]*:[ \t]*[\"']?~/"
)


class Candidate(NamedTuple):
    """A file to read; ``named`` where the user named it, so that it is not only found in a folder."""

    path: str
    named: bool


class Discovery:
    """The files of a run in the order of their first mention, and in a folder by name.

    ``unreadable`` are sentences on folders that could not be listed, so that what they hold is not checked.
    """

    __slots__ = ("_files", "unreadable")

    def __init__(self) -> None:
        self._files: dict[str, Candidate] = {}
        self.unreadable: list[str] = []

    @property
    def files(self) -> tuple[Candidate, ...]:
        """All files, each once."""
        return tuple(self._files.values())

    def __iter__(self) -> Iterator[Candidate]:
        return iter(self._files.values())

    def __len__(self) -> int:
        return len(self._files)

    def add(self, absolute: str, path: str, named: bool) -> None:
        """Add a file by its absolute path; one that is there keeps its place, and is named if either is."""
        key = os.path.normcase(absolute)
        before = self._files.get(key)
        if before is None:
            self._files[key] = Candidate(path, named)
        elif named and not before.named:
            self._files[key] = Candidate(before.path, True)


def discover(paths: Sequence[str], exclude: Sequence[str] = (), most: int | None = None) -> Discovery:
    """Find the files that ``paths`` name, and the YAML files in the folders that they name.

    ``exclude`` are patterns as in `.gitignore`, relative to the working directory; they hold for named files too,
    while `.gitignore` files hold for what is found in folders. Of each path ``most`` folders are listed, where
    it is given. Raises :class:`UnreadableFileError`.
    """
    discovery = Discovery()
    here = os.getcwd()
    excluded = _patterns(exclude) if exclude else None
    for path in paths:
        absolute = os.path.normpath(os.path.join(here, path))
        from_here = _from(here, absolute)
        if excluded is not None and _is_excluded(excluded, from_here, absolute):
            continue
        if os.path.isdir(path):
            _Walk(discovery, path, absolute, from_here, excluded).run(most)
        elif os.path.isfile(path):
            discovery.add(absolute, path, True)
        elif os.path.lexists(path):
            raise UnreadableFileError(f"not a file or folder: `{path}`")
        else:
            raise UnreadableFileError(f"no such file or folder: `{path}`")
    return discovery


def may_be_ours(path: str, data: bytes) -> bool:
    """Whether a file found in a folder is worth parsing; a quick look that lets too much through, never too little."""
    stem = stem_of(path)
    if stem in _OUR_STEMS or stem.endswith(".imagedefinition"):
        return True
    if b"\0" in data[:64]:
        # UTF-16 and UTF-32: what matters is ASCII.
        data = data.replace(b"\0", b"")
    if not any(word in data for word in _WORDS) or b"\napiVersion:" in data or data.startswith(b"apiVersion:"):
        return False
    return _KEYS.search(data) is not None


class _Folder(NamedTuple):
    """A folder to list.

    ``path`` is as shown, ``absolute`` absolute, ``in_repository`` from the top of its repository and
    ``from_here`` from the working directory, these two with `/` and, unless empty, with one at the end.
    ``ignoring`` are the patterns that hold in it, the strongest first.
    """

    path: str
    absolute: str
    in_repository: str
    from_here: str
    ignoring: tuple[IgnorePatterns, ...]


class _Walk:
    """The walk through one named folder."""

    def __init__(
        self, discovery: Discovery, path: str, absolute: str, from_here: str, excluded: IgnorePatterns | None
    ) -> None:
        self.discovery = discovery
        self.excluded = excluded
        self.real_root = os.path.realpath(absolute)
        in_repository, ignoring = _of_parents(absolute)
        shown = "" if path == os.curdir else path
        self.root = _Folder(shown, absolute, in_repository, from_here and from_here + "/", ignoring)

    def run(self, most: int | None = None) -> None:
        stack = [self.root]
        listed = 0
        while stack and listed != most:
            listed += 1
            folder = stack.pop()
            try:
                with os.scandir(folder.absolute) as listing:
                    entries = sorted(listing, key=_name)
            except OSError as error:
                sentence = f"{folder.path or os.curdir}: cannot be listed: {error.strerror or error}"
                if folder is self.root:
                    raise UnreadableFileError(sentence) from error
                self.discovery.unreadable.append(sentence)
                continue
            stack.extend(reversed(self._list(folder, entries)))

    def _list(self, folder: _Folder, entries: list[os.DirEntry[str]]) -> list[_Folder]:
        """Add the files of a folder and return the folders in it."""
        folder = _with_own_patterns(folder, entries)
        folders: list[_Folder] = []
        for entry in entries:
            name = entry.name
            is_yaml = name[-5:].lower() == ".yaml" or name[-4:].lower() == ".yml"
            is_link = entry.is_symlink()
            is_folder = not is_link and entry.is_dir(follow_symlinks=False)
            if is_folder:
                if name in SKIPPED_FOLDERS or (hasattr(entry, "is_junction") and entry.is_junction()):
                    continue
            elif not is_yaml or not (self._is_inside(entry) if is_link else entry.is_file()):
                continue
            if self._is_ignored(folder, name, is_folder):
                continue
            path = os.path.join(folder.path, name)
            absolute = os.path.join(folder.absolute, name)
            if is_folder:
                in_repository = f"{folder.in_repository}{name}/"
                from_here = f"{folder.from_here}{name}/"
                folders.append(_Folder(path, absolute, in_repository, from_here, folder.ignoring))
            else:
                self.discovery.add(absolute, path, False)
        return folders

    def _is_ignored(self, folder: _Folder, name: str, is_folder: bool) -> bool:
        if self.excluded is not None and self.excluded.ignores(folder.from_here + name, name, is_folder):
            return True
        path = folder.in_repository + name
        for patterns in folder.ignoring:
            answer = patterns.ignores(path, name, is_folder)
            if answer is not None:
                return answer
        return False

    def _is_inside(self, entry: os.DirEntry[str]) -> bool:
        """Whether a link leads to a file inside the folder that is walked."""
        target = os.path.realpath(entry.path)
        return target.startswith(os.path.join(self.real_root, "")) and os.path.isfile(target)


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _from(base: str, absolute: str) -> str:
    """``absolute`` from ``base`` on, with `/`; the whole path without its start where it lies elsewhere."""
    prefix = os.path.join(base, "")
    if absolute == base:
        return ""
    inside = absolute.removeprefix(prefix) if absolute.startswith(prefix) else os.path.splitdrive(absolute)[1]
    return inside.replace(os.sep, "/").strip("/")


def _patterns(exclude: Sequence[str]) -> IgnorePatterns:
    from devbox_lint.gitignore import IgnorePatterns

    return IgnorePatterns(pattern.removeprefix("./") for pattern in exclude)


def _is_excluded(excluded: IgnorePatterns, from_here: str, absolute: str) -> bool:
    """Whether a pattern holds for a named path or for one of the folders it is in."""
    if not from_here:
        return False
    names = from_here.split("/")
    for index in range(len(names)):
        is_folder = index < len(names) - 1 or os.path.isdir(absolute)
        if excluded.ignores("/".join(names[: index + 1]), names[index], is_folder):
            return True
    return False


def _of_parents(absolute: str) -> tuple[str, tuple[IgnorePatterns, ...]]:
    """Where a folder is in its repository, and the patterns that hold in it without its own."""
    parents = [absolute]
    while not os.path.lexists(os.path.join(parents[-1], ".git")):
        parent = os.path.dirname(parents[-1])
        if parent == parents[-1]:
            # No repository: the folder stands for itself.
            return "", ()
        parents.append(parent)
    if len(parents) == 1:
        # The folder is the top itself, and its own listing brings the patterns.
        return "", ()
    top = parents[-1]
    ignoring = _of_repository(top)
    for parent in reversed(parents[1:]):
        in_repository = _from(top, parent)
        base = len(in_repository) + 1 if in_repository else 0
        ignoring = _added(os.path.join(parent, ".gitignore"), base, ignoring)
    return _from(top, absolute) + "/", ignoring


def _of_repository(top: str) -> tuple[IgnorePatterns, ...]:
    return _added(os.path.join(top, ".git", "info", "exclude"), 0, ())


def _with_own_patterns(folder: _Folder, entries: list[os.DirEntry[str]]) -> _Folder:
    """The folder with the patterns of its own `.gitignore`; where a repository starts, with these alone."""
    ignoring = folder.ignoring
    for entry in entries:
        if entry.name == ".git":
            folder = folder._replace(in_repository="")
            ignoring = _of_repository(folder.absolute)
        elif entry.name == ".gitignore" and entry.is_file(follow_symlinks=False):
            # `.git` comes before in the order of names.
            ignoring = _added(os.path.join(folder.absolute, entry.name), len(folder.in_repository), ignoring)
    return folder._replace(ignoring=ignoring)


def _added(path: str, base: int, others: tuple[IgnorePatterns, ...]) -> tuple[IgnorePatterns, ...]:
    """``others`` with the patterns of a file before them; git does not follow a link here either."""
    if os.path.islink(path) or not os.path.isfile(path):
        return others
    try:
        with open(path, "rb") as stream:
            data = stream.read()
    except OSError:
        return others
    # Imported here: a run over named files reads no ignore file.
    from devbox_lint.gitignore import IgnorePatterns

    return (IgnorePatterns.of_bytes(data, base), *others)
