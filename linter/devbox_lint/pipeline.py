"""The one way from a document to what is reported of it, for the command line, its cache and the language server.

1. :func:`check_document`: the rules, precedence and suppressions (in the engine), the severities of the settings, and
   the questions of rules that ask Azure. What it gives can be kept in a cache.
2. :func:`add_answers`: what follows from Azure's answers, for all files that are asked about with the same settings.
3. :func:`without_recorded`: without the findings that a baseline records.
4. :func:`folded`: what repeats in a file is one finding. Last, as comments and baselines are about each place.

:func:`report_document` goes all the way with one document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from devbox_lint.customization.catalog import STANDARD, Catalog
from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Diagnostic, Severity
from devbox_lint.engine import check, diagnostic_of
from devbox_lint.results import FileResult, folded
from devbox_lint.rule import AnyRule
from devbox_lint.settings.model import AzureSettings
from devbox_lint.startup import NamedTuple
from devbox_lint.yaml.document import Document

if TYPE_CHECKING:
    from devbox_lint.baseline import Baseline
    from devbox_lint.online import Cancel, FileQuestions, Progress, Resolver


#: The code of the rule that reports which credentials are hidden, which speaks of baselines as well.
AUDIT = "DBX905"


class EffectiveSettings(NamedTuple):
    """What applies to one file, as the command line, a settings file or the defaults decide it.

    ``severities`` has the rules, by code, whose severity the settings change; ``baseline`` is an absolute path;
    ``unasked`` are the codes of rules whose fixes are safe only where somebody asks for them.
    """

    rules: tuple[AnyRule, ...]
    severities: Mapping[str, Severity]
    catalog: Catalog = STANDARD
    baseline: str | None = None
    azure: AzureSettings = AzureSettings()
    heed_comments: bool = True
    require_reason: bool = False
    unasked: frozenset[str] = frozenset()

    def weighed(self, diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
        """Diagnostics with the severities that apply, and with fixes that are safe where they are asked for."""
        severities, unasked = self.severities, self.unasked
        if not any(item.code in severities or item.code in unasked for item in diagnostics):
            return diagnostics
        return tuple(
            item._replace(
                severity=severities.get(item.code, item.severity),
                fix=item.fix._replace(safe=False) if item.fix and item.code in unasked else item.fix,
            )
            for item in diagnostics
        )


class CheckedDocument(NamedTuple):
    """What rules find in a document without asking anybody, and what else they want to know."""

    result: FileResult
    questions: FileQuestions | None = None


def check_document(
    document: Document,
    settings: EffectiveSettings,
    kind: Kind | None = None,
    today: str | None = None,
    online: bool = False,
) -> CheckedDocument:
    """Run the rules on a document; ``kind`` None lets name and content decide what it is.

    ``today`` is a date as ISO 8601 writes it; ``online`` gathers the questions too. Never raises because of what the
    file holds.
    """
    source = document.source
    result = check(
        source,
        settings.rules,
        kind,
        catalog=settings.catalog,
        today=today,
        document=document,
        heed_comments=settings.heed_comments,
        require_reason=settings.require_reason,
    )
    result = _weighed(result, settings)
    if not online or result.kind is None:
        return CheckedDocument(result)
    from devbox_lint.online import questions_of

    questions = questions_of(
        document, result.kind, settings.rules, today, settings.heed_comments, settings.require_reason
    )
    return CheckedDocument(result, questions)


def add_answers(
    files: Sequence[tuple[CheckedDocument, EffectiveSettings]],
    resolver: Resolver,
    strict: bool = False,
    cancel: Cancel | None = None,
    progress: Progress | None = None,
) -> list[FileResult]:
    """The results of ``files`` with what follows from the answers of ``resolver``, in the same order.

    ``strict`` makes a check that could not be made an error, whatever the settings say of its severity.
    """
    from devbox_lint.online import verify

    results = verify([file for file, _ in files], resolver, cancel, progress)
    return [
        _strictly(_weighed(result, settings), file.questions) if strict else _weighed(result, settings)
        for result, (file, settings) in zip(results, files, strict=True)
    ]


def _weighed(result: FileResult, settings: EffectiveSettings) -> FileResult:
    """The result with the severities that apply."""
    if not settings.severities:
        return result
    return result._replace(
        diagnostics=settings.weighed(result.diagnostics), suppressed=settings.weighed(result.suppressed)
    )


def _strictly(result: FileResult, questions: FileQuestions | None) -> FileResult:
    if questions is None or questions.reporter is None:
        return result
    code = questions.reporter.code
    return result._replace(
        diagnostics=tuple(
            item._replace(severity=Severity.ERROR) if item.code == code else item for item in result.diagnostics
        )
    )


def without_recorded(result: FileResult, settings: EffectiveSettings, baseline: Baseline | None) -> FileResult:
    """The result without the findings that a baseline records; a rule may report which credentials it hides."""
    if baseline is None or not result.diagnostics:
        return result
    recorded, unknown = baseline.split(result)
    if not recorded:
        return result
    audit = next((rule.load() for rule in settings.rules if rule.code == AUDIT), None)
    if audit is not None and result.kind is not None:
        # Imported here: few runs look for what is hidden.
        from devbox_lint.baseline import hidden_credentials

        found = tuple(diagnostic_of(audit, finding, result.kind) for finding in hidden_credentials(recorded))
        unknown = tuple(sorted((*unknown, *settings.weighed(found)), key=lambda item: item.order))
    return result._replace(diagnostics=unknown, recorded=recorded)


def report_document(
    document: Document,
    settings: EffectiveSettings,
    kind: Kind | None = None,
    today: str | None = None,
    resolver: Resolver | None = None,
    baseline: Baseline | None = None,
) -> FileResult:
    """What is to be reported of one document; ``resolver`` answers what rules ask, where anybody does."""
    checked = check_document(document, settings, kind, today, online=resolver is not None)
    result = checked.result
    if resolver is not None:
        (result,) = add_answers([(checked, settings)], resolver, settings.azure.strict)
    result = without_recorded(result, settings, baseline)
    return result._replace(diagnostics=folded(result.diagnostics))
