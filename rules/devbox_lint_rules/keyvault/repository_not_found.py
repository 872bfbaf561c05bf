"""DBX518: a project, repository, branch or feed of Azure DevOps that does not show itself."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.online import Asked, NotMade, OnlineRule
from devbox_lint.rule import IMAGE, SCRIPT, TASK, USER, Context, Example
from devbox_lint.spelling import nearest
from devbox_lint_rules.keyvault._organization_places import DevOpsPlace, dev_ops_places
from devbox_lint_rules.keyvault._organizations import DevOpsQuestion, DevOpsTopic, TargetAnswer

_FILE = (
    "tasks:\n  - name: ~/gitclone\n    parameters:\n"
    "      repositoryUrl: https://dev.azure.com/contoso/{project}/_git/{repository}\n      branch: {branch}\n"
)
_PROJECT = DevOpsQuestion(DevOpsTopic.PROJECT, "contoso", "web")
_REPOSITORY = DevOpsQuestion(DevOpsTopic.REPOSITORY, "contoso", "web", "site")
_BRANCH = DevOpsQuestion(DevOpsTopic.BRANCH, "contoso", "web", "site", "mian")
_SCRIPT = (
    "tasks:\n  - name: ~/powershell\n    parameters:\n      command: >-\n"
    "        az artifacts universal download --organization https://dev.azure.com/contoso --feed {feed}\n"
    "        --name tools --version 1.0.0 --path C:\\Tools\n"
)
_FEED = DevOpsQuestion(DevOpsTopic.FEED, "contoso", feed="tools")


class RepositoryNotFound(OnlineRule):
    """
    A project, a repository, a branch or a feed of Azure DevOps that a file or its script names does not show itself to
    whoever asks, or a repository is disabled.

    To somebody without the right to see them, Azure DevOps says of projects, repositories and feeds that they do not
    exist. So that is a warning that names both possibilities. Who sees a repository sees all of its branches: one that
    is not among them is an error.

    Why: The clone or the download fails, after the dev box has been made and with words that say no more than these.

    Fix: Correct the name, or have the right given to whoever needs it.
    """

    code = "DBX518"
    name = "repository-not-found"
    severity = Severity.ERROR
    kinds = frozenset((IMAGE, USER, TASK, SCRIPT))
    see = ("DBX220", "DBX512", "DBX517")
    references = (
        "https://learn.microsoft.com/rest/api/azure/devops/git/repositories/get-repository",
        "https://learn.microsoft.com/azure/devops/artifacts/quickstarts/universal-packages",
    )
    bad = (
        Example(
            USER,
            _FILE.format(project="web", repository="site", branch="«mian»"),
            says="The repository has the branches `main` and `release`.",
            answers=((_BRANCH, TargetAnswer(False, ("main", "release"))),),
        ),
        Example(
            IMAGE,
            _FILE.format(project="web", repository="«site»", branch="main"),
            says="Among the repositories that one may read is none of this name.",
            answers=((_REPOSITORY, TargetAnswer(False, ("sites", "api"))),),
        ),
        Example(
            IMAGE,
            _FILE.format(project="«web»", repository="site", branch="main"),
            says="One sees the project `webs` alone.",
            answers=((_PROJECT, TargetAnswer(False, ("webs",))),),
        ),
        Example(
            USER,
            _FILE.format(project="web", repository="«site»", branch="main"),
            says="The repository is disabled.",
            answers=((_REPOSITORY, TargetAnswer(True, disabled=True)),),
        ),
        Example(
            IMAGE,
            _SCRIPT.format(feed="«tools»"),
            says="The feed belongs to the project `web`.",
            answers=((_FEED, TargetAnswer(False, (), elsewhere="web")),),
        ),
        Example(
            IMAGE,
            _SCRIPT.format(feed="«tools»"),
            says="There are other feeds.",
            answers=((_FEED, TargetAnswer(False, ("shared",))),),
            shown=False,
        ),
    )
    good = (
        Example(
            USER,
            _FILE.format(project="web", repository="site", branch="main"),
            says="All of it is there.",
            answers=(
                (_PROJECT, TargetAnswer(True)),
                (_REPOSITORY, TargetAnswer(True)),
                (_BRANCH._replace(branch="main"), TargetAnswer(True)),
            ),
        ),
    )

    def questions(self, context: Context) -> Iterator[Asked]:
        for place in dev_ops_places(context):
            for topic, named in (
                (DevOpsTopic.PROJECT, place.project),
                (DevOpsTopic.REPOSITORY, place.repository if place.project else None),
                (DevOpsTopic.BRANCH, place.branch if place.project else None),
                (DevOpsTopic.FEED, place.feed),
            ):
                if named is not None:
                    yield Asked(_question(topic, place), named.span, place.whole, context.kind)

    def judge(self, asked: Asked, answer: object) -> Iterator[Finding | NotMade]:
        question = asked.question
        if not isinstance(answer, TargetAnswer) or not isinstance(question, DevOpsQuestion):
            return
        organization = f"the organization `{question.organization}`"
        owner = f"the project `{question.project}`" if question.project else organization
        if answer.exists:
            if answer.disabled:
                yield Finding(
                    asked.span,
                    f"the repository `{question.repository}` of {owner} is disabled, and nobody can clone it: enable it"
                    " in the settings of the project, or name another",
                )
            return
        match question.topic:
            case DevOpsTopic.PROJECT:
                yield _unseen(asked, f"{organization} has no project `{question.project}`", question.project, answer)
            case DevOpsTopic.REPOSITORY:
                yield _unseen(asked, f"{owner} has no repository `{question.repository}`", question.repository, answer)
            case DevOpsTopic.BRANCH:
                yield Finding(
                    asked.span,
                    f"the repository `{question.repository}` has no branch and no tag `{question.branch}`"
                    f"{_meant(question.branch, answer.names) or ': name one that it has'}",
                )
            case _:
                yield from _of_feed(asked, question, owner, answer)


def _question(topic: DevOpsTopic, place: DevOpsPlace) -> DevOpsQuestion:
    project = place.project.name if place.project is not None else ""
    question = DevOpsQuestion(topic, place.organization.name, project)
    if topic is DevOpsTopic.FEED and place.feed is not None:
        return question._replace(feed=place.feed.name)
    if topic in (DevOpsTopic.REPOSITORY, DevOpsTopic.BRANCH) and place.repository is not None:
        question = question._replace(repository=place.repository.name)
    if topic is DevOpsTopic.BRANCH and place.branch is not None:
        question = question._replace(branch=place.branch.name)
    return question


def _of_feed(asked: Asked, question: DevOpsQuestion, owner: str, answer: TargetAnswer) -> Iterator[Finding]:
    if answer.elsewhere is None or answer.elsewhere.lower() == question.project:
        yield _unseen(asked, f"{owner} has no feed `{question.feed}`", question.feed, answer)
    elif answer.elsewhere:
        yield Finding(
            asked.span,
            f"the feed `{question.feed}` belongs to the project `{answer.elsewhere}`: name it as one of that project,"
            f" for the Azure CLI with `--scope project --project '{answer.elsewhere}'`",
        )
    else:
        yield Finding(
            asked.span,
            f"the feed `{question.feed}` belongs to the organization, and not to the project `{question.project}`: name"
            " it without the project, for the Azure CLI without `--scope` and `--project`",
        )


def _unseen(asked: Asked, what: str, name: str, answer: TargetAnswer) -> Finding:
    """What is not there, or not for whoever asks: nobody can tell."""
    meant = _meant(name, answer.names) or ": correct the name, or ask for the right to read it"
    return Finding(asked.span, f"{what}, or you may not see it{meant}", severity=Severity.WARNING)


def _meant(name: str, names: tuple[str, ...]) -> str:
    near = nearest(name, names)
    return f": did you mean {near}?" if near else ""
