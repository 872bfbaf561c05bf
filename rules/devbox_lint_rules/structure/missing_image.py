"""DBX101: a team file that names no image."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import IMAGE, Context, Example, Rule
from devbox_lint_rules.structure._absence import absent


class MissingImage(Rule):
    """
    An image definition has neither `image` nor `extends`.

    Why: The image is what the dev box starts from; a definition without one is rejected when the catalog
    is synchronised, and no dev box can be built from it.

    Fix: Add `image:` with a marketplace image such as
    `microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc`, or `gallery/image@1.0.0` for one of your own.
    """

    code = "DBX101"
    name = "missing-image"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE,))
    see = ("DBX104", "DBX111", "DBX113")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(
            IMAGE, "«$schema»: 1.0\nname: web\ntasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n"
        ),
        Example(IMAGE, "# nothing but a comment\n«»"),
    )
    good = (
        Example(IMAGE, "$schema: 1.0\nname: web\nimage: gallery/web@1.0.0\n"),
        Example(IMAGE, "$schema: 1.0\nname: web\nextends:\n  imageDefinition: base\n"),
        Example(IMAGE, "$schema: 1.0\nname: web\nimgae: gallery/web@1.0.0\n", shown=False),
        Example(IMAGE, "- not\n- a definition\n", shown=False),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        place = absent(context, "image", "extends")
        if place is not None:
            yield Finding(
                place,
                "no `image`: a team file must name the image it starts from",
                "add `image:` with a marketplace name, or `gallery/image@1.0.0`",
            )
