"""DBX510: an image that the project does not have."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.customization.images import Form, parse_image
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.online import Asked, NotMade, OnlineRule
from devbox_lint.rule import IMAGE, Context, Example
from devbox_lint.spelling import nearest
from devbox_lint_rules.keyvault._answers import ImageAnswer
from devbox_lint_rules.keyvault._questions import AzureQuestion, Topic

_NAME = "microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc"


class ImageNotFound(OnlineRule):
    """
    An image definition starts from an image that the dev center project does not have, or from a version of an image
    that is not there.

    Why: The build of the image definition fails. A change that was pushed to the catalog shows that only when somebody
    starts the build.

    Fix: Name an image of the project: one of the marketplace, or `GALLERY/IMAGE` of a gallery that is attached to the
    dev center.
    """

    code = "DBX510"
    name = "image-not-found"
    severity = Severity.WARNING
    kinds = frozenset((IMAGE,))
    see = ("DBX101", "DBX111", "DBX112")
    references = (
        "https://learn.microsoft.com/azure/dev-box/how-to-configure-team-customizations",
        "https://learn.microsoft.com/rest/api/devcenter/administrator/images/list-by-project",
    )
    bad = (
        Example(
            IMAGE,
            "name: web\nimage: «contoso/web-imge»\n",
            says="The gallery `contoso` has the images `web-image` and `api-image`.",
            answers=(
                (
                    AzureQuestion(Topic.IMAGE, name="contoso/web-imge"),
                    ImageAnswer(False, names=("contoso/api-image", "contoso/web-image")),
                ),
            ),
        ),
        Example(
            IMAGE,
            "name: web\nimage: contoso/web@«9.9.9»\n",
            says="The image has no such version.",
            answers=((AzureQuestion(Topic.IMAGE, name="contoso/web", version="9.9.9"), ImageAnswer(True, False)),),
        ),
    )
    good = (
        Example(
            IMAGE,
            f"name: web\nimage: {_NAME}\n",
            says="The project has the image.",
            answers=((AzureQuestion(Topic.IMAGE, name=_NAME), ImageAnswer(True)),),
        ),
    )

    def questions(self, context: Context) -> Iterator[Asked]:
        root = context.customization.root
        scalar = root.scalar("image") if root is not None else None
        if scalar is None:
            return
        image = parse_image(scalar.value)
        if image.form not in (Form.MARKETPLACE, Form.GALLERY, Form.TILDE) or not image.valid_version:
            return
        version = (image.version or "").lower()
        if version in ("", "latest"):
            version, span = "", scalar.span_of(0, len(image.name))
        else:
            span = scalar.span_of(*image.version_span)
        name = image.name
        if image.form is Form.TILDE:
            gallery, _, own = name.removeprefix("~gallery~").partition("~")
            name = own if gallery == "default" else f"{gallery}/{own}"
        whole = scalar.span_of(0, len(scalar.value))
        # Without a project no image can be asked for, which is said once and not for each image.
        yield Asked(AzureQuestion(Topic.PROJECT), whole, whole, context.kind)
        yield Asked(AzureQuestion(Topic.IMAGE, name=name, version=version), span, whole, context.kind)

    def judge(self, asked: Asked, answer: object) -> Iterator[Finding | NotMade]:
        question = asked.question
        if not isinstance(answer, ImageAnswer) or not isinstance(question, AzureQuestion):
            return
        if not answer.exists:
            near = nearest(question.name, answer.names)
            yield Finding(
                asked.whole if question.version else asked.span,
                f"the project has no image `{question.name}`: "
                + (f"did you mean {near}?" if near else "name one that it has"),
            )
        elif not answer.has_version:
            yield Finding(
                asked.span,
                f"the image `{question.name}` has no version `{question.version}`: name another",
            )
