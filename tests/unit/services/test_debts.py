"""A debt of a payment that Telegram took back is settled from whatever money becomes available, once, and told."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from starbid.domain.errors import Blocked, Conflict, InDebt
from starbid.domain.ledger import receivable_account, user_account
from starbid.domain.money import XTR, Money
from starbid.domain.wallet import Wallet
from starbid.services.debts import Debts
from starbid.services.ports import Contended, Unavailable
from tests.support.debts import earn, fall_into_debt, offsets, owing, told, wallet_of
from tests.support.factories import ANNA, BORIS, market, pay, xtr
from tests.support.fakes import Death
from tests.support.invariants import assert_invariants, dump_of
from tests.support.mortal import Fate, Mortal
from tests.support.refunds import refuses

# --- how much ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("earned", "left", "owed"), [(100, 0, 0), (101, 1, 0), (5_000, 4_900, 0), (99, 0, 1), (1, 0, 99)]
)
def test_what_is_available_goes_to_the_debt_and_the_rest_stays(earned: int, left: int, owed: int) -> None:
    app = owing(100)
    earn(app, earned)
    offset = app.debts.offset(ANNA, XTR, app.now())
    assert (offset.available, offset.owed) == (xtr(left), xtr(owed))
    assert offset == app.store.wallet(ANNA, "XTR", consistent=True)
    assert offsets(app) == [min(earned, 100)]
    assert told(app) == [(min(earned, 100), owed)]
    assert_invariants(dump_of(app.store))


def test_where_nothing_is_available_nothing_is_settled_or_told() -> None:
    app = owing(100)
    before = app.store.tables.snapshot()
    app.store.trips.clear()
    assert app.debts.offset(ANNA, XTR, app.now()).owed == xtr(100)
    assert app.store.trips == ["wallet"]
    assert app.store.tables == before
    assert told(app) == []


def test_where_nothing_is_owed_it_is_one_read() -> None:
    app, _ = market(ANNA)
    app.store.trips.clear()
    app.debts.require_seller(ANNA, app.now())
    assert app.store.trips == ["wallets"]


def test_a_debt_may_be_settled_bit_by_bit() -> None:
    app = owing(100)
    for _ in range(2):
        earn(app, 40)
        app.debts.offset(ANNA, XTR, app.now())
    assert wallet_of(app) == (0, 0, 20)
    pay(app, ANNA, 50)
    assert wallet_of(app) == (30, 0, 0)
    assert offsets(app) == [40, 40, 20]
    assert sorted(told(app)) == [(20, 0), (40, 20), (40, 60)]
    assert_invariants(dump_of(app.store))


def test_the_same_debt_once_more_is_settled_once_more() -> None:
    """The wallet looks as it did the first time, to the unit and to the millisecond."""
    app = owing(100)
    for _ in range(2):
        earn(app, 100)
        app.debts.offset(ANNA, XTR, app.now())
        fall_into_debt(app, ANNA, 100)
        assert wallet_of(app) == (0, 0, 100)
    assert offsets(app) == [100, 100]
    assert len(told(app)) == 2
    assert_invariants(dump_of(app.store))


def test_a_payment_settles_with_what_was_available_before_it() -> None:
    app = owing(100)
    earn(app, 70)
    pay(app, ANNA, 50)
    assert wallet_of(app) == (20, 0, 0)
    assert told(app) == [(100, 0)]
    assert_invariants(dump_of(app.store))


def test_money_that_is_held_settles_nothing_until_it_is_free() -> None:
    app, lot = market(ANNA, BORIS, stars=250)
    (charge,) = app.store.charges_of(ANNA)
    app.bidding.bid(lot.auction.id, ANNA, 240, app.now())
    app.refunding.taken_back(ANNA, charge.id, "", 250, "XTR", app.now())
    assert app.debts.offset(ANNA, XTR, app.now()).owed == xtr(240)
    assert wallet_of(app) == (0, 240, 240)
    app.bidding.bid(lot.auction.id, BORIS, 250, app.now())
    assert wallet_of(app) == (240, 0, 240)
    app.debts.offset(ANNA, XTR, app.now())
    assert wallet_of(app) == (0, 0, 0)
    assert_invariants(dump_of(app.store))


def test_roubles_settle_no_debt_in_stars() -> None:
    app = owing(100)
    roubles = Wallet(ANNA, Money(50_000, "RUB"), Money(0, "RUB"), Money(0, "RUB"), Money(0, "RUB"))
    app.store.tables.wallets[ANNA, "RUB"] = roubles
    assert app.debts.offset_all([roubles], app.now()) == [roubles]
    with pytest.raises(InDebt):
        app.debts.require_seller(ANNA, app.now())
    assert app.store.tables.wallets[ANNA, "RUB"] == roubles


def test_what_somebody_blocked_owes_is_settled_too_and_they_stay_blocked() -> None:
    app = owing(100)
    earn(app, 100)
    app.store.block(ANNA)
    with pytest.raises(Blocked):
        app.debts.require_seller(ANNA, app.now())
    assert wallet_of(app) == (0, 0, 0)


# --- at once, and cut off ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("earned", [60, 100, 250])
def test_two_settlements_at_once_book_one(earned: int) -> None:
    app = owing(100)
    earn(app, earned)
    app.store.meanwhile(lambda: app.debts.offset(ANNA, XTR, app.now()))
    app.debts.offset(ANNA, XTR, app.now())
    assert offsets(app) == [min(100, earned)]
    assert len(told(app)) == 1
    assert_invariants(dump_of(app.store))


def test_what_comes_in_between_two_settlements_at_once_goes_to_the_debt_too() -> None:
    app = owing(100)
    earn(app, 40)

    def another_and_more() -> None:
        app.debts.offset(ANNA, XTR, app.now())
        earn(app, 40)

    app.store.meanwhile(another_and_more)
    app.debts.offset(ANNA, XTR, app.now())
    assert offsets(app) == [40, 40]
    assert wallet_of(app) == (0, 0, 20)
    assert_invariants(dump_of(app.store))


def test_twenty_settlements_at_once_book_one() -> None:
    app = owing(100)
    earn(app, 150)
    with ThreadPoolExecutor(20) as crowd:
        owed = set(crowd.map(lambda _: app.debts.offset(ANNA, XTR, app.now()).owed, range(20)))
    assert owed == {xtr(0)}
    assert offsets(app) == [100]
    assert_invariants(dump_of(app.store))


def test_wherever_a_settlement_dies_the_next_look_settles_once() -> None:
    for moment in range(20):
        app, fate = owing(100), Fate(moment)
        earn(app, 130)
        mortal: Any = Mortal(app.store, fate)
        try:
            Debts(mortal).offset(ANNA, XTR, app.now())
        except Death:
            fate.revive()
        assert_invariants(dump_of(app.store))
        app.debts.offset(ANNA, XTR, app.now())
        assert (wallet_of(app), offsets(app), told(app)) == ((30, 0, 0), [100], [(100, 0)])
        if not fate.was_met:
            assert moment > 4
            return
    raise AssertionError("it never comes to its end")


def test_a_lost_answer_settles_once() -> None:
    app = owing(100)
    earn(app, 130)
    app.store.fail_next(Unavailable("lost"), after=True)
    with pytest.raises(Unavailable):
        app.debts.offset(ANNA, XTR, app.now())
    app.debts.offset(ANNA, XTR, app.now())
    assert offsets(app) == [100]


def test_contention_is_waited_out_and_then_a_conflict_that_changed_nothing() -> None:
    app = owing(100)
    earn(app, 100)
    app.store.fail_next(Contended(), times=4)
    refuses(app, Conflict, lambda: app.debts.offset(ANNA, XTR, app.now()))
    app.store.fail_next(Contended(), times=3)
    assert app.debts.offset(ANNA, XTR, app.now()).owed == xtr(0)


def test_who_only_looks_is_not_troubled_by_a_conflict() -> None:
    app = owing(100)
    earn(app, 130)
    app.store.fail_next(Contended(), times=4)
    mine = app.store.wallet(ANNA, "XTR")
    assert app.debts.offset_all([mine], app.now()) == [mine]
    (offset,) = app.debts.offset_all([mine], app.now())
    assert (offset.available, offset.owed) == (xtr(30), xtr(0))


def test_a_look_at_a_wallet_without_a_debt_reads_nothing_more() -> None:
    app, _ = market(ANNA)
    mine = app.store.wallets(ANNA)
    app.store.trips.clear()
    assert app.debts.offset_all(mine, app.now()) == mine
    assert app.store.trips == []


def test_the_ledger_tells_of_a_settlement_what_it_was() -> None:
    app = owing(100)
    earn(app, 130)
    app.debts.offset(ANNA, XTR, app.now())
    (offset,) = [t for t in app.store.tables.transfers.values() if t.kind == "offset_debt"]
    changes = {entry.account: entry.change for entry in offset.entries}
    assert changes == {user_account(ANNA): xtr(-100), receivable_account(ANNA): xtr(100)}
