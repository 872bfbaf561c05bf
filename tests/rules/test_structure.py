"""What the structure rules say together, and what their fixes leave as it was."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

import devbox_lint_rules.structure as group
from devbox_lint.customization.images import KNOWN_IMAGES, Form, parse_image, short_name
from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Diagnostic, Severity
from devbox_lint.engine import check
from devbox_lint.rule import Rule
from devbox_lint.source import SourceFile
from devbox_lint.spelling import edits, near_misses
from devbox_lint.yaml.parse import parse
from support import TODAY, Files, apply, each_corpus, findings

RULES: list[Rule] = sorted(
    (
        value()
        for module in pkgutil.iter_modules(group.__path__)
        for value in vars(importlib.import_module(f"{group.__name__}.{module.name}")).values()
        if isinstance(value, type) and issubclass(value, Rule) and value.__module__.endswith(f".{module.name}")
    ),
    key=lambda rule: rule.code,
)
BY_NAME = {rule.name: rule for rule in RULES}

GOOD_IMAGE = """\
$schema: "1.0"
name: web-frontend
image: microsoftwindowsdesktop_windows-ent-cpc_win11-24H2-ent-cpc
"""


def run(kind: Kind, text: str, path: str = "") -> list[tuple[str, Diagnostic]]:
    """All findings of all structure rules: the rule's name and the finding."""
    result = check(SourceFile(path, text), RULES, kind, today=TODAY)
    assert not result.crashes
    return [(item.name, item) for item in result.diagnostics]


def said(kind: Kind, text: str, path: str = "") -> list[tuple[str, str]]:
    """Names of rules and the text they point at, in the order of the file."""
    found = sorted(run(kind, text, path), key=lambda item: item[1].span)
    return [(name, text[finding.span.start : finding.span.end]) for name, finding in found]


def fixed(name: str, kind: Kind, text: str) -> str:
    fixes = [finding.fix for finding in findings(BY_NAME[name], kind, text) if finding.fix]
    return apply(text, [edit for fix in fixes for edit in fix.edits])


WINDOWS = "microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc"
STUDIO = "microsoftvisualstudio_visualstudioplustools_vs-2022-ent-general-win11-m365-gen2"


@pytest.mark.parametrize(
    ("image", "rule", "severity", "meant"),
    [
        ("microsoftwindowsdesktop-windows-ent-cpc-win11-24h2-ent-cpc", "malformed-image", Severity.WARNING, WINDOWS),
        ("windows-ent-cpc_win11-24h2-ent-cpc", "malformed-image", Severity.WARNING, WINDOWS),
        ("vs-2022-ent-general-win11-m365-gen2", "malformed-image", Severity.WARNING, STUDIO),
        ("MicrosoftWindowsDesktop/windows-ent-cpc/win11-24h2-ent-cpc", "malformed-image", None, WINDOWS),
        ("microsoft_windowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc", "malformed-image", Severity.WARNING, WINDOWS),
        ("MicrosoftWindowsServer:WindowsServer:2022-datacenter:latest", "malformed-image", None,
         "microsoftwindowsserver_windowsserver_2022-datacenter"),
        ("contoso_gallery\\web@1.0.0", "malformed-image", None, "contoso_gallery/web@1.0.0"),
        ("contoso:web:1.0.0", "malformed-image", None, "contoso/web@1.0.0"),
        ("{publisher: a, offer: b}", "wrong-type", None, None),
        ("{id: /x/galleries/contoso/images/web/versions/1.0.0}", "malformed-image", None, "contoso/web@1.0.0"),
        ("{galleryName: contoso, imageName: web}", "malformed-image", None, "contoso/web"),
        (STUDIO.replace("vs-2022", "vs2022"), "unknown-marketplace-image", Severity.WARNING, STUDIO),
        (STUDIO[:-1], "unknown-marketplace-image", Severity.WARNING, STUDIO),
        (WINDOWS.replace("24h2", "24h"), "unknown-marketplace-image", Severity.WARNING, WINDOWS),
        (WINDOWS.replace("win11", "win1"), "unknown-marketplace-image", Severity.WARNING, WINDOWS),
        # Another number may be another release.
        (WINDOWS.replace("24h2", "22h2"), "unknown-marketplace-image", None, f"{WINDOWS.replace('24h2', '22h2')}-os"),
    ],
)  # fmt: skip
def test_an_image_that_is_nearly_known_is_named(image: str, rule: str, severity: Severity | None, meant: str) -> None:
    text = f"image: {image}\n"
    [(name, finding)] = [item for item in run(Kind.IMAGE, text) if "image" in item[0] or item[0] == "wrong-type"]

    assert (name, finding.severity) == (rule, severity or BY_NAME[rule].severity)
    if meant is not None:
        assert fixed(name, Kind.IMAGE, text) == f"image: {meant}\n"


