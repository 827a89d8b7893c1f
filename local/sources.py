"""Streams and queues, which feed functions all the time, with Lambda's rules for failures."""

from __future__ import annotations

import enum
import hashlib
import logging
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from local.filters import passes
from local.functions import Failures, Functions
from local.queues import Message, Queues
from local.streams import Record, StreamReader
from local.template import QueueMapping, StreamMapping

TOLD_PAUSE, UNTOLD_PAUSE = 5.0, 0.2
"""Seconds between two looks at what tells when something comes, and at what does not."""

log = logging.getLogger("local.sources")


class Found(enum.Enum):
    """Result of a poll: nothing there, something done, something that must wait, or a call in another thread."""

    NOTHING = enum.auto()
    WORK = enum.auto()
    WAITING = enum.auto()
    RUNNING = enum.auto()


class Source(Protocol):
    """Something that feeds a function. `poll` may be called by any thread.

    `origin` is the table or queue that it reads, and `pause` how many seconds it may be left alone without a call.
    """

    id: str
    origin: str
    workers: int
    pause: float

    def poll(self) -> Found: ...


@dataclass(slots=True)
class _Batch:
    shard: str
    records: list[Record]
    failures: int = 0


class StreamSource:
    """A stream and its function: in order, one batch at a time, a failing one tried again, split, and given up."""

    workers = 1

    def __init__(self, mapping: StreamMapping, reader: StreamReader, functions: Functions, failures: Failures) -> None:
        self.id = mapping.id
        self.origin = mapping.table
        self.pause = TOLD_PAUSE if reader.is_told else UNTOLD_PAUSE
        self._mapping = mapping
        self._reader = reader
        self._functions = functions
        self._failures = failures
        self._turn = threading.Lock()
        self._batches: deque[_Batch] = deque()
        self._not_before = 0.0

    def poll(self) -> Found:
        with self._turn:
            if not self._batches and not self._read():
                return Found.NOTHING
            if time.monotonic() < self._not_before:
                return Found.WAITING
            self._deliver(self._batches[0])
            return Found.WORK

    @contextmanager
    def overlooking(self) -> Iterator[None]:
        """What is written meanwhile is told to nobody. Records from before it are delivered first."""
        while self.poll() is not Found.NOTHING:
            pass
        with self._turn:
            yield
            while found := self._reader.read(self._mapping.batch_size):
                shard, records = found
                self._reader.commit(shard, records[-1])

    def _read(self) -> bool:
        found = self._reader.read(self._mapping.batch_size)
        if found is None:
            return False
        self._batches.append(_Batch(*found))
        return True

    def _deliver(self, batch: _Batch) -> None:
        """Call the function; finished records leave the batch, the rest waits for the next poll."""
        done, error = self._call(batch.records)
        if done:
            self._reader.commit(batch.shard, batch.records[done - 1])
            batch.failures = 0
        batch.records = batch.records[done:]
        if not batch.records:
            self._batches.popleft()
        elif self._mapping.bisect and len(batch.records) > 1:
            self._split(batch)
        else:
            self._count_failure(batch, error)

    def _call(self, records: list[Record]) -> tuple[int, str]:
        """How many of the records, from the first on, are done; and why not all."""
        wanted = [record for record in records if passes(self._mapping.filters, record)]
        if not wanted:
            return len(records), ""
        try:
            answer = self._functions.invoke(self._mapping.function, {"Records": wanted})
        except Exception as error:
            log.exception("%s failed", self.id)
            return 0, repr(error)
        failed = _failed_items(answer) if self._mapping.reports_failures else set()
        if not failed:
            return len(records), ""
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        known = [i for i, number in enumerate(numbers) if number in failed]
        return (min(known) if len(known) == len(failed) else 0), "the function reported a failed record"

    def _split(self, batch: _Batch) -> None:
        middle = len(batch.records) // 2
        self._batches.popleft()
        halves = (batch.records[:middle], batch.records[middle:])
        self._batches.extendleft(_Batch(batch.shard, half) for half in reversed(halves))

    def _count_failure(self, batch: _Batch, error: str) -> None:
        batch.failures += 1
        if 0 <= self._mapping.retries < batch.failures:
            self._failures.keep(self._mapping.function, {"Records": batch.records}, error)
            self._reader.commit(batch.shard, batch.records[-1])
            self._batches.popleft()
        else:
            self._not_before = time.monotonic() + min(0.05 * 2**batch.failures, 5.0)


class QueueSource:
    """A queue and its function: failed messages come back after the queue's visibility timeout."""

    pause = UNTOLD_PAUSE
    """For delayed messages: nobody tells that their time has come."""

    def __init__(self, mapping: QueueMapping, queues: Queues, functions: Functions) -> None:
        self.id = mapping.id
        self.origin = mapping.queue
        self.workers = mapping.workers
        self._mapping = mapping
        self._queues = queues
        self._functions = functions
        self._lock = threading.Lock()
        self._running = self._handling = 0

    def poll(self) -> Found:
        with self._lock:  # counted before it is received, so that a message is always counted somewhere
            self._running += 1
        try:
            messages = self._queues.receive(self._mapping.queue, self._mapping.batch_size)
            if messages:
                with self._counted():
                    self._handle(messages)
                return Found.WORK
        finally:
            with self._lock:
                self._running -= 1
        if self._handling:
            return Found.RUNNING
        return Found.WAITING if self._running else Found.NOTHING

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._lock:
            self._handling += 1
        try:
            yield
        finally:
            with self._lock:
                self._handling -= 1

    def _handle(self, messages: list[Message]) -> None:
        arn = self._queues.queues[self._mapping.queue].arn
        records = {message.id: _message_record(message, arn) for message in messages}
        wanted = [record for record in records.values() if passes(self._mapping.filters, record)]
        failed: set[str] = set()
        try:
            answer = self._functions.invoke(self._mapping.function, {"Records": wanted}) if wanted else None
            failed = _failed_items(answer) if self._mapping.reports_failures else set()
        except Exception:
            log.exception("%s failed", self.id)
            failed = set(records)
        if not failed <= set(records):  # it reported unknown messages: all count as failed
            failed = set(records)
        for message in messages:
            if message.id not in failed:
                self._queues.delete(self._mapping.queue, message.receipt)


def _failed_items(answer: Any) -> set[str]:
    items = answer.get("batchItemFailures") if isinstance(answer, dict) else None
    return {str(item.get("itemIdentifier") or "") for item in items or []}


def _message_record(message: Message, arn: str) -> dict[str, Any]:
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt,
        "body": message.body,
        "attributes": {
            "ApproximateReceiveCount": str(message.receives),
            "SentTimestamp": str(message.sent_at),
            "ApproximateFirstReceiveTimestamp": str(message.first_received_at),
            "SenderId": "local",
            **({"MessageGroupId": message.group, "SequenceNumber": f"{message.number:020}"} if message.group else {}),
        },
        "messageAttributes": {
            name: {key[0].lower() + key[1:]: item for key, item in value.items()}
            for name, value in message.attributes.items()
        },
        "md5OfBody": hashlib.md5(message.body.encode(), usedforsecurity=False).hexdigest(),
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
        "awsRegion": "eu-central-1",
    }
