"""The same request twice, as a webhook brings it that died after the question was written."""

from __future__ import annotations

import pytest

from starbid.domain.assistant.question import Place, Question, State
from starbid.services.assistant.asking import Wish
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


def test_how_a_question_stands_is_told_by_its_account(helper: Helper) -> None:
    asked = helper.ask()
    states = [helper.app.asking.question(ANNA, asked)[1]]
    helper.model.says(lambda: states.append(helper.app.asking.question(ANNA, asked)[1]), "Yes.")
    helper.work()
    states.append(helper.app.asking.question(ANNA, asked)[1])
    assert states == [State.QUEUED, State.ANSWERING, State.DONE]
