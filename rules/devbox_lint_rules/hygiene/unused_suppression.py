"""DBX901: a suppression that silences nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule

if TYPE_CHECKING:
    from devbox_lint.suppressions import Name, Suppression


class UnusedSuppression(Rule):
    """
    A comment `# devbox-lint: ignore[...]` names a rule that finds nothing there.

    Why: The next real finding at that place would be silenced without anybody knowing.

    Fix: Remove the name, or the whole comment when it is the only one.
    """

    code = "DBX901"
    name = "unused-suppression"
    group = "hygiene"
    severity = Severity.WARNING
    about_suppressions = True
    fixable = "safe"
    bad = (
        Example(
            IMAGE,
            "name: web # devbox-lint: ignore[«DBX101»] we know\nimage: gallery/web@1.0.0\n",
            "name: web\nimage: gallery/web@1.0.0\n",
        ),
        Example(
            IMAGE,
            "# devbox-lint: ignore[missing-image, «DBX901»]\nname: web\n",
            "# devbox-lint: ignore[missing-image]\nname: web\n",
        ),
        Example(
            IMAGE,
            "# devbox-lint: ignore-file[«missing-image»]\nname: web\nimage: gallery/web@1.0.0\n",
            "name: web\nimage: gallery/web@1.0.0\n",
        ),
    )
    good = (
        Example(IMAGE, "# devbox-lint: ignore[missing-image] the base team adds it\nname: web\n"),
        Example(USER, "tasks:\n  - name: ~/winget # devbox-lint: ignore[DBX899] of another version\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        if context.suppressions is None:
            return
        for item in context.suppressions.items:
            if not item.is_well_formed:
                continue
            unused = [
                name for name in item.names if name.text in context.ran and not context.suppressions.is_used(name)
            ]
            for name in unused:
                all_unused = len(unused) == len(item.names)
                yield Finding(
                    name.span,
                    f"`{name.text}` is ignored here, and finds nothing here: remove it",
                    fix=Fix("remove it", (_removal(context, item, name, all_unused),))
                    if not all_unused or name is unused[0]
                    else None,
                )


def _removal(context: Context, item: Suppression, name: Name, whole: bool) -> Edit:
    """The edit that removes one name, or the whole comment."""
    source = context.source
    text = source.text
    if whole:
        start, end = item.comment.span
        line = source.position(start).line
        if item.comment.alone:
            following = source.line_starts[line + 1] if line + 1 < len(source.line_starts) else len(text)
            return Edit(Span(source.line_starts[line], following), "")
        while text[start - 1 : start] in (" ", "\t"):
            start -= 1
        return Edit(Span(start, end), "")
    start, end = name.span
    if name is item.names[0]:
        return Edit(Span(start, item.names[1].span.start), "")
    return Edit(Span(item.names[item.names.index(name) - 1].span.end, end), "")
