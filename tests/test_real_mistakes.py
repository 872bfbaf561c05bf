"""What people get wrong in real files: each mistake is found where it is made, and not once it is put right.

The number at the start of an id counts the mistakes that public files, guides and questions show. These leave
no sign in a file, or in a file with its repository, or not the whole of it:

- 1, no catalog attached: which catalogs a dev center has is not in the repository. A misspelt name is found.
- 4, "access denied": which rights an account has is known on the box alone. Commands in the wrong context are found.
- 22, a `downloadUrl` that needs a sign-in: only the server says so. A page of GitHub instead of the file is found.
- 40, a private resource that the image build cannot reach: whether a host can be reached depends on the network.
- 43, a tool just installed that is not on the `PATH` yet: installers differ in where they put it, and images in
  what they already have.
- 48, a user file below the root of a repository or of another name: it may be there to be uploaded, and then any
  place and name will do. A name that ends in `.yml` is found.
- 50, a catalog with tasks and image definitions: a repository may hold both, as the path that a catalog reads is
  set in the dev center. That two definitions share a name is found.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import NamedTuple

import pytest

import made_up_tokens
from devbox_lint.customization.catalog import Catalog
from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Diagnostic, Severity
from devbox_lint.engine import check
from devbox_lint.source import SourceFile
from devbox_lint_rules import RULES
from doubles import GivenFiles
from support import unmark

TOKEN = made_up_tokens.azure_devops(random.Random(12))
VAULT = "https://kv-contoso.vault.azure.net/secrets"
REPOSITORY = "https://dev.azure.com/contoso/web/_git/web"
AGENT = r"C:\ProgramData\Microsoft\DevBoxAgent\ImageDefinitions\catalog\web"
SCRIPTS = {f"tasks/install-tools/{name}.ps1": "exit $args.Count\n" for name in ("configure", "install")}
INSTALL_MSI = """\
$schema: 1.0
name: install-msi
command: ./install.ps1 -Path {{filePath}} -Arguments {{arguments}}
parameters:
  filePath:
    type: string
    required: true
  arguments:
    type: string
