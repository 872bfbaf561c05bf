"""DBX008: text that was garbled on its way into the file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.rule import ALL_FILES, IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint.source import SourceFile
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import PLAIN, Scalar

# UTF-8 read as Windows-1252: the punctuation that word processors write, accented letters, the byte order mark.
_MOJIBAKE = lazy("â€[“”˜™\u009d\u0153\u00a6\u00a2]|Ã[\u00a0-\u00bf\u20ac\u0152\u0160]|Â[\u00a0-\u00bf]|ï»¿")
# Zero width and bidirectional control characters; U+FEFF at the start of a text is a mark and is not in it.
_INVISIBLE = lazy("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# A dash before a parameter's name, and quotes, as word processors write them.
_DASH = lazy(r"(?:(?<=\s)|^)[–—―](?=[A-Za-z])")
_QUOTE = lazy("[“”„‘’‚]")
#: What opens a text for a word processor, and what then closes it.
_OPENING = {"“": '”“"', "”": '”"', "„": '“”"', "«": "»", "‘": "’‘'", "’": "’'", "‚": "‘’'", "‹": "›"}
#: The keys whose values are for people.
_PROSE = frozenset(("description", "displayName", "notes", "author"))
_ASCII = {"–": "-", "—": "-", "―": "-", "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‚": "'"}
# Of which a file has one, in lower case: the beginnings of mojibake, what is invisible, dashes and quotes.
_SIGNS = (
    *"âãï–—―",
    *_OPENING,
    *(chr(code) for code in (0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)),
)


class GarbledText(Rule):
    """
    The text holds characters that nobody typed: mojibake such as `â€“`, a dash or quote of a word processor
    in a command, a zero-width or bidirectional control character.

    Why: A command needs ASCII: with `–Path` in place of `-Path` a program gets a file name and no option.
    Invisible characters break names that look right, and can hide what a script does from its reviewer.

    Fix: Write the ASCII character, and remove the invisible ones.
    """

    code = "DBX008"
    name = "garbled-text"
    severity = Severity.WARNING
    needs = _SIGNS
    kinds = ALL_FILES
    see = ("DBX007", "DBX010")
    references = (
        "https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",
        "https://trojansource.codes/",
    )
    # A reference in such quotes is told with what belongs around it.
    yields_to = ("DBX304", "DBX306")
    misread = True
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: «“https://github.com/contoso/web”»\n"
            "      directory: «‘C:\\src’»\n",
            'tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: "https://github.com/contoso/web"\n'
            "      directory: 'C:\\src'\n",
        ),
        Example(
            IMAGE,
            "tasks:\n- name: git-clone\n  command: MyCommand «â€“»MyParam 'x'\n",
            "tasks:\n- name: git-clone\n  command: MyCommand -MyParam 'x'\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        dir «–»Path C:\\ # über –alles\n        dir «“»C:\\«”»\n",
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            '        dir -Path C:\\ # über –alles\n        dir "C:\\"\n',
        ),
        Example(TASK, "name: build«\u200b»\ncommand: make\n", "name: build\ncommand: make\n"),
        Example(TASK, "name: build«\u200b»\ncommand:", "name: build\ncommand:", shown=False),
        Example(
            TASK,
            "name: build\ncommand: make\ndescription: caf«Ã©»s«Ã¼»r\n",
            "name: build\ncommand: make\ndescription: cafésür\n",
        ),
    )
    good = (
        Example(TASK, "name: build\ncommand: make\ndescription: “all” – the rest, it’s 5 € 😀\n"),
        Example(TASK, "name: build\ncommand: Write-Host 'é – ü'\n"),
        Example(TASK, "name: build\ncommand: make\ndescription: Ångström, São Paulo, Â\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        text = context.source.text
        if text.isascii():
            return
        commands = _commands(context)
        for match in _MOJIBAKE.finditer(text):
            meant = _undo(match.group())
            if meant is None:
                continue
            command = next((span for span in commands if span.start <= match.start() < span.end), None)
            content = meant if command is None else _ASCII.get(meant, meant)
            shown = f"`{content}`" if content.strip() else "a space" if content else "nothing"
            span = Span(match.start(), match.end())
            yield Finding(
                span,
                f"`{match.group()}` is text garbled by another encoding: write {shown}",
                fix=_fix(text, command, span, content, shown),
            )
        for match in _INVISIBLE.finditer(text):
            yield _invisible(context.source, match)
        for span in commands:
            yield from _typography(text, span)
        prose = {
            id(entry.value)
            for mapping in context.document.mappings
            for entry in mapping.entries
            if entry.name in _PROSE
        }
        for scalar in context.document.scalars:
            if (
                scalar.style == PLAIN
                and text[scalar.start : scalar.start + 1] in _OPENING
                and scalar.span not in commands
            ):
                # People read these, and nothing fails.
                severity = Severity.INFO if id(scalar) in prose else None
                yield from (finding._replace(severity=severity) for finding in _in_quotes(scalar))


def _in_quotes(scalar: Scalar) -> Iterator[Finding]:
    """A value that is wholly in the quotes of a word processor, which YAML takes for a part of it."""
    value = scalar.value
    if len(value) < 2 or value[-1] not in _OPENING[value[0]]:
        return
    inner = value[1:-1]
    if "\n" in inner or any(mark in inner for mark in _OPENING[value[0]]):
        return
    quoted = (
        f'"{inner}"'
        if value[0] not in "‘’‚‛" and '"' not in inner and "\\" not in inner
        else "'" + inner.replace("'", "''") + "'"
    )
    yield Finding(
        scalar.span,
        f"`{value[0]}` is a typographic quote and becomes a part of the value: write `{quoted[0]}` around it",
        fix=Fix(f"write `{quoted[0]}` around it", (Edit(scalar.span, quoted),)),
    )


def _commands(context: Context) -> list[Span]:
    """Where the values are that a shell reads."""
    spans = []
    if context.document.is_script:
        return [scalar.span for scalar in context.document.scalars]
    root = context.customization.root
    if root is not None and (command := root.scalar("command")):
        spans.append(command.span)
    for task in context.customization.tasks:
        for mapping in (task.node, task.parameters):
            for name in ("command", "script", "scriptArgs", "switches"):
                if mapping is not None and (value := mapping.scalar(name)):
                    spans.append(value.span)
    return spans


def _typography(text: str, span: Span) -> Iterator[Finding]:
    """Dashes before options, and pairs of curly quotes where a string starts; text inside strings is text."""
    for match in _DASH.finditer(text, span.start, span.end):
        if not _commented(text, span, match.start()):
            yield _replace(match, "a command's option starts with")
    for line in re.finditer(r"[^\r\n]+", text[span.start : span.end]):
        quotes = list(_QUOTE.finditer(line.group()))
        if not quotes or any(mark in line.group() for mark in "\"'#"):
            continue
        for match in quotes:
            start = span.start + line.start() + match.start()
            character = match.group()
            yield Finding(
                Span(start, start + 1),
                f"`{character}` is a typographic quote: a command needs `{_ASCII[character]}`",
                fix=_fix(text, span, Span(start, start + 1), _ASCII[character], f"`{_ASCII[character]}`"),
            )


def _fix(text: str, scalar: Span | None, span: Span, content: str, shown: str) -> Fix | None:
    """Put ``content`` in a scalar's place ``span``; none where it would open a quoted scalar."""
    quote = text[scalar.start] if scalar is not None else ""
    if content in ("'", '"') and scalar is not None:
        if span.start == scalar.start:
            return None
        if content == quote:
            content = "''" if quote == "'" else '\\"'
    return Fix(f"write {shown}", (Edit(span, content),))


