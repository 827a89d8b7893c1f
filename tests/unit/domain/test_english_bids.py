"""Spec, section 3, "English": first bid, challengers, ties, own raises, refusals."""

from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.auction import Auction, BidKind, Ending
from starbid.domain.errors import AuctionClosed, BidTooLow, Invalid, NotStarted, OwnAuction, StarbidError
from starbid.domain.kinds import is_unusual
from starbid.domain.kinds.english import English, next_price
from starbid.domain.money import Money
from starbid.domain.wallet import WalletChange
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, auction, bid, bids, terms, xtr
from tests.support.fakes import START


def stepping(step: int = 10, start: int = 100, **fixed: Any) -> Auction:
    return auction(terms(start, step=step, **fixed))


def test_the_example_of_the_contract() -> None:
    lot = bids(stepping(), (ANNA, 500))
    second = bid(lot, BORIS, 300)

    assert (second.auction.leader_id, second.auction.price) == (ANNA, xtr(310))
    assert next_price(second.auction) == xtr(320)
    assert second.auction.leader_maximum == xtr(500)
    assert second.wallets == ()
    assert second.needed == xtr(300)


def test_the_first_bid_leads_at_the_start_price_not_at_its_maximum() -> None:
    first = bid(stepping(), ANNA, 500)

    assert (first.auction.price, first.auction.leader_id, first.auction.bids_count) == (xtr(100), ANNA, 1)
    assert first.wallets == (WalletChange.hold(ANNA, xtr(500)),)
    assert (first.bid.kind, first.bid.number, first.bid.outbid_id) == (BidKind.BID, 1, None)


def test_the_first_bid_may_be_the_start_price_exactly() -> None:
    assert bid(stepping(), ANNA, 100).auction.price == xtr(100)


def test_a_first_bid_below_the_start_price_is_too_low() -> None:
    with pytest.raises(BidTooLow) as refusal:
        bid(stepping(), ANNA, 99)
    assert refusal.value.details == {"next_min_bid": 100}


def test_the_next_bid_must_be_the_price_and_a_step() -> None:
    lot = bids(stepping(), (ANNA, 500))
    with pytest.raises(BidTooLow) as refusal:
        bid(lot, BORIS, 109)
    assert refusal.value.next_min == xtr(110)
    assert bid(lot, BORIS, 110).auction.price == xtr(120)


def test_a_higher_challenger_leads_one_step_above_the_old_maximum() -> None:
    accepted = bid(bids(stepping(), (ANNA, 500)), BORIS, 900)

    assert (accepted.auction.leader_id, accepted.auction.price) == (BORIS, xtr(510))
    assert accepted.wallets == (WalletChange.hold(BORIS, xtr(900)), WalletChange.hold(ANNA, xtr(-500)))
    assert (accepted.bid.outbid_id, accepted.bid.released) == (ANNA, xtr(500))


def test_a_challenger_less_than_a_step_higher_pays_their_own_maximum() -> None:
    accepted = bid(bids(stepping(), (ANNA, 500)), BORIS, 505)
    assert (accepted.auction.leader_id, accepted.auction.price) == (BORIS, xtr(505))


def test_of_two_equal_maxima_the_earlier_wins_at_that_price() -> None:
    accepted = bid(bids(stepping(), (ANNA, 500)), BORIS, 500)

    assert (accepted.auction.leader_id, accepted.auction.price) == (ANNA, xtr(500))
    assert accepted.wallets == ()
    assert not accepted.bid.leads


@pytest.mark.parametrize(("maximum", "price"), [(480, 490), (490, 500), (495, 500), (499, 500)])
def test_a_lower_challenger_drives_the_price_up_to_the_leaders_maximum_at_most(maximum: int, price: int) -> None:
    accepted = bid(bids(stepping(), (ANNA, 500)), BORIS, maximum)
    assert (accepted.auction.leader_id, accepted.auction.price) == (ANNA, xtr(price))


def test_the_step_after_a_lost_challenge_is_that_of_the_challengers_maximum() -> None:
    lot = bids(auction(terms(start=90)), (ANNA, 1_000))
    assert bid(lot, BORIS, 99).auction.price == xtr(100)
    assert bid(lot, BORIS, 100).auction.price == xtr(105)


def test_the_step_over_a_beaten_maximum_is_that_of_this_maximum() -> None:
    assert bid(bids(auction(terms(start=90)), (ANNA, 99)), BORIS, 1_000).auction.price == xtr(100)
    assert bid(bids(auction(terms(start=90)), (ANNA, 500)), BORIS, 1_000).auction.price == xtr(510)


def test_an_outbid_person_may_come_back() -> None:
    lot = bids(stepping(), (ANNA, 200), (BORIS, 300))
    accepted = bid(lot, ANNA, 400)
    assert (accepted.auction.leader_id, accepted.auction.price) == (ANNA, xtr(310))


