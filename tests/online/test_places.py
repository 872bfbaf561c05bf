"""Which references are worth a question: those that can lead somewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.model import Customization
from devbox_lint.rule import Context
from devbox_lint.source import SourceFile
from devbox_lint.yaml.parse import parse
from devbox_lint_rules.keyvault._organization_places import organization_places
from devbox_lint_rules.keyvault._places import secret_places
from devbox_lint_rules.keyvault._questions import AzureQuestion, Topic
from devbox_lint_rules.keyvault.image_not_found import ImageNotFound
from devbox_lint_rules.keyvault.task_rejected import TaskRejected
from support import Files, each_corpus

VERSION = "0123456789abcdef0123456789abcdef"


def context(text: str, kind: Kind = Kind.USER) -> Context:
    return Context(Customization(parse(SourceFile("workload.yaml", text)), kind))


def task(**parameters: str) -> str:
    given = "".join(f"      {name}: '{value}'\n" for name, value in parameters.items())
    return f"tasks:\n  - name: ~/gitclone\n    parameters:\n{given}"


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("https://kv1.vault.azure.net/secrets/pat", ("kv1", "vault.azure.net", "pat", "")),
        ("https://KV1.Vault.Azure.Net:443/secrets/Pat/", ("kv1", "vault.azure.net", "pat", "")),
        (f"https://kv1.vault.azure.cn/secrets/pat/{VERSION.upper()}", ("kv1", "vault.azure.cn", "pat", VERSION)),
        (
            "https://kv1.vault.local.azurestack.external/secrets/pat",
            ("kv1", "vault.local.azurestack.external", "pat", ""),
        ),
    ],
)
def test_a_reference_that_can_lead_somewhere_is_asked_for(address: str, wanted: tuple[str, ...]) -> None:
    (place,) = secret_places(context(task(pat=f"{{{{{address}}}}}")))

    assert place[:4] == wanted


@pytest.mark.parametrize(
    "address",
    [
        "http://kv1.vault.azure.net/secrets/pat",
        "https://kv1.vault.azure.net:8443/secrets/pat",
        "https://kv1.vault.azure.net@evil.example/secrets/pat",
        "https://user@kv1.vault.azure.net/secrets/pat",
        "https://evil.example\\\\.vault.azure.net/secrets/pat",
        "https://evil.example/.vault.azure.net/secrets/pat",
        "https://kv1.vault.azure.net.evil.example/secrets/pat",
        "https://a.kv1.vault.azure.net/secrets/pat",
        "https://kv1.privatelink.vaultcore.azure.net/secrets/pat",
        "https://kv1.managedhsm.azure.net/secrets/pat",
        "https://k--1.vault.azure.net/secrets/pat",
        "https://kv.vault.azure.net/secrets/p_t",
        "https://kv1.vault.azure.net/keys/pat",
        "https://kv1.vault.azure.net/secrets/pat/latest",
        f"https://kv1.vault.azure.net/secrets/pat/{VERSION}/more",
        "https://kv1.vault.azure.net/secrets/pat?api-version=7.4",
        "https://kv1.vault.azure.net/secrets/pat#x",
        "https://kv1.vault.azure.net/secrets/",
        "https://your-vault.vault.azure.net/secrets/pat",
        "https://kv1.vault.azure.net/secrets/your-secret",
        "https://127.0.0.1/secrets/pat",
    ],
)
def test_a_malformed_reference_is_never_asked_for(address: str) -> None:
    assert list(secret_places(context(task(pat=f"{{{{{address}}}}}")))) == []


@given(some.text("kv1.-vault:/@azurenetscrp?#\\ ", max_size=60))
def test_whatever_stands_in_a_file_only_names_of_vaults_come_out(address: str) -> None:
    quoted = f"https://{address}".replace("'", "''")

    for place in secret_places(context(task(pat=f"{{{{{quoted}}}}}"))):
        assert place.vault.replace("-", "").isalnum()
        assert "." in place.domain
        assert "@" not in place.domain


def test_a_secret_in_a_comment_of_a_script_is_not_asked_for() -> None:
    script = "      command: |\n        # {{https://kv1.vault.azure.net/secrets/a}}\n        exit\n"

    assert list(secret_places(context(f"tasks:\n  - name: ~/powershell\n    parameters:\n{script}"))) == []


@pytest.mark.parametrize(
    ("parameters", "wanted"),
    [
        ({"repositoryUrl": "https://dev.azure.com/Contoso/web/_git/web"}, [("contoso", False)]),
        ({"repositoryUrl": "https://me@dev.azure.com/contoso/web/_git/web"}, [("contoso", False)]),
        ({"repositoryUrl": "https://contoso.visualstudio.com/web/_git/web"}, [("contoso", False)]),
        ({"pat": "{{ado://contoso}}"}, [("contoso", True)]),
        ({"pat": "{{ado://YOUR_ORG_NAME}}"}, []),
        ({"pat": "{{ado}}"}, []),
        ({"repositoryUrl": "https://github.com/contoso/web"}, []),
        ({"repositoryUrl": "https://dev.azure.com/{{org}}/web"}, []),
        ({"repositoryUrl": "https://dev.azure.com.evil.example/contoso/web"}, []),
        ({"repositoryUrl": "https://dev.azure.com/-contoso/web"}, []),
        ({"repositoryUrl": "https://dev.azure.com/" + "a" * 51}, []),
    ],
)
def test_which_organizations_are_asked_for(parameters: dict[str, str], wanted: list[tuple[str, bool]]) -> None:
    found = [(place.name, place.by_token) for place in organization_places(context(task(**parameters)))]

    assert found == wanted


@pytest.mark.parametrize(
    ("image", "name", "version"),
    [
        ("Contoso/Web@1.2.3", "contoso/web", "1.2.3"),
        ("contoso/web@latest", "contoso/web", ""),
        ("~Gallery~contoso~web", "contoso/web", ""),
        ("~Gallery~Default~microsoftwindowsdesktop_a_b", "microsoftwindowsdesktop_a_b", ""),
        ("microsoftwindowsdesktop_a_b", "microsoftwindowsdesktop_a_b", ""),
        ("some words", None, ""),
        ("contoso/web@x", None, ""),
        ("bare", None, ""),
    ],
)
def test_which_images_are_asked_for(image: str, name: str | None, version: str) -> None:
    asked = list(ImageNotFound().questions(context(f"name: web\nimage: {image}\n", Kind.IMAGE)))
    questions = [one.question for one in asked if isinstance(one.question, AzureQuestion)]
    questions = [one for one in questions if one.topic is Topic.IMAGE]

    assert [(q.name, q.version) for q in questions] == ([] if name is None else [(name, version)])


def test_tasks_of_a_file_with_a_credential_are_never_sent() -> None:
    text = task(repositoryUrl="https://github.com/contoso/web")
    (asked,) = TaskRejected().questions(context(text))
    (withheld,) = TaskRejected().questions(context(text + "      pat: hunter2Hunter2\n"))

    assert isinstance(asked.question, AzureQuestion)
    assert isinstance(withheld.question, AzureQuestion)
    assert "github.com/contoso/web" in asked.question.body
    assert withheld.question.body == ""


@each_corpus
def test_every_vault_of_a_real_file_has_the_name_of_one(files: Files) -> None:
    vaults = set()
    for file in files:
        if file.kind in (Kind.IMAGE, Kind.USER):
            document = parse(SourceFile.from_bytes(str(file.path), file.data))
            vaults.update(place.vault for place in secret_places(Context(Customization(document, file.kind))))

    assert vaults
    assert all(3 <= len(vault) <= 24 and vault.replace("-", "").isalnum() for vault in vaults)
