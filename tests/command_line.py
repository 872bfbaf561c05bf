"""Runs the command line as a process."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
ROOTS = os.pathsep.join(str(ROOT / name) for name in ("linter", "rules", "lsp"))
NO_IMAGE = "$schema: 1.0\nname: web\ntasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n"
GOOD = "$schema: 1.0\nname: web\nimage: gallery/web@1.0.0\n"
PUBLIC = (
    b"$schema: 1.0\r\nname: web\r\nimage: gallery/web@1.0.0\r\ntasks:\r\n  - name: ~/gitclone\r\n    parameters:\r\n"
    b"      repositoryUrl: https://github.com/o/r\r\n      pat: '{{https://vault-1.vault.azure.net/secrets/pat}}'"
)
PRIVATE_LINK = PUBLIC.replace(b".vault.", b".privatelink.vaultcore.")
USER_WITH_IMAGE = "$schema: 1.0\nimage: x\nuserTasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n"
NO_NAME_IN_USER = "$schema: 1.0\nuserTasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n"
# The rules that exist may change; this one is what most tests here look for.
ONLY = ("--select", "DBX101")


class Result(NamedTuple):
    code: int
    out: str
    err: str


def environment(**variables: str) -> dict[str, str]:
    kept = ("PATH", "SYSTEMROOT", "HOME", "TMPDIR", "TEMP")
    base = {name: os.environ[name] for name in kept if name in os.environ}
    # What is kept of these runs is nobody's.
    cache = os.path.join(tempfile.gettempdir(), "devbox-lint-tests")
    return {**base, "PYTHONPATH": ROOTS, "PYTHONIOENCODING": "utf-8", "XDG_CACHE_HOME": cache, **variables}


def lint(folder: Path, *arguments: str, stdin: str | bytes | None = None, **variables: str) -> Result:
    done = subprocess.run(
        [sys.executable, "-m", "devbox_lint", *arguments],
        cwd=folder,
        env=environment(**variables),
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        timeout=60,
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in err
    return Result(done.returncode, out, err)


def team_folder(folder: Path) -> Path:
    """Put a bad and a good image definition into a folder."""
    for name, text in (("bad", NO_IMAGE), ("good", GOOD)):
        (folder / name).mkdir()
        (folder / name / "imagedefinition.yaml").write_text(text, encoding="utf-8")
    return folder


BAD = str(Path("bad", "imagedefinition.yaml"))
FINE = str(Path("good", "imagedefinition.yaml"))


def read_terminal(descriptor: int) -> bytes:
    """All that is written to a pseudo-terminal until nobody has its other end; closes ``descriptor``."""
    written = b""
    while True:
        try:
            part = os.read(descriptor, 65536)
        except OSError:
            break
        if not part:
            break
        written += part
    os.close(descriptor)
    return written


def in_terminal(folder: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    """The exit code of a run and what it writes to a terminal."""
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "devbox_lint", *arguments],
        cwd=folder,
        env=environment(**variables),
        stdout=theirs,
        stdin=subprocess.DEVNULL,
    )
    os.close(theirs)
    written = read_terminal(ours)
    return process.wait(60), written.decode()
