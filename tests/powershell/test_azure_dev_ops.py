"""What a script uses of Azure DevOps."""

from __future__ import annotations

import pytest

from devbox_lint.powershell import read_script
from devbox_lint.powershell.azure_dev_ops import DevOpsUse, find_dev_ops_uses
from devbox_lint.powershell.azure_sign_in import Tool
from devbox_lint.powershell.operands import Operand

ORG = "https://dev.azure.com/contoso"
DEFAULTS = f"az devops configure --defaults organization={ORG} project=web\n"


def uses(script: str) -> list[DevOpsUse]:
    return list(find_dev_ops_uses(script, read_script(script)))


def named(script: str) -> list[tuple[str | None, ...]]:
    def text(operand: Operand | None) -> str | None:
        return operand.literal if operand is not None else None

    return [
        (one.kind.value, *map(text, (one.organization, one.project, one.repository, one.branch, one.feed)))
        for one in uses(script)
    ]


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        (
            f"az artifacts universal download --organization {ORG} --project web --scope project --feed tools -n a",
            ("feed", "contoso", "web", None, None, "tools"),
        ),
        (
            f"az artifacts universal download --org={ORG}/ --feed 'tools' --name a --version 1.0.0 --path .",
            ("feed", "contoso", None, None, None, "tools"),
        ),
        (
            f"$org = '{ORG}'\naz artifacts universal download `\n  --organization $org `\n  --feed tools -n a",
            ("feed", "contoso", None, None, None, "tools"),
        ),
        (
            f"{DEFAULTS}az artifacts universal download --scope project --feed tools --name a",
            ("feed", "contoso", "web", None, None, "tools"),
        ),
        (f"{DEFAULTS}az repos show -r site", ("repository", "contoso", "web", "site", None, None)),
        (
            f"az devops configure -d \"organization={ORG}\" 'project=My Web'\naz repos show --repository site",
            ("repository", "contoso", "My Web", "site", None, None),
        ),
        # The default project counts with the default organization only.
        (f"{DEFAULTS}az repos show -r site --org {ORG}", ("repository", "contoso", None, "site", None, None)),
        (
            "az pipelines runs artifact download --org https://contoso.visualstudio.com -p 'My Web' --run-id 1",
            ("other", "contoso", "My Web", None, None, None),
        ),
        (f"az repos list --org {ORG} -p web", ("repository", "contoso", "web", None, None, None)),
        (f"az devops project show --project web --org {ORG}", ("other", "contoso", "web", None, None, None)),
        (f"az repos create --name new -p web --org {ORG}", ("repository", "contoso", "web", None, None, None)),
        (f"git clone {ORG}/web/_git/site", ("repository", "contoso", "web", "site", None, None)),
        (
            f"git -c http.x=1 clone --depth 1 -b release/1.0 {ORG}/My%20Web/_git/my%20site C:\\x",
            ("repository", "contoso", "My Web", "my site", "release/1.0", None),
        ),
        (f"git clone --branch=main '{ORG}/_git/site'", ("repository", "contoso", "site", "site", "main", None)),
        (
            "git clone https://me@dev.azure.com/contoso/web/_git/site",
            ("repository", "contoso", "web", "site", None, None),
        ),
        (
            "git clone https://contoso.visualstudio.com/DefaultCollection/web/_git/site",
            ("repository", "contoso", "web", "site", None, None),
        ),
        ("git clone git@ssh.dev.azure.com:v3/contoso/web/site", ("repository", "contoso", "web", "site", None, None)),
        (f"git remote add origin {ORG}/web/_git/site", ("repository", "contoso", "web", "site", None, None)),
        (f"git -C C:\\x submodule add {ORG}/web/_git/site", ("repository", "contoso", "web", "site", None, None)),
        (f"git push {ORG}/web/_git/site main", ("repository", "contoso", "web", "site", None, None)),
        (
            f"Invoke-RestMethod -Uri '{ORG}/web/_apis/git/repositories/site/items?path=/a.json' -Headers $h",
            ("repository", "contoso", "web", "site", None, None),
        ),
        (
            "irm https://feeds.dev.azure.com/contoso/_apis/packaging/feeds/tools/packages?api-version=7.1",
            ("feed", "contoso", None, None, None, "tools"),
        ),
        (
            "iwr https://pkgs.dev.azure.com/contoso/web/_packaging/tools/nuget/v3/flat2/a/1.0.0/a.nupkg -OutFile a",
            ("feed", "contoso", "web", None, None, "tools"),
        ),
        (f'curl "{ORG}/web/_apis/build/builds?api-version=7.1"', ("other", "contoso", "web", None, None, None)),
        (f'az repos list --org="{ORG}" --project="My Web"', ("repository", "contoso", "My Web", None, None, None)),
        (f"git ls-remote {ORG}/web/_git/site", ("repository", "contoso", "web", "site", None, None)),
        (
            f"$url = '{ORG}/web/_git/site'\n$b = 'main'\ngit clone -b $b $url",
            ("repository", "contoso", "web", "site", "main", None),
        ),
        (
            "nuget sources add -Name a -Source https://pkgs.dev.azure.com/contoso/web/_packaging/tools/nuget/v3/index.json",
            ("feed", "contoso", "web", None, None, "tools"),
        ),
        (
            "npm install --registry=https://pkgs.dev.azure.com/contoso/_packaging/tools@Release/npm/registry/ a",
            ("feed", "contoso", None, None, None, "tools"),
        ),
        (
            "npm config set registry https://contoso.pkgs.visualstudio.com/_packaging/tools/npm/registry/",
            ("feed", "contoso", None, None, None, "tools"),
        ),
        (
            "Register-PSRepository -Name a -SourceLocation"
            " 'https://pkgs.dev.azure.com/contoso/_packaging/tools/nuget/v2'",
            ("feed", "contoso", None, None, None, "tools"),
        ),
    ],
)
def test_what_is_used(script: str, wanted: tuple[str | None, ...]) -> None:
    assert named(script) == [wanted]


