"""Asking the helper: consent, what pays for a question, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.assistant.account import Phase, Source
from starbid.domain.assistant.errors import Busy, ConsentNeeded, NoCredits, NotOffered
from starbid.domain.assistant.question import Place
from starbid.domain.errors import Blocked, Conflict, Invalid, TooOften
from starbid.domain.events import ConsentChanged
from starbid.domain.paid_days import PaidDays
from starbid.domain.people import SUBSCRIPTION, Person
from starbid.domain.restrictions import FOREVER, Limit, Restricted, Restrictions
from starbid.services.assistant.asking import Left, Wish
from starbid.services.ports import Ailment, Contended, ModelTrouble, Unavailable
from tests.support.factories import ANNA, BORIS, join
from tests.support.fake_assistant import Call
from tests.support.fakes import Death, FakeApp, make_app
from tests.support.helped import agree, answer, ask, asking_person, give, offering

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


def test_taken_back_it_stops_what_is_being_written_and_that_costs_nothing(app: FakeApp) -> None:
    known = asking_person(app)
    give(app, ANNA, 1)
    asked = ask(app, known)

    def take_back() -> None:
        app.asking.consent(ANNA, app.now(), given=False)
        app.pace.sleep(1)

    answer(app, "Beca", take_back, "use of", " that.")
    question, state = app.asking.question(ANNA, asked.id)
    assert (state, question.answer, app.questions.account(ANNA).credits) == ("failed", "", 1)


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
    assert app.asking.standing(known, app.now()).quota == Left(4, last_ends)
    assert source_of(app, known) == (Source.QUOTA, "s0")
    app.clock.now = first_ends - MS
    assert app.asking.standing(known, app.now()).quota == Left(3, last_ends)
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


# --- one at a time, and not too often -------------------------------------------------------------------------------


def test_the_next_one_is_taken_once_the_last_has_reached_the_person(app: FakeApp) -> None:
    known = asking_person(app)
    give(app, ANNA, 5)
    first = ask(app, known)
    for phase in Phase:
        account = app.questions.account(ANNA)
        assert account.open
        kept = replace(account, open=replace(account.open, phase=phase), version=account.version + 1)
        app.questions.save(account, kept)
        with pytest.raises(Busy) as refused:
            ask(app, known, "And?")
        assert refused.value.question_id == first.id
        assert app.asking.standing(known, app.now()).open_id == first.id
    assert len(app.store.tables.questions) == 1


def test_questions_of_two_people_do_not_wait_for_each_other(app: FakeApp) -> None:
    for user_id in (ANNA, BORIS):
        known = asking_person(app, user_id)
        give(app, user_id, 1)
        ask(app, known, request_id="r1")
    assert {call.user_id for call in app.assistant_work.calls} == {ANNA, BORIS}
    assert len({key[1] for key in app.store.tables.questions}) == 2


def test_so_many_in_any_minute_and_failed_ones_count() -> None:
    app = offering(ASSISTANT_PER_MINUTE="3")
    known = asking_person(app)
    give(app, ANNA, 50)
    start = app.now()
    for second in (0.0, 20.0, 50.0):
        app.clock.now = start + timedelta(seconds=second)
        ask(app, known)
        answer(app, ModelTrouble(Ailment.REFUSED, "401"))
    for second, wait in ((50.0, 10), (59.999, 1)):
        app.clock.now = start + timedelta(seconds=second)
        with pytest.raises(TooOften) as refused:
            ask(app, known)
        assert refused.value.seconds == wait
    app.clock.now = start + timedelta(seconds=60)
    ask(app, known)
    answer(app)
    with pytest.raises(TooOften) as refused:
        ask(app, known)
    assert refused.value.seconds == 20, "the window slides"
    app.clock.now = start + timedelta(hours=1)
    ask(app, known)
    assert len(app.questions.account(ANNA).recent) == 1, "no more is kept than is counted"


def test_refused_questions_are_not_counted() -> None:
    app = offering(ASSISTANT_PER_MINUTE="1")
    known = asking_person(app)
    for _ in range(3):
        with pytest.raises(NoCredits):
            ask(app, known)
    give(app, ANNA, 1)
    ask(app, known)


def test_reasons_are_looked_at_in_their_order(app: FakeApp) -> None:
    """Malformed, not offered, blocked, barred, no consent: each hides what comes after it."""
    barred = Restrictions((Limit.ASSISTANT,), FOREVER)
    known = join(app, ANNA, blocked=True, restrictions=barred)
    for text in ("", " \n", "\u200b", "x" * 4001, "a\x00b"):
        with pytest.raises(Invalid):
            ask(make_app(), known, text)
    with pytest.raises(NotOffered):
        ask(make_app(), known)
    with pytest.raises(Blocked):
        ask(app, known)
    with pytest.raises(Restricted):
        ask(app, replace(known, blocked=False))
    with pytest.raises(Restricted):
        ask(app, replace(known, blocked=False, restrictions=Restrictions((Limit.ASSISTANT,), app.now() + MS)))
    with pytest.raises(ConsentNeeded):
        ask(app, replace(known, blocked=False, restrictions=Restrictions((Limit.BIDS, Limit.LOTS), FOREVER)))
    assert not app.store.tables.questions


# --- twice, and in trouble ------------------------------------------------------------------------------------------


def test_the_same_request_of_the_same_moment_is_the_same_question(app: FakeApp) -> None:
    known = asking_person(app)
    give(app, ANNA, 5)
    first = ask(app, known, request_id="r1")
    assert ask(app, known, request_id="r1") == first
    answer(app_with_one_call(app))
    again = ask(app, known, request_id="r1")
    assert (again.id, again.answer) == (first.id, "An answer.")
    account = app.questions.account(ANNA)
    assert (account.credits, account.open, len(app.store.tables.questions)) == (4, None, 1)


def app_with_one_call(app: FakeApp) -> FakeApp:
    """The queue hands out a call that came twice once."""
    app.assistant_work.calls = app.assistant_work.calls[:1]
    return app


@pytest.mark.parametrize("after", [False, True])
def test_one_that_died_while_asking_has_asked_once(app: FakeApp, after: bool) -> None:
    known = asking_person(app)
    give(app, ANNA, 5)
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        ask(app, known, request_id="r1")
    asked = ask(app, known, request_id="r1")
    assert app.assistant_work.calls == [Call(ANNA, asked.id)]
    assert (app.questions.account(ANNA).credits, len(app.store.tables.questions)) == (4, 1)


def test_a_queue_that_does_not_answer_is_made_up_for_by_the_sweep(app: FakeApp) -> None:
    known = asking_person(app)
    give(app, ANNA, 1)
    app.assistant_work.fail_next(Unavailable())
    ask(app, known)
    due_at = app.questions.account(ANNA).due_at
    assert due_at == app.now() + timedelta(minutes=1)
    assert app.questions.due_accounts(due_at - MS, 10) == []
    assert app.questions.due_accounts(due_at, 10) == [ANNA]


def test_a_store_in_trouble_reserves_nothing(app: FakeApp) -> None:
    known = asking_person(app)
    give(app, ANNA, 1)
    app.store.fail_next(Contended(), times=10_000)
    with pytest.raises(Conflict):
        ask(app, known)
    app.store.heal()
    assert app.questions.account(ANNA).open is None
    assert not app.store.tables.questions


def test_where_it_is_answered_is_where_it_was_asked(app: FakeApp) -> None:
    known = asking_person(app)
    give(app, ANNA, 3)
    for place in Place:
        asked = app.asking.ask(known, Wish("Why?", place), f"r-{place}", app.now())
        assert app.store.tables.questions[ANNA, asked.id].place is place
        answer(app)
