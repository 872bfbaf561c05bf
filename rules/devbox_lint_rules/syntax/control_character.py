"""DBX007: a backslash that silently became a control character."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.rule import TASK, USER, YAML_FILES, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import DOUBLE, Scalar

_ESCAPE = lazy(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_NAMES = {"t": "a tab", "n": "a line break", "r": "a carriage return", "b": "a backspace", "a": "a bell",
          "f": "a form feed", "v": "a vertical tab", "e": "an escape character", "0": "a null character",
          "N": "a next-line character", "L": "a line separator", "P": "a paragraph separator",
          "_": "a no-break space", "x": "another character", "u": "another character"}  # fmt: skip
# What a Windows path starts with.
_PATH = lazy(r"(?:[A-Za-z]:|\.{1,2}|\$\{?[\w:]+\}?|%\w+%|\{\{[^{}]*\}\})(?=\\)|^\\\\\\\\")


class ControlCharacter(Rule):
    r"""
    A Windows path in double quotes holds an escape by accident: `"C:\temp"` is `C:`, a tab, and `emp`.

    Why: The file parses and says something else than it shows. The task then works on a path that does not
    exist.

    Fix: Write each backslash twice, use single quotes, or no quotes at all.
    """

    code = "DBX007"
    name = "control-character"
    severity = Severity.ERROR
    needs = ("\\",)
    kinds = YAML_FILES
    see = ("DBX008", "DBX010")
    references = ("https://yaml.org/spec/1.2.2/#57-escaped-characters",)
    bad = (
        Example(
            USER,
            'tasks:\n  - name: ~/gitclone\n    parameters:\n      directory: "C:«\\r»epos"\n',
            'tasks:\n  - name: ~/gitclone\n    parameters:\n      directory: "C:\\\\repos"\n',
        ),
        Example(
            TASK,
            'name: build\ncommand: "cd é😀 C:«\\t»emp«\\n»ew; dir .«\\b»in"\n',
            'name: build\ncommand: "cd é😀 C:\\\\temp\\\\new; dir .\\\\bin"\n',
        ),
    )
    good = (
        Example(TASK, "name: build\ncommand: \"Write-Host 'one'\\nWrite-Host 'two'\"\n"),
        Example(TASK, 'name: build\ncommand: "dir C:\\\\temp"\n'),
        Example(TASK, "name: build\ncommand: 'dir C:\\temp'\n"),
        Example(TASK, 'name: build\ncommand: "cd C:\\\\work\\n\\tdir"\n'),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        if "\\" not in context.source.text:
            return
        for scalar in context.document.scalars:
            if scalar.style == DOUBLE and not scalar.value.isprintable():
                yield from _check(context.source.text, scalar)


def _check(text: str, scalar: Scalar) -> Iterator[Finding]:
    raw = text[scalar.start : scalar.end]
    if raw[:1] != '"':
        return
    for match in _ESCAPE.finditer(raw, 1, len(raw) - 1):
        escape = match.group()
        name = _NAMES.get(escape[1])
        if name is None or not _in_path(raw, match.start(), match.end()):
            continue
        start = scalar.start + match.start()
        yield Finding(
            Span(start, start + 2),
            f"`{escape[:2]}` in double quotes is {name}, not part of a path: write the backslash twice",
            fix=Fix("write the backslash twice", (Edit(Span(start, start), "\\"),)),
        )


def _in_path(raw: str, start: int, end: int) -> bool:
    """Whether the escape stands inside a path: after a drive or folder, before more of its name."""
    if not (raw[start + 2 : start + 3].isalnum() or raw[start + 2 : start + 3] in "_-."):
        return False
    begin = start
    while begin > 1 and raw[begin - 1] not in " \t'\"=;,(\r\n`":
        begin -= 1
    # Who writes `C:\\work\n` knows escapes, and means the line break.
    return _PATH.match(raw[begin:end]) is not None and ("\\\\" not in raw[begin:start] or raw[begin] == "\\")
