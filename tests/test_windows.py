"""What holds on Windows: by a process that takes itself to be there, against what the same run says elsewhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import GOOD, NO_IMAGE, ROOT, Result, environment, lint

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="what is pretended here is so")]

EXAMPLES = ROOT / "examples"
#: What services read has the same paths wherever it was written.
FOR_SERVICES = ("github", "gitlab", "junit", "rdjson", "sarif")


def windows(folder: Path, *arguments: str, stdin: bytes | None = None, **variables: str) -> Result:
    """As :func:`lint`; ``folder`` is below the folder that has the drives, each named by its letter."""
    drives = next(parent.parent for parent in (folder, *folder.parents) if len(parent.name) == 1)
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "pretended_windows.py"), str(drives), *arguments],
        cwd=folder,
        env=environment(DEVBOX_LINT_CACHE_DIR="C:\\Users\\me\\cache", **variables),
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        timeout=60,
    )
    out, err = done.stdout.decode("cp1252"), done.stderr.decode("cp1252")
    assert "Traceback" not in err
    return Result(done.returncode, out, err)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The examples in a repository that is `C:\\repo`."""
    folder = tmp_path / "drives" / "c" / "repo"
    (folder / ".git").mkdir(parents=True)
    (folder.parent.parent / "d").mkdir()
    shutil.copytree(EXAMPLES, folder / "examples")
    return folder


def listed(result: Result) -> set[str]:
    """The files that a report in one line for each finding names."""
    assert result.err == ""
    return {line.split(":")[0] for line in result.out.splitlines()}


def with_slashes(text: str) -> str:
    return text.replace("\\\\", "/").replace("\\", "/")


