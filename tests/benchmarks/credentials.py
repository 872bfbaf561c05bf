"""Compares the rules on credentials with other scanners, on secrets and look-alikes that are made up afresh.

A secret counts as found when a finding is on one of its lines, and each file without a secret counts as wrongly
blamed once, whatever is found in it. Findings of every severity count. The others are run where they are given:

    python tests/benchmarks/credentials.py --detect-secrets PATH --secretlint PATH --kingfisher PATH --gitleaks PATH

For betterleaks, which is a library, PATH is the Python that has it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

TOP = Path(__file__).parent.parent.parent
sys.path[:0] = [str(TOP / root) for root in ("linter", "rules", "tests")] + [str(Path(__file__).parent)]

from planted import Planted, look_alikes, secrets  # noqa: E402 - its path is ours alone

Found = dict[str, set[int]]


def ours(folder: Path) -> Found:
    """Lines with a finding of the group, by file."""
    from devbox_lint.customization.kinds import Kind
    from devbox_lint.engine import check
    from devbox_lint.source import SourceFile
    from devbox_lint_rules import RULES

    rules = [rule for rule in RULES if rule.group == "credentials"]
    kinds = {"imagedefinition.yaml": Kind.IMAGE, "workload.yaml": Kind.USER, "task.yaml": Kind.TASK}
    found: Found = defaultdict(set)
    for path in folder.rglob("*.yaml"):
        source = SourceFile.from_bytes(str(path), path.read_bytes())
        for item in check(source, rules, kinds[path.name]).diagnostics:
            first, last = source.position(item.span.start).line, source.position(item.span.end).line
            found[str(path.relative_to(folder))].update(range(first + 1, last + 2))
    return found


def detect_secrets(command: str, folder: Path) -> Found:
    """Lines that detect-secrets reports."""
    out = _run([command, "scan", "--all-files", "."], folder)
    return {name: {item["line_number"] for item in items} for name, items in json.loads(out)["results"].items()}


def secretlint(command: str, folder: Path) -> Found:
    """Lines that secretlint reports with its recommended rules."""
    settings = Path(command).parent.parent.parent / "devbox-lint-benchmark.json"
    settings.write_text('{"rules": [{"id": "@secretlint/secretlint-rule-preset-recommend"}]}', encoding="utf-8")
    out = _run([command, "--secretlintrc", str(settings), "--format", "json", f"{folder}/**/*.yaml"], settings.parent)
    found: Found = defaultdict(set)
    for file in json.loads(out):
        for message in file["messages"]:
            lines = range(message["loc"]["start"]["line"], message["loc"]["end"]["line"] + 1)
            found[os.path.relpath(file["filePath"], folder)].update(lines)
    return found


def kingfisher(command: str, folder: Path) -> Found:
    """Lines that kingfisher reports, without asking any service."""
    how = ("--no-validate", "--format", "json", "--confidence", "low", "--no-update-check", "--no-dedup")
    out = _run([command, "scan", ".", *how], folder)
    found: Found = defaultdict(set)
    for line in out.splitlines():
        if line.startswith("{"):
            entry = json.loads(line)
            items = entry["findings"] if isinstance(entry.get("findings"), list) else [entry]
            for item in items:
                at = item.get("finding", {})
                if "path" in at:
                    found[os.path.relpath(folder / at["path"], folder)].add(at["line"])
    return found


def gitleaks(command: str, folder: Path) -> Found:
    """Lines that gitleaks reports, base64 decoded as deep as we do."""
    how = ("--no-banner", "--report-format=json", "--report-path=-", "--max-decode-depth=3", "--exit-code=0")
    found: Found = defaultdict(set)
    for item in json.loads(_run([command, "dir", ".", *how], folder)):
        found[os.path.relpath(folder / item["File"], folder)].update(range(item["StartLine"], item["EndLine"] + 1))
    return found


def betterleaks(command: str, folder: Path) -> Found:
    """Lines that betterleaks reports; the command is the Python that has `pybetterleaks`."""
    program = "import json, pybetterleaks as b; print(json.dumps([[f.file, f.line] for f in b.scan_dir('.').findings]))"
    found: Found = defaultdict(set)
    for name, line in json.loads(_run([command, "-c", program], folder).splitlines()[-1]):
        found[os.path.relpath(folder / name, folder)].add(line)
    return found


def main() -> None:
    """Plant, search, and print two tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    for name in ("detect-secrets", "secretlint", "kingfisher", "gitleaks", "betterleaks"):
        parser.add_argument(f"--{name}", help="the command, if it is to be compared")
    parser.add_argument("--missed", action="store_true", help="name what our rules miss and what they blame wrongly")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    good, bad = list(secrets(chance)), list(look_alikes(chance))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place).resolve()
        names: dict[str, Planted] = {}
        for number, planted in enumerate((*good, *bad)):
            path = folder / f"{number:05}" / planted.name
            path.parent.mkdir()
            path.write_text(planted.text, encoding="utf-8")
            names[str(path.relative_to(folder))] = planted
        results: dict[str, tuple[Found, float]] = {}
        start = time.perf_counter()
        results["devbox-lint"] = (ours(folder), time.perf_counter() - start)
        for name, search in (
            ("detect_secrets", detect_secrets),
            ("secretlint", secretlint),
            ("kingfisher", kingfisher),
            ("gitleaks", gitleaks),
            ("betterleaks", betterleaks),
        ):
            command = getattr(options, name)
            if command:
                start = time.perf_counter()
                results[name.replace("_", "-")] = (search(command, folder), time.perf_counter() - start)
    _print_totals(results, names, len(good), len(bad))
    _print_kinds(results, names)
    if options.missed:
        _print_missed(results["devbox-lint"][0], names)


