"""Who may import whom, what may be imported at all, and how long a file may be."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

TOP = Path(__file__).parent.parent
ROOTS = {"linter": "devbox_lint", "rules": "devbox_lint_rules", "lsp": "devbox_lint_lsp"}

#: The rooms of the linter from the ground up: a room imports only rooms before it in this list, and itself.
ROOMS = (
    "startup",
    "errors",
    "limits",
    "spelling",
    "source",
    "diagnostics",
    "escaping",
    "powershell",
    "settings",
    "yaml",
    "references",
    "suppressions",
    "credentials",
    "customization",
    "configuration",
    "rule",
    "results",
    "files",
    "engine",
    "baseline",
    "online",
    "fixes",
    "pipeline",
    "cache",
    "reports",
    "run",
    "cli",
    "__main__",
)
#: What a rule may import: the rooms up to that of the rule itself, and what a rule that asks Azure is.
RULES_SEE = (*ROOMS[: ROOMS.index("rule") + 1], "online")
#: More rooms than this, and nobody sees the whole house.
MOST_ROOMS = 28
#: How many pairs of packages may import each other.
MOST_BACK_EDGES = 0

#: The modules that may know of the rules.
KNOW_THE_RULES = frozenset(("devbox_lint.cli.main",))
#: The modules that may start the server, none of which is it.
KNOW_THE_SERVER = frozenset(("devbox_lint.cli.main",))

#: Libraries that are not Python's own, and the modules or packages that may import them.
LIBRARIES = {
    "argcomplete": ("devbox_lint.cli.completion",),
    "ruamel": ("devbox_lint.yaml",),
    "jsonschema": ("devbox_lint.configuration.conformance",),
    "platformdirs": ("devbox_lint.cache.place",),
    "rich": ("devbox_lint.reports.access", "devbox_lint.reports.text", "devbox_lint.run.progress"),
    "pygls": ("devbox_lint_lsp",),
    "lsprotocol": ("devbox_lint_lsp",),
    "cattrs": ("devbox_lint_lsp.protocol",),
    "attrs": ("devbox_lint_lsp.quick_start",),
    "azure": ("devbox_lint_rules._azure",),
}
#: What takes longer to import than a file takes to check, so that only those pay for it who need it.
SLOW_LIBRARIES = (
    "rich",
    "argcomplete",
    "azure",
    "pygls",
    "lsprotocol",
    "difflib",
    "asyncio",
    "importlib.metadata",
    "subprocess",
)
#: Modules of ours that are loaded only by a run that asks Azure.
ONLINE = ("devbox_lint.online", "devbox_lint.run.online_step", "devbox_lint_rules.online")
#: What no module of the three roots imports.
FORBIDDEN = {"dataclasses": "its import takes 9 ms of every start: take typing.NamedTuple or a class with __slots__"}

LONGEST = 500
#: Longer files, by their path from the top, each with the reason why it is not two.
LONG_FILES: dict[str, str] = {"rules/devbox_lint_rules/_registry.py": "it is generated"}
#: Names that say nothing of what a module is about.
EMPTY_NAMES = frozenset(("util", "utils", "helper", "helpers", "common", "misc", "shared", "tools"))


class Import(NamedTuple):
    """One import: of which module, in which line, and whether it happens when the module itself is imported."""

    target: str
    line: int
    at_start: bool


class Module(NamedTuple):
    """One module of the three roots."""

    name: str
    path: Path
    imports: tuple[Import, ...]

    @property
    def place(self) -> str:
        """The path from the top, for messages."""
        return self.path.relative_to(TOP).as_posix()


@cache
def modules() -> dict[str, Module]:
    """All modules by name."""
    paths = {
        _name(path.relative_to(TOP / root)): path
        for root, package in ROOTS.items()
        for path in sorted((TOP / root / package).rglob("*.py"))
    }
    return {
        name: Module(
            name, path, tuple(_imports(ast.parse(path.read_text("utf-8")), name, path.name == "__init__.py", paths))
        )
        for name, path in paths.items()
    }


def _name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(tree: ast.Module, name: str, is_package: bool, known: dict[str, Path]) -> Iterator[Import]:
    """All imports; those for the type checker count as the module's own, those in functions do not."""
    pending: list[tuple[ast.AST, bool]] = [(tree, True)]
    while pending:
        node, at_start = pending.pop()
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno, at_start) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = name.split(".") if is_package else name.split(".")[:-1]
                base = ".".join([*package[: len(package) - node.level + 1], *([base] if base else [])])
            for alias in node.names:
                target = f"{base}.{alias.name}"
                yield Import(target if target in known else base, node.lineno, at_start)
        inner = at_start and not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        pending.extend((child, inner) for child in ast.iter_child_nodes(node))


