"""Holds an executable against the devbox-lint of this environment: what it says, how it ends, how long it takes.

``python packaging/try_executable.py PATH`` ends with 1 where the two differ. Times are medians of whole processes, run
in turn; nothing is asked of them.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

TOP = Path(__file__).parent.parent
ROOTS = os.pathsep.join(str(TOP / root) for root in ("linter", "rules", "lsp"))
RUNS = 9

sys.path.insert(0, str(TOP / "linter"))
from devbox_lint.run.options import FORMATS, SCHEMAS, SHELLS  # noqa: E402 - of the checkout

#: What each command needs is imported when it runs, so that each is tried.
COMMANDS: tuple[Sequence[str], ...] = (
    ("--version",),
    ("--help",),
    *(("check", "--no-cache", "--output-format", name, "examples") for name in FORMATS),
    *(("completion", shell) for shell in SHELLS),
    ("check", "--diff", "--unsafe-fixes", "examples"),
    ("check", "--online", "examples/good"),
    ("check", "no-such-file.yaml"),
    ("config", "examples"),
    ("export", "examples/good/workload.yaml"),
    ("export", "--to", "dsc3", "examples/good/web-team/imagedefinition.yaml"),
    ("init", "--dry-run", "examples"),
    ("rule", "missing-image"),
    ("rules", "--output-format", "json"),
    *(("schema", kind) for kind in SCHEMAS),
    ("server",),
    ("tasks", "examples"),
)


def _run(program: Sequence[str], arguments: Sequence[str], cache: str) -> tuple[int, str, str]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "AZURE", "GITHUB"))},
        "DEVBOX_LINT_CACHE_DIR": cache,
        "NO_COLOR": "1",
    }
    if program[0] == sys.executable:
        environment["PYTHONPATH"] = ROOTS
    done = subprocess.run(
        [*program, *arguments], cwd=TOP, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


def main(executable: str) -> int:
    """Compare, and print the times; the exit code."""
    programs = {"executable": [executable], "environment": [sys.executable, "-P", "-m", "devbox_lint"]}
    differing = 0
    with tempfile.TemporaryDirectory() as cache:
        for arguments in COMMANDS:
            says = {name: _run(program, arguments, cache) for name, program in programs.items()}
            if says["executable"] != says["environment"]:
                differing += 1
                print(f"differs: {' '.join(arguments)}")
                for name, (code, out, err) in says.items():
                    print(f"  {name}: {code}, {len(out)} characters; {err[-500:]}")
        print(f"{len(COMMANDS) - differing} of {len(COMMANDS)} commands say the same")
        for arguments in (
            ("--version",),
            ("check", "--no-cache", "examples/good/workload.yaml"),
            ("check", "examples"),
        ):
            taken: dict[str, list[float]] = {name: [] for name in programs}
            for _ in range(RUNS):
                for name, program in programs.items():
                    start = time.perf_counter()
                    _run(program, arguments, cache)
                    taken[name].append(time.perf_counter() - start)
            medians = {name: statistics.median(times) for name, times in taken.items()}
            ratio = statistics.median(one / other for one, other in zip(*taken.values(), strict=True))
            shown = ", ".join(f"{name} {median * 1000:.0f} ms" for name, median in medians.items())
            print(f"{' '.join(arguments)}: {shown}; {ratio:.2f} times as long")
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