def test_all_rules_of_the_group_are_here() -> None:
    codes = [rule.code for rule in RULES]
    assert codes[0] == "DBX101"
    assert len(codes) == len(set(codes)) >= 18
    assert all(rule.group == "structure" for rule in RULES)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.IMAGE, GOOD_IMAGE + "tasks:\n- name: ~/winget\n  parameters:\n    downloadUrl: https://x/y.yaml\n"),
        (Kind.IMAGE, GOOD_IMAGE + "tasks:\n    -   name: ~/winget\n        displayName: Git\n        timeout: 60\n"),
        (Kind.IMAGE, GOOD_IMAGE.replace("24H2", "24h2").replace('"', "") + "tasks: []\n"),
        (Kind.IMAGE, GOOD_IMAGE + "buildProperties:\n  networkConnection: x\ntasks: []\n"),
        (Kind.IMAGE, GOOD_IMAGE + "parameters:\n  a:\n    type: string\n    default: x\ntasks: []"),
        (Kind.IMAGE, (GOOD_IMAGE + "userTasks:\n  - name: ~/powershell\n").replace("\n", "\r\n")),
        (Kind.USER, "$schema: 1.0\nname: mine\ntasks:\n  - name: any/task\n    parameters:\n      any: thing\n"),
        (Kind.TASK, "$schema: 1.0\nname: run\ncommand: ./x.ps1 {{ pat }}\nparameters:\n  pat:\n    type: string\n"),
    ],
)  # fmt: skip
def test_what_real_files_rightly_do_is_no_finding(kind: Kind, text: str) -> None:
    assert said(kind, text) == []


def test_the_documentations_own_broken_example_is_told_where_its_command_belongs() -> None:
    text = (
        '$schema: "1.0" \nimage: microsoftwindowsdesktop_windows-ent-cpc_win11-24H2-ent-cpc \ntasks:  \n'
        "- name: git-clone\n  description: Clone this repository into C:\\Workspaces \n  parameters: \n"
        "  command: MyCommand –MyParam '{{KEY_VAULT_SECRET_URI}}' \n"
    )
    assert said(Kind.IMAGE, text) == [("missing-name", "$schema"), ("misplaced-key", "command")]
    assert fixed("misplaced-key", Kind.IMAGE, text) == text.replace("  command:", "    command:")


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (Kind.USER, "image: a\ntasks: []\n", "image-in-user-file"),
        (Kind.USER, "setupTasks: []\n", "legacy-key"),
        (Kind.USER, "supportsHibernation:\ntasks: []\n", "legacy-key"),
        (Kind.USER, "usertasks: []\n", "unknown-key"),
        (Kind.USER, "tasks:\n", "empty-value"),
        (Kind.USER, "tasks:\n- name: x\n  condition: y\n", "undocumented-key"),
        (Kind.USER, "tasks:\n- name: ~/winget\n  package: x\n", "misplaced-key"),
        (Kind.USER, "tasks:\n- name: winget\n  runAsUser: true\n", "misplaced-key"),
        (Kind.USER, "tasks:\n- name: ~/winget\n  runAsUser: true\n", "unknown-key"),
        (Kind.USER, "tasks:\n- name: x\n  parameters:\n  other: y\n", "misplaced-key"),
        (Kind.USER, "tasks:\n- naem: x\n", "unknown-key"),
        (Kind.USER, "tasks: {}\n", "wrong-type"),
        (Kind.IMAGE, "extends: {}\ntasks: []\n", "undocumented-key"),
        (Kind.IMAGE, "image: a b\ntasks: []\n", "malformed-image"),
        (Kind.TASK, "command: x\ninputs:\n", "legacy-key"),
        (Kind.TASK, "comand: x\n", "unknown-key"),
        (Kind.TASK, "$schmea: x\ncommand: y\n", "unknown-key"),
    ],
)
def test_one_mistake_is_one_finding(kind: Kind, text: str, expected: str) -> None:
    head = {Kind.USER: "$schema: 1.0\nname: mine\n", Kind.IMAGE: "$schema: 1.0\nname: web\n", Kind.TASK: "name: run\n"}
    names = [name for name, _ in said(kind, head[kind] + text)]
    others = {"missing-schema-version"} if kind is Kind.TASK else {"missing-image"}
    assert [name for name in names if name not in others] == [expected]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "variables:\n  v:\n    type: string\n    colour: red\n",
            "unknown key `colour` in a variable: remove it",
        ),
        (
            "parameters:\n  v:\n    type: string\n    colour: red\n",
            "unknown key `colour` in a parameter: remove it",
        ),
        (
            "tasks:\n- name: x\n  image: y\n",
            "unknown key `image` in a task entry: it belongs at the top of the file",
        ),
        (
            "tasks:\n- name: x\n  colour: y\n",
            "unknown key `colour` in a task entry: if the task takes it, put it under `parameters`, else remove it",
        ),
        ("colour: red\n", "unknown key `colour` in an image definition: remove it"),
    ],
)
def test_a_key_that_is_not_known_is_told_its_place(text: str, message: str) -> None:
    found = findings(BY_NAME["unknown-key"], Kind.IMAGE, f"$schema: 1.0\nname: web\nimage: a/b@1.0.0\n{text}")

    assert [finding.message for finding in found] == [message]


