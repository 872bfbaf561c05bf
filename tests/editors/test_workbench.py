"""The extension in the real workbench of VS Code; run by ``nox -s workbench``."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from devbox_lint import __version__
from editors.editing import BROKEN, Project, place, repaired
from editors.workbench import INSTALLED, OURS, Workbench, package_other, workbench

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not INSTALLED.is_dir(), reason="`nox -s workbench` installs what this needs"),
]

NAME = "imagedefinition.yaml"
VSIX = OURS / "dist" / "devbox-lint.vsix"
LANGUAGE_SERVER = INSTALLED / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"

#: Which devbox-lint runs: the one of the workspace, the built-in one of the desktop, and that of a browser's own host.
SERVERS = ("installed", "built-in", "web")
IN_BROWSER = {"remote.extensionKind": {"devbox-lint.devbox-lint": ["web"]}}


@pytest.fixture
def bare(tmp_path: Path) -> Project:
    """A folder with a broken file, and neither devbox-lint nor Python nor anything else on PATH."""
    project = Project(tmp_path)
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    project.shown["PATH"] = str(nothing)
    return project


@pytest.fixture
def project(bare: Project) -> Project:
    """The same folder with a Python environment that has devbox-lint."""
    environment = bare.folder / ".venv" / "bin"
    environment.mkdir(parents=True)
    (environment / "devbox-lint").symlink_to(bare.program)
    return bare


@pytest.fixture(params=SERVERS)
def served(request: pytest.FixtureRequest, bare: Project) -> tuple[Project, dict[str, Any]]:
    """The folder and the settings with which one of the servers runs."""
    if request.param == "installed":
        request.getfixturevalue("project")
    return bare, IN_BROWSER if request.param == "web" else {}


def units(text: str) -> int:
    """The length of a text as VS Code counts it."""
    return len(text.encode("utf-16-le")) // 2


def rows(project: Project) -> list[str]:
    """What the panel of problems is to show of the broken file."""
    lines = BROKEN.splitlines()
    shown = []
    for finding in project.findings():
        at = place(finding)
        position = f"[Ln {at.line + 1}, Col {units(lines[at.line][: at.start]) + 1}]"
        shown.append(f"{finding['message']} devbox-lint {at.code} {position}{said_of(finding)}")
    return sorted(shown)


def said_of(finding: dict[str, Any]) -> str:
    """The help that a message ends with where no quick fix says it."""
    return "" if finding["fix"] or not finding["help"] else f" help: {' '.join(finding['help'].split())}"


def wait_for_rows(window: Workbench, wanted: list[str]) -> None:
    """Wait until the panel shows these problems and no others."""
    window.wait(lambda: sorted(window.problems()) == wanted, lambda: f"{window.problems()} instead of {wanted}")


def test_what_is_seen_and_repaired_with_the_keyboard(
    served: tuple[Project, dict[str, Any]], request: pytest.FixtureRequest
) -> None:
    project, settings = served
    which = request.node.callspec.params["served"]
    findings = project.findings()
    chosen = next(finding for finding in findings if finding["message"].startswith("secrets are under"))
    at = place(chosen)
    line = BROKEN.splitlines()[at.line]
    column = units(line[: at.start]) + 1
    with workbench(project, [VSIX], settings) as window:
        window.open("task.yaml")
        assert "Not checked" in window.language_status()
        window.open(NAME)
        window.squiggles().first.wait_for()
        window.say(f"first squiggle, {which}")
        wait_for_rows(window, rows(project))
        link = window.page.locator(".markers-panel a", has_text="DBX005")
        assert link.get_attribute("href") == next(f["url"] for f in findings if f["code"] == "DBX005")
        window.picture(f"problems-{which}")
        status = window.language_status()
        assert f"devbox-lint {__version__} Checked as a team file" in status
        assert ("Built-in server" in status) == (which != "installed")
        window.picture(f"status-{which}")
        window.page.keyboard.press("Escape")

        window.go_to(at.line + 1, column + 1)
        window.command("Show or Focus Hover")
        hover = window.page.locator(".monaco-hover", has_text=chosen["message"])
        hover.first.wait_for()
        assert hover.locator(f'a[data-href="{chosen["url"]}"], a[href="{chosen["url"]}"]').count() >= 1
        window.picture(f"hover-{which}")
        window.page.keyboard.press("Escape")

        window.quick_fix(chosen["fix"]["message"], picture=f"quick-fix-{which}")
        window.save()
        assert project.broken.read_text("utf-8") == repaired(BROKEN, chosen)

        started = time.monotonic()
        window.go_to(2, 1)
        window.page.keyboard.type("nome: x\n")
        window.wait(lambda: any("nome" in row for row in window.problems()), lambda: "nothing said of `nome`")
        print(f"a word typed and marked: {time.monotonic() - started:.1f} s")


def test_all_is_repaired_on_save(served: tuple[Project, dict[str, Any]]) -> None:
    project, settings = served
    on_save = {"editor.codeActionsOnSave": {"source.fixAll.devbox-lint": "explicit"}}
    with workbench(project, [VSIX], settings | on_save) as window:
        window.open(NAME)
        window.squiggles().first.wait_for()
        window.page.keyboard.type("\n")
        window.save()
        window.picture("fix-all")

    left = project.broken.read_text("utf-8")
    project.broken.write_text(f"\n{BROKEN}", "utf-8")
    project.devbox_lint("check", "--fix", str(project.broken))
    assert left == project.broken.read_text("utf-8")


USES = """\
$schema: "1.0"
name: web
parameters:
  tool:
    type: string
    required: true
