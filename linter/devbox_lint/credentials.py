"""The access tokens that can be told by their form: shape, length and, where the issuer put one in, checksum.

Offsets count code points of the text that is searched, from 0, half open. Time is linear in its length.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from devbox_lint.checksums import (
    atlassian_holds,
    azure_devops_holds,
    azure_devops_old_holds,
    github_holds,
    gitlab_holds,
)

# Not inside a longer word; but an escape before it is no part of it: `\nghp_...`, "`nghp_...", `%3Aghp_...`.
_LEFT = r"(?:(?<![A-Za-z0-9])|(?<=[\\`][nrtbafve0])|(?<=%[0-9A-Fa-f]{2}))"
_RIGHT = r"(?![A-Za-z0-9])"


class TokenFormat(NamedTuple):
    """One kind of token.

    ``prefix`` is the public beginning that may be shown, empty where there is none. ``holds`` says whether
    the checksum is right, None where the form has none. A ``weak`` form is too common to be a finding
    unless its checksum holds or its surroundings speak of a token. ``source`` is where the facts are from.
    ``pattern`` is compiled when first needed, which in most runs is never.
    """

    name: str
    prefix: str
    pattern: str
    holds: Callable[[str], bool | None]
    weak: bool
    source: str


class Token(NamedTuple):
    """A token in a text; ``checksum`` is None where its form has none."""

    format: TokenFormat
    start: int
    end: int
    checksum: bool | None

    @property
    def description(self) -> str:
        """The kind, the public prefix and the length: nothing of what is secret."""
        length = self.end - self.start
        prefix = f"`{self.format.prefix}…`, " if self.format.prefix else ""
        return f"{self.format.name} ({prefix}{length} characters)"


def _no_checksum(token: str) -> None:
    return None


def _format(
    name: str,
    prefix: str,
    pattern: str,
    source: str,
    holds: Callable[[str], bool | None] = _no_checksum,
    weak: bool = False,
) -> TokenFormat:
    return TokenFormat(name, prefix, _LEFT + pattern, holds, weak, source)


_AZURE_DEVOPS = (
    "https://learn.microsoft.com/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate"
)
_GITHUB = "https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/"
_GITLAB = "https://docs.gitlab.com/security/tokens/#token-prefixes"
_ATLASSIAN = "https://support.atlassian.com/bitbucket-cloud/docs/app-passwords/"

FORMATS: tuple[TokenFormat, ...] = (
    _format(
        "Azure DevOps personal access token",
        "",
        r"[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}" + _RIGHT,
        _AZURE_DEVOPS,
        azure_devops_holds,
        weak=True,
    ),
    _format(
        "Azure DevOps personal access token",
        "",
        r"[a-z0-9]{52}" + _RIGHT,
        _AZURE_DEVOPS,
        azure_devops_old_holds,
        weak=True,
    ),
    *(
        _format(name, prefix, prefix + r"[A-Za-z0-9]{36,251}+" + _RIGHT, _GITHUB, github_holds)
        for prefix, name in (
            ("ghp_", "GitHub personal access token"),
            ("gho_", "GitHub OAuth access token"),
            ("ghu_", "GitHub user access token"),
            ("ghr_", "GitHub refresh token"),
        )
    ),
    # Since 2026-04-27 also `ghs_`, the app's id and a JWT; the last character is no full stop of a sentence.
    _format(
        "GitHub installation token",
        "ghs_",
        r"ghs_[A-Za-z0-9._-]{35,1023}[A-Za-z0-9_-]" + _RIGHT,
        _GITHUB,
        github_holds,
    ),
    _format(
        "GitHub fine-grained personal access token",
        "github_pat_",
        r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}" + _RIGHT,
        _GITHUB,
    ),
    *(
        _format(
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
    _format(
        "GitLab runner registration token",
        "GR1348941",
        r"GR1348941[0-9A-Za-z_-]{20}(?![0-9A-Za-z_-])",
        _GITLAB,
    ),
    _format(
        "Bitbucket app password",
        "ATBB",
        r"ATBB[A-Za-z0-9]{24}[0-9A-F]{8}" + _RIGHT,
        _ATLASSIAN,
        atlassian_holds,
    ),
    *(
        _format(
            name,
            prefix,
            prefix + r"[A-Za-z0-9_=-]{100,250}=[0-9A-F]{8}" + _RIGHT,
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

# Every form but a few holds 36 letters and digits in a row, which translating to one letter finds fastest.
_LETTERS = bytes(0x61 if chr(byte).isascii() and chr(byte).isalnum() else 0x20 for byte in range(256))
_RUN = b"a" * 36
_GITLAB_PREFIX = re.compile(r"gl[a-z]{2,6}-[0-9A-Za-z_-]{20}")
_MARKS = ("ghs_", "GR134", "TT3")


def may_hold_token(text: str) -> bool:
    """A cheap test that is never wrong when it says no."""
    return (
        _RUN in text.encode("ascii", "replace").translate(_LETTERS)
        or _GITLAB_PREFIX.search(text) is not None
        or any(mark in text for mark in _MARKS)
    )


def find_tokens(text: str) -> list[Token]:
    """The tokens in ``text``, in order, none inside another; weak forms included, fillers such as ``ghp_xxx`` not."""
    if not may_hold_token(text):
        return []
    found: list[Token] = []
    for form in FORMATS:
        if form.prefix and form.prefix not in text:
            continue
        for match in re.finditer(form.pattern, text):
            token = match.group()
            checksum = form.holds(token)
            if checksum or not is_filler(token[len(form.prefix) :]):
                found.append(Token(form, match.start(), match.end(), checksum))
    found.sort(key=lambda token: (token.start, -token.end))
    apart: list[Token] = []
    for item in found:
        if not apart or item.start >= apart[-1].end:
            apart.append(item)
    return apart


def is_filler(body: str) -> bool:
    """Whether a token's secret part is what documentation writes: few different characters, or the alphabet."""
    lowered = body.lower()
    return len(set(lowered)) < 8 or "0123456789" in lowered or "1234567890" in lowered or "abcdefghij" in lowered


_LONG_WORD = re.compile(r"[A-Za-z0-9]{20,}+")


def may_be_shown(text: str) -> bool:
    """Whether a text of the file may stand in a message: it is short and holds nothing like a token."""
    if len(text) > 100 or find_tokens(text):
        return False
    return not any(word.isalnum() and not word.isalpha() for word in _LONG_WORD.findall(text))
