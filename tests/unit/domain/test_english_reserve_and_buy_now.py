"""Spec, section 3, "English": the reserve, and buy-now with and without one."""

from datetime import timedelta

import pytest

from starbid.domain.auction import Auction, BidKind, Ending
from starbid.domain.closing import Closed, buy_now
from starbid.domain.deals import DealTimes
from starbid.domain.errors import AuctionClosed, NotForSale, NotStarted, OwnAuction, PriceMoved
from starbid.domain.kinds.english import English, buy_now_price, next_price
from starbid.domain.wallet import WalletChange
from tests.support.factories import ANNA, BORIS, SELLER, auction, bid, bids, terms, wallet, xtr
from tests.support.fakes import START


def reserved(reserve: int = 300, start: int = 100, buy: int | None = None) -> Auction:
    return auction(terms(start, step=10, reserve=reserve, buy_now=buy))


def bought(lot: Auction, buyer: int, seen: int) -> Closed:
    return buy_now(lot, wallet(buyer), xtr(seen), 5, DealTimes(), START)


# --- reserve ----------------------------------------------------------------------------------------------------------


def test_a_first_maximum_below_the_reserve_leads_at_the_start_price() -> None:
    lot = bids(reserved(), (ANNA, 299))
    assert (lot.price, lot.reserve_met) == (xtr(100), False)


@pytest.mark.parametrize("maximum", [300, 301, 5_000])
def test_a_first_maximum_that_covers_the_reserve_makes_it_the_price(maximum: int) -> None:
    lot = bids(reserved(), (ANNA, maximum))
    assert (lot.price, lot.reserve_met) == (xtr(300), True)


def test_a_challenger_who_covers_the_reserve_leads_at_it() -> None:
    lot = bids(reserved(), (ANNA, 150), (BORIS, 400))
    assert (lot.leader_id, lot.price) == (BORIS, xtr(300))


def test_a_challenger_who_covers_the_reserve_by_nothing_more_leads_at_it() -> None:
    lot = bids(reserved(), (ANNA, 299), (BORIS, 300))
    assert (lot.leader_id, lot.price) == (BORIS, xtr(300))


def test_a_price_above_the_reserve_is_not_touched_by_it() -> None:
    lot = bids(reserved(), (ANNA, 350), (BORIS, 500))
    assert (lot.leader_id, lot.price) == (BORIS, xtr(360))


def test_below_the_reserve_two_maxima_compete_as_ever() -> None:
    lot = bids(reserved(), (ANNA, 200), (BORIS, 150))
    assert (lot.leader_id, lot.price, lot.reserve_met) == (ANNA, xtr(160), False)


def test_the_leaders_own_raise_to_the_reserve_lifts_the_price_to_it() -> None:
    lot = bids(reserved(), (ANNA, 200))
    accepted = bid(lot, ANNA, 300)

    assert (accepted.auction.price, accepted.auction.reserve_met) == (xtr(300), True)
    assert accepted.wallets == (WalletChange.hold(ANNA, xtr(100)),)
    assert next_price(accepted.auction) == xtr(310)


def test_the_leaders_own_raise_short_of_the_reserve_leaves_the_price() -> None:
    lot = bids(reserved(), (ANNA, 200), (ANNA, 299))
    assert (lot.price, lot.reserve_met) == (xtr(100), False)


def test_a_leader_over_the_reserve_stays_at_it_or_above_when_challenged_below_it() -> None:
    lot = bids(reserved(), (ANNA, 500), (BORIS, 310))
    assert (lot.leader_id, lot.price) == (ANNA, xtr(320))


def test_without_a_reserve_it_counts_as_met() -> None:
    assert auction().reserve_met


def test_a_reserve_without_bids_is_not_met() -> None:
    assert not reserved().reserve_met


# --- buy-now ----------------------------------------------------------------------------------------------------------


