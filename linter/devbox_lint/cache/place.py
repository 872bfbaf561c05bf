"""Where the cache is, and how it is emptied."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Callable

from devbox_lint.errors import DevboxLintError

#: The environment variable that says where the cache is.
VARIABLE = "DEVBOX_LINT_CACHE_DIR"
SUFFIX = ".results"
#: What a whole run printed.
RUN = ".run"
#: A file that is being written.
TEMPORARY = ".tmp"
_TAG = "CACHEDIR.TAG"
# What backup programs look for: https://bford.info/cachedir/
_TAG_TEXT = (
    b"Signature: 8a477f597d28d172789f06886806bc55\n# The cache of devbox-lint; `devbox-lint clean` removes it.\n"
)


def cache_folder() -> str:
    """The user's cache folder for this program, absolute; empty where there is none."""
    folder = os.environ.get(VARIABLE)
    if not folder and sys.platform == "linux":
        # As platformdirs has it, which takes longer to import than a hundred files to look up.
        base = os.environ.get("XDG_CACHE_HOME", "").strip() or os.path.expanduser("~/.cache")
        folder = os.path.join(base, "devbox-lint") if os.path.isabs(base) else ""
    elif not folder:
        from platformdirs import user_cache_dir

        folder = user_cache_dir("devbox-lint", appauthor=False)
    return folder and os.path.abspath(folder)


def distrust(folder: str) -> str:
    """Why the folder is not used, in words that end a sentence; empty where it may be, or is yet to be made.

    Whoever could write there could have findings left out. So the folder must be the user's own and no link, and
    nobody else may write in it, nor put another one in its place.
    """
    try:
        reason = _distrust_of(os.lstat(folder), stat.S_ISDIR)
        parent = os.stat(os.path.dirname(folder))
    except FileNotFoundError:
        return ""
    except OSError as error:
        return error.strerror or str(error)
    if reason:
        return reason
    if _others_write(parent) and not parent.st_mode & stat.S_ISVTX:
        return "others may write in the folder that it is in"
    return ""


def may_be_read(status: os.stat_result) -> bool:
    """Whether a file of the cache, by the status of what is opened, is the user's own and nobody else's to write."""
    return not _distrust_of(status, stat.S_ISREG)


def _distrust_of(status: os.stat_result, is_kind: Callable[[int], bool]) -> str:
    if not is_kind(status.st_mode):
        return "it is a link" if stat.S_ISLNK(status.st_mode) else "it is no folder"
    if hasattr(os, "geteuid") and status.st_uid != os.geteuid():
        return "it belongs to somebody else"
    return "others may write in it" if _others_write(status) else ""


def _others_write(status: os.stat_result) -> bool:
    # On Windows the mode says nothing of others.
    return os.name == "posix" and bool(status.st_mode & (stat.S_IWGRP | stat.S_IWOTH))


def make(folder: str) -> None:
    """Make the folder, for its owner alone, with what tells backup programs to leave it out; raises OSError."""
    os.makedirs(folder, mode=0o700, exist_ok=True)
    reason = distrust(folder)
    if reason:
        # Somebody was quicker.
        raise OSError(reason)
    with contextlib.suppress(FileExistsError), open(os.path.join(folder, _TAG), "xb") as stream:
        stream.write(_TAG_TEXT)


def clean(folder: str) -> tuple[int, int]:
    """Remove the files of ours in ``folder``, and the folder if nothing else is in it: how many, and how many bytes.

    Raises :class:`DevboxLintError`.
    """
    count = size = 0
    try:
        for entry in own_files(folder):
            length = entry.stat(follow_symlinks=False).st_size
            os.unlink(entry.path)
            count += 1
            size += length
    except FileNotFoundError:
        # Nothing there, or another run was quicker.
        pass
    except OSError as error:
        raise DevboxLintError(f"cannot remove `{error.filename or folder}`: {error.strerror or error}") from None
    with contextlib.suppress(OSError):
        with open(os.path.join(folder, _TAG), "rb") as stream:
            is_ours = stream.read() == _TAG_TEXT
        if is_ours and len(os.listdir(folder)) == 1:
            os.unlink(os.path.join(folder, _TAG))
            os.rmdir(folder)
    return count, size


def own_files(folder: str) -> list[os.DirEntry[str]]:
    """The files in ``folder`` that this program has written; raises OSError."""
    with os.scandir(folder) as listing:
        return [entry for entry in listing if _is_own(entry.name) and entry.is_file(follow_symlinks=False)]


def read_own(path: str, longest: int) -> bytes | None:
    """What is in a file of the cache; None where it is longer, or somebody else's; raises OSError."""
    with open(path, "rb", opener=without_links) as stream:
        if not may_be_read(os.fstat(stream.fileno())):
            return None
        data = stream.read(longest + 1)
    return data if len(data) <= longest else None


def write_own(path: str, data: bytes) -> None:
    """Put a file of the cache in its place, whole; raises OSError."""
    # Imported here: most runs write nothing.
    import tempfile

    folder, name = os.path.split(path)
    descriptor, temporary = tempfile.mkstemp(TEMPORARY, name, folder)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def without_links(path: str, flags: int) -> int:
    """Open a file, but neither through a link nor waiting for somebody at the other end of a pipe; raises OSError."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))


def _is_own(name: str) -> bool:
    stem, suffix, rest = name.partition(SUFFIX if SUFFIX in name else RUN)
    is_hexadecimal = len(stem) == 32 and all(character in "0123456789abcdef" for character in stem)
    return is_hexadecimal and bool(suffix) and (not rest or rest.endswith(TEMPORARY))
