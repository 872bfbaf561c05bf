"""What a rule is that needs an answer from Azure: two pure halves, the questions it has and what it makes of answers.

Whoever asks is handed in: a rule never waits, and the same questions of many files are asked once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import ClassVar, NamedTuple, Protocol, TypeAlias

from devbox_lint.credentials.masking import Mask, mask_of_document, traceback_of
from devbox_lint.customization.kinds import Kind
from devbox_lint.customization.model import Customization
from devbox_lint.diagnostics import MARKER, Access, Diagnostic, Finding, Span
from devbox_lint.engine import causes, diagnostic_of, internal_error_of
from devbox_lint.results import FileResult
from devbox_lint.rule import AnyRule, Context, Rule
from devbox_lint.settings.model import AzureSettings
from devbox_lint.suppressions import Suppressions, find_suppressions
from devbox_lint.yaml.document import Document


class FileQuestions(NamedTuple):
    """What rules ask about one file, each rule beside its question, and what is needed to judge the answers.

    ``suppressions`` is None for a file without any; ``crashes`` are the rules that could not ask, each with the
    traceback of its error. ``reporter`` is the rule that says what was not checked, where it runs.
    """

    kind: Kind
    asked: tuple[tuple[OnlineRule, Asked], ...]
    crashes: tuple[tuple[Diagnostic, str], ...]
    reporter: NotMadeRule | None
    suppressions: Suppressions | None
    mask: Mask


def questions_of(
    document: Document,
    kind: Kind,
    rules: Iterable[AnyRule],
    today: str | None = None,
    heed_comments: bool = True,
    require_reason: bool = False,
) -> FileQuestions | None:
    """What those of ``rules`` that ask want to know of a file; None where that is nothing.

    ``today``, as ISO 8601 writes it, ends suppressions, which hold where ``heed_comments`` is set and,
    with ``require_reason``, where they give one. Never raises because
    of what the file holds.
    """
    context = Context(Customization(document, kind), today=today)
    loaded = (rule.load() for rule in rules if rule.asks and kind in rule.kinds)
    asking = [rule for rule in loaded if isinstance(rule, OnlineRule)]
    asked: list[tuple[OnlineRule, Asked]] = []
    crashes: list[tuple[Diagnostic, str]] = []
    for rule in asking:
        try:
            asked.extend((rule, one) for one in rule.questions(context))
        except Exception as error:  # noqa: BLE001 - one rule's bug must not hide the others' findings
            crashes.append((internal_error_of(rule, error), traceback_of(error)))
    if not asked and not crashes:
        return None
    return FileQuestions(
        kind,
        tuple(asked),
        tuple(crashes),
        next((rule for rule in asking if isinstance(rule, NotMadeRule)), None),
        find_suppressions(document, today, require_reason)
        if heed_comments and MARKER in document.source.text
        else None,
        mask_of_document(document),
    )


def verify(
    files: Sequence[tuple[FileResult, FileQuestions | None]],
    resolver: Resolver,
    cancel: Cancel | None = None,
    progress: Progress | None = None,
) -> list[FileResult]:
    """The results with what follows from the answers added, in the same order.

    Each distinct question goes to ``resolver`` once, and one that could not be answered is reported once, where it is
    first asked. Suppressions in the files hold. Never raises because of what files or answers hold.
    """
    questions = list(dict.fromkeys(asked.question for _, file in files if file for _, asked in file.asked))
    answers = resolver.resolve(questions, cancel, progress) if questions else {}
    reported: set[tuple[str, str]] = set()
    return [result if file is None else _judged(result, file, answers, reported) for result, file in files]


def _judged(
    result: FileResult,
    file: FileQuestions,
    answers: Mapping[Question, object],
    reported: set[tuple[str, str]],
) -> FileResult:
    told: list[tuple[Rule, Finding]] = []
    messages: set[tuple[str, str]] = set()
    unanswered: dict[tuple[Span, NotMade], list[str]] = {}
    crashes = list(file.crashes)
    access: dict[tuple[str, str, str], Access] = {}
    for rule, asked in file.asked:
        try:
            for one in rule.access(asked, answers.get(asked.question, _CANCELLED)):
                access.setdefault(one[:3], one)
            for outcome in _outcomes(rule, asked, answers):
                if isinstance(outcome, NotMade):
                    text = asked.question.text
                    if (text, outcome.reason) not in reported:
                        reported.add((text, outcome.reason))
                        unanswered.setdefault((asked.whole, outcome), []).append(text)
                elif rule.at_each_place or (rule.code, outcome.message) not in messages:
                    messages.add((rule.code, outcome.message))
                    told.append((rule, outcome))
        except Exception as error:  # noqa: BLE001 - as above
            crashes.append((internal_error_of(rule, error), traceback_of(error)))
    told = causes(told, (*result.diagnostics, *result.suppressed))
    found = [diagnostic_of(rule, finding, file.kind) for rule, finding in told]
    if file.reporter is not None:
        for (span, reason), texts in unanswered.items():
            finding = file.reporter.tell(span, texts, reason)
            found.append(diagnostic_of(file.reporter, finding, file.kind))
    suppressed: list[Diagnostic] = []
    if found and file.suppressions is not None:
        answered, found = found, []
        for item in answered:
            (suppressed if file.suppressions.suppress(item, result.source) else found).append(item)
    found.extend(diagnostic for diagnostic, _ in crashes)
    result = result._replace(access=tuple(access.values()))
    if not found and not suppressed:
        return result
    return result._replace(
        diagnostics=tuple(sorted((*result.diagnostics, *found), key=lambda item: item.order)),
        crashes=(*result.crashes, *(traceback for _, traceback in crashes)),
        mask=result.mask or file.mask,
        suppressed=(*result.suppressed, *suppressed),
    )


def _outcomes(rule: OnlineRule, asked: Asked, answers: Mapping[Question, object]) -> Iterator[Finding | NotMade]:
    answer = answers.get(asked.question, _CANCELLED)
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


_CANCELLED = NotMade("it was cancelled")


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


#: Gives who answers by the settings; the settings say whom to ask, and as whom.
ResolverFor: TypeAlias = Callable[[AzureSettings], Resolver]


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

    def access(self, asked: Asked, answer: object) -> Iterator[Access]:
        """Who needs what for that, where the question is about it: also where ``answer`` is a :class:`NotMade`."""
        return iter(())

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
