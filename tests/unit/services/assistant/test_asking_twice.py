"""The same request twice, what failed once more, a stop, and the history."""

from __future__ import annotations

from datetime import timedelta

import pytest

from starbid.domain.assistant.errors import NoCredits, NothingToRetry
from starbid.domain.assistant.question import Failure, Place, Question, State, Task
from starbid.domain.errors import Conflict, NotFound
from starbid.services.assistant.asking import Wish
from starbid.services.ports import Ailment, Contended, ModelTrouble, Unavailable
from tests.support.answering import Helper
from tests.support.factories import ANNA
from tests.support.fakes import START


@pytest.fixture
def helper() -> Helper:
    return Helper()


def same(helper: Helper) -> Question:
    return helper.app.asking.ask(helper.person, Wish("Why?", Place.CHAT), "the same", START)


def test_the_same_request_is_the_same_question_open_or_over(helper: Helper) -> None:
    first = same(helper)
    assert same(helper) == first
    helper.work()
    assert same(helper).id == first.id
    assert (len(helper.app.store.tables.questions), helper.used) == (1, 1)
    helper.work()
    assert helper.stage.told == ["An answer."]


def test_it_is_so_too_where_it_was_the_last_that_could_be_asked(helper: Helper) -> None:
    """A webhook that died after its question was written hears of the same update again."""
    helper.pays_with(1)
    first = same(helper)
    helper.work()
    assert helper.account.credits == 0
    assert same(helper).id == first.id
    for each in range(5):
        helper.pays_with(9)
        helper.app.asking.ask(helper.person, Wish("Why?", Place.CHAT), f"r{each}", START)
        helper.work()
    assert same(helper).id == first.id, "six were asked within a minute"
    helper.goes_by(minutes=1)
    helper.ask("Another?")
    assert same(helper).id == first.id, "another is open"


def test_another_request_or_moment_is_another_question(helper: Helper) -> None:
    first = same(helper)
    helper.work()
    second = helper.app.asking.ask(helper.person, Wish("Why?", Place.CHAT), "another", START)
    helper.work()
    later = helper.app.asking.ask(helper.person, Wish("Why?", Place.CHAT), "the same", START + timedelta(seconds=1))
    assert len({first.id, second.id, later.id}) == 3


def test_others_who_change_the_account_meanwhile_are_no_reason_to_fail(helper: Helper) -> None:
    for _ in range(3):
        helper.app.store.meanwhile(lambda: helper.app.asking.clear(ANNA, helper.app.now()))
    asked = helper.ask()
    assert helper.account.cleared_at == helper.app.now()
    assert helper.account.open
    assert helper.account.open.id == asked


def test_where_all_tries_meet_others_nothing_is_asked(helper: Helper) -> None:
    helper.app.store.fail_next(Contended(), times=4)
    with pytest.raises(Conflict):
        helper.ask()
    assert (helper.account.open, helper.app.store.tables.questions) == (None, {})


def test_a_queue_that_does_not_answer_is_no_reason_to_fail(helper: Helper) -> None:
    helper.app.assistant_work.fail_next(Unavailable(), times=2)
    asked = helper.ask()
    helper.app.asking.clear(ANNA, helper.app.now())
    helper.until_done()
    assert helper.stage.told == ["An answer."]
    assert not helper.is_kept(asked)


def test_what_failed_is_asked_again_in_its_place_as_it_was(helper: Helper) -> None:
    failed = helper.ask("lamp", Place.SITE, Task.LISTING)
    helper.work()
    assert helper.question(failed).failure is Failure.UNUSABLE
    helper.goes_by(seconds=5)
    asking, later = helper.app.asking, helper.app.now()
    again = [asking.ask_again(helper.person, failed, "r", later, Place.CHAT) for _ in range(2)]
    assert again[0].id == again[1].id
    assert (again[0].text, again[0].task, again[0].place) == ("lamp", Task.LISTING, Place.CHAT)
    assert not helper.is_kept(failed)
    with pytest.raises(NotFound):
        asking.ask_again(helper.person, failed, "another", later, Place.CHAT)


def test_what_was_stopped_before_anything_was_shown_can_be_asked_again(helper: Helper) -> None:
    asked = helper.ask()
    assert helper.app.asking.stop(ANNA)
    helper.work()
    assert (helper.question(asked).state, helper.question(asked).failure) == (State.STOPPED, Failure.STOPPED)
    assert helper.app.asking.ask_again(helper.person, asked, "r", helper.app.now(), Place.CHAT).text == "Why?"


def test_what_was_answered_or_is_being_answered_is_not_asked_again(helper: Helper) -> None:
    asked = helper.ask()
    for _ in range(2):
        with pytest.raises(NothingToRetry):
            helper.app.asking.ask_again(helper.person, asked, "r", helper.app.now(), Place.CHAT)
        helper.work()


def test_a_stop_is_heard_once_and_only_of_ones_own_open_question(helper: Helper) -> None:
    stop = helper.app.asking.stop
    assert not stop(ANNA)
    asked = helper.ask()
    assert not stop(ANNA, "0" * 17)
    assert [stop(ANNA, asked), stop(ANNA, asked), stop(ANNA)] == [True, False, False]
    helper.work()
    assert not stop(ANNA, asked)
    assert helper.used == 0


def test_a_stop_of_an_answer_that_is_told_already_changes_nothing(helper: Helper) -> None:
    helper.ask()
    helper.stage.meanwhile(lambda: stopped.append(helper.app.asking.stop(ANNA)))
    stopped: list[bool] = []
    helper.work()
    assert (stopped, helper.used, helper.stage.told) == ([False], 1, ["An answer."])


def test_history_is_ones_own_newest_first_and_gone_once_it_is_cleared(helper: Helper) -> None:
    for _ in range(3):
        helper.ask()
        helper.work()
        helper.goes_by(seconds=20)
    page, _ = helper.app.asking.history(ANNA, limit=2)
    rest, _ = helper.app.asking.history(ANNA, limit=2, cursor=page.cursor)
    assert [each.asked_at for each in (*page.items, *rest.items)] == [
        START + timedelta(seconds=seconds) for seconds in (40, 20, 0)
    ]
    last = page.items[0].id
    assert helper.app.asking.question(ANNA, last)[1] is State.DONE
    helper.app.asking.clear(ANNA, helper.app.now())
    assert helper.app.asking.history(ANNA)[0].items == ()
    with pytest.raises(NotFound):
        helper.app.asking.question(ANNA, last)
    helper.work()
    assert helper.app.store.tables.questions == {}
    assert helper.used == 3, "what was paid for stays paid for"


def test_how_a_question_stands_is_told_by_its_account(helper: Helper) -> None:
    asked = helper.ask()
    states = [helper.app.asking.question(ANNA, asked)[1]]
    helper.model.says(lambda: states.append(helper.app.asking.question(ANNA, asked)[1]), "Yes.")
    helper.work()
    states.append(helper.app.asking.question(ANNA, asked)[1])
    assert states == [State.QUEUED, State.ANSWERING, State.DONE]


def test_a_question_that_failed_leaves_the_credit_for_the_next(helper: Helper) -> None:
    helper.pays_with(1)
    helper.model.says(ModelTrouble(Ailment.REFUSED, "401"))
    helper.ask()
    helper.work()
    helper.model.says("Yes.")
    helper.ask()
    helper.work()
    assert (helper.account.credits, helper.used) == (0, 1)
    with pytest.raises(NoCredits):
        helper.ask()
