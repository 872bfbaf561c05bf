"""What is reported of one file. Imports neither parser nor rules, so that a cached result loads fast."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from devbox_lint.diagnostics import Access, Diagnostic, Edit, Fix, Related, Severity, Together
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple

if TYPE_CHECKING:
    from devbox_lint.credentials.masking import Mask
    from devbox_lint.customization.kinds import Kind


class FileResult(NamedTuple):
    """What a run says of one file.

    ``kind`` is None for a file that is not ours, which has no diagnostics. ``crashes`` are the tracebacks of
    rules that raised; the file then has a DBX000 for each. ``mask`` covers the file's secrets wherever its text is
    shown, None where nothing was said of the file. ``suppressed`` are the findings that comments in it suppress,
    ``recorded`` those that a baseline records. ``access`` is what was asked about who may do what.
    """

    source: SourceFile
    kind: Kind | None
    diagnostics: tuple[Diagnostic, ...] = ()
    crashes: tuple[str, ...] = ()
    mask: Mask | None = None
    suppressed: tuple[Diagnostic, ...] = ()
    recorded: tuple[Diagnostic, ...] = ()
    access: tuple[Access, ...] = ()


def folded(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics with what repeats made one, as people are to be told of it; the order is that of the file.

    Those of a rule that say the same ``together`` and weigh the same are one. It stands at the first of those with
    the best fix, which makes the edits of all of them, and has the places of the others as related ones.
    """
    groups: dict[tuple[str, Together, Severity], list[Diagnostic]] = {}
    diagnostics = tuple(diagnostics)
    for item in diagnostics:
        if item.together is not None:
            groups.setdefault((item.code, item.together, item.severity), []).append(item)
    if all(len(group) == 1 for group in groups.values()):
        return diagnostics
    alone = [item for item in diagnostics if item.together is None]
    return tuple(sorted([*alone, *map(_as_one, groups.values())], key=lambda item: item.order))


def _as_one(group: list[Diagnostic]) -> Diagnostic:
    first = min(group, key=_worth)
    together = first.together
    if len(group) == 1 or together is None:
        return first

    def said(words: str) -> str:
        return words.replace("{count}", str(len(group)))

    others = tuple(Related(item.span, item.message, same=True) for item in group if item is not first)
    alike = [item.fix for item in group if item.fix is not None and _worth(item) == _worth(first)]
    fix = first.fix
    if fix is not None and len(alike) > 1:
        fix = Fix(said(together.fix) or fix.message, _joined(alike), fix.safe)
    return first._replace(
        message=said(together.message),
        help=fix.message if fix is not None else first.help,
        fix=fix,
        related=(*first.related, *others),
    )


def _worth(item: Diagnostic) -> int:
    """The less the better its fix."""
    return 2 if item.fix is None else 0 if item.fix.safe else 1


def _joined(fixes: Iterable[Fix]) -> tuple[Edit, ...]:
    """The edits of fixes that follow each other in the file, without those that touch the same characters."""
    edits: list[Edit] = []
    end = -1
    for fix in fixes:
        if min(edit.span.start for edit in fix.edits) > end:
            edits.extend(fix.edits)
            end = max(edit.span.end for edit in fix.edits)
    return tuple(edits)
