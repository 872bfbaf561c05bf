"""Which names say that a personal access token belongs there."""

from __future__ import annotations

from devbox_lint.credentials.names import is_token_name, may_name_token

__all__ = ["is_token_name", "may_name_token"]