def with_crlf(folder: Path) -> None:
    for path in folder.rglob("*.yaml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


@pytest.mark.parametrize("name", FOR_SERVICES)
def test_what_services_read_is_the_same(repository: Path, name: str) -> None:
    assert windows(repository, "--output-format", name) == lint(repository, "--output-format", name)


@pytest.mark.parametrize("name", FOR_SERVICES)
def test_the_top_of_the_repository_counts_from_a_folder_in_it(repository: Path, name: str) -> None:
    inner = repository / "examples" / "bad"

    assert windows(inner, "--output-format", name) == lint(inner, "--output-format", name)


@pytest.mark.parametrize("name", ["azure", "concise", "json", "text"])
def test_what_people_read_differs_in_backslashes_alone(repository: Path, name: str) -> None:
    here = windows(repository, "--output-format", name)
    there = lint(repository, "--output-format", name)

    assert "examples\\" in here.out
    assert (here.code, here.err) == (there.code, there.err)
    assert with_slashes(here.out) == with_slashes(there.out)


@pytest.mark.parametrize("name", FOR_SERVICES)
def test_line_breaks_in_a_report_are_ours(repository: Path, name: str) -> None:
    assert "\r" not in windows(repository, "--output-format", name).out


@pytest.mark.parametrize("path", ["D:\\other\\imagedefinition.yaml", "d:/other/imagedefinition.yaml"])
def test_a_file_on_another_drive_is_named_whole(repository: Path, path: str) -> None:
    (repository.parent.parent / "d" / "other").mkdir()
    (repository.parent.parent / "d" / "other" / "imagedefinition.yaml").write_text(NO_IMAGE, "utf-8")

    gitlab = windows(repository, "--output-format", "gitlab", path)
    sarif = windows(repository, "--output-format", "sarif", path)

    place = path.replace("\\", "/")
    assert {item["location"]["path"] for item in json.loads(gitlab.out)} == {place}
    (run,) = json.loads(sarif.out)["runs"]
    artifacts = [result["locations"][0]["physicalLocation"]["artifactLocation"] for result in run["results"]]
    assert {artifact["uri"] for artifact in artifacts} == {f"file:///{place}"}
    assert all("uriBaseId" not in artifact for artifact in artifacts)


SHORT = ("--output-format", "concise", "--quiet")


@pytest.mark.parametrize(
    ("pattern", "elsewhere"),
    [
        ("tasks", "tasks"),
        ("tasks/", "tasks/"),
        ("tasks\\", "tasks/"),
        ("examples/bad/tasks", "examples/bad/tasks"),
        ("examples\\bad\\tasks", "examples/bad/tasks"),
        (".\\examples\\bad\\tasks\\", "./examples/bad/tasks/"),
        ("\\examples\\bad", "/examples/bad"),
        ("**\\bad\\*", "**/bad/*"),
    ],
)
def test_a_pattern_for_what_is_left_out_may_have_backslashes(repository: Path, pattern: str, elsewhere: str) -> None:
    expected = listed(lint(repository, *SHORT, "--exclude", elsewhere))

    assert {with_slashes(path) for path in listed(windows(repository, *SHORT, "--exclude", pattern))} == expected
    assert expected < listed(lint(repository, *SHORT))


@pytest.mark.parametrize("path", ["C:\\repo", "c:\\repo", "c:\\repo\\examples", "c:/repo/examples"])
@pytest.mark.parametrize("pattern", ["tasks", "/examples/bad/tasks"])
def test_a_drive_may_be_written_in_either_case(repository: Path, path: str, pattern: str) -> None:
    found = listed(windows(repository, "--output-format", "azure", "--quiet", path, "--exclude", pattern))

    assert found != set()
    assert not any("tasks/" in line for line in found)


@pytest.mark.parametrize("path", ["C:\\repo", "c:\\repo"])
def test_the_folder_itself_may_be_written_with_its_drive_in_either_case(repository: Path, path: str) -> None:
    assert windows(repository, "--quiet", path, "--exclude", "/examples") == (0, "", "")


@pytest.mark.parametrize("path", ["examples\\bad", "c:\\repo\\examples\\bad"])
def test_patterns_in_settings_hold(repository: Path, path: str) -> None:
    settings = 'exclude = ["/examples/bad/tasks"]\n[per-file-ignores]\n"examples/bad/web-*/*" = ["ALL"]\n'
    (repository / "devbox-lint.toml").write_text(settings, "utf-8")

    found = windows(repository, *SHORT, path)

    assert "task.yaml" not in found.out
    assert "imagedefinition.yaml" not in found.out
    assert "workload.yaml" in found.out


def test_what_git_ignores_is_left_out(repository: Path) -> None:
    (repository / ".gitignore").write_bytes(b"/examples/bad/tasks/\r\n")

    found = listed(windows(repository, *SHORT))

    assert found != set()
    assert not any("tasks" in path for path in found)


@pytest.mark.parametrize("path", [".", "c:\\repo", "C:\\repo\\examples"])
def test_a_baseline_from_elsewhere_holds(repository: Path, path: str) -> None:
    baseline = ("--baseline", "known.jsonl")
    assert lint(repository, *baseline, "--write-baseline").code == 0
    text = (repository / "known.jsonl").read_bytes()
    with_crlf(repository)

    assert windows(repository, *baseline, "--quiet", path) == (0, "", "")
    assert windows(repository, *baseline, "--write-baseline", path).code == 0
    assert (repository / "known.jsonl").read_bytes() == text


def test_line_breaks_do_not_change_what_a_finding_is_called(repository: Path) -> None:
    before = json.loads(lint(repository, "--output-format", "gitlab").out)
    with_crlf(repository)
    after = json.loads(windows(repository, "--output-format", "gitlab").out)

    assert [item["fingerprint"] for item in after] == [item["fingerprint"] for item in before]


def test_results_of_an_earlier_run_are_used(repository: Path) -> None:
    first = windows(repository, *SHORT)
    (kept,) = (repository.parent / "Users" / "me" / "cache").glob("*.results")
    content = kept.read_bytes()

    assert windows(repository, *SHORT) == first
    assert kept.read_bytes() == content
    assert windows(repository, "clean").out.startswith("removed 1 file of ")


@pytest.mark.parametrize("options", [("--fix",), ("--fix", "--unsafe-fixes"), ("--add-ignores",)])
def test_what_is_written_has_the_line_breaks_of_the_file(repository: Path, options: tuple[str, ...]) -> None:
    elsewhere = repository.parent / "elsewhere"
    shutil.copytree(repository, elsewhere)
    lint(elsewhere, *options)
    with_crlf(repository)

    windows(repository, *options)

    for path in elsewhere.rglob("*.yaml"):
        written = (repository / path.relative_to(elsewhere)).read_bytes()
        assert written == path.read_bytes().replace(b"\n", b"\r\n")


def test_a_diff_shows_the_line_breaks_of_the_file(repository: Path) -> None:
    with_crlf(repository)

    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "pretended_windows.py"), str(repository.parent.parent), "--diff"],
        cwd=repository,
        env=environment(),
        capture_output=True,
        timeout=60,
    )

    changed = [
        line for line in done.stdout.split(b"\n") if line[:1] in (b"+", b"-") and line[:3] not in (b"+++", b"---")
    ]
    assert changed
    assert [line for line in changed if not line.endswith(b"\r") or line.endswith(b"\r\r")] == []


