"""DBX306: a reference to a token of Azure DevOps that is malformed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.credentials.tokens import may_be_shown
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.references.addresses import AdoOrganization, Part, parse_ado
from devbox_lint.references.expressions import ReferenceKind
from devbox_lint.references.placeholders import is_placeholder
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint_rules.references._values import resolved_references
from devbox_lint_rules.references._wrapped import inside, wrapped_values, write_reference

_ORGANIZATION = r"[A-Za-z0-9][A-Za-z0-9-]{0,49}"
_IN_TEAM_FILES = "a team file gets its token from a key vault: `{{https://VAULT.vault.azure.net/secrets/NAME}}`"


class MalformedAdoReference(Rule):
    """
    A reference to a token of Azure DevOps is not `{{ado://ORGANIZATION}}`.

    Why: The service exchanges the user's sign-in for a token of exactly that organization. It knows no other
    form, so anything else is passed on literally and the clone cannot sign in.

    Fix: Write `{{ado://ORGANIZATION}}` with the name of the organization alone, as it stands in
    `https://dev.azure.com/ORGANIZATION`.
    """

    code = "DBX306"
    name = "malformed-ado-reference"
    severity = Severity.ERROR
    needs = ("{{", "/secrets/", "ado:/", "keyvault(")
    kinds = frozenset((IMAGE, USER))
    see = ("DBX307", "DBX308", "DBX309")
    references = (
        "https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",
        "https://learn.microsoft.com/azure/devops/organizations/settings/naming-restrictions",
    )
    bad = (
        Example(
            USER,
            "tasks:\n  - name: t\n    parameters:\n"
            "      a: '{{«ado:/»contoso}}'\n      b: '{{ «ado//»contoso }}'\n      c: '{{ado://contoso«/web»}}'\n"
            "      d: '{{ado://«my_org»}}'\n      e: '{{«ado://»}}'\n"
            "      f: '{{ado://«https://dev.azure.com/contoso»}}'\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      pat: '{{«https://dev.azure.com/contoso»}}'\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      pat: «ado://contoso»\n",
            'tasks:\n  - name: ~/gitclone\n    parameters:\n      pat: "{{ado://contoso}}"\n',
        ),
        Example(IMAGE, "tasks:\n  - name: ~/gitclone\n    parameters:\n      pat: '{{«azdo://»contoso}}'\n"),
    )
    good = (
        Example(
            USER,
            "userTasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://dev.azure.com/contoso/web/_git/web\n      pat: '{{ado://contoso}}'\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: t\n    parameters:\n"
            "      a: '{{ado://contoso}}'\n      b: '{{ ado://Contoso-1/ }}'\n      c: '{{ado}}'\n",
            shown=False,
        ),
        Example(
            USER,
            "tasks:\n  - name: t\n    description: '{{ado//contoso}}'\n    parameters:\n"
            "      a: '{{ado://YOUR_ORG_NAME}}'\n      b: ado\n      c: '{{ado-organization}}'\n",
            shown=False,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        help_text = _IN_TEAM_FILES if context.kind is IMAGE else None
        for value, reference in resolved_references(context, declared=True):
            if reference.kind is ReferenceKind.ADO and reference.ado is not None:
                found = _wrong_part(reference.ado)
                if found is not None:
                    part, message = found
                    yield Finding(value.scalar.span_of(part.start, part.end), message, help_text)
        for value, wrapped in wrapped_values(context):
            if wrapped.is_ado:
                organization = _shown(wrapped.address[4:])
                form = "{{ado://" + (organization or "ORGANIZATION") + "}}"
                fix = write_reference(value.scalar, wrapped) if organization and context.kind is USER else None
                yield Finding(
                    inside(value.scalar),
                    f"a reference without double braces is passed on literally: write `{form}`"
                    if wrapped.is_bare
                    else f"only `{{{{` and `}}}}` belong around the address of a token: write `{form}`",
                    help_text,
                    fix,
                )


def _wrong_part(ado: AdoOrganization) -> tuple[Part, str] | None:
    if ado.is_well_formed or ado.is_bare:
        return None
    scheme = ado.scheme.text.lower()
    if scheme in ("http", "https"):
        name = _shown(_organization_of(ado)) or "ORGANIZATION"
        return ado.whole, f"a token of Azure DevOps is asked for by organization: write `ado://{name}`"
    organization = ado.organization
    if scheme != "ado" or ado.separator.text != "://":
        before = Part("", ado.whole.start, organization.start)
        name = _shown(organization.text) or "ORGANIZATION"
        return before, f"a reference to Azure DevOps begins with `ado://`: write `ado://{name}`"
    if not organization:
        return ado.whole, "no organization is named: write `ado://ORGANIZATION`"
    if is_placeholder(organization.text):
        return None
    if organization.text.lower() in ("http:", "https:"):
        whole = Part(organization.text + ado.rest.text, organization.start, ado.rest.end)
        address = parse_ado(whole.text, 0, len(whole.text))
        name = _shown(_organization_of(address)) if address is not None else ""
        return whole, f"the name of the organization is enough: write `ado://{name or 'ORGANIZATION'}`"
    if organization.text.lower() == "dev.azure.com":
        whole = Part("", organization.start, ado.rest.end)
        name = _shown(ado.rest.text.split("/")[1]) if "/" in ado.rest.text else ""
        return whole, f"the name of the organization is enough: write `ado://{name or 'ORGANIZATION'}`"
    if not re.fullmatch(_ORGANIZATION, organization.text):
        return organization, "an organization's name has letters, digits and hyphens only, 50 at most"
    return ado.rest, "nothing may follow the organization: project and repository are in `repositoryUrl`"


def _organization_of(ado: AdoOrganization) -> str:
    host = ado.organization.text.rsplit("@", 1)[-1]
    if host.lower().endswith(".visualstudio.com"):
        return host.split(".")[0]
    segments = [segment for segment in ado.rest.text.split("/") if segment]
    return segments[0] if segments else ""


def _shown(organization: str) -> str:
    name = organization.strip("/")
    return name if re.fullmatch(_ORGANIZATION, name) and may_be_shown(name) else ""
