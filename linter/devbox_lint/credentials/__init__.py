"""Secrets in plain text: their forms, the names and commands that tell of them, and how they are found in a file."""

from __future__ import annotations

from devbox_lint.credentials.detector import Secret, find_secrets
from devbox_lint.credentials.formats import SecretKind, TokenFormat
from devbox_lint.credentials.tokens import FORMATS, Token, find_tokens, is_filler, may_be_shown, may_hold_token

__all__ = [
    "FORMATS",
    "Secret",
    "SecretKind",
    "Token",
    "TokenFormat",
    "find_secrets",
    "find_tokens",
    "is_filler",
    "may_be_shown",
    "may_hold_token",
]
