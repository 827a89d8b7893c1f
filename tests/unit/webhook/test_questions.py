"""What is kept of the questions to a person: strictly read, bounded, and safe from two who change it at once."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import webhook.screens  # noqa: F401 - registers them
from starbid.services.ports import Contended, questions_of
from tests.support.fake_aws import FakeScratch
from tests.support.fakes import START
from webhook.questions import (
    KEEP_SECONDS,
    MOST,
    PATIENCE_SECONDS,
    Asked,
    AskedBy,
    Question,
    Questions,
    change,
    facts_of,
    read_questions,
)
from webhook.registry import screens

ANNA = 1
LONGEST = 10**12
BY = AskedBy.of("u1", START)


@dataclass(frozen=True)
class Which(Question):
    name = "which"
    lot: str
    number: int
    sure: bool
    of: int | None = None

    @property
    def again(self) -> str:
        return f"w:{self.lot}"


WHICH = Which("abc", 3, sure=True)


def asked(question: Question = WHICH, message_id: int = 5) -> Asked:
    return Asked.now(question, message_id, START)


def stored(scratch: FakeScratch) -> Questions:
    return read_questions(scratch.member(*questions_of(ANNA), START))


def full(one: Asked, _: Questions) -> Questions:
    return Questions((one,) * MOST, listening=True, last=AskedBy(f"u{2**31}", LONGEST))


def add(scratch: FakeScratch, known: Questions, message_id: int) -> Questions:
    return change(scratch, ANNA, known, lambda now: now.with_asked(asked(message_id=message_id), BY), START)


def test_what_was_asked_is_read_as_it_was() -> None:
    scratch = FakeScratch()
    kept = add(scratch, Questions(), 5)
    assert stored(scratch) == kept
    assert kept.asked[0].read_as(Which) == WHICH


@given(st.text(max_size=20), st.integers(), st.booleans(), st.none() | st.integers())
def test_every_question_survives_json(lot: str, number: int, sure: bool, of: int | None) -> None:
    question = Which(lot, number, sure, of)
    kept = Questions().with_asked(asked(question), BY)
    records = FakeScratch()
    change(records, ANNA, Questions(), lambda _: kept, START)
    read = read_questions(json.loads(json.dumps(records.member(*questions_of(ANNA), START)))).of_message(5, START)
    assert read is not None
    assert read.read_as(Which) == question


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"lot": "abc", "number": 3, "sure": True},
        {"lot": "abc", "number": 3, "sure": 1, "of": None},
        {"lot": "abc", "number": True, "sure": True, "of": None},
        {"lot": 5, "number": 3, "sure": True, "of": None},
        {"lot": "abc", "number": 3, "sure": True, "of": None, "more": 1},
    ],
)
def test_facts_that_do_not_fit_are_no_question(facts: dict[str, Any]) -> None:
    assert replace(asked(), facts=facts).read_as(Which) is None


def test_another_version_is_no_question() -> None:
    assert replace(asked(), version=2).read_as(Which) is None


ROW = [5, 99, "which", 1, {"lot": "abc"}]


@pytest.mark.parametrize(
    "state",
    [
        None,
        {},
        {"question": "maximum", "lot": "abc", "card": 1},  # as earlier versions of the bot wrote it
        {"asked": [ROW]},
        {"asked": [ROW], "listening": 1},
        {"asked": {"5": ROW}, "listening": True},
        {"asked": [ROW[:-1]], "listening": True},
        {"asked": [[True, *ROW[1:]]], "listening": True},
        {"asked": [[*ROW[:-1], {"lot": ["abc"]}]], "listening": True},
        {"asked": [ROW, None], "listening": True},
        {"asked": [ROW], "listening": True, "last": None},
        {"asked": [ROW], "listening": True, "last": ["u1"]},
        {"asked": [ROW], "listening": True, "last": [1, "u1"]},
        {"asked": [ROW], "listening": True, "last": ["u1", True]},
    ],
)
def test_what_cannot_be_read_counts_as_no_question(state: dict[str, Any] | None) -> None:
    assert read_questions(state) == Questions()


def test_the_oldest_falls_out() -> None:
    known = Questions()
    for number in range(1, MOST + 3):
        known = known.with_asked(asked(message_id=number), BY)
    assert [each.message_id for each in known.asked] == [*range(3, MOST + 3)]


def test_all_questions_of_a_person_stay_within_one_write_unit() -> None:
    """1 KB with the names and the key; a text of a question has no more than a lot's id. One with a long text is alone
    of its kind, and forgotten once it is answered. Telegram counts messages in 31 bits, and time lasts until 2106.
    """
    for answer in screens.answers.values():
        if answer.kind.is_alone:
            continue
        facts = {name: "x" * 20 if str in types else LONGEST for name, types in facts_of(answer.kind).items()}
        one = Asked(2**31, 2**32, answer.kind.name, answer.kind.version, facts)
        scratch = FakeScratch()
        change(scratch, ANNA, Questions(), partial(full, one), START)
        value = json.dumps(scratch.member(*questions_of(ANNA), START))
        key = "".join(("pk", "sk", "value", "expires_at", *questions_of(LONGEST)))
        assert len(value) + len(key) + 8 < 1024, answer.kind


def test_a_question_waits_an_hour_and_is_remembered_for_a_day() -> None:
    scratch = FakeScratch()
    one = add(scratch, Questions(), 5)
    assert one.newest(START + timedelta(seconds=PATIENCE_SECONDS - 1)) is not None
    assert one.newest(START + timedelta(seconds=PATIENCE_SECONDS)) is None
    assert one.of_message(5, START) is not None
    assert read_questions(scratch.member(*questions_of(ANNA), START + timedelta(seconds=KEEP_SECONDS))) == Questions()


def test_a_press_and_a_text_at_once_lose_nothing_of_each_other() -> None:
    scratch = FakeScratch()
    both_read = add(scratch, Questions(), 5)
    add(scratch, both_read, 6)
    after = change(scratch, ANNA, both_read, lambda known: known.without(both_read.asked[0]), START)
    assert [(each.message_id, each.is_open(START)) for each in after.asked] == [(5, False), (6, False)]
    assert stored(scratch) == after


def test_who_is_always_late_has_the_update_come_again() -> None:
    scratch = FakeScratch()
    known = add(scratch, Questions(), 5)
    numbers = iter(range(6, 20))

    def late(questions: Questions) -> Questions:
        add(scratch, stored(scratch), next(numbers))
        return questions.left()

    with pytest.raises(Contended):
        change(scratch, ANNA, known, late, START)


def test_what_changes_nothing_writes_nothing() -> None:
    scratch = FakeScratch()
    assert change(scratch, ANNA, Questions(), Questions.left, START) == Questions()
    assert scratch.member(*questions_of(ANNA), START) is None
