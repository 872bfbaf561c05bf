"""DBX713: a script that Windows PowerShell cannot parse."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.scripts import Script
from devbox_lint.diagnostics import Edit, Finding, Fix, Related, Severity
from devbox_lint.powershell import Argument, RegionKind, Slip, SlipKind, find_regions, read_script
from devbox_lint.rule import CONFIGURATION, IMAGE, SCRIPT, TASK, USER, Context, Example, Rule
from devbox_lint.source import SourceFile
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import LITERAL
from devbox_lint_rules.scripts._other_languages import in_calls, of_slip
from devbox_lint_rules.scripts._scripts import WITH_SCRIPTS, in_single_quotes, scripts_of

#: What makes all that follows it wrong, so that of these the first is told alone.
_OF_STRUCTURE = frozenset((
    SlipKind.OPEN_STRING, SlipKind.OPEN_HERE_STRING, SlipKind.INDENTED_FOOTER, SlipKind.OPEN_COMMENT,
    SlipKind.OPEN_BRACKET, SlipKind.STRAY_BRACKET, SlipKind.CROSSED_BRACKET, SlipKind.AFTER_STRING,
))  # fmt: skip
_CLOSING = {"(": ")", "$(": ")", "@(": ")", "{": "}", "@{": "}"}
_SPLAT = lazy(r"@(\w++)([.\[][^\s'\"]*+)")
_WORD = lazy(r"[@\w./\\\[\]^~*-]++")
_TRAILING = lazy(r"`([ \t]++)\r?\n?\Z")
# The characters that open or close a string where UTF-8 is read as Windows-1252: 91 to 94 in any of their bytes.
_AS_QUOTES = frozenset(b"\x91\x92\x93\x94")
_LINE_BREAKS = "\r\n"


class ScriptSyntax(Rule):
    """
    A script that Windows PowerShell 5.1 cannot parse: a string, a here-string, a comment or a bracket that nothing
    ends, a closing bracket too many, a command after `!` or `-and` without parentheses, a line that begins with a
    pipe or an option, a value right after a string, an npm package such as `@builder.io/x` without quotes. What is
    written as in another language: `else if`, `==`, `if exist`, `set NAME=value`, `%TEMP%`, `"C:\\a.exe" --version`
    without `&`, `C:\\Program Files` without quotes, `"$name: text"`. Also a script file without a byte order mark in
    which a dash or an emoji becomes a quote in the ANSI code page.

    Why: PowerShell parses a script before it runs its first line, so that nothing of it is done. A line that was
    meant to go on with the one before is a command of its own, which is not found.

    Fix: Write the quote or bracket that is missing, or take away the one too many.
    """

    code = "DBX713"
    name = "script-syntax"
    severity = Severity.ERROR
    needs = WITH_SCRIPTS
    kinds = frozenset((IMAGE, USER, TASK, SCRIPT, CONFIGURATION))
    yields_to = ("DBX312", "DBX608", "DBX714", "DBX819")
    references = (
        "https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_parsing",
        "https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules",
        "https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_character_encoding",
    )
    see = ("DBX714", "DBX716")
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            '        Set-Location «"C:/web; npm install»\n',
        ),
        Example(
            SCRIPT,
            "if («!Test-Path» $folder) {\n  New-Item $folder\n}\nnpm install «@builder.io/react» left-pad\n",
            "if (!(Test-Path $folder)) {\n  New-Item $folder\n}\nnpm install '@builder.io/react' left-pad\n",
        ),
        Example(
            SCRIPT,
            "Set-Item \\\n  «-Path» C:\\a `\n  -Value 1\n",
            "Set-Item `\n  -Path C:\\a `\n  -Value 1\n",
            shown=False,
        ),
        Example(SCRIPT, "Set-Item\n  «-Path» C:\\a\n  -Value 1\nGet-Date\n", shown=False),
        Example(
            SCRIPT,
            "Get-Item a`\nGet-ChildItem C:\\src ` \n  «-Recurse»\n$name = 'a' + 'b'\n$other = 'a' «b»\n",
            "Get-Item a`\nGet-ChildItem C:\\src `\n  -Recurse\n$name = 'a' + 'b'\n$other = 'a' b\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: powershell\n    parameters:\n      command: 'npm install «@builder.io/react»'\n",
            "tasks:\n  - name: powershell\n    parameters:\n      command: 'npm install ''@builder.io/react'''\n",
            shown=False,
        ),
        Example(
            USER,
            "tasks:\n  - name: powershell\n    parameters:\n      command: |\n"
            "        @'\n        [wsl2]\n        «  '@» | Set-Content C:\\a\n",
            "tasks:\n  - name: powershell\n    parameters:\n      command: |\n"
            "        @'\n        [wsl2]\n        '@ | Set-Content C:\\a\n",
        ),
        Example(TASK, "name: own\ncommand: if ($a) { ./b.ps1 «)» }\n"),
        Example(SCRIPT, "function a «{»\n  b\n"),
        Example(
            SCRIPT,
            "«if» exist C:\\a rmdir C:\\a\nif ($a «==» 1) { b } «else if» ($a «=» 'c') { d } «elif» ($e) { f }\n"
            '«"C:\\a b\\c.exe"» --version\n@{ a = 1«,» b = 2 }\n@{ \'a\'«:» 1 }\nWrite-Host "«$name:» $a"\n'
            "«set A=b»\n«rem» text\nNew-Item «%TEMP%»\\a; Copy-Item «C:\\Program Files\\a» b\n",
            "if exist C:\\a rmdir C:\\a\nif ($a -eq 1) { b } elseif ($a -eq 'c') { d } elseif ($e) { f }\n"
            '& "C:\\a b\\c.exe" --version\n@{ a = 1; b = 2 }\n@{ \'a\' = 1 }\nWrite-Host "${name}: $a"\n'
            "set A=b\n# text\nNew-Item $env:TEMP\\a; Copy-Item C:\\Program Files\\a b\n",
            shown=False,
        ),
        Example(SCRIPT, "$a = @('b' «'c'»)\n", shown=False),
        Example(
            SCRIPT,
            "«@echo off»\n«export A=b»\n«for» i in 1 2; do a; done\n",
            "\nexport A=b\nfor i in 1 2; do a; done\n",
            shown=False,
        ),
        Example(
            SCRIPT,
            "if ($a «!=» $b) { «'C:\\c.exe'» /S }\nWrite-Host \"«$env:» «$d:»\\e\"\n",
            "if ($a -ne $b) { & 'C:\\c.exe' /S }\nWrite-Host \"${env}: ${d}:\\e\"\n",
        ),
        Example(SCRIPT, 'Write-Host "«📦» done"\nGet-Date\n', path="main.ps1"),
        Example(
            CONFIGURATION,
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n    - resource: PSDscResources/Script\n"
            "      settings:\n        GetScript: '@{}'\n        TestScript: $false\n"
            "        SetScript: if ($true) «{» Get-Date\n",
            shown=False,
        ),
    )
    good = (
        Example(
            SCRIPT,
            "if ($a = Get-Item b) { c } else { if ($d) { e } }\n'a {0}' -f 1\n\"a\" -replace 'b'\n'a' | Out-Host\n"
            "pip install a==1.0\n@{ a = 1, 2; if = 3 }\n\"${a}: $($b): `$c: $d::e $env:f\"\n'$a: b'\n"
            "cmd /c 'set A=b'; cmd /c \"if exist a del a\"; set -Name a -Value 1; Set-ItemProperty a b '%TEMP%'\n"
            "Copy-Item C:\\Programs files\nswitch -Regex ($a) { 'b' { c } }\nif\n($a) { b }\n1..3 | foreach { $_ }\n"
            "Get-Item a | Where-Object { $_.b -gt 1 } > c.txt\n",
            shown=False,
        ),
        Example(
            SCRIPT,
            "param(\n  [string]$Name = 'a' # it's\n)\nif (!(Test-Path $Name) -and -not (Get-Item b)) { exit 1 }\n"
            '$text = "a $(Get-Item \'b\' | ForEach-Object { "c $_" }) ""d"" `""\n'
            "git commit --% -m \"it's open\nnpm install @angular/cli '@builder.io/x'\nGet-Item `\n  -Path a\n"
            "Get-Item a |\n  Select-Object Name\n$x = 'a',\n  'b'\n@\"\n  \"@ is text, \"( {\n\"@\n"
            "[int]$y = 'a'.Length\nicacls C:\\a /grant Users:(OI)(CI)F\n$z = 'a' -replace 'b'\n<# ' #>\n",
            path="main.ps1",
            shown=False,
        ),
        Example(SCRIPT, "if (!(Test-Path $a)) {\n  Get-Item b |\n    Copy-Item -Destination $a\n}\n"),
        Example(SCRIPT, "#Requires -Version 7\nGet-Item a\n| Select-Object Name\n"),
        Example(SCRIPT, "Write-Host '📦 done'\n", path="main.ps1", data="\ufeffWrite-Host '📦 done'\n".encode()),
        Example(IMAGE, 'tasks:\n  - name: install\n    parameters:\n      command: "it\'s"\n'),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for script in scripts_of(context):
            # What is left of references is a template of another language.
            if "{{" in script.text or "{%" in script.text:
                continue
            written = context.source.text[script.scalar.start : script.scalar.end]
            yield from _in_script(script, is_joined=script.scalar.style != LITERAL and "\n" in written)
        if context.kind is SCRIPT:
            yield from _in_another_encoding(context)


def _in_script(script: Script, *, is_joined: bool) -> Iterator[Finding]:
    lost = -1
    for slip in script.syntax.slips:
        if slip.kind is SlipKind.LOST_CONTINUATION:
            # The options of one call, each on a line of its own, are one mistake.
            is_told = lost >= 0 and script.text.count("\n", lost, slip.start) == 1
            lost = slip.start
            if is_told:
                continue
        if is_joined and slip.kind in (SlipKind.AFTER_STRING, SlipKind.STRING_AS_COMMAND):
            # Lines that YAML joins are another mistake.
            continue
        if slip.kind is SlipKind.LEADING_PIPE and script.is_core:
            continue
        yield _finding(script, slip)
        if slip.kind in _OF_STRUCTURE:
            return
    yield from in_calls(script)
    for call in script.syntax.calls:
        if call.outer is None:
            for argument in call.arguments:
                match = _SPLAT.fullmatch(argument.text) if not argument.quote else None
                if match is not None and _is_package(argument):
                    yield _package(script, argument)


def _is_package(argument: Argument) -> bool:
    """Whether ``@name.x`` is a package's name: PowerShell takes no member of a splatted variable."""
    return _WORD.fullmatch(argument.text) is not None


