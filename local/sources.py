"""Streams and queues, which feed functions all the time, with Lambda's rules for failures."""

from __future__ import annotations

import enum
import hashlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from local.filters import passes
from local.functions import Bell, Failures, Functions
from local.queues import Message, Queues
from local.streams import Record, StreamReader
from local.template import QueueMapping, StreamMapping

BUSY_SECONDS = 30.0
"""For this long after the last activity sources are polled often, later rarely."""

log = logging.getLogger("local.sources")


class Found(enum.Enum):
    """Result of a poll: nothing there, something done, or something that must wait."""

    NOTHING = enum.auto()
    WORK = enum.auto()
    WAITING = enum.auto()


class Source(Protocol):
    """Something that feeds a function. `poll` may be called by any thread."""

    id: str
    workers: int

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

    def __init__(self, mapping: QueueMapping, queues: Queues, functions: Functions) -> None:
        self.id = mapping.id
        self.workers = mapping.workers
        self._mapping = mapping
        self._queues = queues
        self._functions = functions
        self._lock = threading.Lock()
        self._running = 0

    def poll(self) -> Found:
        with self._lock:  # counted before it is received, so that a message is always counted somewhere
            self._running += 1
        try:
            messages = self._queues.receive(self._mapping.queue, self._mapping.batch_size)
            if messages:
                self._handle(messages)
                return Found.WORK
        finally:
            with self._lock:
                self._running -= 1
        return Found.WAITING if self._running else Found.NOTHING

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


class Pumps:
    """Threads that poll the sources all the time, and `settle`, which waits until nothing is left to do."""

    def __init__(self, sources: Iterable[Source], bell: Bell) -> None:
        self._sources = tuple(sources)
        self._bell = bell
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []
        self.drain_telegram: Callable[[float], bool] = lambda _seconds: True

    def start(self) -> None:
        for source in self._sources:
            for number in range(source.workers):
                seconds = (0.2, 1.0) if number == 0 else (5.0, 5.0)  # more threads start under load
                thread = threading.Thread(target=self._pump, args=(source, *seconds), name=source.id, daemon=True)
                thread.start()
                self._threads.append(thread)

    def stop(self, seconds: float) -> None:
        """Start nothing new and wait for running work."""
        self._ending.set()
        self._bell.ring()
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def overlook(self, write: Callable[[], None]) -> None:
        """What `write` writes is old: no stream tells it."""
        with ExitStack() as quiet:
            for source in self._sources:
                if isinstance(source, StreamSource):
                    quiet.enter_context(source.overlooking())
            write()

    def drain(self, seconds: float = 20.0) -> bool:
        """Work until streams, queues and the Telegram stand-in are idle; False if they were not in time."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            seen = self._bell.count
            found = [self._look(source) for source in self._sources]
            if not self.drain_telegram(max(0.1, until - time.monotonic())):
                continue
            if set(found) <= {Found.NOTHING} and self._bell.count == seen:
                return True
            if Found.WORK not in found and Found.WAITING in found:
                time.sleep(0.01)
        log.warning("events did not come to rest within %d s", seconds)
        return False

    def _look(self, source: Source) -> Found:
        try:
            return source.poll()
        except Exception:
            if not self._ending.is_set():
                log.exception("%s could not be read", source.id)
                time.sleep(0.2)
            return Found.WAITING

    def _pump(self, source: Source, busy_seconds: float, idle_seconds: float) -> None:
        while not self._ending.is_set():
            seen = self._bell.count
            found = self._look(source)
            if found is Found.NOTHING:
                recent = time.monotonic() - self._bell.rung_at < BUSY_SECONDS
                self._bell.wait(seen, busy_seconds if recent else idle_seconds)
            elif found is Found.WAITING:
                self._ending.wait(0.05)
