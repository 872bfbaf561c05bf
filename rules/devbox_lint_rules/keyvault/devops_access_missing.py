"""DBX517: a service principal, or a consumer, without the place in an organization that it needs."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Access, Finding, Severity
from devbox_lint.online import Asked, NotMade, OnlineRule
from devbox_lint.rule import IMAGE, SCRIPT, TASK, USER, Context, Example
from devbox_lint_rules.keyvault._commands import add_application, add_user, change_application
from devbox_lint_rules.keyvault._organization_places import dev_ops_places, organization_places
from devbox_lint_rules.keyvault._organizations import (
    ApplicationAnswer,
    Consumer,
    ConsumersAnswer,
    DevOpsQuestion,
    DevOpsTopic,
    Membership,
    Reach,
)

_APP = "0b0a8d7e-5f6c-4d3b-9a21-7c8e9f001122"
_PRINCIPAL = "66666666-6666-6666-6666-666666666666"
_SCRIPT = (
    "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
    f"        az login --service-principal -u {_APP} -p {{{{https://kv-web.vault.azure.net/secrets/password}}}}"
    " -t contoso.com\n"
    "        {command} --organization https://dev.azure.com/{organization} --project web{rest}\n        az logout\n"
)
_DOWNLOAD = _SCRIPT.replace("{command}", "az artifacts universal download").replace(
    "{rest}", " --scope project --feed tools --name a --version 1.0.0 --path C:\\Tools"
)
_REPOS = _SCRIPT.replace("{command}", "az repos show").replace("{rest}", " --repository site")
_QUESTION = DevOpsQuestion(DevOpsTopic.APPLICATION, "contoso", "web", application=_APP)
_READS = _QUESTION._replace(reads_code=True)
_MEMBER = ApplicationAnswer(
    Membership.MEMBER, _PRINCIPAL, "77777777-7777-7777-7777-777777777777", "Basic", reach=Reach.READS
)
_TOKEN = (
    "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://dev.azure.com/contoso/web/_git/site\n"
    "      pat: '{{{{ado://{organization}}}}}'\n"
)
_CONSUMERS = DevOpsQuestion(DevOpsTopic.CONSUMERS, "contoso")
_CONSUMER = Consumer("55555555-5555-5555-5555-555555555555", False)
_PROJECT_ID = "88888888-8888-8888-8888-888888888888"


class DevopsAccessMissing(OnlineRule):
    """
    A service principal that a script signs in uses something of an Azure DevOps organization without being a member of
    it, with an access level that shows no repositories, or without being in a group that reads the project. Or a
    consumer is not a member of the organization that `{{ado://...}}` takes a token from.

    Consumers are those of the setting `consumers` under `[azure]`; one who is in a group of Microsoft Entra ID that is
    in the organization becomes a member by signing in. A service principal must be added. Where it is in such a group,
    which shows no service principals, or where nobody may see who is in it, what seems to be missing is a warning.
    Whether a group that somebody made reads a project is not asked. Stakeholders use artifacts and pipelines, and see
    no repositories of private projects.

    Why: `az artifacts`, `az repos` and clones fail with `TF400813` or `TF401019`, which speak of a missing repository.

    Fix: Run the command that the finding shows, or add the service principal on the page *Organization settings,
    Users*: its name, the access level Basic, the project, and the group Readers.
    """

    code = "DBX517"
    name = "devops-access-missing"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER, TASK, SCRIPT))
    see = ("DBX512", "DBX518", "DBX719")
    references = (
        "https://learn.microsoft.com/azure/dev-box/how-to-customizations-connect-resource-repository",
        "https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/service-principal-managed-identity",
    )
    bad = (
        Example(
            IMAGE,
            _DOWNLOAD.replace("{organization}", "«contoso»"),
            says="The service principal is no member of the organization.",
            answers=((_QUESTION, ApplicationAnswer(Membership.MISSING, _PRINCIPAL, project=_PROJECT_ID)),),
        ),
        Example(
            IMAGE,
            _REPOS.replace("{organization}", "«contoso»"),
            says="It is a Stakeholder.",
            answers=((_READS, _MEMBER._replace(level="Stakeholder", sees_code=False)),),
        ),
        Example(
            IMAGE,
            _DOWNLOAD.replace("{organization}", "«contoso»"),
            says="It is in no group of the project.",
            answers=((_QUESTION, _MEMBER._replace(reach=Reach.MISSING, project=_PROJECT_ID)),),
        ),
        Example(
            USER,
            _TOKEN.format(organization="«contoso»"),
            says="A consumer is no member of the organization.",
            answers=((_CONSUMERS, ConsumersAnswer((_CONSUMER,))),),
        ),
        Example(
            IMAGE,
            _DOWNLOAD.replace("{organization}", "«contoso»"),
            says="It has lost its access, and nobody knows its object id.",
            answers=((_QUESTION, ApplicationAnswer(Membership.DISABLED)),),
            shown=False,
        ),
        Example(
            IMAGE,
            _DOWNLOAD.replace("{organization}", "«contoso»"),
            says="It may come in through a group.",
            answers=((_QUESTION, ApplicationAnswer(Membership.MISSING, _PRINCIPAL, may_come_by_group=True)),),
            shown=False,
        ),
        Example(
            USER,
            _TOKEN.format(organization="«contoso»"),
            says="A consumer may come in through a group.",
            answers=((_CONSUMERS, ConsumersAnswer((_CONSUMER._replace(may_come_by_group=True),))),),
            shown=False,
        ),
        Example(
            USER,
            _TOKEN.format(organization="«contoso»"),
            says="The consumers are a group.",
            answers=((_CONSUMERS, ConsumersAnswer((_CONSUMER._replace(is_group=True),))),),
            shown=False,
        ),
    )
    good = (
        Example(
            IMAGE,
            _DOWNLOAD.replace("{organization}", "contoso"),
            says="It is a member, and in the Readers of the project.",
            answers=((_QUESTION, _MEMBER),),
        ),
        Example(
            IMAGE,
            _DOWNLOAD.replace("{organization}", "contoso"),
            says="It is a Stakeholder, and reads no repository.",
            answers=((_QUESTION, _MEMBER._replace(level="Stakeholder", sees_code=False)),),
        ),
        Example(
            USER,
            _TOKEN.format(organization="contoso"),
            says="All consumers are members.",
            answers=((_CONSUMERS, ConsumersAnswer((_CONSUMER._replace(is_member=True),))),),
        ),
    )

    def questions(self, context: Context) -> Iterator[Asked]:
        for place in dev_ops_places(context):
            if place.application:
                question = DevOpsQuestion(
                    DevOpsTopic.APPLICATION,
                    place.organization.name,
                    place.project.name if place.project is not None else "",
                    application=place.application,
                    reads_code=place.reads_code,
                )
                yield Asked(question, place.organization.span, place.whole, context.kind)
        for organization in organization_places(context) if context.kind is USER else ():
            if organization.by_token:
                question = DevOpsQuestion(DevOpsTopic.CONSUMERS, organization.name)
                yield Asked(question, organization.span, organization.whole, context.kind)

    def access(self, asked: Asked, answer: object) -> Iterator[Access]:
        question = asked.question
        if not isinstance(question, DevOpsQuestion):
            return
        on = f"organization `{question.organization}`"
        if isinstance(answer, NotMade):
            is_of_one = question.topic is DevOpsTopic.APPLICATION
            who = f"the service principal `{question.application}`" if is_of_one else "the consumers"
            yield Access(who, on, "membership", "unknown", answer.reason)
        elif isinstance(answer, ConsumersAnswer):
            for one in answer.consumers:
                yield _membership(f"the consumer {one.id}", on, one.is_member, one.may_come_by_group)
        elif isinstance(answer, ApplicationAnswer):
            yield from _access_of_application(question, answer, on)

    def judge(self, asked: Asked, answer: object) -> Iterator[Finding | NotMade]:
        question = asked.question
        if not isinstance(question, DevOpsQuestion):
            return
        if isinstance(answer, ConsumersAnswer):
            yield from _of_consumers(asked, question, answer)
        elif isinstance(answer, ApplicationAnswer):
            yield from _of_application(asked, question, answer)


def _membership(who: str, on: str, is_member: bool, may_come_by_group: bool) -> Access:
    state = "granted" if is_member else "unknown" if may_come_by_group else "missing"
    reason = "a group of Microsoft Entra ID may let it in" if state == "unknown" else ""
    return Access(who, on, "membership", state, reason)


def _access_of_application(question: DevOpsQuestion, answer: ApplicationAnswer, on: str) -> Iterator[Access]:
    who = f"the service principal `{question.application}`"
    is_member = answer.membership is Membership.MEMBER
    yield _membership(who, on, is_member, answer.may_come_by_group)
    if is_member and question.reads_code:
        yield Access(who, on, "an access level with repositories", "granted" if answer.sees_code else "missing")
    if is_member and question.project:
        states = {Reach.MISSING: "missing", Reach.UNCLEAR: "unknown"}
        state = states.get(answer.reach, "granted")
        reason = f"what the group `{answer.group}` may do is not asked" if state == "unknown" else ""
        yield Access(who, f"project `{question.project}` of {on}", "a group that reads it", state, reason)


def _of_application(asked: Asked, question: DevOpsQuestion, answer: ApplicationAnswer) -> Iterator[Finding | NotMade]:
    who = f"the service principal `{question.application}`"
    organization = f"the organization `{question.organization}`"
    by_group = ", unless a group of Microsoft Entra ID lets it in" if answer.may_come_by_group else ""
    severity = Severity.WARNING if answer.may_come_by_group else None
    if answer.membership is not Membership.MEMBER:
        is_missing = answer.membership is Membership.MISSING
        state = f"is not a member of {organization}" if is_missing else f"has no access to {organization}"
        to_project = f" and the group Readers of `{question.project}`" if question.project else ""
        command = add_application(question.organization, answer.principal, answer.project) if answer.principal else ""
        yield Finding(
            asked.span,
            f"{who} {state}{by_group}: add it with the access level Basic{to_project}",
            _help(question, command),
            severity=severity,
        )
        return
    if question.reads_code and not answer.sees_code:
        level = f"the access level {answer.level}" if answer.level else "no access level"
        yield Finding(
            asked.span,
            f"{who} has {level} in {organization}, which shows no repositories: give it Basic",
            _help(question, change_application(question.organization, answer.key, "")),
        )
    if answer.reach is Reach.MISSING:
        yield Finding(
            asked.span,
            f"{who} is in no group of the project `{question.project}`{by_group}: add it to Readers",
            _help(question, change_application(question.organization, answer.key, answer.project)),
            severity=severity,
        )
    elif answer.reach is Reach.UNCLEAR:
        yield NotMade(
            f"{who} is in the group `{answer.group}`, and what that may do is not asked",
            f"see whether it reads the project: https://dev.azure.com/{question.organization}/_settings/groups",
        )


def _of_consumers(asked: Asked, question: DevOpsQuestion, answer: ConsumersAnswer) -> Iterator[Finding]:
    for one in answer.consumers:
        if one.is_member:
            continue
        organization = f"the organization `{question.organization}`"
        if one.is_group:
            # Members of a group that is not there may be there themselves, each on its own.
            message = (
                f"the group of consumers {one.id} is not a member of {organization}: add it, or each of its members"
            )
        else:
            unless = ", unless a group of Microsoft Entra ID lets it in" if one.may_come_by_group else ""
            message = f"the consumer {one.id} is not a member of {organization}{unless}, so it gets no token: add it"
        is_certain = not one.may_come_by_group and one.is_group is False
        yield Finding(
            asked.span,
            message,
            _help(question, "" if one.is_group else add_user(question.organization, one.id)),
            severity=None if is_certain else Severity.WARNING,
        )


def _help(question: DevOpsQuestion, command: str) -> str:
    page = f"on the page https://dev.azure.com/{question.organization}/_settings/users"
    return f"{command}, or {page}" if command else page
