"""What Azure answered, kept for the session: what follows from it stays true to the text while one types.

Nothing is asked but by :meth:`Online.ask`, which has a thread of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from devbox_lint.customization.kinds import Kind
from devbox_lint.rule import AnyRule
from devbox_lint.settings.model import AzureSettings
from devbox_lint.startup import NamedTuple
from devbox_lint.yaml.document import Document

if TYPE_CHECKING:
    from devbox_lint.online import Cancel, Progress, Question, Resolver, ResolverFor


class Asking(NamedTuple):
    """A document to ask about, and the rules that run on it."""

    document: Document
    kind: Kind
    rules: Sequence[AnyRule]


class Online:
    """What Azure answered, by the settings with which it was asked; ``load`` gives who asks it.

    ``load`` raises DevboxLintError where what it needs is not installed.
    """

    def __init__(self, load: Callable[[], ResolverFor]) -> None:
        self._load = load
        self._pool = ThreadPoolExecutor(1, "online")
        self._answers: dict[AzureSettings, dict[Question, object]] = {}
        self._resolver_for: ResolverFor | None = None

    def start(
        self, asking: Mapping[AzureSettings, Sequence[Asking]], today: str, cancel: Cancel, progress: Progress
    ) -> asyncio.Future[None]:
        """Ask what the rules want to know of documents, and keep the answers; raises DevboxLintError.

        ``cancel`` and ``progress`` are called in the thread that asks.
        """
        return asyncio.wrap_future(self._pool.submit(self._ask, asking, today, cancel, progress))

    def _ask(
        self, asking: Mapping[AzureSettings, Sequence[Asking]], today: str, cancel: Cancel, progress: Progress
    ) -> None:
        from devbox_lint.online import questions_of
        from devbox_lint.settings.operator import operator_settings

        # Who set something wrong must not be asked for as somebody else.
        operator_settings()

        resolver_for = self._resolver_for = self._resolver_for or self._load()
        for settings, documents in asking.items():
            if cancel():
                return
            found = [questions_of(each.document, each.kind, each.rules, today) for each in documents]
            questions = dict.fromkeys(asked.question for file in found if file for _, asked in file.asked)
            answers = resolver_for(settings).resolve(list(questions), cancel, progress) if questions else {}
            # What was cancelled has no answer, and an older one still counts.
            self._answers[settings] = {**self._answers.get(settings, {}), **answers}

    def answers_with(self, settings: AzureSettings) -> Resolver | None:
        """What Azure answered so far where it was asked with these settings, None where it was not; asks nothing."""
        answers = self._answers.get(settings)
        return _Remembered(answers) if answers else None


class _Remembered:
    """A resolver that knows what was answered before; any other question is void, so that nothing is said of it."""

    def __init__(self, answers: Mapping[Question, object]) -> None:
        self._answers = answers

    def resolve(
        self, questions: Sequence[Question], cancel: Cancel | None = None, progress: Progress | None = None
    ) -> Mapping[Question, object]:
        """What a resolver does."""
        return {question: self._answers.get(question) for question in questions}