tasks:
  - name: ~/winget
    parameters:
      package: "{{tool}}"
"""


def test_a_task_is_written_and_a_parameter_renamed(served: tuple[Project, dict[str, Any]]) -> None:
    project, settings = served
    written = project.folder / "workload.yaml"
    written.write_text(USES, "utf-8")
    with workbench(project, [VSIX], settings) as window:
        window.open("workload.yaml")
        window.wait(lambda: "Checked as a user" in window.language_status(), window.language_status)
        window.page.keyboard.press("Escape")
        window.go_to(4, 4)
        window.rename("editor")
        window.page.keyboard.press("Control+End")
        window.page.keyboard.type("  - ")
        window.complete("~/gitclone", picture="completion")
        window.page.keyboard.type("https://github.com/contoso/web")
        window.page.keyboard.press("Escape")
        window.picture("written")
        window.save()

    text = written.read_text("utf-8")
    assert text.startswith(USES.replace("tool", "editor"))
    assert "  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://github.com/contoso/web" in text


TASK = """\
name: install-tool
description: Installs a tool
parameters:
  edition:
    type: string
    required: true
command: ./install.ps1 -Edition {{edition}}
"""
TEAM = """\
$schema: "1.0"
name: NAME
image: microsoftvisualstudio_visualstudioplustools_vs-2022-ent-general-win11-m365-gen2
tasks:
  - name: install-tool
    parameters:
      edition: small
