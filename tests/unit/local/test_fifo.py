"""Queues that are first in, first out: a group waits for its own and for nobody else; what is sent twice comes once."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from local.queues import ONCE_MS, Message
from local.sources import Found, QueueSource
from local.state import State
from tests.unit.local.test_aws_front import Aws
from tests.unit.local.world import World

LINE, DEAD = "starbid-local-LineQueue.fifo", "starbid-local-DeadLineQueue.fifo"
URL = f"http://127.0.0.1/000000000000/{LINE}"


def send(world: World, body: str, group: str = "anna", once: str = "") -> str:
    return world.queues.send(LINE, body, group=group, once=once or body)


def received(world: World, limit: int = 10) -> list[Message]:
    return world.queues.receive(LINE, limit)


def bodies(world: World, limit: int = 10) -> list[str]:
    return [message.body for message in received(world, limit)]


def done(world: World, message: Message) -> None:
    assert world.queues.delete(LINE, message.receipt)


def wait(world: World, seconds: int) -> None:
    world.clock.stop_at(world.clock.now_ms() + seconds * 1000)


def test_a_group_comes_in_the_order_in_which_it_was_sent(world: World) -> None:
    for body in ("first", "second", "third"):
        send(world, body)
    assert bodies(world) == ["first", "second", "third"]


def test_of_a_group_nothing_comes_while_somebody_has_one_of_it(world: World) -> None:
    for body in ("first", "second"):
        send(world, body)
    (first,) = received(world, 1)
    assert received(world) == []
    done(world, first)
    assert bodies(world) == ["second"]


def test_a_group_on_hold_does_not_hold_the_others(world: World) -> None:
    send(world, "hers")
    send(world, "hers too")
    send(world, "his", "boris")
    assert bodies(world, 1) == ["hers"]
    assert bodies(world) == ["his"]


def test_what_was_not_deleted_comes_again_before_those_that_were_sent_later(world: World) -> None:
    send(world, "first")
    send(world, "second")
    received(world, 1)
    wait(world, 59)
    assert received(world) == []
    wait(world, 1)
    assert bodies(world, 1) == ["first"]


def test_one_that_is_put_back_at_once_is_still_the_first(world: World) -> None:
    send(world, "first")
    send(world, "second")
    (first,) = received(world, 1)
    assert world.queues.change_visibility(LINE, first.receipt, 0)
    assert bodies(world, 1) == ["first"]


def test_what_is_sent_twice_within_five_minutes_comes_once_even_when_it_is_done(world: World) -> None:
    sent = send(world, "stop", once="7:stop")
    done(world, received(world)[0])
    wait(world, ONCE_MS // 1000 - 1)
    assert send(world, "stop", once="7:stop") == sent
    assert received(world) == []
    wait(world, 1)
    assert send(world, "stop", once="7:stop") != sent
    assert bodies(world) == ["stop"]


def test_a_name_is_taken_in_its_own_queue_only(world: World) -> None:
    send(world, "x", once="same")
    world.queues.send(DEAD, "x", group="anna", once="same")
    assert world.queues.counts(DEAD) == (1, 0, 0)


def test_what_fails_too_often_becomes_a_dead_letter_and_frees_its_group(world: World) -> None:
    send(world, "bad")
    send(world, "good")
    for _ in range(2):
        assert bodies(world, 1) == ["bad"]
        wait(world, 60)
    assert bodies(world) == ["good"]
    (letter,) = world.queues.receive(DEAD, 10)
    assert (letter.body, letter.group) == ("bad", "anna")


def test_the_function_is_given_the_group_and_the_place_in_the_line(world: World) -> None:
    send(world, "a")
    send(world, "b", "boris")
    world.pumps.drain()
    records = [event["Records"][0] for _, event in world.called("JobFunction")]
    assert [record["attributes"]["MessageGroupId"] for record in records] == ["anna", "boris"]
    first, second = (record["attributes"]["SequenceNumber"] for record in records)
    assert first < second
    assert len(first) == 20


def test_a_message_that_fails_comes_again_when_the_time_has_passed_and_the_next_one_after_it(world: World) -> None:
    failing = [True]

    def handle(event: Any) -> Any:
        fails = failing.pop() if failing else False
        return {"batchItemFailures": [{"itemIdentifier": event["Records"][0]["messageId"]}] if fails else []}

    world.answers["JobFunction"] = handle
    send(world, "a")
    send(world, "b")
    world.timeline.advance(120)
    came = [(at, event["Records"][0]["body"]) for at, event in world.called("JobFunction")]
    assert came == [(0, "a"), (60, "a"), (60, "b")]


def test_the_clock_waits_for_an_answer_that_is_being_written(world: World) -> None:
    """Another thread has the message; what it sees of the time does not jump."""
    begun, go_on, seen = threading.Event(), threading.Event(), []

    def handle(_event: Any) -> Any:
        begun.set()
        go_on.wait(10)
        seen.append(world.seconds())
        return {"batchItemFailures": []}

    world.answers["JobFunction"] = handle
    send(world, "a")
    source = QueueSource(world.template.queue_mappings[1], world.queues, world.functions)
    world.pumps._sources = (source,)
    writing = threading.Thread(target=source.poll)
    writing.start()
    assert begun.wait(10)
    assert source.poll() is Found.RUNNING
    moving = threading.Thread(target=world.timeline.advance, args=(600,))
    moving.start()
    moving.join(0.2)
    assert moving.is_alive(), "it did not wait"
    go_on.set()
    moving.join(10)
    writing.join(10)
    assert (seen, world.seconds()) == ([0.0], 600.0)


def test_a_long_call_is_waited_for_beyond_what_a_drain_may_take(world: World) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def handle(_event: Any) -> Any:
        begun.set()
        go_on.wait(10)
        return {"batchItemFailures": []}

    world.answers["JobFunction"] = handle
    send(world, "a")
    source = QueueSource(world.template.queue_mappings[1], world.queues, world.functions)
    world.pumps._sources = (source,)
    threading.Thread(target=source.poll, daemon=True).start()
    assert begun.wait(10)
    threading.Timer(0.5, go_on.set).start()
    assert world.pumps.drain(seconds=0.1)


def test_data_of_a_run_before_there_were_groups_are_opened(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    State(path).close()
    with sqlite3.connect(path) as database:
        database.execute("ALTER TABLE messages DROP COLUMN place")
        database.execute(
            "INSERT INTO messages (queue, id, body, attributes, sent_at, visible_at) VALUES ('q', '1', 'b', '{}', 0, 0)"
        )
    database.close()
    state = State(path)
    assert state.rows("SELECT body, place FROM messages") == [("b", None)]
    state.close()


@pytest.fixture
def aws(world: World) -> Aws:
    return Aws(world)


def test_a_message_names_its_group_and_is_given_back_with_it(aws: Aws) -> None:
    message = {"QueueUrl": URL, "MessageBody": "x", "MessageGroupId": "7", "MessageDeduplicationId": "7:q"}
    sent = aws.sqs("SendMessage", **message).json
    assert aws.sqs("SendMessage", **message).json == sent
    (given,) = aws.sqs("ReceiveMessage", QueueUrl=URL, MaxNumberOfMessages=10).json["Messages"]
    assert given["Attributes"]["MessageGroupId"] == "7"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"MessageGroupId": ""}, "MissingParameter"),
        ({"MessageDeduplicationId": ""}, "InvalidParameterValue"),
        ({"MessageGroupId": "a b"}, "InvalidParameterValue"),
        ({"MessageDeduplicationId": "x" * 129}, "InvalidParameterValue"),
        ({"DelaySeconds": 5}, "InvalidParameterValue"),
        ({"QueueUrl": URL.replace("LineQueue.fifo", "JobQueue")}, "InvalidParameterValue"),
    ],
)
def test_what_sqs_refuses_in_a_line_is_refused(aws: Aws, wrong: dict[str, Any], code: str) -> None:
    message = {"QueueUrl": URL, "MessageBody": "x", "MessageGroupId": "7", "MessageDeduplicationId": "7:q"}
    response = aws.sqs("SendMessage", **message | wrong)
    assert (response.status_code, response.json["__type"]) == (400, code)
