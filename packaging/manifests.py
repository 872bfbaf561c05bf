"""The manifests of a release for winget and Scoop, made from the archives of its executables.

``python packaging/manifests.py 1.2.3 DIST OUTPUT`` reads ``DIST/devbox-lint-1.2.3-windows-x64.zip`` and writes
``OUTPUT/winget/...`` as the winget-pkgs repository has it, and ``OUTPUT/scoop/devbox-lint.json`` for a bucket.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path

REPOSITORY = "https://github.com/devbox-lint/devbox-lint"
IDENTIFIER = "DevboxLint.DevboxLint"
DESCRIPTION = "Linter and language server for Microsoft Dev Box customization files"
#: The newest that winget-pkgs takes. Its schemas are in github.com/microsoft/winget-cli, schemas/JSON/manifests.
WINGET_SCHEMA = "1.12.0"


def archive_of(version: str) -> str:
    """The name of the archive for Windows, which has one folder, `devbox-lint`, with the executable in it."""
    return f"devbox-lint-{version}-windows-x64.zip"


def manifests(version: str, sha256: str) -> Mapping[str, str]:
    """The texts by their paths, for the archive with this hash (hexadecimal)."""
    address = f"{REPOSITORY}/releases/download/v{version}/{archive_of(version)}"
    folder = f"winget/{IDENTIFIER[0].lower()}/{IDENTIFIER.replace('.', '/')}/{version}/{IDENTIFIER}"
    return {
        f"{folder}.yaml": _winget("version", version, {"DefaultLocale": "en-US"}),
        f"{folder}.locale.en-US.yaml": _winget("defaultLocale", version, _locale(version)),
        f"{folder}.installer.yaml": _winget("installer", version, _installer(address, sha256)),
        "scoop/devbox-lint.json": json.dumps(_scoop(version, address, sha256), indent=4) + "\n",
    }


def _locale(version: str) -> dict[str, object]:
    return {
        "PackageLocale": "en-US",
        "Publisher": "The devbox-lint authors",
        "PublisherUrl": REPOSITORY,
        "PublisherSupportUrl": f"{REPOSITORY}/issues",
        "PackageName": "devbox-lint",
        "PackageUrl": REPOSITORY,
        "License": "MIT",
        "LicenseUrl": f"{REPOSITORY}/blob/v{version}/LICENSE",
        "ShortDescription": DESCRIPTION,
        "Moniker": "devbox-lint",
        "Tags": ["dev-box", "linter", "winget-configuration", "yaml"],
        "ReleaseNotesUrl": f"{REPOSITORY}/blob/v{version}/CHANGELOG.md",
    }


def _installer(address: str, sha256: str) -> dict[str, object]:
    return {
        "InstallerType": "zip",
        "NestedInstallerType": "portable",
        "NestedInstallerFiles": [
            {"RelativeFilePath": "devbox-lint\\devbox-lint.exe", "PortableCommandAlias": "devbox-lint"}
        ],
        # The executable needs the folder beside it, so that it is put on the path instead of being linked to.
        "ArchiveBinariesDependOnPath": True,
        "Commands": ["devbox-lint"],
        "UpgradeBehavior": "uninstallPrevious",
        "Installers": [{"Architecture": "x64", "InstallerUrl": address, "InstallerSha256": sha256.upper()}],
    }


def _scoop(version: str, address: str, sha256: str) -> dict[str, object]:
    return {
        "version": version,
        "description": DESCRIPTION,
        "homepage": REPOSITORY,
        "license": "MIT",
        "architecture": {"64bit": {"url": address, "hash": sha256.lower()}},
        "extract_dir": "devbox-lint",
        "bin": "devbox-lint.exe",
        "checkver": "github",
        "autoupdate": {"architecture": {"64bit": {"url": address.replace(version, "$version")}}},
    }


def _winget(kind: str, version: str, values: Mapping[str, object]) -> str:
    fields = {"PackageIdentifier": IDENTIFIER, "PackageVersion": version, **values}
    ending = {"ManifestType": kind, "ManifestVersion": WINGET_SCHEMA}
    schema = f"https://aka.ms/winget-manifest.{kind.lower()}.{WINGET_SCHEMA}.schema.json"
    # JSON in YAML's lines: each value is written so that no version or hash can be taken for a number.
    lines = [f"# yaml-language-server: $schema={schema}"]
    lines += [f"{name}: {json.dumps(value)}" for name, value in {**fields, **ending}.items()]
    return "\n".join([*lines, ""])


def main(version: str, dist: str, output: str) -> None:
    """Write the manifests."""
    sha256 = hashlib.sha256((Path(dist) / archive_of(version)).read_bytes()).hexdigest()
    for path, text in manifests(version, sha256).items():
        target = Path(output) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8", newline="\n")
        print(f"wrote {target}")


if __name__ == "__main__":
    main(*sys.argv[1:])