@pytest.mark.parametrize(
    "script",
    [
        "az artifacts universal download --feed tools --name a",
        f"{DEFAULTS}az repos show -r site --detect true",
        f"az devops configure --defaults organization={ORG}\naz devops configure -d organization={ORG}2\naz repos list",
        f"az repos list\n{DEFAULTS}",
        "az repos list --org https://tfs.contoso.com/tfs",
        "az repos list --org https://dev.azure.com.evil.example/contoso",
        "az repos list --org https://dev.azure.com/{{ORG}}",
        "az repos list --org $org",
        f"az repos list --org {ORG} --help",
        "az group list",
        "function az { }\naz repos list --org https://dev.azure.com/contoso",
        "git clone https://github.com/contoso/web",
        "git clone https://dev.azure.com/<org>/web/_git/site",
        f"git config --global url.{ORG}/web/_git/site.insteadOf x",
        f"Write-Host 'git clone {ORG}/web/_git/site'",
        f"# git clone {ORG}/web/_git/site",
        f"Invoke-WebRequest {ORG}/web/_git/site",
        'Invoke-RestMethod "https://dev.azure.com/$org/_apis/projects"',
        "npm install --registry https://registry.npmjs.org/ a",
    ],
)
def test_what_is_not_used_for_certain(script: str) -> None:
    assert named(script) == []


def test_a_name_in_an_address_is_shown_where_it_is() -> None:
    script = f"git clone -b main {ORG}/My%20Web/_git/site"
    (use,) = uses(script)

    assert use.project is not None
    assert use.repository is not None
    assert use.branch is not None
    shown = [script[one.start : one.end] for one in (use.organization, use.project, use.repository, use.branch)]
    assert shown == ["contoso", "My%20Web", "site", "main"]


@pytest.mark.parametrize(
    ("script", "tool"),
    [
        (f"az repos list --org {ORG} -p web", Tool.AZ),
        (f"$env:AZURE_DEVOPS_EXT_PAT = $pat\naz repos list --org {ORG} -p web", None),
        (f"$pat | az devops login --org {ORG}\naz repos list --org {ORG} -p web", None),
        (f"git clone {ORG}/web/_git/site", None),
        (
            "$t = az account get-access-token --resource 499b84ac-1321-427f-aa17-267ca6975798 --query accessToken\n"
            f'git -c http.extraheader="AUTHORIZATION: bearer $t" clone {ORG}/web/_git/site',
            Tool.AZ,
        ),
        (
            "$t = (Get-AzAccessToken -ResourceUrl 499b84ac-1321-427f-aa17-267ca6975798).Token\n"
            f"Invoke-RestMethod -Uri {ORG}/_apis/projects -Headers @{{ Authorization = 'Bearer ' + $t }}",
            Tool.POWERSHELL,
        ),
        (f"Invoke-RestMethod {ORG}/_apis/projects -Headers @{{ Authorization = 'Basic ' + $pat }}", None),
        ("npm ci --registry https://pkgs.dev.azure.com/contoso/_packaging/tools/npm/registry/", None),
    ],
)
def test_whose_rights_count(script: str, tool: Tool | None) -> None:
    assert uses(script)[-1].tool is tool