def _package(script: Script, argument: Argument) -> Finding:
    span = script.span(argument.start, argument.end)
    return Finding(
        span,
        f"`{argument.text}` is read as a variable to splat, which has no members: put the name in quotes",
        fix=Fix("put it in quotes", (Edit(span, in_single_quotes(script, argument.text)),)),
    )


def _finding(script: Script, slip: Slip) -> Finding:
    text = script.text
    shown = text[slip.start : slip.end]
    span = script.span(slip.start, slip.end)
    match slip.kind:
        case SlipKind.OPEN_STRING:
            start, end = _culprit(text, slip.start)
            return Finding(
                script.span(start, end),
                f"nothing ends this string: write another `{text[start]}` where it is to end",
            )
        case SlipKind.OPEN_HERE_STRING:
            return Finding(
                span,
                f"nothing ends this here-string: write `{text[slip.start + 1]}@` at the start of a line of its own",
            )
        case SlipKind.INDENTED_FOOTER:
            mark = shown.strip()
            blanks = script.span(slip.start, slip.end - 2)
            return Finding(
                span,
                f"blanks before `{mark}`: the end of a here-string stands at the very start of its line",
                fix=Fix("remove the blanks", (Edit(blanks, ""),)),
                related=(Related(script.span(slip.other, slip.other + 2), "it begins here"),),
            )
        case SlipKind.OPEN_COMMENT:
            return Finding(span, "nothing ends this comment: write `#>` where it is to end")
        case SlipKind.OPEN_BRACKET:
            return Finding(span, f"nothing closes this `{shown}`: write `{_CLOSING[shown]}` where it is to end")
        case SlipKind.STRAY_BRACKET:
            return Finding(span, f"nothing is open that this `{shown}` could close: remove it")
        case SlipKind.CROSSED_BRACKET:
            opened = text[slip.other : slip.other + 2].strip()
            opened = opened if opened in _CLOSING else opened[:1]
            return Finding(
                span,
                f"`{shown}` where `{_CLOSING.get(opened, '')}` is due: the `{opened}` before it is still open",
                related=(Related(script.span(slip.other, slip.other + len(opened)), "this one is open"),),
            )
        case SlipKind.LEADING_PIPE:
            return Finding(
                span,
                "a line that begins with `|` is an error in Windows PowerShell 5.1: write the `|` at the end of the"
                " line before",
            )
        case SlipKind.LOST_CONTINUATION:
            return _lost(script, slip)
        case SlipKind.AFTER_STRING:
            return Finding(
                span,
                "a value right after a string: an operator or a quote is missing between them",
                related=(Related(script.span(slip.other, slip.other + 1), "the string begins here"),),
            )
        case SlipKind.NEGATED_COMMAND | SlipKind.OPERAND_COMMAND:
            return _bare_command(script, slip)
        case _:
            return of_slip(script, slip)


