"""DBX111: an image's name in no form that the service reads."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.images import Form, likely_name, name_of_mapping, parse_image, short_name
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.rule import IMAGE, Context, Example, Rule
from devbox_lint.yaml.nodes import Mapping, Scalar, resolve

_FORMS = "write a marketplace name, or `gallery/image@1.0.0`"


class MalformedImage(Rule):
    """
    The value of `image` is neither the name of a marketplace image nor `gallery/image@version`.

    Why: The image is not found, and no dev box can be built. Azure resource ids, the names that the portal
    shows, and publisher, offer and SKU by themselves belong to other places.

    Fix: Take the name from `az devcenter admin image list`; for an image of your own, write its gallery, a
    slash, its name, and the version after an `@`.

    Unsafe because: The name that is nearly written may be another image than the one that was meant, and a dev box
    would be built from it.
    """

    code = "DBX111"
    name = "malformed-image"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE,))
    see = ("DBX112", "DBX113", "DBX510")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(
            IMAGE,
            "image: «/subscriptions/x/resourceGroups/y/providers/Microsoft.DevCenter/devcenters/z/galleries/"
            "Default/images/microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc»\n",
            "image: microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc\n",
        ),
        Example(
            IMAGE,
            "image: «MicrosoftWindowsDesktop:windows-ent-cpc:win11-24h2-ent-cpc:latest»\n",
            "image: microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc\n",
        ),
        Example(
            IMAGE,
            "image: «microsoftwindowdesktop_windows-ent-cpc_win11-24h2-ent-cpc»\n",
            "image: microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc\n",
        ),
        Example(
            IMAGE,
            "«image»:\n  publisher: MicrosoftWindowsDesktop\n  offer: windows-ent-cpc\n"
            "  sku: win11-24h2-ent-cpc\n  version: latest\ntasks: []\n",
            "image: MicrosoftWindowsDesktop_windows-ent-cpc_win11-24h2-ent-cpc\ntasks: []\n",
        ),
        Example(
            IMAGE,
            "«image»: {gallery: contoso, name: web, version: 1.0.0}\n",
            "image: contoso/web@1.0.0\n",
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
        Example(IMAGE, "image: '{{image}}'\n", shown=False),
        Example(IMAGE, "image: <name of the image>\n"),
        Example(IMAGE, "image:\n", shown=False),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        root = context.customization.root
        entry = root.entry("image") if root is not None else None
        value = resolve(entry.value) if entry is not None else None
        if isinstance(value, Scalar) and not value.is_null:
            yield from _of_text(value)
        elif entry is not None and isinstance(entry.key, Scalar) and isinstance(value, Mapping):
            name = name_of_mapping(value)
            if name is not None:
                message = f"`image` takes one name, not its parts: write `{name}`"
                yield Finding(entry.key.span, message, fix=_fix_of_parts(context, entry.key, value, name))


def _fix_of_parts(context: Context, key: Scalar, value: Mapping, name: str) -> Fix | None:
    source = context.source
    between = source.text[key.end : value.end]
    colon = between.find(":")
    if colon < 0 or "#" in between or "&" in between:
        return None
    span = Span(key.end + colon + 1, key.end + len(between.rstrip()))
    return Fix(f"write `{name}`", (Edit(span, f" {name}"),), safe=False)


def _of_text(image: Scalar) -> Iterator[Finding]:
    value = image.value
    name = parse_image(value)
    if name.form in (Form.MARKETPLACE, Form.GALLERY, Form.TILDE):
        if not name.valid_version:
            span = image.span_of(*name.version_span) if name.version else image.span
            yield Finding(span, "not a valid image version: write three numbers, such as `1.0.0`")
        return
    if "{{" in value or ("<" in value and ">" in value):
        return
    if not value:
        yield Finding(image.span, f"no image is named: {_FORMS}")
        return
    whole = image.span_of(0, len(value))
    stripped = value.strip()
    if stripped != value and parse_image(stripped).form in (Form.MARKETPLACE, Form.GALLERY, Form.TILDE):
        blanks = (0, len(value) - len(value.lstrip())) if value[0].isspace() else (len(stripped), len(value))
        yield Finding(image.span_of(*blanks), "an image name cannot start or end with white space: remove it")
        return
    likely = short_name(value) if name.form is Form.RESOURCE else likely_name(value)
    # The service may know more names than its documentation, so one word is no error.
    severity = Severity.WARNING if name.form is Form.BARE else None
    if likely is not None:
        what = (
            "an Azure resource id is not an image name" if name.form is Form.RESOURCE else "this is not an image name"
        )
        fix = Fix(f"write `{likely}`", (Edit(whole, likely),), safe=False)
        yield Finding(whole, f"{what}: write `{likely}`", fix=fix, severity=severity)
    elif name.form is Form.BARE:
        yield Finding(whole, f"neither a marketplace name nor one with a gallery: {_FORMS}", severity=severity)
    else:
        yield Finding(whole, f"this is not an image name: {_FORMS}")
