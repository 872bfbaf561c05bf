"""Puts bytes in place of a file's content, whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Iterator

_FORCE = "`--force-write` replaces it nevertheless"


def replace_content(path: str, data: bytes) -> None:
    """Write ``data`` beside ``path``, then put it in its place; a file that is there keeps all but its content.

    What it keeps are its mode, owner, group, extended attributes and access lists, where the system has them. A
    symbolic link stays one: what it points to is replaced. What is no regular file, such as a pipe or a terminal, is
    written to as it is. Raises OSError.
    """
    target = os.path.realpath(path)
    try:
        state = os.stat(target)
    except FileNotFoundError:
        state = None
    if (state is not None and not stat.S_ISREG(state.st_mode)) or _is_of_the_system(path):
        # `/dev/stdout` may lead to a regular file that others write to as well.
        with open(path, "ab") as stream:
            stream.write(data)
        return
    _replace(target, data, state, None)


def rewrite(path: str, before: bytes, data: bytes, force: bool = False) -> None:
    """Write ``data`` as :func:`replace_content` does in place of ``before``, which was read from ``path``.

    Raises OSError with a sentence also where somebody else has changed the file since it was read, and, without
    ``force``, where it is read-only or has other names, which would keep the old content.
    """
    target = os.path.realpath(path)
    state = os.stat(target)
    if not stat.S_ISREG(state.st_mode) or _is_of_the_system(path):
        raise OSError(errno.EINVAL, "it is not a regular file")
    if not force and state.st_nlink > 1:
        names = f"it has {state.st_nlink} names (hard links), of which the others would keep the old content"
        raise OSError(errno.EMLINK, f"{names}: {_FORCE}")
    if not force and not os.access(target, os.W_OK):
        raise OSError(errno.EACCES, f"it is read-only: {_FORCE}")
    _replace(target, data, state, before)


def create(path: str, data: bytes) -> None:
    """Write a new file whole; raises FileExistsError where something of that name is there, and other OSErrors."""
    with _written(os.path.dirname(path) or os.curdir, data) as temporary:
        os.chmod(temporary, 0o666 & ~_umask())
        _put_where_nothing_is(temporary, path)


@contextlib.contextmanager
def _written(folder: str, data: bytes) -> Iterator[str]:
    """The path of a new file with ``data`` on the disk, which is gone afterwards unless it was moved."""
    descriptor, temporary = tempfile.mkstemp(prefix=".devbox-lint-", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        yield temporary
    finally:
        with contextlib.suppress(OSError):
            os.unlink(temporary)


def _put_where_nothing_is(temporary: str, path: str) -> None:
    if os.name == "nt":
        # Fails where something is there.
        os.rename(temporary, path)
        return
    try:
        os.link(temporary, path, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links: there is no better way on it.
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path) from None
        os.replace(temporary, path)


def _replace(target: str, data: bytes, state: os.stat_result | None, before: bytes | None) -> None:
    with _written(os.path.dirname(target), data) as temporary:
        if state is None:
            os.chmod(temporary, 0o666 & ~_umask())
        else:
            _keep(target, temporary, state)
        if before is not None:
            # As late as can be; nobody waits for a lock.
            with open(target, "rb") as stream:
                if stream.read(len(before) + 1) != before:
                    raise OSError(errno.EBUSY, "it was changed while it was checked: run again")
        os.replace(temporary, target)


def _keep(target: str, temporary: str, state: os.stat_result) -> None:
    """Give the new file what the old one has beside its content."""
    if hasattr(os, "chown"):
        own = os.stat(temporary)
        if (own.st_uid, own.st_gid) != (state.st_uid, state.st_gid):
            try:
                os.chown(temporary, state.st_uid, state.st_gid)
            except PermissionError:
                raise OSError(errno.EPERM, "it belongs to somebody else, and would not any more") from None
    # After the owner, whose change takes rights away.
    os.chmod(temporary, stat.S_IMODE(state.st_mode))
    if hasattr(os, "listxattr"):
        # What the system keeps for itself cannot be written, and is given anew.
        with contextlib.suppress(OSError):
            for name in os.listxattr(target):
                with contextlib.suppress(OSError):
                    os.setxattr(temporary, name, os.getxattr(target, name))


def _is_of_the_system(path: str) -> bool:
    return os.path.abspath(path).startswith(("/dev/", "/proc/"))


def _umask() -> int:
    # There is no way to read it but to set it.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
