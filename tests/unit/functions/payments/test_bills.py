"""Bills that are asked about by their schedules and by the sweep."""

from __future__ import annotations

import logging
from collections.abc import Callable
from decimal import Decimal

import pytest

from payments.app import lambda_handler
from starbid.domain.bills import Bill, BillState, ProviderStatus
from starbid.services.billing.settling import Settling
from tests.support.billed import QIWI, make_shop, open_bill, roubles
from tests.support.fake_bills import OPEN, FakeBills
from tests.support.fakes import Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.mortal import Fate, Mortal
from tests.support.records import Context

PutInPlace = Callable[[FakeApp], FakeApp]
Shop = tuple[FakeApp, FakeBills, Bill]


@pytest.fixture
def shop(put_in_place: PutInPlace) -> Shop:
    return opened(put_in_place)


def opened(put_in_place: PutInPlace) -> Shop:
    app, provider = make_shop()
    put_in_place(app)
    return app, provider, open_bill(app)


def look(bill_id: str) -> None:
    lambda_handler({"job": "bill", "bill": bill_id}, Context())


def sweep() -> None:
    lambda_handler({"job": "sweep"}, Context())


def measured(caplog: pytest.LogCaptureFixture, name: str) -> list[object]:
    return [getattr(record, name) for record in caplog.records if hasattr(record, name)]


def test_a_look_at_a_bill_that_waits_goes_on_looking(shop: Shop) -> None:
    app, _, bill = shop
    look(bill.id)
    assert bill.id in app.scheduler.bills
    assert app.store.tables.bills[bill.id].is_open


def test_a_look_at_a_paid_bill_credits_it_and_is_the_last(shop: Shop) -> None:
    app, provider, bill = shop
    provider.say(bill.id, ProviderStatus.PAID)
    look(bill.id)
    look(bill.id)
    assert roubles(app) == 50_000
    assert not app.scheduler.bills


def test_a_look_at_no_bill_forgets_its_schedule_and_asks_nobody(shop: Shop) -> None:
    app, provider, bill = shop
    app.scheduler.look_at_bill("0" * 32, bill.expires_at)
    look("0" * 32)
    assert set(app.scheduler.bills) == {bill.id}
    assert provider.calls == ["create"]


def test_a_look_while_the_provider_fails_is_tried_again_by_the_next(shop: Shop) -> None:
    app, provider, bill = shop
    provider.trouble["find"] = [OPEN]
    look(bill.id)
    assert bill.id in app.scheduler.bills
    provider.say(bill.id, ProviderStatus.PAID)
    look(bill.id)
    assert roubles(app) == 50_000


def test_the_sweep_finds_a_bill_whose_schedule_is_lost(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    app, provider, bill = shop
    app.scheduler.bills.clear()
    provider.say(bill.id, ProviderStatus.PAID)
    app.clock.forward(minutes=6)
    caplog.set_level(logging.INFO)
    sweep()
    assert roubles(app) == 50_000
    assert measured(caplog, "OpenBillAge") == [0]


def test_the_sweep_tells_how_long_a_bill_is_open_beyond_its_end(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    app, provider, bill = shop
    app.clock.forward(minutes=30)
    provider.say(bill.id, ProviderStatus.UNKNOWN)
    caplog.set_level(logging.INFO)
    sweep()
    assert not app.store.tables.bills[bill.id].is_open
    assert measured(caplog, "OpenBillAge") == [0]


def test_a_sweep_with_little_time_left_asks_no_provider_any_more(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    app, provider, _ = shop
    app.clock.forward(minutes=6)
    caplog.set_level(logging.INFO)
    lambda_handler({"job": "sweep"}, Context(left_ms=38_000))
    assert provider.calls == ["create"]
    assert measured(caplog, "OpenBillAge") == [60]


def test_the_sweep_counts_what_waits_for_an_operator(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    _, provider, bill = shop
    provider.say(bill.id, ProviderStatus.PAID, value=Decimal(1))
    look(bill.id)
    caplog.set_level(logging.INFO)
    sweep()
    assert measured(caplog, "DifferingBills") == [1]


def test_a_look_killed_between_any_two_calls_leaves_it_to_the_next(put_in_place: PutInPlace) -> None:
    moment = 0
    while True:
        app, provider, bill = opened(put_in_place)
        provider.say(bill.id, ProviderStatus.PAID)
        fate = Fate(moment)
        store, scheduler, gateway = Mortal(app.store, fate), Mortal(app.scheduler, fate), Mortal(provider, fate)
        app.__dict__["settling"] = Settling(store, {QIWI: gateway}, scheduler, lambda *_: None)
        try:
            look(bill.id)
        except Death:
            fate.revive()
            look(bill.id)
        assert (app.store.tables.bills[bill.id].state, roubles(app)) == (BillState.PAID, 50_000), fate.last
        assert not app.scheduler.bills, fate.last
        assert_invariants(dump_of(app.store))
        if not fate.was_met:
            break
        moment += 1
    assert moment > 5
