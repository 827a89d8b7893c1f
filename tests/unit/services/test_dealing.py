"""From the sale to its end, with money and events in one transaction."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from starbid.domain.deal_errors import NotSold, WrongDealState
from starbid.domain.deals import Deal, DealState
from starbid.domain.errors import NotFound, NotYours
from starbid.services.ports import Contended
from tests.support.factories import ANNA, BORIS, SELLER, market, xtr
from tests.support.fakes import Alarm, Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of

DAY = timedelta(days=1)


def sale() -> tuple[FakeApp, str]:
    """A lot sold to ANNA for 310; the fee is 15."""
    app, lot = market(bid_step=10)
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
    app.bidding.bid(lot.auction.id, BORIS, 300, app.now())
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    return app, lot.auction.id


def available(app: FakeApp, user_id: int) -> int:
    return app.store.wallet(user_id, "XTR", consistent=True).available.amount


def events(app: FakeApp, kind: str) -> list[str]:
    return [event for event in app.store.tables.events if event.startswith(kind)]


def test_delivered_and_confirmed_the_seller_is_paid() -> None:
    app, lot = sale()
    app.dealing.deliver(SELLER, lot, "the key: 42", app.now())
    assert app.dealing.confirm(ANNA, lot, app.now()).state is DealState.COMPLETED

    assert (available(app, SELLER), available(app, ANNA)) == (295, 9_690)
    assert events(app, "released") == [f"released:{lot}"]
    assert_invariants(dump_of(app.store))


def test_a_delivery_is_watched_until_its_release() -> None:
    app, lot = sale()
    app.scheduler.alarms.clear()
    app.dealing.deliver(SELLER, lot, "x", app.now())
    assert app.scheduler.alarms == [Alarm("deal", lot, app.now() + 7 * DAY)]
    app.clock.now = app.scheduler.alarms[0].at
    app.scheduler.fire(app)
    assert available(app, SELLER) == 295
    assert app.store.deal(lot).state is DealState.COMPLETED


def test_undelivered_for_fourteen_days_the_money_returns_by_itself() -> None:
    app, lot = sale()
    app.clock.forward(days=14)
    app.scheduler.fire(app)
    assert (available(app, ANNA), available(app, SELLER)) == (10_000, 0)
    assert app.store.deal(lot).state is DealState.REFUNDED
    assert_invariants(dump_of(app.store))


def test_after_seven_days_the_buyer_may_take_it_back() -> None:
    app, lot = sale()
    with pytest.raises(WrongDealState):
        app.dealing.take_back(ANNA, lot, app.now())
    app.clock.forward(days=7)
    app.dealing.take_back(ANNA, lot, app.now())
    assert available(app, ANNA) == 10_000
    with pytest.raises(WrongDealState):
        app.dealing.deliver(SELLER, lot, "too late", app.now())


def test_woken_too_early_or_for_nothing_nothing_happens() -> None:
    app, lot = sale()
    assert app.dealing.advance(lot, app.now()) is None
    assert app.dealing.advance("nothing", app.now()) is None
    app.dealing.deliver(SELLER, lot, "x", app.now())
    app.clock.forward(days=6, hours=23, minutes=59)
    assert app.dealing.advance(lot, app.now()) is None
    assert available(app, SELLER) == 0


def test_a_deal_needs_a_sale() -> None:
    app, _ = sale()
    with pytest.raises(NotFound):
        app.dealing.deliver(SELLER, "nothing", "x", app.now())
    with pytest.raises(NotFound):
        app.dealing.confirm(ANNA, "nothing", app.now())
    app, lot = market()
    with pytest.raises(NotSold):
        app.dealing.deliver(SELLER, lot.auction.id, "x", app.now())
    assert app.dealing.advance(lot.auction.id, app.now()) is None


def test_each_side_has_its_own_steps() -> None:
    app, lot = sale()
    with pytest.raises(NotYours):
        app.dealing.deliver(ANNA, lot, "x", app.now())
    app.dealing.deliver(SELLER, lot, "x", app.now())
    for stranger in (SELLER, BORIS):
        with pytest.raises(NotYours):
            app.dealing.confirm(stranger, lot, app.now())


def test_twenty_confirmations_at_once_pay_once() -> None:
    app, lot = sale()
    app.dealing.deliver(SELLER, lot, "x", app.now())

    def confirm(_: int) -> bool:
        try:
            app.dealing.confirm(ANNA, lot, app.now())
        except WrongDealState:
            return False
        return True

    with ThreadPoolExecutor(20) as crowd:
        assert sum(crowd.map(confirm, range(20))) == 1
    assert available(app, SELLER) == 295
    assert_invariants(dump_of(app.store))


def test_confirming_and_releasing_at_once_pays_once() -> None:
    app, lot = sale()
    app.dealing.deliver(SELLER, lot, "x", app.now())
    app.clock.forward(days=7)
    app.store.meanwhile(lambda: app.dealing.advance(lot, app.now()))
    with pytest.raises(WrongDealState):
        app.dealing.confirm(ANNA, lot, app.now())
    assert available(app, SELLER) == 295


def test_delivering_and_taking_back_at_once_only_one_happens() -> None:
    app, lot = sale()
    app.clock.forward(days=7)
    app.store.meanwhile(lambda: app.dealing.deliver(SELLER, lot, "at last", app.now()))
    with pytest.raises(WrongDealState):
        app.dealing.take_back(ANNA, lot, app.now())
    assert available(app, ANNA) == 9_690
    assert_invariants(dump_of(app.store))


STEPS: dict[str, Callable[[FakeApp, str], Deal | None]] = {
    "deliver": lambda app, lot: app.dealing.deliver(SELLER, lot, "x", app.now()),
    "take back": lambda app, lot: app.dealing.take_back(ANNA, lot, app.now()),
    "expire": lambda app, lot: app.dealing.advance(lot, app.now()),
}


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_died_is_taken_once_on_the_next_try(step: str, after: bool) -> None:
    app, lot = sale()
    app.clock.forward(days=13 if step == "deliver" else 14)
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        STEPS[step](app, lot)
    assert_invariants(dump_of(app.store))
    if not after:
        STEPS[step](app, lot)
    assert app.store.deal(lot).version == 2
    assert_invariants(dump_of(app.store))


def test_a_delivery_whose_schedule_was_never_set_is_released_by_the_sweep() -> None:
    app, lot = sale()
    app.scheduler.fail_next(Death())
    with pytest.raises(Death):
        app.dealing.deliver(SELLER, lot, "x", app.now())
    app.clock.forward(days=7)
    assert app.dealing.sweep(app.now()) == 1
    assert available(app, SELLER) == 295


def test_contention_is_waited_out() -> None:
    app, lot = sale()
    app.store.fail_next(Contended(), times=3)
    app.dealing.deliver(SELLER, lot, "x", app.now())
    assert app.store.deal(lot).delivery == "x"


def test_what_was_delivered_is_for_the_two_of_the_deal_only() -> None:
    app, lot = sale()
    app.dealing.deliver(SELLER, lot, "the key: 42", app.now())
    seen = {who: app.browsing.lot(lot, who, app.now()).deal for who in (ANNA, SELLER, BORIS, None)}
    assert {who: deal.delivery if deal else None for who, deal in seen.items()} == {
        ANNA: "the key: 42",
        SELLER: "the key: 42",
        BORIS: None,
        None: None,
    }


def test_what_a_seller_earned_can_be_bid() -> None:
    app, lot = sale()
    app.dealing.deliver(SELLER, lot, "x", app.now())
    app.dealing.confirm(ANNA, lot, app.now())
    app.people.subscribe(SELLER, "r2", app.now())
    assert available(app, SELLER) == 195
    assert app.store.wallet(SELLER, "XTR").held == xtr(0)
