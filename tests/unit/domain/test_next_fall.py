"""When a price falls next by the clock alone: the same moment for everybody, exact to the millisecond."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.auction import Auction, Ending
from starbid.domain.kinds import KINDS
from starbid.domain.kinds.dutch import Dutch
from starbid.services.cards.falling import LONGEST_DELAY, next_wake
from tests.support import factories
from tests.support.factories import xtr
from tests.support.fakes import START

MS = timedelta(milliseconds=1)
SECOND = timedelta(seconds=1)
LASTS = 7_200


def dutch(every: int = 60, **changes: object) -> Auction:
    """From 1000 down by 100 to 400, for two hours."""
    amounts = {"start_price": xtr(1_000), "floor_price": xtr(400), "drop_amount": xtr(100)}
    terms = Dutch().terms(amounts, {"drop_seconds": every, "duration_seconds": LASTS})
    return factories.auction(terms, lasts=timedelta(seconds=LASTS), **changes)


def price(lot: Auction, at: datetime) -> int:
    return Dutch().view(lot, at).price.amount


lots = st.integers(1, 1_190).map(dutch)
moments = st.integers(-1_000, LASTS * 1_000).map(lambda ms: START + ms * MS)


@given(lots, moments)
def test_until_the_next_fall_the_price_stays_and_then_it_is_lower(lot: Auction, now: datetime) -> None:
    at = Dutch().next_fall(lot, now)
    if at is None:
        assert price(lot, now) == price(lot, lot.ends_at) == 400
    elif now < START:
        assert at == START
    else:
        assert at > now
        assert price(lot, at - MS) == price(lot, now) > price(lot, at)


@given(lots, moments, st.integers(1, 120))
def test_falls_that_lie_apart_are_the_same_whenever_one_asks(lot: Auction, now: datetime, seconds: int) -> None:
    apart = timedelta(seconds=seconds)
    at = Dutch().next_fall(lot, now, apart)
    if at and now >= START:
        later = Dutch().next_fall(lot, at, apart)
        asked_just_before = Dutch().next_fall(lot, at - MS, apart)
        assert asked_just_before == at or (asked_just_before is None and price(lot, at - MS) == 400)
        assert later is None or apart <= later - at < apart + (lot.terms.drop_seconds or 0) * SECOND


@given(lots, moments)
def test_wake_ups_are_never_further_away_than_a_message_can_wait_and_lead_to_the_floor(
    lot: Auction, now: datetime
) -> None:
    while at := next_wake(lot, now):
        assert now < at <= now + LONGEST_DELAY
        now = at
    assert price(lot, now) == 400


@pytest.mark.parametrize("ending", [Ending.SOLD, Ending.CANCELLED, Ending.UNSOLD])
def test_a_lot_that_is_over_falls_no_more(ending: Ending) -> None:
    assert Dutch().next_fall(dutch(ending=ending, ended_at=START), START) is None


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"dutch"}))
def test_a_price_that_only_bids_move_never_falls(kind: str) -> None:
    assert KINDS[kind].next_fall(factories.auction(), START) is None
