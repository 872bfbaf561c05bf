"""Which files a run looks at."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from devbox_lint.customization.kinds import ENDINGS, stem_of
from devbox_lint.diagnostics import Failure
from devbox_lint.errors import UnreadableFileError
from devbox_lint.files.exclusion import Exclusion, path_from
from devbox_lint.settings.boundary import is_inside
from devbox_lint.settings.files import NAMES, SettingsFiles
from devbox_lint.source import is_script
from devbox_lint.startup import NamedTuple, lazy

if TYPE_CHECKING:
    from devbox_lint.files.gitignore import IgnorePatterns

#: Folders that hold nobody's own files.
SKIPPED_FOLDERS = frozenset((".git", "node_modules", ".venv", "venv", "__pycache__"))

#: What in a folder says that other settings hold in it than above.
_OF_SETTINGS = frozenset((*NAMES, ".git"))
_EXCLUDE = os.path.join(".git", "info", "exclude")
#: What in a folder decides on what is below it, with the file that does.
_DECIDING = {**dict(zip(NAMES, NAMES, strict=True)), ".gitignore": ".gitignore", ".git": _EXCLUDE}
#: The files that do.
DECIDING_FILES = (*NAMES, ".gitignore", _EXCLUDE)
_OUR_STEMS = frozenset(("imagedefinition", "task", "workload", "devbox"))
_OUR_ENDINGS = (".imagedefinition", *ENDINGS)
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
    # Of WinGet configurations.
    b"onfigurationVersion",
    b"onfiguration-dsc",
    b"esource:",
    b"/DSC/",
    b"aka.ms/dsc",
    b"winget:",
)
_KEYS = lazy(
    rb"(?:asks|ommand|ntrypoint|ostInformation|upportsHibernation|uildProperties|mageDefinition)[\"']?[ \t]*:"
    rb"|mage[\"']?[ \t]*:[ \t]*[\"']?[Mm]icrosoft|(?:name|task)[ \t]*:[ \t]*[\"']?~/"
    rb"|onfigurationVersion[\"']?[ \t]*:|onfiguration-dsc-schema|PowerShell/DSC/|aka\.ms/dsc/|winget[\"']?[ \t]*:"
    rb"|esource[\"']?[ \t]*:[ \t]*[\"']?[A-Za-z][\w.-]*/"
)


class Candidate(NamedTuple):
    """A file to read; ``named`` where the user named it, so that it is not only found in a folder."""

    path: str
    named: bool


class Discovery:
    """The files of a run in the order of their first mention, and in a folder by name.

    ``unreadable`` are the folders that could not be listed, so that what they hold is not checked. ``listed`` are those
    that were, absolute, and ``deciding`` the settings and ignore files in them, whether they were of use or not.
    """

    __slots__ = ("_files", "deciding", "listed", "unreadable")

    def __init__(self) -> None:
        self._files: dict[str, Candidate] = {}
        self.unreadable: list[Failure] = []
        self.listed: list[str] = []
        self.deciding: list[str] = []

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


def discover(
    paths: Sequence[str],
    exclude: Sequence[str] = (),
    most: int | None = None,
    settings: SettingsFiles | None = None,
) -> Discovery:
    """Find the files that ``paths`` name, and the YAML files, scripts and configurations in the folders that they name.

    ``exclude`` are patterns as in `.gitignore`, relative to the working directory; they and those in ``settings`` hold
    for named files too, while `.gitignore` files hold for what is found in folders. Of each path ``most`` folders are
    listed, where it is given. Raises :class:`UnreadableFileError` and :class:`SettingsError`.
    """
    discovery = Discovery()
    here = os.getcwd()
    settings = settings or SettingsFiles(isolated=True)
    exclusion = Exclusion(exclude, settings)
    for path in paths:
        absolute = os.path.normpath(os.path.join(here, path))
        if exclusion.covers(absolute):
            continue
        if os.path.isdir(path):
            _Walk(discovery, path, absolute, exclusion, settings).run(most)
        elif os.path.isfile(path):
            discovery.add(absolute, path, True)
        elif os.path.lexists(path):
            raise UnreadableFileError(f"not a file or folder: `{path}`")
        else:
            raise UnreadableFileError(f"no such file or folder: `{path}`")
    return discovery


def may_be_ours(path: str, data: bytes) -> bool:
    """Whether a file found in a folder is worth parsing; a quick look that lets too much through, never too little."""
    if is_script(path):
        # Whether a file of ours runs it is another question.
        return True
    stem = stem_of(path)
    if stem in _OUR_STEMS or stem.endswith(_OUR_ENDINGS):
        return True
    if b"\0" in data[:64]:
        # UTF-16 and UTF-32: what matters is ASCII.
        data = data.replace(b"\0", b"")
    if not any(word in data for word in _WORDS) or b"\napiVersion:" in data or data.startswith(b"apiVersion:"):
        return False
    return _KEYS.search(data) is not None


class _Folder(NamedTuple):
    """A folder to list.

    ``path`` is as shown, ``absolute`` absolute, ``in_repository`` from the top of its repository, with `/` and, unless
    empty, with one at the end. ``ignoring`` are the patterns that hold in it, the strongest first.
    """

    path: str
    absolute: str
    in_repository: str
    ignoring: tuple[IgnorePatterns, ...]


class _Walk:
    """The walk through one named folder."""

    def __init__(
        self, discovery: Discovery, path: str, absolute: str, exclusion: Exclusion, settings: SettingsFiles
    ) -> None:
        self.discovery = discovery
        self.exclusion = exclusion
        self.settings = settings
        in_repository, ignoring = _of_parents(absolute)
        shown = "" if path == os.curdir else path
        self.root = _Folder(shown, absolute, in_repository, ignoring)

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
                self.discovery.unreadable.append(Failure(sentence, folder.path or os.curdir))
                continue
            stack.extend(reversed(self._list(folder, entries)))

    def _list(self, folder: _Folder, entries: list[os.DirEntry[str]]) -> list[_Folder]:
        """Add the files of a folder and return the folders in it."""
        is_root = folder is self.root
        self.discovery.listed.append(folder.absolute)
        deciding = [entry.name for entry in entries if entry.name in _DECIDING]
        if deciding:
            self.discovery.deciding.extend(os.path.join(folder.absolute, _DECIDING[name]) for name in deciding)
            folder = _with_own_patterns(folder, entries)
        if not is_root and not any(name in _OF_SETTINGS for name in deciding):
            self.settings.same(folder.absolute, os.path.dirname(folder.absolute))
        excluding = self.exclusion.in_folder(folder.absolute)
        folders: list[_Folder] = []
        for entry in entries:
            name = entry.name
            is_of_interest = name[-5:].lower() == ".yaml" or name[-4:].lower() in (".yml", ".ps1")
            is_of_interest = is_of_interest or name[-7:].lower() == ".winget"
            is_link = entry.is_symlink()
            is_folder = not is_link and entry.is_dir(follow_symlinks=False)
            if is_folder:
                if name in SKIPPED_FOLDERS or (hasattr(entry, "is_junction") and entry.is_junction()):
                    continue
            elif not is_of_interest or not (self._is_inside(entry) if is_link else entry.is_file()):
                continue
            if any(patterns.ignores(inside + name, name, is_folder) for patterns, inside in excluding):
                continue
            if _is_ignored(folder, name, is_folder):
                continue
            path = os.path.join(folder.path, name)
            absolute = os.path.join(folder.absolute, name)
            if is_folder:
                in_repository = f"{folder.in_repository}{name}/"
                folders.append(_Folder(path, absolute, in_repository, folder.ignoring))
            else:
                self.discovery.add(absolute, path, False)
        return folders

    def _is_inside(self, entry: os.DirEntry[str]) -> bool:
        """Whether a link leads to a file inside the folder that is walked."""
        return is_inside(entry.path, self.root.absolute) and os.path.isfile(entry.path)


def _is_ignored(folder: _Folder, name: str, is_folder: bool) -> bool:
    path = folder.in_repository + name
    for patterns in folder.ignoring:
        answer = patterns.ignores(path, name, is_folder)
        if answer is not None:
            return answer
    return False


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


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
        in_repository = path_from(top, parent)
        base = len(in_repository) + 1 if in_repository else 0
        ignoring = _added(os.path.join(parent, ".gitignore"), base, ignoring)
    return path_from(top, absolute) + "/", ignoring


def _of_repository(top: str) -> tuple[IgnorePatterns, ...]:
    return _added(os.path.join(top, _EXCLUDE), 0, ())


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
    from devbox_lint.limits import MAXIMUM_SIZE

    try:
        with open(path, "rb") as stream:
            data = stream.read(MAXIMUM_SIZE + 1)
    except OSError:
        return others
    if len(data) > MAXIMUM_SIZE:
        return others
    # Imported here: a run over named files reads no ignore file.
    from devbox_lint.files.gitignore import IgnorePatterns

    return (IgnorePatterns.of_bytes(data, base), *others)
