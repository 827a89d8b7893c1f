"""The clerk's job after a pause: from its message to its end, in as many turns as it takes."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from clerk.app import lambda_handler
from starbid.services.desk import carrying
from starbid.services.ports import Unavailable
from tests.support.factories import join, put_up
from tests.support.fakes import FakeApp
from tests.support.paused import pause_for
from tests.support.records import Context, batch, failures, message

HOUR = timedelta(hours=1)


class OutOfTime(Context):
    def get_remaining_time_in_millis(self) -> int:
        return 1_000


def lots(app: FakeApp, size: int) -> dict[str, Any]:
    join(app, 100, seller=True)
    made = (put_up(app, duration_seconds=600 + number).auction for number in range(size))
    return {lot.id: lot.ends_at for lot in made}


def turns(app: FakeApp, context: Context) -> int:
    """Hands the messages to the clerk until there are none."""
    count = 0
    while app.desk_work.asked:
        name, facts, _ = app.desk_work.asked.pop(0)
        body = json.loads(json.dumps({"job": name, **facts}))
        answer = lambda_handler(batch(message(body, queue="DeskQueue")), context)
        assert not failures(answer)
        count += 1
    return count


def assert_moved(app: FakeApp, ends: dict[str, Any]) -> None:
    assert {lot: app.store.tables.auctions[lot].ends_at for lot in ends} == {lot: at + HOUR for lot, at in ends.items()}
    assert not app.store.pauses().unmoved


def test_one_message_moves_all_lots_and_another_one_looks_again(fake: FakeApp) -> None:
    ends = lots(fake, 5)
    pause_for(fake, HOUR)
    assert turns(fake, Context()) == 2
    assert_moved(fake, ends)


def test_with_no_time_left_it_goes_on_in_the_next_turn(fake: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "PAGE", 2)
    ends = lots(fake, 5)
    pause_for(fake, HOUR)
    assert turns(fake, OutOfTime()) > 4
    assert_moved(fake, ends)


def test_a_store_in_trouble_brings_the_message_again(fake: FakeApp) -> None:
    lots(fake, 2)
    pause_for(fake, HOUR)
    fake.store.fail_next(Unavailable())
    sent = message({"job": "resume"}, queue="DeskQueue")
    assert failures(lambda_handler(batch(sent), Context())) == [sent["messageId"]]


def test_a_message_that_cannot_be_read_is_forgotten_and_one_with_nothing_to_do_does_nothing(fake: FakeApp) -> None:
    for body in ({"job": "resume", "number": "x"}, {"job": "resume"}):
        assert not failures(lambda_handler(batch(message(body, queue="DeskQueue")), Context()))
    assert not fake.store.pauses().history
