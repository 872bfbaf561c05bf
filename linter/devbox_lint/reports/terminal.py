"""Standard output and standard error: encoding trouble, colour, and notes to the person."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from devbox_lint.escaping import neutralise

#: The exit codes; there are no others.
CLEAN, FOUND, FAILED = 0, 1, 2

#: The environment variable that shows tracebacks.
DEBUG = "DEVBOX_LINT_DEBUG"

#: Terminals that show hyperlinks, as they call themselves in TERM_PROGRAM or TERM:
#: https://github.com/Alhadis/OSC8-Adoption
_LINKING = frozenset(
    (
        "Hyper", "Tabby", "WezTerm", "alacritty", "contour", "foot", "foot-extra", "ghostty", "iTerm.app", "rio",
        "vscode", "wezterm", "xterm-ghostty", "xterm-kitty",
    )
)  # fmt: skip


def prepare() -> None:
    """Make both streams usable: present, and never failing on a character they cannot encode."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # The parent closed it, or there is no console.
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - lives as long as we do
        elif hasattr(stream, "reconfigure"):
            # Line breaks as written, also on Windows: a diff of a CRLF file holds its own.
            stream.reconfigure(errors="backslashreplace", newline="\n")


def say(message: str) -> None:
    """One line on standard error, where notes and errors go."""
    sys.stdout.flush()
    print(f"devbox-lint: {neutralise(message, encoding(sys.stderr))}", file=sys.stderr)  # noqa: T201


def encoding(stream: TextIO) -> str:
    """The encoding that ``stream`` writes."""
    return stream.encoding or "utf-8"


def wants_colour(choice: str, stream: TextIO) -> bool:
    """Whether to write in colour: ``choice`` is ``always``, ``never`` or ``auto``.

    For ``auto`` the environment decides, then the terminal: a non-empty NO_COLOR forbids (no-color.org), a
    non-empty FORCE_COLOR demands.
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return os.environ.get("TERM") != "dumb" and stream.isatty()


def wants_links(stream: TextIO, coloured: bool) -> bool:
    """Whether to write hyperlinks (OSC 8): to terminals that are known to show them, and else none.

    FORCE_HYPERLINK, as other programs heed it, forbids with `0` and demands with anything else. Links are written
    only beside colours.
    """
    forced = os.environ.get("FORCE_HYPERLINK")
    if forced is not None or not coloured:
        return coloured and forced != "0"
    if os.environ.get("CI") or os.environ.get("TMUX") or not stream.isatty():
        return False
    # The libraries of GNOME's and Xfce's terminals show them since 0.50.
    version = os.environ.get("VTE_VERSION", "")
    if version.isascii() and version.isdecimal():
        return int(version) >= 5000
    is_named = any(os.environ.get(name) for name in ("WT_SESSION", "KONSOLE_VERSION", "DOMTERM"))
    return is_named or os.environ.get("TERM_PROGRAM") in _LINKING or os.environ.get("TERM") in _LINKING


def is_watched() -> bool:
    """Whether somebody may watch standard error."""
    return os.environ.get("TERM") != "dumb" and sys.stderr.isatty()


def internal_error(error: BaseException) -> str:
    """A sentence on a bug of ours: what and where, without the error's own words, which may quote a file."""
    if os.environ.get(DEBUG):
        from devbox_lint.credentials.masking import traceback_of

        sys.stderr.write(traceback_of(error))
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else ""
    return (
        f"internal error ({type(error).__name__}{where}): this is a bug of devbox-lint, please report it;"
        f" {DEBUG}=1 shows the traceback"
    )
