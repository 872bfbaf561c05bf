"""Runs targets for long, by coverage, with atheris.

    python -m fuzzing SECONDS [TARGET ...]      # with tests/ in PYTHONPATH; SECONDS for each, 60 if not said

Prints for each target how often it ran and what broke; each broken promise once, by its place, with the shortest input
for it in `fuzzing-findings/`. Ends with 1 where anything was found. The inputs that reached new code are kept in
`.fuzzing/`, so that the next run goes on where this one ended.
"""

from __future__ import annotations

import faulthandler
import hashlib
import importlib
import pkgutil
import subprocess
import sys
import time
import traceback
from pathlib import Path
from random import Random

#: No input is longer, in bytes.
LONGEST = 20_000
#: An input that takes longer is a finding, in seconds of the processor; atheris slows what it watches down.
SLOWEST = 10.0
#: What no input comes back from in this time, in seconds of the clock, ends the process.
STUCK = 200
PACKAGES = ("devbox_lint", "devbox_lint_rules", "devbox_lint_lsp")
KEPT = Path(".fuzzing")
FINDINGS = Path("fuzzing-findings")


class Runs:
    """Counts the executions of one target and keeps what broke."""

    def __init__(self, target: str) -> None:
        self._folder = FINDINGS / target
        self._counts = KEPT / f"{target}.count"
        self._lengths: dict[str, int] = {}
        self._count = 0
        self._told = 0.0

    def done(self, seconds: float, data: bytes) -> None:
        """One execution took ``seconds``."""
        self._count += 1
        if seconds > SLOWEST:
            self.broke("slow", data, f"{seconds:.1f} s for {len(data)} bytes")
        if time.monotonic() > self._told + 1:
            self._told = time.monotonic()
            self._counts.write_text(str(self._count))

    def broke(self, place: str, data: bytes, message: str) -> None:
        """Keep what broke at a place where its input is shorter than those before."""
        name = hashlib.sha256(place.encode()).hexdigest()[:12]
        if len(data) >= self._lengths.get(name, 1 << 30):
            return
        self._lengths[name] = len(data)
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / f"{name}.bin").write_bytes(data)
        (self._folder / f"{name}.txt").write_text(f"{place}\n{data!r}\n{message}\n", encoding="utf-8", errors="replace")


def _place(error: BaseException) -> str:
    """Where something broke; a failure inside a rule comes as the text of its traceback."""
    frames = traceback.extract_tb(error.__traceback__)
    place = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-3:]))
    lines = str(error).strip().split("\n")
    return f"{type(error).__name__} {place} {lines[-1] if len(lines) > 3 else ''}"


def fuzz(target: str, seconds: int) -> None:
    """Run one target for ``seconds``; does not return."""
    import atheris

    with atheris.instrument_imports(include=list(PACKAGES), enable_loader_override=False):
        for name in PACKAGES:
            package = importlib.import_module(name)
            for module in pkgutil.walk_packages(package.__path__, name + "."):
                if not module.name.endswith("__main__") and "._azure" not in module.name:
                    importlib.import_module(module.name)
    from fuzzing import TARGETS, mutated, pieces, random_changes, seeds

    inputs = KEPT / target
    inputs.mkdir(parents=True, exist_ok=True)
    for seed in seeds(target):
        (inputs / f"seed-{hashlib.sha256(seed).hexdigest()[:16]}").write_bytes(seed[:LONGEST])
    runs = Runs(target)

    def run(data: bytes) -> None:
        start = time.process_time()
        try:
            TARGETS[target](data)
        except Exception as error:  # noqa: BLE001 - each is a finding
            runs.broke(_place(error), data, traceback.format_exc())
        runs.done(time.process_time() - start, data)

    def mutate(data: bytes, longest: int, seed: int) -> bytes:
        random = Random(seed)
        if random.random() < 0.3:
            return bytes(atheris.Mutate(data, longest))
        return mutated(data, random_changes(random, pieces()))[:longest]

    faulthandler.enable()
    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={STUCK}", "-rss_limit_mb=3000"]
    # What is slow is told by the time of the processor, not of the clock.
    options += [f"-report_slow_units={STUCK}"]
    options += [f"-artifact_prefix={FINDINGS}/{target}-stuck-", "-print_final_stats=0", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *options, str(inputs)], run, custom_mutator=mutate)
    atheris.Fuzz()


def main(arguments: list[str]) -> int:
    """Run the targets one after another, each in a process of its own."""
    if arguments[:1] == ["--one"]:
        fuzz(arguments[1], int(arguments[2]))
    from fuzzing import TARGETS

    seconds = int(arguments[0]) if arguments else 60
    unknown = [name for name in arguments[1:] if name not in TARGETS]
    if unknown:
        print(f"no target {', '.join(unknown)}; there are {', '.join(TARGETS)}")
        return 2
    KEPT.mkdir(exist_ok=True)
    FINDINGS.mkdir(exist_ok=True)
    broken = 0
    for name in arguments[1:] or TARGETS:
        start = time.monotonic()
        count = KEPT / f"{name}.count"
        count.unlink(missing_ok=True)
        with (KEPT / f"{name}.log").open("wb") as log:
            done = subprocess.run(
                [sys.executable, "-m", "fuzzing", "--one", name, str(seconds)], stderr=log, stdout=log
            )
        found = sorted((FINDINGS / name).glob("*.txt")) + sorted(FINDINGS.glob(f"{name}-stuck-*"))
        executions = count.read_text() if count.exists() else "0"
        print(
            f"{name:14} {executions:>9} executions in {time.monotonic() - start:.0f} s, {len(found)} broken", flush=True
        )
        for path in found:
            print(f"    {path}")
        if done.returncode or executions == "0":
            print(f"    ended with {done.returncode}: see {log.name}")
        broken += len(found) or bool(done.returncode)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
