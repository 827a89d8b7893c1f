"""What becomes of a question in its person's hands: stopped, asked again, cleared."""

from __future__ import annotations

from datetime import timedelta

import pytest

from starbid.domain.assistant.errors import Busy, NoCredits, NothingToRetry
from starbid.domain.assistant.question import Place, Question, State, Task, first_id_after, is_question_id
from starbid.domain.errors import NotFound
from starbid.domain.people import Person
from starbid.services.assistant.asking import Wish
from starbid.services.ports import Ailment, ModelTrouble, Unavailable
from tests.support.factories import ANNA, BORIS
from tests.support.fake_assistant import Call
from tests.support.fakes import FakeApp
from tests.support.worker import answer, ask, asking_person, give, offering

REFUSED = ModelTrouble(Ailment.REFUSED, "401")
MS = timedelta(milliseconds=1)


@pytest.fixture
def app() -> FakeApp:
    return offering(ASSISTANT_PER_MINUTE="60")


@pytest.fixture
def anna(app: FakeApp) -> Person:
    known = asking_person(app)
    give(app, ANNA, 5)
    return known


def again(app: FakeApp, known: Person, failed_id: str, request_id: str = "again-1") -> Question:
    return app.asking.ask_again(known, failed_id, request_id, app.now(), Place.SITE)


def credits_of(app: FakeApp) -> int:
    return app.questions.account(ANNA).credits


def ids(app: FakeApp, user_id: int = ANNA) -> list[str]:
    return [each.id for each in app.asking.history(user_id)[0].items]


# --- stopping -------------------------------------------------------------------------------------------------------


def test_a_stop_counts_once(app: FakeApp, anna: Person) -> None:
    asked = ask(app, anna)
    assert app.asking.stop(ANNA, asked.id)
    assert not app.asking.stop(ANNA, asked.id)
    assert not app.asking.stop(ANNA)
    answer(app)
    assert app.asking.question(ANNA, asked.id)[1] is State.STOPPED
    assert credits_of(app) == 5
    assert not app.asking.stop(ANNA, asked.id)


def test_only_the_question_that_is_meant_is_stopped(app: FakeApp, anna: Person) -> None:
    assert not app.asking.stop(ANNA), "nothing is open"
    asked = ask(app, anna)
    assert not app.asking.stop(ANNA, "0" * 17)
    assert not app.asking.stop(BORIS, asked.id)
    assert app.asking.stop(ANNA), "whichever is open"


def test_an_answer_that_is_stored_is_told_and_not_stopped_any_more(app: FakeApp, anna: Person) -> None:
    ask(app, anna)
    stopped: list[bool] = []
    app.questions.meanwhile(lambda: None)
    app.questions.meanwhile(lambda: stopped.append(app.asking.stop(ANNA)))
    answer(app)
    assert stopped == [False]
    assert credits_of(app) == 4


def test_a_stop_and_the_worker_at_once_lose_nothing(app: FakeApp, anna: Person) -> None:
    asked = ask(app, anna)
    app.questions.meanwhile(lambda: answer(app))
    assert not app.asking.stop(ANNA, asked.id)
    assert app.asking.question(ANNA, asked.id)[1] is State.DONE
    assert (credits_of(app), app.questions.account(ANNA).open) == (4, None)


# --- asking again ---------------------------------------------------------------------------------------------------


def test_a_failed_question_is_asked_again_in_its_place(app: FakeApp, anna: Person) -> None:
    asked = app.asking.ask(anna, Wish("What is it?", Place.CHAT, Task.LOT, "lot1"), "r1", app.now())
    answer(app, REFUSED)
    app.clock.forward(seconds=5)
    second = again(app, anna, asked.id)
    assert (second.text, second.task, second.subject) == ("What is it?", Task.LOT, "lot1")
    assert second.place is Place.SITE, "it is answered where it was asked again"
    assert ids(app) == [second.id]
    assert credits_of(app) == 4


def test_it_is_asked_again_once(app: FakeApp, anna: Person) -> None:
    asked = ask(app, anna)
    answer(app, REFUSED)
    app.clock.forward(seconds=5)
    second = again(app, anna, asked.id)
    assert again(app, anna, asked.id).id == second.id, "the same press"
    with pytest.raises(NotFound):
        again(app, anna, asked.id, "another press")
    assert (ids(app), credits_of(app)) == ([second.id], 4)


