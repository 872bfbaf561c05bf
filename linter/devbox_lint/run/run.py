"""One run over many files: reading, checking, fixing; one bad file never hides the others."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from devbox_lint.credentials.masking import mask_of_document
from devbox_lint.customization.catalog import Catalog
from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Diagnostic, Failure
from devbox_lint.engine import INTERNAL_ERROR
from devbox_lint.errors import UsageError
from devbox_lint.files.discovery import Candidate, may_be_ours
from devbox_lint.files.task_catalog import build_catalog
from devbox_lint.pipeline import CheckedDocument, EffectiveSettings, check_document
from devbox_lint.reports.terminal import internal_error, is_watched, say
from devbox_lint.rule import AnyRule
from devbox_lint.run.checked import Change, Checked
from devbox_lint.run.effective import SettingsByPath
from devbox_lint.run.request import Request
from devbox_lint.run.selection import select
from devbox_lint.source import MOST_READ, SourceFile
from devbox_lint.yaml.document import Document

if TYPE_CHECKING:
    from devbox_lint.online import ResolverFor
    from devbox_lint.run.baseline_step import BaselineStep
    from devbox_lint.run.progress import Progress


def run(request: Request, rules: Sequence[AnyRule], load_azure: Callable[[], ResolverFor]) -> Checked:
    """Check the files of a request, fix them and ask Azure where that is asked for; ``rules`` are all there are.

    Raises DevboxLintError for what cannot be done at all.
    """
    options = request.options
    azure = load_azure() if options.asks_azure else None
    selected = select(rules, options.select, options.extend_select, options.ignore)
    if azure is None and all(rule.asks for rule in selected):
        raise UsageError("the selected rules ask Azure, and do so only with `--online`")
    paths = [options.stdin_filename or ""] if options.reads_input else [file.path for file in request.files]
    settings = _settings(request, rules, () if options.reads_input else paths)
    settings.prepare(paths)
    step = _baseline_step(request, settings, paths)
    this = _Run(request, settings, step)
    checked = this.check_input() if options.reads_input else this.check_files()
    if azure is not None:
        from devbox_lint.run.online_step import ask_azure

        ask_azure(azure, checked, settings, options.online_strict, not options.quiet)
    if step is not None:
        step.leave_out(checked)
    checked.rules = _ran(rules, selected, checked, azure is not None)
    return checked


def _settings(request: Request, rules: Sequence[AnyRule], found: Sequence[str]) -> SettingsByPath:
    """The settings for the files of a run; says what of the given task catalogs was not understood."""
    options = request.options
    catalogs: dict[tuple[str, ...], Catalog] = {}

    def catalog_of(given: tuple[str, ...]) -> Catalog:
        given = options.task_catalog or given
        if given not in catalogs:
            catalogs[given], doubts = build_catalog(given, found)
            for doubt in doubts:
                say(f"note: {doubt}")
        return catalogs[given]

    return SettingsByPath(
        request.settings,
        rules,
        options.select,
        options.extend_select,
        options.ignore,
        catalog_of=catalog_of,
        heed_comments=not options.no_ignores,
    )


def _baseline_step(request: Request, settings: SettingsByPath, paths: Sequence[str]) -> BaselineStep | None:
    """What comments and baselines make of what is found, None where neither is asked for."""
    options = request.options
    asked = options.add_ignores or options.reason is not None or options.baseline or options.write_baseline
    if not asked and not settings.have_baselines:
        return None
    # Imported here: most runs have neither.
    from devbox_lint.run.baseline_step import BaselineStep

    return BaselineStep(options, request.today, settings, paths)


def _ran(rules: Sequence[AnyRule], selected: Sequence[AnyRule], checked: Checked, asked: bool) -> list[AnyRule]:
    """The rules that the command line selects, and those that found something because settings select them."""
    codes = {rule.code for rule in selected}
    codes.update(diagnostic.code for result in checked.results for diagnostic in result.diagnostics)
    return [rule for rule in rules if rule.code in codes and (asked or not rule.asks)]


class _Run:
    """Checks the files of one request, and writes them where that is asked for."""

    def __init__(self, request: Request, settings: SettingsByPath, step: BaselineStep | None) -> None:
        self._request = request
        self._options = request.options
        self._kind = Kind(request.options.kind) if request.options.kind else None
        self._settings = settings
        self._comments = step if request.options.add_ignores else None
        self._writes = request.options.writes and not request.options.reads_input

    def check_input(self) -> Checked:
        """Check the text on standard input; with --fix, write what it becomes to standard output."""
        # Imported here: most runs read files.
        import os

        from devbox_lint.files.exclusion import Exclusion

        if sys.stdin is None:
            raise UsageError("there is no standard input to read")
        data = sys.stdin.buffer.read()
        checked = Checked()
        name = self._options.stdin_filename or ""
        if not name or not Exclusion(self._options.exclude, self._request.settings).covers(os.path.abspath(name)):
            self._check(SourceFile.from_bytes(name, data), True, checked)
        if self._options.writes:
            for change in checked.changes:
                data = change.after.encode(change.after.text)
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
        return checked

    def check_files(self) -> Checked:
        """Check the files that the cache does not know, and add what it says of the others.

        Many files are shared among processes, but not where files are written: that is done here.
        """
        files = self._request.left
        if len(files) < 2 or self._options.quiet or not is_watched():
            checked = self._check_parts(files)
        else:
            # Imported here: most runs are of one file, or not watched.
            from devbox_lint.run.progress import Progress

            with Progress(len(files)) as progress:
                checked = self._check_parts(files, progress)
        checked.complete(self._request.recalled, self._request.files)
        if self._request.cache is not None:
            self._request.cache.add(checked.to_keep)
        return checked

    def _check_parts(self, files: Sequence[Candidate], progress: Progress | None = None) -> Checked:
        begun = progress.show if progress is not None else None
        if self._options.repairs or self._comments or len(files) < 2:
            if begun is not None:
                begun()
            return self._check_part(files, progress)
        # Imported here: most runs are of one file.
        from devbox_lint.run.workers import in_parts

        for rule in self._settings.at(files[0].path).rules:
            if self._options.asks_azure or not rule.asks:
                # What is loaded before the processes part is loaded once.
                rule.load()

        checked = Checked()
        for part in in_parts(lambda part: self._check_part(part, progress), files, begun):
            checked.results.extend(part.results)
            checked.questions.update(part.questions)
            checked.strangers.extend(part.strangers)
            checked.failures.extend(part.failures)
            checked.to_keep.extend(part.to_keep)
        return checked

    def _check_part(self, files: Sequence[Candidate], progress: Progress | None) -> Checked:
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
            if (named and self._kind) or may_be_ours(path, data):
                self._check(SourceFile.from_bytes(path, data), named, checked, data)
            elif named:
                checked.strangers.append(path)
        return checked

    def _check(self, source: SourceFile, named: bool, checked: Checked, data: bytes | None = None) -> None:
        """Check one text and add what came of it; ``data`` are the bytes that it was read from, where it is a file."""
        cache = self._request.cache if data is not None else None
        try:
            settings = self._settings.at(source.path)
            document = settings.catalog.document(source)
            asked = settings.catalog.asked = set() if cache is not None else None
            found = self._found(document, settings, self._kind if named else None)
            if found.result.kind is not None and self._options.repairs:
                found = self._fix(found, settings, checked)
            if found.result.kind is not None and self._comments is not None:
                found = self._comment(found, settings, self._comments, checked)
        except Exception as error:  # noqa: BLE001 - the other files are still checked
            checked.failures.append(Failure(f"`{source.path}`: {internal_error(error)}", source.path))
            return
        result = found.result
        if result.kind is not None:
            checked.results.append(result)
            if found.questions is not None:
                checked.questions[source.path] = found.questions
        elif named:
            checked.strangers.append(source.path)
        # It is quick to see whether a task runs the script; any other script is not for us to check.
        is_stranger = result.kind is None and document.is_script
        if cache is not None and asked is not None and data is not None and not is_stranger:
            kept = cache.line(named, data, result, result.mask or mask_of_document(document), asked)
            if kept is not None:
                checked.to_keep.append(kept)

    def _found(self, document: Document, settings: EffectiveSettings, kind: Kind | None) -> CheckedDocument:
        return check_document(document, settings, kind, self._request.today, self._options.asks_azure)

    def _fix(self, found: CheckedDocument, settings: EffectiveSettings, checked: Checked) -> CheckedDocument:
        """What is to be reported after the fixes: the result as it was where they could not be written."""
        result, unsafe = found.result, self._options.unsafe_fixes
        if not any(item.fix and (item.fix.safe or unsafe) for item in result.diagnostics):
            return found
        # Most runs fix nothing.
        from devbox_lint.fixes import fix_source, with_reports

        source = result.source
        fixed = fix_source(
            source, settings.rules, result.kind, unsafe, settings.catalog, self._request.today, settings.unasked
        )
        if fixed.source.text != source.text and self._write(source, fixed.source, checked):
            checked.changes.append(Change(result, fixed.source))
            checked.applied += fixed.applied
            found = self._found(settings.catalog.document(fixed.source), settings, result.kind)
        return found._replace(result=with_reports(found.result, fixed.rejected))

    def _comment(
        self, found: CheckedDocument, settings: EffectiveSettings, step: BaselineStep, checked: Checked
    ) -> CheckedDocument:
        """What is to be reported after the comments: the result as it was where they could not be written."""
        result = found.result
        findings = [item for item in step.unknown(result) if self._takes_comment(item, settings)]
        if not findings:
            return found
        # Most runs write no comments.
        from devbox_lint.run.add_ignores import suppress

        suppressed = suppress(result.source, findings, step.reason, self._request.today, result.kind)
        if suppressed is result.source:
            checked.untouched.append(result.source.path)
            return found
        if not self._write(result.source, suppressed, checked):
            return found
        checked.changes.append(Change(result, suppressed))
        checked.suppressed += len(findings)
        return self._found(settings.catalog.document(suppressed), settings, result.kind)

    def _takes_comment(self, item: Diagnostic, settings: EffectiveSettings) -> bool:
        if item.severity < self._options.least_severity or item.code == INTERNAL_ERROR:
            return False
        return not any(rule.about_suppressions for rule in settings.rules if rule.code == item.code)

    def _write(self, before: SourceFile, source: SourceFile, checked: Checked) -> bool:
        """Whether the file is written, where it is to be; ``before`` is what was read."""
        if not self._writes:
            return True
        from devbox_lint.files.atomic_write import rewrite

        try:
            rewrite(source.path, before.encode(before.text), source.encode(source.text), self._options.force_write)
        except OSError as error:
            checked.failures.append(Failure(f"cannot write `{source.path}`: {error.strerror or error}", source.path))
            return False
        return True
