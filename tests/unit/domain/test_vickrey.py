"""Vickrey: the highest sealed bid wins and pays max(start, reserve, second highest)."""

from __future__ import annotations

import pytest

from starbid.domain.auction import Ending
from starbid.domain.wallet import Stake, WalletChange
from tests.support.factories import ANNA, BORIS, CLARA, wallet, xtr
from tests.unit.domain.test_sealed import after, close, sealed

THREE = ((ANNA, 300), (BORIS, 500), (CLARA, 400))


@pytest.mark.parametrize(
    ("reserve", "bids", "winner", "price"),
    [
        (None, ((ANNA, 300),), ANNA, 100),
        (200, ((ANNA, 300),), ANNA, 200),
        (300, ((ANNA, 300),), ANNA, 300),
        (None, ((ANNA, 100),), ANNA, 100),
        (None, ((ANNA, 300), (BORIS, 100)), ANNA, 100),
        (None, THREE, BORIS, 400),
        (350, THREE, BORIS, 400),
        (400, THREE, BORIS, 400),
        (450, THREE, BORIS, 450),
        (500, THREE, BORIS, 500),
        (None, ((ANNA, 300), (BORIS, 300)), ANNA, 300),
        (None, ((ANNA, 300), (ANNA, 900)), ANNA, 100),
        (None, ((ANNA, 300), (BORIS, 200), (BORIS, 250)), ANNA, 250),
        (None, ((ANNA, 300), (BORIS, 200), (ANNA, 400), (BORIS, 450)), BORIS, 400),
    ],
)
def test_the_winner_pays(reserve: int | None, bids: tuple[tuple[int, int], ...], winner: int, price: int) -> None:
    lot, staked = after(sealed("vickrey", reserve=reserve), *bids)
    closed = close(lot)
    assert (closed.auction.leader_id, closed.auction.price) == (winner, xtr(price))
    stake = Stake("lot1", xtr(staked[winner]), None)
    assert closed.wallets == (WalletChange.capture(wallet(winner), xtr(staked[winner]), xtr(price), stake),)


def test_the_rest_of_the_winners_hold_is_free_with_the_first_step() -> None:
    lot, _ = after(sealed("vickrey"), *THREE)
    (capture,) = close(lot).wallets
    assert (capture.available, capture.held) == (xtr(100), xtr(-500))


def test_a_reserve_above_all_bids_is_no_sale() -> None:
    lot, _ = after(sealed("vickrey", reserve=501), *THREE)
    assert close(lot).auction.outcome is Ending.UNSOLD


def test_the_deal_is_about_what_is_paid_and_not_what_was_bid() -> None:
    lot, _ = after(sealed("vickrey"), *THREE)
    deal = close(lot).deal
    assert deal is not None
    assert (deal.price, deal.payout, deal.fee) == (xtr(400), xtr(380), xtr(20))
