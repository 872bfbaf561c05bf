"""DBX718: a program that waits for somebody at the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from devbox_lint.customization.scripts import Script
from devbox_lint.diagnostics import Edit, Finding, Fix, Severity, Span
from devbox_lint.powershell import Argument, Call
from devbox_lint.rule import IMAGE, SCRIPT, TASK, USER, Context, Example, Rule
from devbox_lint.startup import NamedTuple, lazy
from devbox_lint_rules.scripts._scripts import RUNNERS, scripts_of


class _Family(NamedTuple):
    """Installers that are of one make: what their files are called, and what keeps them from asking."""

    name: str
    silent: str


_FAMILIES = (
    (lazy(r"docker[ _-]?desktop.*"), _Family("Docker Desktop", "install --quiet --accept-license")),
    (
        lazy(
            r"vs_(?:buildtools|community|professional|enterprise|testagent|teamexplorer|setup|installer|remotetools).*"
        ),
        _Family("Visual Studio", "--quiet --wait --norestart"),
    ),
    (
        lazy(
            r"vc_?redist.*|(?:dotnet-(?:sdk|runtime|hosting)|windowsdesktop-runtime|aspnetcore-runtime)-.*|winsdksetup|adksetup"
        ),
        _Family("WiX", "/install /quiet /norestart"),
    ),
    (
        lazy(r"vscode.*setup.*|git-[0-9].*|azuredatastudio-.*|winscp-.*"),
        _Family("Inno Setup", "/VERYSILENT /NORESTART"),
    ),
    (lazy(r"python-[0-9].*"), _Family("Python", "/quiet InstallAllUsers=1")),
    (lazy(r"ssms-setup.*"), _Family("SQL Server Management Studio", "/install /quiet /norestart")),
    (lazy(r"sqlexpr.*|sql[0-9]{4}-.*|sqlserver[0-9]{4}.*"), _Family("SQL Server", "/Q /IACCEPTSQLSERVERLICENSETERMS")),
    (
        lazy(
            r"7z[0-9]{3,4}(?:-.*)?|npp\.[0-9].*|(?:idea|pycharm|webstorm|phpstorm|rider|goland|clion|datagrip)[a-z]*-?[0-9].*"
            r"|jetbrains-toolbox.*|(?:ana|mini)conda3-.*|wireshark-.*|vlc-[0-9].*|rstudio-.*|firefox setup .*"
        ),
        _Family("NSIS", "/S"),
    ),
    (lazy(r"postman-.*|slacksetup.*|githubdesktopsetup.*"), _Family("Squirrel", "--silent")),
    (lazy(r"rustup-init"), _Family("rustup", "-y")),
)
# Any of these keeps a program from asking, or has it do something else than to install.
_SILENT = lazy(
    r"[/-]{1,2}(?:q[srbn]?|quiet|passive|s|silent|verysilent|layout|uninstall|extract|x|\?|h|help|version|v.*|c|config\w*"
    r"|mode|unattended\w*|y|accept.*|exenoui|confirm-command|loadinf|f1.*|import|export|nowindow)(?:[:=!+].*)?"
)
_INSTALLER = lazy(r".*(?:setup|installer|install)[^a-z]*(?:x64|x86|win64|win32|amd64|arm64)?[^a-z]*")
# Arguments that answer no question: a program that is given these alone still asks.
_OF_NO_HELP = frozenset((
    "install", "--wait", "--norestart", "/norestart", "/install", "-install", "--install", "/promptrestart", "-wait",
))  # fmt: skip
_CONFIRMED = lazy(r"-[a-z]*y[a-z]*|--yes|--confirm|--noop|--whatif|-whatif|-[?h]|--help|--no-?op|-n")
_SILENT_MSI = lazy(r"[/-](?:q[nbr]?[!+-]{0,2}|quiet|passive)")
_MSI_ACTIONS = frozenset(("/i", "-i", "/package", "-package", "/x", "-x", "/uninstall", "-uninstall"))
_WORDS = (
    "setup", "install", "msi", "noexit", "noe", "cmd", "wusa", "vs_", "redist", "python-", "git-", "rustup", "choco",
    "cinst", "dotnet-", "runtime", "sqlexpr", "7z", "npp", "idea", "pycharm", "webstorm", "rider", "toolbox", "conda",
    "wireshark", "vlc", "rstudio", "postman", "slack", "azuredata", "winscp", "goland", "clion", "datagrip", "phpstorm",
)  # fmt: skip
#: What asks before it installs from a gallery that is not trusted, or without a provider for it.
_GALLERY = frozenset((
    "install-module", "install-script", "install-package", "install-packageprovider", "install-psresource",
))  # fmt: skip
#: What answers for all that a script installs.
_ANSWERED = ("set-psrepository", "register-psrepository", "$confirmpreference", "$psdefaultparametervalues", "-trusted")


class WaitsForAPerson(Rule):
    """
    An installer is started without the switch that keeps it from asking, `choco install` without `-y`,
    `Install-Module` without `-Force`, `wsl --install` without `--no-launch`, PowerShell with `-NoExit`, or `cmd` with
    `/k`.

    Why: Nobody sees the window. The task waits until its timeout, and fails then.

    Fix: Add the switch of that installer, such as `/qn` for an MSI and `--quiet` for Visual Studio.
    """

    code = "DBX718"
    name = "waits-for-a-person"
    severity = Severity.WARNING
    needs = _WORDS
    kinds = frozenset((IMAGE, USER, TASK, SCRIPT))
    references = (
        "https://learn.microsoft.com/windows-server/administration/windows-commands/msiexec",
        "https://learn.microsoft.com/visualstudio/install/use-command-line-parameters-to-install-visual-studio",
        "https://docs.docker.com/desktop/setup/install/windows-install/",
        "https://learn.microsoft.com/windows/wsl/basic-commands",
    )
    see = ("DBX209", "DBX705")
    bad = (
        Example(
            IMAGE,
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        Start-Process -Wait -FilePath '«.\\DockerDesktopInstaller.exe»'\n"
            "        «msiexec» /i C:\\a.msi /norestart\n        powershell.exe «-noexit» -file C:\\a.ps1\n",
            "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n"
            "        Start-Process -Wait -FilePath '.\\DockerDesktopInstaller.exe'\n"
            "        msiexec /i C:\\a.msi /norestart /qn\n        powershell.exe -file C:\\a.ps1\n",
        ),
        Example(
            SCRIPT,
            "& «C:\\vs_buildtools.exe» --norestart\n«wsl --install» -d Ubuntu\ncmd «/k» dir\n«wusa» a.msu /norestart\n"
            "Start-Process «C:\\node.msi» -Wait\n",
            "& C:\\vs_buildtools.exe --norestart\nwsl --install -d Ubuntu --no-launch\ncmd /c dir\n"
            "wusa a.msu /norestart /quiet\nStart-Process C:\\node.msi -Wait\n",
        ),
        Example(
            SCRIPT,
            "«choco install» git\n«Install-Module» Az -Scope AllUsers\n"
            "Start-Process «C:\\python-3.12.0-amd64.exe» -ArgumentList 'InstallAllUsers=1' -Wait\n"
            "Start-Process -Wait «$env:TEMP\\vs_enterprise.exe»\n",
            "choco install git -y\nInstall-Module Az -Scope AllUsers -Force\n"
            "Start-Process C:\\python-3.12.0-amd64.exe -ArgumentList 'InstallAllUsers=1' -Wait\n"
            "Start-Process -Wait $env:TEMP\\vs_enterprise.exe\n",
        ),
    )
    good = (
        Example(
            SCRIPT,
            "choco install git -y --no-progress; choco upgrade all -dvy; cinst git --confirm; choco install @p\n"
            "choco install git $more; choco list; choco install git --noop\n"
            "Install-Module Az -Force; Install-Module Az -Confirm:$false; Install-Module @p; Install-Module Az $a\n"
            "& $env:TEMP\\vs_buildtools.exe --add a --quiet; ./python-3.12.0.exe /passive; ./7z.exe x a\n"
            "Start-Process $installer -Wait; dotnet-ef.exe database update; ./vs_code_helper.exe a\n",
            shown=False,
        ),
        Example(
            SCRIPT,
            "choco feature enable -n=allowGlobalConfirmation\nchoco install git\n"
            "Install-PackageProvider NuGet -Force\nSet-PSRepository PSGallery -InstallationPolicy Trusted\n"
            "Install-Module Az\n",
        ),
        Example(
            SCRIPT,
            "Start-Process a-setup.exe -ArgumentList '/S' -Wait\nmsiexec /i a.msi /qn\n./vs_x.exe --quiet --wait\n"
            "wsl --install -d Ubuntu --no-launch\npowershell -NoProfile -File a.ps1\ncmd /c dir\n",
        ),
        Example(
            SCRIPT,
            "Start-Process a-setup.exe -ArgumentList $arguments -Wait\nmsiexec /i a.msi $quiet\nmsiexec @p\n"
            "Start-Process setup.exe '/configure a.xml'\n./setup.exe --mode unattended\nnpm install\n./install.ps1\n"
            "msiexec /a a.msi TARGETDIR=C:\\a\nwsl --install --no-distribution\nwsl --update\n"
            'Start-Process msiexec "/i a.msi $more"\n'
            "Start-Process 'C:\\a\\setup.exe' -ArgumentList @('/s', '/v\"/qn\"')\n"
            "& $setup\nWrite-Host 'setup.exe'\nGet-Item a-setup.exe\n'y' | ./setup.exe\n./installutil.exe a\n",
            shown=False,
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for script in scripts_of(context):
            if script.holds(*_WORDS):
                for call in script.syntax.calls:
                    finding = _judge(script, call)
                    if finding is not None:
                        yield finding


def _judge(script: Script, call: Call) -> Finding | None:
    program = call.program
    words = [argument.text.lower() for argument in call.arguments]
    if program in ("powershell", "pwsh"):
        return _no_exit(script, call)
    if program == "cmd":
        return _stays(script, call, words)
    if call.piped or _hides(script, call):
        return None
    if program in ("choco", "cinst"):
        return _choco(script, call, words)
    if call.name in _GALLERY:
        return _gallery(script, call, words)
    if program == "wsl":
        return _wsl(script, call, words)
    if program == "msiexec":
        if not _MSI_ACTIONS.isdisjoint(words) and not any(_SILENT_MSI.fullmatch(word) for word in words):
            return _silent(script, call, "`msiexec` asks before it installs, and nobody answers: add `/qn`", "/qn")
        return None
    if program == "wusa":
        if words and not any(word.startswith(("/quiet", "/extract", "/uninstall", "/?")) for word in words):
            return _silent(script, call, "`wusa` asks before it installs, and nobody answers: add `/quiet`", "/quiet")
        return None
    return _installer(script, call, words)


def _hides(script: Script, call: Call) -> bool:
    """Whether some of the arguments are in a variable, or come from another command."""
    arguments: Sequence[Argument] = call.arguments
    outer = call.outer
    if outer is not None and outer.program in RUNNERS:
        arguments = (*arguments, *outer.arguments)
    return any(
        "$" in word.text or word.text[:1] in ("@", "(", "{")
        for word in arguments
        # The path of the program itself may begin with a variable.
        if word.quote != "'" and not word.start <= call.start < word.end
    )


def _choco(script: Script, call: Call, words: list[str]) -> Finding | None:
    is_short = call.program == "cinst"
    if not words or not (is_short or words[0] in ("install", "upgrade", "uninstall")):
        return None
    if script.holds("allowglobalconfirmation") or any(_CONFIRMED.fullmatch(word) for word in words):
        return None
    finding = _silent(script, call, "`choco` asks before it installs, and nobody answers: add `-y`", "-y")
    return finding if is_short else finding._replace(span=script.span(call.start, call.arguments[0].end))


def _gallery(script: Script, call: Call, words: list[str]) -> Finding | None:
    if script.holds(*_ANSWERED) or any(
        word.startswith(("-f", "-conf", "-trust", "-accept", "-quiet", "-whatif")) for word in words
    ):
        return None
    switch = "-TrustRepository" if call.program == "install-psresource" else "-Force"
    shown = script.written(call)
    return _silent(script, call, f"`{shown}` asks whether it may install, and nobody answers: add `{switch}`", switch)


def _installer(script: Script, call: Call, words: list[str]) -> Finding | None:
    name = call.name.replace("\\", "/").rsplit("/", 1)[-1]
    if name.endswith(".msi"):
        message = "an MSI asks before it installs, and nobody answers: run it with `msiexec /i FILE /qn`"
        return Finding(_place(script, call), message) if not words else None
    if not name.endswith(".exe"):
        # `Start-Process` and the call operator find a program without its suffix too, but no installer is called so.
        return None
    stem = name.removesuffix(".exe")
    family = next((made for pattern, made in _FAMILIES if pattern.fullmatch(stem)), None)
    if family is None and not _INSTALLER.fullmatch(stem):
        return None
    if any(_SILENT.fullmatch(word) or (family is None and word not in _OF_NO_HELP) for word in words):
        return None
    if family is not None and family.silent == "-y" and words:
        return None
    shown = script.written(call)
    if family is None:
        advice = "give it the switch with which it asks nothing, such as `/S` or `/quiet`"
    else:
        advice = f"add `{family.silent}`"
    return Finding(_place(script, call), f"`{shown}` waits for somebody to click, and nobody is there: {advice}")


def _place(script: Script, call: Call) -> Span:
    """Where the name stands, without its quotes."""
    start, end = call.start, call.name_end
    while start < end and script.text[start] in "'\"":
        start += 1
    while end > start and script.text[end - 1] in "'\"":
        end -= 1
    return script.span(start, end)


def _silent(script: Script, call: Call, message: str, switch: str) -> Finding:
    fix = None
    if call.outer is None and call.arguments:
        last = call.arguments[-1]
        place = script.span(last.end, last.end)
        # A property of an MSI is written after its switches as well as before them.
        fix = Fix(f"add `{switch}`", (Edit(place, f" {switch}"),))
    return Finding(_place(script, call), message, fix=fix)


def _wsl(script: Script, call: Call, words: list[str]) -> Finding | None:
    if "--install" not in words or not {"--no-launch", "-n", "--no-distribution", "--help", "--"}.isdisjoint(words):
        return None
    index = words.index("--install")
    last = call.arguments[-1]
    fix = None
    if call.outer is None:
        place = script.span(last.end, last.end)
        fix = Fix("add `--no-launch`", (Edit(place, " --no-launch"),))
    start = call.start if call.outer is None else call.arguments[index].start
    return Finding(
        script.span(start, call.arguments[index].end),
        "`wsl --install` opens the distribution, which asks for a name and a password: add `--no-launch`",
        fix=fix,
    )


def _no_exit(script: Script, call: Call) -> Finding | None:
    for index, argument in enumerate(call.arguments):
        word = argument.text.lower()
        if argument.quote or word in ("-file", "-f", "-command", "-c") or not word.startswith("-"):
            if argument.quote or not word.startswith("-"):
                continue
            return None
        if len(word) > 3 and "-noexit".startswith(word):
            before = call.arguments[index - 1].end if index else call.name_end
            fix = None
            if call.outer is None:
                fix = Fix("remove it", (Edit(script.span(before, argument.end), ""),))
            return Finding(
                script.span(argument.start, argument.end),
                f"with `{argument.text}` PowerShell does not end, and the task waits for it until its timeout:"
                " remove it",
                fix=fix,
            )
    return None


def _stays(script: Script, call: Call, words: list[str]) -> Finding | None:
    for argument, word in zip(call.arguments, words, strict=True):
        if word == "/c":
            return None
        if word == "/k":
            place = script.span(argument.start, argument.end)
            fix = Fix("write `/c`", (Edit(place, "/c"),)) if not argument.quote else None
            message = f"with `{argument.text}` the command prompt stays open, and the task waits for it: write `/c`"
            return Finding(place, message, fix=fix)
    return None
