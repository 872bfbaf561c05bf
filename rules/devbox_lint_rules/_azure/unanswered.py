"""The error of a question that got no answer."""

from __future__ import annotations

from devbox_lint.online import NotMade


class UnansweredError(Exception):
    """Why a check could not be made, in words that end a sentence, and what would help; without a server's words."""

    def __init__(self, reason: str, help: str | None = None) -> None:  # noqa: A002 - as a finding has it
        super().__init__(reason)
        self.not_made = NotMade(reason, help)
