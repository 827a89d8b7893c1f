"""Wherever a process dies on the way of a pack, the next try takes it on: money and answers are there once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from starbid.domain.payment_errors import NotRefundable
from starbid.domain.payments import ChargeState
from starbid.services.assistant.buying import Buying
from starbid.services.billing.pack_payments import PackPayments
from starbid.services.billing.paying import Paying
from starbid.services.billing.refunding import Refunding
from tests.support.debts import wallet_of
from tests.support.desk import deciding
from tests.support.factories import ANNA
from tests.support.fakes import START, Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.mortal import Fate, Mortal
from tests.support.packs import account, ask, ask_and_answer, ordered, pay_pack, with_helper

Act = Callable[[FakeApp], object]


def tell(prepare: Callable[[FakeApp], Act], check: Callable[[FakeApp, Fate], None]) -> int:
    """What `prepare` answers is done, for each moment at which its process may end, and then done again; answers how
    many moments there are. ANNA has 100 Stars.
    """
    moment = 0
    while True:
        app, fate = with_helper(stars=100), Fate(moment)
        act = prepare(app)
        put_under(app, fate)
        try:
            act(app)
        except Death:
            fate.revive()
            assert_invariants(dump_of(app.store))
            act(app)
        check(app, fate)
        assert_invariants(dump_of(app.store))
        if not fate.was_met:
            return moment
        moment += 1


def put_under(app: FakeApp, fate: Fate) -> None:
    store: Any = Mortal(app.store, fate)
    questions: Any = Mortal(app.questions, fate)
    stars: Any = Mortal(app.stars, fate)
    business = app.settings.business
    packs = PackPayments(questions, business)
    paying = Paying(store, business, packs, lambda: app.settings.secret_key)
    app.__dict__ |= {
        "paying": paying,
        "refunding": Refunding(store, dict.fromkeys(app.gateways, stars), stars, paying, packs),
        "buying": Buying(store, questions, packs, app.debts),
    }


def stands(app: FakeApp) -> tuple[int, tuple[int, int, int]]:
    """The answers that ANNA has, and her wallet."""
    return account(app).credits, wallet_of(app)


def test_a_payment_that_is_reported_again_grants_once() -> None:
    def prepare(app: FakeApp) -> Act:
        _, payload, price = ordered(app)
        return lambda app: app.paying.credit(ANNA, "p1", payload, price, "XTR", app.now())

    def check(app: FakeApp, fate: Fate) -> None:
        assert stands(app) == (10, (100, 0, 0)), fate.last

    assert tell(prepare, check) > 8


def test_a_second_payment_of_an_invoice_is_in_the_wallet_once() -> None:
    def prepare(app: FakeApp) -> Act:
        _, payload, price = ordered(app)
        app.paying.credit(ANNA, "p1", payload, price, "XTR", app.now())
        return lambda app: app.paying.credit(ANNA, "p2", payload, price, "XTR", app.now())

    def check(app: FakeApp, fate: Fate) -> None:
        assert stands(app) == (10, (120, 0, 0)), fate.last

    assert tell(prepare, check) > 8


def test_a_pack_out_of_the_wallet_is_paid_once() -> None:
    def check(app: FakeApp, fate: Fate) -> None:
        assert stands(app) == (50, (20, 0, 0)), fate.last

    assert tell(lambda _: lambda app: app.buying.buy(ANNA, 50, "r1", app.now()), check) > 8


def refund(app: FakeApp) -> None:
    """Tried by who is told in the end that it is not refundable: any more, or at all."""
    with suppress(NotRefundable):
        app.refunding.refund(ANNA, "p1", app.now())


def unused(app: FakeApp) -> Act:
    pay_pack(app)
    return refund


def test_a_refund_that_died_is_finished_once() -> None:
    def check(app: FakeApp, fate: Fate) -> None:
        assert (*stands(app), app.stars.refunded) == (0, (100, 0, 0), ["p1"]), fate.last
        assert app.store.tables.charges["p1"].state is ChargeState.REFUNDED

    assert tell(unused, check) > 12


def test_a_refund_that_telegram_refuses_ends_with_the_pack_there() -> None:
    def prepare(app: FakeApp) -> Act:
        app.stars.refusing = {"p1"}
        return unused(app)

    def check(app: FakeApp, fate: Fate) -> None:
        assert (*stands(app), app.stars.refunded) == (10, (100, 0, 0), []), fate.last
        assert app.store.tables.charges["p1"].state is ChargeState.CREDITED

    assert tell(prepare, check) > 16


def test_the_sweep_finishes_a_refund_that_nobody_asks_for_again() -> None:
    def prepare(app: FakeApp) -> Act:
        pay_pack(app)
        app.stars.fail_next(Death())
        with suppress(Death):
            app.refunding.refund(ANNA, "p1", app.now())
        assert app.store.tables.charges["p1"].state is ChargeState.REFUNDING
        return lambda app: app.refunding.finish_refunds(app.now())

    def check(app: FakeApp, fate: Fate) -> None:
        assert (*stands(app), app.stars.refunded) == (0, (100, 0, 0), ["p1"]), fate.last

    assert tell(prepare, check) > 6


def test_a_report_that_it_was_taken_back_counts_once() -> None:
    def prepare(app: FakeApp) -> Act:
        pay_pack(app)
        ask_and_answer(app, 4)
        ask(app)
        return lambda app: app.refunding.taken_back(ANNA, "p1", "", 20, "XTR", app.now())

    def check(app: FakeApp, fate: Fate) -> None:
        assert stands(app) == (0, (90, 0, 0)), fate.last

    assert tell(prepare, check) > 8


def test_what_an_operator_grants_is_granted_once() -> None:
    decided = deciding("it was paid", START)

    def prepare(app: FakeApp) -> Act:
        order_id, payload, price = ordered(app)
        row = app.store.tables.orders.pop(order_id)
        app.paying.credit(ANNA, "p1", payload, price, "XTR", app.now())
        app.store.add_order(row, app.now())
        return lambda app: app.buying.complete(order_id, decided)

    def check(app: FakeApp, fate: Fate) -> None:
        assert stands(app) == (10, (100, 0, 0)), fate.last
        assert [entry.action for entry in app.store.tables.audit.values()] == ["grant-credits"]

    assert tell(prepare, check) > 12


def test_what_an_operator_changes_is_changed_once() -> None:
    decided = deciding("sorry for the outage", START)

    def check(app: FakeApp, fate: Fate) -> None:
        assert stands(app) == (5, (100, 0, 0)), fate.last
        assert len(app.store.tables.audit) == 1

    assert tell(lambda _: lambda app: app.buying.change(ANNA, 5, decided), check) > 8
