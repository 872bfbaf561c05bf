"""The page of the situations: a table for each section, in which lines for both files are one where they are equal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from situations.situation import Situation
from situations.stage import TEAM, USER, Outcome

#: What a situation says and the name of a file -> what follows.
Cells = dict[tuple[str, str], str]
_NAMES = {TEAM: "team", USER: "user"}
_NOTHING = "nothing"
_LINE = re.compile(r"\| (?P<says>[^|]+) \| (?P<files>[a-z, ]+) \| (?P<found>.+) \|")
_HEAD = """\
# What Azure can say, and what follows

`devbox-lint check --online` asks Azure about a file. These are the situations that its tests know, each with the
findings that follow for a team's file (`imagedefinition.yaml`) and for a user's file that refer to the secret `pat` of
the key vault `kv-contoso`. All else is as the documentation wants it: the project `web` is in the settings with one
consumer, the project's managed identity has Key Vault Reader and Key Vault Secrets User on the vault, and the dev
center's identity and the consumer have Key Vault Secrets User on the secret. Whoever runs the check has Reader and Key
Vault Reader, which let nobody see a value.

Where it is about Azure DevOps, the files clone the repository `site` of the project `web` in the organization
`contoso-web`, or their script signs a service principal in and uses a feed or a repository there. Whoever runs the
check is a member with the access level Basic.

`python tools/generate.py` wrote this page, from what the program answered in each situation.
"""


def cell(outcome: Outcome) -> str:
    """What follows, in words."""
    found = (f"{one.code} {one.severity}: {one.message}" for one in outcome.findings)
    return "<br>".join(one.replace("|", "\\|") for one in found) or _NOTHING


def page(sections: Mapping[str, Iterable[Situation]], cells: Cells) -> str:
    """The text of the page."""
    parts = [_HEAD]
    for title, situations in sections.items():
        lines = [line for situation in situations for line in _lines(situation, cells)]
        parts.append("\n".join((f"## {title}\n", "| Azure says | file | finding |", "|---|---|---|", *lines, "")))
    return "\n".join(parts)


def _lines(situation: Situation, cells: Cells) -> Iterator[str]:
    found = {name: cells[situation.says, name] for name in (TEAM, USER) if (situation.says, name) in cells}
    if len(found) == 2 and found[TEAM] == found[USER]:
        yield f"| {situation.says} | team, user | {found[TEAM]} |"
    else:
        yield from (f"| {situation.says} | {_NAMES[name]} | {text} |" for name, text in found.items())


def read(text: str) -> Cells:
    """What a page says."""
    names = {word: name for name, word in _NAMES.items()}
    return {
        (match["says"], names[word]): match["found"]
        for match in map(_LINE.fullmatch, text.splitlines())
        if match and match["files"] != "file"
        for word in match["files"].split(", ")
    }