def _culprit(text: str, start: int) -> tuple[int, int]:
    """Where the string begins that was to end on its line, and that line's end.

    One quote too few turns strings into code and code into strings, so that the last string is open. The first one
    that goes on over its line and after which, were it ended there, nothing is open is the one to blame.
    """
    candidates = [
        region.start
        for region in find_regions(text)
        if region.kind is RegionKind.STRING and any(mark in text[region.start : region.end] for mark in _LINE_BREAKS)
    ]
    for candidate in candidates[:_MOST_CANDIDATES]:
        end = _line_end(text, candidate)
        closed = f"{text[:end]}{text[candidate]}{text[end:]}"
        if all(region.closed for region in find_regions(closed)):
            return candidate, end
    return start, _line_end(text, start)


#: How many strings over several lines are tried.
_MOST_CANDIDATES = 4


def _line_end(text: str, start: int) -> int:
    ends = [end for mark in _LINE_BREAKS if (end := text.find(mark, start)) >= 0]
    return min(ends, default=len(text))


def _lost(script: Script, slip: Slip) -> Finding:
    text = script.text
    before = text[: slip.start].rstrip(" \t")
    trailing = _TRAILING.search(before[-200:])
    word = text[slip.start : slip.end]
    if trailing is not None:
        shift = max(len(before) - 200, 0)
        start, end = shift + trailing.start(1), shift + trailing.end(1)
        return Finding(
            script.span(slip.start, slip.end),
            f"`{word}` is run as a command of its own: a blank follows the backtick that was to continue the line",
            fix=Fix("remove the blank after the backtick", (Edit(script.span(start, end), ""),)),
        )
    slash = before.rstrip("\r\n").rstrip(" \t")
    if slash.endswith("\\"):
        at = len(slash) - 1
        return Finding(
            script.span(slip.start, slip.end),
            f"`{word}` is run as a command of its own: PowerShell goes on to the next line after a backtick, not `\\`",
            fix=Fix("write a backtick", (Edit(script.span(at, at + 1), "`"),)),
        )
    return Finding(
        script.span(slip.start, slip.end),
        f"`{word}` is run as a command of its own: end the line before it with a backtick to continue that",
    )


