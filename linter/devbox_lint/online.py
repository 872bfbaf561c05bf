"""What a rule is that needs an answer from Azure: two pure halves, the questions it has and what it makes of answers.

Whoever asks is handed in: a rule never waits, and the same questions of many files are asked once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import ClassVar, NamedTuple, Protocol

from devbox_lint.credentials.masking import mask_of_document, traceback_of
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.model import Customization
from devbox_lint.diagnostics import MARKER, Diagnostic, Finding, Severity, Span
from devbox_lint.engine import diagnostic_of, internal_error_of, order_of
from devbox_lint.results import FileResult
from devbox_lint.rule import Context, Rule
from devbox_lint.suppressions import find_suppressions
from devbox_lint.yaml.parse import parse


class _File(NamedTuple):
    """One file with what its rules ask, each rule beside its question."""

    result: FileResult
    context: Context
    asked: list[tuple[OnlineRule, Asked]]
    crashes: list[tuple[Rule, Exception]]
    telling: NotMadeRule | None


def verify(
    results: Sequence[FileResult],
    rules_for: Callable[[str], Sequence[OnlineRule]],
    resolver: Resolver,
    weigh: Callable[[FileResult], FileResult] | None = None,
    strict: bool = False,
    today: str | None = None,
    cancel: Cancel | None = None,
    progress: Progress | None = None,
) -> list[FileResult]:
    """The results with what the rules find added, in the same order; ``rules_for`` gives them for a path.

    Each distinct question goes to ``resolver`` once, and one that could not be answered is told once, where it is first
    asked. ``weigh`` may change severities; then ``strict`` makes such a diagnostic an error. Suppressions in the files
    hold, to their last day where ``today`` is given, as ISO 8601 writes it. A result without a kind stays. Never
    raises because of what files or answers hold.
    """
    files = [_read(result, rules_for(result.source.path), today) for result in results if result.kind is not None]
    questions = list(dict.fromkeys(asked.question for file in files for _, asked in file.asked))
    answers = resolver.resolve(questions, cancel, progress) if questions else {}
    told: set[tuple[str, str]] = set()
    judged = iter([_weighed(_judged(file, answers, told), file.telling, weigh, strict) for file in files])
    return [result if result.kind is None else next(judged) for result in results]


def _weighed(
    result: FileResult, telling: Rule | None, weigh: Callable[[FileResult], FileResult] | None, strict: bool
) -> FileResult:
    if weigh is not None:
        result = weigh(result)
    if not strict or telling is None:
        return result
    return result._replace(
        diagnostics=tuple(
            item._replace(severity=Severity.ERROR) if item.code == telling.code else item for item in result.diagnostics
        )
    )


def _read(result: FileResult, rules: Sequence[OnlineRule], today: str | None) -> _File:
    document = parse(result.source)
    assert result.kind is not None  # noqa: S101 - the caller has left those out
    context = Context(Customization(document, result.kind), today=today)
    asked: list[tuple[OnlineRule, Asked]] = []
    crashes: list[tuple[Rule, Exception]] = []
    for rule in rules:
        if result.kind in rule.kinds:
            try:
                asked.extend((rule, one) for one in rule.questions(context))
            except Exception as error:  # noqa: BLE001 - one rule's bug must not hide the others' findings
                crashes.append((rule, error))
    telling = next((rule for rule in rules if isinstance(rule, NotMadeRule)), None)
    return _File(result, context, asked, crashes, telling)


def _judged(
    file: _File,
    answers: Mapping[Question, object],
    told: set[tuple[str, str]],
) -> FileResult:
    result, context = file.result, file.context
    found: list[Diagnostic] = []
    said: set[tuple[str, str]] = set()
    unmade: dict[tuple[Span, NotMade], list[str]] = {}
    crashes = list(file.crashes)
    telling = file.telling
    for rule, asked in file.asked:
        try:
            for outcome in _outcomes(rule, asked, answers):
                if isinstance(outcome, NotMade):
                    text = asked.question.text
                    if (text, outcome.reason) not in told:
                        told.add((text, outcome.reason))
                        unmade.setdefault((asked.whole, outcome), []).append(text)
                elif rule.at_each_place or (rule.code, outcome.message) not in said:
                    said.add((rule.code, outcome.message))
                    found.append(diagnostic_of(rule, outcome, asked.kind))
        except Exception as error:  # noqa: BLE001 - as above
            crashes.append((rule, error))
    if telling is not None:
        for (span, reason), texts in unmade.items():
            finding = telling.tell(span, texts, reason)
            found.append(diagnostic_of(telling, finding, context.kind))
    if found and MARKER in result.source.text:
        suppressions = find_suppressions(context.document, context.today)
        found = [item for item in found if not suppressions.silence(item, result.source)]
    found.extend(internal_error_of(rule, error) for rule, error in crashes)
    if not found:
        return result
    return result._replace(
        diagnostics=tuple(sorted((*result.diagnostics, *found), key=order_of)),
        crashes=(*result.crashes, *(traceback_of(error) for _, error in crashes)),
        mask=result.mask or mask_of_document(context.document),
    )


def _outcomes(rule: OnlineRule, asked: Asked, answers: Mapping[Question, object]) -> Iterator[Finding | NotMade]:
    answer = answers.get(asked.question, NotMade("it was cancelled"))
    if isinstance(answer, NotMade):
        yield answer
    elif answer is not None:
        yield from rule.judge(asked, answer)


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
