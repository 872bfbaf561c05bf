"""The rules that ask Azure, and who answers them: loaded only where somebody is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from devbox_lint.errors import UsageError
from devbox_lint.online import OnlineRule, Resolver
from devbox_lint_rules._registry import RULES

if TYPE_CHECKING:
    from devbox_lint.settings.model import AzureSettings


def online_rules() -> tuple[OnlineRule, ...]:
    """Every rule that asks Azure, loaded, in the order of the codes."""
    return tuple(rule for rule in (entry.load() for entry in RULES if entry.asks) if isinstance(rule, OnlineRule))


def load_resolver() -> Callable[[AzureSettings], Resolver]:
    """Who answers the questions of one run, to be made by settings of its files, which share the limits of the run.

    Raises UsageError where the extra `azure` is not installed.
    """
    try:
        from devbox_lint_rules._azure.limits import Limits
        from devbox_lint_rules._azure.resolver import AzureResolver
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("azure", "msal"):
            raise
        raise UsageError(
            "Azure can be asked with the libraries azure-identity and azure-core only, which are not installed:"
            " pip install 'devbox-lint[azure]'"
        ) from None
    limits = Limits()
    return lambda settings: AzureResolver(settings, limits)
