"""What `check --online` adds to a run: the files are checked already, and Azure is asked about what they name."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple

from devbox_lint.diagnostics import Failure
from devbox_lint.errors import DevboxLintError
from devbox_lint.online import OnlineRule, Progress, Resolver, verify
from devbox_lint.reports.terminal import internal_error
from devbox_lint.results import Checked, FileResult
from devbox_lint.run.effective import Plans
from devbox_lint.run.run import Plan
from devbox_lint.settings.model import AzureSettings


class Azure(NamedTuple):
    """The rules that ask, and who answers them by settings; raises UsageError where what it needs is not installed."""

    rules: Sequence[OnlineRule]
    resolver: Callable[[AzureSettings], Resolver]


def ask_azure(
    azure: Azure, checked: Checked, plan: Plan, plans: Plans | None, strict: bool, show_progress: bool
) -> None:
    """Add what Azure says to the results in ``checked``, for files with the same settings at once.

    ``plan`` is that of the run, ``plans`` has those of files with settings; ``strict`` makes checks that could not be
    made errors, whatever the settings say. A bug of ours, or an interruption, is added to the
    failures, and hides no result.
    """
    groups: dict[AzureSettings, list[int]] = {}
    for index, result in enumerate(checked.results):
        settings = AzureSettings() if plans is None else plans.azure(result.source.path)
        groups.setdefault(settings, []).append(index)

    def plan_for(path: str) -> Plan:
        return plan if plans is None else plans.settle(plan, path)

    def rules_for(path: str) -> list[OnlineRule]:
        wanted = {rule.code for rule in plan_for(path).rules}
        return [rule for rule in azure.rules if rule.code in wanted]

    def weighed(result: FileResult) -> FileResult:
        weigh = plan_for(result.source.path).weigh
        return result if weigh is None else result._replace(diagnostics=weigh(result.diagnostics))

    shown: AbstractContextManager[Progress | None] = nullcontext()
    if show_progress and sys.stderr.isatty():
        # Imported here: rich takes longer to import than most runs take.
        from devbox_lint.run.progress import progress_bar

        shown = progress_bar("asking Azure", sys.stderr)
    try:
        with shown as progress:
            for settings, indexes in groups.items():
                results = verify(
                    [checked.results[index] for index in indexes],
                    rules_for,
                    azure.resolver(settings),
                    weigh=weighed,
                    strict=strict or settings.strict,
                    today=plan.today,
                    progress=progress,
                )
                for index, result in zip(indexes, results, strict=True):
                    checked.results[index] = result
    except DevboxLintError:
        raise
    except KeyboardInterrupt:
        # Whoever does not want to wait for Azure still wants what was found without.
        checked.failures.append(Failure("asking Azure was interrupted"))
    except Exception as error:  # noqa: BLE001 - what was found without Azure is to be printed nevertheless
        checked.failures.append(Failure(f"asking Azure: {internal_error(error)}"))
