"""Bills from the person's side: one is opened, shown again, checked, cancelled; nobody else's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from starbid.domain.bills import BillOpen, BillState, ProviderFailed, ProviderStatus
from starbid.domain.errors import Blocked, Conflict, Invalid, NotFound
from starbid.domain.money import Money
from starbid.domain.unfinished import BuyAct
from starbid.services.ports import ProviderTrouble
from tests.support.billed import CRYPTOPAY, QIWI, TELEGRAM, make_shop, open_bill, roubles, rub
from tests.support.factories import ANNA, BORIS, xtr
from tests.support.fakes import Death, make_app
from tests.support.invariants import assert_invariants, dump_of

DEAD, GONE = ProviderTrouble("time-out", is_open=True), ProviderTrouble("HTTP 400", is_open=False)
LAMP = BuyAct("lot1", rub(500), 1)
VASE = BuyAct("lot2", rub(500), 1)


# --- opening ----------------------------------------------------------------------------------------------------------


def test_a_bill_lives_for_five_minutes_and_is_looked_at_every_minute() -> None:
    app, bills = make_shop()
    bill = open_bill(app)
    assert (bill.state, bill.status, bill.amount, bill.user_id) == (BillState.WAITING, "waiting", rub(500), ANNA)
    assert bill.pay_url == f"http://pay.test/{bill.id}"
    assert bill.expires_at == app.now() + timedelta(seconds=300)
    assert app.scheduler.bills == {bill.id: bill.expires_at}
    assert bills.calls == ["create"]


def test_the_id_of_a_bill_cannot_be_guessed() -> None:
    app, _ = make_shop()
    ids = {open_bill(app, provider=provider).id for provider in (QIWI, CRYPTOPAY, TELEGRAM)}
    assert len(ids) == 3
    assert all(len(bill_id) == 32 and set(bill_id) <= set("0123456789abcdef") for bill_id in ids)


@pytest.mark.parametrize("units", [10, 100_000])
def test_the_least_and_the_most_can_be_topped_up(units: int) -> None:
    app, _ = make_shop()
    assert open_bill(app, units).amount == rub(units)


@pytest.mark.parametrize(
    ("amount", "provider", "field"),
    [
        (Money(999, "RUB"), QIWI, "amount"),
        (Money(10_000_001, "RUB"), QIWI, "amount"),
        (Money(-500, "RUB"), QIWI, "amount"),
        (Money(9_999, "RUB"), TELEGRAM, "amount"),
        (xtr(500), QIWI, "currency"),
        (Money(50_000, "USD"), QIWI, "currency"),
    ],
)
def test_what_no_bill_may_be_is_refused_and_asks_no_provider(amount: Money, provider: object, field: str) -> None:
    app, bills = make_shop()
    with pytest.raises(Invalid) as refusal:
        app.top_ups.open(ANNA, amount, provider, app.now())  # type: ignore[arg-type]
    assert refusal.value.field == field
    assert not bills.calls
    assert not app.store.tables.bills


def test_without_a_secret_no_provider_is_on_offer() -> None:
    app = make_app()
    assert app.top_ups.offered == ()
    with pytest.raises(Invalid) as refusal:
        app.top_ups.open(ANNA, rub(500), QIWI, app.now())
    assert refusal.value.field == "provider"


def test_a_blocked_person_opens_no_bill() -> None:
    app, bills = make_shop()
    app.store.block(ANNA)
    with pytest.raises(Blocked):
        open_bill(app)
    assert not bills.calls


def test_asking_again_for_the_same_amount_shows_the_same_bill() -> None:
    app, bills = make_shop()
    first = app.top_ups.open(ANNA, rub(500), QIWI, app.now())
    again = app.top_ups.open(ANNA, rub(500), QIWI, app.now())
    assert (first.is_new, again.is_new) == (True, False)
    assert again.bill == first.bill
    assert bills.calls == ["create"]


def test_another_amount_has_to_wait_for_the_open_bill() -> None:
    app, _ = make_shop()
    bill = open_bill(app)
    with pytest.raises(BillOpen) as refusal:
        open_bill(app, 700)
    assert (refusal.value.code, refusal.value.details["id"]) == ("bill_open", bill.id)


def test_each_provider_and_each_person_has_an_open_bill_of_its_own() -> None:
    app, _ = make_shop()
    assert len({open_bill(app).id, open_bill(app, 700, provider=CRYPTOPAY).id, open_bill(app, 900, BORIS).id}) == 3


def test_what_is_wanted_last_is_done_with_the_money_of_a_bill_that_is_shown_again() -> None:
    app, _ = make_shop()
    bill = app.top_ups.open(ANNA, rub(500), QIWI, app.now(), LAMP).bill
    assert app.paying.act_of(bill.id, ANNA) == LAMP
    app.top_ups.open(ANNA, rub(500), QIWI, app.now(), VASE)
    assert app.paying.act_of(bill.id, ANNA) == VASE
    app.top_ups.open(ANNA, rub(500), QIWI, app.now())  # for the wallet: what was confirmed still is
    assert app.paying.act_of(bill.id, ANNA) == VASE


def test_a_bill_whose_life_is_over_makes_room_for_another() -> None:
    app, _ = make_shop()
    old = open_bill(app)
    app.clock.forward(seconds=300)
    new = open_bill(app, 700)
    assert new.id != old.id
    assert app.store.tables.bills[old.id].state is BillState.EXPIRED


def test_twenty_who_ask_at_once_get_one_bill() -> None:
    app, bills = make_shop()

    def ask(_: int) -> str:
        for _attempt in range(20):
            try:
                return open_bill(app).id
            except Conflict:
                continue
        raise AssertionError

    with ThreadPoolExecutor(8) as threads:
        ids = set(threads.map(ask, range(20)))
    assert len(ids) == 1
    assert bills.calls.count("create") == 1


# --- a provider that fails --------------------------------------------------------------------------------------------


def test_a_provider_that_refuses_fails_the_bill_and_is_told_to_the_admins() -> None:
    app, bills = make_shop()
    bills.trouble["create"] = [GONE]
    with pytest.raises(ProviderFailed):
        open_bill(app)
    (bill,) = app.store.tables.bills.values()
    assert (bill.state, bill.status, bill.look_at) == (BillState.FAILED, "failed", None)
    assert [notice.kind for notice in app.run_streams() if notice.user_id == 900] == ["provider_troubled"]


def test_after_an_answer_that_was_lost_the_bill_is_found_and_not_made_twice() -> None:
    app, bills = make_shop()
    bills.late["create"] = [DEAD]
    bill = open_bill(app)
    assert (bill.state, bills.calls) == (BillState.WAITING, ["create", "find"])


def test_a_bill_that_may_have_been_made_is_asked_about_for_a_day_and_credited_if_it_is_paid() -> None:
    app, bills = make_shop()
    bills.late["create"], bills.trouble["find"] = [DEAD], [DEAD]
    with pytest.raises(ProviderFailed):
        open_bill(app)
    (bill,) = app.store.tables.bills.values()
    assert bill.state is BillState.FAILED
    bills.say(bill.id, ProviderStatus.PAID)
    app.clock.forward(minutes=20)
    app.settling.sweep(app.now())
    assert roubles(app) == 50_000
    assert_invariants(dump_of(app.store))


def test_a_process_that_dies_before_the_provider_answers_leaves_a_bill_that_the_next_request_finishes() -> None:
    app, bills = make_shop()

    def die(_: object) -> None:
        raise Death

    bills.during["create"] = die
    with pytest.raises(Death):
        open_bill(app)
    bills.during.clear()
    app.clock.forward(seconds=31)  # the claim of the dead one
    bill = open_bill(app)
    assert (bill.state, bills.calls) == (BillState.WAITING, ["create", "find"])


def test_a_callback_before_the_answer_of_create_settles_the_bill() -> None:
    app, bills = make_shop()
    bills.during["create"] = lambda bill: app.settling.hear(QIWI, bills.say(bill.id, ProviderStatus.PAID), app.now())
    opened = app.top_ups.open(ANNA, rub(500), QIWI, app.now())
    assert opened.bill.state is BillState.PAID
    assert roubles(app) == 50_000
    assert not app.scheduler.bills


# --- seeing and checking ----------------------------------------------------------------------------------------------


def test_nobody_sees_checks_or_cancels_the_bill_of_another() -> None:
    app, bills = make_shop()
    bill = open_bill(app)
    for act in (app.top_ups.check, app.top_ups.cancel):
        with pytest.raises(NotFound):
            act(bill.id, BORIS, app.now())
    with pytest.raises(NotFound):
        app.top_ups.bill(bill.id, BORIS)
    assert app.top_ups.bills_of(BORIS).items == ()
    assert bills.calls == ["create"]


def test_a_list_of_bills_is_newest_first_and_goes_on() -> None:
    app, bills = make_shop()
    made = []
    for units in (100, 200, 300):
        made.append(open_bill(app, units).id)
        bills.say(made[-1], ProviderStatus.REJECTED)
        app.top_ups.check(made[-1], ANNA, app.now())
        app.clock.forward(minutes=1)
    page = app.top_ups.bills_of(ANNA, limit=2)
    rest = app.top_ups.bills_of(ANNA, limit=2, cursor=page.cursor)
    assert [bill.id for bill in (*page.items, *rest.items)] == made[::-1]


def test_twenty_checks_at_once_ask_the_provider_a_few_times_and_credit_once() -> None:
    app, bills = make_shop()
    bill = open_bill(app)
    bills.say(bill.id, ProviderStatus.PAID)
    with ThreadPoolExecutor(8) as threads:
        states = list(threads.map(lambda _: app.top_ups.check(bill.id, ANNA, app.now()).state, range(20)))
    assert states[-1] is BillState.PAID
    assert bills.calls.count("find") == 1
    assert roubles(app) == 50_000


def test_a_check_while_the_provider_fails_says_so_and_changes_nothing() -> None:
    app, bills = make_shop()
    bill = open_bill(app)
    bills.trouble["find"] = [DEAD]
    with pytest.raises(ProviderFailed):
        app.top_ups.check(bill.id, ANNA, app.now())
    assert app.top_ups.check(bill.id, ANNA, app.now()).state is BillState.WAITING


# --- cancelling -------------------------------------------------------------------------------------------------------


def test_a_cancelled_bill_cannot_be_paid_and_is_told_of_no_further() -> None:
    app, bills = make_shop()
    bill = open_bill(app)
    assert app.top_ups.cancel(bill.id, ANNA, app.now()).status == "rejected"
    assert bills.bills[bill.id].status is ProviderStatus.REJECTED
    assert not app.run_streams()
    assert not app.scheduler.bills
    assert open_bill(app, 700).id != bill.id


def test_what_was_paid_before_the_cancel_counts() -> None:
    app, bills = make_shop()
    bill = open_bill(app)
    bills.say(bill.id, ProviderStatus.PAID)
    assert app.top_ups.cancel(bill.id, ANNA, app.now()).state is BillState.PAID
    assert roubles(app) == 50_000


def test_what_is_paid_though_the_cancel_did_not_get_through_counts() -> None:
    app, bills = make_shop()
    bill = open_bill(app)
    bills.trouble["cancel"] = [DEAD]
    assert app.top_ups.cancel(bill.id, ANNA, app.now()).status == "rejected"
    bills.say(bill.id, ProviderStatus.PAID)
    app.clock.forward(minutes=11)
    app.settling.sweep(app.now())
    assert roubles(app) == 50_000


def test_a_second_cancel_changes_nothing() -> None:
    app, _ = make_shop()
    bill = open_bill(app)
    once = app.top_ups.cancel(bill.id, ANNA, app.now())
    assert app.top_ups.cancel(bill.id, ANNA, app.now()) == once
