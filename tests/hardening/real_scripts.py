"""What the rules say of real scripts: `python tests/hardening/real_scripts.py FOLDER`, or the session `real_scripts`.

Each `.ps1` below the folder is checked as if a task ran it. All that is found is printed, for somebody to read, and
then how many there are of each rule, for each thousand scripts, and how long a kilobyte takes.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

from devbox_lint.customization.kinds import Kind
from devbox_lint.engine import check
from devbox_lint.source import SourceFile
from devbox_lint_rules import every_rule

#: What judges whether a script can be parsed, and what it calls.
CODES = ("DBX713", "DBX716", "DBX717", "DBX718")


def main(folder: str, codes: tuple[str, ...]) -> int:
    """Check all scripts; 1 where a rule raised."""
    rules = [rule.load() for rule in every_rule() if rule.code in codes]
    counts: Counter[str] = Counter()
    scripts: Counter[str] = Counter()
    files = size = crashes = 0
    spent = 0.0
    for path in sorted(Path(folder).rglob("*")):
        if path.suffix.lower() != ".ps1" or not path.is_file():
            continue
        source = SourceFile.from_bytes(str(path), path.read_bytes())
        begun = time.process_time()
        result = check(source, rules, Kind.SCRIPT)
        spent += time.process_time() - begun
        files += 1
        size += len(source.text)
        crashes += len(result.crashes)
        for item in result.diagnostics:
            line, column = source.position(item.span.start)
            shown = source.line_text(line).strip()[:120]
            print(f"{item.code} {path.relative_to(folder)}:{line + 1}:{column + 1} {item.message} | {shown}")
        counts.update(item.code for item in result.diagnostics)
        scripts.update({item.code for item in result.diagnostics})
    print(f"{files} scripts, {size / 1e6:.1f} million characters, {crashes} crashes")
    print(f"{spent / max(size, 1) * 1e9:.0f} microseconds of processor time for each thousand characters")
    for code in codes:
        rate = scripts[code] / max(files, 1) * 1000
        print(f"{code}: {counts[code]} findings in {scripts[code]} scripts, {rate:.2f} of each thousand")
    return 1 if crashes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], tuple(sys.argv[2:]) or CODES))
