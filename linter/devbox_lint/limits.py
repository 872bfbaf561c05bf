"""How much of a repository is looked at, so that a run over a strange one ends."""

from __future__ import annotations

#: Longer task definitions, in bytes, are not read.
MAXIMUM_SIZE = 1_000_000
#: So many task definitions of one repository are read.
MAXIMUM_DEFINITIONS = 2_000
#: So many folders of a repository are searched for task definitions.
MAXIMUM_FOLDERS = 20_000
