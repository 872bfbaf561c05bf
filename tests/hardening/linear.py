"""Time of a check with its fixes, and memory of a check, over inputs of 1, 2, 4 ... 64 times the size; prints slopes.

    python tests/hardening/linear.py [NAME ...]

A slope of 1 is linear: 1.0 means that twice the input takes twice as long. The fit is over the largest half of the
sizes, where fixed costs no longer hide the growth. Ends with 1 where a slope is above 1.25.
"""

from __future__ import annotations

import math
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence

from devbox_lint.customization.kinds import Kind
from devbox_lint.engine import check
from devbox_lint.fixes import fix_source
from devbox_lint.source import SourceFile
from devbox_lint_rules import RULES

SIZES = (1, 2, 4, 8, 16, 32, 64)
STEEPEST = 1.25
HEAD = '$schema: "1.0"\nname: n\nimage: microsoftvisualstudio_windowsplustools_base\n'
SECRET = "{{https://contoso-vault.vault.azure.net/secrets/token-%d}}"


def tasks(count: int) -> str:
    """A list of correct tasks."""
    return (
        HEAD
        + "tasks:\n"
        + "".join(f"  - name: ~/winget\n    parameters:\n      package: A.B{i}\n" for i in range(count))
    )


def wrong_tasks(count: int) -> str:
    """Tasks with an unknown parameter each: a finding for every one."""
    return (
        HEAD + "tasks:\n" + "".join(f"  - name: ~/winget\n    parameters:\n      pakage: A{i}\n" for i in range(count))
    )


def scripts(count: int) -> str:
    """Tasks with a script of ten lines each."""
    line = "          Install-Thing -Name x{} | Out-Null; if ($?) {{ Write-Host 'done' }} # said\n"
    body = "".join(line.format(i) for i in range(10))
    return HEAD + "tasks:\n" + (f"  - name: ~/powershell\n    parameters:\n        command: |\n{body}" * count)


def long_script(count: int) -> str:
    """One script of many lines."""
    lines = "".join(f"        $x{i} = Get-Item C:\\a{i} | Select-Object -First 1\n" for i in range(count * 5))
    return HEAD + "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n" + lines


def long_line(count: int) -> str:
    """One script on one line."""
    return (
        HEAD
        + "tasks:\n  - name: ~/powershell\n    parameters:\n      command: "
        + "Write-Host a; " * (20 * count)
        + "\n"
    )


def long_words(count: int) -> str:
    """One word without a blank, as encoded data is."""
    return HEAD + "tasks:\n  - name: ~/powershell\n    parameters:\n      command: " + "aGVsbG8" * (60 * count) + "\n"


def quoted(count: int) -> str:
    """A double-quoted scalar full of escapes, over many lines."""
    return HEAD + 'description: "' + "\\u00e9 \\n \\\\ a\n  " * (30 * count) + '"\n'


def comments(count: int) -> str:
    """Comment lines."""
    return HEAD + "".join(f"# a comment about task {i}: see https://example.com/{i}\n" for i in range(count * 4))


def references(count: int) -> str:
    """A reference to a secret in each task."""
    task = '  - name: ~/gitclone\n    parameters:\n      repositoryUrl: https://x.y/r{}\n      pat: "{}"\n'
    return HEAD + "tasks:\n" + "".join(task.format(i, SECRET % i) for i in range(count))


def references_in_one(count: int) -> str:
    """Many references in one script."""
    lines = "".join(f"        $a = '{SECRET % i}'\n" for i in range(count * 4))
    return HEAD + "tasks:\n  - name: ~/powershell\n    parameters:\n      command: |\n" + lines


def open_references(count: int) -> str:
    """References that are opened and never closed."""
    return (
        HEAD
        + "tasks:\n  - name: ~/powershell\n    parameters:\n      command: '"
        + "{{https://a.vault.azure.net " * (10 * count)
        + "'\n"
    )


def suppressions(count: int) -> str:
    """A suppression at each task."""
    return (
        HEAD
        + "tasks:\n"
        + "".join(
            f"  - name: ~/nothing{i}  # devbox-lint: ignore[DBX201] as agreed\n    parameters: {{}}\n"
            for i in range(count)
        )
    )


def unused_suppressions(count: int) -> str:
    """Suppressions that suppress nothing."""
    return HEAD + "".join(f"# devbox-lint: ignore[DBX{100 + i % 20}, missing-name]\n\n" for i in range(count * 2))


def flow(count: int) -> str:
    """Flow mappings inside one another, up to the depth that is read."""
    return HEAD + "tasks: " + "[{a: " * min(count, 90) + "1" + "}]" * min(count, 90) + "\n"


def wide_flow(count: int) -> str:
    """One flow sequence on one line."""
    return (
        HEAD
        + "tasks: ["
        + ", ".join(f"{{name: ~/winget, parameters: {{package: A{i}}}}}" for i in range(count))
        + "]\n"
    )


def unknown_keys(count: int) -> str:
    """Keys that nobody knows."""
    return HEAD + "".join(f"unknown{i}: 1\n" for i in range(count * 2))


def duplicate_keys(count: int) -> str:
    """The same key again and again."""
    return HEAD + "description: x\n" * (count * 2)


