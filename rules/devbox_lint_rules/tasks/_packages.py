"""What people write as `package` beside an id."""

from __future__ import annotations

from devbox_lint.startup import NamedTuple, lazy

# An id, and after it a version with what sets it off.
_APPENDED = lazy(r"([^\s@=,;]+)(?:\s*(?:@|==?)\s*|\s+)v?([0-9]+(?:\.[0-9]+)*[\w.+-]*)")
# As a command line has it, which a task that makes one of it may accept.
_OPTION = lazy(r"([^\s@=,;]+)\s+(?:--?version[= ]\s*|-v\s+)v?([0-9]+(?:\.[0-9]+)*[\w.+-]*)(?:\s+-.*)?")
#: Longer values, in characters, are no ids.
_LONGEST = 300


class Appended(NamedTuple):
    """An id and the version after it."""

    id: str
    version: str


def appended_version(package: str, options: bool) -> Appended | None:
    """The id and the version in a value that holds both; ``options`` says that no option is part of an id either."""
    if len(package) > _LONGEST:
        return None
    match = _APPENDED.fullmatch(package) or (_OPTION.fullmatch(package) if options else None)
    return None if match is None else Appended(match[1], match[2])
