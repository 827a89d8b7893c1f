"""The answers that come with a subscription: used, they keep its days from being refunded."""

from __future__ import annotations

import pytest

from starbid.domain.payment_errors import NotRefundable
from starbid.domain.payments import ChargeState
from starbid.services.ports import Ailment, ModelTrouble
from tests.support.debts import wallet_of
from tests.support.factories import ANNA, join
from tests.support.fakes import FakeApp, make_app
from tests.support.invariants import assert_invariants, dump_of
from tests.support.packs import answer_all, ask, ask_and_answer, with_helper

REFUSAL = ModelTrouble(Ailment.REFUSED, "no")


def not_refundable(app: FakeApp) -> None:
    before = app.store.tables.snapshot()
    assert app.refunding.refundable(ANNA, app.now()) == []
    with pytest.raises(NotRefundable):
        app.refunding.refund(ANNA, "n2", app.now())
    assert app.store.tables == before


def subscribed(app: FakeApp, *charges: str) -> None:
    for charge in charges:
        _, payload = app.paying.order_subscription(ANNA, app.now())
        app.paying.credit(ANNA, charge, payload, 100, "XTR", app.now())


@pytest.fixture
def small_quota() -> FakeApp:
    """One answer comes with each 30 days; there are days of two payments."""
    app = with_helper(ASSISTANT_QUOTA="1")
    subscribed(app, "n1", "n2")
    return app


def test_days_whose_answers_were_used_do_not_go_back(small_quota: FakeApp) -> None:
    app = small_quota
    assert [charge.id for charge in app.refunding.refundable(ANNA, app.now())] == ["n2"]
    ask_and_answer(app, 2)
    not_refundable(app)


def test_nor_do_those_whose_answer_is_being_written(small_quota: FakeApp) -> None:
    app = small_quota
    ask_and_answer(app)
    ask(app)
    not_refundable(app)
    app.language_model.says(REFUSAL)
    answer_all(app)
    app.refunding.refund(ANNA, "n2", app.now())
    assert app.stars.refunded == ["n2"]


def test_a_question_asked_while_days_are_refunded_is_not_paid_with_them(small_quota: FakeApp) -> None:
    app = small_quota
    ask_and_answer(app)
    app.store.meanwhile(lambda: ask(app))
    with pytest.raises(NotRefundable):
        app.refunding.refund(ANNA, "n2", app.now())
    assert app.store.tables.charges["n2"].state is ChargeState.CREDITED
    answer_all(app)
    assert_invariants(dump_of(app.store))


def test_who_never_used_the_helper_gets_their_days_refunded_and_no_account() -> None:
    app = make_app()
    join(app, ANNA)
    subscribed(app, "n1", "n2")
    app.refunding.refund(ANNA, "n2", app.now())
    assert app.store.tables.accounts == {}


def test_used_answers_of_days_that_are_taken_back_are_not_charged(small_quota: FakeApp) -> None:
    app = small_quota
    ask_and_answer(app, 2)
    app.refunding.taken_back(ANNA, "n2", "", 100, "XTR", app.now())
    assert wallet_of(app) == (0, 0, 0)
