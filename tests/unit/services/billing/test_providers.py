"""A charge is its provider's, and its money is the wallet's of its own currency."""

import pytest

from starbid.domain import payments
from starbid.domain.errors import InDebt
from starbid.domain.ledger import source_account
from starbid.domain.money import Money
from starbid.domain.payment_errors import NotRefundable
from starbid.domain.payments import Charge, ChargeState, Provider, Purpose
from starbid.domain.wallet import WalletChange
from tests.support.factories import ANNA, join, pay, xtr
from tests.support.fakes import FakeApp, FakeStars, make_app
from tests.support.invariants import assert_invariants, dump_of


def roubles(amount: int) -> Money:
    return Money(amount, "RUB")


def paid(*amounts: Money) -> FakeApp:
    """ANNA paid so much, as charges c0, c1, ..."""
    app = make_app()
    join(app, ANNA)
    for number, amount in enumerate(amounts):
        charge = Charge(f"c{number}", Provider.STARS, ANNA, amount, Purpose.STARS, None, app.now())
        unit = app.store.unit()
        unit.add_charge(charge)
        unit.post(payments.credit(charge))
        unit.change_wallet(WalletChange.credit(ANNA, amount, amount))
        unit.commit()
    return app


def wallet_of(app: FakeApp, currency: str) -> tuple[int, int]:
    """Available, owed."""
    mine = app.store.wallet(ANNA, currency, consistent=True)
    return mine.available.amount, mine.owed.amount


def test_a_refund_is_asked_of_the_charges_provider() -> None:
    app = make_app(gateways={Provider.STARS: (provider := FakeStars())})
    join(app, ANNA)
    charge = pay(app, ANNA, 100)
    assert charge.provider is Provider.STARS
    app.refunding.refund(ANNA, charge.id, app.now())
    assert (provider.refunded, app.stars.refunded) == ([charge.id], [])


def test_money_goes_back_through_the_account_of_the_provider_that_it_came_from() -> None:
    app = paid(xtr(100))
    app.refunding.refund(ANNA, "c0", app.now())
    source = source_account(Provider.STARS)
    entries = [entry for transfer in app.store.tables.transfers.values() for entry in transfer.entries]
    assert [entry.change.amount for entry in entries if entry.account == source] == [-100, 100]


def test_each_charge_is_refunded_out_of_the_wallet_of_its_currency() -> None:
    app = paid(xtr(100), roubles(5_000))
    assert {charge.id for charge in app.refunding.refundable(ANNA, app.now())} == {"c0", "c1"}
    assert app.refunding.refund(ANNA, "c1", app.now()).state is ChargeState.REFUNDED
    assert (wallet_of(app, "XTR"), wallet_of(app, "RUB")) == ((100, 0), (0, 0))
    assert_invariants(dump_of(app.store))


def test_a_refund_that_is_refused_puts_the_money_back_where_it_was() -> None:
    app = paid(xtr(100), roubles(5_000))
    app.stars.refusing.add("c1")
    with pytest.raises(NotRefundable):
        app.refunding.refund(ANNA, "c1", app.now())
    assert (wallet_of(app, "XTR"), wallet_of(app, "RUB")) == ((100, 0), (5_000, 0))


def test_a_debt_keeps_back_charges_of_its_own_currency_only() -> None:
    app = paid(xtr(100), roubles(5_000), roubles(700))
    unit = app.store.unit()
    unit.change_debt(ANNA, roubles(-5_700), roubles(1_000), roubles(0))
    unit.commit()
    assert [charge.id for charge in app.refunding.refundable(ANNA, app.now())] == ["c0"]
    with pytest.raises(InDebt):
        app.refunding.refund(ANNA, "c2", app.now())


def test_what_is_taken_back_is_owed_in_its_own_currency() -> None:
    app = paid(xtr(100), roubles(5_000))
    unit = app.store.unit()
    unit.change_wallet(
        WalletChange.take(app.store.wallet(ANNA, "RUB", consistent=True), roubles(4_000), roubles(4_000))
    )
    unit.commit()
    # What is booked here counts: a report of Telegram speaks of Stars.
    app.refunding.taken_back(ANNA, "c1", "", 5_000, "XTR", app.now())
    assert (wallet_of(app, "XTR"), wallet_of(app, "RUB")) == ((100, 0), (0, 4_000))
