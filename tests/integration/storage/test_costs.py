"""What a bid costs, kind by kind: round trips and write units, as docs/performance.md promises."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, timedelta
from functools import partial
from typing import Any

import pytest

from bench.meter import Meter, Reading, size_of
from starbid.domain.errors import StarbidError
from starbid.domain.people import Person
from starbid.storage.codec import encode
from starbid.storage.rows import auction_item, bid_item
from tests.support.dynamo import DynamoApp, dump, join, put_up
from tests.support.factories import ANNA, BORIS, CLARA, SELLER
from tests.support.paused import pause_for
from tests.support.there import there

FALLING = {"type": "dutch", "start_price": 1_000, "floor_price": 400, "drop_amount": 100, "drop_seconds": 60}
READ, WRITE = "BatchGetItem", "TransactWriteItems"


@pytest.fixture
def market(emulated: DynamoApp) -> DynamoApp:
    join(emulated, SELLER, seller=True)
    for who in (ANNA, BORIS, CLARA):
        join(emulated, who, stars=5_000)
    return emulated


def cost(app: DynamoApp, act: Callable[[], object]) -> Reading:
    with Meter(app.store.client).measure() as reading, suppress(StarbidError):
        act()
    return reading


def opened(app: DynamoApp, **changes: Any) -> str:
    return put_up(app, **changes).auction.id


BIDS = [(ANNA, 150), (BORIS, 900), (CLARA, 500), (BORIS, 950), (ANNA, 2_000)]


@pytest.mark.parametrize("kind", ["sealed", "vickrey"])
def test_a_sealed_bid_first_or_later_high_or_low_is_two_round_trips_and_six_units(market: DynamoApp, kind: str) -> None:
    lot = opened(market, type=kind, reserve_price=300)
    for who, amount in BIDS:
        found = cost(market, partial(market.bidding.bid, lot, who, amount, market.now(), confirmed=True))
        assert found.calls == [READ, WRITE]
        assert (found.round_trips, found.write_units, found.index_write_units) == (2, 6, 1)


def test_an_english_bid_is_two_round_trips_and_six_units_eight_where_the_leader_changes(market: DynamoApp) -> None:
    lot = opened(market, reserve_price=300)
    units = []
    for who, amount in BIDS:
        found = cost(market, partial(market.bidding.bid, lot, who, amount, market.now(), confirmed=True))
        assert found.calls == [READ, WRITE]
        assert (found.round_trips, found.index_write_units) == (2, 1)
        units.append(found.write_units)
    assert units == [6, 8, 6, 6, 8]


def test_the_pauses_cost_a_bid_half_a_read_unit_and_no_trip(market: DynamoApp) -> None:
    """The lot, the wallets of two currencies, the line, the pauses: half a unit each. With no pause so far, too."""
    lot = opened(market)
    for _ in range(2):
        found = cost(market, partial(market.bidding.bid, lot, ANNA, 150, market.now()))
        assert (found.round_trips, found.read_units) == (2, 2.5)
        lot = opened(market)
        pause_for(market, timedelta(minutes=1))


def test_a_dutch_purchase_is_two_round_trips_and_twelve_units(market: DynamoApp) -> None:
    """The lot, the row, the wallet, the transfer, the deal, the event."""
    lot = opened(market, **FALLING)
    found = cost(market, lambda: market.bidding.buy(lot, ANNA, 1_000, market.now()))
    assert found.calls == [READ, WRITE]
    assert (found.round_trips, found.write_units) == (2, 12)


@pytest.mark.parametrize("kind", ["sealed", "vickrey"])
def test_a_sealed_bid_that_is_no_raise_is_refused_in_one_read(market: DynamoApp, kind: str) -> None:
    lot = opened(market, type=kind)
    market.bidding.bid(lot, ANNA, 300, market.now(), confirmed=True)
    market.bidding.bid(lot, BORIS, 400, market.now(), confirmed=True)
    found = cost(market, lambda: market.bidding.bid(lot, ANNA, 300, market.now(), confirmed=True))
    assert found.calls == [READ]
    assert (found.round_trips, found.write_units) == (1, 0)


def test_what_can_be_refused_on_sight_is_refused_in_one_read(market: DynamoApp) -> None:
    english, dutch, sealed = opened(market), opened(market, **FALLING), opened(market, type="sealed")
    for lot, who, amount in ((english, SELLER, 500), (dutch, ANNA, 500), (sealed, SELLER, 500)):
        found = cost(
            market,
            partial(market.bidding.bid, lot, who, amount, market.now(), confirmed=True),
        )
        assert (found.calls, found.write_units) == ([READ], 0)


def test_a_wallet_with_money_on_its_way_and_movements_is_four_round_trips_however_much_there_is(
    market: DynamoApp,
) -> None:
    calls = ["Query", "Query", "Query", READ]
    for more in (1, 9):
        for _ in range(more):
            market.bidding.buy(opened(market, buy_now_price=200), ANNA, 200, market.now())
        found = cost(market, lambda: market.statements.of(ANNA, ["XTR"], market.now(), limit=20))
        assert (found.calls, found.round_trips, found.write_units) == (calls, 4, 0)


def said_of(market: DynamoApp, seller: Person) -> None:
    market.reviews.latest(seller)
    market.reviews.spread(seller)


def test_what_is_said_of_a_seller_is_three_round_trips_however_many_lots_there_are(market: DynamoApp) -> None:
    for more in (1, 6):
        for _ in range(more):
            opened(market)
        for who in (ANNA, BORIS):
            lot = opened(market, buy_now_price=200)
            market.bidding.buy(lot, who, 200, market.now())
            market.dealing.deliver(SELLER, lot, "x", market.now())
            market.dealing.confirm(who, lot, market.now())
            with suppress(StarbidError):
                market.dealing.rate(who, lot, 5, "", market.now())
                market.dealing.rate(SELLER, lot, 5, "", market.now())
        seller = there(market.store.person(SELLER, consistent=True))
        found = cost(market, partial(said_of, market, seller))
        assert (found.calls, found.write_units) == (["Query", READ, "Query"], 0)
    assert market.reviews.spread(seller).total == 2


def test_the_balance_day_by_day_is_one_read(market: DynamoApp) -> None:
    wallet = market.store.wallet(ANNA, "XTR", consistent=True)
    joined = market.now() - timedelta(days=60)
    found = cost(market, lambda: market.balance_history.of(wallet, 90, joined, UTC, market.now()))
    assert (found.calls, found.write_units) == (["Query"], 0)


def test_no_item_of_the_hot_path_is_larger_than_a_unit(market: DynamoApp) -> None:
    """1 KB a unit: the promise holds for the longest numbers too."""

    for kind in ({"reserve_price": 10**12, "buy_now_price": 10**12}, {"type": "vickrey", "reserve_price": 10**12}):
        lot = opened(market, **kind)
        for who, amount in BIDS:
            market.bidding.bid(lot, who, amount, market.now(), confirmed=True)
    tables = dump(market.store)
    assert max(size_of(encode(auction_item(lot))) for lot in tables.auctions.values()) < 900
    assert max(size_of(encode(bid_item(bid))) for bid in tables.bids.values()) < 600


def test_an_update_costs_a_write_when_it_comes_and_one_when_it_is_done_or_given_back(market: DynamoApp) -> None:
    scratch, now = market.scratch, market.now()
    units = []
    for act in (
        partial(scratch.receive, "update#1", 30, 172_800, now, now),
        partial(scratch.give_back, "update#1", now),
        partial(scratch.receive, "update#1", 30, 172_800, now, now),
        partial(scratch.finish, "update#1", 172_800, now),
    ):
        found = cost(market, act)
        units.append((found.round_trips, found.write_units))
    assert units == [(1, 1)] * 4
