"""One question at a time, not too often, and once for each request."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.assistant.account import Phase
from starbid.domain.assistant.errors import Busy, ConsentNeeded, NoCredits, NotOffered
from starbid.domain.assistant.question import Place
from starbid.domain.errors import Blocked, Conflict, Invalid, TooOften
from starbid.domain.restrictions import FOREVER, Limit, Restricted, Restrictions
from starbid.services.assistant.asking import Wish
from starbid.services.ports import Ailment, Contended, ModelTrouble, Unavailable
from tests.support.factories import ANNA, BORIS, join
from tests.support.fake_assistant import Call
from tests.support.fakes import Death, FakeApp, make_app
from tests.support.worker import answer, ask, asking_person, give, offering

MS = timedelta(milliseconds=1)


@pytest.fixture
def app() -> FakeApp:
    return offering(ASSISTANT_PER_MINUTE="60", ASSISTANT_QUOTA="2", TRIAL_MESSAGES="2")


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
