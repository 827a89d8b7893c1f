"""What can be paid out, and when the rest can."""

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.ledger import ADJUSTMENTS, ESCROW, Transfer, TransferKind, escrowed, move, user_account
from starbid.domain.money import Money
from starbid.domain.payable import Had, Young, had_of, out_of_bought, reckon, young_of
from starbid.domain.wallet import Wallet
from tests.support.factories import ANNA, xtr
from tests.support.fakes import START
from tests.support.fiat import rub

HOLD = timedelta(days=21)
DAY = timedelta(days=1)
_numbers = count(1)


def wallet(available: Money, held: int = 0, owed: int = 0, bought: int = 0) -> Wallet:
    code = available.currency
    return Wallet(ANNA, available, Money(held, code), Money(owed, code), Money(bought, code))


def income(kind: TransferKind, amount: Money, days_ago: float, escrowed_days_ago: float | None = None) -> Transfer:
    parts = {ESCROW if kind is TransferKind.RELEASE else ADJUSTMENTS: -amount, user_account(ANNA): amount}
    facts = {} if escrowed_days_ago is None else escrowed(START - escrowed_days_ago * DAY)
    return move(f"t{next(_numbers)}", kind, ANNA, START - days_ago * DAY, parts, **facts)


def release(amount: int, days_ago: float, escrowed_days_ago: float | None = None) -> Transfer:
    return income(TransferKind.RELEASE, xtr(amount), days_ago, escrowed_days_ago)


def young(*transfers: Transfer) -> tuple[Young, ...]:
    return young_of(transfers, HOLD, START)


def test_earned_money_counts_from_the_day_on_which_its_price_went_into_escrow() -> None:
    (waits,) = young(release(100, days_ago=1, escrowed_days_ago=20))
    assert waits.free_at == START + DAY
    assert young(release(100, days_ago=1, escrowed_days_ago=22)) == ()


def test_after_exactly_21_days_it_is_free() -> None:
    assert young(release(100, days_ago=1, escrowed_days_ago=21)) == ()
    assert len(young(release(100, days_ago=1, escrowed_days_ago=21 - 1 / 86_400))) == 1


def test_a_release_of_before_counts_from_its_own_day_which_is_later() -> None:
    (waits,) = young(release(100, days_ago=1))
    assert waits.free_at == START + 20 * DAY


def test_an_operators_credit_counts_as_earned_that_day_and_a_debit_not() -> None:
    credit, debit = (income(TransferKind.ADJUSTMENT, xtr(amount), 5) for amount in (100, -40))
    (waits,) = young(credit, debit)
    assert (waits.amount, waits.free_at, waits.is_earned) == (xtr(100), START + 16 * DAY, True)


@pytest.mark.parametrize(
    "kind", [TransferKind.RETURN, TransferKind.PAYOUT_RETURNED, TransferKind.REFUND_UNDONE, TransferKind.STARS]
)
def test_what_comes_back_or_is_bought_is_not_earned_anew(kind: TransferKind) -> None:
    assert young(income(kind, xtr(100), 1)) == ()


def test_bought_stars_are_refunded_and_not_paid_out() -> None:
    assert reckon(wallet(xtr(1500), bought=500), ()).now == xtr(1000)


def test_stars_that_were_bought_do_not_hide_behind_a_hold() -> None:
    """Of 500 available and 500 held 600 were bought: only 400 have been earned."""
    assert reckon(wallet(xtr(500), held=500, bought=600), ()).now == xtr(400)


def test_what_was_taken_back_after_it_was_spent_is_no_money() -> None:
    assert reckon(wallet(xtr(1000), bought=-300), ()).now == xtr(1000)


def test_a_debt_and_a_hold_stay() -> None:
    assert reckon(wallet(xtr(1000), owed=300), ()).now == xtr(700)
    assert reckon(wallet(xtr(200), held=800), ()).now == xtr(200)
    assert reckon(wallet(xtr(200), owed=800), ()).now == xtr(0)


def test_what_is_young_waits_and_is_told_day_by_day() -> None:
    waits = young(release(300, 1, 2), release(200, 1, 4), release(100, 3, 10))
    found = reckon(wallet(xtr(1000)), waits)
    assert found.now == xtr(400)
    assert [(freed.at, freed.amount) for freed in found.later] == [
        (START + 11 * DAY, xtr(100)),
        (START + 17 * DAY, xtr(200)),
        (START + 19 * DAY, xtr(300)),
    ]


