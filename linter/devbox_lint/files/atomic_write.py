"""Puts bytes in place of a file's content, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile


def replace_content(path: str, data: bytes) -> None:
    """Write ``data`` beside ``path``, then put it in its place; a file that is there keeps its mode.

    A symbolic link stays one: what it points to is replaced. What is no regular file, such as a pipe or a
    terminal, is written to as it is. Raises OSError.
    """
    target = os.path.realpath(path)
    try:
        mode = os.stat(target).st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG | (0o666 & ~_umask())
    if not stat.S_ISREG(mode) or os.path.abspath(path).startswith(("/dev/", "/proc/")):
        # `/dev/stdout` may lead to a regular file that others write to as well.
        with open(path, "ab") as stream:
            stream.write(data)
        return
    descriptor, temporary = tempfile.mkstemp(prefix=".devbox-lint-", dir=os.path.dirname(target))
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, stat.S_IMODE(mode))
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _umask() -> int:
    # There is no way to read it but to set it.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
