"""Every script of the tests as a file, for PowerShell itself to parse: ``python tests/powershell/fixtures.py FOLDER``.

The scripts are those in the examples of all rules, in tests/corpus and in examples. Beside them `index.json` says of
each whether DBX713 holds that Windows PowerShell 5.1 can parse it; `parse-fixtures.ps1` asks PowerShell.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).parent.parent.parent
sys.path[:0] = [str(TOP / root) for root in ("linter", "rules", "lsp")]

from devbox_lint.customization.kinds import Kind, classify  # noqa: E402 - of the checkout
from devbox_lint.customization.model import Customization  # noqa: E402
from devbox_lint.customization.scripts import scripts_in  # noqa: E402
from devbox_lint.engine import check  # noqa: E402
from devbox_lint.source import SourceFile, is_script  # noqa: E402
from devbox_lint.yaml.parse import parse  # noqa: E402
from devbox_lint_rules import every_rule  # noqa: E402


def sources() -> Iterator[tuple[SourceFile, Kind | None]]:
    """All files with scripts in them; the kind where it is known."""
    for rule in every_rule():
        for example in (*rule.load().bad, *rule.load().good):
            if example.data is None:
                text = example.text.replace("«", "").replace("»", "")
                yield SourceFile(example.path or "", text), example.kind
    for folder in ("examples", "tests/corpus"):
        for path in sorted((TOP / folder).rglob("*")):
            if path.suffix in (".yaml", ".yml", ".winget", ".ps1"):
                source = SourceFile.from_bytes(str(path), path.read_bytes())
                yield source, Kind.SCRIPT if is_script(source.path) else None


def scripts() -> Iterator[str]:
    """The scripts, as PowerShell gets them."""
    for source, known in sources():
        if known is Kind.SCRIPT:
            yield source.text
            continue
        document = parse(source)
        kind = known or classify(source.path, document)
        if kind is not None:
            yield from (script.text for script in scripts_in(Customization(document, kind)) if not script.is_core)


def main(folder: Path) -> None:
    """Write the files and the index."""
    (syntax,) = [rule.load() for rule in every_rule() if rule.code == "DBX713"]
    folder.mkdir(parents=True, exist_ok=True)
    index = {}
    for text in dict.fromkeys(scripts()):
        name = f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.ps1"
        found = check(SourceFile(name, text), [syntax], Kind.SCRIPT).diagnostics
        # With a byte order mark, so that both read the same characters.
        (folder / name).write_bytes(b"\xef\xbb\xbf" + text.encode())
        index[name] = not found
    (folder / "index.json").write_text(json.dumps(index, indent=1), "utf-8")
    print(f"{len(index)} scripts, {sum(index.values())} of which can be parsed")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
