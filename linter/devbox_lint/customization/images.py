"""The forms of an image's name, and the marketplace images that are known by name."""

from __future__ import annotations

import re
from enum import Enum

from devbox_lint.diagnostics import Span
from devbox_lint.startup import NamedTuple, lazy

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
    """What to write for an Azure resource id of an image, None where ``value`` is none.

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


def numbers_of(name: str) -> list[int]:
    """The numbers in a name, in order: what tells one release from another."""
    return [int(number) for number in _NUMBER.findall(name)]


def is_newer_release(name: str) -> bool:
    """Whether ``name`` is that of a known image but for its numbers, and those are higher than all known."""
    mask = _NUMBER.sub("#", name)
    known = [numbers_of(image) for image in KNOWN_IMAGES if _NUMBER.sub("#", image) == mask]
    return bool(known) and numbers_of(name) > max(known)
