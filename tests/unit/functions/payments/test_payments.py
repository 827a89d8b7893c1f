import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from payments.app import lambda_handler
from starbid.domain.deals import DealState
from starbid.domain.payments import ChargeState
from starbid.services.deals.dealing import Dealing
from starbid.services.ports import Contended
from tests.support.counted import failures_in
from tests.support.factories import ANNA, BORIS, SELLER, join, pay, put_up
from tests.support.fakes import Death, FakeApp
from tests.support.mortal import Fate, Mortal
from tests.support.records import Context

SWEEP = {"job": "sweep"}


def run(event: dict[str, Any]) -> dict[str, Any] | None:
    return lambda_handler(event, Context())


def deal_of(lot_id: str) -> dict[str, str]:
    return {"job": "deal", "auction_id": lot_id}


def a_delivered_deal(app: FakeApp, buyer_id: int = ANNA) -> str:
    join(app, buyer_id, stars=1000)
    lot_id = put_up(app, buy_now_price=400, duration_seconds=3600).auction.id
    app.bidding.buy(lot_id, buyer_id, 400, app.now())
    app.dealing.deliver(SELLER, lot_id, "The code is 42.", app.now())
    return lot_id


def an_unfinished_refund(app: FakeApp, user_id: int = BORIS) -> str:
    join(app, user_id)
    charge = pay(app, user_id, 250)
    app.stars.fail_next(ConnectionError())
    with pytest.raises(ConnectionError):
        app.refunding.refund(user_id, charge.id, app.now())
    return charge.id


def state(app: FakeApp, lot_id: str) -> DealState:
    return app.store.tables.deals[lot_id].state


def seller_has(app: FakeApp) -> int:
    return app.store.wallet(SELLER, "XTR").available.amount


def test_a_delivered_deal_is_released_when_its_time_is_over_and_not_before(fake: FakeApp) -> None:
    lot_id = a_delivered_deal(fake)

    fake.clock.forward(days=7, milliseconds=-1)
    run(deal_of(lot_id))
    assert state(fake, lot_id) is DealState.DELIVERED

    fake.clock.forward(milliseconds=1)
    run(deal_of(lot_id))
    assert state(fake, lot_id) is DealState.COMPLETED
    assert seller_has(fake) == 380


def test_a_deal_is_settled_once_by_job_and_sweep_together(fake: FakeApp) -> None:
    lot_id = a_delivered_deal(fake)
    fake.clock.forward(days=8)

    run(deal_of(lot_id))
    run(SWEEP)
    run(deal_of(lot_id))

    assert seller_has(fake) == 380


def test_a_deal_that_was_confirmed_in_the_meantime_is_left_alone(fake: FakeApp) -> None:
    lot_id = a_delivered_deal(fake)
    fake.dealing.confirm(ANNA, lot_id, fake.now())
    fake.clock.forward(days=8)

    run(deal_of(lot_id))

    assert seller_has(fake) == 380


@pytest.mark.parametrize("event", [{}, {"job": "deal"}, {"job": "deal", "auction_id": 7}, {"job": "dance"}])
def test_an_event_that_cannot_be_read_is_logged_and_not_tried_again(
    fake: FakeApp, caplog: pytest.LogCaptureFixture, event: dict[str, Any]
) -> None:
    with caplog.at_level(logging.ERROR):
        run(event)
    assert "no job" in caplog.text


def test_the_end_of_quiet_hours_puts_what_waited_on_the_queue(fake: FakeApp) -> None:
    run({"job": "quiet-over", "user_id": str(ANNA)})
    (notice,) = fake.outgoing.notices
    assert (notice.user_id, notice.kind) == (ANNA, "waited")


@pytest.mark.parametrize("user_id", ["", "x", "1; 2", 7, None])
def test_quiet_hours_of_nobody_wake_nobody(fake: FakeApp, user_id: object) -> None:
    run({"job": "quiet-over", "user_id": user_id})
    assert fake.outgoing.notices == []


def test_the_sweep_does_all_three_parts(fake: FakeApp) -> None:
    lot_id = a_delivered_deal(fake)
    charge_id = an_unfinished_refund(fake)
    fake.clock.forward(days=31)

    run(SWEEP)

    assert state(fake, lot_id) is DealState.COMPLETED
    assert fake.store.tables.charges[charge_id].state is ChargeState.REFUNDED
    assert fake.store.tables.people[SELLER].subscribed_until is None


@pytest.mark.parametrize("part", ["deals", "subscriptions", "refunds"])
def test_a_part_that_fails_does_not_stop_the_others_and_is_counted_at_the_end(
    fake: FakeApp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, part: str
) -> None:
    lot_id = a_delivered_deal(fake)
    charge_id = an_unfinished_refund(fake)
    fake.clock.forward(days=31)
    due = {"deals": "due_deals", "subscriptions": "due_subscriptions", "refunds": "due_refunds"}
    monkeypatch.setattr(fake.store, due[part], fails)

    run(SWEEP)

    (failure,) = failures_in(caplog, "payments")
    assert failure.group_contains(ConnectionError)
    done = {
        "deals": state(fake, lot_id) is DealState.COMPLETED,
        "subscriptions": fake.store.tables.people[SELLER].subscribed_until is None,
        "refunds": fake.store.tables.charges[charge_id].state is ChargeState.REFUNDED,
    }
    assert [name for name, is_done in done.items() if not is_done] == [part]


def test_one_deal_that_fails_does_not_stop_the_next(fake: FakeApp, caplog: pytest.LogCaptureFixture) -> None:
    lots = [a_delivered_deal(fake, buyer_id) for buyer_id in (ANNA, BORIS)]
    fake.clock.forward(days=8)
    fake.store.fail_next(Contended(), times=4)

    run(SWEEP)

    assert len(failures_in(caplog, "payments")) == 1
    assert sorted(state(fake, lot_id) for lot_id in lots) == [DealState.COMPLETED, DealState.DELIVERED]


def test_a_refund_that_telegram_refuses_for_good_is_done_with_and_stops_nothing(fake: FakeApp) -> None:
    first = an_unfinished_refund(fake, ANNA)
    second = an_unfinished_refund(fake, BORIS)
    fake.stars.refusing.add(first)

    run(SWEEP)

    assert fake.store.tables.charges[first].state is ChargeState.CREDITED
    assert fake.store.tables.charges[second].state is ChargeState.REFUNDED
    assert fake.store.wallet(ANNA, "XTR").available.amount == 250


def test_a_subscription_ends_once(fake: FakeApp) -> None:
    join(fake, SELLER, seller=True)
    fake.clock.now += timedelta(days=31)

    run(SWEEP)
    run(SWEEP)

    assert len([event for event in fake.store.tables.events if event.startswith("subscription-ended")]) == 1


def test_a_job_that_dies_anywhere_pays_the_seller_once(put_in_place: Callable[[FakeApp], FakeApp]) -> None:
    moment = 0
    while True:
        app = FakeApp()
        lot_id = a_delivered_deal(app)
        app.clock.forward(days=8)
        fate = Fate(moment)
        app.__dict__["dealing"] = Dealing(Mortal(app.store, fate), app.scheduler, app.settings.business)
        put_in_place(app)
        try:
            run(deal_of(lot_id))
        except Death:
            fate.revive()
            run(deal_of(lot_id))
        assert seller_has(app) == 380
        if not fate.was_met:
            break
        moment += 1
    assert moment > 4


def fails(*_args: datetime | int) -> None:
    raise ConnectionError
