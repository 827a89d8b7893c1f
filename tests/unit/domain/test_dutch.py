"""A Dutch auction: max(floor, start - drop * ((t - starts_at) // drop_seconds)); the first accepted buy wins."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.domain import closing
from starbid.domain.auction import Auction, Ending
from starbid.domain.closing import Closed
from starbid.domain.deals import DealTimes
from starbid.domain.errors import (
    AuctionClosed,
    Invalid,
    InvalidFields,
    NotBiddable,
    NotStarted,
    OwnAuction,
    PriceMoved,
)
from starbid.domain.kinds.dutch import Dutch
from starbid.domain.money import Money
from tests.support import factories
from tests.support.factories import ANNA, BORIS, SELLER, draft, wallet, xtr
from tests.support.fakes import START

MS = timedelta(milliseconds=1)
SECOND = timedelta(seconds=1)


def dutch(start: int = 1_000, floor: int = 400, drop: int = 100, every: int = 60, lasts: int = 3_600) -> Auction:
    """From 1000 down by 100 a minute to 400, for an hour."""
    amounts = {"start_price": xtr(start), "floor_price": xtr(floor), "drop_amount": xtr(drop)}
    terms = Dutch().terms(amounts, {"drop_seconds": every, "duration_seconds": lasts})
    return factories.auction(terms, lasts=timedelta(seconds=lasts))


def price_at(lot: Auction, now: datetime) -> Money:
    return Dutch().descent(lot.terms).price_after(now - lot.starts_at)


def buy(lot: Auction, who: int, seen: int, now: datetime) -> Closed:
    return closing.buy_now(lot, wallet(who), xtr(seen), 5, DealTimes(), now)


@pytest.mark.parametrize(
    ("after", "price"),
    [
        (timedelta(0), 1_000),
        (60 * SECOND - MS, 1_000),
        (60 * SECOND, 900),
        (60 * SECOND + MS, 900),
        (120 * SECOND - MS, 900),
        (120 * SECOND, 800),
        (360 * SECOND - MS, 500),
        (360 * SECOND, 400),
        (420 * SECOND, 400),
        (3_600 * SECOND - MS, 400),
        (3_600 * SECOND, 400),
    ],
)
def test_the_price_falls_at_each_drop_and_not_a_millisecond_earlier(after: timedelta, price: int) -> None:
    lot = dutch()
    assert price_at(lot, START + after) == xtr(price)
    assert Dutch().view(lot, START + after).price == xtr(price)


def test_before_its_start_it_shows_the_start_price() -> None:
    lot = dutch()
    assert price_at(lot, START - timedelta(days=9)) == xtr(1_000)


def test_a_last_drop_that_would_go_below_the_floor_stops_at_it() -> None:
    lot = dutch(floor=450)
    assert price_at(lot, START + 5 * 60 * SECOND) == xtr(500)
    assert price_at(lot, START + 6 * 60 * SECOND) == xtr(450)


@given(
    start=st.integers(1, 10**6),
    below=st.integers(0, 10**6),
    drop=st.integers(1, 10**6),
    every=st.integers(1, 5_000),
    ms=st.integers(0, 10**8),
)
def test_the_price_is_the_contracts_formula_and_never_rises(
    start: int, below: int, drop: int, every: int, ms: int
) -> None:
    floor = max(1, start - below)
    terms = replace(dutch().terms, start_price=xtr(start), floor_price=xtr(floor), drop_amount=xtr(drop))
    terms = replace(terms, drop_seconds=every)
    falls = Dutch().descent(terms)
    price = falls.price_after(ms * MS)
    assert price.amount == max(floor, start - drop * (ms // (1_000 * every)))
    assert falls.price_after(ms * MS + 7 * SECOND) <= price
    lot = factories.auction(terms, lasts=timedelta(seconds=every) * (10**6 + 1) + ms * MS)
    change = Dutch().next_fall(lot, START + ms * MS)
    if change is None:
        assert price == terms.floor_price
    else:
        assert price_at(lot, change - MS) == price > price_at(lot, change)


def test_who_buys_pays_the_present_price_where_it_is_the_one_they_saw() -> None:
    closed = buy(dutch(), ANNA, 900, START + 60 * SECOND)
    assert (closed.auction.ending, closed.auction.leader_id, closed.auction.price) == (Ending.SOLD, ANNA, xtr(900))
    assert closed.wallets[0].available == xtr(-900)
    assert closed.wallets[0].held == xtr(0)
    assert closed.deal is not None
    assert (closed.deal.price, closed.deal.fee) == (xtr(900), xtr(45))
    assert closed.event is not None


def test_a_seen_price_above_the_present_one_is_charged_the_present_one() -> None:
    """The page was opened before the drop."""
    closed = buy(dutch(), ANNA, 1_000, START + 120 * SECOND)
    assert closed.auction.price == xtr(800)
    assert closed.wallets[0].available == xtr(-800)


def test_a_present_price_above_the_seen_one_is_refused_with_the_present_one() -> None:
    """A price seen later than now: a clock that runs ahead, or a guess."""
    with pytest.raises(PriceMoved) as moved:
        buy(dutch(), ANNA, 899, START + 120 * SECOND - MS)
    assert moved.value.price == xtr(900)
    assert moved.value.details == {"price": 900}


def test_the_second_of_two_buyers_comes_too_late() -> None:
    sold = buy(dutch(), ANNA, 1_000, START).auction
    with pytest.raises(AuctionClosed):
        buy(sold, BORIS, 1_000, START)


def test_the_seller_does_not_buy() -> None:
    with pytest.raises(OwnAuction):
        buy(dutch(), SELLER, 1_000, START)


def test_nobody_buys_before_the_start_or_from_the_end_on() -> None:
    lot = dutch()
    with pytest.raises(NotStarted):
        buy(lot, ANNA, 1_000, START - MS)
    with pytest.raises(AuctionClosed):
        buy(lot, ANNA, 1_000, lot.ends_at)
    assert buy(lot, ANNA, 400, lot.ends_at - MS).auction.price == xtr(400)


@pytest.mark.parametrize("seen", [Money(900, "RUB"), xtr(0), xtr(-1)])
def test_a_seen_price_that_is_none_is_refused(seen: Money) -> None:
    with pytest.raises(Invalid):
        closing.buy_now(dutch(), wallet(ANNA), seen, 5, DealTimes(), START)


def test_there_is_nothing_to_bid() -> None:
    with pytest.raises(NotBiddable):
        Dutch().bid(dutch(), ANNA, xtr(5_000), START, None)


def test_unbought_it_ends_unsold() -> None:
    lot = dutch()
    assert closing.close(lot, None, 5, DealTimes(), lot.ends_at).auction.ending is Ending.UNSOLD


def faults(**changes: object) -> list[tuple[str, str]]:
    fields = {"type": "dutch", "start_price": 1_000, "floor_price": 400, "drop_amount": 100, "drop_seconds": 60}
    try:
        draft(START, **(fields | changes))
    except InvalidFields as invalid:
        return [(error.field, error.reason) for error in invalid.errors]
    return []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"floor_price": 1_000}, []),
        ({"floor_price": 1_001}, [("floor_price", "above_start")]),
        ({"drop_amount": 9, "drop_seconds": 60}, [("drop_amount", "never_reaches_floor")]),
        ({"duration_seconds": 361}, []),
        ({"duration_seconds": 360}, [("drop_amount", "never_reaches_floor")]),
        ({"drop_seconds": 3_600}, [("drop_amount", "never_reaches_floor")]),
        (
            {"start_price": 10**12, "floor_price": 1, "drop_amount": 1, "drop_seconds": 3_600},
            [("drop_amount", "never_reaches_floor")],
        ),
        ({"drop_seconds": 3_599, "drop_amount": 600}, []),
        ({"drop_seconds": 0}, [("drop_seconds", "range")]),
        ({"drop_seconds": None}, [("drop_seconds", "required")]),
        ({"drop_amount": 0}, [("drop_amount", "range")]),
        ({"floor_price": 0}, [("floor_price", "range")]),
        ({"floor_price": None}, [("floor_price", "required")]),
        ({"drop_amount": None, "floor_price": None}, [("floor_price", "required"), ("drop_amount", "required")]),
        ({"reserve_price": 500}, [("reserve_price", "not_for_type")]),
        ({"buy_now_price": 500}, [("buy_now_price", "not_for_type")]),
    ],
)
def test_its_terms_make_sense_or_are_refused(changes: dict[str, object], expected: list[tuple[str, str]]) -> None:
    assert faults(**changes) == expected


def test_a_floor_at_the_start_is_a_fixed_price() -> None:
    lot = dutch(start=400, floor=400)
    assert buy(lot, ANNA, 400, START + 999 * SECOND).auction.price == xtr(400)


def test_the_floor_is_reached_while_it_can_still_be_bought() -> None:
    """At the last moment of the shortest lot that is allowed the floor is the price."""
    lot = dutch(lasts=361)
    assert price_at(lot, lot.ends_at - MS) == xtr(400)
