"""DBX228: a branch or a directory that no clone can use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.diagnostics import Edit, Finding, Fix, Severity
from devbox_lint.rule import IMAGE, USER, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import Scalar
from devbox_lint_rules.tasks._clones import clones_with, inside
from devbox_lint_rules.tasks._entries import CATALOG, REFERENCE

_FULL_REFERENCE = lazy(r"(?:refs/)?(heads|tags)/(\S+)")
_OF_REMOTE = lazy(r"(?:remotes/)?origin/(\S+)")
_VERSION_OF_URL = lazy(r"GB([^\s&]+)")
_COMMIT = lazy(r"[0-9a-f]{40}|[0-9a-f]{64}", re.IGNORECASE)
_URL = lazy(r"\bhttps?://", re.IGNORECASE)
# What is known only on the box, and what has no blanks to be wrong about.
_WHOLE = lazy(r"[a-z]:(?:[\\/]|$)|[\\/]{2}[^\\/]|[$%(\[<{\"'“”‘’]|.*[<>]", re.IGNORECASE)
_OF_UNIX = lazy(r"[~/]")


class CloneValue(Rule):
    """
    The `branch` or the `directory` of a clone has a form that git or the task cannot use: `refs/heads/main` or
    a commit for the branch, a relative path for the directory, blanks around either.

    Why: The clone fails, or lands in the folder that the task happens to run in.

    Fix: Write the name of a branch or a tag, and a whole path such as `C:\\Workspaces`.

    Unsafe because: What looks like the name of a remote may be a part of the branch's own name.
    """

    code = "DBX228"
    name = "clone-value"
    severity = Severity.ERROR
    needs = ("branch", "directory")
    kinds = frozenset((IMAGE, USER))
    references = (REFERENCE, CATALOG, "https://git-scm.com/docs/git-clone")
    see = ("DBX220", "DBX226")
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
            "      branch: «refs/heads/main»\n      directory: '« »C:\\Repos'\n",
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
            "      branch: main\n      directory: 'C:\\Repos'\n",
        ),
        Example(
            USER,
            "userTasks:\n  - name: git-clone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
            "      branch: «origin/main»\n      directory: «repos\\web»\n",
            "userTasks:\n  - name: git-clone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
            "      branch: main\n      directory: repos\\web\n",
        ),
        Example(
            USER,
            "userTasks:\n  - name: git-clone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
            "      branch: «0123456789abcdef0123456789abcdef01234567»\n      directory: «~/source»\n",
        ),
    )
    good = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
            "      branch: feature/heads/x\n      directory: z:\\\n"
            "  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
            "      branch: '{{branch}}'\n      directory: '{{folder}}'\n"
            "  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
            "      branch:\n      directory: $env:USERPROFILE\\source\n"
            "  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
            "      directory: '%USERPROFILE%\\source'\n"
            "  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web\n"
            '      directory: "C:\\temp"\n',
            shown=False,
        ),
        Example(
            USER,
            "userTasks:\n  - name: my-clone\n    parameters:\n      branch: refs/heads/main\n      directory: source\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for _, entry, value in clones_with(context, ("branch", "directory")):
            # What a backslash in double quotes made of a path has a rule of its own.
            if "{{" not in value.value and value.value.strip().isprintable():
                yield from (_of_branch if entry.name == "branch" else _of_directory)(value)


def _of_branch(value: Scalar) -> Iterator[Finding]:
    text = value.value.strip()
    span = inside(value, text)
    match = _FULL_REFERENCE.fullmatch(text)
    if match is not None:
        what = "a tag" if match[1] == "tags" else "a branch"
        yield _rewrite(value, match[2], f"`branch` takes the name of {what} alone: write `{match[2]}`")
        return
    match = _OF_REMOTE.fullmatch(text) or _VERSION_OF_URL.fullmatch(text)
    if match is not None:
        fix = Fix(f"write `{match[1]}`", (Edit(span, match[1]),), safe=False)
        yield Finding(span, f"a clone knows the branch as `{match[1]}`: write that", fix=fix)
    elif _COMMIT.fullmatch(text):
        yield Finding(span, "a commit, which git does not clone by: write the name of a branch or a tag")
    elif _URL.search(text):
        yield Finding(span, "a URL where the name of a branch belongs: write its name alone")
    elif " " in text and "\n" not in text:
        yield Finding(span, "a blank in the name of a branch, which git does not allow: write the name alone")
    elif text != value.value.strip("\r\n"):
        yield _without_blanks(value, "`branch`")


def _of_directory(value: Scalar) -> Iterator[Finding]:
    text = value.value.strip()
    url = _URL.search(text)
    if url is not None:
        place = value.value.index(text) + url.start()
        yield Finding(
            value.span_of(place, place + len(text) - url.start()),
            "a URL in `directory`: write it as `repositoryUrl`, and here the folder to clone into",
        )
    elif _OF_UNIX.match(text) and not _WHOLE.match(text):
        yield Finding(inside(value, text), "no path of Windows: write one with a drive, such as `C:\\Workspaces`")
    elif not _WHOLE.match(text):
        yield Finding(
            inside(value, text), "a relative path, and the task runs in a folder of its own: write the whole path"
        )
    elif text != value.value.strip("\r\n"):
        yield _without_blanks(value, "`directory`")


def _rewrite(value: Scalar, text: str, message: str) -> Finding:
    span = value.span_of(0, len(value.value))
    return Finding(span, message, fix=Fix(f"write `{text}`", (Edit(span, text),)))


def _without_blanks(value: Scalar, name: str) -> Finding:
    text = value.value.strip()
    start = value.value.index(text)
    spans = [value.span_of(0, start)] if start else []
    if start + len(text) < len(value.value):
        spans.append(value.span_of(start + len(text), len(value.value)))
    fix = Fix("remove the blanks", tuple(Edit(span, "") for span in spans))
    return Finding(spans[0], f"blanks around the value of {name}: remove them", fix=fix)
