import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from auction_closer.app import lambda_handler
from starbid.domain.auction import Auction, Ending
from starbid.domain.errors import Conflict
from starbid.domain.events import LotSold
from starbid.services.auctions.closing import Closing
from starbid.services.ports import Contended
from tests.support.counted import failures_in
from tests.support.factories import ANNA, BORIS, join, put_up
from tests.support.fakes import Death, FakeApp
from tests.support.mortal import Fate, Mortal
from tests.support.paused import pause_for
from tests.support.records import Context, batch, failures, message
from tests.support.there import there

HOUR = 3600


def wake(auction_id: str) -> dict[str, Any] | None:
    return lambda_handler({"auction_id": auction_id}, Context())


def deliver(*bodies: str | dict[str, str]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    messages = [message(body, queue="CloserQueue") for body in bodies]
    return messages, there(lambda_handler(batch(*messages), Context()))


def ending(app: FakeApp, auction_id: str) -> Ending:
    return app.store.tables.auctions[auction_id].ending


def a_lot_with_bids(app: FakeApp) -> str:
    join(app, ANNA, stars=1000)
    join(app, BORIS, stars=1000)
    lot_id = put_up(app, duration_seconds=HOUR).auction.id
    app.bidding.bid(lot_id, ANNA, 300, app.now())
    app.bidding.bid(lot_id, BORIS, 500, app.now())
    return lot_id


def test_a_schedule_that_fires_early_waits_for_the_end_to_the_second(fake: FakeApp) -> None:
    lot_id = put_up(fake, duration_seconds=HOUR).auction.id
    fake.scheduler.alarms.clear()
    fake.clock.forward(seconds=HOUR - 60, milliseconds=250)

    wake(lot_id)

    (alarm,) = fake.scheduler.alarms
    assert (alarm.what, alarm.auction_id) == ("close", lot_id)
    assert alarm.at - fake.store.tables.auctions[lot_id].due_at == timedelta(milliseconds=250)
    assert ending(fake, lot_id) is Ending.OPEN


def test_an_end_that_was_extended_is_waited_for_again(fake: FakeApp) -> None:
    lot_id = a_lot_with_bids(fake)
    fake.clock.forward(seconds=HOUR - 10)
    fake.bidding.bid(lot_id, ANNA, 800, fake.now())
    fake.clock.forward(seconds=10)
    fake.scheduler.alarms.clear()

    deliver({"auction_id": lot_id})

    assert [alarm.at for alarm in fake.scheduler.alarms] == [fake.store.tables.auctions[lot_id].due_at]
    assert ending(fake, lot_id) is Ending.OPEN


def test_a_lot_is_closed_once_however_often_the_closer_fires(fake: FakeApp) -> None:
    lot_id = a_lot_with_bids(fake)
    fake.clock.forward(seconds=HOUR + 2)

    wake(lot_id)
    deliver({"auction_id": lot_id}, {"auction_id": lot_id})
    lambda_handler({"sweep": True}, Context())

    assert ending(fake, lot_id) is Ending.SOLD
    assert [type(event) for event in fake.store.tables.events.values() if isinstance(event, LotSold)] == [LotSold]
    assert fake.store.wallet(BORIS, "XTR").available.amount == 1000 - fake.store.tables.deals[lot_id].price.amount


def test_a_closer_that_comes_days_late_sells_to_the_one_who_led_at_the_end(fake: FakeApp) -> None:
    lot_id = a_lot_with_bids(fake)
    fake.clock.forward(days=3)

    wake(lot_id)

    assert fake.store.tables.deals[lot_id].buyer_id == BORIS


def test_a_lot_that_nobody_knows_is_no_error(fake: FakeApp) -> None:
    assert wake("nosuchlot") is None


@pytest.mark.parametrize("event", [{}, {"auction_id": 5}, {"auction_id": ""}, {"sweep": "yes"}, {"job": "sweep"}])
def test_an_event_that_cannot_be_read_is_logged_and_not_tried_again(
    fake: FakeApp, caplog: pytest.LogCaptureFixture, event: dict[str, Any]
) -> None:
    with caplog.at_level(logging.ERROR):
        assert lambda_handler(event, Context()) is None
    assert "names no lot" in caplog.text


def test_one_poisoned_message_does_not_stop_the_others(fake: FakeApp, caplog: pytest.LogCaptureFixture) -> None:
    good = [put_up(fake, duration_seconds=HOUR).auction.id for _ in range(2)]
    fake.clock.forward(seconds=HOUR + 2)

    _, answer = deliver({"auction_id": good[0]}, "not JSON", "[1]", "{}", {"auction_id": good[1]})

    assert failures(answer) == []
    assert [ending(fake, lot_id) for lot_id in good] == [Ending.UNSOLD, Ending.UNSOLD]
    assert caplog.text.count("names no lot") == 3


def test_a_message_whose_lot_could_not_be_closed_comes_again(fake: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    lots = [put_up(fake, duration_seconds=HOUR).auction.id for _ in range(3)]
    fake.clock.forward(seconds=HOUR + 2)
    fail_for(lots[1], monkeypatch)

    messages, answer = deliver(*({"auction_id": lot_id} for lot_id in lots))

    assert failures(answer) == [messages[1]["messageId"]]
    assert [ending(fake, lot_id) for lot_id in lots] == [Ending.UNSOLD, Ending.OPEN, Ending.UNSOLD]


def test_a_sweep_closes_all_it_can_and_then_counts_that_it_failed(
    fake: FakeApp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    lots = [put_up(fake, duration_seconds=HOUR).auction.id for _ in range(3)]
    fake.clock.forward(seconds=HOUR + 2)
    fail_for(lots[0], monkeypatch)

    lambda_handler({"sweep": True}, Context())

    (failure,) = failures_in(caplog, "closer")
    assert failure.group_contains(Conflict)
    assert [ending(fake, lot_id) for lot_id in lots] == [Ending.OPEN, Ending.UNSOLD, Ending.UNSOLD]


def test_a_store_that_is_contended_for_a_moment_is_asked_again(fake: FakeApp) -> None:
    lot_id = a_lot_with_bids(fake)
    fake.clock.forward(seconds=HOUR + 2)
    fake.store.fail_next(Contended(), times=2)

    wake(lot_id)

    assert ending(fake, lot_id) is Ending.SOLD


def test_a_closer_that_dies_anywhere_leaves_a_lot_that_closes_the_next_time(
    put_in_place: Callable[[FakeApp], FakeApp],
) -> None:
    moment = 0
    while True:
        app, lot_id, fate = a_mortal_closer(moment)
        put_in_place(app)
        try:
            wake(lot_id)
        except Death:
            fate.revive()
            lambda_handler({"sweep": True}, Context())
        assert ending(app, lot_id) is Ending.SOLD
        sold = [event for event in app.store.tables.events.values() if isinstance(event, LotSold)]
        assert len(sold) == 1
        assert app.store.wallet(BORIS, "XTR").held.amount == 0
        if not fate.was_met:
            break
        moment += 1
    assert moment > 6


def a_mortal_closer(dies_at: int) -> tuple[FakeApp, str, Fate]:
    app = FakeApp()
    lot_id = a_lot_with_bids(app)
    app.clock.forward(seconds=HOUR + 2)
    fate = Fate(dies_at)
    app.__dict__["closing"] = Closing(
        Mortal(app.store, fate), app.combining, Mortal(app.scheduler, fate), app.settings.business
    )
    return app, lot_id, fate


def fail_for(lot_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let others be faster at this lot for ever."""
    close = Closing.close

    def failing(self: Closing, auction_id: str, now: datetime) -> Auction:
        if auction_id == lot_id:
            raise Conflict
        return close(self, auction_id, now)

    monkeypatch.setattr(Closing, "close", failing)


def test_the_jobs_of_those_who_watch_tell_of_the_start_and_of_the_end(fake: FakeApp) -> None:
    join(fake, ANNA)
    starts_at = fake.now() + timedelta(hours=1)
    lot_id = put_up(fake, duration_seconds=HOUR, starts_at=starts_at.isoformat()).auction.id
    fake.watching.watch(ANNA, lot_id, fake.now())

    fake.clock.forward(hours=1)
    lambda_handler({"job": "start", "auction_id": lot_id}, Context())
    fake.clock.forward(minutes=45)
    lambda_handler({"job": "remind", "auction_id": lot_id}, Context())

    assert [notice.kind for notice in fake.run_streams()] == ["began", "ending_soon"]
    assert ending(fake, lot_id) is Ending.OPEN


@pytest.mark.parametrize(
    "event", [{"job": "remind"}, {"job": "remind", "auction_id": ""}, {"job": "start"}, {"job": 1}]
)
def test_a_job_that_names_no_lot_is_logged_and_forgotten(
    fake: FakeApp, caplog: pytest.LogCaptureFixture, event: dict[str, Any]
) -> None:
    assert lambda_handler(event, Context()) is None
    assert "no lot" in caplog.text


def test_the_sweep_has_lots_moved_that_nobody_moves_after_a_pause(fake: FakeApp) -> None:
    a_lot_with_bids(fake)
    pause_for(fake, timedelta(minutes=5))
    fake.desk_work.asked.clear()
    lambda_handler({"sweep": True}, Context())
    assert not fake.desk_work.asked
    fake.clock.forward(minutes=3)
    lambda_handler({"sweep": True}, Context())
    assert [name for name, *_ in fake.desk_work.asked] == ["resume"]
