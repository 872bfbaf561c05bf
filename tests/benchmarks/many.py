"""Compares runs over 100, 1,000 and 10,000 files: with and without a cache, beside yamllint, and ryl with its cache.

ryl is yamllint's rules in Rust (``pip install ryl``), and has them as yamllint does by default; where it is not
installed it is left out. The files are copies of real ones, each with a line of its own, so that no two are the same.
Runs alternate: look at the ratios, not at the times. ``python tests/benchmarks/many.py``; yamllint takes a minute or
two for 10,000 files, ``--sizes 100,1000`` is over sooner.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
import run as one

RYL = shutil.which("ryl", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")


class Contender(NamedTuple):
    """A command, what it is called, and what is done before each run of it."""

    name: str
    command: tuple[str, ...]
    before: Callable[[], None]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Compare runs over many files, with and without a cache.")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="runs of each (default: 5; yamllint: 1)")
    parser.add_argument("--sizes", default="100,1000,10000", help="numbers of files (default: 100,1000,10000)")
    options = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, load {one.load()}")
    with tempfile.TemporaryDirectory() as name:
        for size in map(int, options.sizes.split(",")):
            _measure(Path(name) / str(size), size, options.runs)


def _measure(folder: Path, size: int, runs: int) -> None:
    files = folder / "files"
    what = one.collect(files, range(sys.maxsize), size, unique=True)
    cache, others = folder / "cache", folder / "ryl"
    one.ENVIRONMENT["DEVBOX_LINT_CACHE_DIR"] = str(cache)

    def nothing() -> None:
        pass

    def empty() -> None:
        shutil.rmtree(cache, ignore_errors=True)

    ours = (*one.OURS, "check", "--output-format", "concise", "--quiet")
    contenders = [
        Contender("devbox-lint --no-cache", (*ours, "--no-cache", "."), nothing),
        Contender("  with an empty cache", (*ours, "."), empty),
        Contender("  with its cache", (*ours, "."), nothing),
    ]
    if RYL is not None:
        ryl = (RYL, "check", "-d", "{extends: default}")
        contenders.append(Contender("ryl --no-cache", (*ryl, "--no-cache", "."), nothing))
        contenders.append(Contender("ryl with its cache", (*ryl, "--cache-dir", str(others), "."), nothing))
    contenders.append(Contender("yamllint", (*one.YAMLLINT, "."), nothing))
    measured = [one.Measured(contender.name, [], [], [], set()) for contender in contenders]
    for number in range(runs + 1):
        for contender, results in zip(contenders, measured, strict=True):
            # One round before, which is not counted, warms the disk; yamllint is slow, and counts from its only run.
            is_slow = contender.name == "yamllint"
            if number and is_slow:
                continue
            contender.before()
            seconds, cpu, peak, code = one.run(contender.command, files)
            results.codes.add(code)
            if number or is_slow:
                results.seconds.append(seconds)
                results.cpu.append(cpu)
                results.peak.append(peak)
    one.show(f"{what}, {runs} processes each", measured)
    cached = measured[2]
    print(f"a file: {1000 * statistics.median(measured[0].cpu) / size:.3f} ms of CPU time without the cache", end=", ")
    print(f"{1000 * statistics.median(cached.cpu) / size:.3f} with it")
    for other in measured[3:]:
        print(f"{other.name} takes {other.times(cached)} as long as devbox-lint with its cache")


if __name__ == "__main__":
    main()
