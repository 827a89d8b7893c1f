"""What operators decide about bills, once, and nobody else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from starbid.domain.bills import Bill, BillState, ProviderStatus, WrongBillState
from starbid.domain.errors import Conflict, Invalid, NotFound
from starbid.domain.ledger import receivable_account, source_account
from starbid.domain.money import Money
from starbid.domain.roles import NotAllowed, Role
from tests.support.billed import make_shop, open_bill, roubles, rub
from tests.support.desk import decision
from tests.support.factories import ANNA, BORIS
from tests.support.fakes import Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of


def differing(value: str = "499.00", currency: str = "RUB") -> tuple[FakeApp, Bill]:
    app, bills = make_shop()
    bill = open_bill(app)
    bills.say(bill.id, ProviderStatus.PAID, value=Decimal(value), currency=currency)
    after = app.settling.look(bill.id, app.now())
    assert after is not None
    app.run_streams()
    return app, after


def paid() -> tuple[FakeApp, Bill]:
    app, bills = make_shop()
    bill = open_bill(app)
    bills.say(bill.id, ProviderStatus.PAID)
    app.settling.look(bill.id, app.now())
    app.run_streams()
    return app, app.store.tables.bills[bill.id]


def test_finance_credits_what_was_paid() -> None:
    app, bill = differing()
    assert app.bill_review.credit(bill.id, decision(app)).state is BillState.PAID
    assert roubles(app) == 49_900
    assert app.bill_review.queue(10) == []
    assert [notice.kind for notice in app.run_streams()] == ["credited"]
    assert_invariants(dump_of(app.store))


def test_the_audit_trail_tells_both_amounts_of_a_bill_in_roubles() -> None:
    app, bill = differing("499.50")
    app.bill_review.credit(bill.id, decision(app))
    (entry,) = app.store.tables.audit.values()
    assert (entry.before, entry.after) == ("different, 500.00 RUB, paid 499.50 RUB", "credited 499.50 RUB")


def test_money_of_another_currency_goes_into_its_own_wallet() -> None:
    app, bill = differing("500.00", "USD")
    app.bill_review.credit(bill.id, decision(app))
    assert app.store.wallet(ANNA, "USD").available == Money(50_000, "USD")
    assert roubles(app) == 0


@pytest.mark.parametrize(("value", "currency"), [("500", "USDT"), ("500", "XTR"), ("499.995", "RUB"), ("1E+30", "RUB")])
def test_what_no_wallet_can_hold_is_not_credited_and_can_be_returned(value: str, currency: str) -> None:
    app, bill = differing(value, currency)
    with pytest.raises(Invalid):
        app.bill_review.credit(bill.id, decision(app))
    assert app.bill_review.mark_returned(bill.id, decision(app)).state is BillState.RETURNED


def test_what_is_returned_outside_is_told_and_credited_to_nobody() -> None:
    app, bill = differing()
    app.bill_review.mark_returned(bill.id, decision(app))
    assert [(notice.user_id, notice.kind) for notice in app.run_streams()] == [(ANNA, "bill_returned")]
    assert not app.store.tables.transfers


def test_a_bill_is_decided_about_once_by_the_first() -> None:
    app, bill = differing()
    acts = [app.bill_review.credit, app.bill_review.mark_returned] * 5

    def decide(number: int) -> bool:
        try:
            acts[number](bill.id, decision(app))
        except (WrongBillState, Conflict):
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(decide, range(10))) == 1
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize("after", [False, True])
def test_a_death_at_the_decision_leaves_all_or_nothing(after: bool) -> None:
    app, bill = differing()
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        app.bill_review.credit(bill.id, decision(app))
    assert roubles(app) == (49_900 if after else 0)
    assert_invariants(dump_of(app.store))


def test_a_chargeback_takes_the_money_out_of_the_wallet_once() -> None:
    app, bill = paid()
    for _ in range(2):
        app.bill_review.charge_back(bill.id, decision(app))
    assert roubles(app) == 0
    assert [notice.kind for notice in app.run_streams()] == ["refunded"]
    assert_invariants(dump_of(app.store))


def test_a_chargeback_of_what_was_spent_books_a_debt_in_its_currency() -> None:
    app, bill = paid()
    app.store.tables.wallets.clear()  # as if it had been spent
    app.bill_review.charge_back(bill.id, decision(app))
    wallet = app.store.wallet(ANNA, "RUB")
    assert (wallet.owed, wallet.available) == (rub(500), rub(0))
    (transfer,) = [t for t in app.store.tables.transfers.values() if t.kind == "refund"]
    assert {e.account for e in transfer.entries} == {receivable_account(ANNA), source_account("qiwi")}


def test_only_what_was_paid_can_be_charged_back() -> None:
    app, bill = differing()
    with pytest.raises(WrongBillState):
        app.bill_review.charge_back(bill.id, decision(app))


def test_asking_again_settles_what_the_provider_says_by_now() -> None:
    app, bills = make_shop()
    bill = open_bill(app)
    bills.say(bill.id, ProviderStatus.PAID)
    assert app.bill_review.ask_again(bill.id, decision(app)).state is BillState.PAID


def test_nobody_below_finance_decides() -> None:
    app, bill = differing()
    review = app.bill_review
    for act in (review.credit, review.mark_returned, review.charge_back, review.ask_again):
        with pytest.raises(NotAllowed):
            act(bill.id, decision(app, BORIS, role=Role.SUPPORT))
    with pytest.raises(NotFound):
        review.bill("0" * 32)


def test_fiat_top_ups_are_not_offered_for_a_refund_in_stars() -> None:
    app, _ = paid()
    assert app.refunding.refundable(ANNA, app.now()) == []
