"""DBX112: a marketplace image that nobody has heard of."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.images import (
    KNOWN_IMAGES,
    Form,
    is_newer_release,
    is_other_release,
    numbers_of,
    parse_image,
)
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.rule import IMAGE, Context, Example, Rule
from devbox_lint.spelling import edits

# Further apart than this, two names have nothing to do with each other.
_FARTHEST = 6


class UnknownMarketplaceImage(Rule):
    """
    `image` has the form of a marketplace image's name, and is none of those seen in documentation and public
    templates. A newer release of a known image gives no finding.

    Why: A misspelt name is found out only when the image is built. The list of images is open, so this is
    information unless the name is one letter from a known one.

    Fix: Compare the name with `az devcenter admin image list`, and ignore this rule where it is there.

    Unsafe because: The image may be newer than the list, and the one that is nearly its name may hold other software.
    """

    code = "DBX112"
    name = "unknown-marketplace-image"
    severity = Severity.INFO
    kinds = frozenset((IMAGE,))
    see = ("DBX111", "DBX113", "DBX510", "DBX904")
    references = ("https://learn.microsoft.com/azure/dev-box/reference-dev-box-customizations",)
    bad = (
        Example(
            IMAGE,
            "image: «microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cp»\n",
            "image: microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc\n",
        ),
        Example(
            IMAGE,
            "image: '«MicrosoftVisualStudio_visualstudioplustool_vs-2022-ent-general-win11-m365-gen2»@1.0.0'\n",
            "image: 'microsoftvisualstudio_visualstudioplustools_vs-2022-ent-general-win11-m365-gen2@1.0.0'\n",
        ),
        Example(IMAGE, "image: «microsoftwindowsdesktop_office-365_win11-21h2-avd»\n"),
    )
    good = (
        Example(IMAGE, "image: microsoftwindowsdesktop_windows-ent-cpc_win11-24H2-ent-cpc\n"),
        Example(IMAGE, "image: MicrosoftVisualStudio_windowsplustools_base-win11-gen2@1.0.0\n"),
        Example(IMAGE, "image: microsoftwindowsdesktop_windows-ent-cpc_win11-26h1-ent-cpc\n"),
        Example(IMAGE, "image: my-gallery/microsoftwindowsdesktop_windows@1.0.0\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        root = context.customization.root
        image = root.scalar("image") if root is not None else None
        if image is None:
            return
        name = parse_image(image.value)
        if name.form is not Form.MARKETPLACE or name.name in KNOWN_IMAGES or is_newer_release(name.name):
            return
        span = image.span_of(0, len(name.name))
        nearest, distance = _nearest(name.name)
        if distance > _FARTHEST:
            yield Finding(span, "not a known marketplace image: compare `az devcenter admin image list`")
            return
        yield Finding(
            span,
            f"not a known marketplace image: `{nearest}` is the nearest",
            "compare `az devcenter admin image list`",
            Fix(f"write `{nearest}`", (Edit(span, nearest),), safe=False),
            severity=Severity.WARNING if distance == 1 and not is_other_release(name.name, nearest) else None,
        )


def _nearest(name: str) -> tuple[str, int]:
    """The known name nearest to ``name``, and how many letters they differ in.

    Another number is another release rather than a slip, so names with the same numbers come first.
    """
    numbers = numbers_of(name)
    choices = [(edits(name, known, _FARTHEST), numbers_of(known) == numbers, known) for known in KNOWN_IMAGES]
    distance, _, nearest = min(choices, key=lambda choice: (choice[0] > _FARTHEST, not choice[1], choice[0]))
    return nearest, distance