def _room(name: str) -> str | None:
    """The room of a module of the linter; None for the package itself, which is but a version."""
    return None if name == "devbox_lint" else name.split(".")[1]


def _is_in(name: str, packages: Sequence[str]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def _all_imports() -> Iterator[tuple[Module, Import]]:
    for module in modules().values():
        for imported in module.imports:
            yield module, imported


def _report(complaints: Iterator[str]) -> None:
    found = sorted(complaints)
    assert not found, "\n" + "\n".join(found)


def test_a_room_imports_only_rooms_below_it() -> None:
    def complaints() -> Iterator[str]:
        for module, imported in _all_imports():
            if not (_is_in(module.name, ["devbox_lint"]) and _is_in(imported.target, ["devbox_lint"])):
                continue
            own, other = _room(module.name), _room(imported.target)
            if own is not None and other is not None and ROOMS.index(other) > ROOMS.index(own):
                yield f"{module.place}:{imported.line}: {own} is below {other} and imports {imported.target}"

    _report(complaints())


def test_the_linter_has_few_rooms_and_each_is_listed() -> None:
    found = {room for module in modules() if _is_in(module, ["devbox_lint"]) and (room := _room(module))}

    assert found == set(ROOMS)
    assert len(ROOMS) == len(found) <= MOST_ROOMS


def test_only_the_command_line_knows_the_rules_and_the_server() -> None:
    def complaints() -> Iterator[str]:
        for module, imported in _all_imports():
            if not _is_in(module.name, ["devbox_lint"]):
                continue
            if _is_in(imported.target, ["devbox_lint_rules"]) and module.name not in KNOW_THE_RULES:
                yield f"{module.place}:{imported.line}: the linter knows no rule: hand the rules to it"
            if _is_in(imported.target, ["devbox_lint_lsp"]) and module.name not in KNOW_THE_SERVER:
                yield f"{module.place}:{imported.line}: the linter knows no server"

    _report(complaints())


def test_a_rule_sees_what_a_rule_is_and_what_lies_below_it() -> None:
    def complaints() -> Iterator[str]:
        for module, imported in _all_imports():
            if not _is_in(module.name, ["devbox_lint_rules"]):
                continue
            if _is_in(imported.target, ["devbox_lint_lsp"]):
                yield f"{module.place}:{imported.line}: a rule knows no server"
            if _is_in(imported.target, ["devbox_lint"]):
                room = _room(imported.target)
                if room is not None and room not in RULES_SEE:
                    yield f"{module.place}:{imported.line}: {imported.target} is above devbox_lint.rule"

    _report(complaints())


def test_each_library_has_its_place() -> None:
    def complaints() -> Iterator[str]:
        for module, imported in _all_imports():
            library = imported.target.split(".")[0]
            if library in sys.stdlib_module_names or library in ROOTS.values():
                continue
            places = LIBRARIES.get(library)
            if places is None:
                yield f"{module.place}:{imported.line}: {library} is not in LIBRARIES of tests/test_architecture.py"
            elif not _is_in(module.name, places):
                yield f"{module.place}:{imported.line}: {library} belongs in {' and '.join(places)} only"

    _report(complaints())


def test_no_module_imports_what_is_forbidden() -> None:
    def complaints() -> Iterator[str]:
        for module, imported in _all_imports():
            reason = FORBIDDEN.get(imported.target)
            if reason:
                yield f"{module.place}:{imported.line}: {imported.target}: {reason}"

    _report(complaints())


def test_a_clean_file_is_checked_without_slow_libraries() -> None:
    loaded = _loaded_for("examples/good/workload.yaml")

    assert {name for name in loaded if _is_in(name, [*SLOW_LIBRARIES, *ONLINE, *FORBIDDEN])} == set()


def _loaded_for(*arguments: str) -> set[str]:
    """The modules that a run loads, which must find nothing."""
    program = (
        "import sys; from devbox_lint.cli.main import run; code = run(sys.argv[1:]);"
        "print(code, *sorted(name for name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "--quiet", *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=TOP,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(str(TOP / root) for root in ROOTS)},
    )
    code, *loaded = done.stdout.split()
    assert code == "0"
    return set(loaded)


def test_what_the_cache_knows_needs_neither_the_parser_nor_the_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEVBOX_LINT_CACHE_DIR", str(tmp_path / "cache"))
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "task.yaml").write_text("name: x\ntasks:\n", "utf-8")
    paths = ("--select", "DBX001", str(tmp_path / "a" / "task.yaml"), str(tmp_path / "b" / "task.yaml"))
    heavy = ("ruamel", "devbox_lint.yaml.parse", "devbox_lint.engine", "devbox_lint.credentials.detector")

    assert "devbox_lint.engine" in _loaded_for(*paths)
    assert {name for name in _loaded_for(*paths) if _is_in(name, [*heavy, "devbox_lint_rules"])} == set()


