"""What a line break means in a script: the end of a statement, or a place where one goes on.

Names decide where the marks do not: a word after a break begins a statement only where nothing else can be meant by
it, so that arguments on lines of their own stay arguments. Offsets count code points of the script from 0.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum

from devbox_lint.powershell.lexer import Token, TokenKind, find_tokens
from devbox_lint.powershell.regions import RegionKind, region_at
from devbox_lint.startup import lazy


class Break(Enum):
    """What stands at a line break."""

    #: A statement ends, and another begins.
    STATEMENT = "statement"
    #: The statement goes on, as its marks say: after a pipe, a comma, an opening bracket; before a closing one.
    PART = "part"
    #: What follows are arguments, which on a line of their own need a backtick at the end of the line before.
    ARGUMENT = "argument"
    #: The break is a part of a string.
    TEXT = "text"


_GOING_ON = frozenset(
    (TokenKind.PIPE, TokenKind.CHAIN, TokenKind.COMMA, TokenKind.OPEN, TokenKind.CALL, TokenKind.REDIRECTION)
)
_CLOSING = frozenset((TokenKind.PIPE, TokenKind.CHAIN, TokenKind.COMMA, TokenKind.CLOSE, TokenKind.REDIRECTION))
_OPERATOR = lazy(r"[-+*/%]?=|[-+*/%!]|\.\.")
_ASSIGNMENT = lazy(r"(?:\[[\w.\[\]]{1,60}\][ \t]*)?\$[\w:{}.]+(?:\[[^\[\]\r\n]{0,60}\])?[ \t]*[-+*/%]?=(?!=)")
_TYPE_CALL = lazy(r"\[[\w.]{1,80}\](?:::|\$)")
_FLOW = lazy(
    r"(?i)(?:if|foreach|for|while|switch)[ \t]*\(|(?:try|do|trap)[ \t]*\{|function[ \t]+[\w:-]+[ \t]*[({]"
    r"|(?:return|throw|exit)(?:[ \t]+(?:\d+|[$'\"(][^\r\n]*))?[ \t]*(?:[\r\n}]|\Z)"
)
# The verbs that customization scripts use (Get-Verb), before a noun.
_CMDLET = lazy(
    r"(?i)(?:Add|Clear|Close|Compress|ConvertTo|ConvertFrom|Copy|Disable|Dismount|Enable|Enter|Exit|Expand|Export|Find|"
    r"ForEach|Format|Get|Import|Initialize|Install|Invoke|Join|Mount|Move|New|Open|Out|Pop|Push|Read|Receive|Register|"
    r"Remove|Rename|Repair|Reset|Resolve|Restart|Resume|Save|Select|Send|Set|Show|Split|Start|Stop|Suspend|Test|"
    r"Unblock|Uninstall|Unregister|Update|Use|Wait|Write)-[A-Za-z]\w*"
)
#: What takes the names of commands, or another command line, as arguments.
_TAKING_COMMANDS = frozenset(
    ("get-command", "gcm", "get-help", "help", "man", "new-alias", "set-alias", "import-module", "start-process",
     "start", "powershell", "powershell.exe", "pwsh", "pwsh.exe", "cmd", "cmd.exe", "sudo", "gsudo", "wsl", "wsl.exe",
     "bash", "npx", "runas")
)  # fmt: skip
#: Options after which such words are a value.
_TAKING_TEXT = frozenset(
    ("-command", "-c", "/c", "/k", "--", "-argumentlist", "-args", "-scriptblock", "-filepath", "-file", "-f", "-name",
     "-value", "-verb", "-message", "-m", "--command", "--name", "--exec", "-e", "-property", "/t", "/v", "/d", "/tn",
     "/tr", "-override", "--override", "--args")
)  # fmt: skip
_PROGRAMS = frozenset(
    ("az", "azd", "cargo", "choco", "cinst", "code", "conda", "dism", "docker", "dotnet", "git", "go", "gh", "helm",
     "cmd", "kubectl", "npm", "nvm", "pip", "pip3", "pnpm", "poetry", "pwsh", "powershell", "py", "python", "reg",
     "scoop", "terraform", "uv", "winget", "wsl", "yarn", "cd", "echo", "mkdir", "md", "rmdir", "copy", "xcopy",
     "robocopy", "msiexec", "setx", "icacls", "iwr", "irm", "iex", "curl", "expand", "net", "sc", "schtasks",
     "netsh", "powercfg")
)  # fmt: skip
#: Of these the second word can be anything.
_TAKING_ANYTHING = frozenset(
    (
        "cd",
        "echo",
        "mkdir",
        "md",
        "rmdir",
        "copy",
        "xcopy",
        "robocopy",
        "msiexec",
        "setx",
        "icacls",
        "iwr",
        "irm",
        "iex",
    )
)
_SUBCOMMANDS = frozenset(
    ("add", "build", "ci", "clone", "config", "create", "delete", "enable", "exec", "export", "extension", "feature",
     "get", "global", "import", "init", "install", "list", "login", "new", "pack", "pull", "push", "query", "remove",
     "restore", "run", "set", "source", "start", "stop", "tap", "test", "tool", "uninstall", "update", "upgrade", "use",
     "workload")
)  # fmt: skip


def breaks_of(script: str, places: Collection[int]) -> dict[int, Break]:
    """What each line feed of ``script`` at one of ``places`` means, of those that no comment and no blank line ends."""
    found: dict[int, Break] = {}
    tokens = find_tokens(script)
    programs: set[str] = set()
    first: Token | None = None
    for index, token in enumerate(tokens):
        if token.kind is not TokenKind.END:
            first = first or token
            continue
        before = tokens[index - 1] if index else None
        if token.start not in places or before is None or before.kind is TokenKind.END:
            first = None
            continue
        after = next((item for item in tokens[index + 1 : index + 8] if item.kind is not TokenKind.END), None)
        if first is not None and first.kind is TokenKind.WORD and first is not before:
            programs.add(first.text.lower())
        kind = Break.PART if after is None else _meaning(script, first, before, after, programs)
        found[token.start] = kind
        if kind is Break.STATEMENT:
            first = None
    for place in places:
        if place not in found and region_at(script, place).kind in (RegionKind.STRING, RegionKind.HERE_STRING):
            found[place] = Break.TEXT
    return found


def _meaning(script: str, first: Token | None, before: Token, after: Token, programs: Collection[str]) -> Break:
    if before.kind in _GOING_ON or after.kind is TokenKind.CLOSE or before.text.endswith("`"):
        return Break.PART
    if after.kind in _CLOSING or after.text[0] in "-/" or _OPERATOR.fullmatch(after.text):
        return Break.ARGUMENT
    if _OPERATOR.fullmatch(before.text):
        return Break.PART
    if before.kind is TokenKind.CLOSE and before.text == "}":
        # What comes after a block is a statement of its own or goes on with it, and either may stand on one line.
        return Break.PART
    if any(pattern.match(script, after.start) for pattern in (_ASSIGNMENT, _TYPE_CALL, _FLOW)):
        return Break.STATEMENT
    takes_commands = first is not None and first.text.lower() in _TAKING_COMMANDS
    if takes_commands or before.text.lower() in _TAKING_TEXT or not _begins(script, after, programs):
        return Break.ARGUMENT
    return Break.STATEMENT


def _begins(script: str, token: Token, programs: Collection[str]) -> bool:
    """Whether a statement begins at ``token``, and no argument can be meant."""
    start = token.start
    if token.kind is TokenKind.CALL:
        return True
    if token.kind is not TokenKind.WORD:
        return False
    if _CMDLET.fullmatch(token.text):
        return True
    line_end = script.find("\n", start)
    words = script[start : line_end if line_end >= 0 else len(script)].split()
    name = token.text.lower().removesuffix(".exe").removesuffix(".cmd")
    if len(words) < 2:
        return False
    if name in _TAKING_ANYTHING:
        return True
    second = words[1].lower()
    return (name in _PROGRAMS and (second in _SUBCOMMANDS or second[0] in "-/")) or token.text.lower() in programs
