"""Where a repository is from: what its files and the rules both speak of, without a parser."""

from __future__ import annotations

from devbox_lint.startup import NamedTuple


class Remote(NamedTuple):
    """Where a repository is from: the host and `owner/name`, both in lower case, and the branch of the work tree."""

    host: str
    name: str
    branch: str
