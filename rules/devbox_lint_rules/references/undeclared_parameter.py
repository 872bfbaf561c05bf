"""DBX310: a reference to a parameter that the file does not declare."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.credentials.detector import find_secrets
from devbox_lint.credentials.tokens import may_be_shown
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.references.expressions import ReferenceKind
from devbox_lint.rule import IMAGE, Context, Example, Rule
from devbox_lint_rules.references._values import is_in_text, resolved_references

# Words of template languages that look like names.
_KEYWORDS = frozenset(("end", "else", "endif", "endfor", "this", "true", "false", "null", "block", "define"))


class UndeclaredParameter(Rule):
    """
    A task's parameter refers to `{{x}}`, and the file declares neither a parameter nor a variable `x`.

    Why: Nothing is put in its place, so the task gets the text `{{x}}` itself: a folder of that name, a branch that
    does not exist.

    Fix: Declare it under `parameters` or `variables`, or name one that is declared.
    """

    code = "DBX310"
    name = "undeclared-parameter"
    severity = Severity.ERROR
    needs = ("{{",)
    kinds = frozenset((IMAGE,))
    see = ("DBX223", "DBX305", "DBX311")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(
            IMAGE,
            "parameters:\n  repositoryBranch:\n    type: string\n    default: main\n"
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/a/b\n"
            "      branch: '«{{repositorybranchName}}»'\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            '        & "«{{workingdirectory}}»/main.ps1"\n        # {{note}}\n',
        ),
    )
    good = (
        Example(
            IMAGE,
            "parameters:\n  branch:\n    type: string\n    default: main\nvariables:\n  folder:\n"
            "    type: string\n    value: C:\\src\ntasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      branch: '{{ branch }}'\n      directory: '{{Folder}}'\n",
            shown=False,
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    description: installs {{package}}\n    parameters:\n"
            "      command: |\n        docker ps --format '{{.Names}}' --format '{{ID}}'\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n        $text = @'\n"
            "        Hello {{name}}\n        '@\n        Set-Content a.hbs $text\n",
        ),
        Example(
            IMAGE,
            "extends:\n  imageDefinition: base\ntasks:\n  - name: t\n    parameters:\n      a: '{{x}}'\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        if "{{" not in context.source.text:
            return
        customization = context.customization
        # A definition that extends another may use what that one declares.
        if customization.root is None or "extends" in customization.root.names:
            return
        declared = [declaration.name.value for declaration in customization.declarations]
        known = {name.lower() for name in declared}
        references = resolved_references(context)
        # A secret that somebody has put in braces is no name.
        secrets = [secret.span for secret in find_secrets(context.document)]
        templates = {id(value.scalar) for value, item in references if item.kind is ReferenceKind.UNKNOWN}
        for value, reference in references:
            name = reference.text
            if reference.kind is not ReferenceKind.PARAMETER or name.lower() in known:
                continue
            if any(span.start < reference.span.end and reference.span.start < span.end for span in secrets):
                continue
            if name.lower() in _KEYWORDS or id(value.scalar) in templates or is_in_text(value, reference):
                continue
            shown = f"`{name}`" if may_be_shown(name) else "that name"
            yield Finding(
                reference.span,
                f"no parameter or variable {shown} is declared: declare it, or name one that is",
                _near(name, declared),
            )


def _near(name: str, declared: list[str]) -> str | None:
    if not declared:
        return None
    from difflib import get_close_matches

    lowered = {item.lower(): item for item in declared}
    close = get_close_matches(name.lower(), list(lowered), n=1)
    return f"did you mean `{{{{{lowered[close[0]]}}}}}`?" if close else None
