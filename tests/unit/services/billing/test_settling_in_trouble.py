"""Bills whose provider calls back too early, answers oddly, or is down: nobody loses the way to pay, or the money."""

from __future__ import annotations

import pytest

from starbid.domain.bills import Bill, BillState, ProviderStatus
from starbid.services.ports import ProviderTrouble
from tests.support.billed import QIWI, make_shop, open_bill, roubles
from tests.support.factories import ANNA, join
from tests.support.fake_bills import FakeBills, reported
from tests.support.fakes import Death, FakeApp

PAID, WAITING, UNKNOWN = ProviderStatus.PAID, ProviderStatus.WAITING, ProviderStatus.UNKNOWN
DEAD = ProviderTrouble("time-out", is_open=True)


# --- before create has answered ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [WAITING, UNKNOWN])
def test_a_callback_that_overtakes_the_answer_of_create_does_not_cost_the_way_to_pay(said: ProviderStatus) -> None:
    app, bills = make_shop()

    def call_back(bill: Bill) -> None:  # what is signed of a callback has no address
        app.settling.hear(QIWI, reported(bill, said, pay_url="", ref=""), app.now())

    bills.during["create"] = call_back
    bill = open_bill(app)
    assert (bill.state, bill.pay_url) == (BillState.WAITING, f"http://pay.test/{bill.id}")
    assert bill.id in app.scheduler.bills


def test_an_unknown_answer_of_create_has_the_way_to_pay_all_the_same() -> None:
    app, bills = make_shop()
    bills.during["create"] = lambda bill: bills.say(bill.id, UNKNOWN, said="NEW")
    bills.late["create"] = [DEAD]
    bill = open_bill(app)
    assert (bill.state, bill.pay_url) == (BillState.WAITING, f"http://pay.test/{bill.id}")
    app.settling.look(bill.id, app.now())
    assert [notice.kind for notice in app.run_streams() if notice.user_id == ANNA] == ["bill_puzzling"]


def test_who_hears_first_that_a_bill_is_made_has_it_looked_at_every_minute() -> None:
    app, bills = make_shop()

    def die(_: Bill) -> None:
        raise Death

    bills.during["create"] = die
    with pytest.raises(Death):
        open_bill(app)
    (bill,) = app.store.tables.bills.values()
    assert not app.scheduler.bills
    app.top_ups.check(bill.id, ANNA, app.now())
    assert app.scheduler.bills == {bill.id: bill.expires_at}


# --- a provider that is down ------------------------------------------------------------------------------------------


def shop_with_overdue_bills(number: int) -> tuple[FakeApp, FakeBills]:
    app, bills = make_shop()
    for user_id in range(1000, 1000 + number):
        join(app, user_id)
        open_bill(app, user_id=user_id)
    app.clock.forward(seconds=300)
    bills.calls.clear()
    return app, bills


def test_a_sweep_asks_a_provider_that_is_down_twice_not_once_for_each_bill() -> None:
    app, bills = shop_with_overdue_bills(9)
    bills.trouble["find"] = [DEAD] * 100
    app.settling.sweep(app.now())
    assert bills.calls == ["find", "find"]
    assert {bill.state for bill in app.store.tables.bills.values()} == {BillState.EXPIRED}
    bills.trouble.clear()
    for bill_id in app.store.tables.bills:
        bills.say(bill_id, PAID)
    app.clock.forward(minutes=10)
    app.settling.sweep(app.now())
    assert [roubles(app, user_id) for user_id in range(1000, 1009)] == [50_000] * 9


def test_a_sweep_whose_time_is_over_leaves_the_rest_to_the_next_and_says_how_old_it_is() -> None:
    app, bills = shop_with_overdue_bills(4)
    for bill_id in app.store.tables.bills:
        bills.say(bill_id, PAID)
    app.clock.forward(seconds=7)
    assert app.settling.sweep(app.now(), lambda: bills.calls.count("find") < 3) == 7
    assert bills.calls == ["find"] * 3
    assert app.settling.sweep(app.now()) == 0
    assert [roubles(app, user_id) for user_id in range(1000, 1004)] == [50_000] * 4
