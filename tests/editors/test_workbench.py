"""The extension in the real workbench of VS Code; run by ``nox -s workbench``."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from editors.editing import BROKEN, Project, place, repaired
from editors.workbench import INSTALLED, OURS, Workbench, package_other, workbench

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not INSTALLED.is_dir(), reason="`nox -s workbench` installs what this needs"),
]

NAME = "imagedefinition.yaml"
VSIX = OURS / "dist" / "devbox-lint.vsix"
LANGUAGE_SERVER = INSTALLED / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"


@pytest.fixture
def bare(tmp_path: Path) -> Project:
    """A folder with a broken file, and devbox-lint nowhere."""
    return Project(tmp_path)


@pytest.fixture
def project(bare: Project) -> Project:
    """A folder with a broken file, and a Python environment with devbox-lint."""
    environment = bare.folder / ".venv" / "bin"
    environment.mkdir(parents=True)
    (environment / "devbox-lint").symlink_to(bare.program)
    return bare


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
        shown.append(f"{finding['message']} devbox-lint {at.code} {position}")
    return sorted(shown)


def wait_for_rows(window: Workbench, wanted: list[str]) -> None:
    """Wait until the panel shows these problems and no others."""
    window.wait(lambda: sorted(window.problems()) == wanted, lambda: f"{window.problems()} instead of {wanted}")


def test_what_is_seen_and_repaired_with_the_keyboard(project: Project) -> None:
    findings = project.findings()
    chosen = next(finding for finding in findings if finding["message"].startswith("secrets are under"))
    at = place(chosen)
    line = BROKEN.splitlines()[at.line]
    column = units(line[: at.start]) + 1
    with workbench(project, [VSIX], {}) as window:
        window.open("task.yaml")
        window.open(NAME)
        window.squiggles().first.wait_for()
        window.say("first squiggle")
        wait_for_rows(window, rows(project))
        link = window.page.locator(".markers-panel a", has_text="DBX005")
        assert link.get_attribute("href") == next(f["url"] for f in findings if f["code"] == "DBX005")
        window.picture("problems")

        window.go_to(at.line + 1, column + 1)
        window.command("Show or Focus Hover")
        hover = window.page.locator(".monaco-hover", has_text=chosen["message"])
        hover.first.wait_for()
        assert hover.locator(f'a[data-href="{chosen["url"]}"], a[href="{chosen["url"]}"]').count() >= 1
        window.picture("hover")
        window.page.keyboard.press("Escape")

        window.quick_fix(chosen["fix"]["message"], picture="quick-fix")
        window.save()
        assert project.broken.read_text("utf-8") == repaired(BROKEN, chosen)

        started = time.monotonic()
        window.go_to(2, 1)
        window.page.keyboard.type("nome: x\n")
        window.wait(lambda: any("nome" in row for row in window.problems()), lambda: "nothing said of `nome`")
        print(f"a word typed and marked: {time.monotonic() - started:.1f} s")


def test_all_is_repaired_on_save(project: Project) -> None:
    settings = {"editor.codeActionsOnSave": {"source.fixAll.devbox-lint": "explicit"}}
    with workbench(project, [VSIX], settings) as window:
        window.open(NAME)
        window.squiggles().first.wait_for()
        window.page.keyboard.type("\n")
        window.save()
        window.picture("fix-all")

    left = project.broken.read_text("utf-8")
    project.broken.write_text(f"\n{BROKEN}", "utf-8")
    project.devbox_lint("check", "--fix", str(project.broken))
    assert left == project.broken.read_text("utf-8")


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
    associations = {"files.associations": {NAME: "properties"}}
    settings = bare.folder / ".vscode" / "settings.json"
    settings.parent.mkdir()
    settings.write_text("{}\n", "utf-8")
    with workbench(bare, [VSIX], associations) as window:
        window.open(NAME)
        window.page.locator(".notification-toast", has_text="devbox-lint is neither in").wait_for()
        window.picture("not-found")
        window.open("settings.json")
        window.page.keyboard.press("Control+a")
        window.page.keyboard.insert_text(json.dumps({"devbox-lint.path": str(bare.program)}))
        window.save()
        window.open(NAME)
        window.squiggles().first.wait_for()
        window.command("devbox-lint: Restart Server")
        window.command("devbox-lint: Show Log")
        log = window.page.locator(".part.panel .view-lines")
        window.wait(lambda: log.inner_text().count("Starting") == 2, log.inner_text)
        window.picture("log")


def test_the_interpreter_of_the_workspace(bare: Project, tmp_path: Path) -> None:
    python = package_other("python", tmp_path)
    interpreter = str(bare.program.with_name("python"))
    with workbench(bare, [VSIX, python], {}, PYTHON_OF_THE_WORKSPACE=interpreter) as window:
        window.open(NAME)
        window.squiggles().first.wait_for()


def test_nothing_of_an_untrusted_workspace_is_run(project: Project) -> None:
    (project.folder / ".vscode").mkdir()
    (project.folder / ".vscode" / "settings.json").write_text(json.dumps({"devbox-lint.path": str(project.program)}))
    trust = {"security.workspace.trust.enabled": True, "security.workspace.trust.startupPrompt": "never"}
    with workbench(project, [VSIX], trust) as window:
        window.open(NAME)
        window.page.locator(".notification-toast", has_text="the workspace is not trusted").wait_for()
        window.picture("untrusted")
