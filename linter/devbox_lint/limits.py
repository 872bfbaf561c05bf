"""How much of a repository is looked at, so that a run over a strange one ends."""

from __future__ import annotations

import errno

#: Longer task definitions and ignore files, in bytes, are not read.
MAXIMUM_SIZE = 1_000_000
#: How many task definitions of one repository are read.
MAXIMUM_DEFINITIONS = 2_000
#: How many folders of a repository are searched for task definitions.
MAXIMUM_FOLDERS = 20_000
#: Longer baselines and lists of tasks, in bytes, are refused; a link in a repository may lead to a device without end.
MOST_OF_NAMED = 50_000_000


def read_named(path: str) -> bytes:
    """The content of a file that settings or a person name; raises OSError, also where it is too long."""
    with open(path, "rb") as stream:
        data = stream.read(MOST_OF_NAMED + 1)
    if len(data) > MOST_OF_NAMED:
        raise OSError(errno.EFBIG, f"it is longer than {MOST_OF_NAMED:,} bytes")
    return data
