"""Which configurations of a customization's tasks can be read: in it, beside it, and by a raw address of its own."""

from __future__ import annotations

import pytest

from devbox_lint.configuration.followed import followed_configurations
from devbox_lint.customization.catalog import Catalog
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.model import Customization
from devbox_lint.source import SourceFile
from devbox_lint.yaml.parse import parse
from doubles import GivenFiles

ORIGIN = '[core]\n\tbare = false\n[remote "origin"]\n\turl = {}\n[branch "main"]\n\tremote = origin\n'
DEPLOYED = "C:\\ProgramData\\Microsoft\\DevBoxAgent\\ImageDefinitions\\contoso"
RAW = "https://raw.githubusercontent.com/Contoso/web/"


def found(parameter: str, origin: str = "https://github.com/contoso/Web.git") -> list[str]:
    text = f"name: web\ntasks:\n  - name: ~/winget\n    parameters:\n      {parameter}\n"
    path = "team/imagedefinition.yaml"
    files = {
        path: text,
        "team/tools.winget": "beside",
        "dsc/my tools.winget": "in the repository",
        ".git/config": ORIGIN.format(origin),
    }
    customization = Customization(parse(SourceFile(path, text)), Kind.IMAGE)
    return [item.source.text for item in followed_configurations(customization, Catalog(GivenFiles(files)))]


@pytest.mark.parametrize(
    ("parameter", "text"),
    [
        ("configurationFile: tools.winget", "beside"),
        ("configurationFile: .\\Tools.winget", "beside"),
        (f"configurationFile: {DEPLOYED}\\Web\\tools.winget", "beside"),
        (f"downloadUrl: {RAW}main/dsc/my%20tools.winget", "in the repository"),
        (f"downloadUrl: {RAW}refs/heads/main/dsc/my%20tools.winget", "in the repository"),
        ("inlineConfigurationBase64: cHJvcGVydGllczoKICByZXNvdXJjZXM6IFtdCg==", "properties:\n  resources: []\n"),
    ],
)
def test_what_is_at_hand_is_followed(parameter: str, text: str) -> None:
    assert found(parameter) == [text]


@pytest.mark.parametrize("origin", ["git@github.com:contoso/web.git", "https://me@github.com/contoso/web/"])
def test_an_origin_may_be_written_in_several_ways(origin: str) -> None:
    assert found(f"downloadUrl: {RAW}main/dsc/my%20tools.winget", origin) == ["in the repository"]


@pytest.mark.parametrize(
    "parameter",
    [
        "configurationFile: C:\\work\\tools.winget",
        "configurationFile: other.winget",
        f"configurationFile: {DEPLOYED}\\api\\tools.winget",
        "configurationFile: '{{file}}'",
        f"downloadUrl: {RAW}feature/dsc/my%20tools.winget",
        f"downloadUrl: {RAW.replace('web', 'other')}main/dsc/my%20tools.winget",
        f"downloadUrl: {RAW}main/../../secret",
        "downloadUrl: https://contoso.com/tools.winget",
        "package: Git.Git",
    ],
)
def test_what_is_elsewhere_is_not(parameter: str) -> None:
    assert found(parameter) == []
