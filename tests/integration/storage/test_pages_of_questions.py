"""Pages of a person's questions to the AI helper that begin where a button says: the same over each of the stores."""

from __future__ import annotations

from datetime import timedelta

import pytest

from starbid.domain.assistant.question import Question, question_id
from tests.support.factories import ANNA, BORIS
from tests.support.fakes import StagedApp

MADE = 7


@pytest.fixture
def asked(any_app: StagedApp) -> list[str]:
    """Ids of Anna's questions, oldest first; two are of the same millisecond. Boris has some, too."""
    moments = [any_app.now() + timedelta(milliseconds=5 * (number // 2)) for number in range(MADE)]
    ids = sorted(question_id(at, str(number)) for number, at in enumerate(moments))
    unit = any_app.store.unit()
    for user_id in (ANNA, BORIS):
        for one in ids:
            unit.add_question(Question(one, user_id, "Why?", any_app.now()))
    unit.commit()
    return ids


def page(app: StagedApp, before: str, after: str = "", limit: int = 3) -> list[str]:
    return [one.id for one in app.questions.asked(ANNA, after, before=before, limit=limit).items]


def test_a_page_begins_right_below_the_question_that_is_named(any_app: StagedApp, asked: list[str]) -> None:
    newest = asked[::-1]
    for number, one in enumerate(newest):
        assert page(any_app, one) == newest[number + 1 : number + 4], number
    assert page(any_app, "") == newest[:3]


def test_a_question_that_is_gone_names_a_place_all_the_same(any_app: StagedApp, asked: list[str]) -> None:
    between = f"{asked[3][:-1]}{chr(ord(asked[3][-1]) + 1)}" if asked[3][-1] not in "9z" else f"{asked[3]}0"
    assert page(any_app, between) == asked[3:0:-1]
    assert page(any_app, "0" * 17) == []
    assert page(any_app, "z" * 17) == asked[:-4:-1]


def test_what_was_cleared_stays_away(any_app: StagedApp, asked: list[str]) -> None:
    assert page(any_app, asked[4], after=asked[1]) == [asked[3], asked[2]]


def test_pages_follow_each_other_without_a_gap(any_app: StagedApp, asked: list[str]) -> None:
    seen, before = list[str](), ""
    while found := page(any_app, before, limit=2):
        seen, before = [*seen, *found], found[-1]
    assert seen == asked[::-1]