def test_two_keys_that_may_mean_the_same_are_not_both_renamed() -> None:
    text = "name: x\ntasks:\n- name: y\n  displayNme: a\n  displyName: b\n"
    found = findings(BY_NAME["unknown-key"], Kind.USER, text)

    assert [(text[slice(*finding.span)], finding.fix) for finding in found] == [
        ("displayNme", None),
        ("displyName", None),
    ]


def test_an_emoji_before_the_problem_does_not_move_it() -> None:
    text = '# 🚀\n$schema: "1.0"\nname: "a 🚀"\nimage: "🚀 x"\ntasks: []\n'
    assert said(Kind.IMAGE, text) == [("invalid-name", " 🚀"), ("malformed-image", "🚀 x")]


def test_characters_in_a_quoted_name_are_found_where_they_are_written() -> None:
    text = 'name: "a\\u0020b"\n'
    (finding,) = findings(BY_NAME["invalid-name"], Kind.IMAGE, text)
    assert text[finding.span.start : finding.span.end] == "\\u0020"


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.value)
@pytest.mark.parametrize(
    "text",
    ["", "\n", "# only this\n", "---\n", "text\n", "- a\n", "{}\n", "[]\n", "{{x}}\n", "? {a: b}\n: c\n", "*x\n"],
)
def test_a_file_that_is_no_customization_harms_no_rule(kind: Kind, text: str) -> None:
    for _, finding in run(kind, text, "imagedefinition.yml"):
        assert 0 <= finding.span.start <= finding.span.end <= len(text)


def test_a_file_that_is_a_list_is_told_so_and_nothing_else() -> None:
    assert said(Kind.IMAGE, "- name: web\n") == [("wrong-type", "- name: web")]


def test_what_cannot_be_read_is_not_called_missing() -> None:
    text = 'name: web\nimage: "unclosed\ntasks: []\n'
    assert parse(SourceFile("", text)).problems
    assert not {"missing-image", "no-tasks"} & {name for name, _ in said(Kind.IMAGE, text)}


def test_keys_that_a_merge_brings_are_not_called_missing() -> None:
    assert (
        "missing-name"
        not in [name for name, _ in said(Kind.USER, "tasks:\n- &a\n  name: x\n- <<: *a\n  timeout: 3\n")][1:]
    )


def test_an_anchored_task_used_again_harms_no_rule() -> None:
    text = "$schema: 1.0\nname: m\ntasks:\n- &a\n  name: ~/winget\n  package: x\n- *a\n"
    assert set(said(Kind.USER, text)) == {("misplaced-key", "package")}


def test_a_legacy_file_becomes_a_current_one() -> None:
    text = (
        "name: web # ours\nimage: gallery/web@1.0.0\n\nhostInformation: general_i_8c32gb256ssd_v2\n"
        "setupTasks:\n  - task: winget\n    inputs:\n      package: Git.Git\n  - 'task': x\n"
    )
    assert fixed("legacy-key", Kind.IMAGE, text) == (
        "name: web # ours\nimage: gallery/web@1.0.0\n\n"
        "tasks:\n  - name: winget\n    parameters:\n      package: Git.Git\n  - name: x\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "name: web\nsupportsHibernation: &a true\ntasks: *a\n",
        "{name: web, supportsHibernation: true}\n",
        "name: web\n? supportsHibernation\n: true\n",
    ],
)
def test_a_key_without_lines_of_its_own_is_not_taken_out(text: str) -> None:
    (finding, *_) = findings(BY_NAME["legacy-key"], Kind.IMAGE, text)
    assert finding.fix is None


