"""What of Azure DevOps is worth a question, and as whom a script uses it."""

from __future__ import annotations

import pytest

from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.model import Customization
from devbox_lint.rule import Context
from devbox_lint.source import SourceFile
from devbox_lint.yaml.parse import parse, script_document
from devbox_lint_rules.keyvault._organization_places import DevOpsPlace, dev_ops_places
from support import Files, each_corpus

APP = "0b0a8d7e-5f6c-4d3b-9a21-7c8e9f001122"
OTHER = "1b0a8d7e-5f6c-4d3b-9a21-7c8e9f001122"
ORG = "https://dev.azure.com/contoso"
LIST = f"az repos list --organization {ORG} --project web"


def places(text: str, kind: Kind = Kind.IMAGE) -> tuple[DevOpsPlace, ...]:
    return dev_ops_places(Context(Customization(parse(SourceFile("imagedefinition.yaml", text)), kind)))


def login(application: str = APP) -> str:
    return f"az login --service-principal -u {application} -p $env:SP -t contoso.com"


def tasks(*scripts: str) -> str:
    lines = [
        f"  - name: ~/powershell\n    parameters:\n      command: |\n        {script}\n"
        for script in ("\n        ".join(script.split("\n")) for script in scripts)
    ]
    return f"tasks:\n{''.join(lines)}"


def clone(**parameters: str) -> str:
    given = "".join(f"      {name}: '{value}'\n" for name, value in parameters.items())
    return f"tasks:\n  - name: ~/gitclone\n    parameters:\n{given}"


@pytest.mark.parametrize(
    ("scripts", "application"),
    [
        ((f"{login()}\n{LIST}",), APP),
        ((login(), LIST), APP),
        ((login(), "az logout", LIST), ""),
        ((login(), f"az logout\n{LIST}"), ""),
        ((login(), f"{LIST}\naz logout"), APP),
        ((f"{login()}\naz logout", LIST), ""),
        ((login(OTHER), f"{login()}\n{LIST}"), APP),
        (("az login --identity", LIST), ""),
        ((f"{LIST}\n{login()}",), ""),
        ((f"if ($x) {{\n  {login()}\n}} else {{\n  {login(OTHER)}\n}}\n{LIST}",), ""),
        (("az devops login", f"{login()}\n{LIST}"), ""),
    ],
)
def test_as_whom_a_script_uses_it(scripts: tuple[str, ...], application: str) -> None:
    assert [place.application for place in places(tasks(*scripts)) if place.project] == [application]


@pytest.mark.parametrize(
    ("parameters", "wanted"),
    [
        ({"repositoryUrl": f"{ORG}/web/_git/site", "branch": "main"}, ("web", "site", "main")),
        ({"repositoryUrl": f"{ORG}/_git/site", "branch": "refs/heads/release/1.0"}, ("site", "site", "release/1.0")),
        ({"repositoryUrl": f" {ORG}/My%20Web/_git/Site/ "}, ("my web", "site", None)),
        ({"repositoryUrl": "https://contoso.visualstudio.com/web/_git/site"}, ("web", "site", None)),
        ({"repositoryUrl": f"{ORG}/web/_git/site", "branch": "{{branch}}"}, ("web", "site", None)),
        ({"repositoryUrl": f"{ORG}/web/_git/site", "branch": "a..b"}, ("web", "site", None)),
        ({"repositoryUrl": f"{ORG}/web/_git/site", "branch": "-x"}, ("web", "site", None)),
        ({"repositoryUrl": f"{ORG}/web/_git/{'a' * 65}", "branch": "main"}, ("web", None, None)),
        ({"repositoryUrl": f"{ORG}/%2e%2e/_git/site", "branch": "main"}, (None, None, None)),
    ],
)
def test_what_of_a_clone_is_asked_for(parameters: dict[str, str], wanted: tuple[str | None, ...]) -> None:
    (place,) = places(clone(**parameters))

    assert wanted == tuple(one and one.name for one in (place.project, place.repository, place.branch))


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/contoso/web",
        "https://dev.azure.com/YOUR_ORG_NAME/web/_git/site",
        "https://dev.azure.com/{{org}}/web/_git/site",
        "https://dev.azure.com.evil.example/contoso/web/_git/site",
        "https://evil.example\\\\@dev.azure.com/contoso/web/_git/site",
    ],
)
def test_what_is_no_place(url: str) -> None:
    assert places(clone(repositoryUrl=url)) == ()


def test_a_script_beside_a_definition_and_the_command_of_one_are_read_too() -> None:
    script = script_document(SourceFile("a.ps1", f"{login()}\n{LIST}\n"))
    assert [one.application for one in dev_ops_places(Context(Customization(script, Kind.SCRIPT)))] == [APP]
    (place,) = places(f"name: a\ncommand: {LIST}\n", Kind.TASK)
    assert (place.organization.name, place.project and place.project.name) == ("contoso", "web")


@each_corpus
def test_every_name_of_a_real_file_is_one_that_can_be_asked_for(files: Files) -> None:
    found = []
    for file in files:
        if file.kind in (Kind.IMAGE, Kind.USER):
            document = parse(SourceFile.from_bytes(str(file.path), file.data))
            found.extend(dev_ops_places(Context(Customization(document, file.kind))))

    assert found
    for place in found:
        assert place.organization.name.replace("-", "").isalnum()
        names = [one.name for one in (place.project, place.repository, place.feed) if one is not None]
        assert not any(mark in name for name in names for mark in "/\\%?#{}$")
