import logging
from collections.abc import Mapping
from typing import Any

import pytest

from clerk import jobs
from clerk.app import lambda_handler
from clerk.jobs import SPARE_MS, HasTime, UnknownJob
from starbid.services.ports import Unavailable
from tests.support.records import Context, batch, failures, message


class Work:
    """A job that notes what it is given, and whether it has time."""

    def __init__(self) -> None:
        self.done: list[tuple[dict[str, Any], bool]] = []
        self.troubles: list[Exception] = []

    def __call__(self, body: Mapping[str, Any], has_time: HasTime) -> None:
        if self.troubles:
            raise self.troubles.pop()
        self.done.append((dict(body), has_time()))


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    job = Work()
    monkeypatch.setitem(jobs._JOBS, "count", job)
    return job


def hand_in(body: dict[str, Any] | str, left_ms: int = SPARE_MS + 1) -> tuple[dict[str, Any] | None, str]:
    sent = message(body, queue="DeskQueue")
    return lambda_handler(batch(sent), Context(left_ms)), sent["messageId"]


def test_a_message_is_a_step_of_its_job(work: Work) -> None:
    assert failures(hand_in({"job": "count", "id": "a"})[0]) == []
    assert work.done == [({"job": "count", "id": "a"}, True)]


def test_a_schedule_may_ask_for_the_same(work: Work) -> None:
    assert lambda_handler({"job": "count"}, Context(SPARE_MS + 1)) is None
    assert work.done == [({"job": "count"}, True)]


def test_a_step_is_not_begun_with_a_minute_left(work: Work) -> None:
    hand_in({"job": "count"}, left_ms=SPARE_MS)
    assert work.done == [({"job": "count"}, False)]


def test_what_failed_comes_again(work: Work, caplog: pytest.LogCaptureFixture) -> None:
    work.troubles = [Unavailable("dynamodb")]
    with caplog.at_level(logging.ERROR):
        answer, name = hand_in({"job": "count"})
    assert failures(answer) == [name]
    assert failures(hand_in({"job": "count"})[0]) == []


def test_a_job_of_a_schedule_that_fails_is_for_lambda_to_repeat(work: Work) -> None:
    work.troubles = [Unavailable("dynamodb")]
    with pytest.raises(Unavailable):
        lambda_handler({"job": "count"}, Context())


@pytest.mark.parametrize("body", ["", "7", "null", "[]", "{}", '{"job": "?"}', '{"job": ["count"]}'])
def test_a_message_that_nobody_can_read_is_forgotten(work: Work, caplog: pytest.LogCaptureFixture, body: str) -> None:
    with caplog.at_level(logging.ERROR):
        assert failures(hand_in(body)[0]) == []
    assert "cannot be read" in caplog.text
    assert work.done == []


def test_a_job_that_cannot_read_its_body_has_it_forgotten(work: Work) -> None:
    work.troubles = [UnknownJob()]
    assert failures(hand_in({"job": "count"})[0]) == []