def _bare_command(script: Script, slip: Slip) -> Finding:
    """A command where a value belongs: after ``!``, ``-not`` or an operator."""
    start = slip.other if slip.kind is SlipKind.NEGATED_COMMAND else slip.start
    text = script.text
    name = text[start : slip.end]
    end, is_certain = _end_of_command(text, slip.end)
    fix = None
    if is_certain:
        first, last = script.span(start, start), script.span(end, end)
        fix = Fix(f"put `{name}` in parentheses", (Edit(first, "("), Edit(last, ")")))
    return Finding(
        script.span(slip.start, slip.end),
        f"`{name}` is a command where a value belongs: put it and its arguments in parentheses",
        fix=fix,
    )


def _end_of_command(text: str, start: int) -> tuple[int, bool]:
    """Where a command ends that begins before ``start``, and whether that is certain: no operator is in it."""
    depth = 0
    at = start
    while at < min(len(text), start + 300):
        character = text[at]
        if character in "'\"`‘’“”#":
            return at, False
        if character in "({":
            depth += 1
        elif character in ")}":
            if not depth:
                break
            depth -= 1
        elif character in "\r\n;|" and not depth:
            return at, False
        at += 1
    words = text[start:at].split()
    return at, at < len(text) and not depth and not any(word.lower() in _OPERATORS for word in words)


_OPERATORS = frozenset(("-and", "-or", "-xor", "-eq", "-ne", "-is", "-like", "-match", "-contains", "-gt", "-lt"))


def _in_another_encoding(context: Context) -> Iterator[Finding]:
    """A file without a byte order mark that PowerShell reads in the ANSI code page, here that of Western Europe."""
    source: SourceFile = context.source
    if source.bom or source.encoding != "utf-8" or source.text.isascii():
        return
    (script, *_) = scripts_of(context) or (None,)
    if script is None or script.is_core or any(slip.kind in _OF_STRUCTURE for slip in script.syntax.slips):
        return
    misread = source.text.encode("utf-8", "replace").decode("cp1252", "replace")
    if not any(slip.kind in _OF_STRUCTURE for slip in read_script(misread).slips):
        return
    for region in find_regions(source.text):
        if region.kind is RegionKind.COMMENT:
            continue
        for offset in range(region.start, region.end):
            character = source.text[offset]
            if character > "\x7f" and not _AS_QUOTES.isdisjoint(character.encode("utf-8", "replace")):
                yield Finding(
                    script.span(offset, offset + 1),
                    f"without a byte order mark Windows PowerShell reads `{character}` in the ANSI code page, where it"
                    " holds a quote, and cannot parse the script: save it as UTF-8 with BOM, or write it in ASCII",
                )
                return