"""


class File(NamedTuple):
    """A file with ``«»`` around what is wrong."""

    kind: Kind
    path: str
    text: str


def team(*tasks: str, user_tasks: Iterable[str] = (), head: str = "name: web\nimage: gallery/web@1.0.0") -> File:
    return File(Kind.IMAGE, "images/web/imagedefinition.yaml", f"$schema: 1.0\n{head}\n{_lists(tasks, user_tasks)}")


def personal(*tasks: str, user_tasks: Iterable[str] = (), head: str = "name: mine") -> File:
    return File(Kind.USER, "workload.yaml", f"$schema: 1.0\n{head}\n{_lists(tasks, user_tasks)}")


def definition(*lines: str, head: str = "$schema: 1.0\nname: install-tools") -> File:
    return File(Kind.TASK, "tasks/install-tools/task.yaml", "\n".join((head, *lines, "")))


def entry(name: str, *parameters: str, **keys: str) -> str:
    """An entry of `tasks`; ``parameters`` are its lines under that key."""
    lines = [f"  - name: {name}", *(f"    {key}: {value}" for key, value in keys.items())]
    if parameters:
        lines += ["    parameters:", *("      " + line for line in parameters)]
    return "\n".join(lines) + "\n"


def command(*lines: str, name: str = "~/powershell") -> str:
    """An entry that runs a script of these lines."""
    return entry(name, "command: |", *("  " + line for line in lines))


def winget(*parameters: str) -> str:
    return entry("~/winget", *parameters)


def clone(*parameters: str, name: str = "~/gitclone") -> str:
    return entry(name, *parameters)


def _lists(tasks: Iterable[str], user_tasks: Iterable[str]) -> str:
    return "".join(f"{key}:\n{''.join(lines)}" for key, lines in (("tasks", tasks), ("userTasks", user_tasks)) if lines)


class Mistake(NamedTuple):
    """``repair`` gives what to write in place of what, ``path`` the name that the file should have.

    ``missed`` says why the mistake is not found.
    """

    title: str
    code: str
    file: File
    repair: dict[str, str]
    beside: dict[str, str] = {}
    path: str = ""
    missed: str = ""


_MSI = {"tasks/install-msi/task.yaml": INSTALL_MSI}
_PACKAGE = ("parameters:", "  package:", "    type: string")

MISTAKES = (
    Mistake(
        "1 a misspelt task", "DBX203", team(entry("«instal-msi»", r"filePath: C:\a.msi")), {"instal-": "install-"}, _MSI
    ),
    Mistake(
        "2 a system task of a standard user",
        "DBX702",
        personal(entry("«~/powershell»", "command: git config --system core.longpaths true")),
        {"tasks:": "userTasks:", "system": "global"},
    ),
    Mistake(
        "3 a title for an id",
        "DBX215",
        team(winget("package: «PowerToys (Preview)»")),
        {"PowerToys (Preview)": "Microsoft.PowerToys"},
    ),
    Mistake(
        "3 a name for an id",
        "DBX215",
        team(winget("package: «Azure Developer CLI»")),
        {"Azure Developer CLI": "Microsoft.Azd"},
    ),
    Mistake("3 a moniker for an id", "DBX215", personal(user_tasks=[winget("package: «git»")]), {"git": "Git.Git"}),
    Mistake(
        "4 the profile of the system account",
        "DBX705",
        team(command(r"Copy-Item C:\setup\.gitconfig «$env:USERPROFILE»\.gitconfig")),
        {"tasks:": "userTasks:"},
    ),
    Mistake(
        "4 administration without the rights",
        "DBX706",
        team(user_tasks=[command("«Enable-WindowsOptionalFeature» -Online -FeatureName Containers -NoRestart")]),
        {"userTasks:": "tasks:"},
    ),
    Mistake(
        "5 double quotes in a command",
        "DBX710",
        team(command('Set-Location «"C:\\Program Files\\Contoso"»')),
        {'"': "'"},
    ),
    Mistake(
        "6 an editor extension for nobody",
        "DBX701",
        team(command("«code --install-extension» ms-python.python")),
        {"tasks:": "userTasks:"},
    ),
    Mistake(
        "7 a Store app",
        "DBX216",
        team(user_tasks=[winget("package: «9P7KNL5RWT25»")]),
        {
            "~/winget": "~/powershell",
            "package: 9P7KNL5RWT25": "command: winget install 9P7KNL5RWT25 --source msstore --accept-source-agreements"
            " --accept-package-agreements",
        },
    ),
    Mistake(
        "8 winget waits for an answer",
        "DBX703",
        team(user_tasks=[command("«winget install» --id Git.Git --exact --silent")]),
        {"--silent": "--silent --accept-source-agreements --accept-package-agreements"},
    ),
    Mistake(
        "9 winget.exe as the system account",
        "DBX704",
        team(command("«winget install» --id Git.Git --accept-source-agreements --accept-package-agreements")),
        {"tasks:": "userTasks:"},
    ),
    Mistake(
        "10 a vault address without braces",
        "DBX304",
        team(clone(f"repositoryUrl: {REPOSITORY}", f"pat: «{VAULT}/pat»")),
        {f"{VAULT}/pat": f"'{{{{{VAULT}/pat}}}}'"},
    ),
    Mistake(
        "11 a secret on one's own box",
        "DBX314",
        team(clone(f"repositoryUrl: {REPOSITORY}", f"pat: '«{{{{{VAULT}/pat}}}}»'")),
        {f"      pat: '{{{{{VAULT}/pat}}}}'\n": ""},
    ),
    Mistake(
        "12 a token left after a test",
        "DBX401",
        personal(clone(f"repositoryUrl: {REPOSITORY}", f"pat: «{TOKEN}»")),
        {TOKEN: f"'{{{{{VAULT}/pat}}}}'"},
    ),
    Mistake(
        "12 a password left after a test",
        "DBX404",
        team(command("az login --service-principal -u 1 -p «MadeUp-Passw0rd» --tenant 2")),
        {"MadeUp-Passw0rd": f"{{{{{VAULT}/login}}}}"},
    ),
    Mistake(
        "12 a key left after a test",
        "DBX405",
        team(entry("acme/sign", "apiKey: «MadeUp-Passw0rd-1»")),
        {"MadeUp-Passw0rd-1": f"'{{{{{VAULT}/sign}}}}'"},
    ),
    Mistake(
        "13 the placeholder of the guide",
        "DBX305",
        team(clone(f"repositoryUrl: {REPOSITORY}", "pat: '«{{KEY_VAULT_SECRET_URI}}»'")),
        {"KEY_VAULT_SECRET_URI": f"{VAULT}/pat"},
    ),
    Mistake(
        "14 a reference without quotes",
        "DBX005",
        team(clone(f"repositoryUrl: {REPOSITORY}", f"pat: «{{{{{VAULT}/pat}}}}»")),
        {f"{{{{{VAULT}/pat}}}}": f"'{{{{{VAULT}/pat}}}}'"},
    ),
    Mistake(
        "15 a folder in double quotes",
        "DBX006",
        team(entry("~/powershell", "command: npm ci", 'workingDirectory: "C:«\\F»oo"')),
        {'"': "'"},
    ),
    Mistake("15 a script in double quotes", "DBX006", definition('command: ".«\\C»onfigure.ps1"'), {'"': "'"}),
    *(
        Mistake(
            f"15 a folder that became {what}",
            "DBX007",
            personal(clone("repositoryUrl: https://github.com/contoso/web", f'directory: "C:«{path[:2]}»{path[2:]}"')),
            {'"': "'"},
        )
        for what, path in (("a return", r"\repos"), ("a tab", r"\temp"), ("a line break", r"\new"))
    ),
    *(
        Mistake(
            f"15 {path} in double quotes",
            "DBX006",
            personal(
                user_tasks=[entry("~/powershell", "command: dir", f'workingDirectory: "C:«{path[:2]}»{path[2:]}"')]
            ),
            {'"': "'"},
        )
        for path in (r"\Users\me", r"\xampp", r"\unpacked")
    ),
    Mistake(
        "16 an entry of the preview",
        "DBX114",
        team(
            head="name: web\nimage: gallery/web@1.0.0\n«setupTasks»:\n  - «task»: ~/winget\n    «inputs»:\n"
            "      package: Git.Git"
        ),
        {"setupTasks": "tasks", "task:": "name:", "inputs": "parameters"},
    ),
    Mistake(
        "16 a definition of the preview",
        "DBX114",
        definition(
            "command: ./install.ps1 {{package}}",
            "«inputs»:",
            "  package:",
            "    type: string",
            "    «defaultValue»: Git.Git",
        ),
        {"inputs": "parameters", "defaultValue": "default"},
    ),
    Mistake(
        "17 a built-in task that is none",
        "DBX201",
        personal(clone(f"repositoryUrl: {REPOSITORY}", name="«~/git-clone»")),
        {"git-clone": "gitclone"},
    ),
    Mistake("18 winget without prefix", "DBX202", team(entry("«winget»", "package: Git.Git")), {"winget": "~/winget"}),
    Mistake(
        "18 powershell without prefix",
        "DBX202",
        personal(user_tasks=[command("git --version", name="«powershell»")]),
        {"powershell": "~/powershell"},
    ),
    Mistake(
        "19 the parameter of the older guide",
        "DBX204",
        team(winget(r"«configure»: C:\dev\tools.yaml")),
        {"configure:": "configurationFile:"},
    ),
    *(
        Mistake(
            f"20 {wrong} on {task}", "DBX204", team(entry(task, f"«{wrong}»: {value}")), {f"{wrong}: {value}": right}
        )
        for task, wrong, value, right in (
            ("~/winget", "install", "Git.Git", "package: Git.Git"),
            ("~/winget", "url", "https://contoso.com/tools.yaml", "downloadUrl: https://contoso.com/tools.yaml"),
            ("~/winget", "packages", "[{id: Git.Git}]", "package: Git.Git"),
            ("~/winget", "override", "--quiet", "package: Git.Git"),
            ("choco", "packages", "[git]", "package: git"),
        )
    ),
    Mistake(
        "20 install on choco",
        "DBX204",
        team(entry("choco", "«install»: git")),
        {"install: git": "package: git"},
    ),
    Mistake(
        "21 an address as a file",
        "DBX210",
        team(winget("configurationFile: «https://contoso.com/tools.yaml»")),
        {"configurationFile": "downloadUrl"},
    ),
    Mistake(
        "22 a page for a file",
        "DBX211",
        team(winget("downloadUrl: «https://github.com/contoso/setup/blob/main/tools.yaml»")),
        {"github.com": "raw.githubusercontent.com", "blob/": ""},
    ),
    Mistake(
        "23 runAsUser on a built-in task",
        "DBX204",
        team(winget("package: Git.Git", "«runAsUser»: true")),
        {"tasks:": "userTasks:", "      runAsUser: true\n": ""},
    ),
    Mistake(
        "24 seconds for minutes", "DBX214", definition("command: ./install.ps1", "timeout: «3600»"), {"3600": "60"}
    ),
    Mistake(
        "24 seconds for minutes again",
        "DBX214",
        definition("command: ./install.ps1", "timeout: «3900»"),
        {"3900": "65"},
    ),
    Mistake(
        "24 minutes for seconds", "DBX214", team(entry("~/winget", "package: Git.Git", timeout="«30»")), {"30": "1800"}
    ),
    Mistake(
        "24 one second",
        "DBX214",
        team(entry("~/winget", "package: Git.Git", timeout="«1»")),
        {"timeout: 1": "timeout: 60"},
    ),
    Mistake(
        "25 quotes around a placeholder",
        "DBX601",
        definition("command: ./install.ps1 -Package «'{{package}}'»", *_PACKAGE),
        {"'": ""},
    ),
    Mistake(
        "26 a placeholder of no parameter",
        "DBX602",
        definition("command: ./install.ps1 {{package}} «{{version}}»", *_PACKAGE),
        {" {{version}}": ""},
    ),
    Mistake(
        "26 a parameter without use",
        "DBX603",
        definition("command: ./install.ps1", "parameters:", "  «package»:", "    type: string"),
        {".ps1": ".ps1 {{package}}"},
    ),
    Mistake("27 a script that is not there", "DBX604", definition("command: «./main.ps1»"), {"main": "install"}),
    Mistake(
        "27 another script that is not there",
        "DBX604",
        definition("command: powershell -File «.\\runcommand.ps1» -Source https://contoso.com/setup.ps1"),
        {"runcommand": "install"},
    ),
    Mistake(
        "28 the example of another task",
        "DBX605",
        definition("command: ./install.ps1", "documentation:", "  examples:", "    - name: «git-clone»"),
        {"git-clone": "install-tools"},
    ),
    Mistake(
        "28 an example with another parameter",
        "DBX605",
        definition(
            "command: ./install.ps1 {{package}}",
            *_PACKAGE,
            "documentation:\n  examples:\n    - name: install-tools\n      parameters:\n        «curl»: https://contoso.com/a.msi",
        ),
        {"curl: https://contoso.com/a.msi": "package: Git.Git"},
    ),
    Mistake(
        "29 a parameter that the task has not",
        "DBX204",
        team(entry("install-msi", "«sourceURL»: https://contoso.com/a.msi")),
        {"sourceURL: https://contoso.com/": "filePath: C:\\"},
        _MSI,
    ),
    Mistake(
        "29 a required parameter is missing",
        "DBX205",
        team(entry("«install-msi»", "arguments: /quiet")),
        {"arguments: /quiet": r"filePath: C:\a.msi"},
        _MSI,
    ),
    Mistake(
        "30 two definitions of one name",
        "DBX115",
        team(winget("package: Git.Git"), head="name: «web»\nimage: gallery/web@1.0.0"),
        {"name: web": "name: web-two"},
        {"images/other/imagedefinition.yaml": "$schema: 1.0\nname: web\nimage: gallery/web@1.0.0\n"},
    ),
    Mistake(
        "31 a name with a space",
        "DBX110",
        team(winget("package: Git.Git"), head="name: web« »team\nimage: gallery/web@1.0.0"),
        {"web team": "web-team"},
    ),
    Mistake(
        "31 a short name",
        "DBX110",
        definition("command: ./install.ps1", head="$schema: 1.0\nname: «vs»"),
        {"name: vs": "name: vs-code"},
    ),
    Mistake(
        "32 a team file without image",
        "DBX101",
        File(
            Kind.IMAGE,
            "images/web/imagedefinition.yaml",
            f"«$schema»: 1.0\nname: web\ntasks:\n{winget('package: Git.Git')}",
        ),
        {"name: web\n": "name: web\nimage: gallery/web@1.0.0\n"},
    ),
    Mistake(
        "32 an image in a user file",
        "DBX104",
        personal(user_tasks=[winget("package: Git.Git")], head="name: mine\n«image»: gallery/web@1.0.0"),
        {"image: gallery/web@1.0.0\n": ""},
    ),
    Mistake(
        "33 no schema version",
        "DBX107",
        definition("command: ./install.ps1", head="«name»: install-tools"),
        {"name:": "$schema: 1.0\nname:"},
    ),
    *(
        Mistake(
            f"34 the type {wrong}",
            "DBX606",
            definition("command: ./install.ps1 {{value}}", "parameters:", "  value:", f"    type: «{wrong}»"),
            {f"type: {wrong}": f"type: {right}"},
        )
        for wrong, right in (
            ("int", "number"),
            ("integer", "number"),
            ("double", "number"),
            ("bool", "boolean"),
            ("array", "string"),
        )
    ),
    Mistake(
        "35 a version as a number",
        "DBX206",
        team(winget("package: Python.Python.3.10", "version: «3.10»")),
        {"version: 3.10": "version: '3.10'"},
    ),
    Mistake(
        "36 a version of another package",
        "DBX227",
        team(winget("package: Python.Python.3.12", "version: «3.11.0»")),
        {"3.11.0": "3.12.0"},
    ),
    Mistake(
        "37 a relative script",
        "DBX217",
        team(entry("~/powershell", "script: «./setup.ps1»")),
        {".ps1": ".ps1", "./": AGENT + "\\"},
        {"images/web/setup.ps1": "exit 0\n"},
    ),
    Mistake(
        "37 a relative configuration",
        "DBX217",
        team(winget("configurationFile: «tools.yaml»")),
        {"tools": AGENT + r"\tools"},
        {"images/web/tools.yaml": "a: 1\n"},
    ),
    Mistake(
        "37 a copied file that is not there",
        "DBX218",
        team(winget(rf"configurationFile: {AGENT}\«tool.yaml»")),
        {"tool.yaml": "tools.yaml"},
        {"images/web/tools.yaml": "a: 1\n"},
    ),
    Mistake(
        "38 code as the path of a script",
        "DBX212",
        team(entry("~/powershell", "«script»: |", "  $folder = 'C:\\dev'", "  New-Item -ItemType Directory $folder")),
        {"script:": "command:"},
    ),
    Mistake(
        "39 a script beside a command",
        "DBX208",
        team(entry("~/powershell", "command: Get-Date", r"«script»: C:\dev\setup.ps1")),
        {"command: Get-Date\n      ": ""},
    ),
    *(
        Mistake(
            f"41 {what} in the address of a clone",
            "DBX220",
            personal(
                clone(f"repositoryUrl: https://dev.azure.com/{address}", "pat: '{{ado://contoso}}'", name="git-clone")
            ),
            {wrong: right},
        )
        for what, address, wrong, right in (
            ("a space", "contoso/«My%20Project»/_git/web", "My%20Project", "my-project"),
            ("an underscore", "contoso/web/_git/«my_web»", "my_web", "my-web"),
            ("a hyphen", "«contoso-dev»/web/_git/web", "contoso-dev", "contoso"),
        )
    ),
    Mistake(
        "41 a space as such in the address of a clone",
        "DBX220",
        personal(
            clone("repositoryUrl: https://dev.azure.com/contoso/«My Project»/_git/web", "pat: '{{ado://contoso}}'")
        ),
        {"My Project": "my-project"},
    ),
    Mistake(
        "42 a clone that waits for the first sign-in",
        "DBX219",
        team(clone(f"repositoryUrl: «{REPOSITORY}»")),
        {REPOSITORY: f"{REPOSITORY}\n      pat: '{{{{{VAULT}/pat}}}}'"},
    ),
    Mistake(
        "44 a slow download",
        "DBX709",
        team(command("«Invoke-WebRequest» -Uri https://contoso.com/a.msi -OutFile C:\\a.msi")),
        {"Invoke": "$ProgressPreference = 'SilentlyContinue'\n        Invoke"},
    ),
    Mistake(
        "44 a slow download by another name",
        "DBX709",
        team(command("«wget» https://contoso.com/a.msi -OutFile C:\\a.msi")),
        {"wget": "$ProgressPreference = 'SilentlyContinue'\n        wget"},
    ),
    Mistake(
        "45 a restart in a script",
        "DBX708",
        team(command("wsl --install --no-launch", "«Restart-Computer» -Force")),
        {"        Restart-Computer -Force\n": ""},
    ),
    Mistake(
        "45 a restart in a task",
        "DBX708",
        definition("command: |", "  ./install.ps1", "  «shutdown» /r /t 0"),
        {"  shutdown /r /t 0": "rebootRequired: true"},
    ),
    Mistake(
        "46 a user's token in a team file",
        "DBX307",
        team(clone(f"repositoryUrl: {REPOSITORY}", "pat: '«{{ado://contoso}}»'")),
        {"ado://contoso": f"{VAULT}/pat"},
    ),
    Mistake("47 two commands joined", "DBX711", team(command(r"cd C:\src «&&» npm ci")), {" && ": "; "}),
    Mistake(
        "47 a default of PowerShell 7",
        "DBX711",
        team(command("$channel = $env:CHANNEL «??» 'stable'")),
        {"= $env:CHANNEL ?? 'stable'": "= 'stable'"},
    ),
    Mistake(
        "48 a user file that ends in yml",
        "DBX116",
        File(Kind.USER, "workload.yml", f"«»name: mine\nuserTasks:\n{winget('package: Git.Git')}"),
        {},
        path="workload.yaml",
    ),
    Mistake("49 no parameters", "DBX118", definition("command: ./install.ps1", "«parameters»:"), {"parameters:\n": ""}),
    Mistake(
        "49 a required value is empty",
        "DBX118",
        personal(clone("«repositoryUrl»:", r"directory: C:\src")),
        {"Url:": "Url: https://github.com/contoso/web"},
    ),
)


def parameters(with_missed: bool) -> list[object]:
    return [
        pytest.param(
            mistake,
            id=f"{mistake.code}-{mistake.title}",
            marks=pytest.mark.xfail(strict=True, reason=mistake.missed) if mistake.missed and with_missed else (),
        )
        for mistake in MISTAKES
    ]


def found(mistake: Mistake, path: str, text: str) -> list[Diagnostic]:
    """All that is said of a file."""
    file = mistake.file
    catalog = Catalog(GivenFiles({path: text, **SCRIPTS, **mistake.beside}))
    result = check(SourceFile(path, text), RULES, file.kind, catalog=catalog)
    assert not result.crashes
    return list(result.diagnostics)


@pytest.mark.parametrize("mistake", parameters(True))
def test_a_mistake_is_found_exactly_where_it_is_made(mistake: Mistake) -> None:
    text, spans = unmark(mistake.file.text)

    diagnostics = found(mistake, mistake.file.path, text)

    assert spans
    assert [item.span for item in diagnostics if item.code == mistake.code] == spans, diagnostics


@pytest.mark.parametrize("mistake", parameters(False))
def test_a_repaired_mistake_leaves_nothing_to_warn_of(mistake: Mistake) -> None:
    text, _ = unmark(mistake.file.text)
    for wrong, right in mistake.repair.items():
        assert wrong in text
        text = text.replace(wrong, right)

    diagnostics = found(mistake, mistake.path or mistake.file.path, text)

    assert [item for item in diagnostics if item.code == mistake.code or item.severity > Severity.INFO] == [], text
