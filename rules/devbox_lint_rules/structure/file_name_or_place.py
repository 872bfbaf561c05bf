"""DBX116: a file name or a place that the service does not look for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity, Span
from devbox_lint.rule import IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint.spelling import edits

_EXACT = {IMAGE: "imagedefinition.yaml", USER: "workload.yaml", TASK: "task.yaml"}


class FileNameOrPlace(Rule):
    """
    A file ends in `.yml`, or its name is not quite `imagedefinition.yaml`, `workload.yaml` or `task.yaml`; or an
    image definition stands in the folder of another one.

    Why: The service looks for files by these names: an image definition in a folder of its own in a
    project's catalog, a task in a folder of a dev center's catalog, `workload.yaml` at the root of a
    repository. What happens to other spellings is not documented: upper case is information only, as some
    of Microsoft's samples have it.

    Fix: Rename the file, or move it to a folder of its own.
    """

    code = "DBX116"
    name = "file-name-or-place"
    severity = Severity.WARNING
    see = ("DBX115",)
    references = (
        "https://learn.microsoft.com/azure/dev-box/how-to-configure-team-customizations",
        "https://learn.microsoft.com/azure/dev-box/how-to-configure-user-customizations",
    )
    bad = (
        Example(IMAGE, "«»name: web\n", path="catalog/web/imagedefinition.yml"),
        Example(IMAGE, "«»name: web\n", path="imagedefintion.yaml"),
        Example(TASK, "«»name: install\n", path="/repo/tasks/install/Task.yaml"),
        Example(USER, "«»tasks: []\n", path="mine.yml"),
        Example(IMAGE, "«»name: web\n", path="catalog/backend.imagedefinition.yaml"),
        Example(
            IMAGE,
            "«»name: web\n",
            path="catalog/web.yaml",
            beside=(("catalog/imagedefinition.yaml", "name: base\n"),),
        ),
    )
    good = (
        Example(IMAGE, "name: web\n", path="catalog/web/imagedefinition.yaml"),
        Example(IMAGE, "name: web\n", path="backend.yaml"),
        Example(
            IMAGE,
            "name: web\nimage: gallery/web@1.0.0\nsetupTasks: []\n",
            path="devbox.yaml",
            beside=(("imagedefinition.yaml", "name: web\n"),),
            shown=False,
        ),
        Example(USER, "tasks: []\n", path="examples/workload.yaml"),
        Example(USER, "tasks: []\n", path="workloads.d/mine.yaml"),
        Example(TASK, "name: install\n", path="install-tools.yaml"),
        Example(TASK, "name: install\n"),
        Example(USER, "tasks: []\n", path="<stdin>"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        path = context.source.path
        if not path:
            return
        name = re.split(r"[/\\]", path)[-1]
        exact = _EXACT[context.kind]
        if name == exact:
            return
        folded = name.lower()
        stem, dot, extension = folded.rpartition(".")
        place = Span(0, 0)
        if context.kind is IMAGE and dot and stem.endswith(".imagedefinition"):
            own = name[: -len(".imagedefinition") - len(extension) - 1]
            yield Finding(place, f"the service does not read `{name}`: move it to `{own}/{exact}`")
        elif dot and extension == "yml":
            wanted = exact if f"{stem}.yaml" == exact else f"{name[: len(stem)]}.yaml"
            yield Finding(place, f"`{name}` ends in `.yml`, which the service does not read: rename it to `{wanted}`")
        elif folded == exact:
            yield Finding(
                place,
                f"the documented name is `{exact}`, in lower case: rename `{name}`",
                severity=Severity.INFO,
            )
        elif context.kind is IMAGE and edits(folded, exact, 2) <= 2:
            yield Finding(place, f"the service does not read `{name}`: rename it to `{exact}`")
        elif context.kind is IMAGE and not _is_of_the_preview(context) and context.catalog.holds(path, exact):
            yield Finding(
                place,
                f"the folder has `{exact}` already, and the service reads one definition of a folder: move this one"
                f" to `{name[: len(stem)]}/{exact}`",
            )


def _is_of_the_preview(context: Context) -> bool:
    """Whether the file is in the form of 2023, which had a name of its own."""
    root = context.customization.root
    return root is not None and not {"setupTasks", "hostInformation", "supportsHibernation"}.isdisjoint(root.names)
