"""DBX714: several statements that YAML joins to one line."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.scripts import Script
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.powershell import RegionKind, find_regions
from devbox_lint.powershell.statements import Break, breaks_of
from devbox_lint.rule import CONFIGURATION, IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint.source import SourceFile
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import DOUBLE, FOLDED, LITERAL, PLAIN, SINGLE, Scalar
from devbox_lint_rules.scripts._scripts import WITH_SCRIPTS, scripts_of

_STYLES = {
    PLAIN: "a value without quotes",
    SINGLE: "a value in single quotes",
    DOUBLE: "a value in double quotes",
    FOLDED: "a text block that starts with `>`",
}
# What stands where `|` belongs: the sign that continues a line in other shells.
_STAND_IN = lazy(r"[\^\\/¦](?=[ ])")
_BEFORE_VALUE = lazy(r"(?:(?P<before>[ ]*(?:-[ ]+)*)[\"']?[\w$]+[\"']?[ ]*:)?[ ]+")


class JoinedLines(Rule):
    """
    A script of several lines is a YAML value that joins them to one: a plain or quoted value, or a text block
    that starts with `>`.

    Why: PowerShell gets all commands in one line. What was the next command becomes an argument of the one before
    it, or a comment swallows the rest. One command that goes on over several lines is fine.

    Fix: Write a text block that starts with `|`, which keeps the lines.
    """

    code = "DBX714"
    name = "joined-lines"
    severity = Severity.ERROR
    needs = WITH_SCRIPTS
    kinds = frozenset((IMAGE, USER, TASK, CONFIGURATION))
    references = ("https://yaml.org/spec/1.2.2/#chapter-8-block-style-productions",)
    see = ("DBX008", "DBX713")
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: >\n"
            "        npm install -g yarn\n        «npm» install -g pnpm\n",
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        npm install -g yarn\n        npm install -g pnpm\n",
        ),
        Example(
            USER,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: \"$f = 'C:\\\\Temp\\\\a.txt'\n"
            '        «Set-Content» -Path $f\n          -Value \\"a\\"\n        exit 0"\n      workingDirectory: C:\\\n',
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n        $f = 'C:\\Temp\\a.txt'\n"
            '        Set-Content -Path $f `\n          -Value "a"\n        exit 0\n      workingDirectory: C:\\\n',
        ),
        Example(
            TASK,
            "name: build\ncommand: cd C:\\src\n  «dotnet» restore\n  dotnet build\ntimeout: 30\n",
            "name: build\ncommand: |\n  cd C:\\src\n  dotnet restore\n  dotnet build\ntimeout: 30\n",
        ),
        Example(
            TASK,
            "name: build\ncommand: >-\n  «#» all of it\n  npm ci\n",
            "name: build\ncommand: |-\n  # all of it\n  npm ci\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: «^»\n        npm ci\n        npm test\n",
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n        npm ci\n        npm test\n",
        ),
        Example(
            CONFIGURATION,
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n    - resource: PSDscResources/Script\n"
            "      settings:\n        GetScript: '@{}'\n        TestScript: $false\n"
            "        SetScript: >\n          npm install -g yarn\n          «npm» install -g pnpm\n",
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n    - resource: PSDscResources/Script\n"
            "      settings:\n        GetScript: '@{}'\n        TestScript: $false\n"
            "        SetScript: |\n          npm install -g yarn\n          npm install -g pnpm\n",
            shown=False,
        ),
    )
    good = (
        Example(
            IMAGE,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: >\n"
            "        winget install --id Git.Git\n        --accept-package-agreements --accept-source-agreements\n"
            "        | Out-Null\n",
        ),
        Example(
            USER,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: >-\n"
            "        Get-ChildItem C:\\src |\n        Where-Object { $_.Name -like 'a*' } |\n"
            "        ForEach-Object { Remove-Item $_ };\n        exit 0\n",
        ),
        Example(TASK, "name: build\ncommand: ./build.ps1\n  -Path {{path}}\n  -Name {{name}}\n", shown=False),
        Example(TASK, 'name: build\ncommand: "npm ci;\n  npm run build\\nnpm test"\n', shown=False),
        Example(TASK, "name: build\ncommand: powershell.exe -Command\n  Install-Module Az\n", shown=False),
        Example(TASK, "name: build\ncommand: >\n  npm ci\n\n  npm run build\n", shown=False),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for script in scripts_of(context):
            if script.scalar.style != LITERAL and _is_long(context.source, script.scalar):
                yield from _judge(context.source, script)


def _is_long(source: SourceFile, scalar: Scalar) -> bool:
    return (
        source.text.find("\n", scalar.start, scalar.end) >= 0 or source.text.find("\r", scalar.start, scalar.end) >= 0
    )


def _judge(source: SourceFile, script: Script) -> Iterator[Finding]:
    scalar = script.scalar
    joined = _joins(source.text, scalar)
    if not joined:
        return
    stand_in = _STAND_IN.match(scalar.value)
    if stand_in is not None and scalar.style == PLAIN and joined[0] == stand_in.end():
        yield _of_stand_in(source, scalar, stand_in.end())
        return
    places = frozenset(joined)
    lines = "".join("\n" if place in places else character for place, character in enumerate(script.text))
    breaks = breaks_of(lines, places)
    comment = next(
        (
            region
            for region in find_regions(lines)
            if region.kind is RegionKind.COMMENT and region.end in places and lines[region.end :].strip()
        ),
        None,
    )
    starts = [place for place in joined if breaks.get(place) is Break.STATEMENT]
    style = _STYLES[scalar.style]
    message = f"{style} joins its lines to one"
    if comment is not None and not (starts and starts[0] < comment.start):
        span = Span(*scalar.span_of(comment.start, comment.start + len(lines[comment.start : comment.end].split()[0])))
        message += ", and the comment swallows the lines after it"
    elif starts:
        first = starts[0] + 1 + len(lines[starts[0] + 1 :]) - len(lines[starts[0] + 1 :].lstrip())
        span = scalar.span_of(first, first + len(lines[first:].split()[0]))
        message += f", and {len(starts) + 1} statements become one"
    else:
        return
    yield Finding(
        span,
        f"{message}: write a text block that starts with `|`",
        fix=_literal(source, scalar, breaks, lines),
        covers=(scalar.span,),
    )


def _joins(text: str, scalar: Scalar) -> list[int]:
    """The offsets of the blanks in the value that stand for a line break."""
    found = []
    at = scalar.value.find(" ")
    while at >= 0:
        start, end = scalar.span_of(at, at + 1)
        if any(mark in "\r\n" for mark in text[start:end]):
            found.append(at)
        at = scalar.value.find(" ", at + 1)
    return found


def _of_stand_in(source: SourceFile, scalar: Scalar, end: int) -> Finding:
    span = scalar.span_of(0, end)
    first = source.position(scalar.start).line + 1
    last = source.position(scalar.end).line
    indents = [
        len(text) - len(text.lstrip(" ")) for text in map(source.line_text, range(first, last + 1)) if text.strip()
    ]
    fix = Fix("write `|`", (Edit(span, "|"),)) if indents and min(indents) == indents[0] else None
    return Finding(span, f"`{scalar.value[:end]}` opens no text block: write `|`, which keeps the lines", fix=fix)


def _literal(source: SourceFile, scalar: Scalar, breaks: dict[int, Break], lines: str) -> Fix | None:
    """Write the value as a text block; none where it could not hold the value, or a string goes over a line's end."""
    if Break.TEXT in breaks.values() or scalar.anchor is not None or scalar.tag is not None:
        return None
    carried = [place for place, meaning in breaks.items() if meaning is Break.ARGUMENT]
    if scalar.style == FOLDED:
        head = Span(scalar.start, scalar.start + 1)
        ends = (scalar.span_of(place, place + 1).start for place in carried)
        return Fix("write `|` for `>`", (Edit(head, "|"), *(Edit(Span(end, end), " `") for end in ends)))
    position = source.position(scalar.start)
    start = source.line_starts[position.line]
    before = _BEFORE_VALUE.fullmatch(source.text, start, scalar.start)
    if before is None or source.text[scalar.end : source.line_end(source.position(scalar.end).line)].strip():
        return None
    value = scalar.value
    if not all(character.isprintable() or character in "\n\t" for character in value) or value[:1] in " \n\t":
        return None
    indent = " " * ((len(before["before"]) if before["before"] is not None else scalar.indent) + 2)
    line_break = "\r\n" if source.text[start:].partition("\n")[0].endswith("\r") else "\n"
    starts = {place: _indent_after(source, scalar, place) for place in breaks}
    least = min(starts.values(), default=0)
    parts = [indent]
    for place, character in enumerate(value):
        if lines[place] != "\n":
            parts.append(character)
        elif character == "\n":
            parts.append(line_break + indent)
        else:
            parts.append(
                (" `" if place in carried else "") + line_break + indent + " " * (starts.get(place, 0) - least)
            )
    text = "".join(parts).replace(line_break + indent + line_break, line_break + line_break)
    return Fix("write a text block that starts with `|`", (Edit(scalar.span, "|" + line_break + text.rstrip()),))


def _indent_after(source: SourceFile, scalar: Scalar, place: int) -> int:
    """The column at which the line starts that the break at ``place`` leads to."""
    return source.position(scalar.span_of(place + 1, place + 2).start).column
