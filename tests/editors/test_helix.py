"""Helix in a terminal of tmux, with the settings in docs/editors.md."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from editors.editing import BROKEN, Project, documented, place, program, repaired

pytestmark = pytest.mark.slow


class Terminal:
    """A terminal of 180 columns and 50 lines that a program runs in."""

    def __init__(self, project: Project, name: str) -> None:
        self._project = project
        self._name = name

    def tmux(self, *arguments: str) -> str:
        """A command of tmux, on a server of our own and without anybody's settings."""
        return subprocess.run(
            ["tmux", "-L", self._name, "-f", "/dev/null", *arguments],
            capture_output=True,
            encoding="utf-8",
            check=True,
            cwd=self._project.folder,
            env=self._project.environment,
        ).stdout

    def press(self, *keys: str) -> None:
        """Press keys, by the names that tmux has for them."""
        self.tmux("send-keys", *keys)
        time.sleep(0.1)

    def type(self, text: str) -> None:
        """Type a command of the editor and press enter."""
        self.tmux("send-keys", "-l", text)
        self.press("Enter")

    def screen(self) -> list[str]:
        """What is on the screen."""
        return self.tmux("capture-pane", "-p").splitlines()

    def wait(self, what: str, condition: Callable[[], Any]) -> Any:
        """Wait until it is so; what was waited for."""
        deadline = time.monotonic() + 30
        while not (seen := condition()):
            if time.monotonic() > deadline:
                pytest.fail(f"waited in vain: {what}\n" + "\n".join(self.screen()))
            time.sleep(0.05)
        return seen


@contextmanager
def terminal(project: Project, *command: str) -> Iterator[Terminal]:
    """Run a program in a terminal."""
    it = Terminal(project, f"devbox-lint-{project.folder.parent.name}")
    it.tmux("new-session", "-d", "-x", "180", "-y", "50", *command)
    try:
        yield it
    finally:
        it.tmux("kill-server")


#: An entry in the menu of actions. Messages on the screen may have codes too, but begin in lower case.
ACTION = re.compile(r" [A-Z][^()]* \((?:DBX\d+|devbox-lint)\)")


def test_helix(tmp_path: Path) -> None:
    helix = program("hx", in_ci=False)
    project = Project(tmp_path)
    settings = project.home / ".config" / "helix"
    settings.mkdir(parents=True)
    (settings / "languages.toml").write_text(documented("helix"), "utf-8")
    findings = project.findings()
    chosen = next(finding for finding in findings if finding["message"].startswith("secrets are under"))

    with terminal(project, helix, str(project.lookalike), str(project.broken)) as screen:
        screen.wait("the look-alike", lambda: any("apiVersion" in line for line in screen.screen()))
        screen.press(":")
        screen.type("buffer-next")

        def arrived() -> bool:
            """Whether there is a diagnostic to go to."""
            screen.press("g", "g", "]", "d")
            return re.search(r" 8:\d+\s*$", screen.screen()[-2]) is not None

        screen.wait("diagnostics", arrived)
        screen.press("g", "g")
        selected = []
        for number in range(len(findings)):
            screen.press("]", "d")
            out = tmp_path / f"selected-{number}"
            screen.press(":")
            screen.type(f"pipe-to cat > {out}")
            screen.wait("the selection", lambda out=out: out.exists() and out.read_text("utf-8"))
            position = screen.wait("the position", lambda: re.search(r"(\d+):\d+\s*$", screen.screen()[-2]))
            selected.append((int(position[1]) - 1, out.read_text("utf-8")))
            screen.press("M-\\;")
        text = BROKEN.splitlines()
        assert selected == [(at.line, text[at.line][at.start : at.end]) for at in map(place, findings)]

        def act(title: str) -> None:
            """Choose from the menu of actions, and save."""
            screen.press("Space", "a")
            screen.wait("the menu", lambda: any(re.search(ACTION, line) for line in screen.screen()))

            def reached() -> bool:
                """Whether the entry is the one in reverse video; if not, go on to the next."""
                lines = screen.tmux("capture-pane", "-p", "-e").splitlines()
                if any(re.search(rf"\x1b\[7m[^\n]*{re.escape(title)}", line.lower()) for line in lines):
                    return True
                screen.press("Tab")
                return False

            screen.wait("the entry", reached)
            screen.press("Enter")
            before = project.broken.read_text("utf-8")
            screen.type(":write")
            screen.wait(title, lambda: project.broken.read_text("utf-8") != before)

        at = place(chosen)
        screen.press(":")
        screen.type(str(at.line + 1))
        screen.press(*"l" * at.start)
        act(chosen["fix"]["message"].lower())
        assert project.broken.read_text("utf-8") == repaired(BROKEN, chosen)

        screen.press("g", "g")
        act("fix all")
        left = project.broken.read_text("utf-8")

        screen.press(":")
        screen.type("buffer-previous")
        screen.wait("the look-alike", lambda: any("apiVersion" in line for line in screen.screen()))
        assert not any("●" in line for line in screen.screen())

    project.broken.write_text(BROKEN, "utf-8")
    project.devbox_lint("check", "--fix", str(project.broken))
    assert left == project.broken.read_text("utf-8")
