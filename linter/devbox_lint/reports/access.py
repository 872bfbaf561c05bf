"""Who needs what on which resource for a file to work, and what Azure says of it: one table for each file."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

from devbox_lint.diagnostics import Access
from devbox_lint.escaping import neutralise
from devbox_lint.reports.model import Run, excerpts, filename
from devbox_lint.startup import NamedTuple

#: What stands before what is needed, by its state, for those who look rather than read.
MARKS = {"granted": "✅", "missing": "❌", "unknown": "❔"}
_WORDS = {"granted": "has", "missing": "lacks", "unknown": "unknown:"}
_STYLES = {"granted": "green", "missing": "bold red", "unknown": "yellow"}
#: The width of tables that no terminal limits.
_WIDTH = 160


class FileAccess(NamedTuple):
    """What one file needs."""

    filename: str
    access: tuple[Access, ...]

    @property
    def identities(self) -> list[str]:
        """Those who need something, in the order of the file."""
        return list(dict.fromkeys(one.identity for one in self.access))

    @property
    def resources(self) -> list[str]:
        """What they need it on, in the order of the file."""
        return list(dict.fromkeys(one.resource for one in self.access))

    def cell(self, identity: str, resource: str) -> Iterator[tuple[Access, str]]:
        """What one needs on a resource, each with the words for it."""
        for one in self.access:
            if one.identity == identity and one.resource == resource:
                yield one, f"{one.needs} ({one.reason})" if one.reason else one.needs


def access_of(run: Run, encoding: str = "utf-8") -> Iterator[FileAccess]:
    """The files of a run that need access to something; what is in them is harmless and shows no secret."""
    for result in run.results:
        if result.access:
            shown = excerpts(result)
            access = (Access(*(neutralise(shown.conceal(text), encoding) for text in one)) for one in result.access)
            yield FileAccess(neutralise(filename(result.source), encoding), tuple(access))


def title(phrase: str) -> str:
    """A noun phrase as it heads a row or a column."""
    return phrase.removeprefix("the ")


def access_text(run: Run, encoding: str = "utf-8", coloured: bool = False, width: int | None = None) -> Iterator[str]:
    """A table for each file, as pieces that end with a line break; ``width`` counts columns of the terminal."""
    from rich.box import ASCII2, SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    is_plain = "utf" not in encoding.lower()
    for each in access_of(run, encoding):
        table = Table(box=ASCII2 if is_plain else SIMPLE_HEAD, title_justify="left", show_lines=False)
        table.add_column("")
        for resource in each.resources:
            table.add_column(Text(title(resource).replace("`", "")))
        for identity in each.identities:
            cells = []
            for resource in each.resources:
                text = Text()
                for item, said in each.cell(identity, resource):
                    text.append("\n" if text else "")
                    text.append(_WORDS[item.state], _STYLES[item.state])
                    text.append(f" {said}".replace("`", ""))
                cells.append(text)
            table.add_row(Text(title(identity).replace("`", "")), *cells)
        stream = StringIO()
        console = Console(
            file=stream, force_terminal=coloured, no_color=not coloured, width=width or _WIDTH, legacy_windows=False
        )
        console.print(table)
        yield f"access that {each.filename} needs\n"
        for line in stream.getvalue().splitlines():
            yield f"{line.rstrip()}\n"
        yield "\n"
