"""What the tests do not notice: mutmut changes the code, and the tests that run it must fail.

    python tests/hardening/mutants.py [SAMPLE [SEED [UNIT...]]]

SAMPLE mutants (40) of each UNIT, a module of the engine or a group of rules, are drawn evenly at random with SEED (1);
0 takes all of them, which is hours for all units. Prints each mutant that survives, as a diff, and then a table.

mutmut wants one folder of sources, so it gets a copy with the three packages side by side. Processes that the tests
start run the same mutant, and tell which functions they call: see mutants_elsewhere. It does not change decorated
functions, nor what stands outside of functions.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("linter/devbox_lint", "rules/devbox_lint_rules", "lsp/devbox_lint_lsp")
# A minute for what a second finds: long texts, a thousand random ones, and the examples of rules in other groups.
SLOW = "not thousand and not any_text and not random_document and not moving_keys and not is_read_once"
# All but what reads the documentation, which the copy does not have.
RULES = ("tests/rules", "--ignore=tests/rules/test_generated.py")


def _but(*groups: int) -> str:
    """All examples of rules but those of ``groups``, the first digits of codes."""
    return "".join(f" and not [DBX{group}" for group in range(10) if group not in groups)


class Part(NamedTuple):
    """Units whose mutants the same tests must kill; ``first`` is a mutant that exists."""

    units: tuple[str, ...]
    tests: tuple[str, ...]
    others: str
    first: str


PARTS = (
    Part(
        (
            *(f"devbox_lint.{name}" for name in ("baseline", "engine", "fixes", "source", "suppressions")),
            "devbox_lint.run.selection",
            "devbox_lint.credentials.masking",
            "devbox_lint.references.expressions",
            *(f"devbox_lint.yaml.{name}" for name in ("repair_indentation", "recovery", "syntax_errors", "scalar_map")),
        ),
        (
            *(f"tests/test_{name}.py" for name in ("baseline", "engine", "exact_places", "fixes", "source")),
            "tests/test_suppressions.py",
            *(f"tests/run/test_{name}.py" for name in ("add_ignores", "selection")),
            "tests/credentials/test_masking.py",
            "tests/references",
            "tests/yaml",
            "tests/rules/test_examples.py",
            "tests/rules/test_messages.py",
        ),
        _but(0, 8, 9),
        "devbox_lint.engine.x_check__mutmut_1",
    ),
    Part(
        tuple(f"devbox_lint_rules.{group}" for group in ("structure", "tasks", "references")),
        (*RULES, "tests/test_real_mistakes.py"),
        _but(0, 1, 2, 3, 8),
        "devbox_lint_rules.structure._lines.x_entry_lines__mutmut_1",
    ),
    Part(
        ("devbox_lint_rules.syntax",),
        (*RULES, "tests/yaml", "tests/test_real_mistakes.py"),
        _but(0),
        "devbox_lint_rules.syntax.syntax_error.xǁSyntaxErrorǁcheck__mutmut_1",
    ),
    Part(
        ("devbox_lint_rules.credentials", "devbox_lint.credentials"),
        (*RULES, "tests/credentials", "tests/test_no_secret_is_shown.py"),
        _but(4),
        "devbox_lint.credentials.masking.x__is_usual__mutmut_1",
    ),
    Part(
        ("devbox_lint_rules.scripts",),
        (*RULES, "tests/powershell", "tests/test_real_mistakes.py"),
        _but(7),
        "devbox_lint_rules.scripts._scripts.x_name_finding__mutmut_1",
    ),
    Part(
        ("devbox_lint_rules.keyvault", "devbox_lint_rules._azure"),
        ("tests/rules/test_examples.py", "tests/rules/test_messages.py", "tests/online"),
        _but(5),
        "devbox_lint_rules._azure.memory.xǁMemoryǁ__init____mutmut_1",
    ),
    Part(
        ("devbox_lint.cache",),
        ("tests/cache",),
        "",
        "devbox_lint.cache.place.x_clean__mutmut_1",
    ),
    Part(
        ("devbox_lint_lsp",),
        ("tests/lsp",),
        " and not browser",
        "devbox_lint_lsp.conversion.x_text_edits__mutmut_1",
    ),
)


def main() -> None:
    """Draw the mutants, run the tests on them, print what is left."""
    sample, seed = (*map(int, sys.argv[1:3]), *(40, 1)[len(sys.argv) - 1 :])
    rows = []
    lost = [test for part in PARTS for test in part.tests if not test.startswith("-") and not (ROOT / test).exists()]
    if lost:
        sys.exit(f"tests that are not there: {', '.join(lost)}")
    for part in PARTS:
        units = [unit for unit in part.units if unit in sys.argv[3:] or not sys.argv[3:]]
        if not units:
            continue
        with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
            rows += _run(part, units, Path(folder), sample, seed)
    print(f"{'':34}{'mutants':>9}{'drawn':>7}{'killed':>8}{'timeout':>9}{'survived':>10}{'no tests':>10}")
    for unit, mutants, drawn, counts in rows:
        killed, timeout, survived, untested = (counts[name] for name in ("killed", "timeout", "survived", "no tests"))
        print(f"{unit:34}{mutants:9}{drawn:7}{killed:8}{timeout:9}{survived:10}{untested:10}")


def _run(
    part: Part, units: list[str], folder: Path, sample: int, seed: int
) -> list[tuple[str, int, int, Counter[str]]]:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / "src" / Path(package).name)
    shutil.copytree(ROOT / "tests", folder / "tests")
    (folder / "calls").mkdir()
    (folder / "elsewhere").mkdir()
    shutil.copy(ROOT / "tests" / "hardening" / "mutants_elsewhere.py", folder / "elsewhere")
    (folder / "elsewhere" / "sitecustomize.py").write_text("import mutants_elsewhere as it\n\nit.in_process()\n")
    (folder / "pyproject.toml").write_text(_settings(part, folder), encoding="utf-8")
    _mutmut(folder, "run", "--max-children", "2", part.first)
    every = _states(folder)
    by_unit = {unit: [name for name in every if name.startswith(f"{unit}.")] for unit in units}
    drawn = {
        unit: random.Random(f"{seed} {unit}").sample(names, min(sample or len(names), len(names)))
        for unit, names in by_unit.items()
    }
    _mutmut(folder, "run", "--max-children", "2", *(name for names in drawn.values() for name in names))
    states = _states(folder)
    for names in drawn.values():
        for name in sorted(names):
            if states[name] not in ("killed", "timeout"):
                print(_mutmut(folder, "show", name), flush=True)
    return [
        (unit, len(by_unit[unit]), len(names), Counter(states[name] for name in names)) for unit, names in drawn.items()
    ]


def _settings(part: Part, folder: Path) -> str:
    paths = [folder / "src" / unit.replace(".", "/") for unit in part.units]
    mutated = [f"{path.relative_to(folder)}{'/*' if path.is_dir() else '.py'}" for path in paths]
    arguments = [
        "--import-mode=importlib",
        "-p",
        "no:cacheprovider",
        "-p",
        "mutants_elsewhere",
        "-k",
        SLOW + part.others,
    ]
    return f"""\
[tool.mutmut]
source_paths = ["src"]
only_mutate = {mutated}
pytest_add_cli_args = {arguments}
pytest_add_cli_args_test_selection = {list(part.tests)}
[tool.pytest.ini_options]
asyncio_default_fixture_loop_scope = "function"
pythonpath = ["src", "tests"]
"""


def _states(folder: Path) -> dict[str, str]:
    """The state of every mutant."""
    lines = _mutmut(folder, "results", "--all", "true").splitlines()
    return dict(line.strip().split(": ", 1) for line in lines if "__mutmut_" in line)


def _mutmut(folder: Path, *arguments: str) -> str:
    # Without the corpus: what real files bring to light should have an example of its own.
    environment = {
        **os.environ,
        "DEVBOX_LINT_SHARED": str(folder / "none"),
        "PYTHONPATH": str(folder / "elsewhere"),
        "MUTANTS_CALLS": str(folder / "calls"),
        "MUTANTS_FOLDERS": os.pathsep.join((str(folder / "elsewhere"), str(folder / "mutants" / "src"))),
    }
    command = [sys.executable, "-m", "mutmut", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"mutmut {arguments[0]}: {done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done.stdout


if __name__ == "__main__":
    main()
