"""Where a file names organizations of Azure DevOps, and what is in them: clones, tokens, and what its scripts use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from devbox_lint.customization.model import Task
from devbox_lint.customization.scripts import Script
from devbox_lint.diagnostics import Span
from devbox_lint.powershell.azure_dev_ops import REPOSITORY_ADDRESS, DevOpsKind, DevOpsUse, find_dev_ops_uses
from devbox_lint.powershell.operands import Operand
from devbox_lint.references.expressions import ReferenceKind
from devbox_lint.references.placeholders import is_placeholder
from devbox_lint.rule import Context
from devbox_lint.startup import lazy
from devbox_lint_rules.keyvault._signed_in import signed_scripts
from devbox_lint_rules.references._values import resolved_references

#: At most 50 letters, digits and hyphens, no hyphen first or last:
#: https://learn.microsoft.com/azure/devops/organizations/settings/naming-restrictions
_ORGANIZATION_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,48}[A-Za-z0-9])?"
_ORGANIZATION = lazy(_ORGANIZATION_NAME)
_REPOSITORY = lazy(
    rf"\s*https?://(?:[^\s/@]*@)?(?:dev\.azure\.com/({_ORGANIZATION_NAME})(?=[/?#\s]|\Z)|({_ORGANIZATION_NAME})\.visualstudio\.com(?=[/:?#\s]|\Z))",
    re.IGNORECASE,
)
#: https://learn.microsoft.com/azure/devops/organizations/settings/naming-restrictions, for projects and repositories;
#: those of feeds may have less.
_NAME = lazy(r"(?![._ ])[^\x00-\x1f\x7f/\\:*?\"<>|;#${}%,+=\[\]]{1,64}(?<![. ])")
#: https://git-scm.com/docs/git-check-ref-format
_BRANCH = lazy(r"(?![-/.])(?!.*(?:\.\.|//|@\{))[^\x00-\x20\x7f~^:?*\[\\{}$%<>]{1,200}(?<![./])")


class Named(NamedTuple):
    """A name in lower case, but for a branch's, at its place."""

    name: str
    span: Span


class DevOpsPlace(NamedTuple):
    """What a file uses of an organization; ``whole`` is the address or the command.

    ``project`` is None for what belongs to the organization. ``application`` is the id of the application whose sign-in
    uses it, empty where that is not known.
    """

    organization: Named
    whole: Span
    project: Named | None = None
    repository: Named | None = None
    branch: Named | None = None
    feed: Named | None = None
    reads_code: bool = False
    is_in_script: bool = False
    application: str = ""


# Several rules ask for the same.
@lru_cache(maxsize=1)
def dev_ops_places(context: Context) -> tuple[DevOpsPlace, ...]:
    """The places of a file that are worth a question, in its order; samples are none."""
    found = [place for task in context.customization.tasks if (place := _of_task(task)) is not None]
    found.extend(_of_scripts(context))
    return tuple(sorted(found, key=lambda place: place.whole.start))


def _of_task(task: Task) -> DevOpsPlace | None:
    url = task.parameter("repositoryUrl")
    text = url.value.strip() if url is not None else ""
    match = REPOSITORY_ADDRESS.fullmatch(text)
    if url is None or match is None:
        return None
    shift = url.value.index(text)

    def named(part: int) -> Named:
        return Named(unquote(match[part]).lower(), url.span_of(shift + match.start(part), shift + match.end(part)))

    organization = named(1 if match[1] else 2)
    if is_placeholder(match[1] or match[2]):
        return None
    repository = named(4)
    project = named(3) if match[3] else repository
    branch = task.parameter("branch")
    given = None
    if branch is not None and not branch.is_null and "{{" not in branch.value:
        text = branch.value.strip()
        start = branch.value.index(text)
        given = Named(text, branch.span_of(start, start + len(text)))
    whole = url.span_of(shift + match.start(1 if match[1] else 2), shift + match.end(4))
    return _sound(DevOpsPlace(organization, whole, project, repository, given, reads_code=True))


