"""Values that a script does not take: those that a command writes, and those that a definition declares for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from devbox_lint.customization.model import Customization
from devbox_lint.customization.scripts import Script
from devbox_lint.diagnostics import Finding, Related, Severity, Span
from devbox_lint.powershell import Argument
from devbox_lint.powershell.binding import resolve
from devbox_lint.powershell.cmdlets import Parameter
from devbox_lint.powershell.param_block import ScriptParameter, Signature
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import Scalar, items_of

_PLACEHOLDER = lazy(r"([\"']?)\{\{[ ]*(\w+)[ ]*\}\}\1")
_NUMBER = lazy(r"[-+]?(?:\d[\d_]*(?:\.\d*)?(?:[eE][-+]?\d+)?|0x[0-9A-Fa-f]+)(?:[KMGTP]B)?", re.IGNORECASE)
_NUMBERS = frozenset(("int", "int32", "int64", "long", "uint32", "uint64", "double", "decimal", "float", "single"))


def wrong_values(
    script: Script, arguments: Sequence[Argument], signature: Signature, customization: Customization, file: str
) -> Iterator[Finding]:
    """The values of parameters that take certain ones alone, or numbers; ``file`` is the script's name."""
    parameters = [Parameter(item.name, item.aliases, item.is_switch) for item in signature.parameters]
    by_name = {item.name: item for item in signature.parameters}
    for index, argument in enumerate(arguments):
        if argument.text[:1] != "-" or argument.quote:
            continue
        name, colon, _ = argument.text[1:].partition(":")
        found = resolve(name, parameters) if name else []
        if len(found) != 1 or found[0].is_switch:
            continue
        start, end = argument.start + len(name) + 2, argument.end
        if not colon:
            if index + 1 == len(arguments):
                continue
            start, end = arguments[index + 1].start, arguments[index + 1].end
        item = by_name[found[0].name]
        written = script.scalar.value[start:end]
        placeholder = _PLACEHOLDER.fullmatch(written)
        if placeholder is not None:
            yield from _declared(customization, placeholder[2], item, file)
        elif (
            "," not in script.text[end : end + 2]
            and written[:1] not in ("$", "(", "@", "-", "")
            and "{{" not in written
        ):
            quoted = written[:1] in "\"'" and written[-1:] == written[:1]
            said = _complaint(written[1:-1] if quoted else written, item)
            if said is not None:
                yield Finding(script.span(start, end), f"`-{item.name}` {said}")


def _complaint(value: str, parameter: ScriptParameter) -> str | None:
    """What is wrong with a value of a parameter, as what the parameter takes; None where nothing is."""
    if parameter.type.endswith("[]") or not value or any(mark in value for mark in "$`()"):
        return None  # a list, or what is worked out
    if parameter.allowed:
        if value.lower() in (choice.lower() for choice in parameter.allowed):
            return None
        return f"takes one of {', '.join(f'`{choice}`' for choice in parameter.allowed[:8])}"
    if parameter.type.lower() in _NUMBERS and _NUMBER.fullmatch(value) is None:
        return "takes a number"
    return None


def _declared(customization: Customization, name: str, parameter: ScriptParameter, file: str) -> Iterator[Finding]:
    """The default and the allowed values of a declaration, where the parameter that gets them takes others."""
    node = next(
        (one.node for one in customization.declarations if one.name.value.lower() == name.lower()),
        None,
    )
    if node is None:
        return
    default = node.entry("default")
    allowed = node.entry("allowed")
    values = [
        *([default.value] if default is not None else ()),
        *(items_of(allowed.value) if allowed is not None else ()),
    ]
    wrong = [
        (value, said)
        for value in values
        if isinstance(value, Scalar) and not value.is_null and (said := _complaint(value.value, parameter))
    ]
    if wrong:
        (first, said), *others = wrong
        is_default = default is not None and first is default.value
        yield Finding(
            first.span_of(0, len(first.value)),
            f"`-{parameter.name}` of `{file}` {said}, and not `{first.value[:40]}`",
            # What is only allowed fails when somebody chooses it.
            severity=None if is_default else Severity.WARNING,
            related=tuple(Related(_span_of(value), "nor this one") for value, _ in others),
            covers=tuple(_span_of(value) for value, _ in others),
        )


def _span_of(value: Scalar) -> Span:
    return value.span_of(0, len(value.value))
