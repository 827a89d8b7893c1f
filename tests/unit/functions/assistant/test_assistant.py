"""The worker of the AI helper: what of a batch comes again, and what an operator hears of."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from assistant.app import SERVICE, TOKENS, lambda_handler
from starbid.domain.assistant.question import Failure
from starbid.domain.errors import Conflict
from starbid.observability import FAILURES, HELPER_SPENDING, PASSED_OVER, helper_is_dear
from starbid.services.assistant.spending import Spending
from starbid.services.assistant.writing import Outcome
from starbid.services.ports import Unavailable
from tests.support.counted import counted
from tests.support.fakes import FakeApp
from tests.support.records import Context, batch, failures, message

OURS = (Failure.UNREACHABLE, Failure.EMPTY, Failure.DIED, Failure.RESTING)
"""What an operator can do something about."""


class Answers:
    """Notes what it is asked; answers with `outcome`, or raises the next of `troubles`."""

    def __init__(self) -> None:
        self.deeds: list[tuple[Any, ...]] = []
        self.troubles: list[Exception | None] = []
        self.outcome: Outcome | None = Outcome("An answer.")

    def answer(self, user_id: int, question_id: str) -> Outcome | None:
        self._do("answer", user_id, question_id)
        return self.outcome

    def clear(self, user_id: int) -> None:
        self._do("clear", user_id)

    def sweep(self, now: datetime) -> int:
        self._do("sweep", now)
        return 0

    def _do(self, *deed: Any) -> None:
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble:
            raise trouble
        self.deeds.append(deed)


@pytest.fixture
def answers(fake: FakeApp) -> Answers:
    made = Answers()
    fake.__dict__["answering"] = made
    return made


def asked(body: dict[str, Any] | str) -> dict[str, Any]:
    return message(body, queue="AssistantQueue")


def handle(*bodies: dict[str, Any] | str) -> None:
    assert failures(lambda_handler(batch(*map(asked, bodies)), Context())) == []


def test_a_message_is_a_question_that_is_answered(answers: Answers) -> None:
    handle({"user_id": 7, "question_id": "q1"})
    assert answers.deeds == [("answer", 7, "q1")]


def test_a_message_may_be_a_history_that_is_to_be_deleted(answers: Answers) -> None:
    handle({"user_id": 7, "clear": True})
    assert answers.deeds == [("clear", 7)]


@pytest.mark.parametrize("trouble", [Unavailable("dynamodb"), Conflict(), RuntimeError("a fault of ours")])
def test_a_question_that_fails_is_counted_and_left_to_the_sweep(
    answers: Answers, caplog: pytest.LogCaptureFixture, trouble: Exception
) -> None:
    """A message that came again would hold up the next question of its person."""
    answers.troubles = [trouble]
    handle({"user_id": 7, "question_id": "q1"}, {"user_id": 8, "question_id": "q2"})
    assert answers.deeds == [("answer", 8, "q2")]
    assert counted(caplog, FAILURES) == [SERVICE]


@pytest.mark.parametrize(
    "body",
    [
        *("", "7", "null", "[]", "{}", '"clear"', "{"),
        *('{"user_id": 7}', '{"question_id": "q1"}', '{"user_id": "7", "question_id": "q1"}'),
        *('{"user_id": 7, "question_id": ""}', '{"user_id": 7, "question_id": 1}', '{"user_id": 7, "clear": "yes"}'),
    ],
)
def test_what_nobody_can_read_is_forgotten_and_nothing_is_done(
    answers: Answers, caplog: pytest.LogCaptureFixture, body: str
) -> None:
    handle(body)
    assert answers.deeds == []
    assert counted(caplog, PASSED_OVER) == [SERVICE]


def test_the_sweep_calls_again(answers: Answers, fake: FakeApp) -> None:
    lambda_handler({"sweep": True}, Context())
    assert answers.deeds == [("sweep", fake.now())]


def test_a_sweep_that_fails_is_counted_and_not_raised(answers: Answers, caplog: pytest.LogCaptureFixture) -> None:
    answers.troubles = [ExceptionGroup("questions not called again", [Unavailable("sqs")])]
    lambda_handler({"sweep": True}, Context())
    assert counted(caplog, FAILURES) == [SERVICE]


@pytest.mark.parametrize("event", [{}, {"sweep": "yes"}, {"job": "sweep"}])
def test_an_event_of_another_kind_is_passed_over(
    answers: Answers, caplog: pytest.LogCaptureFixture, event: dict[str, Any]
) -> None:
    lambda_handler(event, Context())
    assert answers.deeds == []
    assert counted(caplog, PASSED_OVER) == [SERVICE]


@pytest.mark.parametrize("failure", list(Failure))
def test_an_operator_hears_of_what_is_ours_and_not_of_what_people_did(
    answers: Answers, caplog: pytest.LogCaptureFixture, failure: Failure
) -> None:
    answers.outcome = Outcome(failure=failure, trouble="429 from the server")
    handle({"user_id": 7, "question_id": "q1"})
    assert counted(caplog, FAILURES) == ([SERVICE] if failure in OURS else [])


def test_tokens_are_counted_and_not_a_word_is_logged(answers: Answers, caplog: pytest.LogCaptureFixture) -> None:
    answers.outcome = Outcome("The key is under the mat.", tokens=321)
    with caplog.at_level(logging.INFO):
        handle({"user_id": 7, "question_id": "q1"})
    assert [getattr(record, TOKENS) for record in caplog.records if hasattr(record, TOKENS)] == [321]
    assert "mat" not in caplog.text


def test_what_was_answered_already_counts_nothing(answers: Answers, caplog: pytest.LogCaptureFixture) -> None:
    answers.outcome = None
    with caplog.at_level(logging.INFO):
        handle({"user_id": 7, "question_id": "q1"})
    assert not [record for record in caplog.records if hasattr(record, TOKENS) or hasattr(record, FAILURES)]


@pytest.fixture
def spending(fake: FakeApp) -> Callable[[int], tuple[Spending, list[str]]]:
    """Of so many tokens a day, with what it warned of."""

    def make(most: int) -> tuple[Spending, list[str]]:
        warned: list[str] = []
        return Spending(fake.counters, most, lambda: warned.append("dear")), warned

    return make


def test_a_warning_comes_with_the_answer_that_reaches_four_fifths_of_the_day(spending: Any, fake: FakeApp) -> None:
    spent, warned = spending(1000)
    spent.add(799, fake.now())
    assert warned == []
    spent.add(1, fake.now())
    assert warned == ["dear"]
    spent.add(199, fake.now())
    assert (warned, spent.is_over(fake.now())) == (["dear", "dear"], False)
    spent.add(1, fake.now())
    assert spent.is_over(fake.now())


def test_one_answer_may_take_more_than_is_left_and_a_new_day_begins_at_nothing(spending: Any, fake: FakeApp) -> None:
    spent, warned = spending(1000)
    spent.add(5000, fake.now())
    assert (warned, spent.is_over(fake.now())) == (["dear"], True)
    fake.clock.forward(days=1)
    spent.add(10, fake.now())
    assert (warned, spent.is_over(fake.now())) == (["dear"], False)


def test_without_a_limit_nobody_is_warned(spending: Any, fake: FakeApp) -> None:
    spent, warned = spending(0)
    spent.add(10**9, fake.now())
    assert (warned, spent.is_over(fake.now())) == ([], False)


def test_the_warning_is_a_metric_of_the_helper(caplog: pytest.LogCaptureFixture) -> None:
    helper_is_dear()
    assert counted(caplog, HELPER_SPENDING) == [SERVICE]
