"""What the files of a repository tell beyond those of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from devbox_lint.customization.remote import Remote
from devbox_lint.files.repository import FilesOnDisk, remote_in


@pytest.mark.parametrize(
    ("url", "host", "name"),
    [
        ("https://github.com/Contoso/Web.git", "github.com", "contoso/web"),
        ("https://user:made-up@github.com/contoso/web", "github.com", "contoso/web"),
        ("git@github.com:contoso/web.git", "github.com", "contoso/web"),
        ("ssh://git@github.com:22/contoso/web.git", "github.com", "contoso/web"),
        ("https://gitlab.com/contoso/web/", "gitlab.com", "contoso/web"),
    ],
)
def test_a_remote_is_known_by_its_host_and_name(url: str, host: str, name: str) -> None:
    config = f'[core]\n\tbare = false\n[remote "origin"]\n\tfetch = +refs/*\n\turl = {url}\n[branch "main"]\n'

    assert remote_in(config, "ref: refs/heads/feature/x\n") == Remote(host, name, "feature/x")


@pytest.mark.parametrize(
    "config",
    ["", "[core]\n", '[remote "other"]\n\turl = https://github.com/a/b\n', '[remote "origin"]\n\turl = ../web\n'],
)
def test_without_an_origin_on_a_server_nothing_is_known(config: str) -> None:
    assert remote_in(config, "0123456789\n") is None


def test_what_a_repository_lacks_is_told_with_what_is_there(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text('[remote "origin"]\n\turl = https://github.com/contoso/web\n', "utf-8")
    (tmp_path / "setup" / "Tools").mkdir(parents=True)
    path = str(tmp_path / "setup" / "workload.yaml")
    files = FilesOnDisk()

    assert files.remote(path) == Remote("github.com", "contoso/web", "")
    assert files.missing(path, "setup/tools") is None
    assert files.missing(path, "setup/toolz/a.ps1") == ("setup", ("Tools",))
    assert files.missing(path, "../outside") is None
    assert FilesOnDisk().missing("/nowhere/at/all.yaml", "a") is None
