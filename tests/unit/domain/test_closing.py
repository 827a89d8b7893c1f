"""Spec, section 3, "Close", and the money of a sale (section 2)."""

from datetime import timedelta

import pytest

from starbid.domain import closing
from starbid.domain.auction import Auction, Ending, Status
from starbid.domain.changing import require_unfinished
from starbid.domain.closing import Closed, cancel, close_without
from starbid.domain.deals import DealState, DealTimes
from starbid.domain.errors import AuctionClosed, HasBids, NotYours
from starbid.domain.events import LotCancelled, LotSold, LotUnsold
from starbid.domain.kinds import kind_of
from starbid.domain.ledger import ESCROW, Entry, user_account
from starbid.domain.wallet import WalletChange
from tests.support.factories import ANNA, BORIS, SELLER, auction, bids, terms, wallet, xtr
from tests.support.fakes import START

TIMES = DealTimes()
OVER = START + timedelta(hours=1)


def close(lot: Auction, bought: int = 0) -> Closed:
    """Closed at its end; the winner has paid in `bought`."""
    won = kind_of(lot).winner(lot)
    return closing.close(lot, wallet(won[0], bought=bought) if won else None, 5, TIMES, OVER)


def test_the_winners_price_goes_to_escrow_and_the_rest_of_the_hold_is_free() -> None:
    lot = bids(auction(terms(step=10)), (ANNA, 500), (BORIS, 300))
    closed = close(lot, bought=200)

    assert (closed.auction.ending, closed.auction.price, closed.auction.ended_at) == (Ending.SOLD, xtr(310), OVER)
    capture = WalletChange(ANNA, xtr(190), xtr(-500), bought=xtr(-200), bought_was=xtr(200))
    assert closed.wallets == (capture,)
    assert closed.transfer is not None
    assert closed.transfer.entries == (Entry(user_account(ANNA), xtr(-310)), Entry(ESCROW, xtr(310)))
    assert closed.event == LotSold("sold:lot1", OVER, "lot1", SELLER, ANNA, xtr(310))
    assert closed.bid is None


def test_the_deal_of_a_sale_knows_its_fee_and_when_it_ends_by_itself() -> None:
    deal = close(bids(auction(), (ANNA, 500))).deal
    assert deal is not None
    assert (deal.state, deal.price, deal.fee, deal.payout) == (
        DealState.AWAITING_DELIVERY,
        xtr(100),
        xtr(5),
        xtr(95),
    )
    assert deal.due_at == OVER + timedelta(days=14)


@pytest.mark.parametrize(("price", "fee"), [(1, 0), (19, 0), (20, 1), (399, 19)])
def test_the_fee_is_rounded_down_and_nothing_gets_lost(price: int, fee: int) -> None:
    deal = close(bids(auction(terms(price)), (ANNA, price))).deal
    assert deal is not None
    assert deal.fee == xtr(fee)
    assert deal.payout + deal.fee == deal.price


def test_a_lot_without_bids_is_unsold_and_moves_no_money() -> None:
    closed = close(auction())

    assert closed.auction.ending is Ending.UNSOLD
    assert (closed.wallets, closed.transfer, closed.deal) == ((), None, None)
    assert closed.event == LotUnsold("unsold:lot1", OVER, "lot1", SELLER, None, None)


def test_below_the_reserve_the_lot_is_unsold_and_the_hold_released() -> None:
    lot = bids(auction(terms(reserve=300)), (ANNA, 299))
    closed = close(lot)

    assert closed.auction.ending is Ending.UNSOLD
    assert closed.wallets == (WalletChange.hold(ANNA, xtr(-299)),)
    assert (closed.transfer, closed.deal) == (None, None)
    assert closed.event == LotUnsold("unsold:lot1", OVER, "lot1", SELLER, xtr(100), ANNA)


def test_at_the_reserve_the_lot_is_sold() -> None:
    closed = close(bids(auction(terms(reserve=300)), (ANNA, 300)))
    assert (closed.auction.ending, closed.auction.price) == (Ending.SOLD, xtr(300))


