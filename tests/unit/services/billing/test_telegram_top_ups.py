"""Bills that are paid inside Telegram: approved before, credited once per charge of Telegram's."""

from __future__ import annotations

import pytest

from starbid.domain.bills import Bill, BillState, invoice_payload
from starbid.domain.payment_errors import PaymentRefused
from starbid.services.ports import Contended, Unavailable
from tests.support.billed import TELEGRAM, make_shop, open_bill, roubles
from tests.support.factories import ANNA, BORIS
from tests.support.fakes import Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of


def invoiced() -> tuple[FakeApp, Bill, str]:
    app, _ = make_shop()
    bill = open_bill(app, provider=TELEGRAM)
    return app, bill, invoice_payload(bill)


def credit(app: FakeApp, payload: str, charge_id: str = "tg-1", payer: int = ANNA, amount: int = 50_000) -> object:
    return app.telegram_top_ups.credit(payer, charge_id, payload, amount, "RUB", app.now())


def test_the_right_payment_is_approved() -> None:
    app, bill, payload = invoiced()
    assert app.telegram_top_ups.approve(ANNA, payload, 50_000, "RUB", app.now()) == bill


@pytest.mark.parametrize(
    ("payer", "amount", "currency", "reason"),
    [(BORIS, 50_000, "RUB", "person"), (ANNA, 49_999, "RUB", "amount"), (ANNA, 50_000, "USD", "currency")],
)
def test_anything_else_than_was_billed_is_refused(payer: int, amount: int, currency: str, reason: str) -> None:
    app, _, payload = invoiced()
    with pytest.raises(PaymentRefused) as refusal:
        app.telegram_top_ups.approve(payer, payload, amount, currency, app.now())
    assert refusal.value.reason == reason


@pytest.mark.parametrize("payload", ["", "topup:", "topup:" + "0" * 32, "topup:1:2:3:4", "stars:1:5:00:ff", "\n"])
def test_a_payload_of_no_bill_is_refused(payload: str) -> None:
    app, _, _ = invoiced()
    with pytest.raises(PaymentRefused):
        app.telegram_top_ups.approve(ANNA, payload, 50_000, "RUB", app.now())
    with pytest.raises(PaymentRefused):
        credit(app, payload)


def test_a_bill_of_another_provider_is_not_paid_inside_telegram() -> None:
    app, _ = make_shop()
    with pytest.raises(PaymentRefused):
        app.telegram_top_ups.approve(ANNA, invoice_payload(open_bill(app)), 50_000, "RUB", app.now())


def test_an_expired_or_cancelled_bill_and_a_blocked_person_are_refused() -> None:
    app, bill, payload = invoiced()
    app.store.block(ANNA)
    with pytest.raises(PaymentRefused, match="blocked"):
        app.telegram_top_ups.approve(ANNA, payload, 50_000, "RUB", app.now())
    app.store.block(ANNA, blocked=False)
    app.clock.forward(seconds=300)
    with pytest.raises(PaymentRefused, match="expired"):
        app.telegram_top_ups.approve(ANNA, payload, 50_000, "RUB", app.now())
    app.clock.forward(seconds=-200)
    app.top_ups.cancel(bill.id, ANNA, app.now())
    with pytest.raises(PaymentRefused, match="expired"):
        app.telegram_top_ups.approve(ANNA, payload, 50_000, "RUB", app.now())


def test_a_payment_is_credited_once_per_charge_and_settles_its_bill() -> None:
    app, bill, payload = invoiced()
    for _ in range(3):
        credit(app, payload)
    after = app.store.tables.bills[bill.id]
    assert (after.state, after.charge_id) == (BillState.PAID, "tg-1")
    assert roubles(app) == 50_000
    assert not app.scheduler.bills
    assert_invariants(dump_of(app.store))


def test_a_second_charge_on_the_same_bill_is_money_too() -> None:
    app, _, payload = invoiced()
    credit(app, payload)
    credit(app, payload, "tg-2")
    assert roubles(app) == 100_000
    assert_invariants(dump_of(app.store))


def test_what_somebody_else_paid_is_theirs() -> None:
    app, bill, payload = invoiced()
    credit(app, payload, payer=BORIS)
    assert (roubles(app, BORIS), roubles(app)) == (50_000, 0)
    assert app.store.tables.bills[bill.id].is_open
    assert_invariants(dump_of(app.store))


def test_a_late_payment_of_a_blocked_person_is_credited() -> None:
    app, _, payload = invoiced()
    app.clock.forward(days=1)
    app.settling.sweep(app.now())
    app.store.block(ANNA)
    credit(app, payload)
    assert roubles(app) == 50_000


def test_another_amount_is_credited_to_nobody_and_shown_to_operators() -> None:
    app, bill, payload = invoiced()
    assert credit(app, payload, amount=49_900) is None
    assert app.store.tables.bills[bill.id].paid == "499 RUB"
    assert not app.store.tables.transfers


def test_another_amount_on_a_settled_bill_is_not_lost_silently() -> None:
    app, _, payload = invoiced()
    credit(app, payload)
    with pytest.raises(PaymentRefused, match="amount"):
        credit(app, payload, "tg-2", amount=49_900)


@pytest.mark.parametrize("fault", [Death(), Unavailable(), Contended()])
@pytest.mark.parametrize("after", [False, True])
def test_a_death_at_the_credit_leaves_it_to_the_repeated_update(fault: BaseException, after: bool) -> None:
    app, _, payload = invoiced()
    app.store.fail_next(fault, after=after)
    try:
        credit(app, payload)
    except (Death, Unavailable):
        credit(app, payload)
    assert roubles(app) == 50_000
    assert_invariants(dump_of(app.store))


def test_a_bill_inside_telegram_is_over_without_anybody_being_asked() -> None:
    app, bills = make_shop()
    bill = open_bill(app, provider=TELEGRAM)
    bills.bills.clear()  # Telegram cannot be asked
    app.clock.forward(seconds=301)
    app.settling.look(bill.id, app.now())
    after = app.store.tables.bills[bill.id]
    assert (after.state, after.look_at) == (BillState.EXPIRED, None)
