"""The questions of many files are asked once, and each file gets what follows for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from devbox_lint.customization.kinds import Kind
from devbox_lint.diagnostics import Diagnostic, Severity
from devbox_lint.engine import check
from devbox_lint.online import Asked, Cancel, NotMade, Progress, Question, verify
from devbox_lint.results import FileResult
from devbox_lint.rule import Context
from devbox_lint.source import SourceFile
from devbox_lint_rules import RULES
from devbox_lint_rules.keyvault._answers import ModelAnswer, SecretAnswer
from devbox_lint_rules.keyvault._questions import AzureQuestion, Topic
from devbox_lint_rules.keyvault.secret_not_found import SecretNotFound
from devbox_lint_rules.online import online_rules

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


def file(*secrets: str, path: str = "imagedefinition.yaml", comment: str = "") -> FileResult:
    """An image definition with a task for each of ``secrets``."""
    tasks = "".join(
        f"  - name: ~/gitclone\n    parameters:\n      pat: '{REFERENCE % ('kv1', secret)}'{comment}\n"
        for secret in secrets
    )
    return check(SourceFile(path, f"name: web\ntasks:\n{tasks}"), (), Kind.IMAGE)


def said(result: FileResult) -> list[Diagnostic]:
    return [item for item in result.diagnostics if item.code.startswith("DBX5")]


def test_each_question_is_asked_once_for_all_files() -> None:
    resolver = Said(VOID)

    verify([file("a", "b", "a"), file("a", "c")], lambda _: online_rules(), resolver)

    assert len(resolver.asked) == len(set(resolver.asked))
    secrets = [question for question in resolver.asked if "has the secret" in question.text]
    assert [question.text.split("`")[3] for question in secrets] == ["a", "b", "c"]


def test_a_wrong_name_is_told_at_each_place_and_a_wrong_vault_once_a_file() -> None:
    resolver = Said(VOID | {Topic.SECRET: SecretAnswer(False), Topic.MODEL: ModelAnswer(False)})

    first, second = verify([file("a", "b", "a"), file("a")], lambda _: online_rules(), resolver)

    assert [item.code for item in said(first)] == ["DBX508", "DBX503", "DBX503", "DBX503"]
    assert [item.code for item in said(second)] == ["DBX508", "DBX503"]


def test_what_was_not_checked_is_told_once_in_all_files_and_once_for_each_reason() -> None:
    resolver = Said(VOID | {Topic.SECRET: NotMade("a"), Topic.NETWORK: NotMade("a"), Topic.MODEL: NotMade("b")})

    first, second = verify([file("x", "x"), file("x", "y")], lambda _: online_rules(), resolver)

    assert [item.message for item in said(first)] == [
        "not checked, as a: whether key vault `kv1` has the secret `x`, whether the firewall of key vault `kv1` lets"
        " the dev center in",
        "not checked, as b: whether key vault `kv1` uses roles",
    ]
    assert [item.message for item in said(second)] == ["not checked, as a: whether key vault `kv1` has the secret `y`"]
    assert {item.severity for item in said(first)} == {Severity.INFO}


def test_strict_makes_what_was_not_checked_an_error() -> None:
    (result,) = verify([file("x")], lambda _: online_rules(), Said(VOID | {Topic.SECRET: NotMade("a")}), strict=True)

    assert [(item.code, item.severity) for item in said(result)] == [("DBX590", Severity.ERROR)]


def test_what_a_resolver_leaves_out_was_cancelled() -> None:
    (result,) = verify([file("x")], lambda _: online_rules(), Said({}))

    assert {item.code for item in said(result)} == {"DBX590"}
    assert "not checked, as it was cancelled" in said(result)[0].message


def test_comments_silence_what_is_found_online() -> None:
    resolver = Said(VOID | {Topic.SECRET: SecretAnswer(False)})
    silenced = file("x", comment=" # devbox-lint: ignore[secret-not-found] until it is made")

    assert said(verify([silenced], lambda _: online_rules(), resolver)[0]) == []
    offline = check(silenced.source, RULES)
    assert {"DBX901", "DBX902"}.isdisjoint(item.code for item in offline.diagnostics)


def test_what_was_found_before_stays_and_all_is_in_order() -> None:
    before = check(file("x").source, RULES)

    (after,) = verify([before], lambda _: online_rules(), Said(VOID | {Topic.SECRET: SecretAnswer(False)}))

    assert set(before.diagnostics) < set(after.diagnostics)
    assert [item.span for item in after.diagnostics] == sorted(item.span for item in after.diagnostics)


def test_a_rule_that_raises_hides_no_other_and_no_file_is_lost() -> None:
    class Broken(SecretNotFound):
        def judge(self, asked: Asked, answer: object) -> Iterator[object]:  # type: ignore[override]
            raise ValueError("with the words of a file")

    class Dumb(SecretNotFound):
        def questions(self, context: Context) -> Iterator[Asked]:
            raise ValueError("with the words of a file")

    stranger = FileResult(SourceFile("a.yaml", ""), None)
    resolver = Said(VOID | {Topic.SECRET: SecretAnswer(False)})

    results = verify([stranger, file("x")], lambda _: [Broken(), Dumb(), SecretNotFound()], resolver)

    assert results[0] is stranger
    assert sorted(item.code for item in results[1].diagnostics) == ["DBX000", "DBX000", "DBX503"]
    assert len(results[1].crashes) == 2
    assert not any("ValueError: with" in crash for crash in results[1].crashes)


def test_the_same_question_about_two_topics_is_two() -> None:
    assert AzureQuestion(Topic.VAULT, "a") != AzureQuestion(Topic.MODEL, "a")
    assert len({AzureQuestion(topic, "a", "b", "c") for topic in Topic}) == len(Topic)