def test_a_status_follows_from_the_clock_until_the_lot_has_ended() -> None:
    lot = auction(starts_at=START + timedelta(minutes=1))
    assert lot.status(START) is Status.SCHEDULED
    assert lot.status(lot.starts_at) is Status.LIVE
    assert lot.status(lot.ends_at - timedelta(milliseconds=1)) is Status.LIVE
    assert lot.status(lot.ends_at) is Status.CLOSING
    ended = lot.ended(Ending.UNSOLD, lot.ends_at)
    assert ended.status(START) is Status.UNSOLD
    assert not ended.is_due(lot.due_at)


def test_nothing_settles_before_two_seconds_after_the_end() -> None:
    lot = auction()
    assert lot.due_at == OVER + timedelta(seconds=2)
    assert not lot.is_due(lot.due_at - timedelta(milliseconds=1))
    assert lot.is_due(lot.due_at)


def test_a_leader_who_owes_gets_the_hold_back_and_the_lot_is_unsold() -> None:
    lot = bids(auction(), (BORIS, 300), (ANNA, 500))
    closed = close_without(lot, None, OVER)
    assert (closed.auction.ending, closed.auction.left_out, closed.auction.offer) == (Ending.UNSOLD, (ANNA,), None)
    assert closed.wallets == (WalletChange.hold(ANNA, xtr(-500)),)
    assert (closed.transfer, closed.deal, closed.offered) == (None, None, None)
    assert closed.event == LotUnsold("unsold:lot1", OVER, "lot1", SELLER, xtr(305), ANNA, (ANNA,))


def test_a_seller_cancels_a_lot_without_bids() -> None:
    closed = cancel(auction(), SELLER, by_admin=False, reason="", now=START)
    assert closed.auction.ending is Ending.CANCELLED
    assert closed.event == LotCancelled("cancelled:lot1", START, "lot1", SELLER, "")


def test_a_seller_cancels_a_lot_that_has_not_started() -> None:
    lot = auction(starts_at=START + timedelta(minutes=1))
    assert cancel(lot, SELLER, by_admin=False, reason="", now=START).auction.ending is Ending.CANCELLED


def test_a_seller_does_not_cancel_a_lot_with_bids() -> None:
    with pytest.raises(HasBids):
        cancel(bids(auction(), (ANNA, 100)), SELLER, by_admin=False, reason="", now=START)


def test_nobody_else_cancels_a_lot() -> None:
    with pytest.raises(NotYours):
        cancel(auction(), ANNA, by_admin=False, reason="", now=START)


def test_an_admin_cancels_a_lot_with_bids_and_every_hold_is_released() -> None:
    lot = bids(auction(), (ANNA, 500), (BORIS, 300))
    closed = cancel(lot, 900, by_admin=True, reason="stolen goods", now=START)

    assert closed.wallets == (WalletChange.hold(ANNA, xtr(-500)),)
    assert (closed.transfer, closed.deal) == (None, None)
    assert closed.event == LotCancelled("cancelled:lot1", START, "lot1", SELLER, "stolen goods")


@pytest.mark.parametrize("by_admin", [False, True])
@pytest.mark.parametrize("ending", [Ending.SOLD, Ending.UNSOLD, Ending.CANCELLED])
def test_what_has_ended_is_not_cancelled(by_admin: bool, ending: Ending) -> None:
    with pytest.raises(AuctionClosed):
        cancel(auction().ended(ending, START), SELLER, by_admin=by_admin, reason="stolen goods", now=START)


def test_a_lot_cancelled_before_its_start_is_not_cancelled_again() -> None:
    lot = auction(starts_at=START + timedelta(minutes=1)).ended(Ending.CANCELLED, START)
    with pytest.raises(AuctionClosed):
        cancel(lot, SELLER, by_admin=False, reason="", now=START)


def test_a_lot_whose_end_has_come_is_settled_and_not_cancelled() -> None:
    with pytest.raises(AuctionClosed):
        cancel(auction(), SELLER, by_admin=False, reason="", now=OVER)


def test_finished_is_what_has_come_to_its_end() -> None:
    lot = auction()
    require_unfinished(lot, START - timedelta(days=1))
    require_unfinished(lot, OVER - timedelta(milliseconds=1))
    with pytest.raises(AuctionClosed):
        require_unfinished(lot, OVER)
