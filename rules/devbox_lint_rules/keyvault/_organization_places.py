"""Where a file names what is in Azure DevOps: the repositories that it clones, and what its scripts use."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from devbox_lint.customization.model import Customization, Task
from devbox_lint.customization.scripts import Script, scripts_in
from devbox_lint.diagnostics import Span
from devbox_lint.powershell.azure_dev_ops import REPOSITORY_ADDRESS, DevOpsKind, DevOpsUse, find_dev_ops_uses
from devbox_lint.powershell.azure_sign_in import SignIn, Tool
from devbox_lint.powershell.azure_uses import Sessions
from devbox_lint.powershell.operands import Operand
from devbox_lint.references.placeholders import is_placeholder
from devbox_lint.rule import Context
from devbox_lint.startup import lazy

#: https://learn.microsoft.com/azure/devops/organizations/settings/naming-restrictions, for projects and repositories;
#: those of feeds may have less.
_NAME = lazy(r"(?![._ ])[^\x00-\x1f\x7f/\\:*?\"<>|;#${}%,+=\[\]]{1,64}(?<![. ])")
#: https://git-scm.com/docs/git-check-ref-format
_BRANCH = lazy(r"(?![-/.])(?!.*(?:\.\.|//|@\{))[^\x00-\x20\x7f~^:?*\[\\{}$%<>]{1,200}(?<![./])")
_GUID = lazy(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


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


def dev_ops_places(context: Context) -> tuple[DevOpsPlace, ...]:
    """The places of a file that are worth a question, in its order; samples are none."""
    return _places(context.customization)


# Several rules ask for the same.
@lru_cache(maxsize=1)
def _places(customization: Customization) -> tuple[DevOpsPlace, ...]:
    found = [place for task in customization.tasks if (place := _of_task(task)) is not None]
    found.extend(_of_scripts(customization))
    return tuple(sorted(found, key=lambda place: place.whole.start))


def _of_task(task: Task) -> DevOpsPlace | None:
    url = task.parameter("repositoryUrl")
    match = REPOSITORY_ADDRESS.fullmatch(url.value) if url is not None else None
    if url is None or match is None:
        return None
    number = 1 if match[1] else 2
    if is_placeholder(match[number]):
        return None
    project, repository = (
        Named(unquote(match[part]).lower(), url.span_of(*match.span(part))) if match[part] else None for part in (3, 4)
    )
    branch = task.parameter("branch")
    given = None
    if branch is not None and not branch.is_null and "{{" not in branch.value:
        text = branch.value.strip()
        start = branch.value.index(text)
        given = Named(text, branch.span_of(start, start + len(text)))
    organization = Named(match[number].lower(), url.span_of(*match.span(number)))
    whole = url.span_of(match.start(number), match.end(4))
    return _sound(DevOpsPlace(organization, whole, project or repository, repository, given, reads_code=True))


def _of_scripts(customization: Customization) -> Iterator[DevOpsPlace]:
    signed: SignIn | None = None
    for script in scripts_in(customization):
        if not script.holds("az", "git", "_packaging"):
            continue
        sessions = Sessions(script.scalar.value, script.syntax)
        for use in find_dev_ops_uses(script.scalar.value, script.syntax):
            place = _of_use(script, use, sessions, signed)
            if place is not None:
                yield place
        last = sessions.at_end(Tool.AZ)
        signed = last.sign_in if last.is_certain else signed


def _of_use(script: Script, use: DevOpsUse, sessions: Sessions, signed: SignIn | None) -> DevOpsPlace | None:
    def named(operand: Operand | None, folds: bool = True) -> Named | None:
        if operand is None or operand.literal is None:
            return None
        return Named(operand.literal.lower() if folds else operand.literal, script.span(operand.start, operand.end))

    organization = named(use.organization)
    if organization is None or is_placeholder(use.organization.literal or ""):
        return None
    end = use.call.arguments[use.words - 1].end if use.words else use.call.name_end
    application = ""
    if use.by_az:
        at = sessions.before(Tool.AZ, use.call.start)
        sign = at.sign_in if at.sign_in is not None else signed
        if at.is_certain and sign is not None and sign.is_service_principal and sign.application is not None:
            application = (sign.application.literal or "").lower()
    place = DevOpsPlace(
        organization,
        script.span(use.call.start, max(end, use.call.name_end)),
        named(use.project),
        named(use.repository),
        named(use.branch, folds=False),
        named(use.feed),
        use.kind is DevOpsKind.REPOSITORY,
        True,
        application if _GUID.fullmatch(application) else "",
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
