"""The rules of devbox-lint, one file each. The registry has what is to be known of them without loading them."""

from __future__ import annotations

from devbox_lint.rule import Rule
from devbox_lint_rules._registry import RULES

__all__ = ["RULES", "every_rule"]


def every_rule() -> tuple[Rule, ...]:
    """Every rule, loaded, in the order of the codes."""
    return tuple(entry.load() for entry in RULES)
