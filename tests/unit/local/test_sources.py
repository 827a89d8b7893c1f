"""What fails in a batch comes again, and only that."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.filters import passes
from local.functions import Failures
from local.sources import Found, QueueSource, StreamSource
from local.streams import Record
from tests.unit.local.world import World

QUEUE = "starbid-local-JobQueue"
DEAD = "starbid-local-DeadQueue"


class Shard:
    """A stream of one shard: record `n` has the sequence number `n`; `done` is how far it was committed."""

    is_told = False

    def __init__(self, *names: str) -> None:
        self.records = [_record(number, name) for number, name in enumerate(names, 1)]
        self.done = 0
        self._read = 0

    def read(self, limit: int) -> tuple[str, list[Record]] | None:
        records = self.records[self._read : self._read + limit]
        self._read += len(records)
        return ("shard", records) if records else None

    def commit(self, _shard: str, record: Record) -> None:
        self.done = int(record["dynamodb"]["SequenceNumber"])


def _record(number: int, name: str) -> Record:
    event = "MODIFY" if name.startswith("~") else "INSERT"
    return {"eventName": event, "dynamodb": {"SequenceNumber": str(number), "NewImage": {"name": {"S": name}}}}


def _names(event: Any) -> list[str]:
    return [record["dynamodb"]["NewImage"]["name"]["S"] for record in event["Records"]]


class Streaming:
    """A stream source whose function handles records one by one and reports the first that it cannot handle."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
        self.shard = Shard(*names)
        self.batches: list[list[str]] = []
        self.broken: set[str] = set()
        self._now = 0.0
        monkeypatch.setattr("local.sources.time.monotonic", self._time)
        world.answers["SweepFunction"] = self._handle
        self.source = StreamSource(world.template.streams[0], self.shard, world.functions, world.failures)  # type: ignore[arg-type]

    def drain(self) -> None:
        for _ in range(200):
            if self.source.poll() is Found.NOTHING:
                return
        raise AssertionError("it never came to rest")

    def _time(self) -> float:
        self._now += 10.0
        return self._now

    def _handle(self, event: Any) -> Any:
        self.batches.append(_names(event))
        for record in event["Records"]:
            if record["dynamodb"]["NewImage"]["name"]["S"] in self.broken:
                return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
        return {"batchItemFailures": []}


Make = Callable[..., Streaming]


@pytest.fixture
def streaming(world: World, monkeypatch: pytest.MonkeyPatch) -> Make:
    return lambda *names: Streaming(world, monkeypatch, *names)


def test_a_stream_is_read_in_order_in_batches(streaming: Make) -> None:
    run = streaming("a", "b", "c", "d", "e")
    run.drain()
    assert run.batches == [["a", "b", "c", "d"], ["e"]]
    assert run.shard.done == 5


def test_records_that_the_filter_refuses_are_passed_over(streaming: Make) -> None:
    run = streaming("a", "~b", "c", "~d", "~e")
    run.drain()
    assert run.batches == [["a", "c"]]
    assert run.shard.done == 5


def test_reading_goes_on_behind_the_record_that_was_reported(streaming: Make) -> None:
    run = streaming("a", "b", "c", "d")
    run.broken = {"c"}
    run.source.poll()
    assert run.shard.done == 2
    run.broken = set()
    run.drain()
    assert run.batches == [["a", "b", "c", "d"], ["c"], ["d"]]  # the rest was split
    assert run.shard.done == 4


def test_a_record_that_never_works_is_kept_and_holds_up_nothing(streaming: Make, world: World) -> None:
    run = streaming("a", "bad", "c", "d", "e")
    run.broken = {"bad"}
    run.drain()
    assert run.batches[-1] == ["e"]
    assert run.batches.count(["bad"]) == 3  # once and two retries
    assert run.shard.done == 5
    (kept,) = world.failed.iterdir()
    assert _names(json.loads(kept.read_text())["event"]) == ["bad"]
    assert sum(batch.count("d") for batch in run.batches if batch != ["a", "bad", "c", "d"]) == 1


def test_a_function_that_raises_fails_its_whole_batch(streaming: Make, world: World) -> None:
    run = streaming("a", "b")
    world.answers["SweepFunction"] = lambda _event: 1 // 0
    run.source.poll()
    assert run.shard.done == 0
    world.answers["SweepFunction"] = run._handle
    run.drain()
    assert run.batches == [["a"], ["b"]]


def test_a_report_of_a_record_that_was_not_given_fails_the_whole_batch(streaming: Make, world: World) -> None:
    run = streaming("a", "b")
    world.answers["SweepFunction"] = lambda _event: {"batchItemFailures": [{"itemIdentifier": "77"}]}
    run.source.poll()
    assert run.shard.done == 0


def test_messages_arrive_as_lambda_gives_them(world: World) -> None:
    attributes = {"kind": {"DataType": "String", "StringValue": "note"}}
    message_id = world.queues.send(QUEUE, "hello", attributes=attributes)
    world.pumps.drain()
    ((_, event),) = world.called("JobFunction")
    (record,) = event["Records"]
    assert (record["messageId"], record["body"]) == (message_id, "hello")
    assert record["eventSourceARN"].endswith(f":{QUEUE}")
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["messageAttributes"] == {"kind": {"dataType": "String", "stringValue": "note"}}
    assert world.queues.counts(QUEUE) == (0, 0, 0)