def test_the_leader_raises_and_the_price_stays() -> None:
    lot = bids(stepping(), (ANNA, 500), (BORIS, 300))
    accepted = bid(lot, ANNA, 510)

    assert (accepted.auction.price, accepted.auction.leader_maximum) == (xtr(310), xtr(510))
    assert accepted.wallets == (WalletChange.hold(ANNA, xtr(10)),)
    assert accepted.needed == xtr(10)
    assert accepted.bid.kind is BidKind.RAISE
    assert accepted.auction.bids_count == 3


@pytest.mark.parametrize("amount", [509, 500, 499, 320])
def test_the_leader_raises_their_own_maximum_by_a_step(amount: int) -> None:
    lot = bids(stepping(), (ANNA, 500), (BORIS, 300))
    with pytest.raises(BidTooLow) as refusal:
        bid(lot, ANNA, amount)
    assert refusal.value.next_min == xtr(510)


def test_a_price_never_falls_whatever_the_steps_do() -> None:
    lot = auction(terms(100, step=50))
    for bidder, amount in ((ANNA, 150), (BORIS, 151), (CLARA, 400), (ANNA, 260), (BORIS, 399)):
        before = lot.price
        try:
            lot = bid(lot, bidder, amount).auction
        except BidTooLow:
            continue
        assert lot.price >= before


def test_every_accepted_bid_makes_a_new_version_and_the_next_number() -> None:
    lot = bids(stepping(), (ANNA, 200), (BORIS, 300))
    third = bid(lot, ANNA, 400)
    assert (lot.version, third.auction.version, third.bid.version, third.bid.number) == (3, 4, 4, 3)


@pytest.mark.parametrize("amount", [0, -1, -(10**12)])
def test_an_amount_of_nothing_or_less_is_malformed(amount: int) -> None:
    with pytest.raises(Invalid):
        bid(stepping(), ANNA, amount)


def test_another_currency_is_malformed() -> None:
    with pytest.raises(Invalid):
        English().bid(stepping(), ANNA, Money(500, "RUB"), START)


def test_a_bid_is_accepted_from_the_first_moment_to_just_before_the_end() -> None:
    lot = stepping()
    for moment in (lot.starts_at, lot.ends_at - timedelta(milliseconds=1)):
        assert bid(lot, ANNA, 100, moment).auction.leader_id == ANNA


def test_before_the_start_nobody_bids() -> None:
    lot = stepping()
    with pytest.raises(NotStarted):
        bid(lot, ANNA, 100, lot.starts_at - timedelta(milliseconds=1))


@pytest.mark.parametrize("late", [timedelta(), timedelta(milliseconds=1), timedelta(days=1)])
def test_from_the_end_on_nobody_bids_though_the_closer_has_not_run(late: timedelta) -> None:
    lot = stepping()
    with pytest.raises(AuctionClosed):
        bid(lot, ANNA, 100, lot.ends_at + late)


@pytest.mark.parametrize("ending", [Ending.SOLD, Ending.UNSOLD, Ending.CANCELLED])
def test_a_lot_that_ended_early_takes_no_bids(ending: Ending) -> None:
    with pytest.raises(AuctionClosed):
        bid(stepping().ended(ending, START), ANNA, 100)


def test_the_seller_does_not_bid() -> None:
    with pytest.raises(OwnAuction):
        bid(stepping(), SELLER, 500)


ENDED = auction().ended(Ending.CANCELLED, START)


@pytest.mark.parametrize(
    ("lot", "bidder", "amount", "refusal"),
    [
        (ENDED, SELLER, 0, Invalid),
        (ENDED, SELLER, 1, AuctionClosed),
        (auction(starts_at=START + timedelta(hours=1)), SELLER, 1, NotStarted),
        (auction(), SELLER, 1, OwnAuction),
        (auction(), ANNA, 1, BidTooLow),
    ],
)
def test_reasons_are_looked_at_in_their_order(
    lot: Auction, bidder: int, amount: int, refusal: type[StarbidError]
) -> None:
    with pytest.raises(refusal):
        bid(lot, bidder, amount)


@pytest.mark.parametrize(("amount", "unusual"), [(999, False), (1_000, True), (5_000, True)])
def test_ten_times_the_least_bid_is_unusual(amount: int, unusual: bool) -> None:
    assert is_unusual(stepping(), ANNA, xtr(amount)) is unusual


def test_for_the_leader_unusual_is_measured_from_their_own_maximum() -> None:
    lot = bids(stepping(), (ANNA, 500))
    assert not is_unusual(lot, ANNA, xtr(5_099))
    assert is_unusual(lot, ANNA, xtr(5_100))


def test_pseudonyms_hold_on_one_lot_only() -> None:
    lot, other = auction(), auction(salt="another")
    assert lot.pseudonym(ANNA) == lot.pseudonym(ANNA)
    assert lot.pseudonym(ANNA) != lot.pseudonym(BORIS)
    assert lot.pseudonym(ANNA) != other.pseudonym(ANNA)
    assert str(1234567) not in lot.pseudonym(1234567)
