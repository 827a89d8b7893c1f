"""Packs against what Telegram lists, and wallets that paid for some against the ledger."""

from __future__ import annotations

from dataclasses import replace

import pytest

from starbid.domain.payments import ChargeState
from starbid.services.billing.reconciling import Difference
from starbid.services.ports import StarTransaction
from tests.support.debts import wallet_of
from tests.support.factories import ANNA, pay, xtr
from tests.support.fakes import FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.packs import account, ask_and_answer, ordered, pay_pack, with_helper


@pytest.fixture
def app() -> FakeApp:
    return with_helper()


def state(app: FakeApp) -> ChargeState:
    return app.store.tables.charges["p1"].state


def listed(app: FakeApp, payload: str, price: int) -> StarTransaction:
    return StarTransaction("p1", price, app.now(), incoming=True, payer_id=ANNA, payload=payload)


def compare(app: FakeApp) -> list[str]:
    """The faults that were found, an hour later."""
    app.clock.forward(hours=1)
    found: list[Difference] = []
    assert app.reconciling.compare(app.now(), lambda: True, found.append)
    assert all(each.is_mended for each in found)
    assert_invariants(dump_of(app.store))
    return [each.fault for each in found]


def test_a_pack_whose_payment_nobody_reported_is_granted_by_the_comparison(app: FakeApp) -> None:
    _, payload, price = ordered(app)
    app.stars.listed = [listed(app, payload, price)]
    assert compare(app) == ["missing"]
    assert (account(app).credits, state(app)) == (10, ChargeState.CREDITED)
    assert compare(app) == []


def test_one_that_went_back_unreported_is_taken_back_by_it_and_costs_what_was_used(app: FakeApp) -> None:
    pay(app, ANNA, 100, "c1")
    _, payload, price = ordered(app)
    paid = listed(app, payload, price)
    app.paying.credit(ANNA, "p1", payload, price, "XTR", app.now())
    ask_and_answer(app, 5)
    app.stars.listed = [paid, replace(paid, incoming=False)]
    assert compare(app) == ["refund"]
    assert (account(app).credits, wallet_of(app), state(app)) == (0, (90, 0, 0), ChargeState.REFUNDED)
    assert compare(app) == []


def test_one_that_came_and_went_unreported_leaves_nothing(app: FakeApp) -> None:
    _, payload, price = ordered(app)
    paid = listed(app, payload, price)
    app.stars.listed = [paid, replace(paid, incoming=False)]
    assert compare(app)[0] == "missing"
    assert (account(app).credits, wallet_of(app), state(app)) == (0, (0, 0, 0), ChargeState.REFUNDED)


def test_the_proof_of_a_wallet_knows_packs(app: FakeApp) -> None:
    pay(app, ANNA, 100, "c1")
    app.buying.buy(ANNA, 10, "r1", app.now())
    pay_pack(app, 50)
    ask_and_answer(app, 11)
    app.refunding.take_back("p1", app.now())
    (proof,) = app.proving.of(ANNA)
    assert proof.holds
    assert proof.stored_own == xtr(78)