def test_no_modules_import_each_other_in_a_circle() -> None:
    # All imports count: also those in functions, and those for the type checker alone.
    graph = {
        module.name: {imported.target for imported in module.imports} & set(modules()) - {module.name}
        for module in modules().values()
    }
    # Take away, again and again, what imports nothing that is left: what remains leads into a circle.
    while free := {name for name, targets in graph.items() if not targets & set(graph)}:
        graph = {name: targets for name, targets in graph.items() if name not in free}

    circle: list[str] = []
    step = min(graph, default="")
    while graph and step not in circle:
        circle.append(step)
        step = min(graph[step] & set(graph))

    assert not circle, "a circle: " + " -> ".join([*circle[circle.index(step) :], step])


def test_no_two_packages_import_each_other() -> None:
    # A package: a room of the linter, a group of rules, the server.
    imports = {
        (_package(module.name), _package(imported.target))
        for module, imported in _all_imports()
        if imported.target in modules()
    }
    back = sorted((own, other) for own, other in imports if own < other and (other, own) in imports)

    assert len(back) <= MOST_BACK_EDGES, f"these import each other: {back}"


def _package(name: str) -> str:
    parts = name.split(".")
    if parts[0] == "devbox_lint_lsp":
        return parts[0]
    is_group = (TOP / "rules" / "/".join(parts[:2])).is_dir()
    return ".".join(parts[:2]) if parts[0] == "devbox_lint" or is_group else parts[0]


def test_no_file_is_long_without_a_reason() -> None:
    lengths = {module.place: len(module.path.read_text("utf-8").splitlines()) for module in modules().values()}
    long = {place: length for place, length in lengths.items() if length > LONGEST and place not in LONG_FILES}
    outdated = [place for place in LONG_FILES if lengths.get(place, 0) <= LONGEST]

    assert not long, f"over {LONGEST} lines: look for two ideas in one, or give the reason in LONG_FILES: {long}"
    assert not outdated, f"no longer over {LONGEST} lines, so to be taken out of LONG_FILES: {outdated}"


def test_each_module_is_named_for_what_it_is_about() -> None:
    empty = [module.place for module in modules().values() if module.name.split(".")[-1].strip("_") in EMPTY_NAMES]

    assert not empty


def test_each_module_says_what_it_is_about() -> None:
    silent = [
        module.place
        for module in modules().values()
        if module.path.stat().st_size and not ast.get_docstring(ast.parse(module.path.read_text("utf-8")))
    ]

    assert not silent


def test_a_rule_of_another_kind_of_file_is_not_loaded(tmp_path: Path) -> None:
    from devbox_lint.rule import IMAGE, USER
    from devbox_lint_rules import RULES

    text = (TOP / "examples/good/workload.yaml").read_text("utf-8")
    (tmp_path / "workload.yaml").write_text(text.replace("# devbox-lint: ignore", "# ignore"), "utf-8")
    for_images = {entry.module for entry in RULES if IMAGE in entry.kinds and USER not in entry.kinds}
    for_others = {entry.module for entry in RULES if entry.asks or not entry.default or entry.about_suppressions}

    loaded = _loaded_for("--ignore", "not-resolved-locally", str(tmp_path / "workload.yaml"))

    assert for_images
    assert loaded & (for_images | for_others) == set()
    assert "devbox_lint_rules.tasks.unknown_task" in loaded


def test_a_rule_that_is_not_selected_is_not_loaded() -> None:
    from devbox_lint_rules import RULES

    loaded = _loaded_for("--select", "unknown-task", "examples/good/workload.yaml")

    assert loaded & {entry.module for entry in RULES} == {"devbox_lint_rules.tasks.unknown_task"}
