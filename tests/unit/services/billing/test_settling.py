"""What a provider says becomes true here once, however it is heard of: by look, page, callback or sweep."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.bills import Bill, BillState, ProviderFailed, ProviderStatus
from starbid.domain.errors import Conflict
from starbid.domain.ledger import TransferKind, source_account
from starbid.domain.payments import ChargeState
from starbid.services.ports import Contended, ProviderTrouble, Unavailable
from tests.support.billed import CRYPTOPAY, QIWI, make_shop, open_bill, roubles, rub
from tests.support.factories import ANNA
from tests.support.fake_bills import FakeBills, reported
from tests.support.fakes import Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of

PAID, WAITING, REJECTED, EXPIRED, UNKNOWN = (
    ProviderStatus.PAID,
    ProviderStatus.WAITING,
    ProviderStatus.REJECTED,
    ProviderStatus.EXPIRED,
    ProviderStatus.UNKNOWN,
)
DEAD = ProviderTrouble("time-out", is_open=True)


def kinds(app: FakeApp, user_id: int = ANNA) -> list[str]:
    """What the person is told by now."""
    return [notice.kind for notice in app.run_streams() if notice.user_id == user_id]


def shop_with_bill() -> tuple[FakeApp, FakeBills, Bill]:
    app, bills = make_shop()
    return app, bills, open_bill(app)


# --- paid -------------------------------------------------------------------------------------------------------------


def test_a_paid_bill_is_credited_out_of_the_account_of_its_provider_and_told_once() -> None:
    app, bills, bill = shop_with_bill()
    bills.say(bill.id, PAID)
    paid = app.settling.look(bill.id, app.now())
    assert paid is not None
    assert (paid.state, paid.status, paid.charge_id) == (BillState.PAID, "paid", bill.id)
    (transfer,) = app.store.tables.transfers.values()
    assert transfer.kind is TransferKind.TOP_UP
    assert {e.account: e.change for e in transfer.entries} == {source_account("qiwi"): -rub(500), "user:1": rub(500)}
    assert app.store.tables.charges[bill.id].state is ChargeState.CREDITED
    assert kinds(app) == ["credited"]
    assert not app.scheduler.bills
    assert_invariants(dump_of(app.store))


def test_twenty_callbacks_at_once_with_the_poll_credit_once() -> None:
    app, bills, bill = shop_with_bill()
    said = bills.say(bill.id, PAID)

    def hear(number: int) -> object:
        while True:
            try:
                if number % 2:
                    return app.settling.look(bill.id, app.now())
                return app.settling.hear(QIWI, said, app.now())
            except Conflict:  # a provider calls again, and so does the scheduler
                continue

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(hear, range(20)))
    assert roubles(app) == 50_000
    assert kinds(app) == ["credited"]
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize("fault", [Death(), Unavailable(), Contended()])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("hearing", [0, 1])
def test_a_function_that_dies_at_the_settling_write_leaves_it_to_the_next(
    fault: BaseException, after: bool, hearing: int
) -> None:
    app, bills, bill = shop_with_bill()
    said = bills.say(bill.id, PAID)
    acts: tuple[Callable[[], object], ...] = (
        lambda: app.settling.look(bill.id, app.now()),
        lambda: app.settling.hear(QIWI, said, app.now()),
    )
    app.store.fail_next(fault, after=after)
    try:
        acts[hearing]()
    except (Death, Unavailable):
        acts[hearing]()
    assert roubles(app) == 50_000
    assert kinds(app) == ["credited"]
    assert_invariants(dump_of(app.store))


def test_a_function_that_dies_while_it_asks_changes_nothing() -> None:
    app, bills, bill = shop_with_bill()

    def die(_: Bill) -> None:
        raise Death

    bills.during["find"] = die
    with pytest.raises(Death):
        app.settling.look(bill.id, app.now())
    assert app.store.tables.bills[bill.id] == bill


@pytest.mark.parametrize("end", [REJECTED, EXPIRED, WAITING, UNKNOWN])
def test_what_was_paid_stays_paid_whatever_is_said_afterwards(end: ProviderStatus) -> None:
    app, bills, bill = shop_with_bill()
    app.settling.hear(QIWI, bills.say(bill.id, PAID), app.now())
    after = app.settling.hear(QIWI, bills.say(bill.id, end), app.now())
    assert after is not None
    assert after.state is BillState.PAID
    assert roubles(app) == 50_000


@pytest.mark.parametrize("end", [REJECTED, EXPIRED])
def test_what_is_paid_after_its_end_is_credited_all_the_same(end: ProviderStatus) -> None:
    app, bills, bill = shop_with_bill()
    app.settling.hear(QIWI, bills.say(bill.id, end), app.now())
    app.settling.hear(QIWI, bills.say(bill.id, PAID), app.now())
    assert roubles(app) == 50_000
    assert kinds(app) == ["bill_ended", "credited"]


def test_a_blocked_persons_payment_is_credited() -> None:
    app, bills, bill = shop_with_bill()
    app.store.block(ANNA)
    bills.say(bill.id, PAID)
    app.settling.look(bill.id, app.now())
    assert roubles(app) == 50_000


# --- not as asked for -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "paid"),
    [
        ({"value": Decimal("499.99")}, "499.99 RUB"),
        ({"value": Decimal("500.01")}, "500.01 RUB"),
        ({"value": Decimal(5000)}, "5000 RUB"),
        ({"currency": "USD"}, "500 USD"),
        ({"currency": "USDT"}, "500 USDT"),
    ],
)
def test_another_amount_or_currency_is_credited_to_nobody_and_shown_to_operators(
    changes: dict[str, object], paid: str
) -> None:
    app, bills, bill = shop_with_bill()
    bills.say(bill.id, PAID, **changes)
    after = app.settling.look(bill.id, app.now())
    assert after is not None
    assert (after.state, after.status, after.paid) == (BillState.DIFFERENT, "failed", paid)
    assert not app.store.tables.transfers
    assert [(n.user_id, n.kind) for n in app.run_streams()] == [(ANNA, "bill_differs"), (900, "bill_to_review")]
    assert app.bill_review.queue(10) == [after]


@pytest.mark.parametrize("value", ["500", "500.0", "500.00", "5E+2", "500.000000"])
def test_amounts_are_compared_as_numbers(value: str) -> None:
    app, bills, bill = shop_with_bill()
    bills.say(bill.id, PAID, value=Decimal(value))
    app.settling.look(bill.id, app.now())
    assert roubles(app) == 50_000


# --- not paid ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "state"), [(REJECTED, BillState.REJECTED), (EXPIRED, BillState.EXPIRED)])
def test_an_end_without_money_is_told_once(said: ProviderStatus, state: BillState) -> None:
    app, bills, bill = shop_with_bill()
    bills.say(bill.id, said)
    for _ in range(3):
        app.settling.look(bill.id, app.now())
    assert app.store.tables.bills[bill.id].state is state
    assert kinds(app) == ["bill_ended"]
    assert not app.scheduler.bills


def test_a_bill_that_waits_is_told_of_to_nobody() -> None:
    app, _, bill = shop_with_bill()
    app.settling.look(bill.id, app.now())
    assert kinds(app) == []


def test_a_bill_past_its_life_is_closed_at_the_provider_too() -> None:
    app, bills, bill = shop_with_bill()
    app.clock.forward(seconds=300)
    app.settling.look(bill.id, app.now())
    assert app.store.tables.bills[bill.id].state is BillState.EXPIRED
    assert bills.bills[bill.id].status is REJECTED
    assert kinds(app) == ["bill_ended"]


def test_it_is_not_over_a_millisecond_earlier() -> None:
    app, bills, bill = shop_with_bill()
    app.clock.forward(seconds=300)
    app.settling.look(bill.id, app.now() - timedelta(milliseconds=1))
    assert app.store.tables.bills[bill.id].is_open
    assert bills.bills[bill.id].status is WAITING


def test_a_bill_ends_in_time_while_its_provider_fails_and_counts_if_it_was_paid() -> None:
    app, bills, bill = shop_with_bill()
    app.clock.forward(seconds=300)
    bills.trouble["find"] = [DEAD]
    with pytest.raises(ProviderFailed):
        app.settling.look(bill.id, app.now())
    assert app.store.tables.bills[bill.id].state is BillState.EXPIRED
    bills.say(bill.id, PAID)
    app.clock.forward(minutes=10)
    app.settling.sweep(app.now())
    assert roubles(app) == 50_000
    assert kinds(app) == ["bill_ended", "credited"]


def test_an_ended_bill_is_asked_about_ever_more_seldom_for_a_day() -> None:
    app, bills, bill = shop_with_bill()
    app.clock.forward(seconds=300)
    bills.trouble["find"] = [DEAD] * 1000
    looks = 0
    for _ in range(300):
        looks += bool(app.store.due_bills(app.now(), 10))
        app.settling.sweep(app.now())
        app.clock.forward(minutes=10)
    assert 5 <= looks <= 12
    assert app.store.tables.bills[bill.id].look_at is None


def test_something_unknown_is_told_once_and_waited_out() -> None:
    app, bills, bill = shop_with_bill()
    bills.say(bill.id, UNKNOWN, said="ON_HOLD")
    for _ in range(3):
        app.settling.look(bill.id, app.now())
    assert kinds(app) == ["bill_puzzling"]
    bills.say(bill.id, PAID)
    app.settling.look(bill.id, app.now())
    assert kinds(app) == ["credited"]


def test_what_is_unknown_at_the_end_of_its_life_ends_and_is_not_cancelled() -> None:
    app, bills, bill = shop_with_bill()
    bills.say(bill.id, UNKNOWN, said="ON_HOLD")
    app.clock.forward(seconds=301)
    app.settling.look(bill.id, app.now())
    assert app.store.tables.bills[bill.id].state is BillState.EXPIRED
    assert "cancel" not in bills.calls


def test_a_callback_about_another_shops_bill_or_of_another_provider_changes_nothing() -> None:
    app, _, bill = shop_with_bill()
    said = reported(bill, PAID)
    assert app.settling.hear(CRYPTOPAY, said, app.now()) is None
    assert app.settling.hear(QIWI, replace(said, bill_id="0" * 32), app.now()) is None
    assert app.store.tables.bills[bill.id] == bill


def test_admins_hear_once_in_ten_minutes_that_a_provider_fails() -> None:
    app, bills, bill = shop_with_bill()
    bills.trouble["find"] = [DEAD] * 5
    for _ in range(5):
        with pytest.raises(ProviderFailed):
            app.settling.look(bill.id, app.now())
    assert kinds(app, 900) == ["provider_troubled"]


# --- any order --------------------------------------------------------------------------------------------------------


@given(
    said=st.lists(st.sampled_from([*ProviderStatus]), max_size=8),
    gaps=st.lists(st.integers(0, 200), min_size=8, max_size=8),
)
def test_in_whatever_order_things_are_said_what_was_paid_is_credited_once(
    said: list[ProviderStatus], gaps: list[int]
) -> None:
    app, bills, bill = shop_with_bill()
    for status, gap in zip(said, gaps, strict=False):
        app.clock.forward(seconds=gap)
        app.settling.hear(QIWI, bills.say(bill.id, status), app.now())
    assert roubles(app) == (50_000 if PAID in said else 0)
    told = kinds(app)
    assert told.count("credited") == int(PAID in said)
    assert told.count("bill_ended") <= 1
    assert_invariants(dump_of(app.store))