def test_the_schema_version_is_not_put_into_a_legacy_file_unasked() -> None:
    (finding,) = findings(BY_NAME["missing-schema-version"], Kind.TASK, "name: run\ninputs: {}\n")
    assert finding.fix is not None
    assert not finding.fix.safe


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a null that is written
        ("- name: x\n  parameters: ~ # none\n  a: 1\n", "- name: x\n  parameters: # none\n    a: 1\n"),
        # the step of the file, a comment and blank lines between
        (
            "- name: y\n  parameters:\n      b: 1\n- name: ~/winget\n  package: A.B\n\n  # which\n  version: '1'\n",
            "- name: y\n  parameters:\n      b: 1\n- name: ~/winget\n  parameters:\n      package: A.B\n\n  # which\n"
            "      version: '1'\n",
        ),
        # before and after, at the end of the file without a line break
        (
            "- name: ~/winget\n  version: '1'\n  parameters:\n    package: A.B\n  timeout: 5\n  downloadUrl: x",
            "- name: ~/winget\n  parameters:\n    package: A.B\n    version: '1'\n    downloadUrl: x\n  timeout: 5\n",
        ),
        # a value over several lines
        (
            "- name: ~/powershell\n  parameters:\n  command: \"a\n    b\"\n  workingDirectory: >-\n    c\n    d\n",
            "- name: ~/powershell\n  parameters:\n    command: \"a\n      b\"\n    workingDirectory: >-\n"
            "      c\n      d\n",
        ),
    ],
)  # fmt: skip
def test_misplaced_keys_are_moved_with_their_lines(text: str, expected: str) -> None:
    assert fixed("misplaced-key", Kind.USER, f"tasks:\n{text}") == f"tasks:\n{expected}"


@pytest.mark.parametrize(
    "text",
    [
        "- package: A.B\n  name: ~/winget\n",
        "- name: ~/winget\n  parameters: {version: '1'}\n  package: A.B\n",
        "- name: ~/winget\n  parameters: [a]\n  package: A.B\n",
        "- name: ~/winget\n  package: &p A.B\n  description: *p\n",
        "- name: ~/powershell\n  command: |+\n    a\n\n  timeout: 3\n",
        "- name: ~/winget\n  package: A.B\n  package: A.B\n",
    ],
)
def test_misplaced_keys_that_cannot_be_moved_line_by_line_stay(text: str) -> None:
    found = findings(BY_NAME["misplaced-key"], Kind.USER, f"tasks:\n{text}")
    assert found
    assert all(finding.fix is None for finding in found)


STYLES = {
    "plain": lambda pad: "a b",
    "two lines": lambda pad: f"a\n{pad}  b",
    "quoted": lambda pad: f"'a\n\n{pad}  b'",
    "literal": lambda pad: f"|\n{pad}  a\n\n{pad}    b",
    "indicated": lambda pad: f"|2-\n{pad}   a\n{pad}  b",
    "comment": lambda pad: "a # b",
    "list": lambda pad: f"\n{pad}- a\n{pad}- b",
}
NAMES = ["command", "workingDirectory", "script", "scriptArgs"]


