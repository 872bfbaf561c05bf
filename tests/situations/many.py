"""Many files, as one large repository has them: with secrets in many vaults, or with clones and downloads."""

from __future__ import annotations

from situations.stage import Stage

_TASK = """\
  - name: ~/gitclone
    parameters:
      repositoryUrl: https://github.com/contoso/web
      directory: C:\\work\\{number}
      pat: '{{{{{uri}}}}}'
"""


def many(stage: Stage, files: int = 200, vaults: int = 50, secrets: int = 400) -> None:
    """Write that many files, half of them users', and declare what they refer to.

    Each secret is in two files at least, and each file refers to one of its secrets twice.
    """
    from fake_azure.roles import SECRETS_USER, VAULT_READER

    uris: list[str] = []
    kept = [stage.contoso.vault(f"kv-contoso-{number}") for number in range(vaults)]
    for role in (SECRETS_USER, VAULT_READER):
        stage.contoso.assign(stage.identity, role, stage.contoso.scope)
    for one in (stage.dev_center_identity, stage.ada):
        stage.contoso.assign(one, SECRETS_USER, stage.contoso.scope)
    for number in range(secrets):
        uris.append(kept[number % vaults].secret(f"secret-{number}").uri)
    share = max(1, 2 * secrets // files)
    for number in range(files):
        first = number * share // 2
        chosen = [uris[(first + index) % secrets] for index in range(share)]
        tasks = "".join(_TASK.format(number=index, uri=uri) for index, uri in enumerate([*chosen, chosen[0]]))
        _write(stage, number, tasks)
    stage.settings |= {"max-requests": 10_000}
    stage.write_settings()


_CLONE = """\
  - name: ~/gitclone
    parameters:
      repositoryUrl: https://dev.azure.com/contoso-{organization}/project-{project}/_git/site-{repository}
      directory: C:\\work
      branch: main
  - name: ~/powershell
    parameters:
      command: |
        az login --service-principal -u {application} -p {{{{{secret}}}}} -t {tenant}
        az artifacts universal download --organization https://dev.azure.com/contoso-{organization} `
          --project project-{project} --scope project --feed tools --name cli --version 1.0.0 --path C:\\Tools
        az logout
"""


def many_clones(
    stage: Stage, files: int = 200, organizations: int = 2, projects: int = 20, applications: int = 10
) -> None:
    """Write that many files, each of which clones a repository and downloads from a feed as a service principal."""
    signed_in = [stage.contoso.application(f"app-{number}") for number in range(applications)]
    for one in signed_in:
        one.password()
    stage.verifier.reads_directory = True
    names = [f"project-{number}" for number in range(projects)]
    for number in range(organizations):
        organization = stage.azure.organization(
            f"contoso-{number}",
            stage.contoso,
            repositories={name: tuple(f"site-{index}" for index in range(5)) for name in names},
            feeds=dict.fromkeys(names, ("tools",)),
        )
        organization.add(stage.verifier)
        for one in signed_in:
            organization.add(one, projects=dict.fromkeys(names, "projectReader"))
    for number in range(files):
        folder = stage.folder / f"clone-{number}"
        folder.mkdir()
        task = _CLONE.format(
            organization=number % organizations,
            project=number // organizations % projects,
            repository=number % 5,
            application=signed_in[number % applications].client_id,
            secret=stage.secret.uri,
            tenant=stage.contoso.id,
        )
        head = f'$schema: "1.0"\nname: clone-{number}\nimage: {stage.image}\ntasks:\n'
        (folder / "imagedefinition.yaml").write_text(head + task, encoding="utf-8")
    stage.settings |= {"max-requests": 10_000}
    stage.write_settings()


_SCRIPT = """\
  - name: ~/powershell
    parameters:
      command: |
        az login --service-principal -u {application} -p {{{{{secret}}}}} --tenant {tenant}
        az storage blob download --account-name {account} -c tools -n a.zip -f C:\\a.zip --auth-mode login
        az storage blob list --account-name {other} -c tools --auth-mode login
        az acr login --name contoso
        az logout
"""


def many_scripts(stage: Stage, files: int = 200, applications: int = 20, accounts: int = 50) -> None:
    """Write that many files, half of them users', whose scripts sign in one of several service principals.

    Each uses two storage accounts and one registry, and its password is in a vault that all share.
    """
    from fake_azure.roles import ACR_PULL, BLOB_READER, SECRETS_USER

    contoso = stage.contoso
    stage.verifier.reads_directory = True
    contoso.registry("contoso")
    for one in (stage.dev_center_identity, stage.ada):
        contoso.assign(one, SECRETS_USER, contoso.scope)
    signed = [contoso.application(f"deployer-{number}") for number in range(applications)]
    for one in signed:
        one.password()
        for role in (ACR_PULL, BLOB_READER):
            contoso.assign(one, role, contoso.group_scope())
    kept = [contoso.storage_account(f"stcontoso{number}") for number in range(accounts)]
    secrets = [stage.vault.secret(f"password-{number}") for number in range(applications)]
    for number in range(files):
        script = _SCRIPT.format(
            application=signed[number % applications].client_id,
            secret=secrets[number % applications].uri,
            tenant=contoso.id,
            account=kept[number % accounts].name,
            other=kept[(number + 1) % accounts].name,
        )
        _write(stage, number, script)
    stage.settings |= {"max-requests": 10_000}
    stage.write_settings()


def _write(stage: Stage, number: int, tasks: str) -> None:
    """Write a file with these tasks in a folder of its own, every second one a user's."""
    is_team = number % 2 == 0
    folder = stage.folder / f"project-{number}"
    folder.mkdir()
    head = f'$schema: "1.0"\nname: project-{number}\n' + (f"image: {stage.image}\n" if is_team else "")
    name = "imagedefinition.yaml" if is_team else "user.devbox.yaml"
    (folder / name).write_text(f"{head}tasks:\n{tasks}", encoding="utf-8")
