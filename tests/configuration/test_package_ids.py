"""What a misspelt id was meant to be, and that nothing known or newer is called wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from devbox_lint.configuration.package_ids import IDS, meant_package


def known() -> list[str]:
    return Path(IDS).read_text("utf-8").splitlines()


def test_no_known_id_is_called_wrong_in_any_case() -> None:
    ids = known()

    assert len(ids) > 14_000
    assert ids == sorted(ids, key=lambda name: name.encode().lower())
    assert [name for name in ids[::5] if meant_package(name.swapcase()) is not None] == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Microsoft.VisualStudioCod", "Microsoft.VisualStudioCode"),
        ("Microsft.PowerShell", "Microsoft.PowerShell"),
        ("Dokcer.DockerDesktop", "Docker.DockerDesktop"),
        ("github.clii", "GitHub.cli"),
        ("Microsoft.VisualStudio.Code", "Microsoft.VisualStudioCode"),
        # Newer, private, too short, of other sources, and no ids at all.
        ("Python.Python.3.99", None),
        ("Microsoft.DotNet.SDK.19", None),
        ("Microsoft.WindowsSDK", None),
        ("Contoso.DevelopmentTool", None),
        ("a.b", None),
        ("9P7KNL5RWT25", None),
        ("Contoso.App_8wekyb3d8bbwe", None),
        ("vscode", None),
        ("Git.Git, GitHub.cli", None),
        ("", None),
    ],
)
def test_a_near_miss_is_certain_or_none(written: str, meant: str | None) -> None:
    assert meant_package(written) == meant
