"""Compares devbox-lint with yamllint, ryl and check-jsonschema as whole processes, and prints one table.

One file of several kinds, 1,000 and 10,000 files of a real repository's size, the same again where nothing has changed,
and a repository with a catalog of 5,000 tasks. Runs of all programs alternate, so that a busy machine slows all alike:
look at the ratios, not at the times. Those in the table are of CPU time, user and system; with ``--wall`` the time from
start to end, which is of use on an idle machine alone. Run it with the Python that all of them are installed for:
``pip install --require-hashes -r requirements/measure.txt``, ``python tests/benchmarks/run.py``. The last rows take
minutes; ``--rows`` names those that are wanted.

The others say less of these files than devbox-lint: ryl and yamllint look at style, both with yamllint's default rules,
and check-jsonschema at the schema that devbox-lint prints.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

TOP = Path(__file__).parent.parent.parent
SHARED = Path(os.environ.get("DEVBOX_LINT_SHARED", TOP.parent / "shared"))
# Compiled modules are kept, as those of an installed program are.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
    "PYTHONPATH": os.pathsep.join(str(TOP / root) for root in ("linter", "rules", "lsp")),
    "NO_COLOR": "1",
}
#: The sizes in bytes of what counts as a large file.
LARGE = range(1_800, 6_001)
ANY = range(sys.maxsize)
#: The programs beside ours, in the order of the columns.
OTHERS = ("yamllint", "ryl", "check-jsonschema")


class Measured(NamedTuple):
    """The runs of one program: CPU seconds, or seconds from start to end, and its exit codes."""

    seconds: list[float]
    codes: set[int]


class Row(NamedTuple):
    """One line of the table.

    ``prepare`` lays the files out in a folder and says what they are; ``ours`` are the options of devbox-lint and
    ``others`` the programs that are compared, each once for ``every`` runs of ours where it is slow.
    """

    name: str
    prepare: Callable[[Path], str]
    ours: tuple[str, ...] = ("--no-cache",)
    others: tuple[str, ...] = OTHERS
    runs: int = 21
    every: int = 1


def _program(name: str) -> str | None:
    return shutil.which(name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Compare whole processes, and print one table.")
    parser.add_argument(
        "--rows", default="", metavar="WORDS", help="the rows whose names begin with one of these words"
    )
    parser.add_argument("--runs", type=float, default=1.0, metavar="TIMES", help="factor for the number of runs")
    parser.add_argument("--wall", action="store_true", help="the time from start to end, instead of CPU time")
    options = parser.parse_args()
    words = tuple(word.strip() for word in options.rows.split(",") if word.strip()) or ("",)
    kind = "from start to end" if options.wall else "of CPU time"
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, load {load}; medians of ms {kind}, min to max\n")
    print(f"| | devbox-lint | {' | '.join(OTHERS)} | files |")
    print(f"|---|---:|{'---:|' * len(OTHERS)}---|")
    for row in ROWS:
        if row.name.startswith(words):
            with tempfile.TemporaryDirectory() as name:
                print(_line(row, Path(name), max(1, round(row.runs * options.runs)), options.wall), flush=True)


def _line(row: Row, folder: Path, runs: int, wall: bool) -> str:
    files = folder / "files"
    what = row.prepare(files)
    measured = _measure(row, files, folder / "cache", runs, wall)
    ours = statistics.median(measured["devbox-lint"].seconds)
    cells = []
    for name in ("devbox-lint", *OTHERS):
        if name not in measured:
            cells.append("")
            continue
        seconds = sorted(measured[name].seconds)
        middle = statistics.median(seconds)
        spread = f" ({seconds[0] * 1000:.0f}-{seconds[-1] * 1000:.0f})" if len(seconds) > 1 else ""
        ratio = "" if name == "devbox-lint" else f", {middle / ours:.2f} x"
        cells.append(f"{middle * 1000:.0f}{spread}{ratio}")
    return f"| {row.name} | {' | '.join(cells)} | {what} |"


def _measure(row: Row, files: Path, cache: Path, runs: int, wall: bool) -> dict[str, Measured]:
    """Run all in turn, again and again; a round or two before, which are not counted, warm the disk and the caches."""
    ENVIRONMENT["DEVBOX_LINT_CACHE_DIR"] = str(cache)
    commands = dict(_commands(row, files, cache))
    measured = {name: Measured([], set()) for name in commands}
    warm = 2 if "--no-cache" not in row.ours else 1
    for number in range(-warm, runs):
        for name, command in commands.items():
            if row.every > 1 and name not in ("devbox-lint", "ryl") and number % row.every:
                continue
            seconds, cpu, _, code = run(command, files)
            if number >= 0:
                measured[name].seconds.append(seconds if wall else cpu)
                measured[name].codes.add(code)
    return measured


def _commands(row: Row, files: Path, cache: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    names = [str(path.relative_to(files)) for path in sorted(files.rglob("*.y*ml"))]
    target = tuple(names) if len(names) == 1 else (".",)
    own = _program("devbox-lint")
    start = (own,) if own is not None else (sys.executable, "-m", "devbox_lint")
    yield "devbox-lint", (*start, *row.ours, *(target if row.name != CATALOG else ("definitions",)))
    cached = ("--no-cache",) if "--no-cache" in row.ours else ("--cache-dir", str(cache / "ryl"))
    schema = TOP / "linter" / "devbox_lint" / "customization" / "schemas" / "imagedefinition.json"
    options = {
        "yamllint": target,
        "ryl": ("check", "-d", "{extends: default}", *cached, *target),
        "check-jsonschema": ("--schemafile", str(schema), *names),
    }
    for name in row.others:
        program = _program(name)
        if program is not None:
            yield name, (program, *options[name])


def _one(text: str) -> Callable[[Path], str]:
    def prepare(folder: Path) -> str:
        folder.mkdir()
        (folder / "imagedefinition.yaml").write_text(text, "utf-8")
        return f"{len(text.splitlines())} lines"

    return prepare


def _many(sizes: range, count: int) -> Callable[[Path], str]:
    return lambda folder: collect(folder, sizes, count)


def _catalog(folder: Path) -> str:
    """A repository of 5,000 tasks and 200 image definitions, each of which calls 20 tasks, ten of them misspelt."""
    dice = random.Random(5)
    words = ("install", "setup", "config", "build", "clone", "web", "node", "java", "python", "proxy", "cache", "test")
    names = ["-".join((*dice.sample(words, 3), str(number))) for number in range(5_000)]
    for name in names:
        path = folder / "tasks" / name / "task.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(f'$schema: "1.0"\nname: {name}\ndescription: Installs it\ncommand: ./install.exe\n', "utf-8")
    (folder / ".git").mkdir()
    for number in range(200):
        path = folder / "definitions" / str(number) / "imagedefinition.yaml"
        path.parent.mkdir(parents=True)
        text = f'$schema: "1.0"\nname: definition-{number}\nimage: {IMAGE}\ntasks:\n'
        for index, name in enumerate(dice.sample(names, 20)):
            place = dice.randrange(len(name))
            text += f"  - name: {name[:place] + name[place + 1 :] if index % 2 else name}\n"
        path.write_text(text, "utf-8")
    return "200 definitions with 20 tasks each"


def collect(folder: Path, sizes: range, count: int) -> str:
    """Lay out files of these sizes in bytes, each in a folder of its own and with a line of its own.

    Says what they are.
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
    size = 0
    for number in range(count):
        # Spread over all files, so that each kind has its share.
        name, data = files[number * len(files) // count]
        if b"\0" not in data[:64]:
            data += f"\n# copy {number}\n".encode()
        path = folder / f"{number:04}" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        size += len(data)
    # What has just been written is not kept in any cache.
    time.sleep(2.1)
    return f"{what} of {size / 1000 / count:.1f} kB on average"


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


IMAGE = "microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc"


def _clean_file() -> str:
    """An image definition of 60 lines in which neither program finds anything."""
    head = (
        f'---\n$schema: "1.0"\nname: web-team\ndescription: The web team\'s tools and sources\nimage: {IMAGE}\ntasks:\n'
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


def _wrong_type() -> str:
    """The same file with a list where a text belongs."""
    return _clean_file().replace("displayName: Clone the site", "displayName: [Clone, the, site]")


def _syntax_error() -> str:
    """The same file with an entry that does not line up with the others, in the middle."""
    return _clean_file().replace(
        "  - name: ~/winget\n    displayName: Install Tool4", "   - name: ~/winget\n    displayName: Install Tool4"
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


CATALOG = "200 definitions beside 5,000 tasks"
ROWS = (
    Row("one clean file", _one(_clean_file())),
    Row("one file with findings", _one(_bad_file())),
    Row("one file with a wrong type", _one(_wrong_type())),
    Row("one file with a syntax error", _one(_syntax_error())),
    Row("1,000 files", _many(ANY, 1_000), runs=5, every=5),
    Row("1,000 larger files", _many(LARGE, 1_000), runs=5, every=5),
    Row("10,000 files", _many(ANY, 10_000), others=OTHERS[:2], runs=3, every=3),
    Row("1,000 files, unchanged", _many(ANY, 1_000), ours=(), others=("ryl",), runs=21),
    Row("10,000 files, unchanged", _many(ANY, 10_000), ours=(), others=("ryl",), runs=11),
    Row(CATALOG, _catalog, others=(), runs=5),
)


if __name__ == "__main__":
    main()
