"""DBX113: an image of a gallery without its version."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.images import Form, parse_image
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import IMAGE, Context, Example, Rule


class ImageVersionMissing(Rule):
    """
    `image` names a gallery and an image, and no version.

    Why: The documented form is `gallery/image@version`. Which version is taken without one is not
    documented, and dev boxes made on different days may differ.

    Fix: Add the version after an `@`: `my-gallery/my-image@1.0.0`.
    """

    code = "DBX113"
    name = "image-version-missing"
    severity = Severity.INFO
    kinds = frozenset((IMAGE,))
    see = ("DBX111", "DBX112")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(IMAGE, "image: «my-gallery/my-image»\n"),
        Example(IMAGE, 'image: "«HostingImages/Hosting»"\n'),
    )
    good = (
        Example(IMAGE, "image: my-gallery/my-image@1.0.0\n"),
        Example(IMAGE, "image: my-gallery/my-image@latest\n"),
        Example(IMAGE, "image: microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc\n"),
        Example(IMAGE, "image: my-image\n", shown=False),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        root = context.customization.root
        image = root.scalar("image") if root is not None else None
        if image is None:
            return
        name = parse_image(image.value)
        if name.form is Form.GALLERY and name.version is None:
            yield Finding(
                image.span_of(0, len(image.value)),
                "no version of the image: add one after an `@`, such as `@1.0.0`",
            )
