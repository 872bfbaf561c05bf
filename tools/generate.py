"""Writes every file that is made from others: the registry of the rules, their pages, the settings' page and schema,
the examples for CI, README's pictures, what Azure can say, and what the rules say.

``python tools/generate.py`` writes them, from a checkout. With ``--check`` it writes nothing, says what is out of
date, and ends with 1 where something is; what Azure can say is left to its tests, which take longer.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from pathlib import Path

TOP = Path(__file__).parent.parent
COMMAND = "python tools/generate.py"
#: A folder of which every page is written, so that one of a rule that is no more is removed.
PAGES = TOP / "docs" / "rules"
REGISTRY = TOP / "rules" / "devbox_lint_rules" / "_registry.py"
MESSAGES = "tests/rules/__snapshots__/test_messages.ambr"
_NO_REGISTRY = "RULES = ()\n"

sys.path[:0] = [str(TOP / "tests"), str(TOP / "tools")]


def registry() -> Mapping[Path, str]:
    """What can be known of the rules without loading them."""
    from rule_registry import text

    return {REGISTRY: text()}


def rule_pages() -> Mapping[Path, str]:
    """A page for each rule, their index, and the table of the groups in README.md."""
    from rule_pages import README, pages, readme

    return {**pages(), README: readme()}


def settings() -> Mapping[Path, str]:
    """The page of the settings and their JSON Schema."""
    from settings_page import FOLDER, page, schema_text

    return {FOLDER / "settings.md": page(), FOLDER / "settings.schema.json": schema_text()}


def ci_examples() -> Mapping[Path, str]:
    """The files for CI that `init` writes, as those of a repository whose branch is `main`."""
    from devbox_lint.cli.starters import starter

    names = ("github.yml", "azure-pipelines.yml", "azure-steps.yml", "gitlab.yml")
    folder = TOP / "docs" / "ci"
    texts = {folder / name: starter(name, branch="main") for name in names}
    _, _, steps = texts[folder / "github.yml"].partition("          persist-credentials: false\n")
    before, mark, rest = (folder / "README.md").read_text("utf-8").partition("<!-- part of: github.yml -->\n")
    _, _, after = rest.partition("```yaml\n")[2].partition("```\n")
    texts[folder / "README.md"] = f"{before}{mark}```yaml\n{steps}```\n{after}"
    # Whoever calls it from outside names a commit, too.
    commit = starter("commit.txt").strip()
    for path in (TOP / ".github" / "workflows" / "check.yml", TOP / "docs" / "roll-out.md"):
        named = re.compile(r"(?<=uses: )(devbox-lint/devbox-lint[\w./-]*)@[0-9a-f]{40}")
        texts[path] = named.sub(rf"\1@{commit}", path.read_text("utf-8"))
    return texts


def screenshots() -> Mapping[Path, str]:
    """The pictures in README."""
    from screenshots import pictures

    return pictures()


def online_situations() -> Mapping[Path, str]:
    """What Azure can say and what follows, by asking a fake of it in each of the tests' situations."""
    from situations import CASES, SECTIONS
    from situations.page import page

    # Most of the time is spent on waiting.
    with ProcessPoolExecutor(4) as pool:
        cells = dict(pool.map(_cell_of, range(len(CASES)), chunksize=8))
    return {TOP / "docs" / "online-situations.md": page(SECTIONS, cells)}


def _cell_of(number: int) -> tuple[tuple[str, str], str]:
    """What a situation says and the name of a file, and what follows."""
    from fake_azure import FakeAzure
    from situations import CASES
    from situations.page import cell
    from situations.stage import Stage

    situation, name = CASES[number]
    with FakeAzure() as azure, tempfile.TemporaryDirectory() as folder:
        stage = Stage(azure, Path(folder))
        situation.arrange(stage)
        return (situation.says, name), cell(stage.check(name, *situation.arguments))


#: What is written; the registry first, since the others are made with it.
WRITERS: tuple[Callable[[], Mapping[Path, str]], ...] = (
    registry,
    rule_pages,
    settings,
    ci_examples,
    screenshots,
    online_situations,
)


def stale(*writers: Callable[[], Mapping[Path, str]]) -> Iterator[tuple[Path, str | None]]:
    """The files that are not as they must be, and what they must be: None for one that must not be."""
    for writer in writers or WRITERS:
        wanted = writer()
        for path, text in wanted.items():
            if not path.is_file() or path.read_text("utf-8") != text:
                yield path, text
        if writer is rule_pages:
            yield from ((path, None) for path in sorted(PAGES.glob("*.md")) if path not in wanted)


def _write(path: Path, text: str | None) -> None:
    print(f"{'removed' if text is None else 'wrote'} {path.relative_to(TOP)}")
    if text is None:
        path.unlink()
    else:
        path.write_text(text, "utf-8", newline="\n")


def _messages(check: bool) -> int:
    """Write what each rule says, word by word, or compare it; the exit code of the tests whose snapshots it is."""
    how = ("-q", "--no-header", "-p", "no:cacheprovider", *(() if check else ("--snapshot-update",)))
    command = (sys.executable, "-m", "pytest", *how, "tests/rules/test_messages.py")
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True)
    if done.returncode:
        print(f"{done.stdout}{done.stderr}the messages of rules are out of date: run `{COMMAND}`")
    elif not re.search(r"^[0-9]+ snapshots passed\.$", done.stdout, re.MULTILINE):
        print(f"wrote {MESSAGES}")
    return done.returncode


def main(arguments: list[str]) -> int:
    """Write, or check; the exit code."""
    check = arguments == ["--check"]
    if find_spec("syrupy") is None:
        print("syrupy is missing: `pip install --require-hashes -r requirements/dev.txt` installs what is new there")
        return 1
    if not check and not _is_readable():
        REGISTRY.write_text(_NO_REGISTRY, "utf-8")
    found = 0
    for writer in WRITERS[:-1] if check else WRITERS:
        for path, text in stale(writer):
            found += 1
            if check:
                print(f"{path.relative_to(TOP)} is out of date: run `{COMMAND}`")
            else:
                _write(path, text)
                if path == REGISTRY:
                    # Everything else is made with the registry as it is now.
                    return subprocess.run([sys.executable, __file__], cwd=TOP).returncode
    return _messages(check) or int(check and found > 0)


def _is_readable() -> bool:
    """Whether the registry is there, and no merge has left its marks in it."""
    try:
        compile(REGISTRY.read_text("utf-8"), REGISTRY, "exec")
    except (FileNotFoundError, SyntaxError):
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
