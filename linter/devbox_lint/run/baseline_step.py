"""What becomes of findings that are to stay: comments that are asked for, and baselines that are read and written."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence

from devbox_lint.baseline import Baseline, Known, baseline_text, is_recordable, parse_baseline
from devbox_lint.credentials.masking import Mask
from devbox_lint.diagnostics import Diagnostic, Failure, Severity
from devbox_lint.errors import UsageError
from devbox_lint.files.atomic_write import replace_content
from devbox_lint.files.new_file import refusal
from devbox_lint.fixes import apply_edits
from devbox_lint.limits import read_named
from devbox_lint.pipeline import without_recorded
from devbox_lint.reports.model import counted
from devbox_lint.results import FileResult
from devbox_lint.run.checked import Change, Checked
from devbox_lint.run.effective import SettingsByPath
from devbox_lint.run.options import RunOptions
from devbox_lint.source import SourceFile

#: The code of the rule on suppressions that suppress nothing, which speaks of entries as well.
UNUSED = "DBX901"


class BaselineStep:
    """Applies, writes and prunes the baselines of a run, and says which findings get comments instead.

    ``settings`` are those of the files, ``files`` the paths of all that the run checks. Raises UsageError for options
    that contradict each other, and for a baseline that cannot be read.
    """

    def __init__(self, options: RunOptions, today: str, settings: SettingsByPath, files: Sequence[str]) -> None:
        self._options = options
        self._settings = settings
        self._by_path: dict[str, Baseline] = {}
        if options.write_baseline and (options.diff or options.add_ignores):
            raise UsageError(
                "`--write-baseline` records what is found, and stands without `--diff` and `--add-ignores`"
            )
        if options.add_ignores and options.fix:
            raise UsageError("run `--fix` first and `--add-ignores` then: the comments are for what stays")
        for path in dict.fromkeys(map(self._path_for, ("", *files) if options.baseline else files)):
            if path is not None and path not in self._by_path:
                self._by_path[path] = _read(path, options.write_baseline)
        if options.write_baseline and not self._by_path:
            raise UsageError(
                "`--write-baseline` needs a file to write: name it with `--baseline FILE`, or in the settings"
            )
        #: What the comments say after the bracket.
        self.reason = _reason(options, today)
        if options.add_ignores and not self.reason and any(settings.at(path).require_reason for path in files):
            raise UsageError("the settings ask for a reason in each comment: write one after `--reason`")

    def unknown(self, result: FileResult) -> tuple[Diagnostic, ...]:
        """The diagnostics of a file that are not recorded."""
        baseline = self._of(result)
        return result.diagnostics if baseline is None else baseline.unknown(result)

    def leave_out(self, checked: Checked) -> None:
        """Take what is recorded out of the results, after recording it where that is asked for.

        What is recorded in vain is reported; where the run makes fixes, it is removed from the baseline instead.
        """
        if self._options.write_baseline:
            self._record(checked)
        left = [
            without_recorded(result, self._settings.at(result.source.path), self._of(result))
            for result in checked.results
        ]
        # Judged by what was found, recorded or not.
        for baseline, part in self._parts(checked):
            unused = part.unused(self._options.strict_baseline)
            if unused and not (self._options.repairs and _prune(baseline, unused, checked, self._options.writes)):
                left.append(_about(baseline, unused))
        checked.results[:] = left
        checked.notes.extend(self._notes(checked))

    def _notes(self, checked: Checked) -> Iterator[str]:
        """What became of the comments, and what was recorded."""
        if checked.suppressed and not self._options.diff:
            suppressed, files = counted(checked.suppressed, "problem"), counted(len(checked.changes), "file")
            yield f"suppressed {suppressed} in {files}"
        for path in checked.untouched:
            yield (
                f"note: {path or 'the text'} is no valid YAML, so no comments were written into it: repair it first, or"
                " record it in a baseline"
            )
        if self._options.write_baseline:
            for path, baseline in self._by_path.items():
                count = counted(sum(entry.times for entry in baseline.entries), "problem")
                yield f"recorded {count} in {path}"

    def _record(self, checked: Checked) -> None:
        """Write the baselines anew: what was found of the severity that is shown, and what the run cannot judge.

        What was recorded before and is found again stays, whatever its severity.
        """
        for baseline, part in self._parts(checked):
            before = {entry.known for entry in baseline.entries}
            counts = Counter(
                known
                for result in part.results
                for diagnostic, known, recorded in zip(
                    result.diagnostics, baseline.known(result), baseline.recognised(result), strict=True
                )
                if is_recordable(known) and (diagnostic.severity >= self._options.least_severity or recorded in before)
            )
            for entry in baseline.entries:
                if not part.is_judged(entry.known):
                    counts[entry.known] = max(counts[entry.known], entry.times)
            after = SourceFile(baseline.source.path, baseline_text(counts))
            try:
                if after.text != baseline.source.text or not os.path.exists(after.path):
                    _write(after)
            except OSError as error:
                raise UsageError(_not_written(after, error)) from None
            self._by_path[after.path] = parse_baseline(after)

    def _path_for(self, path: str) -> str | None:
        if self._options.baseline:
            return self._options.baseline
        # The settings have it absolute; like other files it is shown from the working directory on.
        found = self._settings.baseline(path)
        here = os.path.join(os.getcwd(), "")
        return found[len(here) :] if found is not None and found.startswith(here) else found

    def _of(self, result: FileResult) -> Baseline | None:
        path = self._path_for(result.source.path)
        return None if path is None else self._by_path.get(path)

    def _parts(self, checked: Checked) -> list[tuple[Baseline, _Part]]:
        parts = {path: _Part(baseline, self._settings) for path, baseline in self._by_path.items()}
        for result in checked.results:
            path = self._path_for(result.source.path)
            if path in parts:
                parts[path].add(result)
        return [(self._by_path[path], part) for path, part in parts.items()]


class _Part:
    """The results that one baseline is for, and which of its entries they can judge."""

    def __init__(self, baseline: Baseline, settings: SettingsByPath) -> None:
        self._baseline = baseline
        self._settings = settings
        self._folder = os.path.dirname(os.path.abspath(baseline.source.path))
        self._codes: dict[str, frozenset[str]] = {}
        self._found: Counter[Known] = Counter()
        self.results: list[FileResult] = []

    def add(self, result: FileResult) -> None:
        """Take in what was found in a file."""
        self.results.append(result)
        self._found.update(self._baseline.recognised(result))
        if not result.crashes:
            path = result.source.path
            # What asks Azure knows only what it is answered.
            ran = frozenset(rule.code for rule in self._settings.at(path).rules if not rule.asks)
            self._codes[self._baseline.path_of(path)] = ran

    def is_judged(self, known: Known) -> bool:
        """Whether the run would have found it if it were there; there is nothing to find in a file that is gone."""
        codes = self._codes.get(known.path)
        if codes is not None:
            return known.code in codes
        return not os.path.lexists(os.path.join(self._folder, known.path))

    def unused(self, strict: bool) -> tuple[Diagnostic, ...]:
        """What is to be said of the entries whose findings are gone; errors where that is ``strict``."""
        rules = self._settings.all_rules if strict else self._settings.at(self._baseline.source.path).rules
        rule = next((rule for rule in rules if rule.code == UNUSED), None)
        if rule is None:
            return ()
        severity = Severity.ERROR if strict else Severity.INFO
        return tuple(self._baseline.unused(self._found, self.is_judged, rule.load(), severity))


def _reason(options: RunOptions, today: str) -> str:
    """What the comments to write say; raises UsageError for a reason that says nothing."""
    if not options.add_ignores:
        if options.reason is not None:
            raise UsageError("`--reason` goes with `--add-ignores`: it is what the comments say")
        return ""
    # Imported here: a run with a baseline need not write comments.
    from devbox_lint.run.add_ignores import is_reason

    reason = (options.reason or "").strip()
    if not is_reason(reason, today):
        raise UsageError("`--reason` takes a text of one line; if it has an `until=`, a day to come as in 2027-01-31")
    return reason


def _read(path: str, may_be_missing: bool) -> Baseline:
    try:
        data = read_named(path)
    except FileNotFoundError:
        if may_be_missing:
            return Baseline(SourceFile(path, ""))
        raise UsageError(f"there is no baseline `{path}`: --write-baseline writes it") from None
    except OSError as error:
        raise UsageError(f"cannot read the baseline `{path}`: {error.strerror or error}") from None
    return parse_baseline(SourceFile.from_bytes(path, data))


def _prune(baseline: Baseline, unused: tuple[Diagnostic, ...], checked: Checked, write: bool) -> bool:
    """Whether what is recorded in vain is removed, or would be."""
    source = baseline.source
    edits = [edit for item in unused if item.fix for edit in item.fix.edits]
    after = SourceFile(source.path, apply_edits(source.text, edits), source.encoding, source.bom)
    if write:
        try:
            _write(after)
        except OSError as error:
            checked.failures.append(Failure(_not_written(source, error), source.path))
            return False
    checked.changes.append(Change(_about(baseline, unused), after))
    checked.applied += len(unused)
    return True


def _write(source: SourceFile) -> None:
    """Write a baseline; raises OSError, also where it would go through a link of a repository."""
    reason = refusal(source.path)
    if reason:
        raise OSError(reason)
    replace_content(source.path, source.encode(source.text))


def _not_written(source: SourceFile, error: OSError) -> str:
    return f"cannot write the baseline `{source.path}`: {error.strerror or error}"


def _about(baseline: Baseline, diagnostics: tuple[Diagnostic, ...]) -> FileResult:
    # What an entry quotes of another file was covered when it was written.
    return FileResult(baseline.source, None, diagnostics, mask=Mask(baseline.source.text))
