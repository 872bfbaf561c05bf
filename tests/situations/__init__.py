"""What Azure can say, and what follows for a file: each situation is a test and a line of a page of the docs."""

from situations import grants, organizations, others, packages, principals, secrets, vaults
from situations.situation import Situation
from situations.stage import TEAM, USER

__all__ = ["CASES", "SECTIONS", "Situation"]

SECTIONS = {
    "The vault": vaults.SITUATIONS,
    "The secret": secrets.SECRETS,
    "The secret, as the vault itself lists it": secrets.LISTED,
    "The vault's firewall": secrets.NETWORK,
    "Access policies": secrets.POLICIES,
    "The roles of the project": grants.PROJECT,
    "The roles of the dev center, of admins and of consumers": grants.CONSUMERS,
    "The image": others.IMAGES,
    "The tasks": others.TASKS,
    "The Azure DevOps organization": others.ORGANIZATIONS,
    "The packages of WinGet": packages.PACKAGES,
    "Repositories of Azure DevOps": organizations.REPOSITORIES,
    "Feeds of Azure DevOps": organizations.FEEDS,
    "The service principal in Azure DevOps": organizations.APPLICATIONS,
    "The consumers in Azure DevOps": organizations.CONSUMERS,
    "The service principal that a script signs in": principals.PRINCIPALS,
    "Its password": principals.CREDENTIALS,
    "Its roles on what the script uses": principals.RIGHTS,
    "The storage account that the script uses": principals.STORAGE,
    "The run": others.RUN,
}
#: Each situation with the name of each file that it is about.
CASES = tuple(
    (situation, name)
    for situations in SECTIONS.values()
    for situation in situations
    for name in (TEAM, USER)
    if situation.expected(name) is not None
)
