"""The forms of an image's name, and the marketplace images that are known by name."""

from __future__ import annotations

import re
from enum import Enum

from devbox_lint.diagnostics import Span
from devbox_lint.spelling import edits
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.nodes import Mapping, Scalar, resolve

_WINDOWS = "microsoftwindowsdesktop_windows-ent-cpc_"
_STUDIO_2022 = "microsoftvisualstudio_visualstudioplustools_"
_STUDIO_2019 = "microsoftvisualstudio_visualstudio2019plustools_"

#: Marketplace images seen in documentation and public templates, in lower case. The list is open: new
#: releases appear without notice, so a name that is not here is not wrong.
KNOWN_IMAGES: tuple[str, ...] = (
    f"{_STUDIO_2022}vs-2022-ent-general-win11-m365-gen2",
    f"{_STUDIO_2022}vs-2022-pro-general-win11-m365-gen2",
    f"{_STUDIO_2022}vs-2022-ent-general-win10-m365-gen2",
    f"{_STUDIO_2022}vs-2022-pro-general-win10-m365-gen2",
    f"{_STUDIO_2019}vs-2019-ent-general-win11-m365-gen2",
    f"{_STUDIO_2019}vs-2019-pro-general-win11-m365-gen2",
    f"{_STUDIO_2019}vs-2019-ent-general-win10-m365-gen2",
    f"{_STUDIO_2019}vs-2019-pro-general-win10-m365-gen2",
    "microsoftvisualstudio_windowsplustools_base-win11-gen2",
    f"{_WINDOWS}win11-25h2-ent-cpc",
    f"{_WINDOWS}win11-25h2-ent-cpc-m365",
    f"{_WINDOWS}win11-24h2-ent-cpc",
    f"{_WINDOWS}win11-24h2-ent-cpc-m365",
    f"{_WINDOWS}win11-23h2-ent-cpc",
    f"{_WINDOWS}win11-23h2-ent-cpc-os",
    f"{_WINDOWS}win11-23h2-ent-cpc-m365",
    f"{_WINDOWS}win11-22h2-ent-cpc-os",
    f"{_WINDOWS}win11-22h2-ent-cpc-m365",
    f"{_WINDOWS}win11-21h2-ent-cpc-os",
    f"{_WINDOWS}win11-21h2-ent-cpc-m365",
    f"{_WINDOWS}win10-22h2-ent-cpc-os",
    f"{_WINDOWS}win10-22h2-ent-cpc-m365",
    f"{_WINDOWS}win10-21h2-ent-cpc-os-g2",
    f"{_WINDOWS}win10-21h2-ent-cpc-m365-g2",
    f"{_WINDOWS}21h1-ent-cpc-os-g2",
    f"{_WINDOWS}21h1-ent-cpc-m365-g2",
    f"{_WINDOWS}20h2-ent-cpc-os-g2",
    f"{_WINDOWS}20h2-ent-cpc-m365-g2",
)

_MARKETPLACE = lazy(r"microsoft(?:windowsdesktop|visualstudio)_[a-z0-9][a-z0-9.-]*_[a-z0-9][a-z0-9.-]*")
_GALLERY = lazy(r"[a-z0-9][a-z0-9_.-]{2,62}/[a-z0-9][a-z0-9_.-]{0,78}[a-z0-9]")
# The service's own spelling of the same two, with the gallery called Default for the marketplace.
_TILDE = lazy(r"~gallery~[a-z0-9][a-z0-9_.-]{2,62}~[a-z0-9][a-z0-9_.-]{0,78}[a-z0-9]")
_BARE = lazy(r"[a-z0-9][a-z0-9_.-]*")
_VERSION = lazy(r"[0-9]{1,10}\.[0-9]{1,10}\.[0-9]{1,10}|latest")
_RESOURCE = lazy(r"(?:^|/)galleries/([^/@]+)/images/([^/@]+)(?:/versions/([^/@]+))?(?:@([^/@]+))?$", re.IGNORECASE)
_NUMBER = lazy(r"[0-9]+")
_DIGIT = lazy(r"[0-9]")
_SEPARATORS = lazy(r"[\s_:/\\.,-]+")
_VERSION_AT_END = lazy(r"[@:](?:latest|[0-9]{1,10}(?:\.[0-9]{1,10}){0,3})$")
# Publisher, offer and SKU, as `az vm image list` writes them.
_URN = lazy(r"(microsoft[a-z]+)[:/]([a-z0-9][a-z0-9.-]*)[:/]([a-z0-9][a-z0-9.-]*)")
# A gallery and an image with what other tools have between them.
_OTHERWISE = lazy(
    r"([a-z0-9][a-z0-9_.-]{2,62})[\\:]([a-z0-9][a-z0-9_.-]{0,78}[a-z0-9])(?:[@:](\d+\.\d+\.\d+))?", re.IGNORECASE
)
#: Longer values, in characters, are no names.
_LONGEST = 300


