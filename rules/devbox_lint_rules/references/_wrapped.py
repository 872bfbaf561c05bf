"""Values that are an address and what somebody wrapped round it."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Fix, Span
from devbox_lint.rule import Context
from devbox_lint.yaml.nodes import PLAIN, Scalar
from devbox_lint.yaml.wrapped_references import Wrapped, find_wrapped
from devbox_lint_rules.references._values import Value, task_values

#: What the fix does.
PUT = "put the address alone in `{{` and `}}`"


def wrapped_values(context: Context) -> Iterator[tuple[Value, Wrapped]]:
    """The values of tasks that hold an address alone, and not as a reference takes it."""
    text = context.source.text
    if "/secrets/" not in text and "ado:/" not in text and "ADO:/" not in text and "KeyVault(" not in text:
        return
    for value in task_values(context.customization.tasks):
        if value.is_script:
            continue
        wrapped = find_wrapped(value.scalar.value.strip("\n"))
        if wrapped is not None and not wrapped.is_braced:
            yield value, wrapped


def inside(scalar: Scalar) -> Span:
    """Where the value stands, without line breaks around it; with blanks around it where they are a part of it."""
    value = scalar.value
    return scalar.span_of(len(value) - len(value.lstrip("\n")), len(value.rstrip("\n")))


def write_reference(scalar: Scalar, wrapped: Wrapped) -> Fix:
    """Put the right form in the place of the value, in quotes where YAML needs them."""
    if scalar.style == PLAIN:
        # A plain value must not begin with a brace.
        edit = Edit(scalar.span, f'"{wrapped.reference}"')
    else:
        edit = Edit(inside(scalar), wrapped.reference)
    return Fix(PUT, (edit,))
