"""What a bill brought goes back by no button: finance marks it as charged back."""

import pytest

from starbid.domain.payment_errors import NotRefundable
from tests.support.factories import ANNA, join, pay
from tests.support.fakes import make_app
from tests.support.fiat import RUB, rub, top_up
from tests.support.invariants import assert_invariants, dump_of


def test_money_of_a_bill_is_not_offered_for_a_refund_and_a_forged_button_moves_nothing() -> None:
    app = make_app()
    join(app, ANNA)
    of_stars, of_bill = pay(app, ANNA, 100), top_up(app, ANNA, rub(50_000))
    assert [charge.id for charge in app.refunding.refundable(ANNA, app.now())] == [of_stars.id]
    before = app.store.tables.snapshot()
    with pytest.raises(NotRefundable):
        app.refunding.refund(ANNA, of_bill.id, app.now())
    assert app.store.tables == before
    assert app.store.wallet(ANNA, RUB, consistent=True).available == rub(50_000)
    assert app.refunding.finish_refunds(app.now()) == 0
    assert_invariants(dump_of(app.store))


def test_many_bills_do_not_hide_the_stars_that_were_bought_before() -> None:
    app = make_app()
    join(app, ANNA)
    of_stars = pay(app, ANNA, 100)
    for _ in range(60):
        app.clock.forward(minutes=1)
        top_up(app, ANNA, rub(1_000))
    assert [charge.id for charge in app.refunding.refundable(ANNA, app.now())] == [of_stars.id]
