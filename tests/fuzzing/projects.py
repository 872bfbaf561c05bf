"""What strangers put beside the files that are checked: settings, baselines, ignore patterns, lists of tasks, entries
of a cache."""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import tempfile
from collections import Counter
from functools import cache

from devbox_lint.baseline import Baseline, Known, baseline_text, parse_baseline
from devbox_lint.cache.entries import read, spans_of, written
from devbox_lint.credentials.masking import mask_of
from devbox_lint.customization.catalog import Catalog
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.listed_tasks import read_listed_tasks
from devbox_lint.diagnostics import Diagnostic, Severity
from devbox_lint.engine import check
from devbox_lint.errors import SettingsError, UnreadableFileError, UsageError
from devbox_lint.files.gitignore import IgnorePatterns
from devbox_lint.reports.formats import render
from devbox_lint.reports.model import Run
from devbox_lint.results import FileResult
from devbox_lint.run.options import FORMATS
from devbox_lint.settings.files import SettingsFiles
from devbox_lint.source import SourceFile
from devbox_lint_rules import RULES

_TEXT = """\
name: web
tasks:
  - name: ~/git-clone
  - name: contoso/build
    parameters: {a: 1}
  - name: ~/powershell
    parameters:
      command: net user bob Pa55w0rd!7 /add
"""
SOURCE = SourceFile("imagedefinition.yaml", _TEXT)
# What a command has, perhaps with characters in between that runners pass over.
_MARKS = re.compile("##|::|[\ufe00-\ufe0f]")
_SETTINGS = b"""\
select = ["ALL"]
ignore = ["DBX1", "missing-image"]
exclude = ["build/", "!build/*.yaml"]
fail-on = "info"
baseline = "known.jsonl"
task-catalogs = ["tasks.json"]
[severity]
DBX204 = "info"
[per-file-ignores]
"a/**" = ["DBX4"]
[azure]
cloud = "public"
"""
_LISTS: tuple[object, ...] = (
    [{"name": "contoso/build", "parameters": {"a": {"type": "string", "required": True, "allowed": ["x"]}}}],
    {"catalogs": [{"name": "contoso", "tasks": {"build": {"inputs": [{"name": "b", "type": "int", "default": 1}]}}}]},
)


@cache
def result() -> FileResult:
    """What is found in a file that has some of everything."""
    return check(SOURCE, RULES, Kind.IMAGE)


@cache
def _folder() -> str:
    folder = tempfile.mkdtemp("devbox-lint-fuzzing")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.mkdir(os.path.join(folder, ".git"))
    return folder


def settings(data: bytes) -> None:
    """A settings file is read or refused in one sentence, with a place in it; what it leaves out can be asked."""
    name = ("devbox-lint.toml", "pyproject.toml")[(data[0] if data else 0) % 2]
    folder = _folder()
    path = os.path.join(folder, name)
    with open(path, "wb") as stream:
        stream.write(data[1:])
    files = SettingsFiles()
    inside = os.path.join(folder, "a", "imagedefinition.yaml")
    refusal: SettingsError | None = None
    try:
        IgnorePatterns(files.of(inside).exclude).covers("a/imagedefinition.yaml", False)
    except SettingsError as error:
        refusal = error
    finally:
        os.unlink(path)
    if refusal is not None:
        assert refusal.problem, refusal
        assert "\n" not in str(refusal), refusal
        assert 0 <= refusal.line <= 1 + data.count(b"\n"), refusal
        # In undecodable bytes the column counts bytes.
        assert bool(refusal.line) <= refusal.column <= len(data) + 1, refusal


def baselines(data: bytes) -> None:
    """A baseline is read or refused with its line; written anew it is the same, and what it hides was found."""
    source = SourceFile.from_bytes("baseline.jsonl", data[1:])
    try:
        baseline = parse_baseline(source)
    except UsageError:
        return
    counts: Counter[Known] = Counter()
    for entry in baseline.entries:
        counts[entry.known] += entry.times
    text = baseline_text(counts)
    again = parse_baseline(SourceFile("baseline.jsonl", text))
    assert {entry.known: entry.times for entry in again.entries} == counts
    unknown = baseline.unknown(result())
    assert set(unknown) <= set(result().diagnostics)
    rule = next(rule for rule in RULES if rule.code == "DBX901")
    for item in baseline.unused({}, lambda _: True, rule.load(), Severity.INFO):
        assert 0 <= item.span.start <= item.span.end <= len(source.text)


