"""Questions that are not answered, or not whole: what stands in the way, and that it costs nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.assistant.account import MOST_UNPAID
from starbid.domain.assistant.question import Failure, Place, State, Task
from starbid.domain.errors import TooOften
from starbid.domain.events import QuestionFailed
from starbid.domain.restrictions import Limit, Restrictions
from starbid.services.assistant.answering import LEASE, MOST_TRIES
from starbid.services.ports import Ailment, Ending, ModelTrouble, Unavailable
from tests.support.answering import Helper
from tests.support.factories import ANNA, put_up
from tests.support.fakes import Death


@pytest.fixture
def helper() -> Helper:
    return Helper()


def failed(helper: Helper, asked: str, why: Failure) -> bool:
    """It failed for this reason, it was told so, and cost nothing."""
    question = helper.question(asked)
    (event,) = helper.events(asked)
    assert isinstance(event, QuestionFailed)
    assert (question.failure, event.why) == (why, why.value)
    assert helper.account.open is None
    assert helper.used == 0
    assert helper.app.asking.standing(helper.person, helper.app.now()).left == 10
    return question.state is State.FAILED


@pytest.mark.parametrize("deaths", range(1, MOST_TRIES + 2))
def test_after_four_deaths_it_is_given_up_and_costs_nothing(helper: Helper, deaths: int) -> None:
    asked = helper.ask()
    for _ in range(min(deaths, MOST_TRIES)):
        helper.model.says("One ", Death())
        with pytest.raises(Death):
            helper.answer(asked)
        helper.goes_by(seconds=LEASE.total_seconds())
    helper.model.says("Well.")
    helper.answer(asked)
    if deaths < MOST_TRIES:
        assert helper.question(asked).answer == "Well."
        assert helper.used == 1
        return
    assert failed(helper, asked, Failure.DIED)
    assert len(helper.model.prompts) == MOST_TRIES, "the model is asked no more"
    assert [each.failure for each in helper.stage.failed] == [Failure.DIED]


def test_who_was_blocked_before_is_not_answered_and_hears_nothing(helper: Helper) -> None:
    asked = helper.ask()
    helper.change(blocked=True)
    helper.work()
    assert failed(helper, asked, Failure.BARRED)
    assert (helper.model.prompts, helper.stage.told, helper.stage.failed) == ([], [], [])
    assert helper.stage.faded == 1


def test_who_is_blocked_while_it_is_written_hears_nothing(helper: Helper) -> None:
    asked = helper.ask()
    helper.model.says("One ", lambda: helper.change(blocked=True), "two.")
    helper.work()
    assert helper.question(asked).state is State.DONE
    assert (helper.stage.told, helper.stage.failed, helper.stage.faded) == ([], [], 1)
    assert helper.account.open is None


@pytest.mark.parametrize("left", [timedelta(milliseconds=1), timedelta(0)])
def test_who_is_barred_from_the_helper_is_told_so_until_that_is_over(helper: Helper, left: timedelta) -> None:
    asked = helper.ask()
    helper.change(restrictions=Restrictions((Limit.ASSISTANT,), helper.app.now() + left))
    helper.work()
    if left:
        assert failed(helper, asked, Failure.BARRED)
        assert [each.failure for each in helper.stage.failed] == [Failure.BARRED]
    else:
        assert helper.question(asked).state is State.DONE


def test_consent_that_was_taken_back_before_sends_nothing_to_the_model(helper: Helper) -> None:
    asked = helper.ask()
    helper.app.asking.consent(ANNA, helper.app.now(), given=False)
    helper.work()
    assert failed(helper, asked, Failure.CONSENT)
    assert helper.model.prompts == []


@pytest.mark.parametrize("shown", [True, False])
def test_consent_taken_back_while_answering_ends_it_and_costs_what_was_shown(helper: Helper, shown: bool) -> None:
    """Else one could read an answer to its end for nothing, and agree again."""
    asked = helper.ask("Why?")

    def takes_back() -> None:
        helper.app.asking.consent(ANNA, helper.app.now(), given=False)
        helper.pace.sleep(1)

    helper.model.says(*(["One "] if shown else []), takes_back, "two ", "three.")
    helper.work()
    assert helper.stage.frames == (["One"] if shown else [])
    if shown:
        assert (helper.question(asked).state, helper.used) == (State.STOPPED, 1)
    else:
        assert failed(helper, asked, Failure.CONSENT)
        assert helper.stage.told == []


def test_consent_taken_back_between_two_tries_ends_it_too(helper: Helper) -> None:
    asked = helper.ask()
    helper.pace.meanwhile.append(lambda: helper.app.asking.consent(ANNA, helper.app.now(), given=False))
    helper.model.says(ModelTrouble(Ailment.BROKEN, "500"))
    helper.work()
    assert failed(helper, asked, Failure.CONSENT)
    assert len(helper.model.prompts) == 1


def test_history_cleared_while_answering_leaves_nothing_but_what_is_told(helper: Helper) -> None:
    earlier = helper.ask("Earlier?")
    helper.work()
    helper.goes_by(seconds=10)
    asked = helper.ask("Now?")
    helper.model.says("One ", lambda: helper.app.asking.clear(ANNA, helper.app.now()), "two.")
    helper.work()
    assert helper.stage.told == ["An answer.", "One two."]
    assert helper.used == 2
    assert not helper.is_kept(asked)
    helper.until_done()
    assert not helper.is_kept(earlier)
    assert helper.account.clearing_due is None


def test_a_question_that_is_asked_after_the_clearing_is_kept(helper: Helper) -> None:
    first = helper.ask()
    helper.work()
    helper.app.asking.clear(ANNA, helper.app.now())
    helper.goes_by(milliseconds=1)
    asked = helper.ask()
    helper.until_done()
    assert (helper.is_kept(first), helper.is_kept(asked)) == (False, True)


@pytest.mark.parametrize(("limit", "over"), [(112, True), (113, False), (0, False)])
def test_once_the_days_tokens_are_used_up_it_rests_until_midnight(limit: int, over: bool) -> None:
    helper = Helper({"ASSISTANT_DAILY_TOKENS": str(limit)})
    helper.model.says("Press ", "/sell.")  # 112
    helper.ask()
    helper.work()
    helper.goes_by(seconds=10)
    asked = helper.ask()
    helper.work()
    if not over:
        assert helper.question(asked).state is State.DONE
        return
    assert helper.question(asked).failure is Failure.RESTING
    assert helper.used == 1, "the first one"
    assert [each.failure for each in helper.stage.failed] == [Failure.RESTING]
    assert len(helper.model.prompts) == 1
    helper.goes_by(hours=12)  # the next day has begun
    again = helper.app.asking.ask_again(helper.person, asked, "again", helper.app.now(), Place.CHAT)
    helper.work()
    assert helper.question(again.id).state is State.DONE


def test_an_answer_is_not_lost_where_its_tokens_cannot_be_counted(
    helper: Helper, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted, asked = helper.app.scratch.count, helper.ask()

    def count(key: str, number: int, *more: object) -> bool:
        if number:
            raise Unavailable
        return counted(key, number, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(helper.app.scratch, "count", count)
    helper.work()
    assert helper.question(asked).state is State.DONE


@pytest.mark.parametrize(("said", "ending"), [("", Ending.COMPLETE), (" \u200b\n", Ending.COMPLETE), ("", Ending.CUT)])
def test_an_answer_without_a_visible_character_costs_nothing(helper: Helper, said: str, ending: Ending) -> None:
    helper.model.says(*([said] if said else []), ending=ending)
    asked = helper.ask()
    helper.work()
    assert failed(helper, asked, Failure.EMPTY)


def test_what_the_filter_of_the_model_kept_back_costs_nothing(helper: Helper) -> None:
    helper.model.says(ending=Ending.WITHHELD)
    asked = helper.ask()
    helper.work()
    assert failed(helper, asked, Failure.WITHHELD)


def test_an_answer_that_the_filter_cut_short_is_one(helper: Helper) -> None:
    helper.model.says("The beginning", ending=Ending.WITHHELD)
    asked = helper.ask()
    helper.work()
    question = helper.question(asked)
    assert (question.state, question.answer, question.cut) == (State.DONE, "The beginning", True)


LISTING = '{"title": "A lamp", "description": "Gives light.", "category": "home", "start_price": 40}'


def test_a_draft_of_a_lot_becomes_fields_and_does_not_grow_before_eyes(helper: Helper) -> None:
    asked = helper.ask("lamp, old", task=Task.LISTING)
    helper.model.says("```json\n", LISTING, "\n```")
    helper.work()
    assert helper.question(asked).suggested == {
        "title": "A lamp",
        "description": "Gives light.",
        "category": "home",
        "start_price": "40",
    }
    assert helper.stage.frames == []
    assert helper.used == 1


@pytest.mark.parametrize("said", ["Sorry, I cannot.", "{", '{"title": "A lamp"}', "[]", "{" * 5000])
def test_a_draft_that_cannot_be_read_is_none_and_costs_nothing(helper: Helper, said: str) -> None:
    asked = helper.ask("lamp", task=Task.LISTING)
    helper.model.says(said)
    helper.work()
    assert failed(helper, asked, Failure.UNUSABLE)
    assert helper.question(asked).suggested is None


def test_quotes_that_the_lot_does_not_hold_are_left_out_of_an_answer_about_it(helper: Helper) -> None:
    lot = put_up(helper.app, title="A brass lamp", description="Made in 1950.\nWorks.").auction.id
    asked = helper.ask("How old is it?", task=Task.LOT, subject=lot)
    helper.model.says("> Made in 1950.\n", "> It is gold.\n", "It was made in 1950.")
    helper.work()
    assert helper.question(asked).answer == "> Made in 1950.\n\nIt was made in 1950."
    assert helper.stage.told == ["> Made in 1950.\n\nIt was made in 1950."]


def test_an_answer_that_was_nothing_but_invented_quotes_costs_nothing(helper: Helper) -> None:
    lot = put_up(helper.app, description="Made in 1950.").auction.id
    asked = helper.ask("How old is it?", task=Task.LOT, subject=lot)
    helper.model.says("> It is gold.\n> It is yours.")
    helper.work()
    assert failed(helper, asked, Failure.EMPTY)
    assert helper.stage.told == []


@pytest.mark.parametrize("hidden", [True, False])
def test_a_lot_that_is_not_there_any_more_is_not_answered_about(helper: Helper, hidden: bool) -> None:
    lot = put_up(helper.app).auction.id
    asked = helper.ask("What is it?", task=Task.LOT, subject=lot)
    auctions = helper.app.store.tables.auctions
    if hidden:
        auctions[lot] = replace(auctions[lot], hidden=True)
    else:
        del auctions[lot]
    helper.work()
    assert failed(helper, asked, Failure.GONE)
    assert helper.model.prompts == []


def test_the_worker_closes_no_lot_that_is_asked_about(helper: Helper) -> None:
    """It may write the helper's rows alone."""
    lot = put_up(helper.app, duration_seconds=60).auction.id
    helper.goes_by(hours=1)
    before = helper.app.store.tables.auctions[lot]
    helper.ask("What is it?", task=Task.LOT, subject=lot)
    helper.work()
    assert helper.app.store.tables.auctions[lot] is before


