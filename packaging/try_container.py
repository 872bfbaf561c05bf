"""Builds the container of `Containerfile` and tries it: with docker or podman where one has an engine, else by hand.

By hand means that each instruction is carried out in a folder with a Debian of the same Python, as root of a Debian or
Ubuntu with debootstrap; what is not tried then is the base image itself. ``python packaging/try_container.py`` prints
what it does and ends with 1 where something is not as it must be.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

TOP = Path(__file__).parent.parent
FILE = TOP / "packaging" / "Containerfile"
#: The Debian whose Python is that of the base image.
SUITE, PYTHON = "trixie", "3.13"
#: Runs a command in the container: words after the entry point, and what stands in /work.
Runner = Callable[[Sequence[str], Path], subprocess.CompletedProcess[str]]


def engine() -> str | None:
    """The name of a program that can build containers here."""
    for name in ("docker", "podman"):
        if shutil.which(name) and subprocess.run([name, "info"], capture_output=True, check=False).returncode == 0:
            return name
    return None


def with_engine(program: str) -> Runner:
    """Build with an engine."""
    name = "devbox-lint:try"
    subprocess.run([program, "build", "--quiet", "--file", str(FILE), "--tag", name, str(TOP)], check=True)
    asked = [program, "image", "inspect", "--format", "{{.Size}}", name]
    size = subprocess.run(asked, capture_output=True, text=True, check=True)
    print(f"the image takes {int(size.stdout) / 1e6:.0f} MB")

    def run(words: Sequence[str], work: Path) -> subprocess.CompletedProcess[str]:
        command = [program, "run", "--rm", "--network=none", f"--volume={work}:/work:ro", name, *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return run


class ByHand:
    """The stages of a Containerfile, each a folder; the instructions that ours has."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stages: dict[str, Path] = {}
        self.variables: dict[str, str] = {}
        self.values: dict[str, str] = {}

    def build(self) -> None:
        """Carry out every instruction."""
        text = re.sub(r"\\\n", " ", FILE.read_text("utf-8"))
        for line in text.splitlines():
            name, _, rest = line.strip().partition(" ")
            if name and not name.startswith("#"):
                print(f"  {line.strip()[:110]}", flush=True)
                getattr(self, f"_{name.lower()}")(rest.strip())

    def run(self, words: Sequence[str], work: Path) -> subprocess.CompletedProcess[str]:
        """Run the entry point as its user, with a copy of ``work``."""
        inside = self.root / self.values["workdir"].lstrip("/")
        shutil.rmtree(inside, ignore_errors=True)
        shutil.copytree(work, inside)
        entry = [*eval_list(self.values["entrypoint"]), *(words or eval_list(self.values["cmd"]))]
        start = f"cd {shlex.quote(self.values['workdir'])} && exec {shlex.join(entry)}"
        who = f"--userspec={self.values['user']}"
        return self._chroot([who], ["/bin/sh", "-c", start], network=False, capture_output=True, text=True)

    def _from(self, rest: str) -> None:
        base, _, name = rest.partition(" AS ")
        if f"python:{PYTHON}-" not in base:
            raise SystemExit(f"SUITE is for Python {PYTHON}, and the base is {base}")
        first = self.folder / "base"
        if not first.exists():
            packages = "--include=python3,python3-venv,ca-certificates"
            command = ["debootstrap", "--variant=minbase", packages, SUITE, str(first)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        self.root = self.folder / (name or "last")
        subprocess.run(["cp", "-a", str(first), str(self.root)], check=True)
        self.stages[name] = self.root
        self.variables = {}

    def _copy(self, rest: str) -> None:
        words = shlex.split(rest)
        source = TOP
        if words[0].startswith("--from="):
            source = self.stages[words.pop(0).removeprefix("--from=")]
        *names, target = words
        for name in names:
            path = source / name.lstrip("/")
            # As docker does it: what a folder holds, and a file into a folder that ends in `/`.
            place = self.root / target.lstrip("/")
            if path.is_dir():
                shutil.copytree(path, place, symlinks=True, dirs_exist_ok=True)
            else:
                place.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, place)

    def _run(self, rest: str) -> None:
        if self._chroot([], ["/bin/sh", "-c", rest], network=True).returncode:
            raise SystemExit(f"this ends with an error: RUN {rest}")

    def _env(self, rest: str) -> None:
        for word in shlex.split(rest):
            name, _, value = word.partition("=")
            self.variables[name] = value.replace("$PATH", "/usr/local/bin:/usr/bin:/bin")

    def _label(self, rest: str) -> None:
        if not all("=" in word for word in shlex.split(rest)):
            raise SystemExit(f"no label: {rest}")

    def _user(self, rest: str) -> None:
        self.values["user"] = rest

    def _workdir(self, rest: str) -> None:
        self.values["workdir"] = rest

    def _entrypoint(self, rest: str) -> None:
        self.values["entrypoint"] = rest

    def _cmd(self, rest: str) -> None:
        self.values["cmd"] = rest

    def _chroot(
        self, options: Sequence[str], command: Sequence[str], *, network: bool, **how: object
    ) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/tmp", **self.variables}
        if network:
            # How this machine reaches the index.
            kept = ("PIP_", "SSL_", "HTTP", "http", "no_proxy", "NO_PROXY")
            environment |= {name: value for name, value in os.environ.items() if name.startswith(kept)}
            for name in ("/etc/resolv.conf", "/etc/hosts", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt"):
                if os.path.exists(name):
                    (self.root / name.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(name, self.root / name.lstrip("/"))
        # Found here, since PATH is that of the container.
        whole = [str(shutil.which("chroot")), *options, str(self.root), *command]
        if not network:
            whole = [str(shutil.which("unshare")), "--net", *whole]
        return subprocess.run(whole, env=environment, check=False, **how)  # type: ignore[call-overload, no-any-return]


def eval_list(text: str) -> list[str]:
    """The words of an instruction in the form `["a", "b"]`."""
    return [word.strip().strip('"') for word in text.strip("[]").split(",")]


def try_it(run: Runner, work: Path) -> None:
    """Say what must hold of the container."""
    for words, code in (
        ([], 1),
        (["check", "good"], 0),
        (["check", "--output-format", "sarif", "bad"], 1),
        (["check", "--online", "good"], 0),
        (["check", "--fix", "bad"], 2),
        (["server"], 1),
    ):
        done = run(words, work)
        print(f"  devbox-lint {' '.join(words)}: {done.returncode}; {(done.stdout or done.stderr).strip()[-100:]!r}")
        if done.returncode != code or "Traceback" in done.stderr:
            raise SystemExit(f"{code} was expected\n{done.stdout[-3000:]}{done.stderr[-3000:]}")


def main() -> None:
    """Build and try."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "work"
        shutil.copytree(TOP / "examples", work)
        program = engine()
        if program:
            print(f"building with {program}")
            try_it(with_engine(program), work)
            return
        print(f"no container engine: carrying out the instructions in a Debian {SUITE}", flush=True)
        by_hand = ByHand(Path(folder))
        by_hand.build()
        installed = sum(path.lstat().st_size for path in (by_hand.root / "opt").rglob("*"))
        print(f"/opt/devbox-lint takes {installed / 1e6:.0f} MB")
        try_it(by_hand.run, work)


if __name__ == "__main__":
    sys.exit(main())
