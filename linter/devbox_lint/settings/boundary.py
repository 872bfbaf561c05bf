"""How far a repository reaches: what its own files say holds inside it, all links followed."""

from __future__ import annotations

import os


def is_top(folder: str) -> bool:
    """Whether a repository starts in a folder."""
    return os.path.lexists(os.path.join(folder, ".git"))


def repository_of(folder: str) -> str:
    """The top of the repository that ``folder``, which is absolute, is in; the folder itself where it is in none."""
    top = folder
    while not is_top(top):
        parent = os.path.dirname(top)
        if parent == top:
            return folder
        top = parent
    return top


def is_inside(path: str, folder: str) -> bool:
    """Whether ``path``, which need not exist, is ``folder`` or in it when all links are followed."""
    target, top = (os.path.normcase(os.path.realpath(one)) for one in (path, folder))
    return target == top or target.startswith(os.path.join(top, ""))
