"""A wallet that runs low: told where a spending puts a lot out of reach that the person still bids for, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from starbid.domain.ledger import Transfer
from starbid.domain.switches import Switch
from starbid.services.ports import Notice
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, join, pay, put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.there import there


@pytest.fixture
def app() -> FakeApp:
    """ANNA has 500 and was outbid on a lot whose next bid takes 220; BORIS leads it."""
    app = make_app({"SUBSCRIPTION_PRICE": "100"})
    join(app, SELLER, seller=True)
    for who in (ANNA, BORIS, CLARA):
        join(app, who, stars=500 if who == ANNA else 5_000)
    outbid(app)
    app.followed = set(app.store.tables.transfers)  # type: ignore[attr-defined]
    app.run_streams()
    return app


def outbid(app: FakeApp, price: int = 200, duration_seconds: int = 7200) -> str:
    """A lot on which ANNA bid 100 and BORIS leads with `price` as its next bid less one step of 10."""
    lot = put_up(app, bid_step=10, start_price=100, duration_seconds=duration_seconds).auction.id
    app.bidding.bid(lot, ANNA, 100, app.now())
    app.bidding.bid(lot, CLARA, price, app.now(), confirmed=True)
    app.bidding.bid(lot, BORIS, price + 500, app.now(), confirmed=True)
    return lot


def need(app: FakeApp, lot: str) -> int:
    return there(app.browsing.lot(lot, ANNA, app.now()).next_min_bid).amount


def follow(app: FakeApp) -> list[Notice]:
    """What the stream of the ledger brings, to the notifier and on to the sender; the notices that were told."""
    known: set[str] = app.followed  # type: ignore[attr-defined]
    fresh: list[Transfer] = [one for id_, one in app.store.tables.transfers.items() if id_ not in known]
    app.followed = known | {one.id for one in fresh}  # type: ignore[attr-defined]
    for transfer in fresh:
        app.low_balance.follow(transfer, app.now())
    before = len(app.messenger.told)
    app.run_streams()
    return [notice for _, notice, _ in app.messenger.told[before:] if notice.kind == "low_balance"]


def spend(app: FakeApp, times: int = 1) -> None:
    """100 each."""
    for number in range(times):
        app.people.subscribe(ANNA, f"{app.now()}{number}", app.now())
        app.clock.forward(seconds=1)


def test_the_spending_that_puts_a_lot_out_of_reach_is_told_once(app: FakeApp) -> None:
    spend(app, 2)  # 300 left, the next bid takes 220
    assert follow(app) == []
    spend(app)  # 200
    (notice,) = follow(app)
    assert (notice.user_id, notice.facts["need"], notice.facts["others"]) == (ANNA, [220, "XTR"], 0)
    spend(app)  # 100: it was out of reach before
    assert follow(app) == []


def test_exactly_enough_is_enough(app: FakeApp) -> None:
    pay(app, ANNA, 20)
    spend(app, 3)
    assert follow(app) == []
    app.people.subscribe(ANNA, "one more", app.now())
    assert len(follow(app)) == 1


def test_after_a_top_up_it_is_told_again(app: FakeApp) -> None:
    spend(app, 3)
    assert len(follow(app)) == 1
    pay(app, ANNA, 100)
    app.clock.forward(seconds=1)
    assert follow(app) == []
    spend(app)
    assert len(follow(app)) == 1


def test_however_late_the_records_come_one_spending_tells_it(app: FakeApp) -> None:
    spend(app, 4)
    assert [notice.facts["need"] for notice in follow(app)] == [[220, "XTR"]]


def test_one_that_comes_after_a_top_up_tells_nothing(app: FakeApp) -> None:
    spend(app, 3)
    pay(app, ANNA, 500)
    app.clock.forward(seconds=1)
    assert follow(app) == []


def test_a_record_that_comes_again_tells_nothing_twice(app: FakeApp) -> None:
    spend(app, 3)
    assert len(follow(app)) == 1
    app.followed = set()  # type: ignore[attr-defined]
    assert follow(app) == []


def test_several_lots_are_one_notice_about_the_one_that_ends_first(app: FakeApp) -> None:
    outbid(app, price=210)
    soonest = outbid(app, price=230, duration_seconds=3600)
    follow(app)
    spend(app, 4)
    notices = follow(app)
    assert sum(1 + int(one.facts["others"]) for one in notices) == 3
    last = next(one for one in notices if one.auction_id == soonest)
    assert last.facts["need"] == [need(app, soonest), "XTR"]


def test_frozen_money_counts_once_it_is_spent(app: FakeApp) -> None:
    """A hold may come back; that it was captured is what makes the other lot unaffordable for good."""
    lot = put_up(app, bid_step=10, start_price=100, duration_seconds=60, extend_seconds=0).auction.id
    app.bidding.bid(lot, ANNA, 400, app.now(), confirmed=True)
    assert follow(app) == []
    app.clock.forward(minutes=1, seconds=2)
    app.bidding.bid(lot, BORIS, 390, app.now() - timedelta(seconds=5), confirmed=True)
    app.closing.close(lot, app.now())
    (notice,) = follow(app)
    assert notice.facts["need"] == [220, "XTR"]


def test_who_leads_or_bids_on_nothing_hears_nothing(app: FakeApp) -> None:
    lot = put_up(app, start_price=100, bid_step=10).auction.id
    app.bidding.bid(lot, CLARA, 4_000, app.now(), confirmed=True)
    app.people.subscribe(CLARA, "a", app.now())
    assert [one for one in follow(app) if one.user_id == CLARA] == []


def test_a_lot_that_is_over_by_then_is_not_told(app: FakeApp) -> None:
    spend(app, 3)
    app.clock.forward(hours=3)
    for lot in list(app.store.tables.auctions):
        app.closing.close(lot, app.now())
    assert follow(app) == []


@pytest.mark.parametrize("how", ["switched it off", "muted the lot"])
def test_who_switched_it_off_or_muted_the_lot_hears_nothing(app: FakeApp, how: str) -> None:
    if how == "muted the lot":
        app.muting.mute(ANNA, next(iter(app.store.tables.auctions)), app.now())
    else:
        app.people.switch(ANNA, {Switch.LOW_BALANCE: False})
    spend(app, 3)
    assert follow(app) == []


def test_money_that_comes_in_is_no_reason(app: FakeApp) -> None:
    pay(app, ANNA, 5)
    assert follow(app) == []


def test_bidding_makes_no_call_for_it(app: FakeApp) -> None:
    lot = outbid(app)
    app.store.trips.clear()
    app.bidding.bid(lot, ANNA, need(app, lot), app.now(), confirmed=True)
    assert "bids_of" not in app.store.trips
