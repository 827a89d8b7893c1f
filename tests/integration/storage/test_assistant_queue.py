"""The helper's queue in SQS, as moto plays it; and answers while they grow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from moto import mock_aws

from starbid.domain.assistant.formatted import Formatted, Look, Mark
from starbid.storage.clients import client, forget_clients
from starbid.storage.queues import AssistantQueue
from tests.support.dynamo import CREDENTIALS
from tests.support.factories import ANNA, BORIS
from tests.support.fakes import StagedApp


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A queue that takes its deduplication from us."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    forget_clients()
    with mock_aws():
        yield client("sqs").create_queue(QueueName="a.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    forget_clients()


def received(url: str) -> list[tuple[dict[str, Any], str]]:
    """What can be had at once, each with its group; it stays hidden."""
    names: Any = {"MessageSystemAttributeNames": ["All"], "AttributeNames": ["All"]}
    found = client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10, **names).get("Messages", [])
    return [(json.loads(each["Body"]), each["Attributes"]["MessageGroupId"]) for each in found]


def test_a_question_and_a_clearing_come_as_the_worker_reads_them(url: str) -> None:
    AssistantQueue(url).answer(ANNA, "q1")
    AssistantQueue(url).clear(BORIS)
    assert received(url) == [
        ({"user_id": ANNA, "question_id": "q1"}, str(ANNA)),
        ({"user_id": BORIS, "clear": True}, str(BORIS)),
    ]


def test_one_persons_come_one_after_the_other_and_nobody_waits_for_another_person(url: str) -> None:
    queue = AssistantQueue(url)
    queue.answer(ANNA, "q1")
    assert received(url) == [({"user_id": ANNA, "question_id": "q1"}, str(ANNA))]
    queue.answer(ANNA, "q2")
    queue.clear(ANNA)
    queue.answer(BORIS, "q3")
    assert [body["user_id"] for body, _ in received(url)] == [BORIS], "Anna's first is in somebody's hands"


def test_a_call_that_is_sent_twice_comes_once(url: str) -> None:
    queue = AssistantQueue(url)
    for _ in range(2):
        queue.answer(ANNA, "q1")
        queue.clear(ANNA, 77)
    assert received(url) == [
        ({"user_id": ANNA, "question_id": "q1"}, str(ANNA)),
        ({"user_id": ANNA, "clear": True}, f"{ANNA}:77"),
    ]


def test_a_call_that_is_made_again_waits_for_nobody(url: str) -> None:
    """The worker of the first may be dead, and its message on hold."""
    queue = AssistantQueue(url)
    queue.answer(ANNA, "q1")
    assert len(received(url)) == 1
    queue.answer(ANNA, "q1", 1_777_636_860_000)
    queue.answer(ANNA, "q1", 1_777_636_920_000)
    assert [group for _, group in received(url)] == [f"{ANNA}:1777636860000", f"{ANNA}:1777636920000"]


def test_names_are_as_long_and_plain_as_sqs_allows(url: str) -> None:
    AssistantQueue(url).answer(2**52, "z" * 17, 9_999_999_999_999)
    assert len(received(url)) == 1


GROWING = Formatted("Да, это так", (Mark(Look.BOLD, 0, 2), Mark(Look.LINK, 4, 7, url="https://example.org")))


def test_an_answer_is_seen_while_it_grows_by_its_person_alone(any_app: StagedApp) -> None:
    live, now = any_app.live_answers, any_app.now()
    assert live.find(ANNA, "q1", now) is None
    live.put(ANNA, "q1", Formatted("Да"), now)
    live.put(ANNA, "q1", GROWING, now)
    assert live.find(ANNA, "q1", now) == GROWING
    assert live.find(ANNA, "q2", now) is None
    assert live.find(BORIS, "q1", now) is None


def test_what_grew_is_forgotten_soon(any_app: StagedApp) -> None:
    live, now = any_app.live_answers, any_app.now()
    live.put(ANNA, "q1", GROWING, now)
    assert live.find(ANNA, "q1", now + timedelta(minutes=1)) == GROWING
    assert live.find(ANNA, "q1", now + timedelta(hours=1)) is None
