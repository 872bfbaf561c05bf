"""DBX107: a file that does not say its format's version."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import MARKER, Edit, Finding, Fix, Severity, Span
from devbox_lint.rule import IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint.yaml.nodes import Mapping
from devbox_lint_rules.structure._absence import absent
from devbox_lint_rules.structure._legacy import has_legacy_keys


class MissingSchemaVersion(Rule):
    """
    A file has no `$schema`.

    Why: The format's reference requires it in task definitions, and a file without one may be read as the
    format of the 2023 preview, in which other keys were known. In the other two kinds of file it is optional.

    Fix: Put `$schema: "1.0"` first.
    """

    code = "DBX107"
    name = "missing-schema-version"
    severity = Severity.INFO
    severities = {TASK: Severity.WARNING}
    see = ("DBX108",)
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(
            TASK,
            "# A task.\n«name»: install\ncommand: ./install.ps1\n",
            '# A task.\n$schema: "1.0"\nname: install\ncommand: ./install.ps1\n',
        ),
        Example(
            IMAGE,
            "---\r\n\r\n«name»: web\r\nimage: gallery/web@1.0.0\r\n",
            '---\r\n\r\n$schema: "1.0"\r\nname: web\r\nimage: gallery/web@1.0.0\r\n',
        ),
        Example(USER, "  «name»: mine\n  tasks: []", '  $schema: "1.0"\n  name: mine\n  tasks: []'),
        Example(USER, "{«tasks»: []}\n"),
    )
    good = (
        Example(TASK, "$schema: 1.0\nname: install\ncommand: ./install.ps1\n"),
        Example(IMAGE, "name: web\n$schema:\nimage: gallery/web@1.0.0\n", shown=False),
        Example(TASK, '$schmea: "1.0"\nname: install\n', shown=False),
        Example(TASK, 'schema: "1.0"\nname: install\n', shown=False),
        Example(USER, "# nothing\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        root = context.customization.root
        if root is None:
            return
        place = absent(context, "$schema")
        # The key of other formats stands for it, and is told as what it is.
        if place is not None and root.entry("schemaVersion") is None:
            yield Finding(
                place,
                'no `$schema`: start the file with `$schema: "1.0"`',
                fix=_fix(context, root),
            )


def _fix(context: Context, root: Mapping) -> Fix | None:
    source = context.source
    if root.flow or not root.entries:
        return None
    line = source.position(root.start).line
    if MARKER in source.line_text(line):
        # What suppresses a finding on the first key would be left behind.
        return None
    start = source.line_starts[line]
    indentation = source.text[start : root.start]
    # A key after a question mark stands elsewhere than its mapping.
    if indentation.strip(" ") or len(indentation) != root.column:
        return None
    edit = Edit(Span(start, start), f'{indentation}$schema: "1.0"{source.newline}')
    # The version could make the service read the legacy keys, which it knows without one, as unknown ones.
    safe = not has_legacy_keys(context.customization)
    return Fix('insert `$schema: "1.0"`', (edit,), safe)
