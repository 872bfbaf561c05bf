"""Applies fixes: as many as can stand together, again and again until nothing is left to fix."""

from __future__ import annotations

import bisect
from collections.abc import Collection, Iterable

from devbox_lint.customization.catalog import STANDARD, Catalog
from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Edit, Fix, Span
from devbox_lint.engine import check
from devbox_lint.results import FileResult
from devbox_lint.rule import AnyRule
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple
from devbox_lint.yaml.parse import parse

#: A fix that makes room for another is followed this often; more would be a fix that undoes another.
MAXIMUM_ROUNDS = 10


class FixResult(NamedTuple):
    """A file after its fixes: what is left to say of it, and how many fixes were made."""

    source: SourceFile
    result: FileResult
    applied: int


def fix_source(
    source: SourceFile,
    rules: Iterable[AnyRule],
    kind: Kind | None = None,
    unsafe: bool = False,
    catalog: Catalog = STANDARD,
    today: str | None = None,
    unasked: Collection[str] = (),
) -> FixResult:
    """Apply the safe fixes, and where ``unsafe`` is set the others and those of the rules with the codes ``unasked``.

    A file with undecodable bytes is left alone: they could not be written back. A fix after which the file
    would have more syntax errors than before is left out.
    """
    rules = tuple(rules)
    result = check(source, rules, kind, catalog=catalog, today=today)
    applied = 0
    if source.undecodable or result.kind is None:
        return FixResult(source, result, 0)
    refused: set[Fix] = set()
    for _ in range(MAXIMUM_ROUNDS):
        fixes = [
            item.fix
            for item in result.diagnostics
            if item.fix is not None
            and ((item.fix.safe and item.code not in unasked) or unsafe)
            and item.fix not in refused
        ]
        chosen = choose(fixes)
        if not chosen:
            break
        fixed = _with(source, chosen)
        if _errors(fixed) > _errors(source):
            good = [fix for fix in chosen if _errors(_with(source, [fix])) <= _errors(source)]
            refused.update(fix for fix in chosen if fix not in good)
            # Taken alone each is good; what they do together is not known.
            chosen = good[:1]
            if not chosen:
                continue
            fixed = _with(source, chosen)
        source = fixed
        applied += len(chosen)
        result = check(source, rules, result.kind, catalog=catalog, today=today)
    return FixResult(source, result, applied)


def choose(fixes: Iterable[Fix]) -> list[Fix]:
    """The fixes that can be made together: of two that overlap, the first in the file."""
    chosen: list[Fix] = []
    # The spans of the edits taken, in order; they lie apart, so that only those around a place can clash with it.
    taken: list[Span] = []
    for fix in sorted(fixes, key=lambda fix: min((edit.span for edit in fix.edits), default=(0, 0))):
        if fix.edits and not any(_clashes(edit.span, taken) for edit in fix.edits):
            chosen.append(fix)
            for edit in fix.edits:
                bisect.insort(taken, edit.span)
    return chosen


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with edits made that do not overlap."""
    parts: list[str] = []
    position = 0
    for span, content in sorted(edits):
        parts.append(text[position : span.start])
        parts.append(content)
        position = span.end
    parts.append(text[position:])
    return "".join(parts)


def _with(source: SourceFile, fixes: Iterable[Fix]) -> SourceFile:
    text = apply_edits(source.text, [edit for fix in fixes for edit in fix.edits])
    return SourceFile(source.path, text, source.encoding, source.bom)


def _errors(source: SourceFile) -> int:
    return len(parse(source).problems)


def _clashes(span: Span, taken: list[Span]) -> bool:
    """Whether an edit of this span would touch the characters of one that is taken, or insert where it does."""
    place = bisect.bisect(taken, span)
    for other in taken[max(0, place - 2) : place + 2]:
        if span.start == span.end or other.start == other.end:
            if span.start <= other.end and other.start <= span.end:
                return True
        elif span.start < other.end and other.start < span.end:
            return True
    return False
