"""DBX110: a definition's name that the service refuses."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Related, Severity
from devbox_lint.rule import IMAGE, TASK, Context, Example, Rule
from devbox_lint.startup import lazy

_SHORTEST, _LONGEST = 3, 63
# The format's reference lists characters that are refused, the service's model those that are accepted, which
# are fewer: what the model accepts pleases both.
_REFUSED = lazy(r"[^a-zA-Z0-9._-]+")
_REFUSED_FIRST = lazy(r"[._-]+")


class InvalidName(Rule):
    """
    The name of an image definition or a task definition is shorter than 3 or longer than 63 characters, has
    others than letters, digits, `-`, `_` and `.`, or does not start with a letter or digit.

    Why: The name becomes part of a resource's name in Azure; a definition with another one is rejected when
    the catalog is synchronised.

    Fix: Write a name such as `web-frontend`; a text for people goes into `description`.
    """

    code = "DBX110"
    name = "invalid-name"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, TASK))
    see = ("DBX102", "DBX115")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(IMAGE, "name: web« »frontend\n"),
        Example(IMAGE, 'name: "«_»web"\n'),
        Example(TASK, "name: «ab»\ncommand: x\n"),
        Example(TASK, f"name: «{'a' * 64}»\ncommand: x\n"),
        Example(TASK, "name: tools«/»install: no\n".replace(": no", "") + "command: x\n"),
        Example(IMAGE, "name: «''»\n"),
    )
    good = (
        Example(IMAGE, "name: web-frontend_1.0\n"),
        Example(TASK, f"name: {'a' * 63}\ncommand: x\n"),
        Example(IMAGE, "name: 365\n"),
        Example(IMAGE, "name: '{{name}}'\n", shown=False),
        Example(TASK, "name: <your task>\n"),
        Example(IMAGE, "name:\ntasks:\n  - name: ~/x y\n", shown=False),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        root = context.customization.root
        name = root.scalar("name") if root is not None else None
        if name is None:
            return
        value = name.value
        if "{{" in value or (value.startswith("<") and value.endswith(">")):
            return
        if not _SHORTEST <= len(value) <= _LONGEST:
            yield Finding(
                name.span_of(0, len(value)) if value else name.span,
                f"a name of {len(value)} character{'' if len(value) == 1 else 's'}: write one of {_SHORTEST} to"
                f" {_LONGEST}",
            )
        first = _REFUSED_FIRST.match(value)
        runs = [first.span()] if first is not None else []
        runs.extend(match.span() for match in _REFUSED.finditer(value))
        if runs:
            others = tuple(Related(name.span_of(*run), "and here") for run in runs[1:])
            yield Finding(name.span_of(*runs[0]), _message(value, first is not None), related=others)


def _message(value: str, first: bool) -> str:
    if first:
        return f"a name cannot start with `{value[0]}`: start it with a letter or digit"
    refused = sorted({character for run in _REFUSED.findall(value) for character in run})
    listed = " ".join("a space" if character == " " else f"`{character}`" for character in refused[:8])
    return f"a name cannot have {listed}: write letters, digits, `-`, `_` and `.` only"
