"""What a situation is."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from situations.stage import TEAM, Stage


class Situation(NamedTuple):
    """What Azure says, and the codes that follow for a team's file and for a user's; None where it is not about it."""

    says: str
    arrange: Callable[[Stage], object]
    team: str | None = ""
    user: str | None = ""
    #: More words of the command line.
    arguments: tuple[str, ...] = ()

    def expected(self, name: str) -> str | None:
        """The codes for one of the two files, in their order, with spaces between them."""
        return self.team if name == TEAM else self.user
