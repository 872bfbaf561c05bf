"""What Azure answered, kept for the session: what follows from it stays true to the text while one types.

Nothing is asked but by :meth:`Online.ask`, which has a thread of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from devbox_lint.results import FileResult

if TYPE_CHECKING:
    from devbox_lint.online import Cancel, OnlineRule, Progress, Question, Resolver
    from devbox_lint.run.online_step import Azure
    from devbox_lint.run.run import Plan
    from devbox_lint.settings.model import AzureSettings


class Online:
    """What Azure answered, by the settings with which it was asked; ``load`` gives who asks it.

    ``load`` raises DevboxLintError where what it needs is not installed.
    """

    def __init__(self, load: Callable[[], Azure]) -> None:
        self._load = load
        self._pool = ThreadPoolExecutor(1, "online")
        self._answers: dict[AzureSettings, dict[Question, object]] = {}
        self._azure: Azure | None = None

    @property
    def knows_anything(self) -> bool:
        """Whether anything was answered so far."""
        return bool(self._answers)

    def start(
        self,
        results: Mapping[AzureSettings, Sequence[FileResult]],
        wanted: Mapping[str, frozenset[str]],
        today: str,
        cancel: Cancel,
        progress: Progress,
    ) -> asyncio.Future[None]:
        """Ask what the rules want to know of the results, and keep the answers; raises DevboxLintError.

        ``wanted`` has the codes of the rules that run, by path. ``cancel`` and ``progress`` are called in the thread
        that asks.
        """
        return asyncio.wrap_future(self._pool.submit(self._ask, results, wanted, today, cancel, progress))

    def _ask(
        self,
        results: Mapping[AzureSettings, Sequence[FileResult]],
        wanted: Mapping[str, frozenset[str]],
        today: str,
        cancel: Cancel,
        progress: Progress,
    ) -> None:
        from devbox_lint.online import verify

        azure = self._azure = self._azure or self._load()

        def rules_for(path: str) -> list[OnlineRule]:
            return [rule for rule in azure.rules if rule.code in wanted[path]]

        for settings, files in results.items():
            if cancel():
                return
            asker = _Recording(azure.resolver(settings))
            verify(files, rules_for, asker, today=today, cancel=cancel, progress=progress)
            # What was cancelled has no answer, and an older one still counts.
            self._answers[settings] = {**self._answers.get(settings, {}), **asker.answers}

    def verified(self, result: FileResult, settings: AzureSettings, plan: Plan, today: str) -> FileResult:
        """The result with what follows from the answers so far; asks nothing."""
        answers = self._answers.get(settings)
        if not answers or self._azure is None:
            return result
        from devbox_lint.online import verify

        wanted = {rule.code for rule in plan.rules}
        rules = [rule for rule in self._azure.rules if rule.code in wanted]

        def weigh(result: FileResult) -> FileResult:
            return result._replace(diagnostics=plan.weigh(result.diagnostics)) if plan.weigh else result

        known = _Remembering(answers)
        return verify([result], lambda _: rules, known, weigh=weigh, strict=settings.strict, today=today)[0]


class _Recording:
    """A resolver that keeps what another one answers."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self.answers: dict[Question, object] = {}

    def resolve(
        self, questions: Sequence[Question], cancel: Cancel | None = None, progress: Progress | None = None
    ) -> Mapping[Question, object]:
        """What a resolver does."""
        answers = self._resolver.resolve(questions, cancel, progress)
        self.answers.update(answers)
        return answers


class _Remembering:
    """A resolver that knows what was answered before; any other question is void, so that nothing is said of it."""

    def __init__(self, answers: Mapping[Question, object]) -> None:
        self._answers = answers

    def resolve(
        self, questions: Sequence[Question], cancel: Cancel | None = None, progress: Progress | None = None
    ) -> Mapping[Question, object]:
        """What a resolver does."""
        return {question: self._answers.get(question) for question in questions}
