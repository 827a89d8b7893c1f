"""One worker, one question: written, paid for, kept and told."""

from __future__ import annotations

import pytest

from starbid.domain.assistant.account import Phase, Source
from starbid.domain.assistant.question import LONGEST_ANSWER, Failure, Place, State
from starbid.domain.events import QuestionAnswered
from starbid.services.assistant.answering import LEASE
from starbid.services.ports import Ailment, ModelTrouble, Unavailable
from tests.support.answering import Helper
from tests.support.factories import ANNA
from tests.support.fakes import Death


@pytest.fixture
def helper() -> Helper:
    return Helper()


def test_an_answer_is_written_kept_paid_for_and_told(helper: Helper) -> None:
    asked = helper.ask("How do I sell?")
    assert (helper.phase, helper.used) == (Phase.QUEUED, 0)
    helper.model.says("Press ", "/sell.")
    helper.work()
    question = helper.question(asked)
    assert (question.state, question.answer, question.shown.text) == (State.DONE, "Press /sell.", "Press /sell.")
    assert (question.tokens, question.answered_at, question.cut) == (112, helper.app.now(), False)
    assert helper.stage.told == ["Press /sell."]
    assert (helper.account.open, helper.used) == (None, 1)
    assert helper.app.asking.standing(helper.person, helper.app.now()).left == 9


def test_its_end_is_told_once_with_what_it_took_and_not_a_word_of_it(helper: Helper) -> None:
    asked = helper.ask("A secret question")
    helper.model.says(lambda: helper.pace.sleep(4), "A secret answer")
    helper.work()
    (event,) = helper.events(asked)
    assert event == QuestionAnswered(
        id=f"answered:{ANNA}:{asked}",
        at=helper.app.now(),
        user_id=ANNA,
        question_id=asked,
        task="question",
        place="chat",
        source="trial",
        tokens=115,
        seconds=4,
        stopped=False,
    )
    assert "secret" not in repr(event)


@pytest.mark.parametrize("place", [Place.SITE, Place.API])
def test_what_is_asked_on_a_page_is_told_to_no_chat(helper: Helper, place: Place) -> None:
    asked = helper.ask("Why?", place)
    helper.work()
    assert helper.question(asked).state is State.DONE
    assert (helper.stage.told, helper.stage.faded) == ([], 1)
    assert helper.account.open is None


def test_the_last_credit_of_a_pack_is_used_and_the_pack_kept_by_itself(helper: Helper) -> None:
    helper.pays_with(50, used=49)
    asked = helper.ask()
    assert helper.account.credits == 0, "it is set aside"
    assert helper.account.open
    assert helper.account.open.source is Source.CREDIT
    helper.work()
    assert (helper.account.packs, helper.account.spent) == ((), 50)
    (kept,) = helper.app.store.tables.used_packs.values()
    assert (kept.used, kept.left) == (50, 0)
    assert helper.question(asked).state is State.DONE


def test_a_credit_is_given_back_where_nothing_was_answered(helper: Helper) -> None:
    helper.pays_with(50, used=49)
    helper.model.says(ModelTrouble(Ailment.REFUSED, "401"))
    asked = helper.ask()
    helper.work()
    assert helper.question(asked).failure is Failure.UNREACHABLE
    assert (helper.account.credits, helper.account.spent) == (1, 49)
    assert helper.app.store.tables.used_packs == {}


def test_a_message_that_comes_again_does_nothing_any_more(helper: Helper) -> None:
    asked = helper.ask()
    helper.work()
    before = helper.app.store.tables.snapshot()
    assert helper.answer(asked) is None
    assert helper.answer("0" * 17) is None, "there never was such a question"
    assert helper.app.store.tables == before
    assert (len(helper.model.prompts), helper.stage.told) == (1, ["An answer."])


def test_of_two_workers_at_once_one_answers(helper: Helper) -> None:
    asked = helper.ask()
    helper.app.questions.meanwhile(lambda: helper.answer(asked))
    assert helper.answer(asked) is None, "the other was faster"
    assert (len(helper.model.prompts), helper.used) == (1, 1)
    assert helper.stage.told == ["An answer."]
    assert len(helper.events(asked)) == 1


def test_a_worker_that_was_thought_dead_leaves_the_question_to_the_one_who_took_it_up(helper: Helper) -> None:
    asked = helper.ask()

    def taken_over() -> None:
        helper.goes_by(seconds=LEASE.total_seconds())
        helper.model.says("The other's answer.")
        helper.answer(asked)

    helper.model.says("The first's ", taken_over, "answer.")
    helper.answer(asked)
    assert helper.question(asked).answer == "The other's answer."
    assert (helper.stage.told, helper.used) == (["The other's answer."], 1)
    assert len(helper.events(asked)) == 1


def test_it_leaves_it_alone_too_where_the_other_is_not_done_yet(helper: Helper) -> None:
    asked = helper.ask()

    def taken_over() -> None:
        helper.goes_by(seconds=LEASE.total_seconds())
        helper.model.says("One", Death())
        with pytest.raises(Death):
            helper.answer(asked)

    helper.model.says("The first's ", taken_over, "answer.")
    helper.answer(asked)
    assert helper.phase is Phase.ANSWERING
    assert (helper.stage.told, helper.used) == ([], 0)


def test_a_lease_is_not_taken_over_before_its_end(helper: Helper) -> None:
    asked = helper.ask()
    helper.model.says("One ", Death())
    with pytest.raises(Death):
        helper.answer(asked)
    helper.model.says("Another.")
    helper.goes_by(seconds=LEASE.total_seconds(), milliseconds=-1)
    assert (helper.answer(asked), helper.sweep()) == (None, [])
    assert helper.phase is Phase.ANSWERING
    helper.goes_by(milliseconds=1)
    assert [call.question_id for call in helper.sweep()] == [asked]
    helper.answer(asked)
    assert helper.question(asked).answer == "Another."
    assert helper.used == 1


def test_a_question_whose_message_was_lost_is_found_by_the_sweep_after_a_minute(helper: Helper) -> None:
    helper.app.assistant_work.fail_next(Unavailable())
    asked = helper.ask()
    assert helper.app.assistant_work.take() == []
    helper.goes_by(seconds=60, milliseconds=-1)
    assert helper.sweep() == []
    helper.goes_by(milliseconds=1)
    (call,) = helper.sweep()
    assert (call.question_id, call.again) == (asked, int(helper.app.now().timestamp()) // 120)
    helper.take(call)
    assert helper.question(asked).state is State.DONE


@pytest.mark.parametrize("length", [LONGEST_ANSWER, LONGEST_ANSWER + 1, 3 * LONGEST_ANSWER])
def test_an_answer_is_cut_at_32_000_characters(helper: Helper, length: int) -> None:
    helper.model.says("я" * length)
    asked = helper.ask()
    helper.work()
    question = helper.question(asked)
    assert question.answer == "я" * LONGEST_ANSWER
    assert question.cut is (length > LONGEST_ANSWER)
    assert "".join(helper.stage.told) == question.answer
    assert len(helper.stage.told) == 8
    assert question.tokens > LONGEST_ANSWER // 4, "they are estimated where the model was not heard to the end"
