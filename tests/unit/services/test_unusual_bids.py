"""A bid of ten times the least one or more counts only when confirmed (spec, section 3). It is the service's rule."""

from __future__ import annotations

import pytest

from starbid.domain.errors import (
    BidTooLow,
    InsufficientFunds,
    Invalid,
    LotChanged,
    OwnAuction,
    StarbidError,
    UnusualBid,
)
from starbid.domain.people import Person
from starbid.domain.typed_numbers import TypedAmount
from tests.support.factories import ANNA, BORIS, SELLER, join, market, xtr
from tests.support.invariants import assert_invariants, dump_of

POOR = 7_007


def test_an_unusual_bid_changes_nothing_until_it_is_confirmed() -> None:
    app, lot = market()
    with pytest.raises(UnusualBid) as asked:
        app.bidding.bid(lot.auction.id, ANNA, 1_000, app.now())
    assert asked.value.amount == xtr(1_000)
    assert app.store.auction(lot.auction.id) == lot.auction
    assert app.store.wallet(ANNA, "XTR").held == xtr(0)

    assert app.bidding.bid(lot.auction.id, ANNA, 1_000, app.now(), confirmed=True).bid.leads
    assert_invariants(dump_of(app.store))


def test_one_star_less_than_ten_times_the_least_bid_needs_no_confirmation() -> None:
    app, lot = market()
    assert app.bidding.bid(lot.auction.id, ANNA, 999, app.now()).bid.leads


@pytest.mark.parametrize(
    ("bidder", "amount", "card", "refusal"),
    [
        (SELLER, 1_000, None, OwnAuction),
        (ANNA, 1_000, 7, LotChanged),
        (POOR, 1_000, None, InsufficientFunds),
        (BORIS, 900, None, BidTooLow),
    ],
    ids=["own lot", "other words", "no money", "own maximum"],
)
def test_what_would_be_refused_is_refused_without_a_question(
    bidder: int, amount: int, card: int | None, refusal: type[StarbidError]
) -> None:
    app, lot = market()
    join(app, POOR, stars=999)
    if refusal is BidTooLow:
        app.bidding.bid(lot.auction.id, BORIS, 900, app.now())
    with pytest.raises(refusal):
        app.bidding.bid(lot.auction.id, bidder, amount, app.now(), card_version=card)


def test_somebody_without_a_wallet_is_not_asked_either() -> None:
    app, lot = market()
    with pytest.raises(InsufficientFunds):
        app.bidding.bid(lot.auction.id, 999_999, 1_000, app.now())


def test_an_amount_is_read_in_the_currency_of_the_lot_before_anything_else_is_looked_at() -> None:
    """An own lot would be refused as well: what is malformed comes first, and Stars have no decimals."""
    app, lot = market()
    for text in ("1.5", "", "0", "<b>"):
        with pytest.raises(Invalid):
            app.bidding.bid(lot.auction.id, SELLER, TypedAmount("amount", text), app.now())
    with pytest.raises(OwnAuction):
        app.bidding.bid(lot.auction.id, SELLER, TypedAmount("amount", "300"), app.now())
    app.bidding.bid(lot.auction.id, ANNA, TypedAmount("amount", "300"), app.now(), confirmed=True)
    assert app.store.auction(lot.auction.id).leader_maximum == xtr(300)


def test_the_bidder_is_read_with_the_lot_and_may_be_turned_away_before_it_is_looked_at() -> None:
    class NotKnown(Exception):
        pass

    app, lot = market()
    told: list[Person | None] = []

    def admit(person: Person | None) -> None:
        told.append(person)
        raise NotKnown

    for auction_id in (lot.auction.id, "nothing"):
        app.store.trips.clear()
        with pytest.raises(NotKnown):
            app.bidding.bid(auction_id, ANNA, 500, app.now(), admit=admit)
        assert app.store.trips == ["auction+wallet+line+person"]
    assert told == [app.store.person(ANNA)] * 2

    app.store.trips.clear()
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now(), admit=lambda _: None)
    assert app.store.trips == ["auction+wallet+line+person", "commit"]
