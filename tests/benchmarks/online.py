"""How long two hundred files with fifty vaults and four hundred secrets take against a fake Azure with some latency.

With ``--clones`` the files clone from forty projects of Azure DevOps and download as ten service principals.
``python tests/benchmarks/online.py [--latency 0.05] [--concurrency 8] [--clones]`` runs the command line as a process,
from a checkout, and prints the number of requests and the wall time, signing in and starting included.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from fake_azure import FakeAzure
from fake_azure.offences import repeated
from situations.many import many, many_clones
from situations.stage import FOREIGN, Stage


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--latency", type=float, default=0.05, help="of each answer, in seconds")
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--clones", action="store_true", help="of repositories in Azure DevOps, in place of secrets")
    options = parser.parse_args()
    with FakeAzure(options.latency) as azure, tempfile.TemporaryDirectory() as folder:
        stage = Stage(azure, Path(folder))
        stage.settings["concurrency"] = options.concurrency
        (many_clones if options.clones else many)(stage)
        machine = {name: value for name, value in os.environ.items() if not name.upper().startswith(FOREIGN)}
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "devbox_lint", "check", "--online", "--select", "DBX5", "."],
            cwd=folder,
            env={**machine, **stage.environment},
            capture_output=True,
            text=True,
        )
        seconds = time.perf_counter() - start
        kinds = Counter(
            f"{one.method} {one.path.rsplit('/', 1)[-1] if '/secrets/' not in one.path else 'secret'}"
            for one in azure.requests
        )
        print(
            f"exit {done.returncode}, {seconds:.2f} s, {len(azure.requests)} requests, {len(repeated(azure))} repeated"
        )
        print(f"{len(azure.requests) * options.latency / options.concurrency:.2f} s is the least that they could take")
        for kind, count in kinds.most_common(12):
            print(f"{count:6} {kind}")
        print(done.stdout[-600:], done.stderr[-600:])


if __name__ == "__main__":
    main()
