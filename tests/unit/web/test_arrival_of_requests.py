"""A request counts by the moment at which the gateway took it, however long its function took to wake."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from starbid.domain.auction import Ending
from starbid.storage.rows import ms
from tests.support.factories import ANNA, BORIS, CLARA, join, put_up
from tests.support.fakes import START, FakeApp
from tests.support.there import there
from tests.support.web import Client, program

HOUR = timedelta(hours=1)
END = START + HOUR
MS = timedelta(milliseconds=1)
WAKING = timedelta(milliseconds=1500)


@pytest.fixture
def anna(app: FakeApp) -> Client:
    join(app, ANNA, stars=10_000)
    join(app, BORIS, stars=10_000)
    return program(app, ANNA)


def lasting_an_hour(app: FakeApp, **changes: Any) -> str:
    return put_up(app, **({"start_price": 100, "duration_seconds": 3600} | changes)).auction.id


def send(client: Client, path: str, body: object, arrived: datetime, handled: datetime) -> int:
    client.app.clock.now, client.arrived = handled, arrived  # type: ignore[attr-defined] # of a FakeApp
    return client.post(path, body).status


def bid(client: Client, lot: str, amount: int, arrived: datetime, handled: datetime) -> int:
    return send(client, f"/api/v1/auctions/{lot}/bids", {"amount": amount}, arrived, handled)


def test_a_bid_whose_function_woke_too_late_counts_by_its_arrival(app: FakeApp, anna: Client) -> None:
    lot = lasting_an_hour(app)
    assert bid(anna, lot, 100, END - MS, END - MS + WAKING) == 201
    (row,) = app.store.bids(lot, consistent=True).items
    assert row.placed_at == END - MS


@pytest.mark.parametrize("behind", [timedelta(0), MS, timedelta(milliseconds=200), timedelta(seconds=4)])
def test_a_bid_that_arrived_at_the_end_is_refused_though_the_functions_clock_is_behind(
    app: FakeApp, anna: Client, behind: timedelta
) -> None:
    lot = lasting_an_hour(app)
    assert bid(anna, lot, 100, END, END - behind) == 409
    assert bid(anna, lot, 100, END + MS, END + MS - behind) == 409
    assert app.store.auction(lot, consistent=True).bids_count == 0


def test_nobody_bids_into_the_past_with_a_request_from_before_the_end(app: FakeApp, anna: Client) -> None:
    lot = lasting_an_hour(app)
    assert bid(anna, lot, 100, END - MS, END + timedelta(seconds=31)) == 409


def test_nobody_bids_before_the_start_with_a_request_from_after_it(app: FakeApp, anna: Client) -> None:
    lot = lasting_an_hour(app, starts_at=(START + HOUR).isoformat())
    assert bid(anna, lot, 100, START + HOUR, START) == 409


def test_a_lot_that_was_settled_meanwhile_stays_so(app: FakeApp, anna: Client) -> None:
    lot = lasting_an_hour(app)
    app.clock.now = END + timedelta(seconds=3)
    app.closing.close(lot, app.now())
    assert bid(anna, lot, 100, END - MS, END + timedelta(seconds=4)) == 409
    assert app.store.auction(lot, consistent=True).ending is Ending.UNSOLD


def test_a_soft_close_is_moved_by_the_arrival(app: FakeApp, anna: Client) -> None:
    lot = lasting_an_hour(app, extend_seconds=120)
    arrived = END - timedelta(seconds=30)
    assert bid(anna, lot, 100, arrived, arrived + WAKING) == 201
    assert app.store.auction(lot, consistent=True).ends_at == arrived + timedelta(seconds=120)


def test_a_bid_that_arrived_before_the_last_minutes_moves_no_end(app: FakeApp, anna: Client) -> None:
    lot = lasting_an_hour(app, extend_seconds=120)
    arrived = END - timedelta(seconds=121)
    assert bid(anna, lot, 100, arrived, arrived + WAKING) == 201
    assert app.store.auction(lot, consistent=True).ends_at == END


def test_a_falling_price_is_that_of_the_arrival(app: FakeApp, anna: Client) -> None:
    falling = {"start_price": 1000, "floor_price": 400, "drop_amount": 100, "drop_seconds": 60}
    lot = lasting_an_hour(app, type="dutch", **falling)
    arrived = START + timedelta(seconds=59)
    assert send(anna, f"/api/v1/auctions/{lot}/buy", {"seen_price": 1000}, arrived, arrived + WAKING) == 201
    sold = app.store.auction(lot, consistent=True)
    assert (sold.price.amount, sold.ended_at) == (1000, arrived)


def test_a_form_counts_by_its_arrival_too(app: FakeApp, anna: Client) -> None:
    lot = lasting_an_hour(app)
    browser = Client(app).log_in(ANNA)
    browser.arrived, app.clock.now = END - MS, END - MS + WAKING
    assert browser.post_form(f"/auction/{lot}/bid", amount=150).status == 303
    assert app.store.auction(lot, consistent=True).leader_maximum


def test_the_last_bid_of_a_person_is_the_one_that_was_decided_last(app: FakeApp, anna: Client) -> None:
    lot = lasting_an_hour(app)
    at = START + timedelta(minutes=5)
    assert bid(anna, lot, 300, at, at) == 201
    assert bid(anna, lot, 500, at - MS, at + WAKING) == 201
    assert [mine.bid.maximum.amount for mine in app.browsing.bids_of(ANNA, app.now()).items] == [500]
    app.clock.now = END + timedelta(seconds=3)
    closed = app.closing.close(lot, app.now())
    assert there(app.store.last_bid(closed, ANNA)).number == 2


@pytest.mark.parametrize("path", ["/auction/{}", "/auction/{}/live"])
def test_a_page_tells_the_time_of_its_making_for_countdowns(app: FakeApp, anna: Client, path: str) -> None:
    lot = lasting_an_hour(app)
    anna.arrived, app.clock.now = START, START + WAKING
    page = anna.get(path.format(lot)).text
    assert set(re.findall(r'data-now="([^"]+)"', page)) == {"2026-05-01T12:00:01.500Z"}


def test_what_is_newer_than_the_arrival_of_a_look_is_shown_as_it_is(app: FakeApp, anna: Client) -> None:
    arrived, made = START + timedelta(minutes=1), START + timedelta(minutes=1, seconds=20)
    join(app, CLARA, stars=10_000)
    app.clock.now = made
    bid_on, bought, begun, falling = (
        lasting_an_hour(app),
        lasting_an_hour(app, buy_now_price=900),
        lasting_an_hour(app),
        lasting_an_hour(app, type="dutch", floor_price=40, drop_amount=10, drop_seconds=60),
    )
    app.bidding.bid(bid_on, BORIS, 150, made)
    app.bidding.buy(bought, BORIS, 900, made)
    anna.arrived = arrived
    shown = {lot: anna.get(f"/api/v1/auctions/{lot}").json for lot in (bid_on, bought, begun, falling)}
    assert (shown[bid_on]["bids_count"], shown[bid_on]["price"]) == (1, 100)
    assert (shown[bought]["status"], shown[bought]["price"]) == ("sold", 900)
    assert (shown[begun]["status"], shown[falling]["price"]) == ("scheduled", 100)
    for lot in shown:
        for who in (None, ANNA, BORIS):
            viewer = Client(app).log_in(who) if who else Client(app)
            viewer.arrived = arrived
            assert viewer.get(f"/auction/{lot}").status == 200
            assert viewer.get(f"/auction/{lot}/live").status == 200
    for page in ("/", "/my/bids", "/my/auctions", "/wallet", "/profile"):
        viewer = Client(app).log_in(BORIS)
        viewer.arrived = arrived
        assert viewer.get(page).status == 200


def test_a_session_that_began_while_the_end_of_all_waited_for_its_function_ends_too(app: FakeApp, anna: Client) -> None:
    asking, other = Client(app).log_in(ANNA), Client(app)
    app.clock.forward(seconds=20)
    other.log_in(ANNA)
    asking.arrived = app.now() - timedelta(seconds=20)
    assert asking.post_form("/settings/sessions").status == 303
    assert other.get("/wallet").status != 200
    app.clock.forward(seconds=6)
    asking.arrived = None
    assert asking.get("/wallet").status == 200


def test_samples_of_another_day_arrive_when_they_are_handled(app: FakeApp, anna: Client) -> None:
    app.clock.now = START + timedelta(days=20)
    lot = lasting_an_hour(app)
    assert ms(START) == 1_777_636_800_000, "as in events/"
    assert bid(anna, lot, 100, START, app.now()) == 201
    (row,) = app.store.bids(lot, consistent=True).items
    assert row.placed_at == app.now()
