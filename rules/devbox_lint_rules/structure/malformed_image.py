"""DBX111: an image's name in no form that the service reads."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.images import Form, parse_image, short_name
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import IMAGE, Context, Example, Rule

_FORMS = "write a marketplace name, or `gallery/image@1.0.0`"


class MalformedImage(Rule):
    """
    The value of `image` is neither the name of a marketplace image nor `gallery/image@version`.

    Why: The image is not found, and no dev box can be built. Azure resource ids, and the names that the
    portal shows, belong to other places.

    Fix: Take the name from `az devcenter admin image list`; for an image of your own, write its gallery, a
    slash, its name, and the version after an `@`.
    """

    code = "DBX111"
    name = "malformed-image"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE,))
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(
            IMAGE,
            "image: «/subscriptions/x/resourceGroups/y/providers/Microsoft.DevCenter/devcenters/z/galleries/"
            "Default/images/microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc»\n",
        ),
        Example(IMAGE, "image: «Visual Studio 2022 on Windows 11»\n"),
        Example(IMAGE, "image: my-gallery/my-image@«1.0»\n"),
        Example(IMAGE, "image: «my-image»\n"),
        Example(IMAGE, 'image: "« »microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc"\n'),
        Example(IMAGE, "image: «''»\n"),
    )
    good = (
        Example(IMAGE, "image: MicrosoftWindowsDesktop_windows-ent-cpc_win11-24H2-ent-cpc\n"),
        Example(IMAGE, "image: microsoftvisualstudio_windowsplustools_base-win11-gen2@1.0.0\n"),
        Example(IMAGE, "image: my-gallery/my-image@0.0.1\n"),
        Example(IMAGE, "image: my-gallery/my-image@Latest\n"),
        Example(IMAGE, "image: ~Gallery~Default~microsoftvisualstudio_windowsplustools_base-win11-gen2\n"),
        Example(IMAGE, "image: '{{image}}'\n"),
        Example(IMAGE, "image: <name of the image>\n"),
        Example(IMAGE, "image:\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        root = context.customization.root
        image = root.scalar("image") if root is not None else None
        if image is None:
            return
        value = image.value
        name = parse_image(value)
        if name.form in (Form.MARKETPLACE, Form.GALLERY, Form.TILDE):
            if not name.valid_version:
                span = image.span_of(*name.version_span) if name.version else image.span
                yield Finding(span, "not a version of an image: write three numbers, such as `1.0.0`")
            return
        if "{{" in value or ("<" in value and ">" in value):
            return
        if not value:
            yield Finding(image.span, f"no name of an image: {_FORMS}")
            return
        whole = image.span_of(0, len(value))
        stripped = value.strip()
        if stripped != value and parse_image(stripped).form in (Form.MARKETPLACE, Form.GALLERY, Form.TILDE):
            blanks = (0, len(value) - len(value.lstrip())) if value[0].isspace() else (len(stripped), len(value))
            yield Finding(image.span_of(*blanks), "white space is no part of an image's name: remove it")
        elif name.form is Form.RESOURCE:
            yield Finding(whole, f"an Azure resource id is no name of an image: write `{short_name(value)}`")
        elif name.form is Form.BARE:
            # The service may know more names than its documentation, so this is no error.
            yield Finding(
                whole,
                f"neither a marketplace name nor one with a gallery: {_FORMS}",
                severity=Severity.WARNING,
            )
        else:
            yield Finding(whole, f"this is no name of an image: {_FORMS}")
