"""An offer to the runner-up that nobody answers ends by itself, and its seller is told once, with the way to relist."""

from datetime import timedelta
from typing import Any

import pytest

from payments.app import lambda_handler
from starbid import bootstrap
from starbid.domain.deal_errors import WrongOfferState
from starbid.domain.errors import StarbidError
from starbid.domain.second_chance_offer import OfferState
from starbid.services.deals.second_chance import SecondChance
from starbid.services.ports import Unavailable
from tests.support.factories import BORIS, CLARA, SELLER
from tests.support.fakes import Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.mortal import Fate, Mortal
from tests.support.records import Context
from tests.support.refunds import available, offered, refunded, refuses

TWO_DAYS = timedelta(hours=48)


def told(app: FakeApp) -> list[tuple[int, str]]:
    """Who was told that the offer is over, or was declined."""
    app.run_streams()
    about = ("second_chance_expired", "second_chance_declined")
    return [(person.id, notice.kind) for person, notice, _ in app.messenger.told if notice.kind in about]


def state(app: FakeApp, lot: str) -> OfferState | None:
    offer = app.store.auction(lot).offer
    return offer.state if offer else None


def test_the_seller_is_told_when_the_time_is_over_and_not_before() -> None:
    app, lot = offered()
    app.clock.forward(hours=48, milliseconds=-1)
    assert not app.second_chance.lapse_due(lot, app.now())
    assert (state(app, lot), told(app)) == (OfferState.OPEN, [])
    app.clock.forward(milliseconds=1)
    app.scheduler.fire(app)
    assert (state(app, lot), told(app)) == (OfferState.EXPIRED, [(SELLER, "second_chance_expired")])
    assert_invariants(dump_of(app.store))


def test_a_wake_up_is_asked_for_at_the_end_of_the_offer() -> None:
    app, lot = refunded()
    app.scheduler.alarms.clear()
    app.second_chance.offer(SELLER, lot, app.now())
    ((what, about, at),) = [(alarm.what, alarm.auction_id, alarm.at) for alarm in app.scheduler.alarms]
    assert (what, about, at) == ("deal", lot, app.now() + TWO_DAYS)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(minutes=1), timedelta(days=30)])
def test_however_late_and_often_the_wake_up_comes_it_is_told_once(late: timedelta) -> None:
    app, lot = offered()
    app.clock.now += TWO_DAYS + late
    for _ in range(3):
        app.second_chance.lapse_due(lot, app.now())
        app.second_chance.sweep(app.now())
        app.clock.forward(hours=1)
    assert told(app) == [(SELLER, "second_chance_expired")]


def test_two_wake_ups_at_once_tell_once() -> None:
    app, lot = offered()
    app.clock.now += TWO_DAYS
    app.store.meanwhile(lambda: app.second_chance.lapse_due(lot, app.now()))
    assert not app.second_chance.lapse_due(lot, app.now())
    assert told(app) == [(SELLER, "second_chance_expired")]


def test_a_wake_up_that_was_lost_is_made_good_by_the_sweep() -> None:
    app, lot = refunded()
    app.scheduler.fail_next(Unavailable("the scheduler is down"))
    with pytest.raises(Unavailable):
        app.second_chance.offer(SELLER, lot, app.now())
    app.scheduler.alarms.clear()
    bootstrap._app = app
    app.clock.now += TWO_DAYS
    for _ in range(2):
        lambda_handler({"job": "sweep"}, Context())
    assert (state(app, lot), told(app)) == (OfferState.EXPIRED, [(SELLER, "second_chance_expired")])


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_an_offer_that_was_answered_in_time_does_not_expire(answer: str) -> None:
    app, lot = offered()
    app.clock.now += TWO_DAYS - timedelta(milliseconds=1)
    getattr(app.second_chance, answer)(BORIS, lot, app.now())
    app.clock.forward(hours=1)
    app.scheduler.fire(app)
    app.second_chance.sweep(app.now())
    assert lot not in app.store.due_offers(app.now() + timedelta(days=99), 100)
    assert told(app) == ([(SELLER, "second_chance_declined")] if answer == "decline" else [])


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_an_answer_and_the_end_at_once_are_one_or_the_other(answer: str) -> None:
    """The answer was in time by its own clock; the first write decides."""
    app, lot = offered()
    now = app.now() + TWO_DAYS - timedelta(milliseconds=1)
    app.store.meanwhile(lambda: app.second_chance.lapse_due(lot, now + timedelta(milliseconds=1)))
    with pytest.raises(WrongOfferState) as refusal:
        getattr(app.second_chance, answer)(BORIS, lot, now)
    assert refusal.value.details == {"state": "expired"}
    assert told(app) == [(SELLER, "second_chance_expired")]

    app, lot = offered()
    now = app.now() + TWO_DAYS
    earlier = now - timedelta(milliseconds=1)
    app.store.meanwhile(lambda: getattr(app.second_chance, answer)(BORIS, lot, earlier))
    assert not app.second_chance.lapse_due(lot, now)
    assert "second_chance_expired" not in [kind for _, kind in told(app)]
    assert_invariants(dump_of(app.store))


