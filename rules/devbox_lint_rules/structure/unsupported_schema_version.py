"""DBX108: a version of the format that does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.rule import IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint.startup import lazy

_NUMBERS = lazy(r"v?[0-9]+(?:\.[0-9]+)*", re.IGNORECASE)


class UnsupportedSchemaVersion(Rule):
    """
    `$schema` is something else than `1.0`.

    Why: There is one version of the format. What the service makes of another value is not documented; an
    editor's schema URL belongs in a comment.

    Fix: Write `$schema: "1.0"`; without quotes it is the same. For an editor, write
    `# yaml-language-server: $schema=URL` on the first line.

    Unsafe because: A version that is not known may be newer than this linter, and the file may rely on what it
    brings.
    """

    code = "DBX108"
    name = "unsupported-schema-version"
    severity = Severity.WARNING
    see = ("DBX107",)
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(IMAGE, '$schema: "«1.0.0»"\nname: web\n', '$schema: "1.0"\nname: web\n'),
        Example(TASK, "$schema: «1»\nname: install\n", '$schema: "1.0"\nname: install\n'),
        Example(
            IMAGE,
            "$schema: «https://contoso.com/image.json»\nname: web\n",
            '$schema: "1.0"\nname: web\n',
        ),
    )
    good = (
        Example(USER, "$schema: 1.0\ntasks: []\n"),
        Example(USER, '$schema: "1.0"\ntasks: []\n'),
        Example(TASK, "$schema: '1.0'\nname: install\n"),
        Example(TASK, "$schema:\nname: install\n", shown=False),
        Example(IMAGE, "$schema:\n  version: 2\nname: web\n", shown=False),
        Example(IMAGE, "$schema: '{{version}}'\nname: web\n", shown=False),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        root = context.customization.root
        version = root.scalar("$schema") if root is not None else None
        if version is None or version.value == "1.0" or "{{" in version.value:
            return
        value = version.value
        fix = Fix(
            'write `"1.0"`',
            (Edit(version.span, '"1.0"'),),
            # A URL may serve the editor of someone who would miss it.
            safe=_NUMBERS.fullmatch(value) is not None,
        )
        shown = f"`{value}`" if 0 < len(value) <= 60 else "this"
        yield Finding(
            version.span_of(0, len(value)) if value else version.span,
            f"{shown} is not a version of the format: write `1.0`",
            fix=fix,
        )
