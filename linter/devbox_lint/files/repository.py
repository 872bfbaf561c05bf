"""The files of a repository as the rules see them: task definitions, and what stands beside a file.

Nothing outside the repository is read, and everything at most once in a run. Knows no YAML.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Literal

from devbox_lint.customization.remote import Remote
from devbox_lint.errors import UnreadableFileError
from devbox_lint.files.discovery import discover
from devbox_lint.limits import MAXIMUM_DEFINITIONS, MAXIMUM_FOLDERS, MAXIMUM_SIZE
from devbox_lint.startup import lazy

#: How many folders above a script are looked at for the files that run it.
_MOST_LEVELS = 12
_TASK_FILES = frozenset(("task.yaml", "task.yml"))
#: Longer settings of git, in bytes, are not read.
_LONGEST_CONFIG = 100_000
_ORIGIN = lazy(r"^\[remote \"origin\"\][ \t]*\n(?:(?!\[).*\n)*?[ \t]*url[ \t]*=[ \t]*(\S+)", re.MULTILINE)
_ADDRESS = lazy(r"(?:\w+://)?(?:[^@/\s]*@)?([\w.-]+)(?::[0-9]+(?=/))?[:/]([\w.-]+/[\w.-]+?)(?:\.git)?/?", re.IGNORECASE)
_BRANCH = lazy(r"ref: refs/heads/(\S+)\s*")


class FilesOnDisk:
    """Files around those of a run.

    ``found`` are paths that are looked at too: a run without a repository knows the tasks it checks.
    """

    __slots__ = ("_beside", "_content", "_found", "_listings", "_remotes", "_roots", "_speaking", "listed", "looked_at")

    def __init__(self, found: Iterable[str] = ()) -> None:
        self._found = tuple(found)
        self._roots: dict[str, str | None] = {}
        self._content: dict[str, bytes | None] = {}
        self._listings: dict[str, dict[str, str]] = {}
        self._beside: dict[tuple[str, str], list[str]] | None = None
        self._speaking: dict[str, bytes] = {}
        self._remotes: dict[str, Remote | None] = {}
        #: The folders that were listed, absolute, and every other path that was looked at, read or not.
        self.listed: set[str] = set()
        self.looked_at: set[str] = set()

    def root(self, path: str) -> str:
        """The folder with `.git` that holds ``path``; empty for a file in none, which has the files of the run."""
        near = os.path.dirname(path)
        root = self._roots.get(near)
        if root is not None:
            return root
        folder = os.path.abspath(near)
        # As the path has it too, so that the next file there needs no absolute one.
        passed = [near]
        root = None
        while folder not in self._roots:
            passed.append(folder)
            if os.path.lexists(os.path.join(folder, ".git")):
                root = folder
                break
            parent = os.path.dirname(folder)
            if parent == folder:
                break
            folder = parent
        else:
            root = self._roots[folder]
        self._roots.update(dict.fromkeys(passed, root))
        return root if root is not None else ""

    def task_files(self, root: str) -> Iterable[str]:
        """The task definitions below ``root``; those of the run where it is empty."""
        if not root:
            return [path for path in self._found if _is_task_file(path) and not self.root(path)]
        here = os.getcwd()
        # Shown as the run shows its files, so that a place in one of them is found again.
        near = root == here or root.startswith(os.path.join(here, "")) or here.startswith(os.path.join(root, ""))
        shown = os.path.relpath(root, here) if near else root
        known = {os.path.abspath(path): path for path in self._found}
        try:
            discovery = discover([shown], most=MAXIMUM_FOLDERS)
        except UnreadableFileError:
            return []
        self.listed.update(discovery.listed)
        self.looked_at.update(discovery.deciding)
        paths = (candidate.path for candidate in discovery if _is_task_file(candidate.path))
        return [known.get(os.path.abspath(path), path) for path in paths]

    def siblings(self, path: str) -> Iterable[str]:
        """The files of the same name in the folders beside that of ``path``, itself included.

        Where there is no repository only the files of the run count: what lies around it is none of ours.
        """
        folder, file = os.path.split(path)
        parent = os.path.dirname(os.path.abspath(folder))
        root = self.root(path)
        if not root:
            return self._found_beside().get((parent, file), [])
        if parent != root and not parent.startswith(os.path.join(root, "")):
            return []
        shown = os.path.normpath(os.path.join(folder, os.pardir))
        self.listed.add(parent)
        try:
            with os.scandir(parent) as listing:
                names = sorted(entry.name for entry in listing if entry.is_dir(follow_symlinks=False))
        except OSError:
            return []
        wanted = file.lower()
        folders = (os.path.normpath(os.path.join(shown, name)) for name in names[:MAXIMUM_DEFINITIONS])
        # Of each folder many names are asked for, and a listing costs as much as to ask for a few.
        paths = [os.path.join(folder, file) for folder in folders if wanted in (self._listing(folder) or ())]
        self.looked_at.update(paths)
        return [other for other in paths if os.path.isfile(other) and not os.path.islink(other)]

    def _found_beside(self) -> dict[tuple[str, str], list[str]]:
        """The files of the run by the folder that theirs is in and by their names."""
        if self._beside is None:
            self._beside = {}
            for other in self._found:
                folder, file = os.path.split(os.path.abspath(other))
                self._beside.setdefault((os.path.dirname(folder), file), []).append(other)
        return self._beside

    def read(self, path: str) -> bytes | None:
        """The content of a file, None where it cannot be had or is too long."""
        if path not in self._content:
            self.looked_at.add(path)
            self._content[path] = _read(path)
        return self._content[path]

    def exists(self, folder: str, inside: str) -> bool | None:
        """Whether ``folder`` holds ``inside``, in any case; None where it cannot be listed."""
        found = self._find(folder, inside)
        return found if found is None else bool(found)

    def find(self, folder: str, inside: str) -> str | None:
        """The path of what ``folder`` holds as ``inside``, in any case; None where it is not there."""
        return self._find(folder, inside) or None

    def _find(self, folder: str, inside: str) -> str | Literal[False] | None:
        """The path of ``inside``; False where it is not there, None where that is not known."""
        current = folder or os.curdir
        parts = [part for part in inside.split("/") if part not in ("", ".")]
        if ".." in parts:
            # No further up than the repository goes.
            root = self.root(os.path.join(current, "x"))
            whole = os.path.abspath(os.path.join(current, *parts))
            if not root or not whole.startswith(os.path.join(root, "")):
                return None
            current, parts = root, os.path.relpath(whole, root).split(os.sep)
        for part in parts:
            listing = self._listing(current)
            if listing is None:
                return None
            name = listing.get(part.lower())
            if name is None:
                return False
            current = os.path.join(current, name)
        return os.path.normpath(current)

    def missing(self, path: str, inside: str) -> tuple[str, tuple[str, ...]] | None:
        """Where the repository of ``path`` lacks ``inside``: the part that is there, and what stands beside the rest.

        None where it has it, in any case, or where that is not known.
        """
        current = self.root(path)
        there: list[str] = []
        for part in inside.split("/") if current else ():
            listing = self._listing(current)
            if listing is None or part in ("", ".", ".."):
                return None
            name = listing.get(part.lower())
            if name is None:
                return "/".join(there), tuple(sorted(listing.values())[:MAXIMUM_DEFINITIONS])
            there.append(name)
            current = os.path.join(current, name)
        return None

    def remote(self, path: str) -> Remote | None:
        """Where the repository of ``path`` is from, as git's settings in it say; None where they do not tell."""
        root = self.root(path)
        if not root:
            return None
        if root not in self._remotes:
            config, head = (os.path.join(root, ".git", name) for name in ("config", "HEAD"))
            self.looked_at.update((config, head))
            self._remotes[root] = remote_in(_read_text(config), _read_text(head))
        return self._remotes[root]

    def naming(self, path: str) -> Iterable[str]:
        """The YAML files in the folder of ``path`` and above, in its repository, that hold its file's name.

        Where there is no repository those of its own folder count, and those of the run.
        """
        shown, file = os.path.split(path)
        folder = os.path.dirname(os.path.abspath(path))
        root = self.root(path)
        wanted = file.lower().encode("utf-8", "surrogateescape")
        folders_of_run = {os.path.dirname(os.path.abspath(other)) for other in self._found} if not root else set()
        found = []
        for level in range(_MOST_LEVELS):
            if root or level == 0 or folder in folders_of_run:
                for name in self._yaml_files(folder):
                    other = os.path.normpath(os.path.join(shown, name))
                    if wanted in self._lowered(other):
                        found.append(other)
            parent = os.path.dirname(folder)
            if folder in (root, parent):
                break
            folder, shown = parent, os.path.join(shown, os.pardir)
        return found

    def _yaml_files(self, folder: str) -> list[str]:
        names = self._listing(folder) or {}
        return sorted(name for low, name in names.items() if low.endswith((".yaml", ".yml")))[:MAXIMUM_DEFINITIONS]

    def _lowered(self, path: str) -> bytes:
        """The content of a file in lower case where it speaks of scripts."""
        if path not in self._speaking:
            data = (self.read(path) or b"").replace(b"\0", b"").lower()
            self._speaking[path] = data if b".ps1" in data else b""
        return self._speaking[path]

    def _listing(self, folder: str) -> dict[str, str] | None:
        """The names in a folder by their lower case; empty for a file, None for what cannot be listed."""
        if folder not in self._listings:
            self.looked_at.add(folder)
            try:
                names = os.listdir(folder)
            except NotADirectoryError:
                names = []
            except OSError:
                return None
            self._listings[folder] = {name.lower(): name for name in names}
        return self._listings[folder]


def remote_in(config: str, head: str) -> Remote | None:
    """What git's settings and its `HEAD` say of where a repository is from; no part of it is a secret."""
    origin = _ORIGIN.search(config)
    address = _ADDRESS.fullmatch(origin[1]) if origin is not None else None
    branch = _BRANCH.fullmatch(head)
    if address is None:
        return None
    return Remote(address[1].lower(), address[2].lower(), branch[1] if branch is not None else "")


def _read_text(path: str) -> str:
    """What a small file of git's says; empty where it cannot be had."""
    try:
        with open(path, "rb") as stream:
            return stream.read(_LONGEST_CONFIG).decode("utf-8", "replace").replace("\r\n", "\n")
    except OSError:
        return ""


def _is_task_file(path: str) -> bool:
    return os.path.basename(path).lower() in _TASK_FILES


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as stream:
            data = stream.read(MAXIMUM_SIZE + 1)
    except OSError:
        return None
    return data if len(data) <= MAXIMUM_SIZE else None
