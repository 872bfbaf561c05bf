"""What goes to Azure DevOps, and what does not, whatever stands in a file and whatever is answered."""

from __future__ import annotations

import ast
import shlex
from pathlib import Path
from typing import Any

import pytest
from azure.identity import ClientSecretCredential

from fake_azure import FakeAzure
from fake_azure.client import caller
from fake_azure.clouds import DEVOPS_AUDIENCE, DEVOPS_HOSTS
from fake_azure.devops_members import descriptor, storage_key
from fake_azure.messages import Request, Response
from fake_azure.offences import offences, repeated, secrets_in
from situations import organizations
from situations.situation import Situation
from situations.stage import TEAM, USER, Outcome, Stage, check

pytestmark = pytest.mark.slow

EVIL = "evil.example"
BY_SAYS = {one.says: one for one in (*organizations.APPLICATIONS, *organizations.CONSUMERS)}
RIGHT = BY_SAYS["the service principal has Basic, and is a Reader"]


@pytest.fixture
def stage(azure: FakeAzure, tmp_path: Path) -> Stage:
    return Stage(azure, tmp_path)


def of_dev_ops(stage: Stage) -> list[Request]:
    return [one for one in stage.azure.requests if one.host in DEVOPS_HOSTS]


def is_a_report(stage: Stage, outcome: Outcome) -> None:
    assert outcome.code in (0, 1), outcome.err
    assert "which is a bug" not in outcome.out
    assert offences(stage.azure) == []
    assert secrets_in(stage.azure, outcome.out + outcome.err) == []


def test_each_thing_is_asked_once_and_nothing_else(stage: Stage) -> None:
    RIGHT.arrange(stage)
    organization, one = stage.azure.organizations["contoso-web"], organizations.downloader(stage)

    assert stage.check(TEAM).codes == ""

    assert repeated(stage.azure) == []
    base = ".dev.azure.com/contoso-web/_apis"
    assert sorted(f"{one.method} {one.host}{one.path}" for one in of_dev_ops(stage)) == [
        "GET dev.azure.com/contoso-web/_apis/connectionData",
        "GET dev.azure.com/contoso-web/_apis/projects/web",
        "GET dev.azure.com/contoso-web/web/_apis/git/repositories/site",
        f"GET vsaex{base}/serviceprincipalentitlements/{storage_key(organization, one)}",
        f"GET vssps{base}/graph/serviceprincipals",
        f"GET vssps{base}/graph/storagekeys/{descriptor(organization, one)}",
    ]


def test_two_files_ask_no_more_than_one(stage: Stage) -> None:
    RIGHT.arrange(stage)
    stage.check(TEAM)
    alone = len(of_dev_ops(stage))
    stage.azure.requests.clear()
    for name in ("a", "b", "c"):
        (stage.folder / name).mkdir()
        (stage.folder / TEAM).replace(stage.folder / name / TEAM)
        stage.write(TEAM)
    (stage.folder / TEAM).unlink()

    check(stage.folder, stage.environment, ".")

    assert len(of_dev_ops(stage)) == alone


@pytest.mark.parametrize(
    "address",
    [
        f"https://{EVIL}/contoso-web",
        f"https://dev.azure.com.{EVIL}/contoso-web",
        f"https://dev.azure.com@{EVIL}/contoso-web",
        f"https://{EVIL}\\@dev.azure.com/contoso-web",
        f"https://dev.azure.com:8443/contoso-web@{EVIL}",
        f"https://contoso-web.visualstudio.com.{EVIL}",
        f"https://{EVIL}?.visualstudio.com",
        "http://169.254.169.254/contoso-web",
    ],
)
def test_no_file_says_where_a_token_goes(stage: Stage, address: str) -> None:
    RIGHT.arrange(stage)
    stage.more = stage.more.replace("https://dev.azure.com/contoso-web", address)
    stage.repository = f"{address}/web/_git/site"

    is_a_report(stage, stage.check(TEAM))

    assert [host for host in stage.azure.tunnels if "evil" in host or host.startswith("169")] == []
    assert [one.question for one in of_dev_ops(stage) if one.token] == []


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("My%20Web/_git/my.site", "/contoso-web/_apis/projects/my web"),
        ("R&D/_git/site", "/contoso-web/_apis/projects/r&d"),
        ("..%2F..%2Fother%2F_apis/_git/site", None),
        ("%2e%2e/_git/site", None),
        ("web%3Fx=1/_git/site", None),
        ("web%00/_git/site", None),
        ("YOUR_PROJECT_NAME/_git/site", None),
    ],
)
def test_a_name_stays_a_name(stage: Stage, path: str, asked: str | None) -> None:
    RIGHT.arrange(stage)
    stage.more = ""
    stage.repository = f"https://dev.azure.com/contoso-web/{path}"

    is_a_report(stage, stage.check(TEAM))

    paths = [one.path for one in of_dev_ops(stage) if "/projects/" in one.path]
    assert paths == ([asked] if asked is not None else [])
    assert all(one.path.startswith("/contoso-web/") for one in of_dev_ops(stage))


@pytest.mark.parametrize("owner", ["fabrikam", None])
def test_an_organization_of_others_gets_no_token(stage: Stage, owner: str | None) -> None:
    RIGHT.arrange(stage)
    stage.azure.organizations["contoso-web"].tenant = stage.azure.tenant(owner) if owner else None

    outcome = stage.check(TEAM)

    is_a_report(stage, outcome)
    assert outcome.codes == "DBX590"
    assert [one.question for one in of_dev_ops(stage) if one.authorized] == []


