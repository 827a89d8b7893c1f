"""Sealed bids: hidden until the close, each held in full, only ever raised; the highest wins, the earlier of equals."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.domain import closing
from starbid.domain.auction import Auction, Bid, BidKind, Ending
from starbid.domain.closing import Closed
from starbid.domain.deals import DealTimes
from starbid.domain.errors import (
    AuctionClosed,
    BidTooLow,
    Invalid,
    InvalidFields,
    NotForSale,
    NotStarted,
    OwnAuction,
)
from starbid.domain.kinds import KINDS, kind_of
from starbid.domain.kinds.base import Accepted
from starbid.domain.money import Money
from starbid.domain.wallet import Stake, Wallet, WalletChange
from tests.support import factories
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, draft, wallet, xtr
from tests.support.fakes import START

MS = timedelta(milliseconds=1)
both = pytest.mark.parametrize("kind", ["sealed", "vickrey"])


def sealed(kind: str = "sealed", start: int = 100, reserve: int | None = None) -> Auction:
    amounts = {"start_price": xtr(start), "reserve_price": xtr(reserve) if reserve else None}
    return factories.auction(KINDS[kind].terms(amounts, {"duration_seconds": 3600}))


def place(lot: Auction, who: int, amount: int, now: datetime = START, staked: int | None = None) -> Accepted:
    return kind_of(lot).bid(lot, who, xtr(amount), now, None if staked is None else xtr(staked))


def after(lot: Auction, *bids: tuple[int, int]) -> tuple[Auction, dict[int, int]]:
    """The lot after bids (who, amount), and what each has staked."""
    staked: dict[int, int] = {}
    for who, amount in bids:
        lot = place(lot, who, amount, staked=staked.get(who)).auction
        staked[who] = amount
    return lot, staked


def close(lot: Auction) -> Closed:
    winner = kind_of(lot).winner(lot)
    return closing.close(lot, wallet(winner[0]) if winner else None, 5, DealTimes(), lot.ends_at)


@both
def test_a_first_bid_is_held_in_full_and_named_in_the_wallet(kind: str) -> None:
    accepted = place(sealed(kind), ANNA, 300)
    assert accepted.wallets == (WalletChange.hold(ANNA, xtr(300), Stake("lot1", None, xtr(300))),)
    assert accepted.needed == xtr(300)
    assert accepted.bid.kind is BidKind.BID


@both
def test_a_raise_holds_the_difference_only(kind: str) -> None:
    lot, _ = after(sealed(kind), (ANNA, 300))
    accepted = place(lot, ANNA, 450, staked=300)
    assert accepted.wallets == (WalletChange.hold(ANNA, xtr(150), Stake("lot1", xtr(300), xtr(450))),)
    assert accepted.needed == xtr(150)
    assert accepted.bid.kind is BidKind.RAISE


@both
@pytest.mark.parametrize("amount", [299, 300, 1])
def test_a_bid_is_neither_lowered_nor_repeated(kind: str, amount: int) -> None:
    lot, _ = after(sealed(kind), (ANNA, 300))
    with pytest.raises(BidTooLow) as low:
        place(lot, ANNA, amount, staked=300)
    assert low.value.next_min == xtr(301)


@both
def test_the_least_bid_is_the_start_price_whatever_others_bid(kind: str) -> None:
    lot, _ = after(sealed(kind), (ANNA, 9_000))
    with pytest.raises(BidTooLow) as low:
        place(lot, BORIS, 99)
    assert low.value.next_min == xtr(100)
    assert place(lot, BORIS, 100).auction.bids_count == 2


@both
def test_nothing_public_moves_but_the_number_of_bids(kind: str) -> None:
    before = sealed(kind, reserve=200)
    lot, _ = after(before, (ANNA, 300), (BORIS, 500))
    assert (lot.price, lot.ends_at, lot.bids_count) == (before.price, before.ends_at, 2)
    view = kind_of(lot).view(lot, START)
    assert (view.price, view.next_min_bid, view.leader_id, view.buy_now_price) == (xtr(100), xtr(100), None, None)


@both
def test_a_bid_at_the_last_moment_extends_nothing(kind: str) -> None:
    lot = sealed(kind)
    accepted = place(lot, ANNA, 300, lot.ends_at - MS)
    assert accepted.auction.ends_at == lot.ends_at
    assert not accepted.bid.extended


@both
def test_neither_before_the_start_nor_from_the_end_on_nor_by_the_seller(kind: str) -> None:
    lot = sealed(kind)
    with pytest.raises(NotStarted):
        place(lot, ANNA, 300, START - MS)
    with pytest.raises(AuctionClosed):
        place(lot, ANNA, 300, lot.ends_at)
    with pytest.raises(AuctionClosed):
        place(lot, ANNA, 400, lot.ends_at, staked=300)
    with pytest.raises(OwnAuction):
        place(lot, SELLER, 300)


@both
def test_it_is_not_for_sale_at_once(kind: str) -> None:
    with pytest.raises(NotForSale):
        kind_of(sealed(kind)).buy(sealed(kind), ANNA, xtr(100), START)


@both
@pytest.mark.parametrize("amount", [Money(300, "RUB"), xtr(0), xtr(-1)])
def test_an_amount_that_is_none_is_refused(kind: str, amount: Money) -> None:
    with pytest.raises(Invalid):
        KINDS[kind].bid(sealed(kind), ANNA, amount, START, None)


@both
def test_a_form_takes_a_reserve_and_nothing_of_other_kinds(kind: str) -> None:
    fields = {"buy_now_price": 200, "bid_step": 5, "floor_price": 50, "drop_amount": 5, "reserve_price": 99}
    with pytest.raises(InvalidFields) as invalid:
        draft(START, type=kind, **fields)
    assert {error.field for error in invalid.value.errors} == set(fields)
    assert draft(START, type=kind, reserve_price=100).terms.reserve_price == xtr(100)


def test_the_highest_wins_and_pays_what_it_bid() -> None:
    lot, _ = after(sealed(), (ANNA, 300), (BORIS, 500), (CLARA, 400))
    closed = close(lot)
    assert (closed.auction.leader_id, closed.auction.price) == (BORIS, xtr(500))
    assert closed.wallets == (WalletChange.capture(wallet(BORIS), xtr(500), xtr(500), Stake("lot1", xtr(500), None)),)
    assert closed.deal is not None
    assert closed.transfer is not None


@both
def test_of_equals_the_earlier_wins(kind: str) -> None:
    lot, _ = after(sealed(kind), (ANNA, 300), (BORIS, 300), (CLARA, 300))
    assert (lot.leader_id, lot.runner_up_id, lot.runner_up_maximum) == (ANNA, BORIS, xtr(300))
    assert close(lot).auction.price == xtr(300)


@both
def test_the_time_of_the_raise_counts_among_equals(kind: str) -> None:
    """ANNA was there first, but came to 500 after BORIS."""
    lot, _ = after(sealed(kind), (ANNA, 300), (BORIS, 500), (ANNA, 500))
    assert (lot.leader_id, lot.runner_up_id) == (BORIS, ANNA)


@both
def test_one_bid_at_the_start_price_wins_at_it_and_the_lot_ends_in_one_step(kind: str) -> None:
    lot, _ = after(sealed(kind), (ANNA, 100))
    closed = close(lot)
    assert (closed.auction.ending, closed.auction.price) == (Ending.SOLD, xtr(100))
    assert closed.event is not None


@both
def test_below_the_reserve_nobody_wins(kind: str) -> None:
    lot, _ = after(sealed(kind, reserve=301), (ANNA, 300), (BORIS, 200))
    closed = close(lot)
    assert (closed.auction.ending, closed.auction.outcome) == (Ending.CLOSING, Ending.UNSOLD)
    assert (closed.deal, closed.transfer, closed.wallets, closed.event) == (None, None, (), None)


@both
def test_a_reserve_that_is_met_to_the_star_is_met(kind: str) -> None:
    lot, _ = after(sealed(kind, reserve=300), (ANNA, 300), (BORIS, 200))
    assert close(lot).auction.outcome is Ending.SOLD


def test_a_reserve_between_first_and_second_changes_nothing_of_a_first_price() -> None:
    lot, _ = after(sealed(reserve=250), (ANNA, 300), (BORIS, 200))
    assert close(lot).auction.price == xtr(300)


@both
def test_without_a_bid_it_is_unsold_at_once(kind: str) -> None:
    closed = close(sealed(kind))
    assert (closed.auction.ending, closed.event is not None) == (Ending.UNSOLD, True)


def rows_of(lot: Auction, *bids: tuple[int, int]) -> tuple[Auction, list[Bid]]:
    rows: list[Bid] = []
    staked: dict[int, int] = {}
    for who, amount in bids:
        accepted = place(lot, who, amount, staked=staked.get(who))
        lot, staked[who] = accepted.auction, amount
        rows.append(accepted.bid)
    return lot, rows


def test_a_release_gives_each_stake_back_once_and_leaves_wallets_without_one_alone() -> None:
    lot, rows = rows_of(sealed(reserve=900), (ANNA, 300), (BORIS, 200), (ANNA, 400))
    lot = close(lot).auction
    wallets = {
        ANNA: replace(Wallet.empty(ANNA, "XTR"), held=xtr(400), stakes={"lot1": xtr(400)}),
        BORIS: replace(Wallet.empty(BORIS, "XTR"), held=xtr(70), stakes={"another": xtr(70)}),
    }
    step = closing.release(lot, rows, wallets, lot.ends_at)
    assert step.wallets == (WalletChange.hold(ANNA, xtr(-400), Stake("lot1", xtr(400), None)),)
    assert (step.auction.ending, step.auction.outcome, step.auction.released_from) == (Ending.UNSOLD, None, None)
    assert step.event is not None


def test_a_release_that_is_not_the_last_tells_nothing_yet() -> None:
    lot, rows = rows_of(sealed(reserve=900), (ANNA, 300), (BORIS, 200))
    lot = close(lot).auction
    wallets = {BORIS: replace(Wallet.empty(BORIS, "XTR"), held=xtr(200), stakes={"lot1": xtr(200)})}
    step = closing.release(lot, rows[1:], wallets, lot.ends_at)
    assert (step.auction.ending, step.auction.released_from, step.event) == (Ending.CLOSING, 2, None)


people = st.integers(1, 5)


@given(st.lists(st.tuples(people, st.integers(100, 130)), max_size=40), st.sampled_from(["sealed", "vickrey"]))
def test_the_best_two_are_those_of_a_list_of_all_bids(placed: list[tuple[int, int]], kind: str) -> None:
    """The two that the lot keeps, against sorting everybody's last bid by amount and by when it came."""
    lot = sealed(kind)
    last: dict[int, tuple[int, int]] = {}
    for number, (who, amount) in enumerate(placed):
        staked = last.get(who, (None, 0))[0]
        if staked is not None and amount <= staked:
            with pytest.raises(BidTooLow):
                place(lot, who, amount, staked=staked)
            continue
        lot = place(lot, who, amount, staked=staked).auction
        last[who] = (amount, number)
    ranked = sorted(last, key=lambda who: (-last[who][0], last[who][1]))
    assert [lot.leader_id, lot.runner_up_id] == [*ranked, None, None][:2]
    amounts = [xtr(last[who][0]) for who in ranked]
    assert [lot.leader_maximum, lot.runner_up_maximum] == [*amounts, None, None][:2]
    won = kind_of(lot).winner(lot)
    if not ranked:
        assert won is None
    elif kind == "sealed":
        assert won == (ranked[0], amounts[0])
    else:
        assert won == (ranked[0], amounts[1] if len(ranked) > 1 else xtr(100))
