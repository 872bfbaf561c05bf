"""The questions of many files are asked once, and each file gets what follows for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pytest

from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Diagnostic, Severity, Span
from devbox_lint.engine import check
from devbox_lint.online import Asked, Cancel, NotMade, Progress, Question, verify
from devbox_lint.pipeline import CheckedDocument, EffectiveSettings, add_answers, check_document, report_document
from devbox_lint.results import FileResult
from devbox_lint.rule import AnyRule, Context
from devbox_lint.source import SourceFile
from devbox_lint.yaml.parse import parse
from devbox_lint_rules import RULES
from devbox_lint_rules.keyvault._answers import ModelAnswer, SecretAnswer
from devbox_lint_rules.keyvault._questions import AzureQuestion, Topic
from devbox_lint_rules.keyvault.secret_not_found import SecretNotFound

REFERENCE = "{{https://%s.vault.azure.net/secrets/%s}}"


class Said:
    """A resolver that gives one answer for each topic, and remembers what it was asked."""

    def __init__(self, answers: Mapping[Topic, object]) -> None:
        self.answers = answers
        self.asked: list[Question] = []

    def resolve(
        self, questions: Sequence[Question], cancel: Cancel | None = None, progress: Progress | None = None
    ) -> Mapping[Question, object]:
        self.asked.extend(questions)
        known = [question for question in questions if isinstance(question, AzureQuestion)]
        return {question: self.answers[question.topic] for question in known if question.topic in self.answers}


VOID: dict[Topic, object] = dict.fromkeys(Topic)


def file(*secrets: str, comment: str = "") -> CheckedDocument:
    """What an image definition with a task for each of ``secrets`` makes the rules ask."""
    return checked(text(*secrets, comment=comment), [rule for rule in RULES if rule.asks])


def text(*secrets: str, comment: str = "") -> str:
    tasks = "".join(
        f"  - name: ~/gitclone\n    parameters:\n      pat: '{REFERENCE % ('kv1', secret)}'{comment}\n"
        for secret in secrets
    )
    return f"name: web\ntasks:\n{tasks}"


def checked(text: str, rules: Sequence[AnyRule]) -> CheckedDocument:
    settings = EffectiveSettings(tuple(rules), {})
    return check_document(parse(SourceFile("imagedefinition.yaml", text)), settings, Kind.IMAGE, online=True)


def said(result: FileResult) -> list[Diagnostic]:
    return [item for item in result.diagnostics if item.code.startswith("DBX5")]


def test_each_question_is_asked_once_for_all_files() -> None:
    resolver = Said(VOID)

    verify([file("a", "b", "a"), file("a", "c")], resolver)

    assert len(resolver.asked) == len(set(resolver.asked))
    secrets = [question for question in resolver.asked if "has the secret" in question.text]
    assert [question.text.split("`")[3] for question in secrets] == ["a", "b", "c"]


def test_a_wrong_name_is_told_at_each_place_and_a_wrong_vault_once_a_file() -> None:
    resolver = Said(VOID | {Topic.SECRET: SecretAnswer(False), Topic.MODEL: ModelAnswer(False)})

    first, second = verify([file("a", "b", "a"), file("a")], resolver)

    assert [item.code for item in said(first)] == ["DBX508", "DBX503", "DBX503", "DBX503"]
    assert [item.code for item in said(second)] == ["DBX508", "DBX503"]


@pytest.mark.parametrize("is_suppressed", [False, True])
def test_what_azure_says_yields_to_the_rules_that_name_the_cause(
    monkeypatch: pytest.MonkeyPatch, is_suppressed: bool
) -> None:
    monkeypatch.setattr(SecretNotFound, "yields_to", ("DBX301",))
    resolver = Said(VOID | {Topic.SECRET: SecretAnswer(False)})
    one = file("a", "b")
    text = one.result.source.text
    cause = Diagnostic(
        "DBX301", "x", Severity.ERROR, Span(text.index("secrets/a"), text.index("secrets/a") + 9), "x", ""
    )
    known = one.result._replace(**{"suppressed" if is_suppressed else "diagnostics": (cause,)})

    (result,) = verify([one._replace(result=known)], resolver)

    assert [text[slice(*item.span)] for item in said(result)] == ["b"]


def test_what_was_not_checked_is_told_once_in_all_files_and_once_for_each_reason() -> None:
    resolver = Said(VOID | {Topic.SECRET: NotMade("a"), Topic.NETWORK: NotMade("a"), Topic.MODEL: NotMade("b")})

    first, second = verify([file("x", "x"), file("x", "y")], resolver)

    assert [item.message for item in said(first)] == [
        "not checked, as a: whether key vault `kv1` has the secret `x`, whether the firewall of key vault `kv1` lets"
        " the dev center in",
        "not checked, as b: whether key vault `kv1` uses roles",
    ]
    assert [item.message for item in said(second)] == ["not checked, as a: whether key vault `kv1` has the secret `y`"]
    assert {item.severity for item in said(first)} == {Severity.INFO}


def test_strict_makes_what_was_not_checked_an_error() -> None:
    unmade = Said(VOID | {Topic.SECRET: NotMade("a")})
    settings = EffectiveSettings(RULES, {"DBX590": Severity.WARNING})

    def severities(strict: bool) -> list[tuple[str, Severity]]:
        (result,) = add_answers([(file("x"), settings)], unmade, strict)
        return [(item.code, item.severity) for item in said(result)]

    assert severities(strict=False) == [("DBX590", Severity.WARNING)]
    assert severities(strict=True) == [("DBX590", Severity.ERROR)]


def test_what_a_resolver_leaves_out_was_cancelled() -> None:
    (result,) = verify([file("x")], Said({}))

    assert {item.code for item in said(result)} == {"DBX590"}
    assert "not checked, as it was cancelled" in said(result)[0].message


def test_comments_suppress_what_is_found_online() -> None:
    resolver = Said(VOID | {Topic.SECRET: SecretAnswer(False)})
    suppressed = file("x", comment=" # devbox-lint: ignore[secret-not-found] until it is made")

    assert said(verify([suppressed], resolver)[0]) == []
    offline = check(suppressed.result.source, RULES)
    assert {"DBX901", "DBX902"}.isdisjoint(item.code for item in offline.diagnostics)


def test_what_was_found_before_stays_and_all_is_in_order() -> None:
    file = checked(text("x"), RULES)
    before = file.result

    (after,) = verify([file], Said(VOID | {Topic.SECRET: SecretAnswer(False)}))

    assert set(before.diagnostics) < set(after.diagnostics)
    assert [item.span for item in after.diagnostics] == sorted(item.span for item in after.diagnostics)


def test_a_rule_that_raises_hides_no_other_and_no_file_is_lost() -> None:
    class Broken(SecretNotFound):
        def judge(self, asked: Asked, answer: object) -> Iterator[object]:  # type: ignore[override]
            raise ValueError("with the words of a file")

    class Dumb(SecretNotFound):
        def questions(self, context: Context) -> Iterator[Asked]:
            raise ValueError("with the words of a file")

    stranger = CheckedDocument(FileResult(SourceFile("a.yaml", ""), None))
    resolver = Said(VOID | {Topic.SECRET: SecretAnswer(False)})

    results = verify([stranger, checked(text("x"), [Broken(), Dumb(), SecretNotFound()])], resolver)

    assert results[0] is stranger.result
    assert sorted(item.code for item in results[1].diagnostics) == ["DBX000", "DBX000", "DBX503"]
    assert len(results[1].crashes) == 2
    assert not any("ValueError: with" in crash for crash in results[1].crashes)


def test_the_same_question_about_two_topics_is_two() -> None:
    assert AzureQuestion(Topic.VAULT, "a") != AzureQuestion(Topic.MODEL, "a")
    assert len({AzureQuestion(topic, "a", "b", "c") for topic in Topic}) == len(Topic)


def test_a_run_that_asks_and_an_editor_say_the_same_and_parse_once(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = Said(VOID | {Topic.SECRET: SecretAnswer(False)})
    document = parse(SourceFile("imagedefinition.yaml", text("x")))
    settings = EffectiveSettings(RULES, {"DBX503": Severity.INFO})

    def parse_again(*_: object, **__: object) -> None:
        raise AssertionError("it is parsed already")

    for module in ("devbox_lint.engine", "devbox_lint.yaml.parse"):
        monkeypatch.setattr(f"{module}.parse", parse_again)
    file = check_document(document, settings, Kind.IMAGE, online=True)
    (of_a_run,) = add_answers([(file, settings)], resolver)
    of_an_editor = report_document(document, settings, Kind.IMAGE, resolver=resolver)

    assert of_a_run.diagnostics == of_an_editor.diagnostics
    assert [item.severity for item in said(of_a_run) if item.code == "DBX503"] == [Severity.INFO]
