"""DBX607: arguments for the script beside a file that its `param()` does not take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from devbox_lint.customization.model import Customization
from devbox_lint.customization.scripts import NamedScript, Script, named_scripts
from devbox_lint.diagnostics import Edit, Finding, Fix, Related, Severity, Span
from devbox_lint.powershell import Argument
from devbox_lint.powershell.binding import Bound, Misfit, MisfitKind, bind
from devbox_lint.powershell.cmdlets import COMMON, RISK_MITIGATION, Parameter
from devbox_lint.powershell.param_block import ScriptParameter, Signature, read_signature
from devbox_lint.rule import IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint.source import SourceFile
from devbox_lint.spelling import near_misses
from devbox_lint_rules.definitions._script_values import wrong_values


class ScriptArguments(Rule):
    """
    A command runs the script beside it and gives it a parameter that its `param()` does not take, leaves out one that
    must be given, writes `--name` for `-name`, gives a `[switch]` a value, or gives arguments to a script that has no
    `param()`.

    Why: A script with `[CmdletBinding()]` or `[Parameter()]` refuses to start. Any other starts without the value,
    which goes to `$args`, and does something else than was asked for.

    Fix: Write the parameter as the script declares it, or declare it there.

    Unsafe because: Another parameter than the one that was meant may be nearly written, and the script would do
    something else.
    """

    code = "DBX607"
    name = "script-arguments"
    severity = Severity.ERROR
    needs = (".ps1",)
    kinds = frozenset((IMAGE, USER, TASK))
    references = (
        "https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_functions_advanced_parameters",
        "https://learn.microsoft.com/azure/dev-box/how-to-configure-customization-tasks",
    )
    see = ("DBX604", "DBX717")
    bad = (
        Example(
            TASK,
            "name: own\ncommand: ./main.ps1 -Drive {{drive}} «-Size» {{size}}\nparameters:\n"
            "  drive:\n    type: string\n  size:\n    type: string\n",
            "name: own\ncommand: ./main.ps1 -Drive {{drive}} -DriveSize {{size}}\nparameters:\n"
            "  drive:\n    type: string\n  size:\n    type: string\n",
            path="t/task.yaml",
            beside=(("t/main.ps1", "param(\n  [string]$Drive,\n  [int]$DriveSize\n)\n"),),
        ),
        Example(
            TASK,
            "name: own\ncommand: ./main.ps1 «--step» {{step}}\nparameters:\n  step:\n    type: string\n",
            "name: own\ncommand: ./main.ps1 -step {{step}}\nparameters:\n  step:\n    type: string\n",
            path="t/task.yaml",
            beside=(("t/main.ps1", "param([Parameter(Mandatory = $true)][string]$step)\n"),),
        ),
        Example(
            TASK,
            "name: own\ncommand: powershell -File «setup.ps1»\n",
            path="t/task.yaml",
            beside=(("t/setup.ps1", "param([Parameter(Mandatory)] [string]$Name)\n"),),
        ),
        Example(
            TASK,
            "name: own\ncommand: .\\a.ps1 «-Package {{package}}»\nparameters:\n  package:\n    type: string\n",
            path="t/task.yaml",
            beside=(("t/a.ps1", "winget install Git.Git\n"),),
        ),
        Example(
            TASK,
            "name: own\ncommand: ./a.ps1 -Mode «fast» -Mode2 b\n",
            path="t/task.yaml",
            beside=(("t/a.ps1", "param([ValidateSet('Full', 'Quick')][string]$Mode, $Mode2)\n"),),
        ),
        Example(
            TASK,
            "name: own\ncommand: ./a.ps1 -Force «true» -Clean «{{clean}}»\nparameters:\n  clean:\n    type: boolean\n",
            path="t/task.yaml",
            beside=(("t/a.ps1", "param([switch]$Force, [switch]$Clean, [string]$Name)\n"),),
        ),
        Example(
            TASK,
            "name: own\ncommand: ./main.ps1 -Mod {{mode}} -N:{{count}} -Level «high»\nparameters:\n  mode:\n"
            "    type: string\n    default: «fast»\n    allowed: [Quick, slow, never]\n  count:\n    type: string\n"
            "    default: «ten»\n",
            path="t/task.yaml",
            beside=(
                (
                    "t/main.ps1",
                    "param([ValidateSet('Quick', 'Full')][string]$Mode, [Alias('n')][int]$Count, [int]$Level)\n",
                ),
            ),
            shown=False,
        ),
    )
    good = (
        Example(
            TASK,
            "name: own\ncommand: ./main.ps1 -Mode {{mode}} -Count {{count}} -Kinds a,b -P $p\nparameters:\n  mode:\n"
            "    type: string\n    default: full\n  count:\n    type: number\n    default: 0x1F\n",
            path="t/task.yaml",
            beside=(
                (
                    "t/main.ps1",
                    "param([ValidateSet('Quick', 'Full')]$Mode, [int]$Count, [ValidateSet('a')][string[]]$Kinds, $P)\n",
                ),
            ),
            shown=False,
        ),
        Example(
            TASK,
            "name: own\ncommand: |\n  ./a.ps1 -Force:$true {{name}}\n  ./a.ps1 -Force {{name}}\n"
            "  ./a.ps1 -Force 'true'\n  ./b.ps1 -Force $true\nparameters:\n  name:\n    type: string\n",
            path="t/task.yaml",
            beside=(
                ("t/a.ps1", "param([switch]$Force, [string]$Name)\n"),
                ("t/b.ps1", "param([switch]$Force, [bool]$Keep)\n"),
            ),
            shown=False,
        ),
        Example(
            TASK,
            "name: own\ncommand: ./main.ps1 -Name {{name}} -Force\nparameters:\n  name:\n    type: string\n",
            path="t/task.yaml",
            beside=(("t/main.ps1", "param([Parameter(Mandatory)][string]$Name, [switch]$Force)\n"),),
        ),
        Example(
            TASK,
            "name: own\ncommand: |\n  ./a.ps1 -N x -V -Verbose a b\n  ./b.ps1 x -Any y\n  ./c.ps1 @splat -A 1\n"
            "  ./d.ps1 -What ever\n  ./e.ps1 first second third\n  ./missing.ps1 -X 1\n",
            path="t/task.yaml",
            beside=(
                (
                    "t/a.ps1",
                    "[CmdletBinding()]\nparam([Alias('v')][switch]$Loud, [Parameter(Mandatory)]$Name,"
                    " [Parameter(ValueFromRemainingArguments)]$Rest)\n",
                ),
                ("t/b.ps1", "$args | Out-Host\n"),
                ("t/c.ps1", "param([Parameter(Mandatory)]$A, [Parameter(Mandatory)]$B)\n"),
                ("t/d.ps1", "[CmdletBinding()] param()\nDynamicParam { }\n"),
                ("t/e.ps1", "param($A, $B)\n$args[0]\n"),
            ),
            shown=False,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for named in named_scripts(context.customization):
            if named.script is None or named.call is None:
                continue
            source = context.catalog.text_beside(context.source.path, named.inside)
            if source is not None and not source.undecodable:
                yield from _judge(named.script, named, source, context.customization)


#: More wrong arguments than this of one call are not told.
_MOST_MISFITS = 20


def _judge(script: Script, named: NamedScript, source: SourceFile, customization: Customization) -> Iterator[Finding]:
    signature = read_signature(source.text)
    arguments = named.arguments
    file = named.inside.rsplit("/", 1)[-1]
    if not signature.is_certain:
        return
    if not signature.has_block:
        if arguments and not signature.uses_args:
            yield Finding(
                script.span(arguments[0].start, arguments[-1].end),
                f"`{file}` takes no arguments: declare `{arguments[0].text.partition(':')[0]}` in a `param()` there"
                if arguments[0].text[:1] == "-"
                else f"`{file}` takes no arguments: declare them in a `param()` there",
                severity=Severity.WARNING,
            )
        return
    own = [Parameter(item.name, item.aliases, item.is_switch) for item in signature.parameters]
    extra = (*COMMON, *(RISK_MITIGATION if signature.should_process else ()))
    bound = bind(script.text, arguments, [*own, *extra])
    unknown = False
    for misfit in bound.misfits[:_MOST_MISFITS]:
        finding = _misfit(script, arguments, bound, misfit, file, signature, source)
        unknown = unknown or misfit.kind is MisfitKind.UNKNOWN
        if finding is not None:
            yield finding
    yield from wrong_values(script, arguments, signature, customization, file)
    yield from _switches(script, arguments, signature)
    # A name that is wrong stands for the one that is missing.
    if not unknown and not bound.is_open and signature.is_advanced and not signature.has_sets:
        missing = _missing(signature, bound)
        if missing:
            names = " and ".join(f"`-{item.name}`" for item in missing)
            yield Finding(
                named.scalar.span_of(named.start, named.end),
                f"`{file}` must be given {names}, and is not",
                related=tuple(
                    Related(_span_in(item), f"`{item.name}` is mandatory", source.path) for item in missing[:3]
                ),
            )


def _span_in(parameter: ScriptParameter) -> Span:
    return Span(parameter.start, parameter.end)


def _misfit(
    script: Script,
    arguments: Sequence[Argument],
    bound: Bound,
    misfit: Misfit,
    file: str,
    signature: Signature,
    source: SourceFile,
) -> Finding | None:
    argument = arguments[misfit.at]
    start = argument.start
    end = start + 1 + len(misfit.name)
    match misfit.kind:
        case MisfitKind.OTHER_MARK:
            mark = "/" if argument.text[0] == "/" else "--"
            dashes = script.span(start, start + len(mark))
            return Finding(
                script.span(start, start + len(mark) + len(misfit.name)),
                f"`{mark}{misfit.name}` is a value, and no parameter of `{file}`: write `-{misfit.name}`",
                fix=Fix(f"write `-{misfit.name}`", (Edit(dashes, "-"),)),
            )
        case MisfitKind.TWICE:
            return Finding(
                script.span(start, end), f"`{file}` is given `-{misfit.name}` twice, which is an error: remove one"
            )
        case MisfitKind.SPLIT:
            following = arguments[misfit.at + 1]
            return Finding(
                script.span(start, following.end),
                f"`- {misfit.name}` is a dash and a value: write `-{misfit.name}`",
                fix=Fix(f"write `-{misfit.name}`", (Edit(script.span(argument.end, following.start), ""),)),
            )
        case MisfitKind.UNKNOWN if signature.is_advanced or not signature.uses_args:
            return _unknown(script, start, end, misfit.name, bound, file, signature, source)
        case _:
            return None


def _unknown(
    script: Script, start: int, end: int, name: str, bound: Bound, file: str, signature: Signature, source: SourceFile
) -> Finding:
    free = [item for item in signature.parameters if item.name.lower() not in bound.named]
    close = near_misses(name, [item.name for item in free])
    if not close:
        lowered = name.lower()
        close = [item.name for item in free if _is_part(lowered, item.name.lower())]
    meant = close[0] if len(close) == 1 else None
    fix = None
    related: tuple[Related, ...] = ()
    if meant is not None:
        fix = Fix(f"write `-{meant}`", (Edit(script.span(start, end), f"-{meant}"),), safe=False)
        declared = next(item for item in signature.parameters if item.name == meant)
        related = (Related(_span_in(declared), f"`{meant}` is declared here", source.path),)
    says = "refuses to start" if signature.is_advanced else "does not get the value"
    return Finding(
        script.span(start, end),
        f"`{file}` has no parameter `-{name}` and {says}: "
        + (f"did you mean `-{meant}`?" if meant else "declare it in its `param()`"),
        fix=fix,
        related=related,
        severity=None if signature.is_advanced else Severity.WARNING,
    )


def _is_part(left: str, right: str) -> bool:
    """Whether one name is the beginning or the end of the other."""
    return min(len(left), len(right)) > 2 and (
        left.startswith(right) or left.endswith(right) or right.startswith(left) or right.endswith(left)
    )


def _switches(script: Script, arguments: Sequence[Argument], signature: Signature) -> Iterator[Finding]:
    """Truth values after switches, which take none: they go to the next parameter by position."""
    if any(item.takes_rest or "bool" in item.type for item in signature.parameters):
        return
    named = {item.name.lower(): item.name for item in signature.parameters if item.is_switch}
    for argument, value in pairwise(arguments):
        name = named.get(argument.text[1:].lower()) if argument.text[:1] == "-" and not argument.quote else None
        if name is None or value.quote or "," in script.text[argument.end : value.end + 2]:
            continue
        written = script.scalar.value[value.start : value.end]
        if written.lower() in ("true", "false", "$true", "$false"):
            to_write = f"write `-{name}`" if written.lower().endswith("true") else f"leave `-{name}` out"
        elif written.startswith("{{") and written[2:-2].strip().lower() == name.lower():
            to_write = f"declare `{name}` as a `[string]` there and compare it with `'true'`"
        else:
            continue
        yield Finding(
            script.span(value.start, value.end),
            f"`-{name}` is a switch and takes no value, so that this goes to another parameter: {to_write}",
            severity=None if signature.is_advanced else Severity.WARNING,
        )


def _missing(signature: Signature, bound: Bound) -> list[ScriptParameter]:
    """The mandatory parameters that are given neither by name nor by position."""
    left = [item for item in signature.parameters if item.name.lower() not in bound.named and not item.is_switch]
    positioned = [item for item in left if item.position is not None]
    in_order = sorted(positioned, key=lambda item: item.position or 0) if positioned else left
    if not signature.by_position:
        in_order = positioned
    filled = {item.name for item in in_order[: len(bound.values)]}
    if any(item.takes_rest for item in in_order) and bound.values:
        filled |= {item.name for item in in_order if item.takes_rest}
    return [
        item for item in signature.parameters
        if item.is_mandatory and item.name.lower() not in bound.named and item.name not in filled
    ]  # fmt: skip
