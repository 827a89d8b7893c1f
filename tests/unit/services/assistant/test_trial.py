"""The free trial: started once, for some days; and what it becomes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from starbid.domain.assistant.account import Source
from starbid.domain.assistant.errors import NoCredits, NotOffered, TrialUsed
from starbid.domain.errors import Blocked
from starbid.domain.events import TrialPaid, TrialStarted
from starbid.domain.paid_days import PaidDays
from starbid.domain.people import SUBSCRIPTION, Person
from starbid.domain.restrictions import FOREVER, Limit, Restricted, Restrictions
from tests.support.factories import ANNA, join, pay, person
from tests.support.fakes import FakeApp, make_app
from tests.support.worker import answer, ask, asking_person, offering

MS = timedelta(milliseconds=1)


def until(app: FakeApp, known: Person, at: datetime) -> datetime:
    app.clock.now = at
    trial = app.asking.start_trial(known, at).trial
    assert trial
    return trial.until


def events(app: FakeApp, kind: type) -> list[object]:
    return [event for event in app.store.tables.events.values() if isinstance(event, kind)]


def subscribed(known: Person, now: datetime) -> Person:
    days = PaidDays("s1", now, now + SUBSCRIPTION)
    return replace(known, paid_days=(days,), subscribed_until=days.ends)


@pytest.mark.parametrize("zone", [None, "Europe/Moscow", "Pacific/Chatham", "Mars/Olympus"])
def test_it_lasts_seven_times_24_hours_wherever_the_person_is(zone: str | None) -> None:
    app = offering()
    known = join(app, ANNA, zone=zone)
    started = datetime(2026, 3, 28, 23, 50, tzinfo=UTC)
    assert until(app, known, started) == started + timedelta(days=7), "also over the change to summer time"


def test_days_and_answers_are_those_of_the_settings() -> None:
    app = offering(TRIAL_DAYS="1", TRIAL_MESSAGES="2")
    known = asking_person(app)
    assert until(app, known, app.now()) == app.now() + timedelta(days=1)
    for _ in range(2):
        ask(app, known)
        answer(app)
    with pytest.raises(NoCredits):
        ask(app, known)


def test_it_is_over_at_its_end_and_not_before() -> None:
    app = offering()
    known = asking_person(app, zone="Asia/Kolkata")
    ends = until(app, known, app.now())
    app.clock.now = ends - MS
    trial = app.asking.standing(known, app.now()).trial
    assert trial
    assert (trial.left, trial.until) == (10, ends)
    ask(app, known)
    app.clock.now = ends + timedelta(hours=1)
    answer(app)
    account = app.questions.account(ANNA)
    assert account.trial
    assert account.trial.used == 1, "what was reserved in time is used"
    assert app.asking.standing(known, app.now()).trial is None
    with pytest.raises(NoCredits) as refused:
        ask(app, known)
    assert not refused.value.may_try


def test_it_is_started_once_and_told_once() -> None:
    app = offering()
    known = join(app, ANNA)
    assert app.asking.standing(known, app.now()).may_try
    app.asking.start_trial(known, app.now())
    assert not app.asking.standing(known, app.now()).may_try
    for days in (0, 1, 400):
        app.clock.forward(days=days)
        with pytest.raises(TrialUsed):
            app.asking.start_trial(known, app.now())
    assert len(events(app, TrialStarted)) == 1


def test_of_two_that_start_it_at_once_one_does() -> None:
    app = offering()
    known = join(app, ANNA)
    app.store.meanwhile(lambda: app.asking.start_trial(known, app.now()))
    with pytest.raises(TrialUsed):
        app.asking.start_trial(known, app.now())
    assert len(events(app, TrialStarted)) == 1


def test_who_is_barred_starts_none() -> None:
    app = offering()
    with pytest.raises(Blocked):
        app.asking.start_trial(person(blocked=True), app.now())
    with pytest.raises(Restricted):
        app.asking.start_trial(person(restrictions=Restrictions((Limit.ASSISTANT,), FOREVER)), app.now())
    with pytest.raises(NotOffered):
        make_app().asking.start_trial(person(), app.now())
    assert not app.store.tables.accounts


def test_a_bar_that_has_ended_bars_nothing() -> None:
    app = offering()
    known = join(app, ANNA, restrictions=Restrictions((Limit.ASSISTANT,), app.now()))
    assert app.asking.start_trial(known, app.now()).trial


def test_without_trial_messages_there_is_none_to_try() -> None:
    app = offering(TRIAL_MESSAGES="0")
    known = asking_person(app)
    assert not app.asking.standing(known, app.now()).may_try
    with pytest.raises(NoCredits) as refused:
        ask(app, known)
    assert not refused.value.may_try


# --- who tried and pays ---------------------------------------------------------------------------------------------


def test_who_tried_it_and_then_asks_by_the_subscription_is_told_of_once() -> None:
    app = offering(TRIAL_MESSAGES="1")
    known = subscribed(asking_person(app, stars=500), app.now())
    app.asking.start_trial(known, app.now())
    for expected in (0, 1, 1):
        ask(app, known)
        answer(app)
        assert len(events(app, TrialPaid)) == expected
    app.buying.buy(ANNA, 10, "r1", app.now())
    assert len(events(app, TrialPaid)) == 1


def test_who_tried_it_and_buys_packs_is_told_of_once() -> None:
    app = offering(TRIAL_MESSAGES="1")
    known = asking_person(app, stars=500)
    app.asking.start_trial(known, app.now())
    for request in ("r1", "r1", "r2"):
        app.buying.buy(ANNA, 10, request, app.now())
    ask(app, known)
    answer(app)
    ask(app, subscribed(known, app.now()))
    account = app.questions.account(ANNA)
    assert account.open
    assert account.open.source is Source.QUOTA
    assert len(events(app, TrialPaid)) == 1


def test_a_pack_by_invoice_counts_as_well() -> None:
    app = offering()
    known = join(app, ANNA)
    app.asking.start_trial(known, app.now())
    order, payload = app.paying.order_pack(ANNA, 10, app.now())
    for _ in range(2):
        app.paying.credit(ANNA, "c1", payload, 20, "XTR", app.now())
    assert len(events(app, TrialPaid)) == 1
    assert app.questions.account(ANNA).packs[0].order_id == order.id


def test_who_never_tried_it_or_pays_for_something_else_is_not_told_of() -> None:
    app = offering()
    known = subscribed(asking_person(app, stars=500), app.now())
    app.buying.buy(ANNA, 10, "r1", app.now())
    ask(app, known)
    assert not events(app, TrialPaid)
    other = offering()
    tried = asking_person(other)
    other.asking.start_trial(tried, other.now())
    pay(other, ANNA, 500)
    ask(other, tried)
    assert not events(other, TrialPaid)
