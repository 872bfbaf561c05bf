"""DBX220: an address that no repository can be cloned from, or not with the token that is given."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.customization.model import Task
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint.yaml.nodes import Mapping, Scalar
from devbox_lint_rules.tasks._clones import clones_with, inside
from devbox_lint_rules.tasks._entries import CATALOG
from devbox_lint_rules.tasks.clone_without_pat import AZURE_REPOS

_OF_TOKEN = lazy(r"\{\{[ ]*+ado\b", re.IGNORECASE)
_ORGANIZATION = lazy(r"[a-zA-Z0-9]+")
_NAME = lazy(r"[.\-a-zA-Z0-9]+")
_GITHUB = lazy(r"https://(?:[^/@\s]++@)?(github\.com|gitlab\.com|bitbucket\.org)/\S*", re.IGNORECASE)

_SCP = lazy(r"(?:[\w.-]+@)([\w-]+(?:\.[\w-]+)+):(?!/)([^\s:]+)")
_SSH = lazy(r"(?:ssh|git|git\+ssh)://(?:[^/@\s]+@)?([\w.-]+)(?::[0-9]+)?/(\S+)", re.IGNORECASE)
_AZURE_SSH = lazy(r"v3/([^/\s]+)/([^/\s]+)/([^/\s]+)")
_NO_SCHEME = lazy(r"(?://)?((?:[\w-]+\.)+(?:com|net|org|io|dev)/\S+)", re.IGNORECASE)
_BROKEN_SCHEME = lazy(
    r"(?:https?(?::/?|:/{3}|/{2,3}|;//|:\\\\)|hhtps?://|httpss?:/|htps?://|ttps?://)/*(?=[\w-]+\.)", re.IGNORECASE
)
_COMMAND = lazy(r"git\s+clone\s[^\n]*?(https://\S+)[^\n]*", re.IGNORECASE)
_BRANCH_OF_COMMAND = lazy(r"\s(?:-b|--branch)[\s=]+([^\s-]\S*)")
_PAGE = lazy(
    r"(https://(?:[^/@\s]+@)?(?:github\.com|gitlab\.com|bitbucket\.org)/[^/\s]+/[^/\s?#]+?)(?:\.git)?/(?:-/)?"
    r"(?:(tree|blob|src|commits?)/([^?#\s]+?)|(?:pulls?|issues|actions|wiki|releases|settings|archive)(?:/\S*)?)"
    r"/?(?:[?#]\S*)?",
    re.IGNORECASE,
)
_AZURE_PAGE = lazy(r"(https://\S+?/_git/[^/?#\s]+)/?\?(\S*)", re.IGNORECASE)
_BRANCH_OF_QUERY = lazy(r"(?:^|&)version=GB([^&]+)", re.IGNORECASE)
_PLAIN = lazy(r"[A-Za-z][\w./-]*")
_WORD = lazy(r"[\w.-]+")
_MAIN = frozenset(("main", "master", "develop", "dev", "trunk"))
#: Longer values, in characters, are no addresses.
_LONGEST = 2000
_NOT_A_REPOSITORY = lazy(r"https://(?:[^/@\s]+@)?(?:github\.com|gitlab\.com|bitbucket\.org)/?[^/\s]*/?", re.IGNORECASE)


class _Address(NamedTuple):
    """What to write as `repositoryUrl` and, where the address names one, as `branch`."""

    url: str
    branch: str
    why: str
    #: Whether nothing else can be meant.
    certain: bool = False


class CloneUrlNotSupported(Rule):
    """
    The `repositoryUrl` of a clone is not the `https` address of a repository: an SSH address, one without
    `https://`, the page of a branch (`/tree/main`, `?version=GBmain`); or the clone takes its token from
    `{{ado://...}}`, and the address is none that this token can be used for.

    Why: The task clones over `https`, and has no SSH key. With the token of Azure DevOps only addresses of Azure
    Repos are known, and of these only such with letters and digits in the organization, and also dots and
    hyphens in project and repository. Any other is cloned after the first sign-in, if at all.

    Fix: Write what the button to clone shows, `https://github.com/OWNER/REPOSITORY` or
    `https://dev.azure.com/ORGANIZATION/PROJECT/_git/REPOSITORY`, and the branch as `branch`. Rename what has a
    blank or an underscore, or take a token from a key vault.

    Unsafe because: The address that is written may be of another repository or branch than the one that was meant.
    """

    code = "DBX220"
    name = "clone-url-not-supported"
    severity = Severity.WARNING
    needs = ("repositoryurl",)
    kinds = frozenset((IMAGE, USER))
    see = ("DBX219", "DBX512")
    references = (CATALOG,)
    bad = (
        Example(
            USER,
            "tasks:\n  - name: git-clone\n    parameters:\n"
            "      repositoryUrl: https://dev.azure.com/contoso/«My%20Project»/_git/web\n      pat: '{{ado://contoso}}'\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: «https://github.com/contoso/web»\n      pat: '{{ado://contoso}}'\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://dev.azure.com/«contoso-dev»/web/_git/web\n"
            "      pat: '{{ado://contoso-dev}}'\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: «git@github.com:contoso/web.git»\n"
            "      directory: C:\\Repos\n",
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web.git\n"
            "      directory: C:\\Repos\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: «https://github.com/contoso/web/tree/release/1.0»\n      directory: C:\\Repos\n",
            "tasks:\n  - name: ~/gitclone\n    parameters:\n"
            "      repositoryUrl: https://github.com/contoso/web\n      branch: release/1.0\n"
            "      directory: C:\\Repos\n",
        ),
        Example(
            USER,
            "userTasks:\n  - name: git-clone\n    parameters:\n      repositoryUrl: «github.com/contoso/web»\n",
            "userTasks:\n  - name: git-clone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n",
        ),
        Example(
            USER,
            "userTasks:\n  - name: git-clone\n    parameters:\n"
            "      repositoryUrl: '«https://dev.azure.com/contoso/web/_git/web?version=GBmain»'\n      branch: main\n",
            "userTasks:\n  - name: git-clone\n    parameters:\n"
            "      repositoryUrl: 'https://dev.azure.com/contoso/web/_git/web'\n      branch: main\n",
        ),
    )
    good = (
        Example(
            USER,
            "tasks:\n  - name: git-clone\n    parameters:\n      pat: '{{ado://contoso}}'\n"
            "      repositoryUrl: https://contoso@dev.azure.com/contoso/web.app/_git/web-app\n"
            "  - name: git-clone\n    parameters:\n      pat: '{{ado://contoso}}'\n"
            "      repositoryUrl: https://contoso.visualstudio.com/DefaultCollection/web/_git/web\n",
        ),
        Example(
            USER,
            "tasks:\n  - name: git-clone\n    parameters:\n      repositoryUrl: https://github.com/contoso/my_web\n"
            "  - name: git-clone\n    parameters:\n      repositoryUrl: https://dev.azure.com/contoso/my_web/_git/x\n"
            "      pat: '{{https://v1.vault.azure.net/secrets/pat}}'\n",
            shown=False,
        ),
        Example(
            USER,
            "tasks:\n  - name: git-clone\n    parameters:\n      repositoryUrl: '{{url}}'\n      pat: '{{ado://a}}'\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/tree\n"
            "  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://git.contoso.com/x/tree/web.git\n"
            "  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://user@github.com/contoso/web.git/\n"
            "  - name: clone\n    parameters:\n      repositoryUrl: git@github.com:contoso/web.git\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for task, _, url in clones_with(context, ("repositoryUrl",)):
            if "{{" in url.value or len(url.value) > _LONGEST:
                continue
            text = url.value.strip()
            address = _meant(text)
            if address is not None:
                yield _rewrite(context, task, url, address)
                continue
            if _NOT_A_REPOSITORY.fullmatch(text):
                message = "the address of an owner or a server, and no repository: write that of a repository"
                yield Finding(inside(url, text), message)
                continue
            if _WORD.fullmatch(text):
                message = "no address of a repository: write what its button to clone shows, with `https://`"
                yield Finding(inside(url, text), message)
                continue
            pat = task.parameter("pat")
            finding = _of_token(url) if pat is not None and _OF_TOKEN.search(pat.value) else None
            if finding is not None:
                yield finding
            elif url.value.strip("\r\n") != text:
                span = url.span_of(0, len(url.value))
                fix = Fix("remove the blanks", (Edit(span, text),))
                yield Finding(span, "blanks around the address: remove them", fix=fix)


def _meant(text: str) -> _Address | None:
    """What to write for an address that cannot be cloned from as it is; None where nothing is wrong with it."""
    match = _COMMAND.fullmatch(text)
    if match is not None:
        branch = _BRANCH_OF_COMMAND.search(text)
        return _Address(match[1], branch[1] if branch else "", "a command where the address belongs")
    match = _SCP.fullmatch(text) or _SSH.fullmatch(text)
    if match is not None:
        return _Address(_over_https(match[1], match[2]), "", "an SSH address, and no key is there")
    if not text.lower().startswith("https://"):
        match = _NO_SCHEME.fullmatch(text)
        if match is not None:
            return _Address(f"https://{match[1]}", "", "an address without `https://`", certain=True)
        match = _BROKEN_SCHEME.match(text)
        if match is not None and not text.lower().startswith("http://"):
            return _Address(
                f"https://{text[match.end() :]}", "", "an address whose `https://` is misspelt", certain=True
            )
        return None
    match = _PAGE.fullmatch(text)
    if match is not None:
        name = "" if match[2] in (None, "commit", "commits") else match[3]
        first = name.partition("/")[0]
        if match[2] != "tree" or first.lower() in _MAIN:
            name = first  # what follows is a folder or a file
        return _Address(match[1], name, "the page of a branch" if name else "a page of the repository")
    match = _AZURE_PAGE.fullmatch(text)
    if match is not None:
        branch = _BRANCH_OF_QUERY.search(match[2])
        return _Address(match[1], branch[1] if branch else "", "a page of the repository")
    return None


def _over_https(host: str, path: str) -> str:
    azure = _AZURE_SSH.fullmatch(path)
    if azure is not None and host.lower() in ("ssh.dev.azure.com", "vs-ssh.visualstudio.com"):
        return f"https://dev.azure.com/{azure[1]}/{azure[2]}/_git/{azure[3]}"
    return f"https://{host}/{path}"


def _rewrite(context: Context, task: Task, url: Scalar, address: _Address) -> Finding:
    text = url.value.strip()
    span = inside(url, text)
    edits = [Edit(url.span_of(0, len(url.value)), address.url)]
    words = f"write `{address.url}`"
    parameters = task.parameters
    if address.branch and parameters is not None and parameters.entry("branch") is None:
        branch = address.branch if _PLAIN.fullmatch(address.branch) else f"'{address.branch}'"
        words += f" and `branch: {branch}`"
        edits.extend(_new_line(context, url, parameters, f"branch: {branch}"))
    fix = Fix(words, tuple(edits), safe=address.certain)
    return Finding(span, f"{address.why}: {words}", fix=fix)


def _new_line(context: Context, value: Scalar, parameters: Mapping, line: str) -> Iterator[Edit]:
    """A line after that of a value, as another key beside it, where such a line can be."""
    text = context.source.text
    end = text.find("\n", value.end)
    rest = text[value.end : end if end >= 0 else len(text)].strip()
    if parameters.flow or (rest and not rest.startswith("#")):
        return
    indentation = " " * parameters.column
    if end < 0:
        yield Edit(Span(len(text), len(text)), f"\n{indentation}{line}")
    else:
        ending = "\r\n" if text[end - 1 : end] == "\r" else "\n"
        yield Edit(Span(end + 1, end + 1), f"{indentation}{line}{ending}")


def _of_token(url: Scalar) -> Finding | None:
    text = url.value.strip()
    shift = url.value.index(text)
    other = _GITHUB.fullmatch(text)
    if other is not None:
        message = f"{other[1].lower()} does not know the token of Azure DevOps that `{{{{ado://...}}}}` gives"
        return Finding(url.span_of(shift, shift + len(text)), f"{message}: take one from a key vault")
    match = AZURE_REPOS.fullmatch(text)
    if match is None:
        return None
    if match[1] and not _ORGANIZATION.fullmatch(match[1]):
        return _of_part(url.span_of(shift + match.start(1), shift + match.end(1)), "an organization")
    parts = (match[2] or "").rstrip("/").split("/")
    if "_git" not in parts:
        return None
    position = match.start(2)
    before = True
    for index, part in enumerate(parts):
        span = url.span_of(shift + position, shift + position + len(part))
        position += len(part) + 1
        if part == "_git":
            before = False
        elif index == 0 and not match[1]:
            if not _ORGANIZATION.fullmatch(part):
                return _of_part(span, "an organization")
        elif not _NAME.fullmatch(part):
            return _of_part(span, "a project" if before else "a repository")
    return None


def _of_part(span: Span, what: str) -> Finding:
    letters = "letters and digits" if what == "an organization" else "letters, digits, dots and hyphens"
    return Finding(
        span,
        f"no clone with `{{{{ado://...}}}}` from here, where {what} may have {letters} only: rename it, or take a token"
        " from a key vault",
    )
