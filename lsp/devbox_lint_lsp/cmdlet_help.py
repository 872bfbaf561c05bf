"""What a command of a script is, and the parameter of it that stands under the cursor, in Windows PowerShell 5.1."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.scripts import Script, scripts_in
from devbox_lint.diagnostics import Span
from devbox_lint.powershell import Call
from devbox_lint.powershell.binding import resolve
from devbox_lint.powershell.cmdlets import COMMON, Cmdlet, Parameter, find_cmdlet
from devbox_lint.startup import NamedTuple
from devbox_lint_lsp.document_view import View
from devbox_lint_lsp.help_text import Prose


class CmdletHelp(NamedTuple):
    """Where a command or a parameter of one stands, and what is said of it."""

    span: Span
    paragraphs: tuple[str, ...]


def cmdlet_at(view: View, offset: int, prose: Prose) -> CmdletHelp | None:
    """The help for what stands at ``offset``; None where that is no known command of a script, nor its parameter."""
    for script in scripts_in(view.customization):
        if not script.scalar.start <= offset <= script.scalar.end:
            continue
        for call in script.syntax.calls:
            if call.name in script.syntax.functions:
                continue
            name = script.span(call.start, call.name_end)
            if name.start <= offset <= name.end:
                cmdlet = find_cmdlet(call.name)
                return None if cmdlet is None else CmdletHelp(name, tuple(_of_cmdlet(cmdlet, script, call, prose)))
            found = _parameter_at(script, call, offset)
            if found is not None:
                span, parameter, cmdlet = found
                return CmdletHelp(span, tuple(_of_parameter(parameter, cmdlet, prose)))
    return None


def _of_cmdlet(cmdlet: Cmdlet, script: Script, call: Call, prose: Prose) -> Iterator[str]:
    written = script.written(call)
    alias = f" ({prose.code(written)} is an alias of it)" if written.lower() != cmdlet.name.lower() else ""
    yield f"{prose.strong(cmdlet.name)}{alias}"
    yield f"A command of the module {prose.code(cmdlet.module)}."
    if cmdlet.parameters:
        yield f"Parameters: {prose.codes(f'-{parameter.name}' for parameter in cmdlet.parameters)}"


def _parameter_at(script: Script, call: Call, offset: int) -> tuple[Span, Parameter, Cmdlet] | None:
    for argument in call.arguments:
        if argument.quote or argument.text[:1] != "-":
            continue
        name = argument.text[1:].partition(":")[0]
        span = script.span(argument.start, argument.start + 1 + len(name))
        if not span.start <= offset <= span.end:
            continue
        cmdlet = find_cmdlet(call.name)
        if cmdlet is None or cmdlet.parameters is None:
            return None
        meant = resolve(name, (*cmdlet.parameters, *COMMON))
        return (span, meant[0], cmdlet) if len(meant) == 1 else None
    return None


def _of_parameter(parameter: Parameter, cmdlet: Cmdlet, prose: Prose) -> Iterator[str]:
    yield f"{prose.strong(f'-{parameter.name}')} of {prose.code(cmdlet.name)}"
    takes = "A switch, which takes no value." if parameter.is_switch else "Takes a value."
    aliases = prose.codes(f"-{alias}" for alias in parameter.aliases)
    yield f"{takes} Also written {aliases}." if aliases else takes