def test_a_text_on_standard_input_keeps_its_line_breaks(repository: Path) -> None:
    text = NO_IMAGE.replace("~/winget", "~/WinGet ").replace("\n", "\r\n").encode()
    name = "C:\\repo\\team\\imagedefinition.yaml"

    result = windows(repository, "--fix", "--stdin-filename", name, "-", stdin=text)

    assert result.out.encode("cp1252").count(b"\r\n") == text.count(b"\r\n")
    assert "\r\r" not in result.out
    assert "DBX101" in result.err


def test_a_report_in_a_file_is_that_of_elsewhere(repository: Path) -> None:
    (repository / "out").mkdir()
    windows(repository, "--output", "sarif:out\\first.sarif", "--output", "sarif:C:\\repo\\out\\second.sarif")
    expected = lint(repository, "--output-format", "sarif").out

    assert (repository / "out" / "first.sarif").read_text("utf-8") == expected
    assert (repository / "out" / "second.sarif").read_text("utf-8") == expected


@pytest.mark.parametrize("name", [*FOR_SERVICES, "concise", "json", "text"])
@pytest.mark.parametrize("crlf", [False, True])
def test_a_console_that_knows_few_characters_takes_all(repository: Path, name: str, crlf: bool) -> None:
    shutil.rmtree(repository / "examples")
    text = GOOD + "tasks:\n  - name: ~/wingte-😀-日本-é\n    parameters:\n      package: 😀\n      日本: 😀\n"
    (repository / "imagedefinition.yaml").write_bytes((text.replace("\n", "\r\n") if crlf else text).encode())

    result = windows(repository, "--output-format", name)

    assert (result.code, result.err) == (1, "")
    assert "DBX" in result.out
    if name in ("gitlab", "json", "rdjson", "sarif"):
        json.loads(result.out)


def test_files_from_the_command_line_are_the_same_however_they_are_written(repository: Path) -> None:
    path = "examples\\bad\\web-team\\imagedefinition.yaml"

    once = windows(repository, *SHORT, path)
    often = windows(repository, *SHORT, path, "c:\\repo\\" + path, path.replace("\\", "/"), ".\\" + path)

    assert (often.code, often.out) == (once.code, once.out)


def test_settings_on_another_drive_are_shown(repository: Path) -> None:
    other = repository.parent.parent / "d" / "other"
    other.mkdir()
    (other / "devbox-lint.toml").write_text('ignore = ["DBX101"]\n', "utf-8")

    result = windows(repository, "config", "D:\\other\\imagedefinition.yaml")

    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("# D:\\other\\imagedefinition.yaml: settings of D:\\other\\devbox-lint.toml\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("config", "examples/bad/workload.yaml"),
        ("tasks",),
        ("--statistics",),
        ("--diff", "examples/bad"),
        ("--task-catalog", "examples/catalog", "examples/catalog"),
    ],
)
def test_other_commands_say_the_same(repository: Path, arguments: tuple[str, ...]) -> None:
    settings = 'exclude = ["/examples/good"]\ntask-catalogs = ["examples/catalog"]\nbaseline = "known.jsonl"\n'
    (repository / "devbox-lint.toml").write_text(settings, "utf-8")
    (repository / "known.jsonl").touch()

    here, there = windows(repository, *arguments), lint(repository, *arguments)

    assert here.code == there.code
    assert with_slashes(here.out).replace("C:/repo", str(repository)) == with_slashes(there.out)
    assert with_slashes(here.err).replace("C:/repo", str(repository)) == with_slashes(there.err)


def test_init_writes_the_same_files_as_elsewhere(repository: Path) -> None:
    words = ("init", "--yes", "--ci", "azure")
    result = windows(repository, *words)

    assert (result.code, result.err) == (0, "")
    written = [line.removeprefix("wrote ") for line in result.out.splitlines() if line.startswith("wrote ")]
    texts = {path: (repository / path).read_bytes() for path in written}
    assert ".azure-pipelines/azure-steps.yml" in texts
    for path in written:
        (repository / path).unlink()
    assert lint(repository, *words).code == 0
    assert {path: (repository / path).read_bytes() for path in written} == texts
    assert windows(repository, *words).out.endswith("nothing to write\n")


def test_a_new_file_may_be_on_another_drive(repository: Path) -> None:
    result = windows(repository, "init", "D:\\catalog\\tasks\\install-node\\task.yaml", "tools\\workload.yaml")

    assert (result.code, result.err) == (0, "")
    assert "wrote D:\\catalog\\tasks\\install-node\\install-node.ps1" in result.out
    assert (repository.parent.parent / "d" / "catalog" / "tasks" / "install-node" / "task.yaml").exists()
    assert "name: tools\n" in (repository / "tools" / "workload.yaml").read_text("utf-8")
