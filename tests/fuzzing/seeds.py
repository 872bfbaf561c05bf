"""What fuzzing starts from: the rules' examples, the corpus where it is at hand, and the words that matter."""

from __future__ import annotations

from functools import cache

from devbox_lint.customization.kinds import Kind
from devbox_lint.source import SourceFile
from devbox_lint.yaml.parse import parse
from devbox_lint_rules import every_rule
from fuzzing.projects import given
from support import corpus, made_up, unmark

#: The kinds by the first byte of what is tried.
KINDS = tuple(Kind)
#: Longer files are no seeds, in bytes: they take the time of many short ones.
_LONGEST = 6_000
_VAULT = "https://contoso-vault.vault.azure.net/secrets/token"
_PIECES = (
    "{{", "}}", "{{" + _VAULT + "}}", _VAULT, "{{ado://contoso}}", "{{ado}}", "${{ parameters.x }}", "{{x}}", "{{\n",
    "# devbox-lint: ignore[DBX101]", "# devbox-lint: ignore[unknown-task, DBX203] because until=2027-01-31",
    "# devbox-lint: ignore-file[DBX4]", "# devbox-lint ignore", "#", " #", "tasks:", "- name: ~/powershell",
    "- name: ~/winget", "parameters:", "inputs:", "command: |", "command: >-",
    "pat: ghp_0123456789abcdefghij0123456789ab", "image: web", '$schema: "1.0"', "buildProperties:",
    "networkConnection: x", "setupTasks:", "userTasks:", "- task: x", "| 2", ">+", "'", '"', "''", '\\"', "\\", "\t",
    "- ", "? ", ": ", ":", "&a ", "*a", "!!str ", "<<: *a", "[", "]", "{", "}", ",", "---", "...", "%YAML 1.2", "\r",
    "\r\n", "\n", "\n\n", "~", "null", "true", "0x1F", "1e3", "é", "😀", "\u2028", "\x85", "\ufeff", "\x00",
    "\x1b[31m", "@'", "'@", '@"', '"@', "$(", "<#", "#>", "`", "|", "&&", "||", ";", "powershell -Command \"",
    "cmd /c '", "iex '", "Start-Process a -ArgumentList ", "$x = 'a'", "2>&1", "> a", "@{", "%20",
)  # fmt: skip


@cache
def pieces() -> tuple[bytes, ...]:
    """Words of the languages that are read, to be put in."""
    return tuple(piece.encode() for piece in _PIECES)


@cache
def _files(with_corpus: bool) -> tuple[bytes, ...]:
    files = [
        bytes([KINDS.index(example.kind)])
        + (example.data if example.data is not None else unmark(example.text)[0].encode())
        for rule in every_rule()
        for example in (*rule.bad, *rule.good)
    ]
    if with_corpus:
        # A byte of five more for each: fixes are unsafe where it is odd.
        files += [
            bytes([KINDS.index(file.kind) + len(KINDS) * (index % 2)]) + file.data
            for index, file in enumerate((*made_up(), *corpus()))
            if file.kind is not None and file.path.stat().st_size < _LONGEST
        ]
    return tuple(dict.fromkeys(file for file in files if len(file) < _LONGEST))


@cache
def seeds(target: str, with_corpus: bool = True) -> tuple[bytes, ...]:
    """The inputs that a target starts from, each once, in an order that does not change."""
    files = _files(with_corpus)
    if target in ("references", "powershell"):
        mark = "{{" if target == "references" else " "
        values = (scalar.value for file in files for scalar in parse(SourceFile.from_bytes("", file[1:])).scalars)
        return tuple(dict.fromkeys(b"\0" + value.encode("utf-8", "replace") for value in values if mark in value))
    if target in ("settings", "baselines", "ignoring", "catalogs", "cached"):
        return given(target)
    if target == "reports":
        return files[::20]
    if target == "editing":
        return tuple(file[:1] + bytes([index % 256]) + file[1:] for index, file in enumerate(files[::12]))
    if target == "documents":
        changes = b"\xff" + b"\xff".join((b"\0\1\0\3x", b"\1\0\2\5- name: \xf0\x9f\x98\x80\r\n", b"\5\0\377\0", b"\0"))
        return tuple(bytes([index % len(KINDS)]) + file[1:600] + changes for index, file in enumerate(files[::5]))
    return files
