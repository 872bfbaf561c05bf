"""Writes what is known of DSC resources from the modules that hold them.

``python tools/winget_resources.py FOLDER...`` reads the checkouts of modules (`*.psm1`, `*.schema.mof`) and writes
linter/devbox_lint/configuration/resources.txt. Folders: microsoft/winget-dsc, `src/PowerShell` of
microsoft/winget-cli, microsoft/VisualStudioDSC, PowerShell/PSDscResources, dsccommunity/StorageDsc and
dsccommunity/xPSDesiredStateConfiguration. It is run when one of them has a new version, and is no part of
tools/generate.py, which must do without them.
"""

# ruff: noqa: E501, SIM905 - facts as people write them
from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

FILE = Path(__file__).parent.parent / "linter" / "devbox_lint" / "configuration" / "resources.txt"
_HEAD = """\
# DSC resources that WinGet configurations use. Written by tools/winget_resources.py from the modules themselves.
# As of August 2026.
# module NAME FLAGS: `prerelease`: the Gallery has prereleases alone; `complete`: it has no other resources
# retired RESOURCE RESOURCE: the second does now what the first did; `one` where nothing else of the unit changes
# MODULE/RESOURCE FLAGS SETTING=TYPE...: `elevated`: to set it needs an administrator; `user`: it is of one user;
# `!` before a setting that must be there; a type is text, boolean, integer, list, map, any, or the words with `|`
"""
# Resources of DSC v3 are programs with a schema; those of winget itself have it in their code.
_NATIVE = """\
module	Microsoft.WinGet	native complete
Microsoft.WinGet/Package	-	!id=text	source=text	version=text	matchOption=equals|equalsCaseInsensitive|startsWithCaseInsensitive|containsCaseInsensitive	useLatest=boolean	installMode=default|silent|interactive	acceptAgreements=boolean	_exist=boolean
Microsoft.WinGet/Source	elevated	!name=text	argument=text	type=text	trustLevel=undefined|none|trusted	explicit=boolean	priority=integer	acceptAgreements=boolean	_exist=boolean
Microsoft.WinGet/UserSettingsFile	user	!settings=map	action=Partial|Full
Microsoft.WinGet/AdminSettings	elevated	!settings=map
module	Microsoft.DSC.Transitional	native
Microsoft.DSC.Transitional/RunCommandOnSet	-	!executable=text	arguments=any	exitCode=integer
Microsoft.DSC.Transitional/PowerShellScript	-	getScript=text	testScript=text	setScript=text	input=any
Microsoft.DSC.Transitional/WindowsPowerShellScript	-	getScript=text	testScript=text	setScript=text	input=any
module	Microsoft.Windows	native
Microsoft.Windows/Registry	-	!keyPath=text	valueName=text	valueData=any	_exist=boolean	_metadata=any
"""
_PRERELEASE = frozenset(
    "GitDsc Microsoft.DotNet.Dsc Microsoft.VSCode.Dsc Microsoft.Windows.Developer Microsoft.Windows.Setting.Accessibility"
    " Microsoft.Windows.Settings Microsoft.WindowsSandbox.DSC NpmDsc PythonPip3Dsc RustDsc YarnDsc".split()
)
#: The modules whose resources are described in schema files.
_OF_SCHEMAS = frozenset(("StorageDsc", "PSDscResources", "xPSDesiredStateConfiguration"))
_ELEVATED = frozenset(
    "WinGetSource WinGetAdminSettings DeveloperMode EnableRemoteDesktop EnableLongPathSupport UserAccessControl"
    " WindowsCapability FirewallRule VSComponents Service WindowsFeature WindowsOptionalFeature MsiPackage Group User"
    " WindowsPackageCab Disk xService xWindowsFeature xWindowsOptionalFeature xMsiPackage xGroup xUser"
    " xWindowsPackageCab".split()
)
_USER = frozenset(
    "WinGetUserSettings EnableDarkMode WindowsExplorer Taskbar ShowSecondsInClock VSCodeExtension WindowsSettings Text"
    " Magnifier MousePointer VisualEffect Audio TextCursor StickyKeys ToggleKeys FilterKeys EyeControl GitClone GitRemote"
    " GitConfigUserName GitConfigUserEmail NpmPackage NpmInstall CargoToolInstall DotNetToolPackage".split()
)
_RETIRED = (
    ("Microsoft.WinGet.DSC/WinGetSources", "Microsoft.WinGet.DSC/WinGetSource", "one"),
    ("Microsoft.Windows.Developer/HideFileExtensions", "Microsoft.Windows.Developer/WindowsExplorer", "-"),
    ("Microsoft.Windows.Developer/ShowHiddenFiles", "Microsoft.Windows.Developer/WindowsExplorer", "-"),
    ("Microsoft.Windows.Developer/TaskBarAlignment", "Microsoft.Windows.Developer/Taskbar", "-"),
    ("Microsoft.Windows.Developer/ShowTaskViewButton", "Microsoft.Windows.Developer/Taskbar", "-"),
    ("Microsoft.Windows.Developer/HideTaskBarLabels", "Microsoft.Windows.Developer/Taskbar", "-"),
    ("Microsoft.Windows.Setting.Accessibility/TextSize", "Microsoft.Windows.Setting.Accessibility/Text", "one"),
    (
        "Microsoft.Windows.Setting.Accessibility/MousePointerSize",
        "Microsoft.Windows.Setting.Accessibility/MousePointer",
        "one",
    ),
    ("Microsoft.VisualStudio.DSC/AddVSComponents", "Microsoft.VisualStudio.DSC/VSComponents", "-"),
    ("Microsoft.VisualStudio.DSC/InstallVSConfig", "Microsoft.VisualStudio.DSC/VSComponents", "-"),
)
# Composite resources have no schema file: their settings are not known.
_COMPOSITE = {
    "PSDscResources": ("GroupSet", "ProcessSet", "ServiceSet", "WindowsFeatureSet", "WindowsOptionalFeatureSet"),
    "xPSDesiredStateConfiguration": (
        "xFileUpload", "xGroupSet", "xProcessSet", "xServiceSet", "xWindowsFeatureSet", "xWindowsOptionalFeatureSet",
    ),
}  # fmt: skip

