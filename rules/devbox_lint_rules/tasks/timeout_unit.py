"""DBX214: a timeout that counts in the wrong unit."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint_rules.tasks._entries import REFERENCE
from devbox_lint_rules.tasks.invalid_timeout import timeouts

#: Fewer seconds than this in an entry are meant as minutes, more minutes than this in a definition as seconds.
_FEW_SECONDS, _MANY_MINUTES = 60, 240


class TimeoutUnit(Rule):
    """
    A `timeout` is so short or so long that it was meant in another unit.

    Why: It counts seconds in the entry of a task and minutes in a task definition. With 30 seconds hardly
    anything can be installed, and 3600 minutes are two days and a half.

    Fix: Write seconds in `tasks` and `userTasks`, minutes in `task.yaml`.
    """

    code = "DBX214"
    name = "timeout-unit"
    severity = Severity.WARNING
    needs = ("timeout",)
    see = ("DBX213",)
    references = (REFERENCE,)
    bad = (
        Example(USER, "tasks:\n  - name: ~/winget\n    timeout: «30»\n"),
        Example(TASK, "name: install\ncommand: ./x.ps1\ntimeout: «3600»\n"),
    )
    good = (
        Example(
            IMAGE, "tasks:\n  - name: ~/winget\n    timeout: 60\n  - name: ~/winget\n    timeout: 3600\n", shown=False
        ),
        Example(TASK, "name: install\ncommand: ./x.ps1\ntimeout: 30\n"),
        Example(
            USER, "tasks:\n  - name: ~/winget\n    timeout: 0\n  - name: ~/winget\n    timeout: 30m\n", shown=False
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for scalar, unit in timeouts(context):
            text = scalar.value.strip()
            if not text.isdecimal() or not text.isascii() or len(text) > 6 or not int(text):
                continue
            number = int(text)
            if unit == 1 and number < _FEW_SECONDS:
                message = (
                    f"a timeout of {_times(number, 'second')}: write `{number * 60}` for {_times(number, 'minute')}"
                )
            elif unit == 60 and number > _MANY_MINUTES:
                message = f"a timeout of {_times(number // 60, 'hour')}, as a task definition counts minutes"
                message += f": write `{number // 60}` for {number} seconds" if number % 60 == 0 else ": write minutes"
            else:
                continue
            start = scalar.value.index(text)
            yield Finding(scalar.span_of(start, start + len(text)), message)


def _times(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
