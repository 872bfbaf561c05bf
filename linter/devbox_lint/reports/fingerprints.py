"""A name for each diagnostic that stays the same while the file changes around it."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

from devbox_lint.credentials.masking import mask_of
from devbox_lint.results import FileResult


def fingerprints(result: FileResult, path: str) -> list[str]:
    """One name for each diagnostic of a file, in their order: 64 hexadecimal digits, no two of them the same.

    Made of ``path``, the code and the line where the diagnostic starts without what surrounds it, so that
    lines may come and go elsewhere; equal ones are counted. The line's secrets are covered before.
    """
    source = result.source
    mask = result.mask or mask_of(source)
    covered = mask.covered(source.text)
    seen: Counter[tuple[str, str]] = Counter()
    names = []
    for diagnostic in result.diagnostics:
        line = source.position(diagnostic.span.start).line
        content = " ".join(covered[source.line_starts[line] : source.line_end(line)].split())
        key = diagnostic.code, content
        text = "\0".join((path, *key, str(seen[key])))
        seen[key] += 1
        names.append(sha256(text.encode("utf-8", "surrogatepass")).hexdigest())
    return names
