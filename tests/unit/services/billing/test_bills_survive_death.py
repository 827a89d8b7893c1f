"""A process that ends between any two calls while it makes or cancels a bill: the next one goes on, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

from starbid.domain.bills import BillState, ProviderStatus
from starbid.services.billing.settling import Settling
from starbid.services.billing.top_ups import TopUps
from tests.support.billed import QIWI, make_shop, open_bill, roubles, rub
from tests.support.factories import ANNA
from tests.support.fake_bills import FakeBills
from tests.support.fakes import Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.mortal import Fate, Mortal

Story = Callable[[FakeApp, FakeBills, TopUps, Fate], None]


def tell(story: Story) -> int:
    """The story for each moment at which the process that has these top-ups may end; answers how many there are."""
    moment = 0
    while True:
        app, bills = make_shop()
        fate = Fate(moment)
        store, claims, scheduler = Mortal(app.store, fate), Mortal(app.claims, fate), Mortal(app.scheduler, fate)
        gateways = {QIWI: Mortal(bills, fate)}
        settling = Settling(store, gateways, scheduler, lambda *_: None)
        top_ups = TopUps(store, gateways, settling, claims, app.settings.business)
        story(app, bills, top_ups, fate)
        assert_invariants(dump_of(app.store))
        if not fate.was_met:
            return moment
        moment += 1


def dies(fate: Fate, work: Callable[[], object]) -> None:
    try:
        work()
    except Death:
        fate.revive()


def assert_paid_once(app: FakeApp, bills: FakeBills, fate: Fate) -> None:
    """Whatever is paid at the provider arrives: by a look of the schedule, or by the sweep."""
    for bill_id in bills.bills:
        bills.say(bill_id, ProviderStatus.PAID)
    for _ in range(3):
        app.clock.forward(minutes=10)
        app.settling.sweep(app.now())
    assert roubles(app) == 50_000 * len(bills.bills), fate.last
    assert not app.scheduler.bills, fate.last


def test_a_bill_that_is_made_is_made_once_and_its_money_arrives() -> None:
    def story(app: FakeApp, bills: FakeBills, top_ups: TopUps, fate: Fate) -> None:
        dies(fate, lambda: top_ups.open(ANNA, rub(500), QIWI, app.now()))
        app.clock.forward(seconds=31)  # the claim of the dead one
        bill = app.top_ups.open(ANNA, rub(500), QIWI, app.now()).bill
        assert (bill.state, bill.pay_url) == (BillState.WAITING, f"http://pay.test/{bill.id}"), fate.last
        assert bills.calls.count("create") == 1, fate.last
        assert_paid_once(app, bills, fate)

    assert tell(story) > 10


def test_a_bill_that_is_cancelled_makes_room_and_counts_if_it_was_paid() -> None:
    def story(app: FakeApp, bills: FakeBills, top_ups: TopUps, fate: Fate) -> None:
        bill = open_bill(app)
        dies(fate, lambda: top_ups.cancel(bill.id, ANNA, app.now()))
        assert app.top_ups.cancel(bill.id, ANNA, app.now()).state is BillState.REJECTED, fate.last
        assert app.top_ups.open(ANNA, rub(700), QIWI, app.now()).bill.amount == rub(700)
        assert bills.bills[bill.id].status is ProviderStatus.REJECTED, fate.last

    assert tell(story) > 6
