"""A person's questions as one text to keep."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from starbid.assistant_history import history_text, state_words, task_words
from starbid.domain.assistant.question import Failure, Question, State, Task, question_id
from starbid.i18n import language
from tests.support.factories import ANNA
from tests.support.fakes import START

EN, RU = language("en").to("Europe/Moscow", START), language("ru").to("Europe/Moscow", START)


def question(minute: int = 0, **changes: Any) -> Question:
    at = START + timedelta(minutes=minute)
    known: dict[str, Any] = {"text": "Why?", "answer": "**Because**", "state": State.DONE} | changes
    return Question(question_id(at, "r"), ANNA, asked_at=at, **known)


def test_the_oldest_comes_first_whatever_order_they_come_in() -> None:
    text = history_text([question(2, text="Third"), question(0, text="First"), question(1, text="Second")], EN)
    assert text.index("First") < text.index("Second") < text.index("Third")


def test_it_has_dates_where_a_screen_would_say_today() -> None:
    assert EN.moment(START).startswith("today")
    assert "today" not in history_text([question()], EN)
    assert f"{START.year}" in history_text([question()], EN)


def test_an_answer_is_as_it_was_written() -> None:
    assert history_text([question(answer="<b>&</b> **bold** [link](https://a.b)")], EN).endswith(
        "AI helper:\n<b>&</b> **bold** [link](https://a.b)\n"
    )


def test_a_draft_of_a_lot_is_told_in_its_parts_and_not_as_the_model_wrote_it() -> None:
    fields = {"title": "Lamp", "description": "It shines.", "category": "home", "start_price": "50"}
    text = history_text([question(task=Task.LISTING, answer='{"title": 1}', suggested=fields)], RU)
    assert "{" not in text
    assert "Lamp\n\nIt shines.\n\nКатегория: Дом\nНачальная цена: ⭐\u202f50" in text
    assert "Начальная цена" not in history_text([question(suggested=fields | {"start_price": ""})], RU)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"state": State.QUEUED, "answer": ""}, "Not answered yet."),
        ({"state": State.FAILED, "answer": "", "failure": Failure.EMPTY}, "It cost you nothing."),
        ({"state": State.STOPPED, "cut": True}, "**Because**\n\nYou stopped the answer here."),
        ({"cut": True}, "**Because**\n\nThe answer ends here: it was too long."),
        ({"task": Task.LOT, "subject": "lot1"}, "About a lot lot1"),
    ],
)
def test_it_says_what_came_of_a_question(changes: dict[str, Any], said: str) -> None:
    assert said in history_text([question(**changes)], EN)


def test_nobody_s_history_is_a_text_too() -> None:
    assert history_text([], EN) == "Your questions to the AI helper\n"


def test_every_task_and_state_has_words_of_its_own_in_both_languages() -> None:
    for words in (EN, RU):
        assert len({task_words(task, words) for task in Task}) == len(Task)
        assert len({state_words(state, words) for state in State}) == len(State)
    assert {task_words(task, EN) for task in Task}.isdisjoint(task_words(task, RU) for task in Task)