def _is_found(found: Found, name: str, planted: Planted) -> bool:
    return not found.get(name, set()).isdisjoint(planted.lines)


def _print_totals(results: dict[str, tuple[Found, float]], names: dict[str, Planted], good: int, bad: int) -> None:
    print(f"{good} secrets, {bad} look-alikes\n")
    print("| scanner | found | recall | wrongly blamed | precision | seconds |\n|---|---|---|---|---|---|")
    for scanner, (found, seconds) in results.items():
        right = sum(_is_found(found, name, planted) for name, planted in names.items() if planted.lines)
        wrong = sum(bool(found.get(name)) for name, planted in names.items() if not planted.lines)
        precision = f"{right / (right + wrong):.1%}" if right + wrong else "-"
        print(f"| {scanner} | {right} | {right / good:.1%} | {wrong} | {precision} | {seconds:.1f} |")


def _print_kinds(results: dict[str, tuple[Found, float]], names: dict[str, Planted]) -> None:
    groups: dict[str, list[str]] = defaultdict(list)
    for name, planted in names.items():
        if planted.lines:
            kind = planted.kind if planted.kind != "password" else f"password: {planted.place}"
            groups[kind].append(name)
            groups[f"(any) in {planted.place}"].append(name)
        else:
            groups[f"look-alike: {planted.kind}"].append(name)
    print(f"\n| kind | files | {' | '.join(results)} |\n|---|---|{'---|' * len(results)}")
    for kind, members in sorted(groups.items()):
        counts = []
        for found, _ in results.values():
            hits = [
                _is_found(found, name, names[name]) if names[name].lines else bool(found.get(name)) for name in members
            ]
            counts.append(str(sum(hits)))
        print(f"| {kind} | {len(members)} | {' | '.join(counts)} |")


def _print_missed(found: Found, names: dict[str, Planted]) -> None:
    for name, planted in names.items():
        if planted.lines and not _is_found(found, name, planted):
            print(f"missed: {planted.kind} in {planted.place}\n{planted.text}")
        elif not planted.lines and found.get(name):
            print(f"wrongly blamed: {planted.kind}\n{planted.text}")


def _run(command: list[str], folder: Path) -> str:
    # Not through a pipe: some programs end before a pipe has taken all of a long output.
    with tempfile.TemporaryFile("w+", encoding="utf-8") as stream:
        done = subprocess.run(command, cwd=folder, stdout=stream, stderr=subprocess.PIPE, text=True, check=False)
        stream.seek(0)
        out = stream.read()
    if not out.strip():
        sys.exit(f"{command[0]} said nothing: {done.stderr[-2000:]}")
    return out


if __name__ == "__main__":
    main()