"""


def test_a_parameter_of_a_task_is_renamed_in_three_files(served: tuple[Project, dict[str, Any]]) -> None:
    project, settings = served
    files = {
        "Tasks/install-tool/task.yaml": TASK,
        "Tasks/install-tool/install.ps1": "param([string]$Edition)\nWrite-Host $Edition\n",
        "web/imagedefinition.yaml": TEAM.replace("NAME", "web"),
        "site/imagedefinition.yaml": TEAM.replace("NAME", "site"),
    }
    project.broken.unlink()
    project.lookalike.unlink()
    for name, text in files.items():
        (project.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (project.folder / name).write_text(text, "utf-8")
    with workbench(project, [VSIX], settings) as window:
        window.open("task.yaml")
        window.wait(lambda: "Checked as a task" in window.language_status(), window.language_status)
        window.page.keyboard.press("Escape")
        window.go_to(4, 5)
        window.rename("flavour")
        renamed = {
            name: text.replace("edition", "flavour").replace("Edition", "Flavour") for name, text in files.items()
        }
        window.wait(
            lambda: {name: (project.folder / name).read_text("utf-8") for name in files} == renamed,
            lambda: "\n".join((project.folder / name).read_text("utf-8") for name in files),
        )
        # The script is another now, which the definition is held against.
        window.wait(lambda: not any("Flavour" in row for row in window.problems()), lambda: str(window.problems()))
        window.picture("renamed")


def test_the_commands_of_the_palette(bare: Project) -> None:
    bare.broken.write_text(repaired_by_all(bare), "utf-8")
    with workbench(bare, [VSIX], {}) as window:
        window.open(NAME)
        window.squiggles().first.wait_for()
        window.command("devbox-lint: Export to WinGet Configuration")
        window.page.locator(".editor-instance .view-lines", has_text="configurationVersion").first.wait_for()
        window.picture("export")
        window.command("devbox-lint: Check with Azure")
        window.page.locator(".notification-toast", has_text="asks nobody anything").wait_for()
        window.picture("azure")


def repaired_by_all(project: Project) -> str:
    """The broken file after all safe repairs."""
    project.devbox_lint("check", "--fix", str(project.broken))
    return project.broken.read_text("utf-8")


def test_yaml_of_others_starts_nothing(bare: Project) -> None:
    bare.broken.unlink()
    with workbench(bare, [VSIX], {}) as window:
        window.open("task.yaml")
        assert "Not checked" in window.language_status()
        window.page.keyboard.press("Escape")
        assert "Starting" not in window.log()
        assert window.page.locator(".notification-toast").count() == 0


#: A file as it might be before anybody has looked at it; its pictures are those of the marketplace.
SHOWN = """\
$schema: "1.0"
name: web-team
image: microsoftvisualstudio_visualstudioplustools_vs-2022-ent-general-win11-m365-gen2
tasks:
  - name: ~/winget
    displayName: Git
    parameters:
      packge: Git.Git
  - name: ~/powershell
    parameters:
      command: |
        $folder = 'C:\\Workspaces'
        New-Item -ItemType Directory -Path $folder -Force
        git config --system credential.helper manager
  - name: ~/gitclone
    parameters:
      repositoryUrl: https://dev.azure.com/contoso/Web/_git/site
      pat: {{https://contoso-web.vaults.azure.net/secrets/site-pat}}
"""


#: No more around the text than it takes.
PLAIN = {
    "editor.minimap.enabled": False,
    "window.commandCenter": False,
    "window.title": "${activeEditorShort}",
}


def test_the_pictures_of_the_marketplace(bare: Project) -> None:
    bare.broken.write_text(SHOWN, "utf-8")
    bare.lookalike.unlink()
    with workbench(bare, [VSIX], PLAIN) as window:
        window.page.set_viewport_size({"width": 1100, "height": 680})
        window.open(NAME)
        window.squiggles().first.wait_for()
        window.page.keyboard.press("Control+b")
        window.wait(lambda: len(window.problems()) == 4, lambda: str(window.problems()))
        window.picture("marketplace-findings")
        window.page.keyboard.press("Control+j")
        window.go_to(8, 8)
        window.page.keyboard.press("Control+.")
        window.page.locator(".action-widget .action").first.wait_for()
        window.page.wait_for_timeout(500)
        window.picture("marketplace-fix")
        window.page.keyboard.press("Escape")
        window.page.keyboard.press("Control+End")
        window.page.keyboard.type("  - ")
        window.page.keyboard.press("Control+Space")
        window.page.locator(".suggest-widget .monaco-list-row", has_text="install-vs").first.wait_for()
        window.page.wait_for_timeout(500)
        window.picture("marketplace-completion")


def test_the_walkthrough(bare: Project) -> None:
    with workbench(bare, [VSIX], {}) as window:
        window.command("Welcome: Open Walkthrough")
        window.page.locator(".quick-input-list .monaco-list-row", has_text="First Steps with devbox-lint").first.click()
        shown = window.page.locator(".gettingStartedContainer")
        shown.get_by_text("See what would fail").first.wait_for()
        window.wait(
            lambda: shown.locator("img").first.evaluate("each => each.naturalWidth > 0") is True,
            lambda: "the picture of the first step is not shown",
        )
        window.picture("walkthrough")


def test_beside_a_second_yaml_extension(project: Project, tmp_path: Path) -> None:
    project.broken.write_text(BROKEN.replace("      description: Clone", "    description: Clone"), "utf-8")
    ours = [row for row in rows(project) if "DBX002" not in row]
    theirs = "Unable to load schema from"
    schema = project.devbox_lint("schema", "imagedefinition")
    (project.folder / "imagedefinition.schema.json").write_text(schema, "utf-8")
    yaml = package_other("yaml", tmp_path)
    with workbench(project, [VSIX, yaml], {}, YAML_LANGUAGE_SERVER=str(LANGUAGE_SERVER)) as window:
        window.open(NAME)
        window.wait(lambda: any(row.startswith(theirs) for row in window.problems()), lambda: str(window.problems()))
        window.wait(lambda: set(ours) <= set(window.problems()), lambda: str(window.problems()))
        window.picture("two-extensions")

        window.go_to(1, 13)
        window.quick_fix("this is the format's version", picture="two-extensions-fix")
        window.wait(
            lambda: not any(row.startswith(theirs) for row in window.problems()), lambda: str(window.problems())
        )
        assert len(window.problems()) == len(ours)
        window.picture("two-extensions-at-peace")
        window.save()
        assert project.broken.read_text("utf-8").startswith('# yaml-language-server: $schema=none\n$schema: "1.0"\n')


def test_a_setting_that_comes_later_starts_the_server(bare: Project) -> None:
    # Another extension may take the file for another language, as Ansible's does with tasks.
    user = {"files.associations": {NAME: "properties"}, "devbox-lint.server": "environment"}
    settings = bare.folder / ".vscode" / "settings.json"
    settings.parent.mkdir()
    settings.write_text("{}\n", "utf-8")
    with workbench(bare, [VSIX], user) as window:
        window.open(NAME)
        window.page.locator(".notification-toast", has_text="devbox-lint is neither in").wait_for()
        window.picture("not-found")
        settings.write_text(json.dumps({"devbox-lint.path": str(bare.program)}), "utf-8")
        window.squiggles().first.wait_for()
        window.command("devbox-lint: Restart")
        window.wait(lambda: window.log().count("Starting") == 2, window.log)
        window.picture("log")


def test_the_interpreter_of_the_workspace(bare: Project, tmp_path: Path) -> None:
    python = package_other("python", tmp_path)
    interpreter = str(bare.program.with_name("python"))
    with workbench(bare, [VSIX, python], {}, PYTHON_OF_THE_WORKSPACE=interpreter) as window:
        window.open(NAME)
        window.squiggles().first.wait_for()
        assert f"it is installed for {interpreter}" in " ".join(window.log().split())


def test_nothing_of_an_untrusted_workspace_is_run(project: Project) -> None:
    (project.folder / ".vscode").mkdir()
    (project.folder / ".vscode" / "settings.json").write_text(json.dumps({"devbox-lint.path": str(project.program)}))
    trust = {"security.workspace.trust.enabled": True, "security.workspace.trust.startupPrompt": "never"}
    with workbench(project, [VSIX], trust) as window:
        window.open(NAME)
        window.squiggles().first.wait_for()
        assert "Built-in server" in window.language_status()
        window.picture("untrusted")
