"""Packs of the helper's answers on the real store: everything at once, and the books are right."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from starbid.domain.assistant.question import Place, Question
from starbid.domain.errors import StarbidError
from starbid.domain.payments import Charge, ChargeState, Order, Provider, Purpose
from starbid.services.assistant.asking import Wish
from starbid.services.ports import ConditionFailed, Contended
from tests.support.desk import deciding
from tests.support.dynamo import DynamoApp, check, hammer, join
from tests.support.factories import ANNA, xtr
from tests.support.fakes import StagedApp
from tests.support.packs import worker
from tests.support.there import there

_numbers = count(1)
REFUSED = (StarbidError, Contended)


@pytest.fixture
def app(emulated: DynamoApp) -> DynamoApp:
    """ANNA has 300 Stars and agreed."""
    business = emulated.settings.business
    offered = replace(business, assistant=replace(business.assistant, is_offered=True, per_minute=1_000))
    emulated.settings = replace(emulated.settings, business=offered)
    join(emulated, ANNA, stars=300)
    emulated.asking.consent(ANNA, emulated.now(), given=True)
    return emulated


def ordered(app: DynamoApp, number: int = 10) -> tuple[str, str, int]:
    order, payload = app.paying.order_pack(ANNA, number, app.now())
    return order.id, payload, order.amount.amount


def pay_pack(app: DynamoApp, charge_id: str = "p1") -> None:
    _, payload, price = ordered(app)
    app.paying.credit(ANNA, charge_id, payload, price, "XTR", app.now())


def ask(app: DynamoApp) -> Question:
    wish = Wish("What is a proxy bid?", Place.SITE)
    return app.asking.ask(there(app.store.person(ANNA)), wish, f"q{next(_numbers)}", app.now())


def answer(app: DynamoApp, question: Question) -> None:
    worker(app).answer(ANNA, question.id)


def is_allowed(outcomes: list[object]) -> bool:
    return all(not isinstance(each, BaseException) or isinstance(each, REFUSED) for each in outcomes)


def test_a_unit_keeps_no_second_charge_of_a_pack_for_one_order(any_app: StagedApp) -> None:
    order = Order("0123456789abcdef", Provider.STARS, Purpose.PACK, ANNA, xtr(20), credits=10)
    any_app.store.add_order(order, any_app.now())
    charge = Charge("a", Provider.STARS, ANNA, xtr(20), Purpose.PACK, order.id, any_app.now())
    keep(any_app, charge)
    for again, blamed in ((replace(charge, id="b"), {"order"}), (charge, {"charge", "order"})):
        with pytest.raises(ConditionFailed) as refused:
            keep(any_app, again)
        assert {each.what for each in refused.value.refusals} == blamed
    keep(any_app, replace(charge, id="c", purpose=Purpose.STARS))
    assert any_app.store.first_charge(order.id) == "a"
    assert any_app.store.charge("b") is None


def keep(app: StagedApp, charge: Charge) -> None:
    unit = app.store.unit()
    unit.add_charge(charge)
    unit.commit()


def test_two_payments_of_one_invoice_reported_at_once_and_again_are_one_pack(app: DynamoApp) -> None:
    _, payload, price = ordered(app)
    calls = [lambda name=name: app.paying.credit(ANNA, name, payload, price, "XTR", app.now()) for name in "ab" * 8]
    assert is_allowed(hammer(calls))
    tables = check(app.store)
    assert sorted(tables.charges[name].purpose for name in "ab") == [Purpose.PACK, Purpose.STARS]
    assert (tables.accounts[ANNA].credits, tables.wallets[ANNA, "XTR"].available.amount) == (10, 300 + price)


def test_out_of_the_wallet_no_more_is_bought_than_is_there_and_each_request_once(app: DynamoApp) -> None:
    calls = [lambda name=f"r{number % 8}": app.buying.buy(ANNA, 50, name, app.now()) for number in range(24)]
    assert is_allowed(hammer(calls))
    tables = check(app.store)
    spent = 300 - tables.wallets[ANNA, "XTR"].available.amount
    assert spent % 80 == 0
    assert tables.accounts[ANNA].granted == spent // 80 * 50
    assert spent > 0


def test_refunded_while_it_is_asked_it_is_either_used_or_back(app: DynamoApp) -> None:
    pay_pack(app)
    app.buying.change(ANNA, 5, deciding("a gift", app.now()))
    calls = [lambda: app.refunding.refund(ANNA, "p1", app.now()), *[lambda: ask(app)] * 3]
    assert is_allowed(hammer(calls))
    tables = check(app.store)
    open_ = there(tables.accounts[ANNA].open)
    is_back = tables.charges["p1"].state is ChargeState.REFUNDED
    assert is_back is (open_.of != "stars:p1")
    answer(app, there(app.questions.question(ANNA, open_.id)))
    assert check(app.store).accounts[ANNA].spent == 1


def test_taken_back_while_it_is_answered_it_costs_what_was_used(app: DynamoApp) -> None:
    pay_pack(app)
    for _ in range(3):
        answer(app, ask(app))
    question = ask(app)
    report = [lambda: app.refunding.taken_back(ANNA, "p1", "", 20, "XTR", app.now())] * 3
    assert is_allowed(hammer([*[lambda: answer(app, question)] * 2, *report]))
    tables = check(app.store)
    assert tables.wallets[ANNA, "XTR"].available.amount == 300 - 8
    assert (tables.accounts[ANNA].credits, tables.accounts[ANNA].spent) == (0, 4)


def test_operators_who_give_and_take_at_once_leave_what_their_sum_is(app: DynamoApp) -> None:
    app.buying.change(ANNA, 20, deciding("a gift", app.now()))
    changes = [5, -7, 3, -20, -20, 11]
    decisions = [(change, deciding("so be it", app.now())) for change in changes for _ in range(2)]
    calls = [lambda change=change, one=one: app.buying.change(ANNA, change, one) for change, one in decisions * 2]
    assert is_allowed(hammer(calls))
    tables = check(app.store)
    assert tables.accounts[ANNA].credits >= 0
    assert len(tables.accounts[ANNA].packs) <= 50
