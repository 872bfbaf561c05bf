"""Findings that are known and not reported: recorded in a file by what they are about, not by where that stands.

The file has one entry a line, in JSON and in ASCII, sorted: the path of a file, with ``/`` and relative to the
baseline's own folder, the code of a rule, the line of the file that it speaks of, and how often it says so. Secrets
in that line are covered, and it has no number, so that an entry holds while other lines come and go.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from devbox_lint.credentials.masking import COVER, mask_of
from devbox_lint.diagnostics import AUDIT_HELP, CREDENTIALS, MARKER, Diagnostic, Edit, Finding, Fix, Severity, Span
from devbox_lint.engine import INTERNAL_ERROR
from devbox_lint.errors import UsageError
from devbox_lint.results import FileResult
from devbox_lint.rule import Rule
from devbox_lint.source import SourceFile
from devbox_lint.startup import NamedTuple, lazy

#: More of a line than this says no more about which it is.
LONGEST = 160
_COVERED = lazy(rf"{re.escape(COVER)}{{2,}}")


class Known(NamedTuple):
    """What a finding is about; ``text`` is the line where it starts, covered and without what surrounds it."""

    path: str
    code: str
    text: str


class Entry(NamedTuple):
    """One line of a baseline, counted from 0: a finding that is known, and how often."""

    known: Known
    times: int
    line: int


class Baseline:
    """The entries of one file; the path of ``source`` says what the paths of the entries start from."""

    __slots__ = ("_counts", "entries", "source")

    def __init__(self, source: SourceFile, entries: Iterable[Entry] = ()) -> None:
        self.source = source
        self.entries = tuple(entries)
        self._counts: defaultdict[str, Counter[Known]] = defaultdict(Counter)
        for entry in self.entries:
            self._counts[entry.known.path][entry.known] += entry.times

    def unknown(self, result: FileResult) -> tuple[Diagnostic, ...]:
        """The diagnostics of a file that are not recorded."""
        return self.split(result)[1]

    def split(self, result: FileResult) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
        """The diagnostics of a file that are recorded, and the others: of those that look the same, the last ones."""
        left = Counter(self._counts.get(self.path_of(result.source.path)))
        if not left:
            return (), result.diagnostics
        recorded, unknown = [], []
        for diagnostic, known in zip(result.diagnostics, self.recognised(result), strict=True):
            if left[known] > 0:
                left[known] -= 1
                recorded.append(diagnostic)
            else:
                unknown.append(diagnostic)
        return tuple(recorded), tuple(unknown)

    def known(self, result: FileResult) -> list[Known]:
        """What an entry for each diagnostic of a file says."""
        if not result.diagnostics:
            return []
        source = result.source
        path = self.path_of(source.path)
        covered = (result.mask or mask_of(source)).covered(source.text)
        return [Known(path, item.code, _line_at(source, covered, item.span.start)) for item in result.diagnostics]

    def recognised(self, result: FileResult) -> list[Known]:
        """The same, but what is recorded of a finding that only stands at another line now.

        What is wrong with a file as a whole is told at its first key, and that may become another one: then the
        recorded line is still there, and there is one finding of the rule as before. A credential is never taken for
        another one.
        """
        known = self.known(result)
        recorded, found = self._counts.get(self.path_of(result.source.path), Counter()), Counter(known)
        gone, new = recorded - found, found - recorded
        if not gone or not new:
            return known
        lines: set[str] | None = None
        gone_of, new_of = _by_code(gone), _by_code(new)
        for code in gone_of.keys() & new_of.keys():
            (before, *more), (after, *others) = gone_of[code], new_of[code]
            if more or others or code.startswith(CREDENTIALS):
                continue
            if lines is None:
                lines = _lines_of(result)
            if before.text in lines:
                known[known.index(after)] = before
        return known

    def path_of(self, path: str) -> str:
        """A path as entries have it."""
        path = os.path.abspath(path)
        folder = os.path.dirname(os.path.abspath(self.source.path))
        # On another drive of Windows nothing is relative.
        if os.path.normcase(os.path.splitdrive(path)[0]) == os.path.normcase(os.path.splitdrive(folder)[0]):
            path = os.path.relpath(path, folder)
        return path.replace(os.sep, "/")

    def unused(
        self, found: Mapping[Known, int], is_judged: Callable[[Known], bool], rule: Rule, severity: Severity
    ) -> Iterator[Diagnostic]:
        """What ``rule`` says of the entries for more than was found, those of which the run can judge."""
        left = Counter(found)
        for known, times, line in self.entries:
            used = min(times, left[known])
            left[known] -= used
            if used == times or not is_judged(known):
                continue
            span = Span(self.source.line_starts[line], self.source.line_end(line))
            message = f"`{known.code}` is recorded here for `{known.path}`"
            if used:
                message += f", {_times(times)}, and found {_times(used)}"
                fix = Fix("record what is found", (Edit(span, _written(known, used)),))
            else:
                message += ", and not found any more"
                whole = Span(span.start, [*self.source.line_starts, len(self.source.text)][line + 1])
                fix = Fix("remove the entry", (Edit(whole, ""),))
            yield Diagnostic(
                rule.code,
                rule.name,
                severity,
                span,
                message,
                rule.url,
                fix.message,
                fix,
            )


def hidden_credentials(recorded: Iterable[Diagnostic]) -> Iterator[Finding]:
    """What is to be said to somebody who audits of the credentials among recorded findings."""
    for item in recorded:
        if item.code.startswith(CREDENTIALS):
            yield Finding(item.span, f"the baseline hides a credential here: `{item.name}`", help=AUDIT_HELP)


def parse_baseline(source: SourceFile) -> Baseline:
    """The baseline in a file; raises UsageError, with the line, for a file that is not one."""
    return Baseline(source, _entries(source))


def baseline_text(counts: Mapping[Known, int]) -> str:
    """The text of a baseline."""
    return "".join(f"{_written(known, count)}\n" for known, count in sorted(counts.items()) if count > 0)


def is_recordable(known: Known) -> bool:
    """Whether it is about a file, and not a bug of ours that must stay in sight."""
    return known.code != INTERNAL_ERROR


def _entries(source: SourceFile) -> Iterator[Entry]:
    for line in range(len(source.line_starts)):
        text = source.line_text(line)
        if not text.strip():
            continue
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            value = None
        match value:
            case {"path": str(path), "code": str(code), "text": str(content), "count": int(times), **others} if (
                times > 0 and not others
            ):
                yield Entry(Known(path, code, content), times, line)
            case _:
                raise UsageError(
                    f"{source.path}:{line + 1}: this is not a baseline entry: --write-baseline writes the file anew"
                )


def _written(known: Known, count: int) -> str:
    return json.dumps({**known._asdict(), "count": count})


def _line_at(source: SourceFile, covered: str, offset: int) -> str:
    line = source.position(offset).line
    start, end = source.line_starts[line], source.line_end(line)
    if end - start > LONGEST:
        start = max(start, offset - LONGEST // 4)
        end = min(end, start + LONGEST)
    text = covered[start:end].partition(f"# {MARKER}:")[0]
    # How long a secret is must not be seen either.
    return _COVERED.sub(COVER * 3, " ".join(text.split()))


def _by_code(counts: Counter[Known]) -> dict[str, list[Known]]:
    found: dict[str, list[Known]] = {}
    for known in counts.elements():
        found.setdefault(known.code, []).append(known)
    return found


def _lines_of(result: FileResult) -> set[str]:
    """All lines of a file as entries have them."""
    source = result.source
    covered = (result.mask or mask_of(source)).covered(source.text)
    return {_line_at(source, covered, start) for start in source.line_starts}


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
