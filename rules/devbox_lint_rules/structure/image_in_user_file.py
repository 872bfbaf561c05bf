"""DBX104: a key of team files in a personal one."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Fix, Severity
from devbox_lint.rule import USER, Context, Example, Rule
from devbox_lint_rules.structure._lines import removal

#: The keys of an image definition that a user customization must not have.
_IMAGE_KEYS = ("image", "buildProperties")


class ImageInUserFile(Rule):
    """
    A user customization has `image` or `buildProperties`.

    Why: A user customization runs on a dev box that exists already; its image was chosen with the pool.
    The key has no effect here, or makes the upload fail.

    Fix: Remove the key, or make the file an image definition: name it `imagedefinition.yaml` and put it in a
    catalog.

    Unsafe because: The key goes with its value, and the file may be one that was meant for a team: then it is the
    file's place that is wrong, and not the key.
    """

    code = "DBX104"
    name = "image-in-user-file"
    severity = Severity.WARNING
    kinds = frozenset((USER,))
    see = ("DBX101", "DBX105")
    references = (
        "https://learn.microsoft.com/azure/dev-box/how-to-configure-user-customizations",
        "https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",
    )
    bad = (
        Example(
            USER,
            "name: mine\n«image»: gallery/web@1.0.0 # ours\ntasks:\n  - name: ~/winget\n",
            "name: mine\ntasks:\n  - name: ~/winget\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/winget\n«buildProperties»:\n  networkConnection: build\n",
            "tasks:\n  - name: ~/winget\n",
        ),
        Example(USER, "{«image»: a/b@1.0.0, tasks: []}\n"),
    )
    good = (
        Example(USER, "name: mine\ntasks:\n  - name: ~/winget\n", shown=False),
        Example(USER, "tasks:\n  - name: resize\n    parameters:\n      image: big\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        root = context.customization.root
        if root is None:
            return
        for entry in root.entries:
            if entry.name in _IMAGE_KEYS:
                edit = removal(context.source, entry)
                fix = Fix(f"remove `{entry.name}`", (edit,), safe=False) if edit is not None else None
                yield Finding(
                    entry.key.span,
                    f"`{entry.name}` in a user customization: only an image definition has it, so remove it",
                    fix=fix,
                )