def test_one_click_at_the_buy_now_price_ends_the_lot() -> None:
    closed = bought(auction(terms(100, buy_now=700)), ANNA, 700)

    after = closed.auction
    assert (after.ending, after.price, after.leader_id, after.ends_at) == (Ending.SOLD, xtr(700), ANNA, START)
    assert closed.wallets == (WalletChange.capture(wallet(ANNA), xtr(0), xtr(700)),)
    assert closed.deal is not None
    assert (closed.deal.buyer_id, closed.deal.price, closed.deal.fee) == (ANNA, xtr(700), xtr(35))
    assert closed.bid is not None
    assert (closed.bid.kind, closed.bid.number, closed.bid.outbid_id) == (BidKind.BUY, 1, None)


def test_without_a_reserve_buy_now_goes_away_with_the_first_bid() -> None:
    lot = bids(auction(terms(100, buy_now=700)), (ANNA, 100))
    assert buy_now_price(lot) is None
    with pytest.raises(PriceMoved) as refusal:
        bought(lot, BORIS, 700)
    assert refusal.value.details == {"price": None}


def test_with_a_reserve_buy_now_stays_until_the_reserve_is_met() -> None:
    below = bids(reserved(buy=700), (ANNA, 299), (BORIS, 200))
    assert buy_now_price(below) == xtr(700)
    assert buy_now_price(bids(below, (BORIS, 300))) is None
    assert buy_now_price(bids(below, (ANNA, 309))) is None


def test_a_leader_below_the_reserve_gets_the_hold_back_when_another_buys() -> None:
    closed = bought(bids(reserved(buy=700), (ANNA, 299)), BORIS, 700)

    assert set(closed.wallets) == {
        WalletChange.capture(wallet(BORIS), xtr(0), xtr(700)),
        WalletChange.hold(ANNA, xtr(-299)),
    }
    assert closed.bid is not None
    assert (closed.bid.outbid_id, closed.bid.released, closed.bid.number) == (ANNA, xtr(299), 2)


def test_a_leader_who_buys_pays_the_rest_in_a_single_change() -> None:
    closed = bought(bids(reserved(buy=700), (ANNA, 299)), ANNA, 700)

    (change,) = closed.wallets
    assert (change.user_id, change.available, change.held) == (ANNA, xtr(-401), xtr(-299))
    assert closed.bid is not None
    assert closed.bid.outbid_id is None


@pytest.mark.parametrize("seen", [699, 701, 1])
def test_another_price_than_the_present_one_is_refused_with_it(seen: int) -> None:
    with pytest.raises(PriceMoved) as refusal:
        bought(auction(terms(100, buy_now=700)), ANNA, seen)
    assert refusal.value.price == xtr(700)


def test_a_lot_without_a_buy_now_price_is_not_for_sale() -> None:
    with pytest.raises(NotForSale):
        bought(auction(), ANNA, 100)


def test_the_seller_does_not_buy() -> None:
    with pytest.raises(OwnAuction):
        bought(auction(terms(100, buy_now=700)), SELLER, 700)


def test_buying_has_the_same_hours_as_bidding() -> None:
    lot = auction(terms(100, buy_now=700))
    times = DealTimes()
    with pytest.raises(NotStarted):
        buy_now(lot, wallet(ANNA), xtr(700), 5, times, lot.starts_at - timedelta(milliseconds=1))
    with pytest.raises(AuctionClosed):
        buy_now(lot, wallet(ANNA), xtr(700), 5, times, lot.ends_at)


def test_closed_comes_before_the_moved_price() -> None:
    lot = auction(terms(100, buy_now=700))
    with pytest.raises(AuctionClosed):
        buy_now(lot, wallet(ANNA), xtr(1), 5, DealTimes(), lot.ends_at)


def test_what_the_public_sees_of_a_lot() -> None:
    lot = bids(reserved(buy=700), (ANNA, 200))
    live, ended = English().view(lot, START), English().view(lot, lot.ends_at)

    assert (live.price, live.next_min_bid, live.buy_now_price, live.leader_id) == (xtr(100), xtr(110), xtr(700), ANNA)
    assert (ended.next_min_bid, ended.buy_now_price) == (None, None)
