"""DBX316: a secret that a script prints or writes to a file."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Related, Severity
from devbox_lint.powershell import Command, Pipeline, RegionKind, find_pipelines, region_at
from devbox_lint.references.expressions import Reference, ReferenceKind
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint_rules.references._values import Value, resolved_references

_SAY = frozenset(("echo", "write", "write-output"))
# These print, and what follows in the pipeline does not matter.
_PRINT = frozenset(("write-host", "write-verbose", "write-information", "write-warning", "write-error", "write-debug"))
_WRITE = frozenset(
    ("set-content", "add-content", "out-file", "tee-object", "tee", "sc", "ac", "out-host", "out-default")
)
# A statement that is a value and nothing else, which PowerShell puts out.
_VALUE = r"\s*+(?:\$\{?[\w:]++\}?|@?'[^']*+'@?|@?\"[^\"]*+\"@?|R++)\s*+"
_HELD = _VALUE + r"\Z"
_EXPRESSION = _VALUE + r"(?:\Z|1?>)"
_REDIRECTED = _VALUE + r"1?>>?\s*+(?!\$null)[^\s&]"
_TO_NOWHERE = r"(?i)>\s*\$null"
_WRITE_TEXT = r"(?i)::(?:Write|Append)AllText\s*\(|::WriteAllLines\s*\("
_VARIABLE = lazy(r"\$\{?([A-Za-z_][\w:]*)")


class SecretExposed(Rule):
    """
    A script prints a secret of a key vault or writes it to a file.

    Why: What a task prints is kept in the logs on the dev box, under
    `C:\\ProgramData\\Microsoft\\DevBoxAgent\\Logs`, and a file stays there too, or becomes a part of the
    image that everyone gets.

    Fix: Hand the secret to the program that needs it, as an argument or through its input.
    """

    code = "DBX316"
    name = "secret-exposed"
    severity = Severity.WARNING
    needs = ("{{",)
    kinds = frozenset((IMAGE, USER))
    see = ("DBX314", "DBX404", "DBX405")
    references = ("https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",)
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            '        Write-Host "the token is «{{https://kv1.vault.azure.net/secrets/a}}»"\n'
            "        Set-Content -Path C:\\a.txt `\n"
            "          -Value '«{{https://kv1.vault.azure.net/secrets/b}}»'\n"
            "        '«{{https://kv1.vault.azure.net/secrets/c}}»' | Out-File C:\\b.txt\n"
            "        echo «{{https://kv1.vault.azure.net/secrets/d}}» > C:\\c.txt; exit\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        $test = '{{https://kv1.vault.azure.net/secrets/a}}'\n"
            "        if ($test) {\n          «$test» | Out-File -FilePath 'C:\\a.txt'\n        }\n",
        ),
    )
    good = (
        Example(
            USER,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        az login --password {{https://kv1.vault.azure.net/secrets/a}} > $null\n"
            "        az login --password {{https://kv1.vault.azure.net/secrets/a}} | Out-File C:\\a.log\n"
            "        echo {{https://kv1.vault.azure.net/secrets/b}} | docker login --password-stdin a.io\n"
            "        Write-Host 'signed in'\n        # echo {{https://kv1.vault.azure.net/secrets/c}}\n",
        ),
        Example(
            IMAGE,
            "parameters:\n  a:\n    type: string\n    default: b\n"
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        $t = '{{https://kv1.vault.azure.net/secrets/a}}'\n        Write-Host 'done' {{a}}\n"
            "        & C:\\dev\\main.ps1 -Token $t\n        $t = 'x'\n        Write-Host $t\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        scripts: dict[int, tuple[Value, list[Reference]]] = {}
        for value, reference in resolved_references(context):
            if value.is_script:
                scripts.setdefault(id(value.scalar), (value, []))[1].append(reference)
        for value, references in scripts.values():
            if any(reference.kind is ReferenceKind.SECRET for reference in references):
                yield from _in_script(value, references)


def _in_script(value: Value, references: list[Reference]) -> Iterator[Finding]:
    script = _blanked(value.scalar.value, references)
    secrets = [reference for reference in references if reference.kind is ReferenceKind.SECRET]
    starts = [reference.start for reference in secrets]
    held: dict[str, Reference] = {}
    for pipeline in find_pipelines(script):
        inside: Reference | None = None
        for index, command in enumerate(pipeline.commands):
            for reference in secrets[bisect_left(starts, command.start) : bisect_left(starts, command.end)]:
                inside = reference
                how = _exposure(script, pipeline, index, command)
                if how:
                    yield Finding(reference.span, f"this secret is {how}: {_ADVICE}")
            for match in _VARIABLE.finditer(script, command.start, command.end) if held else ():
                source = held.get(match.group(1).lower())
                if source is None or not _is_expanded(script, *match.span()):
                    continue
                how = _exposure(script, pipeline, index, command)
                if how:
                    yield Finding(
                        value.scalar.span_of(*match.span()),
                        f"this variable holds a secret, which is {how}: {_ADVICE}",
                        related=(Related(source.span, "the secret"),),
                    )
        if pipeline.target:
            held.pop(pipeline.target, None)
            only = pipeline.commands[0]
            if inside is not None and re.match(_HELD, script[only.start : only.end]):
                held[pipeline.target] = inside


def _blanked(script: str, references: list[Reference]) -> str:
    """The script with words for references, of the same length: braces would end statements."""
    pieces = []
    at = 0
    for reference in references:
        pieces.append(script[at : reference.start])
        pieces.append("R" * (reference.end - reference.start))
        at = reference.end
    return "".join((*pieces, script[at:]))


_ADVICE = "pass it to the program that needs it instead"


def _exposure(script: str, pipeline: Pipeline, index: int, command: Command) -> str:
    """How the command exposes a secret among its operands, empty where it is not known to."""
    text = script[command.start : command.end]
    if command.name in _PRINT:
        return "printed to the log"
    if command.name in _WRITE:
        return "written to a file"
    if not command.name and re.search(_WRITE_TEXT, text):
        return "written to a file"
    is_said = command.name in _SAY
    if pipeline.target or not (is_said or re.match(_EXPRESSION, text)):
        return ""
    if index + 1 < len(pipeline.commands):
        return "written to a file" if pipeline.commands[index + 1].name in _WRITE else ""
    if re.search(_TO_NOWHERE, text):
        return ""
    if is_said:
        return "printed to the log"
    return "written to a file" if ">" in text[-200:] and re.match(_REDIRECTED, text) else ""


def _is_expanded(script: str, start: int, end: int) -> bool:
    """Whether a variable at ``start`` stands for its whole value: not in single quotes, not ``$x.Length``."""
    region = region_at(script, start)
    if region.kind is RegionKind.COMMENT or script[region.start : region.start + 2].strip("@")[:1] == "'":
        return False
    return not (region.kind is RegionKind.CODE and script[end : end + 1] in (".", "["))
