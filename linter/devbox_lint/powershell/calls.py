"""The calls of a PowerShell script: which commands it runs, each with its arguments, at any depth.

Script blocks, parentheses and ``$(...)`` outside strings are looked into, and so is the script that
``powershell -Command``, ``cmd /c``, ``Start-Process`` or ``Invoke-Expression`` gets as literal text.
Other strings and here-strings are text and no code. Offsets count code points of the script from 0, half open.
Nothing raises, and time is linear in the script's length.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from devbox_lint.powershell.parser import RawCall, Word, parse_calls
from devbox_lint.powershell.regions import RegionKind, find_regions, region_at
from devbox_lint.powershell.slips_in_text import find_slips
from devbox_lint.powershell.syntax import Argument, Call, Operator, Slip, SlipKind, Syntax
from devbox_lint.startup import lazy

#: Words with their places: text, start, end.
Words = list[tuple[str, int, int]]

_SHELLS = frozenset(("powershell", "pwsh"))
_RUNNERS = frozenset(("start-process", "start", "saps"))
_EVALUATORS = frozenset(("invoke-expression", "iex"))
# Options of powershell.exe that take a value and may be shortened.
_SHELL_OPTIONS = (
    "-executionpolicy",
    "-ep",
    "-windowstyle",
    "-version",
    "-inputformat",
    "-outputformat",
    "-configurationname",
    "-workingdirectory",
    "-psconsolefile",
)
_PROCESS_SWITCHES = frozenset(("-wait", "-passthru", "-nonewwindow", "-loaduserprofile", "-usenewenvironment"))
# A variable before the path of a program.
_PROGRAM_FILE = lazy(r"(?i)\$[\w:]+[\\/][^$()'\"`]+\.(?:exe|msi|cmd|bat)")
_WORD = lazy(r"[^\s'\"`]++")


def inner_script(call: Call) -> tuple[int, int, bool] | None:
    """The place of the script that ``call`` gets as one string, and whether it is Windows PowerShell's."""
    program = call.program
    rest: tuple[Argument, ...]
    if program in _EVALUATORS:
        rest = call.arguments
        if len(rest) == 2 and rest[0].text.lower() == "-command":
            rest = rest[1:]
        speaks = True
    elif program in _SHELLS:
        rest = _shell_command(call)
        speaks = program == "powershell"
    elif program == "cmd":
        rest = _after_switch(call)
        speaks = False
    else:
        return None
    if len(rest) != 1 or not rest[0].quote:
        return None
    return rest[0].start + 1, rest[0].end - 1, speaks


def inner_words(call: Call) -> Words | None:
    """The words of the command that ``call`` runs, its name first; None if they cannot be seen."""
    program = call.program
    if program in _SHELLS:
        rest = _shell_command(call)
    elif program == "cmd":
        rest = _after_switch(call)
    elif program in _RUNNERS:
        return _process(call)
    else:
        return None
    if not rest or rest[0].text[:1] in ("{", "(", "$", "@", "-", "&", ""):
        return None
    return [_word(argument) for argument in rest]


def _word(argument: Argument) -> tuple[str, int, int]:
    inside = 1 if argument.quote else 0
    return argument.text, argument.start + inside, argument.end - inside


def _shell_command(call: Call) -> tuple[Argument, ...]:
    """What follows ``-Command``, said or not."""
    option, index = _shell_target(call)
    return call.arguments[index:] if option == "-command" else ()


def shell_file(call: Call) -> int | None:
    """The index of the argument that names the file which a shell runs; None for a call that runs none."""
    option, index = _shell_target(call)
    return index if option == "-file" and index < len(call.arguments) else None


def _shell_target(call: Call) -> tuple[str, int]:
    """The option by which a shell is told what to run, empty for none, and the index of what follows it.

    The first word that is no option begins a command for powershell.exe, and names a file for pwsh.
    """
    index = 0
    arguments = call.arguments
    while index < len(arguments):
        word = arguments[index].text.lower()
        if not word.startswith("-") or arguments[index].quote:
            return ("-command" if call.program == "powershell" else "-file"), index
        for option in ("-command", "-file"):
            if len(word) > 1 and option.startswith(word):
                return option, index + 1
        if len(word) > 1 and ("-encodedcommand".startswith(word) or word == "-ec"):
            break
        takes_value = any(name.startswith(word) for name in _SHELL_OPTIONS)
        index += 2 if takes_value else 1
    return "", index


def _after_switch(call: Call) -> tuple[Argument, ...]:
    for index, argument in enumerate(call.arguments):
        if argument.text.lower() in ("/c", "/k"):
            return call.arguments[index + 1 :]
    return ()


def _process(call: Call) -> Words | None:
    """The program and the arguments that ``Start-Process`` gets."""
    name: tuple[str, int, int] | None = None
    rest: Words = []
    takes = ""
    for argument in call.arguments:
        text = argument.text
        if text.startswith("-") and not argument.quote:
            option = text.lower()
            if len(option) > 1 and "-filepath".startswith(option):
                takes = "name"
            elif (len(option) > 1 and "-argumentlist".startswith(option)) or option == "-args":
                takes = "rest"
            else:
                takes = "" if option in _PROCESS_SWITCHES else "other"
            continue
        if takes == "other":
            takes = ""
        elif takes == "rest" or (takes == "" and name is not None):
            takes = "rest"
            inside = 1 if argument.quote else 0
            rest.extend(
                (match.group(), argument.start + inside + match.start(), argument.start + inside + match.end())
                for match in _WORD.finditer(text)
            )
        elif name is None:
            name = _word(argument)
            takes = ""
    if name is None or name[0][:1] in ("(", "@", ""):
        return None
    if name[0][0] == "$" and not _PROGRAM_FILE.fullmatch(name[0]):
        return None
    return [name, *rest]


