"""How the runners of CI services find commands in a log, restated from their sources to test against.

GitHub: ActionCommand.cs (`TryParseV2`, `TryParse`) in https://github.com/actions/runner/tree/main/src/Runner.Common.
Azure: Command.cs (`TryParse`) and CommandStringConvertor.cs in
https://github.com/microsoft/azure-pipelines-agent/tree/master/src/Microsoft.VisualStudio.Services.Agent.
Here a command need not be registered to count, and case never matters, so more is found than there.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple


class Command(NamedTuple):
    name: str
    properties: dict[str, str]
    data: str


def visible(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def as_the_agents_see_it(line: str) -> str:
    """The line without what a comparison of a culture passes over, as `string.IndexOf` of .NET makes it."""
    return "".join(c for c in line if visible(c) and not "\ufe00" <= c <= "\ufe0f")


def lines(output: str) -> list[str]:
    """The lines that `StreamReader.ReadLine` of .NET gives to the runners."""
    return re.split(r"\r\n|\r|\n", output)


def github_command(line: str) -> Command | None:
    """`::name key=value,key=value::data` at the start of a line."""
    line = as_the_agents_see_it(line).lstrip()
    end = line.find("::", 2)
    if not line.startswith("::") or end < 0:
        return None
    name, _, properties = line[2:end].partition(" ")
    return Command(
        name,
        {
            key: _decoded(value, ("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))
            for key, value in _pairs(properties.strip(), ",")
        },
        _decoded(line[end + 2 :], ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")),
    )


def old_github_command(line: str) -> Command | None:
    """`##[name key=value;key=value]data` anywhere in a line."""
    return _in_brackets(as_the_agents_see_it(line), "##[")


def azure_command(line: str) -> Command | None:
    """`##vso[area.event key=value;key=value]data` anywhere in a line."""
    return _in_brackets(as_the_agents_see_it(line), "##vso[")


def commands(output: str) -> list[Command]:
    """All that any of the runners would run."""
    found = []
    for line in lines(output):
        for parse in (github_command, old_github_command, azure_command):
            command = parse(line)
            if command is not None:
                found.append(command)
    return found


def _in_brackets(line: str, prefix: str) -> Command | None:
    start = line.lower().find(prefix)
    end = line.find("]", start)
    if start < 0 or end < 0:
        return None
    name, _, properties = line[start + len(prefix) : end].partition(" ")
    codes = (("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%AZP25", "%"))
    return Command(
        name,
        {key: _decoded(value, *codes) for key, value in _pairs(properties, ";")},
        _decoded(line[end + 1 :], *codes),
    )


def _pairs(properties: str, separator: str) -> list[tuple[str, str]]:
    pairs = (part.split("=", 1) for part in properties.split(separator) if part)
    return [(pair[0], pair[1]) for pair in pairs if len(pair) == 2 and all(pair)]


def _decoded(text: str, *codes: tuple[str, str]) -> str:
    # One after the other, in this order, as there.
    for code, character in codes:
        text = text.replace(code, character)
    return text