def ignoring(data: bytes) -> None:
    """Patterns of a `.gitignore` can be asked of any name: the first line is a path, the rest patterns."""
    head, _, rest = data[1:].partition(b"\n")
    path = head.decode("utf-8", "surrogateescape").strip("/") or "a"
    patterns = IgnorePatterns.of_bytes(rest)
    for is_folder in (False, True):
        covered = patterns.covers(path, is_folder)
        own = patterns.ignores(path, path.rpartition("/")[2], is_folder)
        assert covered or not own, (path, rest)


def catalogs(data: bytes) -> None:
    """A list of tasks is read or refused, and a file that names these tasks can be checked."""
    try:
        listed = read_listed_tasks("tasks.json", data[1:])
    except UnreadableFileError:
        return
    assert all(doubt and "\n" not in doubt for doubt in listed.doubts), listed.doubts
    catalog = Catalog(listed=listed.tasks, is_complete=True)
    names = "".join(
        f"  - name: {json.dumps(task.name)}\n    parameters: {{{json.dumps(name)}: 1}}\n"
        for task in listed.tasks[:5]
        for name in ["a", *[*task.parameters][:3]]
    )
    _render(check(SourceFile("imagedefinition.yaml", f"{_TEXT}{names}"), RULES, Kind.IMAGE, catalog=catalog))


def cached(data: bytes) -> None:
    """An entry of the cache is a result that every report can be made of, or is refused by one of two errors."""
    try:
        value = json.loads(data[1:])
    except (ValueError, RecursionError):
        return
    try:
        spans_of(value)
        found = read(value, SOURCE)
    except (ValueError, TypeError):
        return
    _render(found)


def given(target: str) -> tuple[bytes, ...]:
    """What each of these targets starts from."""
    match target:
        case "settings":
            return (b"\0" + _SETTINGS, b"\1[tool.devbox-lint]\n" + _SETTINGS.replace(b"[", b"[tool.devbox-lint."))
        case "baselines":
            known = Counter(Baseline(SourceFile("baseline.jsonl", "")).known(result()))
            return (
                b"\0" + baseline_text(known).encode(),
                b"\0" + baseline_text({**known, Known("a", "b", ""): 2}).encode(),
            )
        case "ignoring":
            return (b"\0build/x.yaml\n# c\nbuild/\n!build/**/x.yaml\n*.y[a-z]ml\n/a/**/b/*\n\\#d\\ \n[[:digit:]!]?\n",)
        case "catalogs":
            return tuple(b"\0" + json.dumps(value, indent=1).encode() for value in _LISTS)
        case "cached":
            return (b"\0" + json.dumps(written(result(), mask_of(SOURCE)), indent=1).encode(),)
    raise ValueError(target)


def reports(data: bytes) -> None:
    """Every format can be made of any file and name, and holds no character that is not seen."""
    kinds = tuple(Kind)
    kind = kinds[(data[0] if data else 0) % len(kinds)]
    head, _, rest = data[1:].partition(b"\xff")
    path = (head if rest else b"imagedefinition.yaml").decode("utf-8", "surrogateescape").replace("\0", "")
    found = check(SourceFile.from_bytes(path, rest or head), RULES, kind)
    assert not found.crashes, found.crashes
    _render(found)


def _render(found: FileResult) -> None:
    codes = {item.code for item in found.diagnostics}
    run = Run((found,), rules=[rule for rule in RULES if rule.code in codes])
    for name in FORMATS:
        for encoding in ("utf-8", "cp1252") if name in ("text", "concise") else ("utf-8",):
            text = "".join(render(name, run, encoding))
            text.encode(encoding)
            hold(text, name, found.diagnostics)


def hold(text: str, name: str, diagnostics: tuple[Diagnostic, ...]) -> None:
    """A report can be read by what reads its format, and does nothing else to it."""
    from xml.etree import ElementTree

    from reports.runners import commands, visible

    unseen = {character for character in set(text) if not visible(character)} - {"\n"}
    assert not unseen, (name, unseen)
    found = commands(text) if _MARKS.search(text) else []
    if name in ("github", "azure"):
        assert len(found) <= len(diagnostics)
        assert {item.name for item in found} <= {"error", "warning", "notice", "task.logissue"}
    else:
        assert found == [], (name, found)
    if name in ("json", "sarif", "gitlab", "rdjson"):
        json.loads(text)
    elif name == "junit":
        ElementTree.fromstring(text)
