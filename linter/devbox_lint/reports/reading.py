"""Reads the JSON reports of runs back, for a page over many repositories.

A report may be anybody's: whatever is not as the form says is an error with a sentence, and no text of it is shown
before it was made harmless.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit

from devbox_lint.errors import DevboxLintError
from devbox_lint.escaping import neutralise
from devbox_lint.reports.json_report import VERSION
from devbox_lint.reports.outcome import SEVERITIES, Found, Outcome

Value = TypeVar("Value")
#: A longer file, in bytes, is not read.
LONGEST = 200_000_000


class NotAReportError(DevboxLintError):
    """A file that is no report; the message says what it is, without the file's name."""


def read_outcomes(paths: Iterable[str]) -> list[Outcome]:
    """What the reports at ``paths`` say; one that cannot be read is an outcome with that failure.

    Each is named as its repository, where it says so, else as its file.
    """
    found: list[Outcome] = []
    paths = tuple(paths)
    for path, name in zip(paths, _names(paths), strict=True):
        try:
            outcome = _read(path)
        except (OSError, NotAReportError) as error:
            words = error.strerror if isinstance(error, OSError) else str(error)
            failure = f"cannot read the report `{neutralise(path)}`: {words or error}"
            found.append(Outcome(neutralise(name), (), (), failures=(failure,), version=""))
            continue
        outcome = outcome._replace(name=_repository(outcome.url) or neutralise(name))
        if any(other.name == outcome.name for other in found):
            outcome = outcome._replace(name=f"{outcome.name} ({neutralise(name)})")
        found.append(outcome)
    return found


def _read(path: str) -> Outcome:
    with open(path, "rb") as stream:
        data = stream.read(LONGEST + 1)
    if len(data) > LONGEST:
        raise NotAReportError(f"it is longer than {LONGEST:,} bytes")
    try:
        report = json.loads(data)
    except (ValueError, RecursionError):
        raise NotAReportError("it is not JSON") from None
    if isinstance(report, list):
        raise NotAReportError("it is a list, as `json-v1` writes it: write it with `--output-format json`")
    if not isinstance(report, dict) or not isinstance(report.get("tool"), dict) or "diagnostics" not in report:
        raise NotAReportError("it is not a report of devbox-lint: `check --output-format json` writes one")
    version = report.get("version")
    if version != VERSION:
        known = f"this devbox-lint reads version {VERSION}"
        raise NotAReportError(f"it has another version than is known: {known}")
    try:
        return _outcome(report)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise NotAReportError("it is not as the JSON Schema of reports says: `devbox-lint schema report`") from None


def _outcome(report: dict[str, Any]) -> Outcome:
    paths = {_is(file["filename"], str): _text(file["path"]) for file in _is(report["files"], list)}
    repository = report["repository"] or {}
    suppressed = [_is(item["by"], str) for item in _is(report["suppressed"], list)]
    return Outcome(
        "",
        tuple(paths.values()),
        tuple(_found(item, paths) for item in _is(report["diagnostics"], list)),
        suppressed.count("comment"),
        suppressed.count("baseline"),
        tuple(_unchecked(_is(report["not_checked"], list), paths)),
        tuple(_text(item["message"]) for item in _is(report["failures"], list)),
        _text(report["date"]),
        _text(report["tool"]["version"]),
        _text(repository.get("url") or ""),
        _text(repository.get("revision") or ""),
    )


def _found(item: dict[str, Any], paths: dict[str, str]) -> Found:
    severity = _is(item["severity"], str)
    if severity not in SEVERITIES:
        raise ValueError
    name = _is(item["filename"], str)
    fix = item["fix"]
    return Found(
        _text(item["code"]),
        _text(item["name"]),
        severity,
        _text(item["message"]),
        _text(item["help"] or ""),
        _text(item["url"]),
        paths[name] if name in paths else neutralise(name),
        _is(item["location"]["row"], int),
        _is(item["location"]["column"], int),
        len(_is(item["spans"], list)),
        "" if fix is None else "safe" if fix["applicability"] == "safe" else "unsafe",
    )


def _unchecked(items: Sequence[dict[str, Any]], paths: dict[str, str]) -> Iterator[str]:
    for item in items:
        name = _is(item["filename"], str)
        row = f":{_is(item['location']['row'], int)}" if item["location"] else ""
        yield f"{paths.get(name) or neutralise(name)}{row}: {_text(item['message'])}"


def _text(value: Any) -> str:
    return neutralise(_is(value, str))


def _is(value: Any, type_: type[Value]) -> Value:
    if type(value) is not type_:
        raise ValueError
    return value


def _repository(url: str) -> str:
    """The name of a repository by its address: `contoso/web`."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    return path.strip("/").removesuffix(".git").replace("/_git/", "/")


def _names(paths: Sequence[str]) -> Iterator[str]:
    """The paths from the folder that has them all, without what is the same in each of them."""
    whole = [os.path.abspath(path) for path in paths]
    try:
        top = os.path.commonpath([os.path.dirname(path) for path in whole]) if whole else ""
        short = [os.path.relpath(path, top) for path in whole]
    except ValueError:
        # Several drives.
        short = whole
    are_alike = len(short) > 1 and len({os.path.basename(path) for path in short}) == 1
    for path in short:
        folder = os.path.dirname(path)
        yield (folder if are_alike and folder else path.removesuffix(".json")).replace(os.sep, "/")
