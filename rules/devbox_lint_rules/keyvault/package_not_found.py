"""DBX519: a package that WinGet does not have."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.online import Asked, NotMade, OnlineRule
from devbox_lint.rule import CONFIGURATION, IMAGE, SCRIPT, TASK, USER, Context, Example
from devbox_lint_rules.keyvault._answers import PackageAnswer
from devbox_lint_rules.keyvault._packages import PackageQuestion, PackageTopic, package_places

_TASK = "tasks:\n  - name: ~/winget\n    parameters:\n      package: {}\n      version: '{}'\n"
_INDEX = PackageQuestion(PackageTopic.INDEX)
_TOOL = PackageQuestion(PackageTopic.PACKAGE, "Contoso.Tool")
#: What the answer is about, at which place: the version, or the id where the package may be from another source.
_VERSION, _UNSURE = 1, 2


class PackageNotFound(OnlineRule):
    """
    A package is not in the public source of WinGet, or does not have the version that the file names.

    The index of the source is downloaded as winget does it, without a sign-in, and what a file names is looked up in it
    here; only of a package with a version the file with its versions is asked for, too. Ids are compared without regard
    to case, and versions as winget compares them: `1.0` is `1.0.0`.

    Why: winget says "No package found matching input criteria", or "No version found matching", and the task fails.

    Fix: Write the id that `winget search` shows, and one of the versions of `winget show --versions`, or none to get
    the newest. Name the source of a package that is from one of your own.
    """

    code = "DBX519"
    name = "package-not-found"
    severity = Severity.WARNING
    kinds = frozenset((IMAGE, USER, TASK, SCRIPT, CONFIGURATION))
    at_each_place = True
    yields_to = ("DBX215", "DBX216", "DBX227", "DBX814", "DBX815")
    see = ("DBX215", "DBX227", "DBX815")
    references = (
        "https://learn.microsoft.com/windows/package-manager/winget/source",
        "https://learn.microsoft.com/windows/package-manager/winget/show",
    )
    bad = (
        Example(
            USER,
            _TASK.format("«Contoso.Tool»", "1.0"),
            says="The source has no package of this id.",
            answers=((_TOOL._replace(version="1.0"), PackageAnswer(False)),),
        ),
        Example(
            IMAGE,
            _TASK.format("Git.Git", "«2.99»"),
            says="The package has no such version; the newest is 2.51.0.",
            answers=(
                (
                    PackageQuestion(PackageTopic.PACKAGE, "Git.Git", "2.99"),
                    PackageAnswer(True, False, "Git.Git", "2.51.0"),
                ),
            ),
        ),
        Example(
            SCRIPT,
            "winget install --id «Contoso.Tool» --accept-package-agreements --accept-source-agreements\n",
            says="The source has no package of this id.",
            answers=((_TOOL, PackageAnswer(False)),),
            shown=False,
        ),
    )
    good = (
        Example(
            IMAGE,
            _TASK.format("git.git", "2.51"),
            says="The package has the version.",
            answers=(
                (
                    PackageQuestion(PackageTopic.PACKAGE, "git.git", "2.51"),
                    PackageAnswer(True, True, "Git.Git", "2.51.0"),
                ),
            ),
        ),
        Example(
            CONFIGURATION,
            "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
            "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      settings: {id: Contoso.Tool, source: contoso}\n",
            says="The source has no package of this id, and the file names another source.",
            answers=((_TOOL, PackageAnswer(False)),),
            shown=False,
        ),
    )

    def questions(self, context: Context) -> Iterator[Asked]:
        for place in package_places(context):
            # Without an index nothing can be told of any package, which is said once and not for each.
            yield Asked(_INDEX, place.span, place.span, context.kind)
            question = PackageQuestion(PackageTopic.PACKAGE, place.id, place.version)
            yield Asked(question, place.span, place.span, context.kind, 0 if place.is_certain else _UNSURE)
            if place.version:
                yield Asked(question, place.version_span, place.version_span, context.kind, _VERSION)

    def judge(self, asked: Asked, answer: object) -> Iterator[Finding | NotMade]:
        question = asked.question
        if not isinstance(answer, PackageAnswer) or not isinstance(question, PackageQuestion):
            return
        if asked.number == _VERSION:
            if answer.exists and not answer.has_version:
                yield Finding(
                    asked.span,
                    f"`{answer.id}` has no version `{question.version}`: write one that `winget show --versions` lists,"
                    f" or none to get the newest, `{answer.newest}`",
                )
        elif not answer.exists:
            source = ", or name the source that has it" if asked.number == _UNSURE else ""
            yield Finding(
                asked.span,
                f"WinGet has no package `{question.id}`: write the id that `winget search` shows{source}",
                severity=Severity.INFO if source else None,
            )
