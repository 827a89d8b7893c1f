"""Bills: one open at a time, one outcome, the same in memory, on moto and on the emulator."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from starbid.domain import bills
from starbid.domain.bills import Bill, BillState, ProviderStatus, Reported
from starbid.domain.payments import Provider
from starbid.domain.unfinished import BidAct, BuyAct, Unfinished
from starbid.services.ports import ConditionFailed, Contended
from tests.support.billed import rub
from tests.support.dynamo import DynamoApp
from tests.support.factories import ANNA, BORIS
from tests.support.fakes import START, StagedApp

ACT = Unfinished.at(BuyAct("lot1", rub(500), 3), START)


def a_bill(number: int = 1, user_id: int = ANNA, provider: Provider = Provider.QIWI, minutes: int = 0) -> Bill:
    return bills.new_bill(f"{number:032x}", provider, user_id, rub(500), START + timedelta(minutes=minutes), 300)


def add(app: StagedApp, bill: Bill, act: Unfinished | None = None) -> Bill:
    unit = app.store.unit()
    unit.add_bill(bill, bills.order_of(bill, act))
    unit.commit()
    return bill


def save(app: StagedApp, before: Bill, after: Bill) -> Bill:
    unit = app.store.unit()
    unit.save_bill(before, after)
    unit.commit()
    return after


def differing(bill: Bill, minutes: int = 0) -> Bill:
    paid = Reported(bill.id, ProviderStatus.PAID, Decimal("499.00"), "RUB")
    return bills.differing(bill, paid, START + timedelta(minutes=minutes))


def test_a_bill_is_found_as_it_was_written_with_its_order(any_app: StagedApp) -> None:
    bill = add(any_app, a_bill(), ACT)
    assert any_app.store.bill(bill.id) == bill
    assert any_app.store.bill("f" * 32) is None
    order = any_app.store.order(bill.id)
    assert order is not None
    assert (order, order.unfinished) == (bills.order_of(bill), ACT)


@pytest.mark.parametrize("state", [*BillState])
def test_every_state_and_field_survives(any_app: StagedApp, state: BillState) -> None:
    bill = add(any_app, a_bill())
    full = replace(
        bill, state=state, pay_url="http://pay.test/1", ref="r1", paid="499.00 RUB", puzzled=True, charge_id="c1",
        look_at=START, ended_at=START, version=2,
    )  # fmt: skip
    save(any_app, bill, full)
    assert any_app.store.bill(bill.id) == full


def test_a_person_has_one_open_bill_at_a_provider(any_app: StagedApp) -> None:
    bill = add(any_app, a_bill())
    with pytest.raises(ConditionFailed) as refused:
        add(any_app, a_bill(2))
    assert {(r.what, r.current) for r in refused.value.refusals} == {("open_bill", bill.id)}
    assert any_app.store.bill(a_bill(2).id) is None
    add(any_app, a_bill(3, BORIS))
    add(any_app, a_bill(4, provider=Provider.CRYPTOPAY))
    assert any_app.store.open_bill(ANNA, Provider.QIWI) == bill.id
    assert any_app.store.open_bill(ANNA, Provider.TELEGRAM) is None


@pytest.mark.parametrize("state", [state for state in BillState if state not in bills.OPEN_STATES])
def test_an_ended_bill_makes_room_for_another_and_the_late_news_of_it_do_not(
    any_app: StagedApp, state: BillState
) -> None:
    old = add(any_app, a_bill())
    ended = save(any_app, old, replace(old, state=state, ended_at=START, version=2))
    new = add(any_app, a_bill(2))
    save(any_app, ended, bills.credited(ended, "c1", START))
    assert any_app.store.open_bill(ANNA, Provider.QIWI) == new.id


def test_of_two_who_change_a_bill_the_later_is_refused_and_sees_it(any_app: StagedApp) -> None:
    bill = add(any_app, a_bill())
    paid = save(any_app, bill, bills.credited(bill, "c1", START))
    with pytest.raises(ConditionFailed) as refused:
        save(any_app, bill, bills.ended_unpaid(bill, BillState.EXPIRED, START, finally_=True))
    assert refused.value.current("bill") == paid


def test_own_bills_come_newest_first_page_by_page(any_app: StagedApp) -> None:
    made = []
    for number in range(5):
        bill = add(any_app, a_bill(number, minutes=number))
        made.append(save(any_app, bill, bills.ended_unpaid(bill, BillState.EXPIRED, START, finally_=True)))
    add(any_app, a_bill(9, BORIS))
    first = any_app.store.bills_of(ANNA, limit=3)
    rest = any_app.store.bills_of(ANNA, limit=3, cursor=first.cursor)
    assert [*first.items, *rest.items] == made[::-1]


def test_what_is_due_is_what_has_to_be_looked_at_by_now(any_app: StagedApp) -> None:
    bill = add(any_app, a_bill())
    store = any_app.store
    assert store.due_bills(bill.expires_at - timedelta(milliseconds=1), 10) == []
    assert store.due_bills(bill.expires_at, 10) == [bill.id]
    save(any_app, bill, bills.credited(bill, "c1", START))
    assert store.due_bills(START + timedelta(days=9), 10) == []


def test_differing_bills_wait_for_an_operator_the_oldest_first(any_app: StagedApp) -> None:
    waiting = []
    for number, minutes in ((1, 5), (2, 1), (3, 9)):
        bill = add(any_app, a_bill(number, user_id=number))
        waiting.append((minutes, save(any_app, bill, differing(bill, minutes))))
    done = waiting.pop()[1]
    save(any_app, done, bills.returned(done, START))
    assert any_app.store.differing_bills(10) == [bill for _, bill in sorted(waiting, key=lambda each: each[0])]
    assert any_app.store.due_bills(START + timedelta(days=9), 10) == []


def test_another_act_waits_for_the_money_until_it_has_come(any_app: StagedApp) -> None:
    bill = add(any_app, a_bill(), ACT)
    other = Unfinished.at(BidAct("lot2", rub(600), 1, confirmed=True), START)
    for act in (other, None, ACT):
        assert any_app.store.change_act(bill.id, act)
        order = any_app.store.order(bill.id)
        assert order is not None
        assert order.unfinished == act
    unit = any_app.store.unit()
    unit.add_charge(bills.charge_of(bill, bill.amount, START))
    unit.commit()
    assert not any_app.store.change_act(bill.id, None)
    assert not any_app.store.change_act("f" * 32, ACT)
    order = any_app.store.order(bill.id)
    assert order is not None
    assert order.unfinished == ACT


def test_of_many_who_open_a_bill_at_once_one_does(emulated: DynamoApp) -> None:
    def attempt(number: int) -> bool:
        try:
            add(emulated, a_bill(number))
        except (ConditionFailed, Contended):
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(16))) == 1
