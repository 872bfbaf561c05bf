"""DBX901: a suppression that suppresses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.rule import ALL_FILES, IMAGE, USER, Context, Example, Rule

if TYPE_CHECKING:
    from devbox_lint.suppressions import Name, Suppression, Suppressions


class UnusedSuppression(Rule):
    """
    A comment `# devbox-lint: ignore[...]` names a rule that finds nothing there, its last day `until=...` has
    passed, or it stands inside a text block, where it is a part of the text and no comment.

    Why: The next real finding at that place would be suppressed without anybody knowing, or nothing is suppressed and
    the comment says otherwise.

    Fix: Remove the name, or the whole comment when it is the only one. After the last day repair what is found, or
    set another day. For what a text block says, write the comment after the `|` or `>` that starts the block.
    """

    code = "DBX901"
    name = "unused-suppression"
    severity = Severity.WARNING
    kinds = ALL_FILES
    tag = "unnecessary"
    about_suppressions = True
    see = ("DBX902",)
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
        Example(
            IMAGE,
            "name: web # devbox-lint: ignore[DBX101, «missing-image»] the base team adds it\n",
            "name: web # devbox-lint: ignore[DBX101] the base team adds it\n",
        ),
        Example(
            IMAGE,
            "image: gallery/web@1.0.0\nname: web # from the template # devbox-lint: ignore[«DBX110»] for now\n",
            "image: gallery/web@1.0.0\nname: web # from the template\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        «# devbox-lint: ignore[remote-code]» our own server\n        iex (irm https://example.org/a.ps1)\n",
        ),
    )
    good = (
        Example(IMAGE, "# devbox-lint: ignore[missing-image] the base team adds it until=2999-12-31\nname: web\n"),
        Example(USER, "tasks:\n  - name: ~/winget # devbox-lint: ignore[DBX899] of another version\n", shown=False),
        Example(
            USER,
            "userTasks:\n  - name: ~/powershell\n    parameters:\n"
            "      command: | # devbox-lint: ignore[remote-code] our own server\n"
            "        iex (irm https://example.org/a.ps1)\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        suppressions = context.suppressions
        if suppressions is None:
            return
        for item in suppressions.items:
            if item.is_well_formed:
                yield from _overdue(suppressions, item)
                yield from _unused(context, suppressions, item)
        for span in suppressions.content:
            yield Finding(
                span,
                "this is part of the text and suppresses nothing: a text block cannot hold comments",
                help="write it after the `|` or `>` that starts the block, or on the line before that",
            )


def _overdue(suppressions: Suppressions, item: Suppression) -> Iterator[Finding]:
    names = [f"`{name.text}`" for name in item.names if suppressions.is_overdue(name)]
    if names and item.until:
        yield Finding(
            item.until.span,
            f"this suppression ended with {item.until.day}, and there is still something for {' and '.join(names)}"
            " to suppress: repair what is found, or set another day",
        )


def _unused(context: Context, suppressions: Suppressions, item: Suppression) -> Iterator[Finding]:
    unused = [
        name
        for name in item.names
        if _did_run(context, name) and not suppressions.is_used(name.span) and not suppressions.is_overdue(name)
    ]
    whole = len(unused) == len(item.names)
    for name in unused:
        message = (
            f"`{name.text}` is listed twice here: remove one"
            if suppressions.is_repeated(name)
            else f"unused suppression: `{name.text}` reports nothing here, so remove it"
        )
        fix = Fix("remove it", (_removal_of_all(context, item) if whole else _removal(item, name),))
        yield Finding(name.span, message, fix=fix if not whole or name is unused[0] else None)


def _did_run(context: Context, name: Name) -> bool:
    return name.text.upper() in context.ran or name.text.lower() in context.ran


def _removal(item: Suppression, name: Name) -> Edit:
    """The edit that removes one name of several."""
    index = item.names.index(name)
    if index == 0:
        return Edit(Span(name.span.start, item.names[1].span.start), "")
    return Edit(Span(item.names[index - 1].span.end, name.span.end), "")


def _removal_of_all(context: Context, item: Suppression) -> Edit:
    """The edit that removes a suppression, with its line where that holds nothing else."""
    source = context.source
    start, end = item.span
    if item.comment.alone and item.span.start == item.comment.span.start and end == _text_end(item):
        line = source.position(start).line
        following = source.line_starts[line + 1] if line + 1 < len(source.line_starts) else len(source.text)
        return Edit(Span(source.line_starts[line], following), "")
    before = source.text[:start].rstrip(" \t")
    return Edit(Span(len(before), end), "")


def _text_end(item: Suppression) -> int:
    return item.comment.span.start + len(item.comment.text.rstrip())
