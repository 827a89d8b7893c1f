"""Packs of the helper's answers that go back with their payment: refunded wholly unused, or taken back by Telegram."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from starbid.domain.errors import InDebt, InsufficientFunds
from starbid.domain.events import CreditsWithdrawn, PaymentRefunded
from starbid.domain.payment_errors import NotRefundable
from starbid.domain.payments import ChargeState
from starbid.services.ports import Ailment, ModelTrouble
from tests.support.debts import earn, fall_into_debt, wallet_of
from tests.support.factories import ANNA, pay, xtr
from tests.support.fakes import FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.packs import account, answer_all, ask, ask_and_answer, ordered, pay_pack, with_helper

FINANCE = 901


REFUSAL = ModelTrouble(Ailment.REFUSED, "no")


@pytest.fixture
def app() -> FakeApp:
    return with_helper()


def left(app: FakeApp) -> int:
    """Answers that ANNA could still ask for out of her packs."""
    return account(app).credits


def told(app: FakeApp, kind: type) -> list[object]:
    return [event for event in app.store.tables.events.values() if isinstance(event, kind)]


def state(app: FakeApp) -> ChargeState:
    return app.store.tables.charges["p1"].state


def take_back(app: FakeApp) -> None:
    paid = app.store.tables.charges["p1"].amount.amount
    app.refunding.taken_back(ANNA, "p1", "", paid, "XTR", app.now())
    assert_invariants(dump_of(app.store))


# --- refunded ---------------------------------------------------------------------------------------------------------


def test_a_pack_that_is_wholly_unused_goes_back_whole(app: FakeApp) -> None:
    pay_pack(app, 50)
    assert [charge.id for charge in app.refunding.refundable(ANNA, app.now())] == ["p1"]
    assert app.refunding.refund(ANNA, "p1", app.now()).state is ChargeState.REFUNDED
    assert (left(app), wallet_of(app), app.stars.refunded) == (0, (0, 0, 0), ["p1"])
    assert_invariants(dump_of(app.store))


def test_refunded_twice_it_went_back_once(app: FakeApp) -> None:
    pay_pack(app)
    app.refunding.refund(ANNA, "p1", app.now())
    with pytest.raises(NotRefundable):
        app.refunding.refund(ANNA, "p1", app.now())
    assert app.stars.refunded == ["p1"]


def not_refundable(app: FakeApp) -> None:
    before = app.store.tables.snapshot()
    assert app.refunding.refundable(ANNA, app.now()) == []
    with pytest.raises(NotRefundable):
        app.refunding.refund(ANNA, "p1", app.now())
    assert app.store.tables == before
    assert app.stars.refunded == []


def test_with_one_answer_used_a_pack_stays(app: FakeApp) -> None:
    pay_pack(app)
    ask_and_answer(app)
    not_refundable(app)


def test_one_that_an_open_question_has_reserved_counts_as_used_until_it_is_given_back(app: FakeApp) -> None:
    pay_pack(app)
    ask(app)
    not_refundable(app)
    app.language_model.says(REFUSAL)
    answer_all(app)
    app.refunding.refund(ANNA, "p1", app.now())
    assert left(app) == 0
    assert_invariants(dump_of(app.store))


def test_of_two_packs_the_one_that_is_not_begun_goes_back(app: FakeApp) -> None:
    for charge_id in ("p1", "p2"):
        pay_pack(app, charge_id=charge_id)
    ask_and_answer(app)
    assert [charge.id for charge in app.refunding.refundable(ANNA, app.now())] == ["p2"]
    app.refunding.refund(ANNA, "p2", app.now())
    assert left(app) == 9
    assert_invariants(dump_of(app.store))


def test_a_question_asked_while_it_is_refunded_is_not_paid_with_it(app: FakeApp) -> None:
    pay_pack(app)
    app.store.meanwhile(lambda: ask(app))
    with pytest.raises(NotRefundable):
        app.refunding.refund(ANNA, "p1", app.now())
    assert state(app) is ChargeState.CREDITED
    answer_all(app)
    assert left(app) == 9
    assert_invariants(dump_of(app.store))


def test_where_telegram_refuses_the_pack_is_there_again(app: FakeApp) -> None:
    pay_pack(app)
    app.stars.refusing = {"p1"}
    with pytest.raises(NotRefundable):
        app.refunding.refund(ANNA, "p1", app.now())
    assert (left(app), state(app)) == (10, ChargeState.CREDITED)
    assert_invariants(dump_of(app.store))
    ask_and_answer(app, 10)
    assert left(app) == 0
    assert_invariants(dump_of(app.store))


def test_refused_once_it_may_be_refunded_the_next_time(app: FakeApp) -> None:
    pay_pack(app)
    app.stars.refusing = {"p1"}
    with pytest.raises(NotRefundable):
        app.refunding.refund(ANNA, "p1", app.now())
    app.stars.refusing = set()
    app.refunding.refund(ANNA, "p1", app.now())
    assert (left(app), app.stars.refunded) == (0, ["p1"])
    assert_invariants(dump_of(app.store))


def test_nothing_that_was_bought_directly_goes_back_to_who_owes(app: FakeApp) -> None:
    pay_pack(app)
    fall_into_debt(app, ANNA, 100)
    with pytest.raises(InDebt):
        app.refunding.refund(ANNA, "p1", app.now())
    assert left(app) == 10


def test_a_pack_out_of_the_wallet_is_no_charge_and_its_stars_are_spent(app: FakeApp) -> None:
    pay(app, ANNA, 100, "c1")
    app.buying.buy(ANNA, 50, "r1", app.now())
    assert app.refunding.refundable(ANNA, app.now()) == []
    with pytest.raises(InsufficientFunds):
        app.refunding.refund(ANNA, "c1", app.now())
    assert_invariants(dump_of(app.store))


# --- taken back -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "used", "cost"), [(10, 0, 0), (10, 5, 10), (10, 10, 20), (50, 1, 2), (50, 4, 7), (200, 1, 2), (50, 5, 8)]
)
def test_what_was_used_of_a_pack_costs_its_part_of_the_price_rounded_up(
    app: FakeApp, number: int, used: int, cost: int
) -> None:
    pay(app, ANNA, 100)
    pay_pack(app, number)
    ask_and_answer(app, used)
    take_back(app)
    assert (left(app), wallet_of(app)) == (0, (100 - cost, 0, 0))
    assert state(app) is ChargeState.REFUNDED
    (refunded,) = told(app, PaymentRefunded)
    assert isinstance(refunded, PaymentRefunded)
    assert refunded.owed == xtr(0)
    withdrawn = [event.credits for event in told(app, CreditsWithdrawn) if isinstance(event, CreditsWithdrawn)]
    assert withdrawn == ([number - used] if used < number else [])


@pytest.mark.parametrize(("available", "owed"), [(0, 10), (4, 6), (10, 0)])
def test_what_the_wallet_cannot_bear_of_it_is_owed(app: FakeApp, available: int, owed: int) -> None:
    if available:
        pay(app, ANNA, available)
    pay_pack(app)
    ask_and_answer(app, 5)
    take_back(app)
    assert wallet_of(app) == (0, 0, owed)
    with pytest.raises(InDebt if owed else InsufficientFunds):
        app.buying.buy(ANNA, 10, "r1", app.now())


def test_what_it_cost_is_paid_with_bought_stars_as_if_it_had_come_through_the_wallet(app: FakeApp) -> None:
    """Or earned Stars would go back to Telegram in the place of those that were used."""
    pay(app, ANNA, 100, "c1")
    pay_pack(app)
    ask_and_answer(app, 5)
    take_back(app)
    earn(app, 10)
    mine = app.store.wallet(ANNA, "XTR")
    assert (mine.available, mine.bought, mine.refundable) == (xtr(100), xtr(90), xtr(90))
    assert_invariants(dump_of(app.store))


def test_taken_back_twenty_times_at_once_it_counts_once(app: FakeApp) -> None:
    pay_pack(app)
    ask_and_answer(app, 5)
    with ThreadPoolExecutor(20) as crowd:
        list(crowd.map(lambda _: take_back(app), range(20)))
    assert wallet_of(app) == (0, 0, 10)


def test_the_pack_that_is_taken_back_while_one_of_it_is_answered_keeps_that_one(app: FakeApp) -> None:
    pay_pack(app)
    ask_and_answer(app, 4)
    ask(app)
    take_back(app)
    assert (left(app), wallet_of(app)) == (0, (0, 0, 10)), "five are used: one of them is being answered"
    answer_all(app)
    assert (left(app), wallet_of(app)) == (0, (0, 0, 10))
    assert_invariants(dump_of(app.store))


def test_an_answer_that_fails_after_that_may_be_asked_for_again_for_it_is_paid(app: FakeApp) -> None:
    pay_pack(app)
    ask(app)
    take_back(app)
    app.language_model.says(REFUSAL)
    answer_all(app)
    assert (left(app), wallet_of(app)) == (1, (0, 0, 2))
    assert_invariants(dump_of(app.store))
    app.language_model.says("An answer.")
    ask_and_answer(app)
    assert left(app) == 0
    assert_invariants(dump_of(app.store))


def test_its_owner_is_told_how_many_answers_went_with_it_where_any_did(app: FakeApp) -> None:
    pay_pack(app)
    ask_and_answer(app, 3)
    app.run_streams()
    take_back(app)
    (withdrawn,) = [each for each in app.run_streams() if each.kind == "credits_withdrawn"]
    assert (withdrawn.user_id, withdrawn.facts) == (ANNA, {"credits": 7})
    pay_pack(app, charge_id="p2")
    ask_and_answer(app, 9)
    ask(app)
    app.run_streams()
    app.refunding.take_back("p2", app.now())
    assert [each.kind for each in app.run_streams()] == ["refunded"]


def test_an_answer_that_is_only_yet_to_be_told_is_used(app: FakeApp) -> None:
    pay_pack(app)
    ask_and_answer(app, 10)
    take_back(app)
    assert wallet_of(app) == (0, 0, 20)


def test_a_question_that_is_settled_meanwhile_costs_its_part(app: FakeApp) -> None:
    """Both read the account as it was: the refund starts over."""
    pay_pack(app)
    ask(app)
    app.store.meanwhile(lambda: app.store.meanwhile(lambda: answer_all(app)))
    take_back(app)
    answer_all(app)
    assert (left(app), wallet_of(app)) == (0, (0, 0, 2))
    assert_invariants(dump_of(app.store))


def test_a_report_that_overtook_its_payment_leaves_nothing(app: FakeApp) -> None:
    _, payload, price = ordered(app)
    app.refunding.taken_back(ANNA, "p1", payload, price, "XTR", app.now())
    app.paying.credit(ANNA, "p1", payload, price, "XTR", app.now())
    assert (left(app), wallet_of(app), state(app)) == (0, (0, 0, 0), ChargeState.REFUNDED)
    assert_invariants(dump_of(app.store))
