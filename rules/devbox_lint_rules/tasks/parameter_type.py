"""DBX206: a value of another type than the parameter's."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.credentials.names import name_kind
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import PLAIN, Node, Scalar, resolve
from devbox_lint_rules.tasks._entries import REFERENCE, Argument, arguments, declared_here, is_defined
from devbox_lint_rules.tasks._values import fits_type

# Numbers that come back as other text: leading or trailing zeros, exponents, other bases.
_FLOAT = lazy(r"[-+]?[0-9]*\.[0-9]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+")
_SHORT_FLOAT = lazy(r"-?(?:0|[1-9][0-9]{0,6})\.[0-9]{0,6}[1-9]")


class ParameterType(Rule):
    """
    A value is a number, `true` or `false` where the parameter is text, or cannot be read as what it is.

    Why: YAML reads `3.10` as the number 3.1, so that another version is installed than the one that stands
    in the file. What becomes of other numbers depends on who reads them.

    Fix: Put quotes around it. The values of boolean and number parameters may have quotes or not.
    """

    code = "DBX206"
    name = "parameter-type"
    severity = Severity.WARNING
    # A token must be removed, not quoted.
    yields_to = ("DBX401", "DBX402", "DBX403", "DBX404", "DBX405", "DBX406")
    kinds = frozenset((IMAGE, USER))
    see = ("DBX106", "DBX207", "DBX224")
    references = (REFERENCE,)
    bad = (
        Example(
            USER,
            "tasks:\n  - name: ~/winget\n    parameters:\n      package: Python.Python\n      version: «3.10»\n"
            "  - name: ~/winget\n    parameters: {package: Git.Git, version: «2»}\n",
            'tasks:\n  - name: ~/winget\n    parameters:\n      package: Python.Python\n      version: "3.10"\n'
            '  - name: ~/winget\n    parameters: {package: Git.Git, version: "2"}\n',
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: install\n    parameters:\n      quiet: «sometimes»\n      retries: «many»\n",
            path="web/imagedefinition.yaml",
            beside=(
                (
                    "tasks/install/task.yaml",
                    "name: install\ncommand: ./run.ps1 {{quiet}} {{retries}}\nparameters:\n"
                    "  quiet:\n    type: boolean\n"
                    "  retries:\n    type: number\n",
                ),
            ),
        ),
    )
    good = (
        Example(
            USER, "userTasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n      version: 2.47.1\n"
        ),
        Example(USER, "tasks:\n  - name: choco\n    parameters:\n      package: git\n      ignoreChecksums: 'true'\n"),
        Example(USER, "tasks:\n  - name: any\n    parameters:\n      version: 3.10\n"),
        Example(
            USER,
            "tasks:\n  - name: ~/winget\n    parameters:\n      version: '{{version}}'\n      package:\n",
            shown=False,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task in context.customization.tasks:
            if task.parameters is None:
                continue
            # Of Microsoft's own tasks nearly all parameters are text.
            if not any(_is_no_text(entry.value) for entry in task.parameters.entries) and not is_defined(context, task):
                continue
            for argument in arguments(context, task):
                if isinstance(argument.value, Scalar) and not argument.value.is_null:
                    finding = _finding(argument, argument.value)
                    if finding is not None:
                        yield finding


def _is_no_text(node: Node) -> bool:
    value = resolve(node)
    return isinstance(value, Scalar) and value.style == PLAIN and not isinstance(value.data, str)


def _finding(argument: Argument, value: Scalar) -> Finding | None:
    types = {parameter.type for parameter in argument.declarations}
    if len(types) != 1 or "{{" in value.value:
        return None
    (type_,) = types
    name = argument.key.value
    related = declared_here(argument.declarations[0], f"`{name}` is declared here")
    if type_ == "string":
        data = value.data
        if isinstance(data, str) or data is None:
            return None
        text = value.value
        if name_kind(name) is not None:
            if not isinstance(data, bool):
                return None  # which may be a secret, and is told as one without a digit of it
            message = f"`{text}` is no token: write `{{{{https://VAULT.vault.azure.net/secrets/NAME}}}}` for `{name}`"
            return Finding(value.span, message, related=related)
        fix = None
        if value.style == PLAIN and value.anchor is None:
            fix = Fix("put it in quotes", (Edit(value.span, f'"{text}"'),))
        changed = _changed(text) if not isinstance(data, bool) else None
        if changed is not None:
            message = f"`{text}` is a number that is read as `{changed}`: put it in quotes"
            return Finding(value.span, message, fix=fix, related=related, severity=Severity.ERROR)
        what = "no text" if isinstance(data, bool) else "a number"
        message = f"`{text}` is {what}, and `{name}` takes text: put it in quotes"
        return Finding(value.span, message, fix=fix, related=related)
    if value.value.strip() and not fits_type(value.value, type_):
        wanted = "`true` or `false`" if type_ == "boolean" else "a number"
        message = f"no value for `{name}`, which takes {wanted}"
        return Finding(value.span, message, related=related, severity=Severity.ERROR)
    return None


def _changed(text: str) -> str | None:
    """How a number reads when it comes back, None where it is the same or not known."""
    if _FLOAT.fullmatch(text) is None or _SHORT_FLOAT.fullmatch(text) or len(text) > 30:
        return None
    number = float(text)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