def test_of_two_presses_at_once_one_asks(app: FakeApp, anna: Person) -> None:
    asked = ask(app, anna)
    answer(app, REFUSED)
    app.clock.forward(seconds=5)
    app.store.meanwhile(lambda: again(app, anna, asked.id, "theirs"))
    with pytest.raises(Busy):
        again(app, anna, asked.id, "mine")
    assert len(ids(app)) == 1
    assert credits_of(app) == 4


def test_what_did_not_fail_is_not_asked_again(app: FakeApp, anna: Person) -> None:
    asked = ask(app, anna)
    with pytest.raises(NothingToRetry):
        again(app, anna, asked.id)
    answer(app)
    with pytest.raises(NothingToRetry):
        again(app, anna, asked.id)
    stopped = ask(app, anna)
    app.asking.stop(ANNA)
    answer(app)
    with pytest.raises(NothingToRetry):
        again(app, anna, stopped.id)


def test_nobody_asks_the_question_of_another_again(app: FakeApp, anna: Person) -> None:
    asked = ask(app, anna)
    answer(app, REFUSED)
    boris = asking_person(app, BORIS)
    give(app, BORIS, 1)
    with pytest.raises(NotFound):
        again(app, boris, asked.id)
    assert ids(app) == [asked.id]


def test_one_that_cannot_be_paid_for_stays_as_it_was(app: FakeApp) -> None:
    known = asking_person(app)
    give(app, ANNA, 1)
    asked = ask(app, known)
    answer(app, REFUSED)
    give(app, ANNA, -1)
    with pytest.raises(NoCredits):
        again(app, known, asked.id)
    assert ids(app) == [asked.id]


# --- clearing -------------------------------------------------------------------------------------------------------


def test_what_was_cleared_is_hidden_at_once_and_called_for_deletion(app: FakeApp, anna: Person) -> None:
    asked = ask(app, anna)
    answer(app)
    app.asking.clear(ANNA, app.now())
    assert ids(app) == []
    with pytest.raises(NotFound):
        app.asking.question(ANNA, asked.id)
    (call,) = app.assistant_work.take()
    assert (call.user_id, call.clear) == (ANNA, True)
    app.clock.forward(milliseconds=1)
    assert ids(app) == []
    later = ask(app, anna)
    assert ids(app) == [later.id]


def test_the_open_question_is_answered_and_paid_for_and_not_kept(app: FakeApp, anna: Person) -> None:
    asked = ask(app, anna)
    app.clock.forward(seconds=1)
    app.asking.clear(ANNA, app.now())
    assert ids(app) == []
    assert (ANNA, asked.id) in app.store.tables.questions, "the worker has yet to read it"
    with pytest.raises(Busy):
        ask(app, anna)
    answer(app)
    assert not app.store.tables.questions
    assert (credits_of(app), app.questions.account(ANNA).open) == (4, None)


def test_one_that_is_cleared_while_it_is_answered_is_not_kept_either(app: FakeApp, anna: Person) -> None:
    ask(app, anna)
    app.clock.forward(seconds=1)
    answer(app, "Beca", lambda: app.asking.clear(ANNA, app.now()), "use.")
    assert not app.store.tables.questions
    assert credits_of(app) == 4


def test_clearing_twice_or_nothing_is_safe(app: FakeApp, anna: Person) -> None:
    app.asking.clear(BORIS, app.now())
    assert app.questions.account(BORIS).version == 0
    ask(app, anna)
    answer(app)
    for _ in range(2):
        app.asking.clear(ANNA, app.now())
    assert ids(app) == []


def test_a_queue_that_does_not_answer_clears_later(app: FakeApp, anna: Person) -> None:
    app.assistant_work.fail_next(Unavailable())
    app.asking.clear(ANNA, app.now())
    assert app.assistant_work.calls == []
    due_at = app.now() + timedelta(minutes=1)
    assert app.questions.due_accounts(due_at - MS, 10) == []
    assert app.questions.due_accounts(due_at, 10) == [ANNA]


def test_what_one_has_cleared_is_still_there_for_another(app: FakeApp, anna: Person) -> None:
    boris = asking_person(app, BORIS)
    give(app, BORIS, 1)
    theirs = ask(app, boris)
    app.clock.forward(seconds=1)
    app.asking.clear(ANNA, app.now())
    assert ids(app, BORIS) == [theirs.id]
    assert app.assistant_work.calls[0] == Call(BORIS, theirs.id)


def test_ids_sort_by_the_moment_to_the_millisecond(app: FakeApp, anna: Person) -> None:
    asked = ask(app, anna)
    assert is_question_id(asked.id)
    assert first_id_after(app.now() - MS) < asked.id < first_id_after(app.now())
