"""What a file asks of WinGet's source, and how its files are read."""

from __future__ import annotations

import contextlib
import zlib
from pathlib import Path
from struct import error as StructError  # noqa: N812

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.model import Customization
from devbox_lint.rule import Context
from devbox_lint.source import SourceFile
from devbox_lint.yaml.parse import parse
from devbox_lint_rules._azure.package_index import folded, unpacked
from devbox_lint_rules.keyvault._packages import package_places
from fake_azure import FakeAzure
from fake_azure.package_source import HOST, packed, version_data
from situations.stage import TEAM, USER, Stage, check

UNIT = (
    "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
    "    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      settings: {%s}\n"
)
TASK = "tasks:\n  - name: %s\n    parameters: {%s}\n"


def places(text: str, kind: Kind) -> list[tuple[str, str, bool]]:
    """What is asked for, as id and version; each must stand where it is said to."""
    source = SourceFile("x.yaml", text)
    found = []
    for place in package_places(Context(Customization(parse(source), kind))):
        assert source.text[place.span.start : place.span.end] == place.id
        if place.version:
            assert source.text[place.version_span.start : place.version_span.end] == place.version
        found.append((place.id, place.version, place.is_certain))
    return found


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("id: Git.Git, source: winget", [("Git.Git", "", True)]),
        ("id: Git.Git", [("Git.Git", "", False)]),
        ("id: ' Git.Git ', source: winget, version: '2.1'", [("Git.Git", "2.1", True)]),
        ("id: Git.Git, source: winget, version: latest", [("Git.Git", "", True)]),
        ("id: Git.Git, source: winget, matchOption: ContainsCaseInsensitive", []),
        ("id: Git.Git, source: winget, ensure: Absent", []),
        ("id: Git.Git, source: contoso", []),
        ("id: 9P7KNL5RWT25, source: msstore", []),
        ("id: '${x}.y', source: winget", []),
        ("id: git, source: winget", []),
    ],
)
def test_a_configuration_asks_for_what_is_from_the_public_source(
    given: str, expected: list[tuple[str, str, bool]]
) -> None:
    assert places(UNIT % given, Kind.CONFIGURATION) == expected


@pytest.mark.parametrize(
    ("task", "given", "expected"),
    [
        ("~/winget", "package: Git.Git, version: '2.1'", [("Git.Git", "2.1", True)]),
        ("winget", "package: Git.Git", [("Git.Git", "", True)]),
        ("~/winget", "package: '{{id}}'", []),
        ("~/winget", "package: Git.Git, version: '{{version}}'", [("Git.Git", "", True)]),
        ("~/winget", "package: 'Git.Git, GitHub.cli'", []),
        ("~/winget", "package: ../../x", []),
        ("choco", "package: Git.Git", []),
        ("~/powershell", "command: winget install Git.Git -v 2.1", [("Git.Git", "2.1", False)]),
        ("~/powershell", "command: 'winget install --id ''Git.Git'' -s winget'", [("Git.Git", "", True)]),
        ("~/powershell", "command: winget install --id $id.x", []),
        ("~/powershell", "command: winget install --id Git.Git --version $version", [("Git.Git", "", False)]),
        ("~/powershell", "command: winget uninstall Git.Git", []),
        ("~/powershell", "command: winget install x.y --source contoso", []),
    ],
)
def test_a_task_asks_for_what_is_from_the_public_source(
    task: str, given: str, expected: list[tuple[str, str, bool]]
) -> None:
    assert places(TASK % (task, given), Kind.USER) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1.0", "1.0.0", True),
        ("1", "v1.0", True),
        ("1.0", "1.1", False),
        ("1.10", "1.1", False),
        ("3.12.0", "3.012", True),
        ("1.0-beta", "1.0-Beta", True),
        ("1.0-beta", "1.0", False),
        ("release 2", "2", True),
        ("a.1", "1", False),
        ("", "0.0", True),
    ],
)
def test_versions_are_compared_as_winget_does(one: str, other: str, same: bool) -> None:
    assert (folded(one) == folded(other)) is same


@given(st.binary(max_size=200), st.integers(1, 900))
def test_what_is_packed_is_unpacked(data: bytes, times: int) -> None:
    assert unpacked(packed(data * times), 1 << 20) == data * times


@given(st.binary(max_size=200), st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_what_is_broken_is_an_error_that_is_known(data: bytes, place: int, noise: bytes) -> None:
    whole = packed(version_data(("1.0", "1.1")))
    for broken in (data, whole[:place], whole[:place] + noise + whole[place + len(noise) :]):
        with contextlib.suppress(ValueError, zlib.error, StructError):
            assert len(unpacked(broken, 4096)) <= 4096 + 32 * 1024


def test_what_unpacks_to_too_much_is_not_unpacked() -> None:
    with pytest.raises(ValueError, match="MSZIP"):
        unpacked(packed(bytes(5000)), 4096)


@pytest.mark.slow
def test_the_index_is_asked_for_once_and_no_name_of_a_file_is_sent(azure: FakeAzure, tmp_path: Path) -> None:
    azure.packages |= {"Vendor+1.Tool": tuple(f"1.{number}" for number in range(2000, 0, -1))}
    stage = Stage(azure, tmp_path)
    names = {
        "a": ("Contoso.Secret", "'1'"),
        "b": ("Git.Git", "'2.50.1'"),
        "c": ("vendor+1.tool", "'1.7'"),
        "d": ("vendor+1.tool", "'1.9.1'"),
    }
    for folder, (package, version) in names.items():
        (tmp_path / folder).mkdir()
        text = TASK % ("~/winget", f"package: {package}, version: {version}")
        (tmp_path / folder / "workload.yaml").write_text(text, "utf-8")

    outcome = check(stage.folder, stage.environment, ".")

    assert [one.code for one in outcome.findings] == ["DBX519", "DBX519"]
    assert "`Vendor+1.Tool` has no version `1.9.1`" in outcome.findings[1].message
    paths = sorted(one.path for one in azure.requests)
    assert {one.host for one in azure.requests} == {HOST}
    assert not any(one.authorized or one.query for one in azure.requests)
    assert [path.split("/")[2:3] for path in paths] == [["packages"], ["packages"], ["source2.msix"]]
    assert "Secret" not in "".join(paths)


@pytest.mark.slow
@pytest.mark.parametrize("name", [TEAM, USER])
def test_packages_are_looked_up_without_a_sign_in_or_a_project(azure: FakeAzure, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(TASK % ("~/winget", "package: Contoso.Tool"), "utf-8")

    kind = "imagedefinition" if name == TEAM else "user"
    outcome = check(tmp_path, azure.environment(), name, "--kind", kind)

    assert outcome.codes == "DBX519"
    assert set(azure.tunnels) == {HOST}
