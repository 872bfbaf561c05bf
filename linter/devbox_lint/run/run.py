"""One run over many files: reading, checking, fixing; one bad file never hides the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from devbox_lint.credentials.masking import Mask, mask_of_document
from devbox_lint.customization.catalog import STANDARD, Catalog
from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Diagnostic, Failure, Severity
from devbox_lint.engine import INTERNAL_ERROR, check
from devbox_lint.files.discovery import may_be_ours
from devbox_lint.reports.terminal import internal_error
from devbox_lint.results import Change, Checked, FileResult
from devbox_lint.rule import AnyRule
from devbox_lint.source import MOST_READ, SourceFile
from devbox_lint.startup import NamedTuple

if TYPE_CHECKING:
    from devbox_lint.run.progress import Progress

#: Called with whether a file is named, its bytes, its result, what covers its secrets, and what its rules asked of all
#: that is not in it; gives None where nothing is to be kept.
Keep = Callable[[bool, bytes, FileResult, Mask, Iterable[tuple[str, str]]], bytes | None]


class Ignores(NamedTuple):
    """Comments to write for the findings of severity ``least`` and above; each says ``reason``.

    ``unknown`` gives those of a file that no baseline records.
    """

    reason: str
    least: Severity
    unknown: Callable[[FileResult], tuple[Diagnostic, ...]] | None = None


class Plan(NamedTuple):
    """What to do with each file; ``kind`` holds for the files that are named, not for those found in folders.

    ``settle`` makes of it, with a path, the plan for the file there, where files have settings; ``weigh`` gives
    diagnostics the severities that count.
    """

    rules: Sequence[AnyRule]
    kind: Kind | None = None
    fix: bool = False
    unsafe: bool = False
    write: bool = False
    catalog: Catalog = STANDARD
    #: The date as ISO 8601 writes it, in the time of the place.
    today: str | None = None
    ignores: Ignores | None = None
    settle: Callable[[Plan, str], Plan] | None = None
    weigh: Callable[[tuple[Diagnostic, ...]], tuple[Diagnostic, ...]] | None = None
    #: What makes of a checked file what a cache is to keep, where there is one.
    keep: Keep | None = None
    #: Whether somebody may want to see how far it is.
    watched: bool = False


def run_files(files: Iterable[tuple[str, bool]], plan: Plan) -> Checked:
    """Check files by path; the second of each pair says whether the path was named, not found in a folder.

    Many files are shared among processes, but not where files are written: that is done here.
    """
    files = list(files)
    if not plan.watched or len(files) < 2:
        return _run_parts(files, plan)
    # Imported here: most runs are of one file, or not watched.
    from devbox_lint.run.progress import Progress

    with Progress(len(files)) as progress:
        return _run_parts(files, plan, progress)


def _run_parts(files: Sequence[tuple[str, bool]], plan: Plan, progress: Progress | None = None) -> Checked:
    begun = progress.show if progress is not None else None
    if plan.fix or plan.ignores or len(files) < 2:
        if begun is not None:
            begun()
        return _run_part(files, plan, progress)
    # Imported here: most runs are of one file.
    from devbox_lint.run.workers import in_parts

    for rule in plan.rules:
        if not rule.asks:
            # What is loaded before the processes part is loaded once.
            rule.load()

    checked = Checked()
    for part in in_parts(lambda part: _run_part(part, plan, progress), files, begun):
        checked.results.extend(part.results)
        checked.strangers.extend(part.strangers)
        checked.failures.extend(part.failures)
        checked.to_keep.extend(part.to_keep)
    return checked


def _run_part(files: Sequence[tuple[str, bool]], plan: Plan, progress: Progress | None) -> Checked:
    checked = Checked()
    for path, named in files:
        if progress is not None:
            progress.advance()
        try:
            with open(path, "rb") as stream:
                data = stream.read(MOST_READ)
        except OSError as error:
            checked.failures.append(Failure(f"cannot read `{path}`: {error.strerror or error}", path))
            continue
        if (named and plan.kind) or may_be_ours(path, data):
            run_source(SourceFile.from_bytes(path, data), named, plan, checked, data)
        elif named:
            checked.strangers.append(path)
    return checked


def run_source(source: SourceFile, named: bool, plan: Plan, checked: Checked, data: bytes | None = None) -> None:
    """Check one text and add what came of it; ``data`` are the bytes that it was read from, where it is a file."""
    try:
        if plan.settle is not None:
            plan = plan.settle(plan, source.path)
        kind = plan.kind if named else None
        document = plan.catalog.document(source)
        asked = plan.catalog.asked = set() if plan.keep is not None else None
        result = check(source, plan.rules, kind, catalog=plan.catalog, today=plan.today, document=document)
        if result.kind is not None and plan.fix:
            result = _fix(result, plan, checked)
        if result.kind is not None and plan.ignores:
            result = _silence(result, plan, plan.ignores, checked)
    except Exception as error:  # noqa: BLE001 - the other files are to be checked nevertheless
        checked.failures.append(Failure(f"`{source.path}`: {internal_error(error)}", source.path))
        return
    if plan.weigh is not None:
        result = result._replace(diagnostics=plan.weigh(result.diagnostics))
    if result.kind is not None:
        checked.results.append(result)
    elif named:
        checked.strangers.append(source.path)
    # Whether a script is run is quickly seen, and what is in one that is not is none of ours.
    is_stranger = result.kind is None and document.is_script
    if plan.keep is not None and asked is not None and data is not None and not is_stranger:
        kept = plan.keep(named, data, result, result.mask or mask_of_document(document), asked)
        if kept is not None:
            checked.to_keep.append(kept)


def _fix(result: FileResult, plan: Plan, checked: Checked) -> FileResult:
    """What is to be reported after the fixes: the result as it was where they could not be written."""
    if not any(item.fix and (item.fix.safe or plan.unsafe) for item in result.diagnostics):
        return result
    # Most runs fix nothing.
    from devbox_lint.fixes import fix_source

    source = result.source
    fixed = fix_source(source, plan.rules, result.kind, plan.unsafe, plan.catalog, plan.today)
    if fixed.source.text == source.text:
        return result
    if plan.write and not _write(fixed.source, checked):
        return result
    checked.changes.append(Change(result, fixed.source))
    checked.applied += fixed.applied
    return fixed.result


def _silence(result: FileResult, plan: Plan, ignores: Ignores, checked: Checked) -> FileResult:
    """What is to be reported after the comments: the result as it was where they could not be written."""
    about_suppressions = {rule.code for rule in plan.rules if rule.about_suppressions}
    diagnostics = plan.weigh(result.diagnostics) if plan.weigh else result.diagnostics
    if ignores.unknown:
        diagnostics = ignores.unknown(result._replace(diagnostics=diagnostics))
    findings = [
        item
        for item in diagnostics
        if item.severity >= ignores.least and item.code != INTERNAL_ERROR and item.code not in about_suppressions
    ]
    if not findings:
        return result
    # Most runs silence nothing.
    from devbox_lint.run.add_ignores import silence

    silenced = silence(result.source, findings, ignores.reason, plan.today)
    if silenced is result.source:
        checked.untouched.append(result.source.path)
        return result
    if plan.write and not _write(silenced, checked):
        return result
    checked.changes.append(Change(result, silenced))
    checked.silenced += len(findings)
    return check(silenced, plan.rules, result.kind, catalog=plan.catalog, today=plan.today)


def _write(source: SourceFile, checked: Checked) -> bool:
    """Whether the file could be written."""
    from devbox_lint.files.atomic_write import replace_content

    try:
        replace_content(source.path, source.encode(source.text))
    except OSError as error:
        checked.failures.append(Failure(f"cannot write `{source.path}`: {error.strerror or error}", source.path))
        return False
    return True