def test_only_the_reported_message_comes_again_and_after_its_last_try_it_is_a_dead_letter(world: World) -> None:
    def handle(event: Any) -> Any:
        failed = [r["messageId"] for r in event["Records"] if r["body"] == "bad"]
        return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}

    world.answers["JobFunction"] = handle
    world.queues.send(QUEUE, "good")
    world.queues.send(QUEUE, "bad")
    world.timeline.advance(600)
    bodies = [(at, [r["body"] for r in event["Records"]]) for at, event in world.called("JobFunction")]
    assert bodies == [(0, ["good", "bad"]), (60, ["bad"])]
    assert world.queues.counts(QUEUE) == (0, 0, 0)
    assert [message.body for message in world.queues.receive(DEAD, 10)] == ["bad"]


def test_a_raising_function_brings_the_whole_batch_again(world: World) -> None:
    world.answers["JobFunction"] = lambda _event: 1 // 0
    world.queues.send(QUEUE, "a")
    world.pumps.drain()
    assert world.queues.counts(QUEUE) == (0, 1, 0)
    world.answers["JobFunction"] = lambda _event: None
    world.timeline.advance(60)
    assert world.queues.counts(QUEUE) == (0, 0, 0)


def test_a_message_can_be_postponed_by_the_one_who_handles_it(world: World) -> None:
    def postpone(event: Any) -> Any:
        (record,) = event["Records"]
        if record["attributes"]["ApproximateReceiveCount"] == "1":
            world.queues.change_visibility(QUEUE, record["receiptHandle"], 5)
            return {"batchItemFailures": [{"itemIdentifier": record["messageId"]}]}
        return None

    world.answers["JobFunction"] = postpone
    world.queues.send(QUEUE, "a")
    world.timeline.advance(60)
    assert [at for at, _ in world.called("JobFunction")] == [0, 5]


def test_messages_that_were_in_hand_at_a_sudden_end_are_there_at_the_next_start(world: World) -> None:
    world.queues.send(QUEUE, "a")
    world.queues.send(QUEUE, "later", delay=30)
    assert len(world.queues.receive(QUEUE, 10)) == 1
    world.queues.release([QUEUE])
    assert world.queues.counts(QUEUE) == (1, 0, 1)


def test_settling_waits_for_what_work_brings_about(world: World) -> None:
    rest = iter(["two", "three"])
    world.answers["JobFunction"] = lambda _event: (body := next(rest, None)) and world.queues.send(QUEUE, body)
    world.queues.send(QUEUE, "one")
    assert world.pumps.drain(5)
    assert len(world.called("JobFunction")) == 3


def test_settling_waits_for_the_stand_in_and_gives_up_in_time(world: World) -> None:
    world.pumps.drain_telegram = lambda _seconds: False
    assert not world.pumps.drain(0.05)


def test_pumps_handle_what_comes_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QueueSource, "pause", 600)
    world.pumps.start()
    seen = world.bell.count
    world.queues.send(QUEUE, "a")
    while world.queues.counts(QUEUE) != (0, 0, 0):
        world.bell.wait(seen, 1)
        seen = world.bell.count
    world.pumps.stop(5)
    assert len(world.called("JobFunction")) == 1


def test_pumps_find_what_became_ready_while_nobody_told(world: World) -> None:
    world.queues.send(QUEUE, "a", delay=5)
    world.pumps.start()
    world.clock.stop_at(world.clock.now_ms() + 5000)
    while world.queues.counts(QUEUE) != (0, 0, 0):
        world.bell.wait(world.bell.count, 0.1)
    world.pumps.stop(5)
    assert len(world.called("JobFunction")) == 1


@pytest.mark.parametrize(
    ("pattern", "passed"),
    [
        ({"eventName": ["INSERT"]}, True),
        ({"eventName": ["MODIFY", "REMOVE"]}, False),
        ({"dynamodb": {"NewImage": {"name": {"S": [{"prefix": "lo"}]}}}}, True),
        ({"dynamodb": {"NewImage": {"name": {"S": [{"anything-but": ["lot"]}]}}}}, False),
        ({"dynamodb": {"OldImage": [{"exists": False}]}}, True),
        ({"dynamodb": {"OldImage": {"x": {"S": ["y"]}}}}, False),
    ],
)
def test_filters_match_like_lambdas(pattern: Any, passed: bool) -> None:
    record = {"eventName": "INSERT", "dynamodb": {"NewImage": {"name": {"S": "lot"}}}}
    assert passes([pattern], record) is passed
    assert passes([], record)


def test_a_filter_that_is_not_understood_is_an_error() -> None:
    with pytest.raises(ValueError, match="not understood"):
        passes([{"a": [{"numeric": [">", 1]}]}], {"a": 5})


def test_what_failed_for_good_is_kept_for_its_owner_only(tmp_path: Path) -> None:
    Failures(tmp_path / "failed").keep("SomeFunction", {"a": 1}, "why")
    (kept,) = (tmp_path / "failed").iterdir()
    assert json.loads(kept.read_text()) == {"function": "SomeFunction", "error": "why", "event": {"a": 1}}
    assert kept.stat().st_mode & 0o077 == 0


def test_what_is_written_while_a_stream_is_overlooked_is_told_to_nobody(streaming: Make) -> None:
    told = streaming("before")
    with told.source.overlooking():
        told.shard.records += [_record(number, f"old {number}") for number in range(2, 400)]
    told.shard.records.append(_record(400, "after"))
    told.drain()
    assert told.batches == [["before"], ["after"]]
    assert told.shard.done == 400
