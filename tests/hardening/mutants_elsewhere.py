"""Mutants in the processes that tests start: a plugin for pytest in mutmut's own, and ``sitecustomize`` in theirs.

mutmut notes which test calls which function, in its own process alone. Here each function that a process calls leaves
an empty file, and the plugin takes these as calls of the test that runs. A server that many tests share is thus seen by
each of them.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mutmut import stats
from mutmut.state import state

#: The environment variables of a process: the mutant (mutmut's own), the folder of calls, the folders of modules.
MUTANT, CALLS, FOLDERS = "MUTANT_UNDER_TEST", "MUTANTS_CALLS", "MUTANTS_FOLDERS"


def in_process() -> None:
    """In a process that a test has started: leave a file for each function that it calls."""
    if os.environ.get(MUTANT) == "stats":
        stats.record_trampoline_hit = _leave


def _leave(name: str, caller: str | None = None) -> None:
    os.close(os.open(os.path.join(os.environ[CALLS], name), os.O_CREAT | os.O_WRONLY))


def pytest_configure() -> None:
    """Give every process the mutant, and the modules that have it, whatever environment the test gives it."""
    start: Any = subprocess.Popen.__init__

    def started(self: Any, command: Any, *rest: Any, env: dict[str, str] | None = None, **options: Any) -> None:
        given = dict(os.environ if env is None else env)
        folders = [os.environ[FOLDERS], *given.get("PYTHONPATH", "").split(os.pathsep)]
        given["PYTHONPATH"] = os.pathsep.join(filter(None, folders))
        given |= {name: os.environ[name] for name in (MUTANT, CALLS, FOLDERS) if name in os.environ}
        start(self, command, *rest, env=given, **options)

    subprocess.Popen.__init__ = started  # type: ignore[method-assign]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """Take what processes left before mutmut takes what was called here."""
    for file in Path(os.environ[CALLS]).iterdir():
        state()._stats.add(file.name)
        file.unlink(missing_ok=True)
    yield
