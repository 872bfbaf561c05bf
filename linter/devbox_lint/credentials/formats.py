"""The forms of access tokens as data: shape, length, checksum, and where the facts are from.

Every form has marks, texts of which one stands in each instance, so that a file without them costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from devbox_lint.checksums import (
    atlassian_holds,
    azure_devops_holds,
    azure_devops_old_holds,
    github_holds,
    gitlab_holds,
)
from devbox_lint.records import NamedTuple

# Not inside a longer word; but an escape before it is no part of it: `\nghp_...`, "`nghp_...", `%3Aghp_...`.
ESCAPED = r"(?<=[\\`][nrtbafve0])|(?<=%[0-9A-Fa-f]{2})"
LEFT = rf"(?:(?<![A-Za-z0-9])|{ESCAPED})"
RIGHT = r"(?![A-Za-z0-9])"
LEFT_BASE64 = rf"(?:(?<![A-Za-z0-9+/_-])|{ESCAPED})"
RIGHT_BASE64 = r"(?![A-Za-z0-9+/=])"


class SecretKind(IntEnum):
    """What makes a text a secret; of two for the same characters the lower one counts."""

    TOKEN = 1
    SERVICE = 2
    URL = 3
    COMMAND = 4
    PARAMETER = 5
    ENCODED = 6


class TokenFormat(NamedTuple):
    """One kind of token or key.

    ``prefix`` is the public beginning that may be shown, empty where there is none. ``holds`` says whether
    the checksum is right, None where the form has none. A ``weak`` form is too common to be a finding
    unless its checksum holds or its surroundings speak of a token. ``source`` is where the facts are from.
    The group ``secret`` of ``pattern``, where it has one, is the secret; ``pattern`` is compiled when first
    needed, which in most runs is never. ``accepts`` gets the text and the place of a match and has the last
    word: what must stand beside it, or inside.
    """

    name: str
    prefix: str
    pattern: str
    holds: Callable[[str], bool | None]
    weak: bool
    source: str
    kind: SecretKind
    marks: tuple[str, ...]
    accepts: Callable[[str, int, int], bool]


def no_checksum(token: str) -> None:
    """Stands for the checksum of forms that have none."""


def _always(text: str, start: int, end: int) -> bool:
    return True


def format_of(
    name: str,
    prefix: str,
    pattern: str,
    source: str,
    holds: Callable[[str], bool | None] = no_checksum,
    weak: bool = False,
    kind: SecretKind = SecretKind.TOKEN,
    marks: tuple[str, ...] = (),
    left: str = LEFT,
    accepts: Callable[[str, int, int], bool] = _always,
) -> TokenFormat:
    """One form, with the defaults of most."""
    marks = marks or ((prefix,) if prefix else ())
    return TokenFormat(name, prefix, left + pattern, holds, weak, source, kind, marks, accepts)


_AZURE_DEVOPS = (
    "https://learn.microsoft.com/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate"
)
_GITHUB = "https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/"
_GITLAB = "https://docs.gitlab.com/security/tokens/#token-prefixes"
_ATLASSIAN = "https://support.atlassian.com/bitbucket-cloud/docs/app-passwords/"
ACCESS_TOKENS: tuple[TokenFormat, ...] = (
    format_of(
        "Azure DevOps personal access token",
        "",
        r"[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}" + RIGHT,
        _AZURE_DEVOPS,
        azure_devops_holds,
        weak=True,
        marks=("AZDO",),
    ),
    format_of(
        "Azure DevOps personal access token",
        "",
        r"[a-z0-9]{52}" + RIGHT,
        _AZURE_DEVOPS,
        azure_devops_old_holds,
        weak=True,
    ),
    *(
        format_of(name, prefix, prefix + r"[A-Za-z0-9]{36,251}+" + RIGHT, _GITHUB, github_holds)
        for prefix, name in (
            ("ghp_", "GitHub personal access token"),
            ("gho_", "GitHub OAuth access token"),
            ("ghu_", "GitHub user access token"),
            ("ghr_", "GitHub refresh token"),
        )
    ),
    # Since 2026-04-27 also `ghs_`, the app's id and a JWT; the last character is no full stop of a sentence.
    format_of(
        "GitHub installation token",
        "ghs_",
        r"ghs_[A-Za-z0-9._-]{35,1023}[A-Za-z0-9_-]" + RIGHT,
        _GITHUB,
        github_holds,
    ),
    format_of(
        "GitHub fine-grained personal access token",
        "github_pat_",
        r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}" + RIGHT,
        _GITHUB,
    ),
    *(
        format_of(
            name,
            prefix,
            prefix + r"(?:[0-9A-Za-z_-]{27,300}\.(?:01\.)?[0-9a-z]{9}|[0-9A-Za-z_-]{20})(?![0-9A-Za-z_-])",
            _GITLAB,
            gitlab_holds,
        )
        for prefix, name in (
            ("glpat-", "GitLab personal access token"),
            ("gldt-", "GitLab deploy token"),
            ("glrt-", "GitLab runner token"),
            ("glrtr-", "GitLab runner registration token"),
            ("glcbt-", "GitLab CI job token"),
            ("glptt-", "GitLab pipeline trigger token"),
            ("glft-", "GitLab feed token"),
            ("glsoat-", "GitLab SCIM token"),
            ("glimt-", "GitLab incoming mail token"),
            ("glagent-", "GitLab agent token"),
            ("glffct-", "GitLab feature flags token"),
            ("glwt-", "GitLab workspace token"),
            ("gloas-", "GitLab OAuth application secret"),
        )
    ),
    format_of(
        "GitLab runner registration token",
        "GR1348941",
        r"GR1348941[0-9A-Za-z_-]{20}(?![0-9A-Za-z_-])",
        _GITLAB,
    ),
    format_of(
        "Bitbucket app password",
        "ATBB",
        r"ATBB[A-Za-z0-9]{24}[0-9A-F]{8}" + RIGHT,
        _ATLASSIAN,
        atlassian_holds,
    ),
    *(
        format_of(
            name,
            prefix,
            prefix + r"[A-Za-z0-9_=-]{100,250}=[0-9A-F]{8}" + RIGHT,
            _ATLASSIAN,
            atlassian_holds,
        )
        for prefix, name in (
            ("ATATT3", "Atlassian API token"),
            ("ATCTT3", "Bitbucket access token"),
            ("ATSTT3", "Atlassian service account token"),
        )
    ),
)