def syntax_errors(count: int) -> str:
    """A broken line in every task."""
    return HEAD + "tasks:\n" + "".join(f"  - name ~/winget\n    parameters:\n\t  package: A{i}\n" for i in range(count))


def late_errors(count: int) -> str:
    """Fifty broken values at the end of the file, among characters that break lines in YAML 1.1."""
    task = "  - name: ~/winget\n    parameters:\n      package: A\x85.B{}\n"
    return HEAD + "tasks:\n" + "".join(map(task.format, range(count))) + "  - name: 'x\x85\n    bad: y: z\n" * 25


def open_here_strings(count: int) -> str:
    """Here-strings of which only the last is closed, in a file with a syntax error."""
    return HEAD + "x: y: z\ndescription: |\n" + "      $a = @'\n" * (count * 10) + "'@\n"


def unquoted(count: int) -> str:
    """References without quotes, each of which must be repaired."""
    return (
        HEAD
        + "tasks:\n"
        + "".join(f"  - name: ~/gitclone\n    parameters:\n      pat: {SECRET % i}\n" for i in range(count))
    )


def credentials(count: int) -> str:
    """A password in every script."""
    return (
        HEAD
        + "tasks:\n"
        + "".join(
            f"  - name: ~/powershell\n    parameters:\n      command: net user bob Pa55w0rd!{i} /add\n"
            for i in range(count)
        )
    )


def crlf(count: int) -> str:
    """Windows' line ends."""
    return tasks(count).replace("\n", "\r\n")


def anchors(count: int) -> str:
    """Anchors and aliases, which are read once each."""
    return HEAD + "tasks:\n" + "".join(f"  - &a{i}\n    name: ~/winget\n  - *a{i}\n" for i in range(count))


def one_alias(count: int) -> str:
    """One anchor of a large value and many aliases of it."""
    body = "".join(f"      - w{i}\n" for i in range(count))
    return HEAD + "description: &a\n" + body + "x:\n" + "      - *a\n" * count


def documents(count: int) -> str:
    """Many documents in one file."""
    return (HEAD + "---\n") * count


def blanks(count: int) -> str:
    """Blank lines and trailing blanks."""
    return HEAD + "   \n\n\t\n" * (count * 10)


def definition(count: int) -> str:
    """A task definition with many parameters, and a command that names them all."""
    head = "$schema: '1.0'\nname: t\ndescription: d\n"
    parameters = "".join(f"  p{i}:\n    type: string\n    defaultValue: ''\n" for i in range(count))
    return head + "parameters:\n" + parameters + "command: '" + " ".join(f"{{{{p{i}}}}}" for i in range(count)) + "'\n"


CONSTRUCTS: tuple[Callable[[int], str], ...] = (
    tasks, wrong_tasks, scripts, long_script, long_line, long_words, quoted, comments, references, references_in_one,
    open_references, suppressions, unused_suppressions, flow, wide_flow, unknown_keys, duplicate_keys, syntax_errors,
    late_errors, open_here_strings, unquoted, credentials, crlf, anchors, one_alias, documents, blanks, definition,
)  # fmt: skip


def measure(text: str, kind: Kind) -> tuple[float, int, int]:
    """Seconds of this process (the shorter of two), peak memory in bytes, and the number of findings."""
    source = SourceFile("imagedefinition.yaml", text)
    best = 1e9
    for _ in range(2):
        start = time.thread_time()
        result = fix_source(source, RULES, kind).result
        best = min(best, time.thread_time() - start)
    found = len(result.diagnostics)
    del result
    tracemalloc.start()
    check(source, RULES, kind)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return best, peak, found


def slope(sizes: Sequence[float], values: Sequence[float]) -> float:
    """The exponent of the power law that fits best."""
    logs = [(math.log(size), math.log(max(value, 1e-9))) for size, value in zip(sizes, values, strict=True)]
    return statistics.linear_regression([x for x, _ in logs], [y for _, y in logs]).slope


def main(names: Sequence[str]) -> int:
    """Print a line for each construct; 1 where one is steeper than linear."""
    steep = []
    check(SourceFile("imagedefinition.yaml", wrong_tasks(5)), RULES, Kind.IMAGE)
    print("construct            largest (characters)  findings      ms   ns/char  slope   peak MB  slope of memory")
    for build in CONSTRUCTS:
        if names and build.__name__ not in names:
            continue
        unit = 20
        rows = []
        for size in SIZES:
            text = build(unit * size)
            rows.append((len(text), *measure(text, Kind.TASK if build is definition else Kind.IMAGE)))
        late = rows[len(rows) // 2 :]
        lengths = [row[0] for row in late]
        grown = lengths[-1] > 1.5 * lengths[0]
        in_time = slope(lengths, [row[1] for row in late]) if grown else 0.0
        in_memory = slope(lengths, [row[2] for row in late]) if grown else 0.0
        length, seconds, peak, found = rows[-1]
        print(
            f"{build.__name__:20} {length:>20} {found:>9} {1000 * seconds:>7.1f} {1e9 * seconds / length:>9.0f}"
            f" {in_time:>6.2f} {peak / 1e6:>9.1f} {in_memory:>16.2f}",
            flush=True,
        )
        if max(in_time, in_memory) > STEEPEST:
            steep.append(build.__name__)
    print(f"steeper than {STEEPEST}: {', '.join(steep) or 'none'}")
    return 1 if steep else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