def test_a_question_without_its_row_keeps_nobody_waiting(helper: Helper) -> None:
    """Deleted by a race that nobody foresaw: the credit is free again, and so is the next question."""
    asked = helper.ask()
    del helper.app.store.tables.questions[ANNA, asked]
    helper.work()
    assert helper.account.open, "a moment ago it may not have been there yet"
    helper.goes_by(minutes=2)
    for call in helper.sweep():
        helper.take(call)
    assert (helper.phase, helper.used) == (None, 0)
    helper.ask("The next one?")


def test_what_costs_the_model_and_nobody_pays_for_has_an_end_each_day(helper: Helper) -> None:
    """A draft that is asked for a poem instead is none, and free: but not without end."""
    helper.model.says("A poem, and no JSON at all. " * 600)
    asked = 0
    while helper.account.unpaid < MOST_UNPAID:
        helper.ask("Write a poem", Place.CHAT, Task.LISTING)
        helper.work()
        helper.goes_by(seconds=30)
        asked += 1
    assert 1 < asked < 12
    assert helper.used == 0
    with pytest.raises(TooOften) as refused:
        helper.ask("Write a poem", Place.CHAT, Task.LISTING)
    helper.goes_by(seconds=refused.value.seconds + 60)
    helper.ask("Write a poem", Place.CHAT, Task.LISTING)
