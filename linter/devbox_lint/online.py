"""What a rule is that needs an answer from Azure: two pure halves, the questions it has and what it makes of answers.

Whoever asks is handed in: a rule never waits, and the same questions of many files are asked once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import ClassVar, NamedTuple, Protocol

from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Finding, Span
from devbox_lint.rule import Context, Rule

#: Told how many of how many questions are answered; called from one thread, some times in a second.
Progress = Callable[[int, int], None]
#: Asked now and then whether to stop; questions that are open then stay unanswered.
Cancel = Callable[[], bool]


class Question(Protocol):
    """What can be asked: hashable, and equal to another only where the same is asked."""

    @property
    def text(self) -> str:
        """What is to be found out, as a noun phrase: ``whether the key vault `kv1` exists``."""


class NotMade(NamedTuple):
    """A check that could not be made: why, in words that end a sentence, and what would help."""

    reason: str
    help: str | None = None


class Asked(NamedTuple):
    """A question with the place in a file that makes one ask it.

    ``span`` is what a finding points at; ``whole`` what is pointed at where the check cannot be made, for which
    questions of several rules are put together. ``number`` tells places apart that ask the same for different parts
    of the answer.
    """

    question: Question
    span: Span
    whole: Span
    kind: Kind
    number: int = 0


class Resolver(Protocol):
    """Answers questions; the answer None says that the question is void, because another one answers it."""

    def resolve(
        self, questions: Sequence[Question], cancel: Cancel | None = None, progress: Progress | None = None
    ) -> Mapping[Question, object]:
        """An answer or a :class:`NotMade` for each question; what is left out was not asked, as it was cancelled."""


class Stated:
    """A resolver that was told its answers: for the examples of rules. What it was not told is void."""

    def __init__(self, answers: Iterable[tuple[object, object]]) -> None:
        self._answers = dict(answers)

    def resolve(
        self, questions: Sequence[Question], cancel: Cancel | None = None, progress: Progress | None = None
    ) -> Mapping[Question, object]:
        """What :class:`Resolver` asks for."""
        return {question: self._answers.get(question) for question in questions}


class OnlineRule(Rule):
    """A rule that asks: what :class:`Rule` is otherwise, and it does nothing without a resolver."""

    asks = True
    #: Whether the same message is said again at another place of the file.
    at_each_place: ClassVar[bool] = False

    def questions(self, context: Context) -> Iterator[Asked]:
        """What must be known of one file, in the order of the file."""
        raise NotImplementedError

    def judge(self, asked: Asked, answer: object) -> Iterator[Finding | NotMade]:
        """What is wrong, or cannot be told, where ``answer`` is the answer; any other kind of answer is passed over."""
        raise NotImplementedError

    def check(self, context: Context) -> Iterator[Finding]:
        return iter(())


class NotMadeRule(OnlineRule):
    """The rule that says what was not checked; it has no questions of its own."""

    def questions(self, context: Context) -> Iterator[Asked]:
        return iter(())

    def judge(self, asked: Asked, answer: object) -> Iterator[Finding | NotMade]:
        return iter(())

    def tell(self, span: Span, texts: Sequence[str], unmade: NotMade) -> Finding:
        """The finding for questions, by their texts, that all went unanswered for one reason."""
        raise NotImplementedError