_ENUM = re.compile(r"(?im)^enum[ \t]+(\w+)\s*\{([^}]*)\}")
_CLASS = re.compile(r"(?im)^\[DscResource\(\)\]\s*class\s+(\w+)")
_PROPERTY = re.compile(
    r"(?i)\[DscProperty\(([^)]*)\)\]\s*((?:\[Validate\w+\([^\]]*\)\]\s*)?)\[([^\s$]+)\]\s*\$(\w+)([ \t]*=)?"
)
_FRIENDLY = re.compile(r'FriendlyName\("(\w+)"\)')
_FIELD = re.compile(r"^\s*\[(.*)\]\s*(\w+)\s+(\w+)(\[\])?;", re.MULTILINE)
_VALUES = re.compile(r"ValueMap\s*\{([^}]*)\}")


def resources(folder: Path) -> Iterator[tuple[str, str, list[str]]]:
    """The module, the resource, and the settings as they are written."""
    for path in sorted(folder.rglob("*.psm1")):
        yield from _of_classes(path)
    for path in sorted(folder.rglob("*.schema.mof")):
        yield from _of_schema(path)


def _of_classes(path: Path) -> Iterator[tuple[str, str, list[str]]]:
    text = path.read_text("utf-8-sig")
    starts = list(_CLASS.finditer(text))
    enums = {match[1]: _words(match[2]) for match in _ENUM.finditer(text)}
    ends = [*(match.start() for match in starts[1:]), len(text)]
    for match, end in zip(starts, ends, strict=False):
        settings = []
        for flags, _, type_, name, default in _PROPERTY.findall(text[match.end() : end]):
            lowered = flags.lower()
            if "notconfigurable" in lowered or name == "SID":
                continue
            is_needed = "mandatory" in lowered or ("key" in lowered and name not in ("Source", "Ensure"))
            settings.append(f"{'!' * (is_needed and not default)}{name}={_type(type_, enums)}")
        yield path.stem, match[1], settings


def _words(body: str) -> list[str]:
    lines = (line.partition("#")[0].partition("=")[0].strip(" ,") for line in body.splitlines())
    return [line for line in lines if line]


def _type(name: str, enums: dict[str, list[str]]) -> str:
    nullable = re.fullmatch(r"(?i)nullable\[(.+)\]", name)
    plain = (nullable[1] if nullable else name).rpartition(".")[2]
    if plain.endswith("[]"):
        return "list"
    known = {"string": "text", "bool": "boolean", "boolean": "boolean", "hashtable": "map"}
    known |= dict.fromkeys(("int", "int32", "int64", "uint32", "uint64", "sint32", "uint16"), "integer")
    return known.get(plain.lower()) or "|".join(enums.get(plain, ())) or "any"


def _of_schema(path: Path) -> Iterator[tuple[str, str, list[str]]]:
    data = path.read_bytes()
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    friendly = _FRIENDLY.search(text)
    module = next((part for part in _OF_SCHEMAS if any(part in parent for parent in path.parts)), "")
    if friendly is None or not module:
        return
    body = text[friendly.end() :]
    settings = []
    for flags, type_, name, is_list in _FIELD.findall(body):
        kinds = re.sub(r'"[^"]*"', "", flags).lower()
        if "read" in kinds.split("description")[0]:
            continue
        words = _VALUES.search(flags)
        stated = "list" if is_list else "any" if "embeddedinstance" in kinds else _type(type_, {})
        if words and not is_list and stated == "text":
            stated = "|".join(word.strip(' "') for word in words[1].split(","))
        is_needed = "key" in kinds or "required" in kinds
        settings.append(f"{'!' * is_needed}{name}={stated}")
    yield module, friendly[1], settings


def text(folders: list[Path]) -> str:
    """The whole file."""
    modules: dict[str, dict[str, list[str]]] = {}
    for folder in folders:
        for module, resource, settings in resources(folder):
            modules.setdefault(module, {})[resource] = settings
    for module, names in _COMPOSITE.items():
        modules.setdefault(module, {}).update({name: ["*"] for name in names})
    lines = [_HEAD.rstrip("\n")]
    for module in sorted(modules, key=str.lower):
        flags = ["prerelease"] * (module in _PRERELEASE) + ["complete"] * (module not in ("StorageDsc",))
        lines.append("\t".join(("module", module, " ".join(flags) or "-")))
        for resource in sorted(modules[module]):
            own = ["elevated"] * (resource in _ELEVATED) + ["user"] * (resource in _USER)
            lines.append("\t".join((f"{module}/{resource}", " ".join(own) or "-", *modules[module][resource])))
    lines.append(_NATIVE.rstrip("\n"))
    lines.extend("\t".join(("retired", *retired)) for retired in _RETIRED)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    FILE.write_text(text([Path(folder) for folder in sys.argv[1:]]), "utf-8", newline="\n")
