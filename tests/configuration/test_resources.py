"""What is known of resources: every line of the table can be read, and says what the modules say."""

from __future__ import annotations

import pytest

from devbox_lint.configuration.resources import find_module, find_resource, known_modules, successor_of


def test_every_resource_of_every_module_is_known_by_its_name_in_any_case() -> None:
    for module in known_modules():
        assert module.resources, module.name
        for name in module.resources:
            resource = find_resource(f"{module.name}/{name}".swapcase())
            assert resource is not None
            assert resource.full_name == f"{module.name}/{name}"
            for setting in resource.settings.values():
                assert setting.type in ("text", "boolean", "integer", "list", "map", "any"), (name, setting)
                assert not setting.words or len(setting.words) > 1


@pytest.mark.parametrize(
    ("name", "settings", "needed"),
    [
        (
            "Microsoft.WinGet.DSC/WinGetPackage",
            {"Id", "Source", "Version", "Ensure", "MatchOption", "UseLatest", "InstallMode"},
            {"Id"},
        ),
        ("Microsoft.VSCode.Dsc/VSCodeExtension", {"Name", "Version", "Exist", "PreRelease", "Insiders"}, {"Name"}),
        (
            "PSDscResources/Script",
            {"GetScript", "SetScript", "TestScript", "Credential"},
            {"GetScript", "SetScript", "TestScript"},
        ),
        ("Microsoft.Windows.Developer/OsVersion", {"MinVersion"}, {"MinVersion"}),
        ("Microsoft.Windows.Developer/DeveloperMode", {"Ensure"}, set()),
    ],
)
def test_settings_are_those_of_the_modules(name: str, settings: set[str], needed: set[str]) -> None:
    resource = find_resource(name)

    assert resource is not None
    assert {setting.name for setting in resource.settings.values()} == settings
    assert {setting.name for setting in resource.settings.values() if setting.is_needed} == needed


def test_what_is_known_of_modules() -> None:
    developer, packages, native = (
        find_module(name) for name in ("Microsoft.Windows.Developer", "Microsoft.WinGet.DSC", "microsoft.winget")
    )

    assert developer is not None
    assert developer.is_prerelease
    assert packages is not None
    assert not packages.is_prerelease
    assert native is not None
    assert native.is_native
    assert find_module("Contoso.Tools") is None
    assert find_resource("Contoso.Tools/Thing") is None


def test_what_took_the_place_of_a_resource_is_one() -> None:
    for old in ("WinGet.DSC/WinGetSources", "Windows.Developer/TaskBarAlignment", "VisualStudio.DSC/InstallVSConfig"):
        successor = successor_of(f"Microsoft.{old}")
        assert successor is not None
        assert find_resource(successor.full_name) is not None
        assert find_resource(f"Microsoft.{old}") is None
