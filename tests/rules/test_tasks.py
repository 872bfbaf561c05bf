"""What the task rules say together, with and without the definitions of a repository."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable

import pytest

import devbox_lint_rules.tasks as group
from devbox_lint.customization.catalog import Catalog
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.model import Customization
from devbox_lint.customization.task_definition import Origin, Place, TaskDefinition
from devbox_lint.diagnostics import Finding, Severity, Span
from devbox_lint.rule import IMAGE, TASK, USER, Context, Example, Rule
from devbox_lint.source import SourceFile
from devbox_lint.yaml.parse import parse
from devbox_lint_rules.structure.duplicate_definition_name import DuplicateDefinitionName
from devbox_lint_rules.tasks._values import _cost, matches, pattern_error
from doubles import GivenFiles
from support import apply, corpus, findings, needs_corpus, unmark

RULES: list[Rule] = sorted(
    (
        value()
        for module in pkgutil.iter_modules(group.__path__)
        for value in vars(importlib.import_module(f"{group.__name__}.{module.name}")).values()
        if isinstance(value, type) and issubclass(value, Rule) and value.__module__.endswith(f".{module.name}")
    ),
    key=lambda rule: rule.code,
)
RULES.append(DuplicateDefinitionName())
BY_NAME = {rule.name: rule for rule in RULES}
EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.code}-{index}-{'bad' if example in rule.bad else 'good'}")
    for rule in RULES
    for index, example in enumerate((*rule.bad, *rule.good))
]


@pytest.mark.parametrize("pure", [False, True], ids=["c", "pure"])
@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_an_example_gives_the_marked_findings(rule: Rule, example: Example, pure: bool) -> None:
    text, spans = unmark(example.text)

    found = findings(rule, example.kind, text, example.path or "", pure, example.beside)

    assert [finding.span for finding in found] == spans, [(text[f.span.start : f.span.end], f.message) for f in found]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_a_fix_gives_the_stated_text_and_leaves_nothing_to_fix(rule: Rule, example: Example) -> None:
    text, _ = unmark(example.text)
    path = example.path or ""
    fixes = [f.fix for f in findings(rule, example.kind, text, path, beside=example.beside) if f.fix]
    assert bool(fixes) == (example.fixed is not None)
    if example.fixed is None:
        return

    fixed = apply(text, [edit for fix in fixes for edit in fix.edits])

    assert fixed == example.fixed
    assert [f for f in findings(rule, example.kind, fixed, path, beside=example.beside) if f.fix] == []


GIT_CLONE = "name: git-clone\ncommand: ./run.ps1\nparameters:\n  repositoryUrl:\n    type: string\n    required: true\n"
INSTALL_MSI = "name: install-msi\ncommand: ./run.ps1\nparameters:\n  filePath:\n    type: string\n    required: true\n"
REPOSITORY = (("tasks/git-clone/task.yaml", GIT_CLONE), ("tasks/install-msi/task.yaml", INSTALL_MSI))
AGENT = "C:\\ProgramData\\Microsoft\\DevBoxAgent\\ImageDefinitions\\catalog\\web\\"


def said(
    kind: Kind, text: str, path: str = "web/file.yaml", beside: Iterable[tuple[str, str]] = ()
) -> list[tuple[str, str]]:
    """Codes and the marked text of all findings, in the order of the file, without those that are off."""
    found: list[tuple[Finding, str]] = [
        (finding, rule.code)
        for rule in RULES
        if kind in rule.kinds and rule.default
        for finding in findings(rule, kind, text, path, beside=beside)
    ]
    found.sort(key=lambda item: item[0].span)
    return [(code, text[finding.span.start : finding.span.end]) for finding, code in found]


def entry(name: str, section: str = "tasks", **parameters: str) -> str:
    lines = "".join(f"      {key}: {value}\n" for key, value in parameters.items())
    return f"{section}:\n  - name: {name}\n" + (f"    parameters:\n{lines}" if parameters else "")


# The numbers are those of the list of mistakes that these tests are made from.
MISTAKES = [
    (1, IMAGE, entry("git-clon", repositoryUrl="https://x/y"), [("DBX203", "git-clon")]),
    (3, USER, entry("~/winget", package="PowerToys (Preview)"), [("DBX215", "PowerToys (Preview)")]),
    (7, IMAGE, entry("~/winget", package="9P7KNL5RWT25"), [("DBX216", "9P7KNL5RWT25")]),
    (17, IMAGE, entry("~/git-clone", repositoryUrl="https://x/y"), [("DBX201", "~/git-clone")]),
    (18, IMAGE, entry("powershell", command="Get-Date"), [("DBX202", "powershell")]),
    (19, USER, entry("~/winget", configure="C:\\x.yaml"), [("DBX204", "configure")]),
    (20, USER, entry("~/winget", url="https://x/y.yaml"), [("DBX204", "url")]),
    (20, USER, entry("~/winget", override="/quiet", package="A.B"), [("DBX204", "override")]),
    (21, IMAGE, entry("~/winget", configurationFile="https://x/y.yaml"), [("DBX210", "https://x/y.yaml")]),
    (
        22,
        IMAGE,
        entry("~/winget", downloadUrl="https://github.com/a/b/blob/main/c.yaml"),
        [("DBX211", "https://github.com/a/b/blob/main/c.yaml")],
    ),
    (23, USER, entry("~/winget", package="Git.Git", runAsUser="true"), [("DBX204", "runAsUser")]),
    (24, TASK, "name: x-y\ncommand: a\ntimeout: 3600\n", [("DBX214", "3600")]),
    (24, USER, "tasks:\n  - name: my/x\n    timeout: 30\n", [("DBX214", "30")]),
    (24, USER, "tasks:\n  - name: my/x\n    timeout: 60m\n", [("DBX213", "60m")]),
    (29, IMAGE, entry("install-msi", sourceURL="https://x/y"), [("DBX204", "sourceURL")]),
    (29, IMAGE, entry("install-msi"), [("DBX205", "install-msi")]),
    (35, USER, entry("~/winget", package="A.B", version="3.10"), [("DBX206", "3.10")]),
    (37, IMAGE, entry("~/powershell", script="./setup.ps1"), [("DBX217", "./setup.ps1")]),
    (37, IMAGE, "name: Web\n" + entry("~/powershell", script=f"{AGENT}no.ps1"), [("DBX218", "no.ps1")]),
    (38, USER, entry("~/powershell", script="|\n        a\n        b"), [("DBX212", "script")]),
    (39, USER, entry("~/powershell", command="a", script="C:\\b.ps1"), [("DBX208", "script")]),
    (
        41,
        USER,
        entry("~/gitclone", repositoryUrl="https://dev.azure.com/o/My%20Team/_git/r", pat="'{{ado://o}}'"),
        [("DBX220", "My%20Team")],
    ),
    (
        42,
        IMAGE,
        entry("~/gitclone", repositoryUrl="https://dev.azure.com/o/p/_git/r"),
        [("DBX219", "https://dev.azure.com/o/p/_git/r")],
    ),
    # Near them, and said once or not at all.
    (0, USER, entry("~/winget", packages="A.B,C.D"), [("DBX204", "packages")]),
    (0, USER, entry("~/winget", package="9P7KNL5RWT25", source="msstore"), [("DBX204", "source")]),
    (0, USER, entry("~/winget", configuration="https://x/y"), [("DBX209", "~/winget"), ("DBX204", "configuration")]),
    (0, USER, entry("~/gitclone", repositoryUrl="https://dev.azure.com/o/p", pat="'{{ado://o}}'"), []),
    (0, IMAGE, entry("~/powershell", script=f"{AGENT}no.ps1"), []),
    (0, IMAGE, "name: Web\n" + entry("~/winget", configurationFile=f"{AGENT}no.yaml"), [("DBX218", "no.yaml")]),
    (0, IMAGE, "name: Web\n" + entry("~/powershell", script=f"'{AGENT}{{{{a}}}}.ps1'"), []),
]


def test_with_all_tasks_listed_any_other_is_unknown() -> None:
    known = TaskDefinition("limited", Origin.LISTED, {}, closed=True, place=Place("tasks.json", Span(0, 0)))
    text = "tasks:\n- name: far-away\n"
    document = parse(SourceFile("web/imagedefinition.yaml", text))
    catalog = Catalog(GivenFiles({}), [known], True)
    (found,) = BY_NAME["unknown-task"].check(Context(Customization(document, IMAGE), catalog=catalog))

    assert isinstance(found, Finding)
    assert (text[slice(*found.span)], found.message) == (
        "far-away",
        "unknown task `far-away` in the given catalog: `devbox-lint tasks` lists those there are",
    )


LIMITED = (
    "tasks/limited/task.yaml",
    "name: limited\ncommand: x\nparameters:\n"
    "  code:\n    type: string\n    minLength: 2\n    maxLength: 4\n"
    "  letter:\n    type: string\n    allowed: [a, b, c, d, e, f, g, h, i]\n"
    "  quick:\n    type: boolean\n  size:\n    type: number\n",
)


@pytest.mark.parametrize(
    ("given", "code", "message"),
    [
        ("code: a", "DBX207", "not allowed for `code`: it has 1 character, and needs 2"),
        ("code: abcde", "DBX207", "not allowed for `code`: it has 5 characters, and may have 4"),
        (
            "letter: k",
            "DBX207",
            "not allowed for `letter`: write `a`, `b`, `c`, `d`, `e`, `f`, `g`, `h` or another of the allowed values",
        ),
        ("quick: maybe", "DBX206", "no value for `quick`, which takes `true` or `false`"),
        ("size: big", "DBX206", "no value for `size`, which takes a number"),
        ("code: ab", "", ""),
        ("code: '{{a}}'", "", ""),
        ("quick: 'TRUE'", "", ""),
        ("size: '3'", "", ""),
    ],
)
def test_a_value_is_held_against_its_declaration(given: str, code: str, message: str) -> None:
    text = f"tasks:\n- name: limited\n  parameters:\n    {given}\n"
    found = [
        (rule.code, text[slice(*finding.span)], finding.message)
        for rule in RULES
        if rule.name in ("parameter-value", "parameter-type")
        for finding in findings(rule, IMAGE, text, "web/imagedefinition.yaml", beside=[LIMITED])
    ]

    assert found == ([(code, given.split(": ")[1], message)] if code else [])


@pytest.mark.parametrize(
    ("timeout", "wanted"),
    [
        ("0 seconds", "the seconds as a whole number greater than zero"),
        ("1.5h", "the seconds as a whole number greater than zero"),
        ("2 min", "`120`, the seconds as a whole number"),
    ],
)
def test_a_timeout_in_words_is_counted_out(timeout: str, wanted: str) -> None:
    text = f"tasks:\n- name: x\n  timeout: {timeout}\n"
    (found,) = findings(BY_NAME["invalid-timeout"], IMAGE, text)

    assert (text[slice(*found.span)], found.message) == (timeout, f"`{timeout}` is not a valid timeout: write {wanted}")


@pytest.mark.parametrize(("number", "kind", "text", "expected"), MISTAKES)
def test_a_mistake_that_people_make_is_found_once(
    number: int, kind: Kind, text: str, expected: list[tuple[str, str]]
) -> None:
    assert said(kind, text, beside=REPOSITORY) == expected, number


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        # Other rules say what is wrong with these.
        (USER, "tasks:\n  - name: ~/winget\n    package: Git.Git\n"),
        (USER, "tasks:\n  - name: ~/gitclone\n    parameters:\n      repositoryUrl:\n"),
        (USER, "tasks:\n  - name: ~/gitclone\n    parameters:\n      - repositoryUrl: https://x/y\n"),
        (USER, "tasks:\n  - name: ~/gitclone\n    paramters:\n      repositoryUrl: https://x/y\n"),
        (USER, "tasks:\n  - name: ~/gitclone\nparameters:\n  repositoryUrl: https://x/y\n"),
        (USER, "tasks:\n  - name: ~/winget\n    parameters:\n      package: 'Git.Git\n"),
        # A value that is resolved later is not judged.
        (USER, entry("~/winget", package="'{{package}}'", version="'{{v}}'")),
        (USER, entry("'{{task}}'", x="y")),
        # A catalog's task that is not known takes what it takes.
        (USER, entry("my/tool", version="3.10", anything="1", timeout="30")),
        (USER, entry("winget", package="git", fromMSStore="true")),
        (USER, entry("choco", package="git", version="'1.0'")),
        (USER, entry("~/winget", downloadUrl="https://x/y.yaml")),
        (IMAGE, entry("~/powershell", script="C:\\dev\\setup.ps1")),
        (USER, "x: &p\n  package: Git.Git\ntasks:\n  - name: ~/winget\n    parameters: *p\n"),
        (USER, "tasks:\n  - &t\n    name: ~/winget\n    parameters: {package: A.B}\n  - <<: *t\n    displayName: x\n"),
        (USER, "tasks: []\n"),
        (USER, "tasks:\n  - ~/winget\n  - null\n  - name: [x]\n"),
    ],
)
def test_what_is_right_or_the_subject_of_another_rule_is_no_finding(kind: Kind, text: str) -> None:
    assert said(kind, text) == []


def test_a_parameter_that_any_definition_of_the_name_has_is_known() -> None:
    other = INSTALL_MSI.replace("filePath", "url")
    beside = (("a/install-msi/task.yaml", INSTALL_MSI), ("b/install-msi/task.yaml", other))

    assert said(IMAGE, entry("install-msi", url="https://x/y"), beside=beside) == []
    assert said(IMAGE, entry("install-msi", uri="https://x/y"), beside=beside) == [("DBX204", "uri")]


def test_a_parameter_that_the_command_uses_without_declaring_it_is_known() -> None:
    beside = (("a/run/task.yaml", "name: run-it\ncommand: ./x.ps1 {{ file }} -Force:{{force}}\n"),)

    assert said(IMAGE, entry("run-it", file="a", force="b", other="c"), beside=beside) == [("DBX204", "other")]


def test_a_definition_that_cannot_be_read_makes_no_finding() -> None:
    beside = (("a/run/task.yaml", "name: run-it\ncommand: 'x\nparameters:\n  file:\n    type: string\n"),)

    assert said(IMAGE, entry("run-it", other="c"), beside=beside) == []


def test_a_finding_stands_at_its_own_characters_in_any_kind_of_scalar() -> None:
    text = (
        "tasks:\r\n  - name: >-\r\n      ~/git-clone\r\n    parameters:\r\n      repositoryUrl: |\r\n        https://x/😀\r\n"
        "  - name: ~/winget\r\n    parameters:\r\n"
        '      downloadUrl: "https://github.com/a/b/\\\r\n        blob/m/c"\r\n'
    )

    assert said(USER, text) == [
        ("DBX201", "~/git-clone"),
        ("DBX211", "https://github.com/a/b/\\\r\n        blob/m/c"),
    ]


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("^[a-z]+$", "abc", True),
        ("^[a-z]+$", "ABC", False),
        ("^(main|release/[0-9]+)$", "release/7", True),
        ("^(main|release)$", "master", False),
        ("[0-9]", "v1", True),
        # Not judged: too slow for some value, or of another meaning here than there.
        ("^(a+)+$", "b", None),
        ("^(a|a)*$", "b", None),
        ("(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)c", "b", None),
        ("a*a*a*a*b", "a" * 100, None),
        ("a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?b", "b", None),
        (r"(a)\1", "b", None),
        ("(?=a)a", "b", None),
        (r"\p{Lu}", "b", None),
        ("(?<x>a)", "b", None),
        ("(", "b", None),
        ("a" * 201, "b", None),
        ("a", "b" * 200, None),
    ],
)
def test_a_pattern_is_tried_only_where_its_answer_comes_soon_and_is_certain(
    pattern: str, value: str, expected: bool | None
) -> None:
    assert matches(pattern, value) is expected


@pytest.mark.parametrize(
    ("pattern", "cost"),
    [
        ("a", (1, 0)),
        ("a|b|c", (3, 0)),
        ("(a|b)(?:c|d|e)", (6, 0)),
        ("(a|b)|c", (4, 0)),
        ("a?b?", (4, 0)),
        ("a*b+c{2,}", (1, 3)),
        ("a{3}", (1, 0)),
        (r"a\*b\?[*+?]", (1, 0)),
        ("(a)*", (1, 1)),
        ("(a*)b+", (1, 2)),
        ("((a)b)+", (1, 1)),
        ("(a?)*", None),
        ("(a+)+", None),
        ("(a|b){2,3}", None),
        ("((a|b)c)+", None),
        ("(a{1,2})+", None),
        ("(?=a)", None),
        ("(?P<x>a)", None),
        (r"(a)\1", None),
        ("a)", None),
    ],
)
def test_what_a_pattern_may_cost_is_counted(pattern: str, cost: tuple[int, int] | None) -> None:
    assert _cost(pattern) == cost


@pytest.mark.parametrize(
    "pattern", ["a{1000}{1000}{1000}", "[" * 300, "(" * 5000, "\\", "x*" * 100, "^(a{1,99}){1,99}$"]
)
def test_no_pattern_of_a_stranger_takes_long_or_fails(pattern: str) -> None:
    assert matches(pattern, "a" * 128) is None
    pattern_error(pattern)


@pytest.mark.parametrize(
    ("text", "changed"),
    [("3.10", "3.1"), ("1.0", "1"), ("1e3", "1000"), (".5", "0.5"), ("2.5", None), ("22", None), ("true", None)],
)
def test_a_number_that_comes_back_as_other_text_is_an_error(text: str, changed: str | None) -> None:
    (finding,) = findings(BY_NAME["parameter-type"], USER, entry("~/winget", package="A.B", version=text))

    assert finding.severity == (None if changed is None else Severity.ERROR)
    assert changed is None or f"`{changed}`" in finding.message


def test_the_declaration_is_shown_beside_a_value_that_breaks_it() -> None:
    task = "name: clone\ncommand: x\nparameters:\n  branch:\n    type: string\n    allowed: [main]\n"
    text = entry("clone", branch="dev")
    (finding,) = findings(
        BY_NAME["parameter-value"], IMAGE, text, "web/file.yaml", beside=(("tasks/clone/task.yaml", task),)
    )

    (related,) = finding.related
    assert related.path == "tasks/clone/task.yaml"
    assert task[related.span.start : related.span.end] == "branch"


@needs_corpus
def test_names_that_real_files_misspell_are_known_again() -> None:
    meant: set[tuple[str, str]] = set()
    for file in corpus():
        if file.kind not in (IMAGE, USER):
            continue
        for rule in (BY_NAME["unknown-parameter"], BY_NAME["unknown-builtin-task"], BY_NAME["unknown-task"]):
            for finding in findings(rule, file.kind, file.data, file.original):
                if finding.fix is not None and finding.fix.edits[0].content:
                    old = SourceFile.from_bytes("", file.data).text[slice(*finding.span)]
                    meant.add((old, finding.fix.edits[0].content))

    assert meant == {
        ("~/git-clone", "~/gitclone"),
        ("Command", "command"),
        ("commands", "command"),
        ("install", "package"),
        ("cloneUri", "repositoryUrl"),
        ("scriptPath", "script"),
        ("repository", "repositoryUrl"),
        ("extension", "marketplaceItemName"),
    }


def _clone(*parameters: str) -> str:
    lines = "".join(f"      {line}\n" for line in parameters)
    return f"userTasks:\n  - name: ~/gitclone\n    parameters:\n{lines}"


GITHUB = "repositoryUrl: https://github.com/contoso/web"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("repositoryUrl: git@ssh.dev.azure.com:v3/contoso/web/app",),
         ("repositoryUrl: https://dev.azure.com/contoso/web/_git/app",)),
        (("repositoryUrl: ssh://git@github.com:22/contoso/web.git",), (f"{GITHUB}.git",)),
        (("repositoryUrl: git clone -b main https://github.com/contoso/web C:\\src",), (GITHUB, "branch: main")),
        (("repositoryUrl: https:/github.com/contoso/web",), (GITHUB,)),
        (("repositoryUrl: https//github.com/contoso/web",), (GITHUB,)),
        (("repositoryUrl: ' //github.com/contoso/web '",), ("repositoryUrl: 'https://github.com/contoso/web'",)),
        ((f"{GITHUB}/blob/main/README.md # the code",), (f"{GITHUB} # the code", "branch: main")),
        ((f"{GITHUB}/tree/main/src",), (GITHUB, "branch: main")),
        ((f"{GITHUB}/tree/1.0", "directory: C:\\Repos"), (GITHUB, "branch: '1.0'", "directory: C:\\Repos")),
        ((f"{GITHUB}.git/pulls?q=open",), (GITHUB,)),
        ((f"{GITHUB}/tree/main", "branch: main"), (GITHUB, "branch: main")),
        (("repositoryUrl: https://gitlab.com/contoso/web/-/tree/next",),
         ("repositoryUrl: https://gitlab.com/contoso/web", "branch: next")),
        ((GITHUB, "branch: refs/tags/v1.0"), (GITHUB, "branch: v1.0")),
        ((GITHUB, "branch: heads/feature/x"), (GITHUB, "branch: feature/x")),
        ((GITHUB, "branch: remotes/origin/main"), (GITHUB, "branch: main")),
        ((GITHUB, "branch: GBmain"), (GITHUB, "branch: main")),
        ((GITHUB, 'branch: " main\t"'), (GITHUB, 'branch: "main"')),
        ((GITHUB, "directory: 'Z:\\Repos  '"), (GITHUB, "directory: 'Z:\\Repos'")),
        ((GITHUB, "directory: C:\\web"), (GITHUB, "directory: C:\\")),
        ((GITHUB, 'directory: "C:/Repos/Web/"'), (GITHUB, 'directory: "C:/Repos"')),
    ],
)  # fmt: skip
def test_the_values_of_a_clone_are_put_right(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    rules = [BY_NAME[name] for name in ("clone-url-not-supported", "clone-value", "nested-clone")]
    text = _clone(*before)
    found = [finding for rule in rules for finding in findings(rule, USER, text)]

    [finding] = found
    assert finding.fix is not None
    fixed = apply(text, list(finding.fix.edits))
    assert fixed == _clone(*after)
    assert [finding for rule in rules for finding in findings(rule, USER, fixed)] == []


@pytest.mark.parametrize(
    "parameters",
    [
        ("repositoryUrl: https://gitlab.com/group/sub/web",),
        ("repositoryUrl: https://user@dev.azure.com/contoso/web/_git/web",),
        ("repositoryUrl: \\\\server\\share\\web.git",),
        (GITHUB, "branch: release/2026", "directory: C:\\Repos\\website"),
        (GITHUB, "branch: users/heads", "directory: \\\\server\\share"),
        (GITHUB, "directory: <folder>"),
        (GITHUB, 'directory: "D:\\\\"'),
    ],
)
def test_the_values_of_a_good_clone_are_left_alone(parameters: tuple[str, ...]) -> None:
    names = ("clone-url-not-supported", "clone-value", "nested-clone")

    assert [f.message for name in names for f in findings(BY_NAME[name], USER, _clone(*parameters))] == []


@pytest.mark.parametrize(
    ("task", "package", "version", "says"),
    [
        ("~/winget", "Microsoft.DotNet.SDK.8", "9.0.100", "is version 8: .*`package: Microsoft.DotNet.SDK.9`"),
        ("~/winget", "RubyInstallerTeam.Ruby.3.2", "3.3.1", "`package: RubyInstallerTeam.Ruby.3.3`"),
        ("winget", "Amazon.Corretto.17", "v21.0.1", "`package: Amazon.Corretto.21`"),
        ("~/winget", "Microsoft.OpenJDK.17", "17.0.8.7", None),
        ("~/winget", "OpenJS.NodeJS.LTS", "20", None),
        ("~/winget", "Git.Git 2.47.0", None, "`version: '2.47.0'`"),
        ("~/winget", "Git.Git -v 2.47.0", "2.47.0", "remove it here"),
        ("choco", "nodejs@20.17.0", None, "`version: '20.17.0'`"),
        ("devcenter-catalog/choco", "nodejs = 20", None, "`version: '20'`"),
        ("choco", "vcredist140", None, None),
        ("choco", "7zip git", None, None),
        ("other", "nodejs 20", None, None),
    ],
)
def test_a_version_that_is_not_the_packages_is_told(
    task: str, package: str, version: str | None, says: str | None
) -> None:
    text = f"tasks:\n  - name: {task}\n    parameters:\n      package: '{package}'\n"
    if version is not None:
        text += f"      version: '{version}'\n"
    names = ("package-version", "package-id")
    found = [finding.message for name in names for finding in findings(BY_NAME[name], IMAGE, text)]

    if says is None:
        assert found == []
    else:
        [message] = found
        assert re.search(says, message)


@pytest.mark.parametrize(
    ("name", "parameter", "meant"),
    [
        ("$primitives/powershell", "command: Get-Date", "~/powershell"),
        ("'@intrinsic/winget'", "package: Git.Git", "'~/winget'"),
        ("intrinsic/gitclone", GITHUB, "~/gitclone"),
        ("built-in/PowerShell", "command: Get-Date", "~/powershell"),
        ("'$intrinsics.wingte'", "package: Git.Git", "'~/winget'"),
        ("CmdLine@2", "script: C:\\a.ps1", None),
        ("'actions/checkout@v4'", "ref: main", "'~/gitclone'"),
        ("catalog\\install-tools", "a: b", "catalog/install-tools"),
        ("wingt", "package: Git.Git", "~/winget"),
        ("powrshell", "command: Get-Date", "~/powershell"),
        ("pwsh", "command: Get-Date", "~/powershell"),
        ("git_clone", GITHUB, "git-clone"),
        ("gitclon", GITHUB, "~/gitclone"),
        ("scoop", "package: git", None),
        ("powershell7", "command: Get-Date", None),
        ("git-clon", GITHUB, "git-clone"),
        ("quickstart/chcoo", "package: git", "quickstart/choco"),
        ("instal-vs-extension", "marketplaceItemName: a.b", "install-vs-extension"),
    ],
)
def test_the_name_of_a_task_that_cannot_be_is_put_right(name: str, parameter: str, meant: str | None) -> None:
    text = f"userTasks:\n  - name: {name}\n    parameters:\n      {parameter}\n"
    found = findings(BY_NAME["task-name-form"], USER, text)
    if meant is None:
        assert [finding for finding in found if finding.fix] == []
        return

    [finding] = found
    assert finding.fix is not None
    assert apply(text, list(finding.fix.edits)) == text.replace(f"name: {name}", f"name: {meant}")


@pytest.mark.parametrize(
    ("label", "rest", "meant"),
    [
        ("Clone our code", f"    parameters:\n      {GITHUB}\n", "~/gitclone"),
        ("'Set up: the shell'", "    parameters:\n      command: Get-Date\n", "~/powershell"),
        ("Tools (all)", "    parameters:\n      configurationFile: C:\\a.dsc.yaml\n", "~/winget"),
        ("Extension for VS", "    parameters:\n      marketplaceItemName: a.b\n", "install-vs-extension"),
        ("winget install Git.Git", "", "~/winget"),
        ("git clone", "", "git-clone"),
    ],
)
def test_a_label_becomes_the_display_name(label: str, rest: str, meant: str) -> None:
    text = f"userTasks:\n  - name: {label}\n{rest}"
    [finding] = findings(BY_NAME["task-name-form"], USER, text)

    assert finding.fix is not None
    assert apply(text, list(finding.fix.edits)) == f"userTasks:\n  - name: {meant}\n    displayName: {label}\n{rest}"


@pytest.mark.parametrize("label", ["Install it", "Install it # now", "a: [b", "x" * 90])
def test_a_label_that_tells_nothing_is_left_as_it_is(label: str) -> None:
    found = findings(BY_NAME["task-name-form"], USER, f"userTasks:\n  - name: {label}\n")

    assert all(finding.fix is None for finding in found)


@pytest.mark.parametrize(
    ("item", "is_wrong"),
    [
        ("ms-vscode-remote.remote-wsl", True),
        ("ms-azuretools.vscode-docker", True),
        ("ms-kubernetes-tools.vscode-aks-tools", True),
        ("golang.Go", True),
        ("GitHub.copilot", True),
        ("dbaeumer.vscode-eslint", True),
        ("GitHub.copilotvs", False),
        ("SteveCadwallader.CodeMaidVS2022", False),
        ("vs-publisher-141975.SwitchStartupProjectForVS2022", False),
    ],
)
def test_an_extension_of_the_other_editor_is_told(item: str, is_wrong: bool) -> None:
    text = f"userTasks:\n  - name: install-vs-extension\n    parameters:\n      marketplaceItemName: {item}\n"

    assert bool(findings(BY_NAME["parameter-value"], USER, text)) == is_wrong


@pytest.mark.parametrize(
    ("task", "written", "meant"),
    [
        ("install-vs-extension", "extension", "marketplaceItemName"),
        ("quickstart/install-vs-extension", "id", "marketplaceItemName"),
        ("choco", "packageVersion", "version"),
        ("choco", "args", "switches"),
        ("git-clone", "url", "repositoryUrl"),
        ("winget", "packageId", "package"),
    ],
)
def test_the_parameters_of_quick_start_tasks_are_known_by_name(task: str, written: str, meant: str) -> None:
    text = f"userTasks:\n  - name: {task}\n    parameters:\n      {written}: x\n"
    [finding] = findings(BY_NAME["unknown-parameter"], USER, text)

    assert finding.fix is not None
    assert apply(text, list(finding.fix.edits)) == text.replace(f"{written}: x", f"{meant}: x")
