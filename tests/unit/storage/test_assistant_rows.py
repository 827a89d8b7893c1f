"""Rows of the helper: whatever an account or a question holds, what is stored is what is read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.assistant.account import Account, Open, Pack, Phase, Source, Trial
from starbid.domain.assistant.formatted import Formatted, Look, Mark
from starbid.domain.assistant.question import Failure, Place, Question, State, Task
from starbid.storage import rows
from starbid.storage.assistant_rows import (
    account_from,
    account_item,
    formatted_facts,
    formatted_from,
    pack_from,
    pack_item,
    question_from,
    question_item,
)
from starbid.storage.codec import decode, encode
from tests.support.factories import ANNA
from tests.support.fakes import START
from tests.support.helper_rows import full_account, full_question, opened, question

MOMENTS = st.integers(1, 10**10).map(lambda ms: START + timedelta(milliseconds=ms))
SOMETIME = st.none() | MOMENTS
NUMBERS = st.integers(0, 10**12)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
NAMES = st.text("abcdefghijklmnopqrstuvwxyz0123456789:-", min_size=1, max_size=30)
PACKS = st.builds(Pack, NAMES, st.integers(1, 10**6), NUMBERS, MOMENTS, NUMBERS, st.just("") | NAMES)
OPEN = st.builds(
    Open,
    NAMES,
    st.sampled_from(Source),
    st.just("") | NAMES,
    MOMENTS,
    st.sampled_from(Phase),
    NUMBERS,
    st.booleans(),
    NUMBERS,
    NUMBERS,
)
ACCOUNTS = st.builds(
    Account,
    st.integers(1, 2**52),
    st.integers(1, 10**9),
    SOMETIME,
    st.none() | st.builds(Trial, MOMENTS, NUMBERS, NUMBERS),
    st.dictionaries(NAMES, NUMBERS, max_size=3),
    st.lists(PACKS, max_size=4).map(tuple),
    NUMBERS,
    NUMBERS,
    NUMBERS,
    st.none() | OPEN,
    st.lists(MOMENTS, max_size=4).map(tuple),
    SOMETIME,
    SOMETIME,
    st.booleans(),
)
PLACES = (st.sampled_from([look for look in Look if look not in (Look.LINK, Look.PRE)]), NUMBERS, NUMBERS)
MARKS = (
    st.builds(Mark, *PLACES)
    | st.builds(Mark, st.just(Look.LINK), NUMBERS, NUMBERS, url=TEXTS)
    | st.builds(Mark, st.just(Look.PRE), NUMBERS, NUMBERS, language=TEXTS)
)
SHOWN = st.builds(Formatted, TEXTS, st.lists(MARKS, max_size=4).map(tuple))
QUESTIONS = st.builds(
    Question,
    NAMES,
    st.integers(1, 2**52),
    TEXTS,
    MOMENTS,
    st.sampled_from(Task),
    st.sampled_from(Place),
    st.just("") | NAMES,
    st.sampled_from(State),
    TEXTS,
    SHOWN,
    st.booleans(),
    st.none() | st.sampled_from(Failure),
    st.none() | st.dictionaries(NAMES, TEXTS, min_size=1, max_size=4),
    NUMBERS,
    SOMETIME,
)


@given(ACCOUNTS)
def test_an_account_is_read_as_it_was_stored(account: Account) -> None:
    assert account_from(decode(encode(account_item(account)))) == account


@given(QUESTIONS)
def test_a_question_is_read_as_it_was_stored(asked: Question) -> None:
    assert question_from(decode(encode(question_item(asked)))) == asked


@given(st.text(max_size=20), st.lists(MARKS, max_size=4).map(tuple))
def test_an_answer_without_formats_is_stored_once_and_still_read_whole(text: str, marks: tuple[Mark, ...]) -> None:
    asked = replace(question(), answer=text, shown=Formatted(text, marks))
    item = encode(question_item(asked))
    assert "shown" not in item
    assert question_from(decode(item)) == asked


@given(st.integers(1, 2**52), PACKS)
def test_a_pack_that_is_used_up_is_read_as_it_was_kept(user_id: int, pack: Pack) -> None:
    assert pack_from(decode(encode(pack_item(user_id, pack)))["pack"]) == pack


@given(SHOWN)
def test_a_growing_answer_passes_through_json(shown: Formatted) -> None:
    assert formatted_from(json.loads(json.dumps(formatted_facts(shown)))) == shown


def test_moments_are_kept_to_the_millisecond() -> None:
    at = datetime.fromisoformat("2026-05-01T12:00:00.123999+00:00")
    (read,) = account_from(decode(encode(account_item(Account(ANNA, 1, recent=(at,)))))).recent
    assert read == at.replace(microsecond=123000)


def test_what_is_not_there_takes_no_room() -> None:
    bare = {name for name, value in account_item(Account(ANNA, 1)).items() if value is not None}
    assert bare == {"user_id", "part", "version"}
    asked = {name for name, value in question_item(question()).items() if value is not None}
    assert asked == {"user_id", "part", "text", "asked_at", "task", "place", "state"}


def test_an_account_is_in_the_index_while_something_is_due_and_from_the_first_moment_of_two() -> None:
    def due(account: Account) -> object:
        item = account_item(account)
        assert (item["due_at"] is None) == (item["due_shard"] is None), "an index takes both or none"
        return item["due_at"]

    assert due(Account(ANNA, 1)) is None
    assert due(Account(ANNA, 1, open=opened(question(), due_in=9))) == rows.ms(START + timedelta(seconds=9))
    assert due(full_account()) == rows.ms(START + timedelta(seconds=90))
    assert due(replace(full_account(), open=None)) == rows.ms(START + timedelta(minutes=2))


def test_the_full_examples_have_nothing_that_is_lost() -> None:
    assert account_from(decode(encode(account_item(full_account())))) == full_account()
    assert question_from(decode(encode(question_item(full_question())))) == full_question()
