"""DBX207: a value that the parameter's declaration does not allow."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.model import Task
from devbox_lint.diagnostics import Finding, Severity, Together
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import Scalar
from devbox_lint_rules.tasks._entries import REFERENCE, arguments, declared_here, is_defined, task_name
from devbox_lint_rules.tasks._values import complaint

_CLONE = (
    (
        "tasks/clone/task.yaml",
        "name: clone\ncommand: ./run.ps1 {{branch}} {{name}}\nparameters:\n  branch:\n    type: string\n"
        "    allowed: [main, release]\n  name:\n    type: string\n    validationRegex: ^[a-z-]+$\n    maxLength: 8\n",
    ),
)

# What publishers of VS Code's extensions call them; those for both go by another name in Visual Studio.
_OF_CODE = lazy(
    r"(?:ms-vscode[\w-]*|ms-python|ms-toolsai|ms-azuretools|ms-kubernetes-tools)\.[\w-]+|[\w-]+\.[\w-]*vscode[\w-]*"
)
_KNOWN_OF_CODE = frozenset((
    "eamodio.gitlens", "esbenp.prettier-vscode", "github.copilot", "github.copilot-chat", "github.remotehub",
    "golang.go", "hashicorp.terraform", "ms-dotnettools.csdevkit", "ms-dotnettools.csharp", "redhat.java",
    "rust-lang.rust-analyzer",
))  # fmt: skip

_EXTENSIONS = Together(
    "{count} extensions of VS Code, given to a task that installs those of Visual Studio: run"
    " `code --install-extension` in a task under `userTasks`"
)


class ParameterValue(Rule):
    """
    A value breaks what the task's definition says of the parameter: `allowed`, `validationRegex`, `minLength`
    or `maxLength`. Or a task that installs an extension of Visual Studio is given one of VS Code.

    Why: The service refuses the task: its status is `FailedValidation`, and nothing of it is run.

    Fix: Give a value that is allowed; the message shows where the parameter is declared.
    """

    code = "DBX207"
    name = "parameter-value"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER))
    see = ("DBX206", "DBX224")
    references = (REFERENCE,)
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: clone\n    parameters:\n      branch: «master»\n      name: '«Web»'\n"
            "  - name: my/clone\n    parameters:\n      name: «web-frontend»\n",
            path="web/imagedefinition.yaml",
            beside=_CLONE,
        ),
        Example(
            USER, "tasks:\n  - name: clone\n    parameters:\n      branch: «''»\n", path="workload.yaml", beside=_CLONE
        ),
        Example(
            USER,
            "userTasks:\n  - name: install-vs-extension\n    parameters:\n"
            "      marketplaceItemName: «ms-azuretools.vscode-bicep»\n",
        ),
    )
    good = (
        Example(
            IMAGE,
            "tasks:\n  - name: clone\n    parameters:\n      branch: main\n      name: '{{name}}'\n"
            "  - name: clone\n    parameters:\n      name: web\n      branch:\n",
            path="web/imagedefinition.yaml",
            beside=_CLONE,
            shown=False,
        ),
        Example(USER, "tasks:\n  - name: clone\n    parameters:\n      branch: master\n"),
        Example(
            USER,
            "userTasks:\n  - name: install-vs-extension\n    parameters:\n      marketplaceItemName: GitHub.copilotvs\n"
            "  - name: install-vs-code-extension\n    parameters:\n      marketplaceItemName: golang.Go\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task in context.customization.tasks:
            extension = task.parameter("marketplaceItemName")
            if extension is not None and _is_for_code(extension.value) and _is_for_studio(context, task):
                yield Finding(
                    extension.span_of(0, len(extension.value)),
                    "an extension of VS Code, and this task installs those of Visual Studio: run"
                    " `code --install-extension` in a task under `userTasks`",
                    together=_EXTENSIONS,
                )
            if task.parameters is None or not is_defined(context, task):
                continue
            for argument in arguments(context, task):
                value = argument.value
                if not isinstance(value, Scalar) or value.is_null:
                    continue
                what, *others = argument.declarations
                wrong = complaint(value.value, what)
                # One definition of many may well accept it.
                if wrong is None or any(complaint(value.value, other) is None for other in others):
                    continue
                name = argument.key.value
                span = value.span_of(0, len(value.value)) if value.value else value.span
                yield Finding(
                    span,
                    f"not allowed for `{name}`: {wrong}",
                    related=declared_here(argument.declarations[0], f"`{name}` is declared here"),
                )


def _is_for_code(name: str) -> bool:
    name = name.strip().lower()
    return _OF_CODE.fullmatch(name) is not None or name in _KNOWN_OF_CODE


def _is_for_studio(context: Context, task: Task) -> bool:
    name = task_name(task).lower().rpartition("/")[2]
    return name == "install-vs-extension" and not is_defined(context, task)
