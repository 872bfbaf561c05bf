"""DBX010: bytes that are no UTF-8."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity, Span
from devbox_lint.rule import IMAGE, TASK, YAML_FILES, Context, Example, Rule


class NotUtf8(Rule):
    """
    The file holds bytes that cannot be decoded as UTF-8, or it is encoded as UTF-16 or UTF-32.

    Why: YAML files are read as UTF-8. A file saved as Windows-1252, or by PowerShell's `Out-File` as UTF-16,
    is rejected or arrives garbled.

    Fix: Save the file as UTF-8, for example with `Set-Content -Encoding utf8`.
    """

    code = "DBX010"
    name = "not-utf-8"
    severity = Severity.ERROR
    kinds = YAML_FILES
    see = ("DBX007", "DBX008")
    references = ("https://yaml.org/spec/1.2.2/#52-character-encodings",)
    bad = (
        Example(TASK, "name: caf«\ufffd»\ncommand: make\n", data=b"name: caf\xe9\ncommand: make\n"),
        Example(IMAGE, "«»name: web\n", data="name: web\n".encode("utf-16")),
    )
    good = (
        Example(TASK, "name: café 😀\ncommand: make\n", shown=False),
        Example(TASK, "name: build\ncommand: make\n", data=b"\xef\xbb\xbfname: build\ncommand: make\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        source = context.source
        if source.encoding != "utf-8":
            yield Finding(
                Span(0, 0),
                f"the file is encoded as {source.encoding.upper()[:6]}, and Dev Box reads UTF-8",
                "save it as UTF-8",
            )
        previous = -2
        for offset, place, byte in source.undecodable:
            if offset == previous + 1:
                # One finding for a run of bad bytes.
                previous = offset
                continue
            previous = offset
            yield Finding(
                Span(offset, offset + 1),
                f"the byte 0x{byte:02x} at offset {place} is not valid UTF-8",
                "save the file as UTF-8",
            )
