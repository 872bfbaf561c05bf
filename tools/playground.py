"""Builds the playground: `python tools/playground.py FOLDER`. Needs npm, pip, the package indexes of both.

Its examples are those of the repository, and for each rule the first one of its page that the playground can show. New
files begin as those of `devbox-lint init` do.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import browser_bundle
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.starters import first_file, first_script, name_for
from devbox_lint.rule import AnyRule, Example
from devbox_lint_rules import RULES

TOP = Path(__file__).resolve().parent.parent
SERVER, PAGE = TOP / "lsp" / "browser", TOP / "lsp" / "playground"
_MARKS = re.compile("[«»]")
_PATHS = {
    Kind.IMAGE: "imagedefinition.yaml",
    Kind.USER: "workload.yaml",
    Kind.TASK: "tasks/example/task.yaml",
    Kind.SCRIPT: "tasks/example/example.ps1",
    Kind.CONFIGURATION: "configuration.winget",
}
#: What runs the script of an example that stands alone.
_RUNNER = ("tasks/example/task.yaml", 'name: example\ndescription: Runs the script\ncommand: ".\\\\example.ps1"\n')
_REPOSITORIES = {
    "bad": "A repository with mistakes",
    "good": "The same without",
    "catalog": "A catalog of tasks, and two teams that use it",
}


def main(output: Path) -> None:
    """Build into ``output``, which is emptied before; raises subprocess.CalledProcessError where a tool fails."""
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    (output / "examples.json").write_text(
        json.dumps({"groups": list(_groups()), "starters": list(_starters())}), "utf-8"
    )
    place = output.resolve()
    for folder in (SERVER, PAGE):
        subprocess.run(("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"), cwd=folder, check=True)
    with tempfile.TemporaryDirectory() as temporary:
        bundle = Path(temporary) / "devbox-lint.zip"
        browser_bundle.main(bundle)
        subprocess.run(("node", "build.mjs", bundle, place), cwd=SERVER, check=True)
    subprocess.run(("node", "build.mjs", place), cwd=PAGE, check=True)


def _groups() -> Iterator[dict[str, object]]:
    repositories = []
    for folder, name in _REPOSITORIES.items():
        top = TOP / "examples" / folder
        paths = sorted(path for path in top.rglob("*") if path.is_file())
        # The file that people write comes before the tasks that it names.
        paths.sort(key=lambda path: "tasks" in path.parts)
        files = [{"path": path.relative_to(top).as_posix(), "text": path.read_text("utf-8")} for path in paths]
        repositories.append({"name": name, "files": files})
    yield {"name": "Repositories", "examples": repositories}
    for group in dict.fromkeys(entry.group for entry in RULES):
        examples = []
        for entry in RULES:
            rule = entry.load()
            shown = _shown(rule)
            if entry.group == group and shown:
                files = list(_files(shown[0]))
                examples.append({"name": f"{rule.code} {rule.name}", "code": rule.code, "files": files})
        if examples:
            said = (import_module(f"devbox_lint_rules.{group}").__doc__ or group).partition(":")[0].strip()
            yield {"name": f"{group}: {said}", "examples": examples}


def rules_shown() -> frozenset[str]:
    """The codes of the rules that the playground has an example for."""
    return frozenset(rule.code for entry in RULES for rule in (entry.load(),) if _shown(rule))


def _shown(rule: AnyRule) -> list[Example]:
    return [] if rule.asks else [each for each in rule.bad if each.shown and each.data is None]


def _starters() -> Iterator[dict[str, str]]:
    for kind, path in _PATHS.items():
        text = first_script() if kind is Kind.SCRIPT else first_file(kind, path, name_for(path, kind))
        yield {"kind": kind.value, "path": path, "text": text}


def _files(example: Example) -> Iterator[dict[str, str]]:
    path = example.path or _PATHS[example.kind]
    yield {"path": path, "text": _MARKS.sub("", example.text)}
    beside = dict(example.beside)
    if example.kind is Kind.SCRIPT and not example.path and not beside:
        beside = dict([_RUNNER])
    for name, text in beside.items():
        yield {"path": name, "text": text}


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
