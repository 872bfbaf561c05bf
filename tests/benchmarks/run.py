"""Compares devbox-lint with yamllint as whole processes, on one file and on a thousand.

Runs of both alternate, so that a busy machine slows both alike: look at the ratios, not at the times. Peak
memory is at least that of this program, from which the processes are started. Run it with the Python that both
are installed for: ``python tests/benchmarks/run.py``.
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

TOP = Path(__file__).parent.parent.parent
SHARED = Path(os.environ.get("DEVBOX_LINT_SHARED", TOP.parent / "shared"))
# Compiled modules are kept, as those of an installed program are.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
    "PYTHONPATH": os.pathsep.join(str(TOP / root) for root in ("linter", "rules", "lsp")),
    "NO_COLOR": "1",
}


def _program(name: str, module: str) -> tuple[str, ...]:
    """The command as people start it: the script that pip installs, else the module."""
    script = Path(sys.executable).parent / name
    return (str(script),) if script.is_file() else (sys.executable, "-m", module)


OURS = _program("devbox-lint", "devbox_lint")
YAMLLINT = _program("yamllint", "yamllint")
FILES = 1000
#: The sizes in bytes of what counts as a large file.
LARGE = range(1_800, 6_001)


class Contender(NamedTuple):
    """A command and what it is called."""

    name: str
    command: tuple[str, ...]


class Measured(NamedTuple):
    """The runs of one contender: seconds from start to end, CPU seconds, peak memory in MiB, and exit codes."""

    name: str
    seconds: list[float]
    cpu: list[float]
    peak: list[float]
    codes: set[int]

    def times(self, other: Measured) -> str:
        """How many times the median of another this one's is, from start to end and in CPU time."""
        elapsed = statistics.median(self.seconds) / statistics.median(other.seconds)
        cpu = statistics.median(self.cpu) / (statistics.median(other.cpu) or 1)
        return f"{elapsed:.2f} x ({cpu:.2f} x in CPU time)"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Compare devbox-lint with yamllint, as whole processes.")
    parser.add_argument("--one", type=int, default=21, metavar="N", help="runs on one file (default: 21)")
    parser.add_argument("--many", type=int, default=5, metavar="N", help="runs on 1,000 files (default: 5)")
    options = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, load {load()}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.one:
            _one("one clean file", folder / "clean" / "imagedefinition.yaml", _clean_file(), options.one, "at most 0.8")
            _one("one file with findings", folder / "bad" / "imagedefinition.yaml", _bad_file(), options.one, None)
        if options.many:
            _many(folder / "many", options.many, range(sys.maxsize))
            _many(folder / "large", options.many, LARGE)


def _one(title: str, path: Path, text: str, runs: int, aim: str | None) -> None:
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    measured = _alternate(
        [
            Contender("devbox-lint", (*OURS, path.name)),
            Contender("yamllint", (*YAMLLINT, path.name)),
            Contender("yamllint -d relaxed", (*YAMLLINT, "-d", "relaxed", path.name)),
            Contender("python -c pass", (sys.executable, "-c", "pass")),
        ],
        runs,
        path.parent,
    )
    show(f"{title} of {len(text.splitlines())} lines, {runs} cold processes each", measured)
    print(f"devbox-lint takes {measured[0].times(measured[1])} as long as yamllint" + (f"; aim: {aim}" if aim else ""))


def _many(folder: Path, runs: int, sizes: range) -> None:
    what = collect(folder, sizes)
    if not what:
        return
    measured = _alternate(
        [
            Contender("devbox-lint", (*OURS, "check", "--no-cache", ".")),
            Contender("yamllint", (*YAMLLINT, ".")),
            Contender("yamllint -d relaxed", (*YAMLLINT, "-d", "relaxed", ".")),
        ],
        runs,
        folder,
    )
    show(f"{what}, {runs} processes each", measured)
    for other in measured[1:]:
        aim = "; aim: at least 10" if other.name == "yamllint" else ""
        print(f"{other.name} takes {other.times(measured[0])} as long as devbox-lint{aim}")


