"""Dead-letter queues in SQS, as moto plays it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from starbid.domain.letters import LetterQueue
from starbid.services.ports import Unavailable
from starbid.storage.clients import client, forget_clients
from starbid.storage.letters import SqsLetterQueues
from tests.support.dynamo import CREDENTIALS
from tests.support.dynamo import create_queue as queue

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageAttributeValueTypeDef


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    forget_clients()
    with mock_aws():
        yield
    forget_clients()


def test_a_letter_is_counted_taken_with_its_attributes_and_deleted() -> None:
    dead = queue("dead")
    queues = SqsLetterQueues({LetterQueue.JOBS: dead}, {})
    attributes: dict[str, MessageAttributeValueTypeDef] = {
        "RULE": {"StringValue": "PaymentsFunction", "DataType": "String"}
    }
    client("sqs").send_message(QueueUrl=dead, MessageBody="{}", MessageAttributes=attributes)

    assert queues.lengths() == {LetterQueue.JOBS: 1}
    (given,) = queues.take(LetterQueue.JOBS)
    assert (given.body, given.attributes) == ("{}", {"RULE": "PaymentsFunction"})
    assert abs(given.sent_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert queues.take(LetterQueue.JOBS) == []  # hidden from another who collects
    queues.delete(LetterQueue.JOBS, given.receipt)
    assert queues.lengths() == {LetterQueue.JOBS: 0}


def test_a_queue_that_this_stack_does_not_have_has_no_letters() -> None:
    queues = SqsLetterQueues({}, {})
    assert (queues.lengths(), queues.take(LetterQueue.DESK)) == ({}, ())


def test_a_letter_is_sent_again_to_the_queue_that_it_came_from() -> None:
    living = queue("living")
    SqsLetterQueues({}, {LetterQueue.NOTICES: living}).send_again(LetterQueue.NOTICES, "body")
    (message,) = client("sqs").receive_message(QueueUrl=living)["Messages"]
    assert message["Body"] == "body"


def test_a_question_that_is_sent_again_waits_for_no_other_of_its_person_and_comes_once() -> None:
    living = queue("living", fifo=True)
    client("sqs").send_message(QueueUrl=living, MessageBody="held", MessageGroupId="7", MessageDeduplicationId="7:q1")
    client("sqs").receive_message(QueueUrl=living)
    queues = SqsLetterQueues({}, {LetterQueue.QUESTIONS: living})
    for _ in range(2):
        queues.send_again(LetterQueue.QUESTIONS, '{"user_id": 7, "question_id": "q1"}')
    given = client("sqs").receive_message(QueueUrl=living, MaxNumberOfMessages=10)["Messages"]
    assert [message["Body"] for message in given] == ['{"user_id": 7, "question_id": "q1"}']


def test_a_queue_that_is_gone_leaves_its_number_unknown() -> None:
    dead = queue("dead")
    client("sqs").delete_queue(QueueUrl=dead)
    with pytest.raises(Unavailable):
        SqsLetterQueues({LetterQueue.CLOSER: dead}, {}).lengths()
