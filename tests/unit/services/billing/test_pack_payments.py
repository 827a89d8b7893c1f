"""Packs of the helper's answers that an invoice pays for: granted, refunded and taken back with their payment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from starbid.domain.assistant.account import MOST_PACKS, Account
from starbid.domain.assistant.errors import NotOffered, TooFewCredits, TooManyPacks
from starbid.domain.errors import Invalid, NotFound
from starbid.domain.events import CreditsBought, TrialPaid
from starbid.domain.moderation import OwnAccount
from starbid.domain.payment_errors import GivenBack, NotPaidYet, PaymentRefused
from starbid.domain.payments import ChargeState, Purpose
from starbid.domain.roles import NotAllowed, Role
from tests.support.debts import wallet_of
from tests.support.desk import decision
from tests.support.factories import ANNA, BORIS, join, pay, xtr
from tests.support.fakes import FakeApp, make_app
from tests.support.invariants import assert_invariants, dump_of
from tests.support.packs import account, answer_all, ask, ordered, pay_pack, with_helper
from tests.support.there import there

FINANCE = 901


@pytest.fixture
def app() -> FakeApp:
    return with_helper()


def left(app: FakeApp) -> int:
    """Answers that ANNA could still ask for out of her packs."""
    return account(app).credits


def told(app: FakeApp, kind: type) -> list[object]:
    return [event for event in app.store.tables.events.values() if isinstance(event, kind)]


def fill(app: FakeApp) -> None:
    """No pack more has room."""
    for _ in range(MOST_PACKS):
        app.buying.change(ANNA, 1, decision(app))


def refused_for_want_of_room(app: FakeApp, charge_id: str = "p1") -> str:
    """ANNA pays for an invoice of a pack that cannot be granted by then; its order."""
    order_id, payload, price = ordered(app)
    fill(app)
    app.paying.credit(ANNA, charge_id, payload, price, "XTR", app.now())
    assert_invariants(dump_of(app.store))
    return order_id


# --- granted ----------------------------------------------------------------------------------------------------------


def test_a_pack_by_an_invoice_never_passes_the_wallet(app: FakeApp) -> None:
    charge = pay_pack(app, 50)
    assert (charge.purpose, charge.amount) == (Purpose.PACK, xtr(80))
    assert (left(app), wallet_of(app)) == (50, (0, 0, 0))
    (bought,) = told(app, CreditsBought)
    assert isinstance(bought, CreditsBought)
    assert (bought.credits, bought.price, bought.from_wallet) == (50, xtr(80), False)
    assert [notice.kind for notice in app.run_streams()] == ["credits_bought"], "and no other receipt"
    assert_invariants(dump_of(app.store))


def test_the_same_charge_twenty_times_at_once_grants_once(app: FakeApp) -> None:
    _, payload, price = ordered(app)
    with ThreadPoolExecutor(20) as crowd:
        found = crowd.map(lambda _: app.paying.credit(ANNA, "p1", payload, price, "XTR", app.now()).id, range(20))
        assert set(found) == {"p1"}
    assert (left(app), len(told(app, CreditsBought))) == (10, 1)
    assert_invariants(dump_of(app.store))


def test_another_charge_of_the_same_invoice_is_money_in_the_wallet(app: FakeApp) -> None:
    _, payload, price = ordered(app)
    first, second = (app.paying.credit(ANNA, name, payload, price, "XTR", app.now()) for name in ("p1", "p2"))
    assert (first.purpose, second.purpose) == (Purpose.PACK, Purpose.STARS)
    assert (left(app), wallet_of(app)) == (10, (20, 0, 0))
    assert app.refunding.refund(ANNA, "p2", app.now()).state is ChargeState.REFUNDED
    assert_invariants(dump_of(app.store))


def test_of_two_charges_of_one_invoice_at_once_one_grants(app: FakeApp) -> None:
    _, payload, price = ordered(app)
    app.store.meanwhile(lambda: app.paying.credit(ANNA, "p2", payload, price, "XTR", app.now()))
    app.paying.credit(ANNA, "p1", payload, price, "XTR", app.now())
    purposes = {name: charge.purpose for name, charge in app.store.tables.charges.items()}
    assert purposes == {"p1": Purpose.STARS, "p2": Purpose.PACK}
    assert (left(app), wallet_of(app)) == (10, (20, 0, 0))
    assert_invariants(dump_of(app.store))


def test_one_that_was_paid_between_the_look_at_the_invoice_and_that_at_the_account_is_not_granted_again(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, payload, price = ordered(app)
    look: Callable[[int], Account] = app.questions.account
    others = iter(["p2"])

    def meanwhile(user_id: int) -> Account:
        for other in others:
            app.paying.credit(ANNA, other, payload, price, "XTR", app.now())
        return look(user_id)

    monkeypatch.setattr(app.questions, "account", meanwhile)
    assert app.paying.credit(ANNA, "p1", payload, price, "XTR", app.now()).purpose is Purpose.STARS
    assert (left(app), wallet_of(app)) == (10, (20, 0, 0))
    assert_invariants(dump_of(app.store))


def test_an_invoice_that_is_paid_is_not_paid_again(app: FakeApp) -> None:
    _, payload, price = ordered(app)
    app.paying.approve(ANNA, payload, price, "XTR")
    app.paying.credit(ANNA, "p1", payload, price, "XTR", app.now())
    with pytest.raises(PaymentRefused) as refused:
        app.paying.approve(ANNA, payload, price, "XTR")
    assert refused.value.reason == "paid"


def test_a_pack_of_an_order_that_nobody_knows_is_money_in_the_wallet(app: FakeApp) -> None:
    """The payload is ours; how many answers it was for stands in the row alone."""
    order_id, payload, price = ordered(app)
    del app.store.tables.orders[order_id]
    app.paying.credit(ANNA, "p1", payload, price, "XTR", app.now())
    assert (left(app), wallet_of(app)) == (0, (20, 0, 0))
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize(("payer", "amount"), [(BORIS, 20), (ANNA, 19)])
def test_a_payment_that_is_not_as_ordered_buys_no_answers(app: FakeApp, payer: int, amount: int) -> None:
    join(app, BORIS)
    _, payload, _ = ordered(app)
    app.paying.credit(payer, "p1", payload, amount, "XTR", app.now())
    assert (account(app, payer).credits, wallet_of(app, payer)) == (0, (amount, 0, 0))


def test_no_invoice_is_made_for_what_could_not_be_granted(app: FakeApp) -> None:
    with pytest.raises(Invalid):
        app.paying.order_pack(ANNA, 11, app.now())
    fill(app)
    with pytest.raises(TooManyPacks):
        app.paying.order_pack(ANNA, 10, app.now())
    with pytest.raises(NotOffered):
        make_app().paying.order_pack(ANNA, 10, app.now())


def test_who_tried_it_is_counted_as_paying_with_the_first_pack_alone(app: FakeApp) -> None:
    app.asking.start_trial(there(app.store.person(ANNA)), app.now())
    for charge_id in ("p1", "p2"):
        pay_pack(app, charge_id=charge_id)
    assert len(told(app, TrialPaid)) == 1


# --- granted by an operator -------------------------------------------------------------------------------------------


def test_a_pack_without_room_waits_in_the_wallet_until_an_operator_grants_it_once(app: FakeApp) -> None:
    order_id = refused_for_want_of_room(app)
    assert (left(app), wallet_of(app)) == (MOST_PACKS, (20, 0, 0))
    assert there(app.buying.ungranted(app.store.tables.charges["p1"])).id == order_id
    with pytest.raises(TooManyPacks):
        app.buying.complete(order_id, decision(app))
    app.buying.change(ANNA, -1, decision(app))
    for _ in range(2):
        assert app.buying.complete(order_id, decision(app)).credits == MOST_PACKS + 9
    assert wallet_of(app) == (0, 0, 0)
    granted = [entry for entry in app.store.tables.audit.values() if entry.action == "grant-credits"]
    assert [(entry.user_id, entry.subject) for entry in granted] == [(ANNA, "charge/p1")]
    assert app.buying.ungranted(app.store.tables.charges["p1"]) is None
    assert_invariants(dump_of(app.store))


def test_two_operators_who_grant_at_once_grant_once(app: FakeApp) -> None:
    order_id = refused_for_want_of_room(app)
    app.buying.change(ANNA, -2, decision(app))
    app.store.meanwhile(lambda: app.buying.complete(order_id, decision(app)))
    app.buying.complete(order_id, decision(app))
    assert (left(app), wallet_of(app)) == (MOST_PACKS - 2 + 10, (0, 0, 0))
    assert len([entry for entry in app.store.tables.audit.values() if entry.action == "grant-credits"]) == 1
    assert_invariants(dump_of(app.store))


def test_a_pack_is_granted_as_it_was_ordered_whatever_packs_cost_by_now(app: FakeApp) -> None:
    order_id = refused_for_want_of_room(app)
    app.buying.change(ANNA, -1, decision(app))
    parts = {"store": app.store, "questions": app.questions, "clock": app.clock}
    later = make_app({"ASSISTANT_ENABLED": "true", "ASSISTANT_PACKS": "30:99"}, **parts)
    later.buying.complete(order_id, decision(app))
    assert (left(app), wallet_of(app)) == (MOST_PACKS + 9, (0, 0, 0))


def test_nothing_is_granted_without_a_payment(app: FakeApp) -> None:
    order_id, _, _ = ordered(app)
    with pytest.raises(NotPaidYet):
        app.buying.complete(order_id, decision(app))
    stars, _ = app.paying.order_stars(ANNA, 20, app.now())
    for unknown in ("nothing", stars.id):
        with pytest.raises(NotFound):
            app.buying.complete(unknown, decision(app))
    assert (left(app), app.store.tables.audit) == (0, {})


def test_a_payment_that_went_back_grants_nothing_though_other_money_is_there(app: FakeApp) -> None:
    order_id = refused_for_want_of_room(app)
    app.refunding.refund(ANNA, "p1", app.now())
    pay(app, ANNA, 500)
    app.buying.change(ANNA, -1, decision(app))
    with pytest.raises(GivenBack):
        app.buying.complete(order_id, decision(app))
    assert app.buying.ungranted(app.store.tables.charges["p1"]) is None
    assert wallet_of(app) == (500, 0, 0)


def test_what_was_granted_at_once_is_done_already(app: FakeApp) -> None:
    charge = pay_pack(app)
    assert app.buying.complete(str(charge.order_id), decision(app)).credits == 10
    assert app.buying.ungranted(charge) is None
    assert "grant-credits" not in {entry.action for entry in app.store.tables.audit.values()}


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SUPPORT])
def test_only_finance_grants(app: FakeApp, role: Role) -> None:
    order_id = refused_for_want_of_room(app)
    with pytest.raises(NotAllowed):
        app.buying.complete(order_id, decision(app, 902, role=role))


# --- operators --------------------------------------------------------------------------------------------------------


def test_an_operator_changes_no_answers_of_their_own_but_owners_do(app: FakeApp) -> None:
    join(app, FINANCE)
    app.store.tables.people[FINANCE] = replace(app.store.tables.people[FINANCE], role=Role.FINANCE)
    with pytest.raises(OwnAccount):
        app.buying.change(FINANCE, 5, decision(app, FINANCE))
    join(app, 900)
    assert app.buying.change(900, 5, decision(app)).credits == 5


def test_an_operator_takes_none_that_is_being_answered_and_none_that_is_not_there(app: FakeApp) -> None:
    pay_pack(app)
    ask(app)
    with pytest.raises(TooFewCredits) as refused:
        app.buying.change(ANNA, -10, decision(app))
    assert refused.value.left == 9
    assert app.buying.change(ANNA, -9, decision(app)).credits == 0
    answer_all(app)
    assert_invariants(dump_of(app.store))


def test_one_decision_sent_twice_changes_once(app: FakeApp) -> None:
    decided = decision(app)
    for _ in range(2):
        app.buying.change(ANNA, 7, decided)
    assert left(app) == 7
    assert len(app.store.tables.audit) == 1
    assert_invariants(dump_of(app.store))
