"""What stands for the world in examples of rules and in tests: files on no disk, answers that nobody asked for."""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Mapping, Sequence

from devbox_lint.customization.remote import Remote
from devbox_lint.files.repository import remote_in
from devbox_lint.online import Cancel, Progress, Question


class GivenFiles:
    """Files by their paths, with `/`, that are all in one repository."""

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def root(self, path: str) -> str | None:
        return "."

    def task_files(self, root: str) -> Iterable[str]:
        return [path for path in self._texts if path.rpartition("/")[2] == "task.yaml"]

    def siblings(self, path: str) -> Iterable[str]:
        folder, _, file = path.rpartition("/")
        parent = folder.rpartition("/")[0]
        return [
            other
            for other in self._texts
            if other.rpartition("/")[2] == file
            and other.rpartition("/")[0].rpartition("/")[0] == parent
            and "/" in other
        ]

    def read(self, path: str) -> bytes | None:
        text = self._texts.get(path)
        return None if text is None else text.encode()

    def find(self, folder: str, inside: str) -> str | None:
        wanted = os.path.normpath(f"{folder}/{inside}" if folder else inside).replace(os.sep, "/").lower()
        return next((path for path in self._texts if path.lower() == wanted), None)

    def naming(self, path: str) -> Iterable[str]:
        folder, _, file = path.rpartition("/")
        return [
            other
            for other, text in self._texts.items()
            if other.endswith((".yaml", ".yml"))
            and file.lower() in text.lower()
            and f"{folder}/".startswith(f"{other.rpartition('/')[0]}/".lstrip("/"))
        ]

    def exists(self, folder: str, inside: str) -> bool | None:
        wanted = os.path.normpath(f"{folder}/{inside}" if folder else inside).replace(os.sep, "/").lower()
        return any(path.lower() == wanted or path.lower().startswith(wanted + "/") for path in self._texts)

    def remote(self, path: str) -> Remote | None:
        return remote_in(self._texts.get(".git/config", ""), self._texts.get(".git/HEAD", ""))

    def missing(self, path: str, inside: str) -> tuple[str, tuple[str, ...]] | None:
        there = ""
        for part in inside.split("/"):
            if not self.exists(there, part):
                start = f"{there}/" if there else ""
                beside = {other[len(start) :].partition("/")[0] for other in self._texts if other.startswith(start)}
                return there, tuple(sorted(beside))
            there = f"{there}/{part}" if there else part
        return None


class StatedAnswers:
    """A resolver that was told its answers; what it was not told is void."""

    def __init__(self, answers: Iterable[tuple[object, object]]) -> None:
        self._answers = dict(answers)

    def resolve(
        self, questions: Sequence[Question], cancel: Cancel | None = None, progress: Progress | None = None
    ) -> Mapping[Question, object]:
        """What :class:`devbox_lint.online.Resolver` asks for."""
        return {question: self._answers.get(question) for question in questions}
