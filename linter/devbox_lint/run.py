"""One run over many files: reading, checking, fixing; one bad file never hides the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from devbox_lint.customization.catalog import STANDARD, Catalog
from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Diagnostic, Failure, Severity
from devbox_lint.discovery import may_be_ours
from devbox_lint.engine import INTERNAL_ERROR, FileResult, check
from devbox_lint.records import NamedTuple
from devbox_lint.rule import Rule
from devbox_lint.source import MOST_READ, SourceFile
from devbox_lint.terminal import internal_error


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

    rules: Sequence[Rule]
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


class Change(NamedTuple):
    """A file that fixes change: what was found in it before, and its text after."""

    before: FileResult
    after: SourceFile


class Checked:
    """What became of the files, gathered one by one.

    ``results`` are those of our files, after the fixes; ``strangers`` the named files that are not ours;
    ``failures`` what could not be read, checked or written. ``silenced`` counts the findings for which
    there is a comment now, and ``untouched`` are the files that take none; ``known`` counts those that a baseline
    records.
    """

    __slots__ = ("applied", "changes", "failures", "known", "results", "silenced", "strangers", "untouched")

    def __init__(self) -> None:
        self.results: list[FileResult] = []
        self.strangers: list[str] = []
        self.failures: list[Failure] = []
        self.changes: list[Change] = []
        self.untouched: list[str] = []
        self.applied = 0
        self.silenced = 0
        self.known = 0

    @property
    def failed(self) -> bool:
        """Whether something could not be done, so that the run is not complete."""
        return bool(self.failures) or any(result.crashes for result in self.results)

    def worst(self) -> Severity | None:
        """The highest severity of all diagnostics."""
        severities = (diagnostic.severity for result in self.results for diagnostic in result.diagnostics)
        return max(severities, default=None)

    def results_from(self, least: Severity) -> Iterator[FileResult]:
        """The results with the diagnostics of severity ``least`` and above."""
        for result in self.results:
            yield result._replace(diagnostics=tuple(item for item in result.diagnostics if item.severity >= least))


def run_files(files: Iterable[tuple[str, bool]], plan: Plan) -> Checked:
    """Check files by path; the second of each pair says whether the path was named, not found in a folder.

    Many files are shared among processes, but not where files are written: that is done here.
    """
    files = list(files)
    if plan.fix or plan.ignores or len(files) < 2:
        return _run_part(files, plan)
    # Imported here: most runs are of one file.
    from devbox_lint.workers import in_parts

    checked = Checked()
    for part in in_parts(lambda part: _run_part(part, plan), files):
        checked.results.extend(part.results)
        checked.strangers.extend(part.strangers)
        checked.failures.extend(part.failures)
    return checked


def _run_part(files: Sequence[tuple[str, bool]], plan: Plan) -> Checked:
    checked = Checked()
    for path, named in files:
        try:
            with open(path, "rb") as stream:
                data = stream.read(MOST_READ)
        except OSError as error:
            checked.failures.append(Failure(f"cannot read `{path}`: {error.strerror or error}", path))
            continue
        if (named and plan.kind) or may_be_ours(path, data):
            run_source(SourceFile.from_bytes(path, data), named, plan, checked)
        elif named:
            checked.strangers.append(path)
    return checked


def run_source(source: SourceFile, named: bool, plan: Plan, checked: Checked) -> None:
    """Check one text and add what came of it."""
    try:
        if plan.settle is not None:
            plan = plan.settle(plan, source.path)
        kind = plan.kind if named else None
        document = plan.catalog.document(source)
        result = check(source, plan.rules, kind, catalog=plan.catalog, today=plan.today, document=document)
        if result.kind is not None and plan.fix:
            result = _fix(result, plan, checked)
        if result.kind is not None and plan.ignores:
            result = _silence(result, plan, plan.ignores, checked)
    except Exception as error:  # noqa: BLE001 - the other files are to be checked nevertheless
        checked.failures.append(Failure(f"`{source.path}`: {internal_error(error)}", source.path))
        return
    if result.kind is not None:
        if plan.weigh is not None:
            result = result._replace(diagnostics=plan.weigh(result.diagnostics))
        checked.results.append(result)
    elif named:
        checked.strangers.append(source.path)


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
    from devbox_lint.silencing import silence

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
    from devbox_lint.replacing import replace_content

    try:
        replace_content(source.path, source.encode(source.text))
    except OSError as error:
        checked.failures.append(Failure(f"cannot write `{source.path}`: {error.strerror or error}", source.path))
        return False
    return True
