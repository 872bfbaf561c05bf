"""Which results may be used again: those of the same text, under the same settings, beside the same files.

The text counts by its hash. That of a file with secrets is taken with these covered, and whether they are the same is
told by the file's times and length. So is whether the files beside it are: a text of theirs is in no hash here.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable

from devbox_lint.cache.entries import read, spans_of, written
from devbox_lint.cache.past_runs import FRESH, Ground, ground_of
from devbox_lint.cache.stamp import blake2b, hash_of, stamp, state_of
from devbox_lint.cache.store import Store, line
from devbox_lint.credentials.masking import Mask
from devbox_lint.files.discovery import DECIDING_FILES, Discovery, may_be_ours
from devbox_lint.files.repository import FilesOnDisk
from devbox_lint.results import FileResult
from devbox_lint.settings.files import SettingsFiles
from devbox_lint.source import MOST_READ, SourceFile, is_script


class Cache:
    """The results that are kept for the files of a run, by their paths as they are shown.

    ``paths`` are those of all files of the run; ``today`` is the day as ISO 8601 writes it; ``chosen`` is what the
    command line says of rules; ``kind`` holds for named files, and ``catalogs`` stand for those of the settings.
    """

    __slots__ = (
        "_base",
        "_catalogs",
        "_contexts",
        "_files",
        "_is_more_settled",
        "_kind",
        "_of_settings",
        "_settings",
        "_started",
        "_states",
        "_store", "_today",
    )  # fmt: skip

    def __init__(
        self,
        folder: str,
        settings: SettingsFiles,
        paths: Iterable[str],
        today: str,
        chosen: str,
        kind: str,
        catalogs: Iterable[str],
    ) -> None:
        self._base = hash_of(stamp(), os.getcwd(), chosen).digest()
        self._store = Store(folder, self._base.hex()[:32])
        self._settings = settings
        self._kind = kind
        self._catalogs = tuple(catalogs)
        self._files = FilesOnDisk(paths)
        self._today = today
        self._started = time.time_ns()
        self._contexts: dict[tuple[str, bool], bytes] = {}
        self._of_settings: dict[tuple[str, bool], bytes] = {}
        self._states: dict[tuple[str, str], str | None] = {}
        self._is_more_settled = False

    @property
    def needs_more(self) -> bool:
        """Whether there is more to say than the results: a task catalog may leave doubts, and a baseline hides some."""
        return bool(self._catalogs) or self._is_more_settled

    def ground(self, discovery: Discovery) -> Ground:
        """What the recalled results rest on, and the search for the files: all that was looked at."""
        files = self._files
        paths = (file.path for file in discovery)
        return ground_of(
            (*paths, *discovery.deciding, *self._settings.read_so_far, *files.looked_at),
            (*discovery.listed, *files.listed),
            DECIDING_FILES,
        )

    def recall(self, path: str, named: bool) -> FileResult | None:
        """The result for a file as it is now; None where it has to be checked."""
        kept = self._store.get(path)
        try:
            with open(path, "rb") as stream:
                data = stream.read(MOST_READ)
            if kept is None:
                is_ours = (named and self._kind) or may_be_ours(path, data)
                if is_ours and is_script(path):
                    is_ours = (named and self._kind) or bool(self._files.naming(path))
                return None if is_ours else FileResult(SourceFile(path, ""), None)
            digest, state, asked, result = kept
            source = SourceFile.from_bytes(path, data)
            text = data
            if state is not None:
                if state != state_of(path):
                    return None
                text = _covered(source, Mask.of_spans(spans_of(result)))
            if digest != self._digest(path, named, text):
                return None
            if any(answer != self._answer(path, question, argument) for question, argument, answer in asked):
                return None
            return read(result, source)
        except (OSError, ValueError, TypeError):
            # Not there, or no entry of ours.
            return None

    def line(
        self, named: bool, data: bytes, result: FileResult, mask: Mask, asked: Iterable[tuple[str, str]]
    ) -> bytes | None:
        """What :meth:`add` keeps for a file that was read as ``data``; None where nothing may be kept.

        ``mask`` covers the secrets of the file; ``asked`` is what the rules asked of what is not in it.
        """
        path = result.source.path
        if result.crashes or mask.covers_all:
            return None
        answers = []
        for question, argument in sorted(asked):
            answer = self._answer(path, question, argument)
            if answer is None:
                return None
            answers.append((question, argument, answer))
        state = None
        if mask.spans:
            if not self._is_old(path):
                return None
            state = state_of(path)
            digest = self._digest(path, named, _covered(result.source, mask))
        else:
            digest = self._digest(path, named, data)
        return line(path, [digest, state, answers, written(result, mask)])

    def add(self, lines: Iterable[bytes]) -> None:
        """Keep lines for the next run."""
        self._store.add(list(lines))

    def _digest(self, path: str, named: bool, data: bytes) -> str:
        return blake2b(data, key=self._context(os.path.dirname(path), named), digest_size=16).hexdigest()

    def _context(self, folder: str, named: bool) -> bytes:
        """What a result depends on apart from the text, for the files in one folder."""
        context = self._contexts.get((folder, named))
        if context is None:
            settings = self._settings.of(os.path.join(folder, "any"))
            same = (settings.path, named)
            if same not in self._of_settings:
                self._is_more_settled |= bool(settings.task_catalogs or settings.baseline)
                catalogs = (self._state_of_catalog(path) for path in self._catalogs or settings.task_catalogs)
                base = self._base.hex()
                self._of_settings[same] = hash_of(base, repr(settings), self._kind if named else "", *catalogs).digest()
            context = self._contexts[folder, named] = self._of_settings[same]
        return context

    def _state_of_catalog(self, path: str) -> str:
        if not os.path.isdir(path):
            return f"{path} {state_of(path)}"
        files = FilesOnDisk()
        return "\n".join(f"{file} {state_of(file)}" for file in (path, *files.task_files(os.path.abspath(path))))

    def _answer(self, path: str, question: str, argument: str) -> str | None:
        """What the calendar or the files around ``path`` say to a question; None where these may be changing."""
        if question == "past":
            return str(self._today > argument)
        if question == "holds":
            return str(self._files.exists(os.path.dirname(path), argument))
        if question == "missing":
            return str(self._files.missing(path, argument))
        if question == "remote":
            return str(self._files.remote(path))
        if question in ("text", "uses"):
            found = self._files.find(os.path.dirname(path), argument) if question == "text" else None
            paths = list(self._files.naming(path)) if question == "uses" else [found] if found is not None else []
            return self._state_of_all(paths)
        if question == "repository":
            key = (question, self._files.root(path))
        else:
            folder, name = os.path.split(path)
            key = (os.path.dirname(os.path.abspath(folder)), name)
        if key not in self._states:
            others = self._files.task_files(key[1]) if question == "repository" else self._files.siblings(path)
            self._states[key] = self._state_of_all(list(others))
        return self._states[key]

    def _state_of_all(self, paths: list[str]) -> str | None:
        self._files.looked_at.update(paths)
        if not all(self._is_old(path) for path in paths):
            return None
        return hash_of(*(f"{path} {state_of(path)}" for path in paths)).hexdigest()

    def _is_old(self, path: str) -> bool:
        try:
            return os.stat(path).st_mtime_ns < self._started - FRESH
        except OSError:
            return False


def _covered(source: SourceFile, mask: Mask) -> bytes:
    return mask.covered(source.text).encode("utf-8", "surrogatepass")
