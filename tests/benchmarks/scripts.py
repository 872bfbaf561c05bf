"""Reads folders of real scripts and prints what is found, with the secrets covered, so that a person can judge it.

    python tests/benchmarks/scripts.py FOLDER...

The last line counts files and findings; files of the same text count once.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).parent.parent.parent
sys.path[:0] = [str(TOP / root) for root in ("linter", "rules")]

SUFFIXES = frozenset((".ps1", ".psm1", ".psd1", ".cmd", ".bat", ".sh"))
LONGEST = 400_000


def texts(folders: list[str]) -> Iterator[tuple[Path, str]]:
    """The scripts below the folders, each text once."""
    seen = set()
    for path in sorted(path for folder in folders for path in Path(folder).rglob("*")):
        if path.suffix.lower() not in SUFFIXES or not path.is_file():
            continue
        data = path.read_bytes()
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")
        if len(text) <= LONGEST and text not in seen:
            seen.add(text)
            yield path, text


def main() -> None:
    """Print a line for each finding: place, what holds it, severity, and the line with everything secret covered."""
    from devbox_lint.credentials.detector import find_secrets
    from devbox_lint.credentials.masking import Mask
    from devbox_lint.source import SourceFile
    from devbox_lint.yaml.document import Document

    files = findings = 0
    for path, text in texts(sys.argv[1:]):
        files += 1
        source = SourceFile(str(path), text)
        secrets = find_secrets(Document(source, None, ()))
        findings += len(secrets)
        covered = Mask(text, secrets).covered(text) if secrets else ""
        for secret in secrets:
            line = source.position(secret.span.start).line
            shown = covered[source.line_starts[line] : source.line_end(line)].strip()
            severity = secret.severity.label if secret.severity else "error"
            print(f"{path}:{line + 1}: {severity}: {secret.place or secret.description}: {shown[:200]}")
    print(f"{files} files, {findings} findings")


if __name__ == "__main__":
    main()