def trimmed(value: object) -> object:
    if isinstance(value, dict):
        return {key: trimmed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [trimmed(inner) for inner in value]
    return value.rstrip("\n") if isinstance(value, str) else value


@settings(max_examples=200, deadline=None)
@given(
    order=st.permutations(["displayName", "parameters", "timeout", *NAMES]),
    taken=st.sets(st.sampled_from(NAMES)),
    styles=st.lists(st.sampled_from(sorted(STYLES)), min_size=4, max_size=4),
    parameters=st.sampled_from(["none", "empty", "one", "literal"]),
    newline=st.sampled_from(["\n", "\r\n"]),
    end=st.booleans(),
)
def test_moving_keys_changes_nothing_but_their_mapping(
    order: list[str], taken: set[str], styles: list[str], parameters: str, newline: str, end: bool
) -> None:
    chosen = dict(zip(NAMES, styles, strict=True))
    lines = ["  - name: ~/powershell"]
    for name in order:
        if name in taken:
            lines.append(f"    {name}: {STYLES[chosen[name]]('    ')}")
        elif name == "parameters" and parameters != "none":
            lines.append("    parameters:")
            lines.extend(
                {"one": ["      other: 1"], "literal": ["      other: |", "        a", ""]}.get(parameters, [])
            )
        elif name in ("displayName", "timeout"):
            lines.append(f"    {name}: 1")
    text = (
        newline.join(["tasks:", *lines, "  - name: x"][: None if end else -1])
        .replace("\r\n", "\n")
        .replace("\n", newline)
    )
    before = YAML(typ="safe", pure=True).load(text)["tasks"]

    after_text = fixed("misplaced-key", Kind.USER, text)

    after = YAML(typ="safe", pure=True).load(after_text)["tasks"]
    moved = {name: before[0].pop(name) for name in list(before[0]) if name in taken}
    if moved:
        before[0]["parameters"] = {**(before[0].get("parameters") or {}), **moved}
    # A block that moves away from an end without a line break, or there, gains or loses its own.
    assert after == before if end else trimmed(after) == trimmed(before)
    assert Counter(after_text.split()) - Counter(["parameters:"]) == Counter(text.split()) - Counter(["parameters:"])
    assert fixed("misplaced-key", Kind.USER, after_text) == after_text
    assert newline == "\n" or "\n" not in after_text.replace("\r\n", "")


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("paramaters", ["parameters", "name"], ["parameters"]),
        ("$schmea", ["$schema"], ["$schema"]),
        ("user_tasks", ["tasks", "userTasks"], ["userTasks"]),
        ("Tasks", ["tasks", "userTasks"], ["tasks"]),
        ("taks", ["tasks"], ["tasks"]),
        ("tags", ["tasks"], []),
        ("type", ["name"], []),
        ("nome", ["name", "none"], ["name", "none"]),
        ("", ["a"], []),
        ("x" * 1000, ["x"], []),
    ],
)
def test_a_near_miss_is_a_slip_and_not_another_word(word: str, known: list[str], expected: list[str]) -> None:
    assert near_misses(word, known) == expected


@given(left=st.text("abc", max_size=7), right=st.text("abc", max_size=7), limit=st.integers(0, 4))
def test_edits_are_counted_the_same_both_ways(left: str, right: str, limit: int) -> None:
    count = edits(left, right, limit)
    assert count == edits(right, left, limit)
    assert (count == 0) == (left == right)
    assert count <= limit + 1
    assert count == min(edits(left, right, 9), limit + 1)


def test_every_known_image_is_a_marketplace_name() -> None:
    assert all(parse_image(name).form is Form.MARKETPLACE for name in KNOWN_IMAGES)
    assert len(KNOWN_IMAGES) == len(set(KNOWN_IMAGES))


def test_a_resource_id_tells_the_name_to_write() -> None:
    gallery = "/subscriptions/s/resourceGroups/r/providers/Microsoft.DevCenter/devcenters/d/galleries"
    assert short_name(f"{gallery}/Default/images/A_b_c") == "A_b_c"
    assert short_name(f"{gallery}/mine/images/web/versions/1.0.0@1.0.0") == "mine/web@1.0.0"
    assert short_name("galleries/mine/images/web") == "mine/web"
    assert short_name("mine/web") is None


def test_a_version_is_found_behind_letters_that_grow_in_lower_case() -> None:
    image = parse_image("İİ/x@1.0")
    assert "İİ/x@1.0"[image.version_span.start : image.version_span.end] == "1.0"


@each_corpus
def test_no_fix_breaks_a_real_file_and_none_is_left_after_it(files: Files) -> None:
    for file in files:
        if file.kind is None or not file.at_head:
            continue
        source = SourceFile.from_bytes(file.original, file.data)
        problems = len(parse(source).problems)
        for rule in RULES:
            if file.kind not in rule.kinds:
                continue
            fixes = [finding.fix for finding in findings(rule, file.kind, source.text, file.original) if finding.fix]
            if fixes:
                text = apply(source.text, [edit for fix in fixes for edit in fix.edits])
                assert len(parse(SourceFile(file.original, text)).problems) <= problems, (rule.code, file.path)
                left = [item for item in findings(rule, file.kind, text, file.original) if item.fix]
                assert left == [], (rule.code, file.path)
