"""DBX904: an image whose Windows gets no updates any more."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.images import Form, parse_image, short_name
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import IMAGE, Context, Example, Rule
from devbox_lint.startup import lazy

#: The last days of servicing of Windows Enterprise, as ISO 8601 has them. Windows 10 ended with its version 22H2,
#: for every version of an image.
_WINDOWS_10 = "2025-10-14"
_LAST_DAYS = {
    ("10", "20h2"): "2023-05-09",
    ("10", "21h1"): "2022-12-13",
    ("10", "21h2"): "2024-06-11",
    ("10", "22h2"): _WINDOWS_10,
    ("11", "21h2"): "2024-10-08",
    ("11", "22h2"): "2025-10-14",
    ("11", "23h2"): "2026-11-10",
    ("11", "24h2"): "2027-10-12",
}
#: Images of Windows alone say its version; the first ones, of Windows 10, not which Windows it is.
_VERSION = lazy(r"windows-ent-cpc_(?:win(?P<windows>1[01])-)?(?P<version>[0-9]{2}h[12])-ent-cpc(?:-|$)")
_WITH_WINDOWS_10 = lazy(r"-win10-")


class OutdatedImage(Rule):
    """
    `image` is a marketplace image whose Windows is past the end of its servicing. The rule is off unless it is
    selected, and knows the images of Windows Enterprise and those of Visual Studio on Windows 10.

    Why: Windows gets no security updates after that day, so each dev box of this image starts with known holes.

    Fix: Take an image of a Windows that is in service, as the release information of Windows lists them.
    """

    code = "DBX904"
    name = "outdated-image"
    severity = Severity.INFO
    tag = "deprecated"
    default = False
    kinds = frozenset((IMAGE,))
    see = ("DBX112", "DBX903")
    references = (
        "https://learn.microsoft.com/lifecycle/products/windows-11-enterprise-and-education",
        "https://learn.microsoft.com/lifecycle/products/windows-10-enterprise-and-education",
    )
    bad = (
        Example(IMAGE, "name: web\nimage: «microsoftwindowsdesktop_windows-ent-cpc_win11-22h2-ent-cpc-m365»\n"),
        Example(IMAGE, "name: web\nimage: «MicrosoftWindowsDesktop_windows-ent-cpc_21H1-ent-cpc-os-g2»@1.0.0\n"),
        Example(
            IMAGE,
            "name: web\nimage: '«microsoftvisualstudio_visualstudioplustools_vs-2022-ent-general-win10-m365-gen2»'\n",
        ),
        Example(
            IMAGE,
            "name: web\nimage: «~Gallery~Default~microsoftwindowsdesktop_windows-ent-cpc_win10-22h2-ent-cpc-os»\n",
        ),
    )
    good = (
        Example(IMAGE, "name: web\nimage: microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc\n"),
        Example(IMAGE, "name: web\nimage: microsoftwindowsdesktop_windows-ent-cpc_win11-26h2-ent-cpc\n"),
        Example(
            IMAGE, "name: web\nimage: microsoftvisualstudio_visualstudioplustools_vs-2022-ent-general-win11-m365-gen2\n"
        ),
        Example(IMAGE, "name: web\nimage: gallery/windows-ent-cpc_win11-22h2-ent-cpc@1.0.0\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        root = context.customization.root
        image = root.scalar("image") if root is not None else None
        if image is None:
            return
        name = parse_image(short_name(image.value) or image.value)
        marketplace = name.name.removeprefix("~gallery~default~")
        if name.form is not Form.MARKETPLACE and marketplace == name.name:
            return
        windows, last_day = _windows(marketplace)
        if last_day and context.is_past(last_day):
            end = image.value.find("@")
            yield Finding(
                image.span_of(0, end if end >= 0 else len(image.value)),
                f"{windows} has had no updates since {last_day}: take an image of a version that is in service",
            )


def _windows(image: str) -> tuple[str, str | None]:
    """The Windows of a marketplace image, and the last day of its servicing where that is known."""
    match = _VERSION.search(image)
    if match:
        windows = match["windows"] or "10"
        version = match["version"]
        last_day = _LAST_DAYS.get((windows, version))
        return f"Windows {windows} {version.upper()}", last_day
    return ("Windows 10", _WINDOWS_10) if _WITH_WINDOWS_10.search(image) else ("", None)
