"""DBX226: a clone into a folder of the repository's own name."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint_rules.tasks._clones import clones_with, inside, repository_name
from devbox_lint_rules.tasks._entries import CATALOG, REFERENCE


class NestedClone(Rule):
    """
    The `directory` of a clone ends in the name of the repository, which the task adds to it by itself.

    Why: The code lands a folder deeper than the file says, in `C:\\Repos\\web\\web`, and what looks for it in
    `C:\\Repos\\web` does not find it.

    Fix: Write the folder above: `C:\\Repos`.

    Unsafe because: The folder within a folder may be what was meant, and other tasks may already look for the code
    there.
    """

    code = "DBX226"
    name = "nested-clone"
    severity = Severity.WARNING
    needs = ("repositoryurl",)
    kinds = frozenset((IMAGE, USER))
    references = (REFERENCE, CATALOG)
    see = ("DBX220", "DBX228")
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web.git\n"
            "      directory: «C:\\Repos\\web»\n",
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web.git\n"
            "      directory: C:\\Repos\n",
        ),
        Example(
            USER,
            "userTasks:\n  - name: quickstart/git-clone\n    parameters:\n      directory: '«D:/Web App/»'\n"
            "      repositoryUrl: https://dev.azure.com/contoso/shop/_git/Web%20App\n",
            "userTasks:\n  - name: quickstart/git-clone\n    parameters:\n      directory: 'D:/'\n"
            "      repositoryUrl: https://dev.azure.com/contoso/shop/_git/Web%20App\n",
        ),
    )
    good = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
            "      directory: C:\\Repos\\web-team\n"
            "  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/{{repo}}\n"
            "      directory: C:\\Repos\\{{repo}}\n",
            shown=False,
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
            "      directory: C:\\Repos\\web\n"
            "  - name: ~/winget\n    parameters:\n      configurationFile: C:\\Repos\\web\\web\\tools.dsc.yaml\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: clone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
            "      directory: C:\\Repos\\web\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task, _, value in clones_with(context, ("directory",)):
            url = task.parameter("repositoryUrl")
            if url is None or "{{" in url.value:
                continue
            directory = value.value.strip()
            folder = directory.rstrip("\\/")
            cut = max(folder.rfind("\\"), folder.rfind("/"))
            name = repository_name(url.value)
            if cut < 0 or not name or folder[cut + 1 :].lower() != name.lower():
                continue
            where = f"{folder}\\{name}".lower().replace("/", "\\")
            if where in context.source.text.lower().replace("/", "\\"):
                continue  # so it is meant
            above = folder[:cut]
            if above.endswith(":"):
                above = folder[: cut + 1]
            span = inside(value, directory)
            # What is left keeps its form, and its backslashes theirs.
            start = value.value.index(directory)
            rest = value.span_of(start + len(above), start + len(directory))
            yield Finding(
                span,
                f"the clone makes a folder `{name}` of its own in here: write the folder above, `{above}`",
                fix=Fix(f"write `{above}`", (Edit(rest, ""),), safe=False) if above else None,
            )
