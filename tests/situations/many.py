"""Many files that refer to many secrets in many vaults, as one large repository has them."""

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
        is_team = number % 2 == 0
        folder = stage.folder / f"project-{number}"
        folder.mkdir()
        head = f'$schema: "1.0"\nname: project-{number}\n' + (f"image: {stage.image}\n" if is_team else "")
        name = "imagedefinition.yaml" if is_team else "user.devbox.yaml"
        (folder / name).write_text(f"{head}tasks:\n{tasks}", encoding="utf-8")
    stage.settings |= {"max-requests": 10_000}
    stage.write_settings()