def _commented(text: str, span: Span, offset: int) -> bool:
    line = text[max(text.rfind("\n", 0, offset) + 1, span.start) : offset]
    return "#" in line or line.count("'") % 2 == 1 or line.count('"') % 2 == 1


def _replace(match: re.Match[str], why: str) -> Finding:
    character = match.group()
    return Finding(
        Span(match.start(), match.end()),
        f"`{character}` is a typographic dash: {why} `-`",
        fix=Fix("write `-`", (Edit(Span(match.start(), match.end()), "-"),)),
    )


def _invisible(source: SourceFile, match: re.Match[str]) -> Finding:
    code = ord(match.group())
    bidirectional = 0x200E <= code <= 0x202E or 0x2066 <= code <= 0x2069
    what = "changes the direction in which text is shown" if bidirectional else "is invisible"
    span = Span(match.start(), match.end())
    return Finding(span, f"the character U+{code:04X} {what}: remove it", fix=Fix("remove it", (Edit(span, ""),)))


def _undo(garbled: str) -> str | None:
    """What was garbled, by going the way of the encodings back; None where it does not lead anywhere."""
    for encoding in ("cp1252", "latin-1"):
        try:
            return garbled.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    # Windows-1252 has no character for five bytes; decoders keep them as C1 controls.
    try:
        parts = (character.encode("cp1252", "ignore") or bytes([ord(character)]) for character in garbled)
        return b"".join(parts).decode()
    except (UnicodeError, ValueError):
        return None
