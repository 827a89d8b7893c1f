"""What a unit does to the helper's accounts, questions and packs, the same for every store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from starbid.domain.assistant.account import Account, changed
from starbid.domain.assistant.question import State
from starbid.services.ports import ConditionFailed, Unit
from tests.support.dynamo import DynamoApp, hammer
from tests.support.factories import ANNA, BORIS
from tests.support.fakes import START, StagedApp
from tests.support.helper_rows import answered, full_account, keep, keep_account, opened, pack, question, saved


def write(app: StagedApp, *parts: Callable[[Unit], None]) -> None:
    unit = app.store.unit()
    for part in parts:
        part(unit)
    unit.commit()


def test_an_account_and_its_question_are_written_together(any_app: StagedApp) -> None:
    after = changed(Account(ANNA, consent_at=START), open=opened(question()))
    write(any_app, lambda unit: unit.save_account(Account(ANNA), after), lambda unit: unit.add_question(question()))
    assert any_app.questions.account_with(ANNA, question().id) == (after, question())


def test_nothing_is_written_where_the_account_has_changed_and_it_is_told_how_it_is(any_app: StagedApp) -> None:
    before = keep_account(any_app, full_account())
    now = saved(any_app, before, open=None)
    with pytest.raises(ConditionFailed) as refused:
        write(
            any_app,
            lambda unit: unit.save_account(before, changed(before, spent=99)),
            lambda unit: unit.add_question(question(8)),
            lambda unit: unit.keep_pack(ANNA, pack(8)),
        )
    assert [(each.what, each.key) for each in refused.value.refusals] == [("account", str(ANNA))]
    assert refused.value.current("account") == now
    assert any_app.questions.account_with(ANNA, question(8).id) == (now, None)
    assert any_app.questions.pack(ANNA, pack(8).id) is None


def test_a_first_account_is_refused_where_there_is_one(any_app: StagedApp) -> None:
    there = keep_account(any_app, full_account())
    with pytest.raises(ConditionFailed) as refused:
        write(any_app, lambda unit: unit.save_account(Account(ANNA), changed(Account(ANNA))))
    assert refused.value.current("account") == there


def test_a_question_is_asked_once(any_app: StagedApp) -> None:
    keep(any_app, question())
    with pytest.raises(ConditionFailed) as refused:
        keep(any_app, question(text="Another?"))
    assert refused.value.current("question") == question()
    assert any_app.questions.question(ANNA, question().id) == question()
    keep(any_app, replace(question(), user_id=BORIS))
    assert any_app.questions.question(BORIS, question().id), "each person has questions of their own"


def test_an_answer_takes_the_place_of_its_question_and_of_nothing_else(any_app: StagedApp) -> None:
    keep(any_app, question())
    write(any_app, lambda unit: unit.save_question(answered()))
    assert any_app.questions.question(ANNA, question().id) == answered()
    with pytest.raises(ConditionFailed) as refused:
        write(any_app, lambda unit: unit.save_question(answered(5)))
    assert refused.value.blames("question")
    assert any_app.questions.question(ANNA, question(5).id) is None, "what was deleted does not come back"


def test_a_question_is_dropped_also_where_it_is_gone(any_app: StagedApp) -> None:
    keep(any_app, question(), question(1))
    for _ in range(2):
        write(any_app, lambda unit: unit.drop_question(ANNA, question().id))
    assert any_app.questions.asked(ANNA, "").items == (question(1),)


def test_a_failed_question_makes_room_for_the_one_asked_again(any_app: StagedApp) -> None:
    failed = question(state=State.FAILED)
    keep(any_app, failed)
    write(
        any_app,
        lambda unit: unit.add_question(question(1)),
        lambda unit: unit.drop_question(ANNA, failed.id),
    )
    assert any_app.questions.asked(ANNA, "").items == (question(1),)


def test_a_pack_that_is_used_up_is_kept_by_itself(any_app: StagedApp) -> None:
    used = pack(used=50, order_id="f" * 16)
    write(any_app, lambda unit: unit.keep_pack(ANNA, used))
    write(any_app, lambda unit: unit.keep_pack(ANNA, pack(1, price=0)))
    assert any_app.questions.pack(ANNA, used.id) == used
    assert any_app.questions.pack(ANNA, pack(1).id) == pack(1, price=0)
    assert any_app.questions.pack(BORIS, used.id) is None
    again = replace(used, credits=10, used=10)
    write(any_app, lambda unit: unit.keep_pack(ANNA, again))
    assert any_app.questions.pack(ANNA, used.id) == again, "what is said last counts"
    assert any_app.questions.asked(ANNA, "").items == (), "it is no question"


def test_of_many_who_take_up_the_same_question_one_has_it(emulated: DynamoApp) -> None:
    account = keep_account(emulated, Account(ANNA, open=opened(question())))
    takes = [partial(emulated.questions.save, account, changed(account, granted=number)) for number in range(12)]
    done = hammer(takes)
    assert sorted(done) == [False] * 11 + [True]
    assert emulated.questions.account(ANNA).granted == done.index(True)
