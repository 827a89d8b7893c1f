"""Asking the helper: consent, and what pays for a question."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.assistant.account import Source
from starbid.domain.assistant.errors import Busy, ConsentNeeded, NoCredits
from starbid.domain.events import ConsentChanged
from starbid.domain.paid_days import PaidDays
from starbid.domain.people import SUBSCRIPTION, Person
from starbid.services.assistant.asking import Left
from starbid.services.ports import Ailment, ModelTrouble
from tests.support.factories import ANNA, join
from tests.support.fakes import FakeApp
from tests.support.worker import agree, answer, ask, asking_person, give, offering

MS = timedelta(milliseconds=1)


@pytest.fixture
def app() -> FakeApp:
    return offering(ASSISTANT_PER_MINUTE="60", ASSISTANT_QUOTA="2", TRIAL_MESSAGES="2")


def subscribed(known: Person, *begins: timedelta) -> Person:
    """With 30 paid days for each of these, counted from when they joined."""
    days = tuple(
        PaidDays(f"s{number}", known.joined_at + each, known.joined_at + each + SUBSCRIPTION)
        for number, each in enumerate(begins)
    )
    return replace(known, paid_days=days, subscribed_until=days[-1].ends)


def source_of(app: FakeApp, known: Person) -> tuple[Source, str]:
    """What pays for one more question, which is answered."""
    ask(app, known)
    open_ = app.questions.account(known.id).open
    assert open_
    answer(app)
    return open_.source, open_.of


# --- consent --------------------------------------------------------------------------------------------------------


def test_nothing_is_asked_before_there_is_consent(app: FakeApp) -> None:
    known = join(app, ANNA)
    give(app, ANNA, 1)
    assert not app.asking.standing(known, app.now()).consent
    with pytest.raises(ConsentNeeded):
        ask(app, known)
    assert not app.store.tables.questions
    agree(app, ANNA)
    ask(app, known)


def test_it_is_kept_with_its_first_moment_and_told_when_it_changes(app: FakeApp) -> None:
    join(app, ANNA)
    first, told = app.now(), []
    for given in (False, True, True, False, False, True):
        app.asking.consent(ANNA, app.now(), given=given)
        told = [each.given for each in app.store.tables.events.values() if isinstance(each, ConsentChanged)]
        app.clock.forward(minutes=1)
    assert told == [True, False, True]
    assert app.questions.account(ANNA).consent_at == first + timedelta(minutes=5)


def test_taken_back_it_stops_what_is_being_written_and_what_was_shown_is_paid_for(app: FakeApp) -> None:
    known = asking_person(app)
    give(app, ANNA, 1)
    asked = ask(app, known)

    def take_back() -> None:
        app.asking.consent(ANNA, app.now(), given=False)
        app.pace.sleep(1)

    answer(app, "Beca", take_back, "use of", " that.")
    question, state = app.asking.question(ANNA, asked.id)
    assert (state, question.answer, app.questions.account(ANNA).credits) == ("stopped", "Because of", 0)


def test_a_change_of_consent_survives_that_others_write_at_the_same_time(app: FakeApp) -> None:
    known = join(app, ANNA)
    app.store.meanwhile(lambda: app.asking.start_trial(known, app.now()))
    agree(app, ANNA)
    account = app.questions.account(ANNA)
    assert account.consent_at
    assert account.trial


# --- what pays ------------------------------------------------------------------------------------------------------


def test_the_trial_is_used_first_then_the_quota_then_credits(app: FakeApp) -> None:
    known = subscribed(asking_person(app), timedelta(0))
    give(app, ANNA, 2)
    app.asking.start_trial(known, app.now())
    assert app.asking.standing(known, app.now()).left == 6
    assert [source_of(app, known)[0] for _ in range(6)] == [*["trial"] * 2, *["quota"] * 2, *["credit"] * 2]
    with pytest.raises(NoCredits) as refused:
        ask(app, known)
    assert not refused.value.may_try
    assert app.asking.standing(known, app.now()).left == 0


def test_a_trial_that_is_over_is_passed_over(app: FakeApp) -> None:
    known = asking_person(app)
    give(app, ANNA, 1)
    app.asking.start_trial(known, app.now())
    app.clock.forward(days=7)
    assert source_of(app, known)[0] is Source.CREDIT


def test_the_older_of_two_subscriptions_pays_first_and_takes_its_answers_with_it(app: FakeApp) -> None:
    """Whichever stands first in the list."""
    known = subscribed(asking_person(app), timedelta(0), SUBSCRIPTION)
    known = replace(known, paid_days=known.paid_days[::-1])
    first_ends, last_ends = known.joined_at + SUBSCRIPTION, known.joined_at + 2 * SUBSCRIPTION
    assert app.asking.standing(known, app.now()).quota == Left(4, first_ends)
    assert source_of(app, known) == (Source.QUOTA, "s0")
    app.clock.now = first_ends - MS
    assert app.asking.standing(known, app.now()).quota == Left(3, first_ends)
    app.clock.now = first_ends
    assert app.asking.standing(known, app.now()).quota == Left(2, last_ends)
    assert [source_of(app, known) for _ in range(2)] == [(Source.QUOTA, "s1")] * 2
    with pytest.raises(NoCredits):
        ask(app, known)
    assert app.questions.account(ANNA).quota_used == {"s1": 2}, "what has lapsed is not counted any more"
    app.clock.now = last_ends
    assert app.asking.standing(known, app.now()).quota is None


def test_an_answer_that_outlives_its_days_is_still_theirs(app: FakeApp) -> None:
    known = subscribed(asking_person(app), timedelta(0), SUBSCRIPTION)
    app.clock.now = known.joined_at + SUBSCRIPTION - MS
    ask(app, known)
    app.clock.forward(seconds=30)
    answer(app)
    assert app.asking.standing(known, app.now()).quota == Left(2, known.joined_at + 2 * SUBSCRIPTION)


def test_what_failed_gives_back_what_was_reserved(app: FakeApp) -> None:
    known = subscribed(asking_person(app), timedelta(0))
    give(app, ANNA, 1)
    app.asking.start_trial(known, app.now())
    whole = app.asking.standing(known, app.now())
    for _ in range(5):
        ask(app, known)
        assert app.asking.standing(known, app.now()).left == whole.left - 1
        answer(app, ModelTrouble(Ailment.REFUSED, "401"))
        assert app.asking.standing(known, app.now()) == whole


def test_who_has_nothing_is_told_whether_there_is_a_trial(app: FakeApp) -> None:
    known = asking_person(app)
    with pytest.raises(NoCredits) as refused:
        ask(app, known)
    assert refused.value.may_try
    app.asking.start_trial(known, app.now())
    ask(app, known)


@pytest.mark.parametrize("both_same", [True, False])
def test_with_one_credit_left_one_of_two_at_once_gets_it(app: FakeApp, both_same: bool) -> None:
    known = asking_person(app)
    give(app, ANNA, 1)
    app.store.meanwhile(lambda: ask(app, known, "Theirs?", "r1"))
    if both_same:
        assert ask(app, known, "Theirs?", "r1").text == "Theirs?"
    else:
        with pytest.raises(Busy):
            ask(app, known, "Mine?", "r2")
    account = app.questions.account(ANNA)
    assert (account.credits, account.granted, len(app.store.tables.questions)) == (0, 1, 1)
