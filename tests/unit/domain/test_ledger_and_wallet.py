import pytest

from starbid.domain.errors import Blocked, InDebt, InsufficientFunds
from starbid.domain.ledger import ESCROW, REVENUE, Entry, Transfer, TransferKind, move, user_account
from starbid.domain.money import CurrencyMismatch, Money
from starbid.domain.wallet import Wallet, WalletChange, with_default
from tests.support.factories import ANNA, BORIS, wallet, xtr
from tests.support.fakes import START


def test_a_transfer_adds_up_to_nothing() -> None:
    with pytest.raises(ValueError, match="add up"):
        move("t", TransferKind.SALE, ANNA, START, {user_account(ANNA): xtr(-10), ESCROW: xtr(9)})


def test_a_transfer_has_two_sides() -> None:
    with pytest.raises(ValueError, match="two sides"):
        Transfer("t", TransferKind.SALE, ANNA, START, (Entry(ESCROW, xtr(0)),))


def test_a_transfer_is_in_one_currency() -> None:
    with pytest.raises(CurrencyMismatch):
        move("t", TransferKind.SALE, ANNA, START, {user_account(ANNA): xtr(-10), ESCROW: Money(10, "RUB")})


def test_parts_of_nothing_are_left_out() -> None:
    transfer = move(
        "t", TransferKind.RELEASE, ANNA, START, {ESCROW: xtr(-10), user_account(ANNA): xtr(10), REVENUE: xtr(0)}
    )
    assert [entry.account for entry in transfer.entries] == [ESCROW, user_account(ANNA)]


def test_what_a_transfer_does_to_its_person_is_their_own_entry() -> None:
    transfer = move(
        "t", TransferKind.RELEASE, ANNA, START, {ESCROW: xtr(-10), user_account(ANNA): xtr(9), REVENUE: xtr(1)}
    )
    assert transfer.change == xtr(9)
    assert move("t", TransferKind.SALE, BORIS, START, {ESCROW: xtr(-10), REVENUE: xtr(10)}).change == xtr(0)


def test_a_wallet_covers_what_is_available_and_no_more() -> None:
    wallet(available=100, held=500).require(xtr(100))
    with pytest.raises(InsufficientFunds) as refusal:
        wallet(available=100, held=500).require(xtr(101))
    assert refusal.value.details == {"available": 100, "needed": 101, "missing": 1}


def test_who_is_blocked_hears_that_first() -> None:
    with pytest.raises(Blocked):
        wallet(owed=5, blocked=True).require_standing()


def test_who_owes_neither_bids_nor_sells() -> None:
    with pytest.raises(InDebt) as refusal:
        wallet(available=1_000, owed=5).require_standing()
    assert refusal.value.details == {"owed": 5}


def test_everybody_has_a_wallet_of_stars_and_the_others_come_after_it() -> None:
    assert with_default([], ANNA) == (wallet(),)
    others = [Wallet.empty(ANNA, currency) for currency in ("USD", "RUB")]
    assert [mine.currency for mine in with_default([*others, wallet(available=5)], ANNA)] == ["XTR", "RUB", "USD"]
    assert with_default([*others, wallet(available=5)], ANNA)[0].available == xtr(5)


def test_a_capture_ends_the_whole_hold() -> None:
    assert WalletChange.capture(wallet(), xtr(500), xtr(310)) == WalletChange(
        ANNA, xtr(190), xtr(-500), bought=xtr(0), bought_was=xtr(0)
    )
    assert WalletChange.capture(wallet(bought=200), xtr(500), xtr(500)) == WalletChange(
        ANNA, xtr(0), xtr(-500), bought=xtr(-200), bought_was=xtr(200)
    )


def test_a_hold_given_back_undoes_the_hold() -> None:
    made, ended = WalletChange.hold(ANNA, xtr(500)), WalletChange.hold(ANNA, xtr(-500))
    assert (made.available + ended.available, made.held + ended.held) == (xtr(0), xtr(0))
