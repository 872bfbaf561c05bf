"""What stands for the world in examples of rules and in tests: files on no disk, answers that nobody asked for."""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Mapping, Sequence

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


class StatedAnswers:
    """A resolver that was told its answers; what it was not told is void."""

    def __init__(self, answers: Iterable[tuple[object, object]]) -> None:
        self._answers = dict(answers)

    def resolve(
        self, questions: Sequence[Question], cancel: Cancel | None = None, progress: Progress | None = None
    ) -> Mapping[Question, object]:
        """What :class:`devbox_lint.online.Resolver` asks for."""
        return {question: self._answers.get(question) for question in questions}