def test_without_consumers_nobody_is_looked_for(stage: Stage) -> None:
    BY_SAYS["the consumer is no member"].arrange(stage)
    stage.settings["consumers"] = []

    assert stage.check(USER).codes == ""

    assert [one for one in of_dev_ops(stage) if one.host.startswith("vssps.")] == []


@pytest.mark.parametrize("before", ["$env:AZURE_DEVOPS_EXT_PAT = $pat", "$pat | az devops login", "az logout"])
def test_who_uses_another_token_need_not_be_a_member(stage: Stage, before: str) -> None:
    BY_SAYS["the service principal is no member of the organization"].arrange(stage)
    stage.more = stage.more.replace("        az artifacts", f"        {before}\n        az artifacts")

    assert "DBX517" not in stage.check(TEAM).codes

    assert [one for one in of_dev_ops(stage) if one.host.startswith(("vssps.", "vsaex."))] == []


def test_the_organization_knows_an_application_that_the_directory_does_not_show(stage: Stage) -> None:
    BY_SAYS["the service principal has Basic, and is in no group"].arrange(stage)
    stage.verifier.reads_directory = False

    (found,) = (one for one in stage.check(TEAM).findings if one.code == "DBX517")

    assert (found.help or "").startswith("az rest --method patch")


def test_whom_nobody_shows_is_added_on_the_page(stage: Stage) -> None:
    BY_SAYS["the service principal is no member of the organization"].arrange(stage)
    stage.verifier.reads_directory = False

    (found,) = (one for one in stage.check(TEAM).findings if one.code == "DBX517")

    assert found.help == "on the page https://dev.azure.com/contoso-web/_settings/users"


@pytest.mark.parametrize(
    "situation",
    [
        pytest.param(one, id=one.says)
        for one in BY_SAYS.values()
        if one.user == "DBX517" and "Stakeholder in no group" not in one.says and "a group that is no" not in one.says
    ],
)
def test_a_printed_call_is_one_and_mends(
    stage: Stage, situation: Situation, credential: ClientSecretCredential
) -> None:
    situation.arrange(stage)
    (found,) = (one for one in stage.check(USER).findings if one.code == "DBX517")
    words = shlex.split((found.help or "").partition(", or on the page")[0])
    given = dict(zip(words[2::2], words[3::2], strict=True))
    assert words[:2] == ["az", "rest"]
    assert given["--resource"] == DEVOPS_AUDIENCE
    host, _, path = given["--url"].removeprefix("https://").partition("/")
    operator = stage.contoso.application("operator")
    stage.azure.organizations["contoso-web"].add(operator)
    signed_in = ClientSecretCredential(stage.contoso.id, operator.client_id, operator.secret)
    call = caller(signed_in, f"https://{host}", DEVOPS_AUDIENCE)
    path, _, query = path.partition("?api-version=")

    code, _ = call(f"/{path}", given["--method"].upper(), ast.literal_eval(given["--body"]), api_version=query)

    assert code == 200
    assert "DBX517" not in stage.check(USER).codes


def _hostile(**changes: Any) -> Response:
    return Response(200, changes)


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("*/graph/serviceprincipals", _hostile(value=[7, {}, {"originId": 7}, {"descriptor": "../../evil"}])),
        ("*/graph/serviceprincipals", _hostile(value="x")),
        ("*/storagekeys/*", _hostile(value="../../evil")),
        ("*/storagekeys/*", _hostile(value=7)),
        ("*/serviceprincipalentitlements/*", _hostile(accessLevel=7, projectEntitlements=[{"projectRef": 7}, 8])),
        ("*/serviceprincipalentitlements/*", _hostile(accessLevel={"licenseDisplayName": "\x1b[31mBasic"})),
        ("*/_apis/projects/web", _hostile(id="../evil", visibility=7)),
        ("*/repositories/site", _hostile(isDisabled="yes")),
        ("*/repositories/site", Response(200, b"[]")),
    ],
)
def test_odd_answers_end_in_a_report(stage: Stage, path: str, answer: Response) -> None:
    RIGHT.arrange(stage)
    stage.azure.fault("answer", "*dev.azure.com", path, response=answer)

    outcome = stage.check(TEAM)

    is_a_report(stage, outcome)
    assert "\x1b" not in outcome.out
    assert "evil" not in outcome.out
    assert [one for one in of_dev_ops(stage) if ".." in one.path] == []


def test_a_list_without_an_end_ends(stage: Stage) -> None:
    RIGHT.arrange(stage)
    endless = Response(200, {"value": [{}]}, (("X-MS-ContinuationToken", "more"),))
    stage.azure.fault("answer", "vssps.dev.azure.com", "*/serviceprincipals", response=endless)

    outcome = stage.check(TEAM)

    is_a_report(stage, outcome)
    assert outcome.codes == "DBX590"
    assert len(of_dev_ops(stage)) < 100


def test_names_from_a_server_are_suggested_without_its_signs(stage: Stage) -> None:
    RIGHT.arrange(stage)
    stage.more = ""
    stage.repository = "https://dev.azure.com/contoso-web/web/_git/sites"
    names = ["site\x1b[31m", "site`whoami`", "sites2"]
    stage.azure.organizations["contoso-web"].repositories["web"] = tuple(names)

    found = [one.message for one in stage.check(TEAM).findings if one.code == "DBX518"]

    assert found == ["the project `web` has no repository `sites`, or you may not see it: did you mean `sites2`?"]