def test_what_has_expired_can_be_taken_declined_or_offered_no_more() -> None:
    app, lot = offered()
    app.clock.now += TWO_DAYS
    app.scheduler.fire(app)
    for act in (app.second_chance.accept, app.second_chance.decline):
        refusal = refuses(app, WrongOfferState, lambda act=act: act(BORIS, lot, app.now()))  # type: ignore[misc]
        assert refusal.details == {"state": "expired"}
    refuses(app, WrongOfferState, lambda: app.second_chance.offer(SELLER, lot, app.now()))
    refuses(app, StarbidError, lambda: app.second_chance.accept(CLARA, lot, app.now()))
    assert available(app, BORIS) == 10_000


def test_what_has_expired_can_be_put_up_again() -> None:
    app, lot = offered()
    app.clock.now += TWO_DAYS
    app.scheduler.fire(app)
    again = app.publishing.relist(SELLER, lot, app.now())
    assert app.publishing.relist(SELLER, lot, app.now()).auction.id == again.auction.id
    assert_invariants(dump_of(app.store))


def test_a_seller_who_was_quicker_than_the_clock_is_not_told_any_more() -> None:
    app, lot = offered()
    app.clock.now += TWO_DAYS
    app.publishing.relist(SELLER, lot, app.now())
    app.scheduler.fire(app)
    app.second_chance.sweep(app.now())
    assert (state(app, lot), told(app)) == (OfferState.EXPIRED, [])
    assert lot not in app.store.due_offers(app.now(), 100), "else each sweep would come upon it"


def test_a_refunded_deal_without_an_offer_is_never_due() -> None:
    app, lot = refunded()
    app.clock.forward(days=99)
    assert app.store.due_deals(app.now(), 100) == []
    assert app.dealing.advance(lot, app.now()) is None


def test_wherever_it_dies_the_offer_ends_once_and_is_told_once() -> None:
    """From the offer on to its end; what was lost on the way is found by the sweep."""
    for moment in range(60):
        app, lot = refunded()
        fate = Fate(moment)
        store: Any = Mortal(app.store, fate)
        scheduler: Any = Mortal(app.scheduler, fate)
        business = app.settings.business
        second = SecondChance(store, scheduler, business)
        acts = (
            lambda: second.offer(SELLER, lot, app.now()),  # noqa: B023 - called within this turn
            lambda: second.lapse_due(lot, app.now()),  # noqa: B023
        )
        for act in acts:
            try:
                act()
            except Death:
                fate.revive()
            if app.store.auction(lot).offer is None:
                app.second_chance.offer(SELLER, lot, app.now())
            app.clock.now += TWO_DAYS
            assert_invariants(dump_of(app.store))
        app.second_chance.sweep(app.now())
        assert (state(app, lot), told(app)) == (OfferState.EXPIRED, [(SELLER, "second_chance_expired")])
        if not fate.was_met:
            assert moment > 10
            return
    raise AssertionError("it never comes to its end")