def test_several_of_one_day_are_told_as_one_at_the_last_moment() -> None:
    hour = 1 / 24
    found = reckon(wallet(xtr(50)), young(release(20, 1, 2), release(30, 1, 2 - hour)))
    assert [(freed.at, freed.amount) for freed in found.later] == [(START + 19 * DAY + timedelta(hours=1), xtr(50))]


def test_spent_money_is_not_promised_for_later() -> None:
    """1 000 came in, and 700 of it are gone: it is the oldest that is spent."""
    found = reckon(wallet(xtr(300)), young(release(1000, 1, 2)))
    assert (found.now, [freed.amount for freed in found.later]) == (xtr(0), [xtr(300)])


def test_a_fiat_top_up_can_be_paid_out_after_the_same_time() -> None:
    topped = income(TransferKind.TOP_UP, rub(50_000), 5)
    found = reckon(wallet(rub(50_000), bought=50_000), young(topped))
    assert found.now == rub(0)
    assert [(freed.at, freed.amount) for freed in found.later] == [(START + 16 * DAY, rub(50_000))]
    assert reckon(wallet(rub(50_000), bought=50_000), ()).now == rub(50_000)


def test_a_top_up_that_is_spent_keeps_nothing_else_back() -> None:
    """1 000 were earned long ago, 500 topped up and spent, which goes first: what is left was earned."""
    topped = young(income(TransferKind.TOP_UP, rub(50_000), 5))
    assert reckon(wallet(rub(100_000), bought=0), topped).now == rub(100_000)
    assert reckon(wallet(rub(100_000), bought=-20_000), topped).now == rub(100_000), "taken back after it was spent"
    found = reckon(wallet(rub(120_000), bought=20_000), topped)
    assert (found.now, [freed.amount for freed in found.later]) == (rub(100_000), [rub(20_000)])


def test_of_several_top_ups_the_newest_are_the_last_that_are_spent() -> None:
    topped = young(income(TransferKind.TOP_UP, rub(300), 10), income(TransferKind.TOP_UP, rub(200), 5))
    found = reckon(wallet(rub(250), bought=250), topped)
    assert (found.now, [(freed.at, freed.amount) for freed in found.later]) == (
        rub(0),
        [(START + 11 * DAY, rub(50)), (START + 16 * DAY, rub(200))],
    )


def test_old_earned_roubles_leave_before_bought_ones() -> None:
    mine = wallet(rub(800), bought=500)
    assert out_of_bought(mine, (), rub(300)) == rub(0)
    assert out_of_bought(mine, (), rub(450)) == rub(150)
    new = young(income(TransferKind.RELEASE, rub(300), 1, 2))
    assert out_of_bought(mine, new, rub(450)) == rub(450), "what was earned lately stays"
    assert out_of_bought(wallet(xtr(800), bought=500), (), xtr(300)) == xtr(0)


amounts = st.integers(0, 1000)
incomes = st.lists(
    st.tuples(st.sampled_from([TransferKind.RELEASE, TransferKind.TOP_UP]), st.integers(1, 500), st.integers(0, 30)),
    max_size=6,
)


@given(amounts, amounts, amounts, st.integers(-500, 1000), incomes, st.sampled_from(["XTR", "RUB"]))
def test_no_more_is_payable_than_the_formula_says_and_all_of_it_in_the_end(
    available: int, held: int, owed: int, bought: int, came: list[tuple[TransferKind, int, int]], currency: str
) -> None:
    mine = wallet(Money(available, currency), held, owed, min(bought, available + held))
    waits = young(*(income(kind, Money(amount, currency), days) for kind, amount, days in came))
    found = reckon(mine, waits)
    bought = max(0, mine.bought.amount)
    refundable = bought if currency == "XTR" else 0
    topped_up = sum(each.amount.amount for each in waits if not each.is_earned)
    young_sum = sum(each.amount.amount for each in waits if each.is_earned) + min(topped_up, bought - refundable)
    assert found.now.amount == max(0, min(available - owed, available + held - refundable - young_sum))
    in_the_end = found.now.amount + sum(freed.amount.amount for freed in found.later)
    assert in_the_end == max(0, min(available - owed, available + held - refundable))
    assert [freed.at for freed in found.later] == sorted(freed.at for freed in found.later)
    out = out_of_bought(mine, waits, found.now)
    assert 0 <= out.amount <= min(found.now.amount, max(0, mine.bought.amount))
    assert had_of(mine) == Had(Money(available + held - refundable, currency), Money(bought - refundable, currency))