def _of_scripts(context: Context) -> Iterator[DevOpsPlace]:
    signed_in = signed_scripts(context)
    # A token that one script stores is there for those after it.
    has_token = any(signed.script.holds("devops login", "azure_devops_ext_pat") for signed in signed_in)
    for signed in signed_in:
        script = signed.script
        for use in find_dev_ops_uses(script.scalar.value, script.syntax):
            principal = signed.who(use.tool, use.call.start) if use.tool is not None and not has_token else None
            place = _of_use(script, use, principal.application if principal is not None else "")
            if place is not None:
                yield place


def _of_use(script: Script, use: DevOpsUse, application: str) -> DevOpsPlace | None:
    def named(operand: Operand | None, folds: bool = True) -> Named | None:
        if operand is None or operand.literal is None:
            return None
        name = operand.literal.lower() if folds else operand.literal
        return Named(name, script.span(operand.start, operand.end))

    organization = named(use.organization)
    if organization is None or is_placeholder(use.organization.literal or ""):
        return None
    end = use.call.arguments[use.words - 1].end if use.words else use.call.name_end
    place = DevOpsPlace(
        organization,
        script.span(use.call.start, max(end, use.call.name_end)),
        named(use.project),
        named(use.repository),
        named(use.branch, folds=False),
        named(use.feed),
        use.kind is DevOpsKind.REPOSITORY,
        True,
        application,
    )
    # A project, repository or feed that is named in a way that is not known is none of the organization's own.
    if any(one is not None and one.literal is None for one in (use.project, use.feed)):
        return place._replace(project=None, repository=None, branch=None, feed=None)
    return _sound(place)


def _sound(place: DevOpsPlace) -> DevOpsPlace:
    """The place without names that nothing can have, and what depends on them."""
    if place.project is not None and not _may_exist(place.project):
        return place._replace(project=None, repository=None, branch=None, feed=None)
    feed = place.feed if place.feed is not None and _may_exist(place.feed) else None
    if place.repository is None or not _may_exist(place.repository):
        return place._replace(repository=None, branch=None, feed=feed)
    branch = place.branch
    if branch is not None:
        branch = branch._replace(name=branch.name.removeprefix("refs/heads/"))
        if not _BRANCH.fullmatch(branch.name) or is_placeholder(branch.name):
            branch = None
    return place._replace(branch=branch, feed=feed)


def _may_exist(named: Named) -> bool:
    return _NAME.fullmatch(named.name) is not None and not is_placeholder(named.name)


class OrganizationPlace(NamedTuple):
    """An Azure DevOps organization that a file names, in lower case; ``by_token`` where a token is asked of it."""

    name: str
    span: Span
    whole: Span
    by_token: bool


def organization_places(context: Context) -> Iterator[OrganizationPlace]:
    """The organizations in ``{{ado://...}}``, in addresses of repositories and in scripts, those of samples apart."""
    for value, reference in resolved_references(context):
        ado = reference.ado
        if reference.kind is not ReferenceKind.ADO or ado is None or not ado.is_well_formed:
            continue
        name = ado.organization
        if _ORGANIZATION.fullmatch(name.text) and not is_placeholder(name.text):
            span = value.scalar.span_of(name.start, name.end)
            yield OrganizationPlace(name.text.lower(), span, reference.span, True)
    for task in context.customization.tasks:
        url = task.parameter("repositoryUrl")
        match = _REPOSITORY.match(url.value) if url is not None and "{{" not in url.value else None
        if url is None or match is None:
            continue
        group = 1 if match[1] is not None else 2
        if not is_placeholder(match[group]):
            span = url.span_of(*match.span(group))
            yield OrganizationPlace(match[group].lower(), span, span, False)
    for place in dev_ops_places(context):
        if place.is_in_script:
            yield OrganizationPlace(place.organization.name, place.organization.span, place.organization.span, False)
