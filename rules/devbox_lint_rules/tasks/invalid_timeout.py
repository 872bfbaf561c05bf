"""DBX213: a timeout that is no positive whole number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import Scalar
from devbox_lint_rules.tasks._entries import REFERENCE

_DURATION = lazy(
    r"([0-9]{1,6})[ ]?(s|sec|secs|seconds?|m|min|mins|minutes?|h|hours?)|PT([0-9]{1,6})([smh])", re.IGNORECASE
)
_SECONDS = {"s": 1, "m": 60, "h": 3600}


class InvalidTimeout(Rule):
    """
    A `timeout` is not a whole number greater than zero.

    Why: The service takes a number alone, without a unit, and refuses the file. It does not read
    `30m` as half an hour.

    Fix: Write the number: seconds in the entry of a task, minutes in a task definition.
    """

    code = "DBX213"
    name = "invalid-timeout"
    severity = Severity.ERROR
    needs = ("timeout",)
    see = ("DBX214",)
    references = (REFERENCE,)
    bad = (
        Example(USER, "tasks:\n  - name: ~/winget\n    timeout: «60m»\n  - name: ~/winget\n    timeout: '«1 hour»'\n"),
        Example(TASK, "name: install\ncommand: ./x.ps1\ntimeout: «0»\n"),
        Example(IMAGE, "tasks:\n  - name: ~/winget\n    timeout: «-1»\nuserTasks:\n  - name: x\n    timeout: «1.5»\n"),
    )
    good = (
        Example(
            USER, "tasks:\n  - name: ~/winget\n    timeout: 600\n  - name: ~/winget\n    timeout: '600'\n", shown=False
        ),
        Example(TASK, "name: install\ncommand: ./x.ps1\ntimeout: 30\n"),
        Example(
            USER,
            "tasks:\n  - name: ~/winget\n    timeout:\n  - name: ~/winget\n    timeout: '{{timeout}}'\n",
            shown=False,
        ),
        Example(USER, "tasks:\n  - name: ~/winget\n    timeout: [60]\n", shown=False),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for scalar, unit in timeouts(context):
            text = scalar.value.strip()
            if "{{" in text or (text.isdecimal() and text.isascii() and int(text[:20]) > 0):
                continue
            start = scalar.value.index(text)
            shown = text if len(text) <= 40 else f"{text[:40]}…"
            yield Finding(
                scalar.span_of(start, start + len(text)) if text else scalar.span,
                f"`{shown}` is not a valid timeout: write {_number(text, unit)}",
            )


def timeouts(context: Context) -> Iterator[tuple[Scalar, int]]:
    """All timeouts that are single values and not null, each with the seconds of its unit."""
    customization = context.customization
    if context.kind is TASK and customization.root is not None:
        scalar = customization.root.scalar("timeout")
        if scalar is not None:
            yield scalar, 60
    for task in customization.tasks or customization.examples:
        scalar = task.node.scalar("timeout")
        if scalar is not None:
            yield scalar, 1


def _number(text: str, unit: int) -> str:
    word = "seconds" if unit == 1 else "minutes"
    match = _DURATION.fullmatch(text)
    if match is not None:
        seconds = int(match[1] or match[3]) * _SECONDS[(match[2] or match[4])[0].lower()]
        if seconds and seconds % unit == 0:
            return f"`{seconds // unit}`, the {word} as a whole number"
    return f"the {word} as a whole number greater than zero"
