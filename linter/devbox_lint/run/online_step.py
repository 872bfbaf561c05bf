"""What `check --online` adds to a run: the files are checked already, and Azure is asked about what they name."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext

from devbox_lint.diagnostics import Failure
from devbox_lint.errors import DevboxLintError
from devbox_lint.online import Progress, ResolverFor
from devbox_lint.pipeline import CheckedDocument, EffectiveSettings, add_answers
from devbox_lint.reports.terminal import internal_error
from devbox_lint.run.checked import Checked
from devbox_lint.run.effective import SettingsByPath
from devbox_lint.settings.model import AzureSettings


def ask_azure(
    resolver_for: ResolverFor, checked: Checked, settings: SettingsByPath, strict: bool, show_progress: bool
) -> None:
    """Add what Azure says to the results in ``checked``, for files with the same settings at once.

    ``strict`` makes checks that could not be made errors, whatever the settings say. A bug of ours, or an
    interruption, is added to the failures, and hides no result.
    """
    groups: dict[AzureSettings, list[int]] = {}
    for index, result in enumerate(checked.results):
        groups.setdefault(settings.at(result.source.path).azure, []).append(index)

    def file(index: int) -> tuple[CheckedDocument, EffectiveSettings]:
        result = checked.results[index]
        path = result.source.path
        return CheckedDocument(result, checked.questions.get(path)), settings.at(path)

    shown: AbstractContextManager[Progress | None] = nullcontext()
    if show_progress and sys.stderr.isatty():
        # Imported here: rich takes longer to import than most runs take.
        from devbox_lint.run.progress import progress_bar

        shown = progress_bar("asking Azure", sys.stderr)
    try:
        with shown as progress:
            for asked_with, indexes in groups.items():
                results = add_answers(
                    [file(index) for index in indexes],
                    resolver_for(asked_with),
                    strict=strict or asked_with.strict,
                    progress=progress,
                )
                for index, result in zip(indexes, results, strict=True):
                    checked.results[index] = result
    except DevboxLintError:
        raise
    except KeyboardInterrupt:
        # Whoever does not want to wait for Azure still wants what was found without.
        checked.failures.append(Failure("asking Azure was interrupted"))
    except Exception as error:  # noqa: BLE001 - what was found without Azure is still printed
        checked.failures.append(Failure(f"asking Azure: {internal_error(error)}"))
