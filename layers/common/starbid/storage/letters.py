"""Dead-letter queues in SQS."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from starbid.domain.letters import LetterQueue
from starbid.services.ports import Given, Unavailable
from starbid.storage.clients import client
from starbid.storage.errors import CallRefused, aws_errors
from starbid.storage.rows import at

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef, SendMessageRequestTypeDef

AT_ONCE = 10
HIDDEN_SECONDS = 60
"""So long a message that was taken is not given to another who collects."""


class SqsLetterQueues:
    """Implements `ports.LetterQueues`. `dead`: the address of each queue of dead letters; `living`: of those that they
    come from, where they come from one.
    """

    def __init__(self, dead: Mapping[str, str], living: Mapping[LetterQueue, str]) -> None:
        self._dead, self._living = dead, living

    def lengths(self) -> Mapping[LetterQueue, int]:
        return {queue: self._length(self._dead[queue]) for queue in LetterQueue if queue in self._dead}

    def take(self, queue: LetterQueue) -> Sequence[Given]:
        if queue not in self._dead:
            return ()
        with aws_errors():
            answer = client("sqs").receive_message(
                QueueUrl=self._dead[queue],
                MaxNumberOfMessages=AT_ONCE,
                VisibilityTimeout=HIDDEN_SECONDS,
                MessageSystemAttributeNames=["SentTimestamp"],
                MessageAttributeNames=["All"],
            )
        return [_given(message) for message in answer.get("Messages", ())]

    def delete(self, queue: LetterQueue, receipt: str) -> None:
        with aws_errors():
            client("sqs").delete_message(QueueUrl=self._dead[queue], ReceiptHandle=receipt)

    def send_again(self, queue: LetterQueue, body: str) -> None:
        """In a FIFO queue it waits for no other message, and what is the same within five minutes is sent once."""
        message: SendMessageRequestTypeDef = {"QueueUrl": self._living[queue], "MessageBody": body}
        if message["QueueUrl"].endswith(".fifo"):
            name = hashlib.sha256(body.encode()).hexdigest()
            message |= {"MessageGroupId": name, "MessageDeduplicationId": name}
        with aws_errors():
            client("sqs").send_message(**message)

    def _length(self, url: str) -> int:
        names = ["ApproximateNumberOfMessages"]
        try:
            with aws_errors():
                answer = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)  # type: ignore[arg-type]
        except CallRefused as refused:  # a queue that is gone or barred: the panel stands without its number
            raise Unavailable(str(refused)) from refused
        return int(answer["Attributes"]["ApproximateNumberOfMessages"])


def _given(message: MessageTypeDef) -> Given:
    attributes = {name: told.get("StringValue", "") for name, told in message.get("MessageAttributes", {}).items()}
    sent_at = at(int(message["Attributes"]["SentTimestamp"]))
    return Given(message["MessageId"], message["Body"], sent_at, message["ReceiptHandle"], attributes)