#: How deep one script may hold another as text.
_MAXIMUM_DEPTH = 4
# Brackets hold brackets: what is longer is given in part, so that time stays linear.
_LONGEST_NAME = 400
_LONGEST_WORD = 2000
_QUOTES = frozenset("'\"‘’‚‛“”„")
_OF_STRUCTURE = frozenset((
    SlipKind.OPEN_STRING, SlipKind.OPEN_BRACKET, SlipKind.STRAY_BRACKET, SlipKind.CROSSED_BRACKET,
))  # fmt: skip
_NOT_IN_NAMES = {ord(mark): None for mark in "'\"`"}


# Many rules ask for all scripts of a file one after another, and an editor again after each keystroke.
@lru_cache(maxsize=512)
def read_script(script: str) -> Syntax:
    """The calls and operators of ``script``."""
    calls: list[Call] = []
    operators: list[Operator] = []
    texts: list[tuple[str, int, int]] = []
    inner: list[tuple[int, int]] = []
    functions: set[str] = set()
    slips: list[Slip] = []
    pending: list[tuple[str, int, int, Call | None, bool]] = [(script, 0, 0, None, True)]
    while pending:
        text, shift, depth, outer, is_powershell = pending.pop()
        parsed = parse_calls(text)
        if is_powershell:
            operators.extend(Operator(mark, start + shift, end + shift) for mark, start, end in parsed.operators)
            functions |= parsed.functions
        if not depth:
            slips = parsed.slips
        texts.extend((name, start + shift, end + shift) for name, start, end in parsed.texts)
        for raw in parsed.calls:
            call = _call(script, raw, shift, outer)
            calls.append(call)
            for level in range(depth, _MAXIMUM_DEPTH):
                inside = inner_script(call)
                if inside is not None:
                    start, end, speaks_powershell = inside
                    inner.append((start, end))
                    pending.append((script[start:end], start, level + 1, call, is_powershell and speaks_powershell))
                    break
                words = inner_words(call)
                if words is None:
                    break
                call = _from_words(words, call)
                calls.append(call)
    calls.sort(key=lambda call: (call.start, -call.end))
    operators.sort(key=lambda operator: operator.start)
    texts.sort(key=lambda item: item[1])
    slips.extend(_open_regions(script))
    slips.extend(find_slips(script))
    if slips and _is_doubtful(script):
        slips = [slip for slip in slips if slip.kind not in _OF_STRUCTURE]
    slips.sort(key=lambda slip: slip.start)
    return Syntax(
        tuple(calls), tuple(operators), tuple(texts), tuple(sorted(inner)), frozenset(functions), tuple(slips)
    )


def _is_doubtful(script: str) -> bool:
    """Whether a string holds an escaped quote inside ``$(...)``, of which it depends what it ends."""
    return any(
        '`"' in line.partition("$(")[2]
        for region in find_regions(script)
        if region.kind is RegionKind.STRING
        for line in script[region.start : region.end].split("\n")
    )


def _open_regions(script: str) -> Iterator[Slip]:
    """What nothing ends: a string, a here-string, a comment."""
    for region in find_regions(script):
        if region.closed:
            continue
        if region.footer >= 0:
            blanks = region.footer
            while script[blanks - 1] in " \t":
                blanks -= 1
            yield Slip(SlipKind.INDENTED_FOOTER, blanks, region.footer + 2, region.start)
        elif region.kind is RegionKind.COMMENT:
            yield Slip(SlipKind.OPEN_COMMENT, region.start, region.start + 2)
        elif region.kind is RegionKind.HERE_STRING:
            yield Slip(SlipKind.OPEN_HERE_STRING, region.start, region.start + 2)
        else:
            yield Slip(SlipKind.OPEN_STRING, region.start, region.start + 1)


def is_code(script: str, offset: int) -> bool:
    """Whether ``offset`` is in code: in no comment and no string, unless a command runs that string."""
    shift = 0
    text = script
    while True:
        region = region_at(text, offset - shift)
        if region.kind is not RegionKind.STRING:
            return region.kind is RegionKind.CODE
        inner = read_script(script).inner
        # What a command runs is the whole string, without its quotes.
        index = bisect_left(inner, (region.start + shift + 1, 0))
        if index == len(inner) or inner[index][0] != region.start + shift + 1 or offset >= inner[index][1]:
            return False
        shift, end = inner[index]
        text = script[shift:end]


def _call(script: str, raw: RawCall, shift: int, outer: Call | None) -> Call:
    start, name_end = raw.start + shift, raw.name_end + shift
    if raw.name_is_string:
        name = script[start + 1 : name_end - 1]
    else:
        name = script[start : min(name_end, start + _LONGEST_NAME)].translate(_NOT_IN_NAMES)
    return Call(
        name.lower(),
        name_end,
        start,
        raw.end + shift,
        tuple(_argument(script, word, shift) for word in raw.words),
        raw.pipeline + shift,
        raw.piped,
        outer,
    )


def _argument(script: str, word: Word, shift: int) -> Argument:
    start, end = word.start + shift, word.end + shift
    if word.is_string and end - start > 1 and script[end - 1] in _QUOTES:
        return Argument(script[start + 1 : end - 1], start, end, script[start])
    return Argument(script[start : min(end, start + _LONGEST_WORD)], start, end)


def _from_words(words: Words, outer: Call) -> Call:
    (name, start, name_end), *rest = words
    arguments = tuple(Argument(text, first, last) for text, first, last in rest)
    end = rest[-1][2] if rest else name_end
    return Call(name.lower(), name_end, start, end, arguments, outer.pipeline, outer.piped, outer)