class Form(Enum):
    """How an image is named."""

    MARKETPLACE = "marketplace"
    GALLERY = "gallery"
    TILDE = "~Gallery~"
    #: One word that names no gallery: in no documentation, yet not known to fail.
    BARE = "bare"
    RESOURCE = "resource id"
    NONE = "none"


class ImageName(NamedTuple):
    """An image's name taken apart.

    ``name`` is without the version, in lower case. ``version`` is None where there is no ``@``;
    ``version_span`` are its offsets in the value, and ``valid_version`` says whether it has a version's form.
    """

    form: Form
    name: str
    version: str | None
    version_span: Span
    valid_version: bool


def parse_image(value: str) -> ImageName:
    """Take the value of ``image`` apart; upper and lower case make no difference."""
    head, at, version = value.partition("@")
    name = head.lower()
    form = Form.NONE
    if _MARKETPLACE.fullmatch(name):
        form = Form.MARKETPLACE
    elif _GALLERY.fullmatch(name):
        form = Form.GALLERY
    elif _TILDE.fullmatch(name):
        form = Form.TILDE
    elif _BARE.fullmatch(name):
        form = Form.BARE
    elif short_name(value) is not None:
        form = Form.RESOURCE
    return ImageName(
        form,
        name,
        version if at else None,
        Span(len(head) + len(at), len(value)),
        not at or _VERSION.fullmatch(version.lower()) is not None,
    )


def short_name(value: str) -> str | None:
    """What to write for an Azure resource id of an image, None for any other ``value``.

    The gallery ``Default`` is the marketplace, whose images go by their name alone.
    """
    match = _RESOURCE.search(value)
    if match is None:
        return None
    gallery: str = match[1]
    image: str = match[2]
    version: str | None = match[4] or match[3]
    if gallery.lower() == "default":
        return image
    return f"{gallery}/{image}@{version}" if version else f"{gallery}/{image}"


def likely_name(value: str) -> str | None:
    """The image that a value of no valid form names: its parts joined otherwise, a known one misspelt or cut short."""
    if len(value) > _LONGEST:
        return None
    text = _VERSION_AT_END.sub("", value.strip().lower())
    folded = _SEPARATORS.sub("_", text)
    best, found = 2, list[str]()
    for known in KNOWN_IMAGES:
        other = _SEPARATORS.sub("_", known)
        # The SKU alone, or without its publisher: what the portal and `az` show.
        distance = 0 if other.endswith(f"_{folded}") and folded.count("_") > 2 else edits(folded, other, best)
        if distance < best:
            best, found = distance, [known]
        elif distance == best:
            found.append(known)
    if found:
        return found[0] if len(found) == 1 else None
    urn = _URN.fullmatch(text)
    if urn is not None:
        return "_".join(urn.groups())
    own = _OTHERWISE.fullmatch(value.strip())
    return None if own is None else f"{own[1]}/{own[2]}" + (f"@{own[3]}" if own[3] else "")


def name_of_mapping(mapping: Mapping) -> str | None:
    """The image that a mapping names by its parts, None where it does not.

    These are the forms of other tools: publisher, offer and SKU, a gallery with an image, or a resource id.
    """
    parts = {
        entry.name.lower(): node.value.strip()
        for entry in mapping.entries
        if entry.name is not None and isinstance(node := resolve(entry.value), Scalar) and not node.is_null
    }
    if "id" in parts:
        return short_name(parts["id"])
    marketplace = [parts.get(name, "") for name in ("publisher", "offer", "sku")]
    if all(marketplace):
        name = "_".join(marketplace)
        return name if _MARKETPLACE.fullmatch(name.lower()) else None
    gallery = parts.get("gallery") or parts.get("galleryname")
    image = parts.get("image") or parts.get("imagename") or parts.get("name")
    if not gallery or not image:
        return None
    version = parts.get("version") or parts.get("imageversion")
    name = f"{gallery}/{image}@{version}" if version else f"{gallery}/{image}"
    parsed = parse_image(name)
    return name if parsed.form is Form.GALLERY and parsed.valid_version else None


def numbers_of(name: str) -> list[int]:
    """The numbers in a name, in order: what tells one release from another."""
    return [int(number) for number in _NUMBER.findall(name)]


def is_other_release(name: str, other: str) -> bool:
    """Whether two names differ in their numbers alone, each with as many digits: releases of one image."""
    return name != other and _DIGIT.sub("#", name) == _DIGIT.sub("#", other)


def is_newer_release(name: str) -> bool:
    """Whether ``name`` is that of a known image but for its numbers, and those are higher than all known."""
    mask = _NUMBER.sub("#", name)
    known = [numbers_of(image) for image in KNOWN_IMAGES if _NUMBER.sub("#", image) == mask]
    return bool(known) and numbers_of(name) > max(known)
