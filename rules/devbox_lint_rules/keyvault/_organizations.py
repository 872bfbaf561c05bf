"""What is asked of organizations of Azure DevOps, and what can be the answers: facts, without any judgement on them."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class DevOpsTopic(Enum):
    """What a question on an organization is about, in the order in which questions are best answered."""

    PROJECT = "project"
    REPOSITORY = "repository"
    BRANCH = "branch"
    FEED = "feed"
    APPLICATION = "application"
    CONSUMERS = "consumers"


class DevOpsQuestion(NamedTuple):
    """One question.

    Names are in lower case, as Azure DevOps compares them, but for ``branch``, which is as git has it. ``project`` is
    empty for what belongs to the organization. ``application`` is an application id; ``reads_code`` says that it reads
    a repository.
    """

    topic: DevOpsTopic
    organization: str
    project: str = ""
    repository: str = ""
    branch: str = ""
    feed: str = ""
    application: str = ""
    reads_code: bool = False

    @property
    def text(self) -> str:
        """What is to be found out, as a noun phrase."""
        organization = f"the organization `{self.organization}`"
        owner = f"the project `{self.project}` of {organization}" if self.project else organization
        match self.topic:
            case DevOpsTopic.PROJECT:
                return f"whether {organization} has the project `{self.project}`"
            case DevOpsTopic.REPOSITORY:
                return f"whether {owner} has the repository `{self.repository}`"
            case DevOpsTopic.BRANCH:
                return f"whether the repository `{self.repository}` of {owner} has the branch `{self.branch}`"
            case DevOpsTopic.FEED:
                return f"whether {owner} has the feed `{self.feed}`"
            case DevOpsTopic.CONSUMERS:
                return f"whether the consumers are members of {organization}"
            case _:
                return f"whether the service principal `{self.application}` may use {owner}"


class TargetAnswer(NamedTuple):
    """Whether something shows itself to whoever asks.

    ``names`` are those of its kind that do, where it does not. ``disabled`` is about a repository that nobody can
    clone. ``elsewhere`` is the project that has a feed of this name, empty for the organization, None for none.
    """

    exists: bool
    names: tuple[str, ...] = ()
    disabled: bool = False
    elsewhere: str | None = None


class Membership(Enum):
    """How somebody belongs to an organization."""

    MEMBER = "member"
    MISSING = "missing"
    #: Known to the organization, and without access to it.
    DISABLED = "disabled"


class Reach(Enum):
    """Whether one is in a group that reads a project."""

    READS = "reads"
    MISSING = "missing"
    #: In a group whose permissions nobody asks for.
    UNCLEAR = "unclear"
    #: No project is asked about, or everybody reads it.
    FREE = "free"


class ApplicationAnswer(NamedTuple):
    """What the service principal of an application has in an organization.

    ``principal`` is its object id, empty where nobody says, and ``key`` what Azure DevOps calls it. ``level`` is its
    access level as people know it, and ``sees_code`` whether that shows repositories. ``group`` is one whose
    permissions are not known, ``project`` the id of the project. ``may_come_by_group`` says that it is in a group of
    Microsoft Entra ID that is in the organization, which shows no service principals of such, or that nobody knows.
    """

    membership: Membership
    principal: str = ""
    key: str = ""
    level: str = ""
    sees_code: bool = True
    reach: Reach = Reach.FREE
    group: str = ""
    project: str = ""
    may_come_by_group: bool = False


class Consumer(NamedTuple):
    """One of the consumers by its object id.

    ``may_come_by_group`` is about one that is no member itself: the organization has groups of Microsoft Entra ID, and
    nobody says who is in them. ``is_group`` says whether it is a group itself, None where nobody says.
    """

    id: str
    is_member: bool
    may_come_by_group: bool = False
    is_group: bool | None = False


class ConsumersAnswer(NamedTuple):
    """The consumers of the settings."""

    consumers: tuple[Consumer, ...]