def collect(folder: Path, sizes: range, count: int = FILES, unique: bool = False) -> str:
    """Lay out files of these sizes in bytes, each in a folder of its own under its original name.

    With ``unique`` each gets a line of its own. Says what they are; nothing where there are none.
    """
    index = SHARED / "corpus" / "INDEX.tsv"
    if index.is_file():
        with index.open(encoding="utf-8", newline="") as stream:
            rows = [row for row in csv.DictReader(stream, delimiter="\t") if row["kind"] != "other"]
        files = [(Path(row["path"]).name, (SHARED / "corpus" / row["file"]).read_bytes()) for row in rows]
        what = "files of the corpus"
    else:
        texts = {"imagedefinition.yaml": _clean_file(), "workload.yaml": _user_file(), "task.yaml": _task_file()}
        files = [(name, text.encode()) for name, text in texts.items()]
        what = "made-up files"
    files = [(name, data) for name, data in files if len(data) in sizes]
    if not files:
        return ""
    size = 0
    for number in range(count):
        # Spread over all files, so that each kind has its share.
        name, data = files[number * len(files) // count]
        if unique and b"\0" not in data[:64]:
            data += f"\n# copy {number}\n".encode()
        path = folder / f"{number:04}" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        size += len(data)
    return f"{count} {what} of {size / 1000 / count:.1f} kB on average"


def _alternate(contenders: Sequence[Contender], runs: int, folder: Path) -> list[Measured]:
    """Run all in turn, again and again; one round before, which is not counted, warms the disk."""
    measured = [Measured(contender.name, [], [], [], set()) for contender in contenders]
    for number in range(runs + 1):
        for contender, results in zip(contenders, measured, strict=True):
            seconds, cpu, peak, code = run(contender.command, folder)
            results.codes.add(code)
            if number:
                results.seconds.append(seconds)
                results.cpu.append(cpu)
                results.peak.append(peak)
    return measured


def run(command: tuple[str, ...], folder: Path) -> tuple[float, float, float, int]:
    """Seconds, CPU seconds and peak memory in MiB (both 0 where the system does not tell), exit code."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    if not hasattr(os, "wait4"):
        code = process.wait()
        return time.perf_counter() - started, 0.0, 0.0, code
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    # Kilobytes, but bytes on macOS.
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit, process.returncode


def show(title: str, measured: list[Measured]) -> None:
    print(f"\n{title}")
    print(f"{'':20}{'median ms':>11}{'min':>9}{'max':>9}{'CPU ms':>9}{'peak MiB':>10}  exit codes")
    for results in measured:
        times = (statistics.median(results.seconds), min(results.seconds), max(results.seconds))
        median, low, high = (1000 * seconds for seconds in times)
        cpu = 1000 * statistics.median(results.cpu)
        peak = statistics.median(results.peak)
        codes = ", ".join(map(str, sorted(results.codes)))
        print(f"{results.name:20}{median:11.1f}{low:9.1f}{high:9.1f}{cpu:9.1f}{peak:10.1f}  {codes}")


def load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def _clean_file() -> str:
    """An image definition of 60 lines in which neither program finds anything."""
    head = (
        '---\n$schema: "1.0"\nname: web-team\ndescription: The web team\'s tools and sources\n'
        "image: microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc\ntasks:\n"
    )
    package = "  - name: ~/winget\n    displayName: Install {0}\n    parameters:\n      package: Contoso.{0}\n\n"
    packages = "".join(package.format(f"Tool{number}") for number in range(8))
    script = (
        "  - name: ~/powershell\n    displayName: Prepare the workspace\n    parameters:\n      command: |\n"
        "        $ErrorActionPreference = 'Stop'\n        New-Item -ItemType Directory -Force C:\\Workspaces\n"
        "        git config --system core.longpaths true\n"
    )
    clone = (
        "  - name: ~/gitclone\n    displayName: Clone the site\n    parameters:\n"
        "      repositoryUrl: https://github.com/contoso/site\n      directory: C:\\Workspaces\n"
        "      branch: main\n    timeout: 600\n"
    )
    return head + packages + script + clone


def _bad_file() -> str:
    """The same file with mistakes that both programs see, and with some that only one of them sees."""
    return (
        _clean_file()
        .replace("---\n", "")
        .replace("    parameters:\n      package: Contoso.Tool3", "    paramaters:\n      package: Contoso.Tool3")
        .replace("    displayName: Install Tool5", "      displayName: Install Tool5")
        .replace("      branch: main\n", "      branch: main   \n      pat: {{https://v1.vaults.azure.net/secret/x}}\n")
    )


def _user_file() -> str:
    return '$schema: "1.0"\nname: mine\nuserTasks:\n' + "".join(
        f"  - name: ~/winget\n    parameters:\n      package: Contoso.Tool{number}\n" for number in range(12)
    )


def _task_file() -> str:
    return (
        '$schema: "1.0"\nname: install-tools\ndescription: Installs the tools\nparameters:\n'
        + "".join(f"  option{number}:\n    type: string\n    default: none\n" for number in range(8))
        + "command: .\\install.ps1 "
        + " ".join(f"-Option{number} {{{{option{number}}}}}" for number in range(8))
        + "\n"
    )


if __name__ == "__main__":
    main()
