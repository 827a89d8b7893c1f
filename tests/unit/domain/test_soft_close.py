"""Spec, section 3, "Soft close"."""

from datetime import timedelta

import pytest

from starbid.domain.auction import Auction
from starbid.domain.errors import BidTooLow
from tests.support.factories import ANNA, BORIS, CLARA, auction, bid, bids, terms

SECOND, MS = timedelta(seconds=1), timedelta(milliseconds=1)


def soft(window: int = 120, most: int = 7200, reserve: int | None = None) -> Auction:
    return auction(terms(100, step=10, reserve=reserve, extend_seconds=window, max_extension_seconds=most))


def test_a_bid_earlier_than_the_window_extends_nothing() -> None:
    lot = soft()
    accepted = bid(lot, ANNA, 500, lot.ends_at - 120 * SECOND - MS)
    assert (accepted.auction.ends_at, accepted.bid.extended) == (lot.ends_at, False)


def test_a_bid_exactly_a_window_before_the_end_extends_to_where_the_end_is() -> None:
    lot = soft()
    accepted = bid(lot, ANNA, 500, lot.ends_at - 120 * SECOND)
    assert (accepted.auction.ends_at, accepted.bid.extended) == (lot.ends_at, False)


def test_a_bid_within_the_window_moves_the_end_a_window_away() -> None:
    lot = soft()
    at = lot.ends_at - 120 * SECOND + MS
    accepted = bid(lot, ANNA, 500, at)
    assert (accepted.auction.ends_at, accepted.bid.extended) == (at + 120 * SECOND, True)
    assert accepted.bid.ends_at == accepted.auction.ends_at


def test_the_last_millisecond_gives_a_whole_window() -> None:
    lot = soft()
    assert bid(lot, ANNA, 500, lot.ends_at - MS).auction.ends_at == lot.ends_at - MS + 120 * SECOND


def test_a_window_of_nothing_turns_it_off() -> None:
    lot = soft(window=0)
    assert bid(lot, ANNA, 500, lot.ends_at - MS).auction.ends_at == lot.ends_at


def test_a_longest_extension_of_nothing_turns_it_off() -> None:
    lot = soft(most=0)
    accepted = bid(lot, ANNA, 500, lot.ends_at - MS)
    assert (accepted.auction.ends_at, accepted.bid.extended) == (lot.ends_at, False)


def test_the_end_never_goes_beyond_the_scheduled_end_and_the_longest_extension() -> None:
    lot = soft(most=100)
    late = bid(lot, ANNA, 500, lot.ends_at - SECOND).auction
    assert late.ends_at == lot.scheduled_end + 100 * SECOND
    last = bid(late, BORIS, 900, late.ends_at - MS)
    assert (last.auction.ends_at, last.bid.extended) == (late.ends_at, False)


def test_extensions_are_counted_from_the_scheduled_end() -> None:
    lot = soft(most=200)
    amount = 100
    for bidder in (ANNA, BORIS, CLARA, ANNA, BORIS):
        amount *= 2
        lot = bid(lot, bidder, amount, lot.ends_at - SECOND).auction
    assert lot.ends_at == lot.scheduled_end + 200 * SECOND
    assert lot.extended_by == 200 * SECOND


def test_a_lost_challenge_extends_because_the_price_moved() -> None:
    lot = bids(soft(), (ANNA, 500))
    accepted = bid(lot, BORIS, 300, lot.ends_at - SECOND)
    assert (accepted.auction.leader_id, accepted.bid.extended) == (ANNA, True)


def test_a_change_of_leader_without_a_change_of_price_extends() -> None:
    lot = soft()
    accepted = bid(lot, ANNA, 100, lot.ends_at - SECOND)
    assert accepted.auction.price == lot.price
    assert accepted.bid.extended


def test_an_own_raise_that_leaves_the_price_extends_nothing() -> None:
    lot = bids(soft(), (ANNA, 500))
    accepted = bid(lot, ANNA, 600, lot.ends_at - SECOND)
    assert (accepted.auction.ends_at, accepted.bid.extended) == (lot.ends_at, False)


def test_an_own_raise_that_meets_the_reserve_moves_the_price_and_extends() -> None:
    lot = bids(soft(reserve=300), (ANNA, 200))
    assert bid(lot, ANNA, 300, lot.ends_at - SECOND).bid.extended


def test_a_refused_bid_extends_nothing() -> None:
    lot = bids(soft(), (ANNA, 500))
    with pytest.raises(BidTooLow):
        bid(lot, BORIS, 105, lot.ends_at - SECOND)
    assert lot.ends_at == lot.scheduled_end


def test_a_window_longer_than_the_lot_extends_from_the_first_bid() -> None:
    lot = auction(terms(extend_seconds=3600), lasts=timedelta(seconds=60))
    assert bid(lot, ANNA, 100, lot.starts_at).auction.ends_at == lot.starts_at + 3600 * SECOND
