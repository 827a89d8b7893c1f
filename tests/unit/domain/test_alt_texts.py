"""What pictures show, in words: kept with the lot, by picture."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from starbid.domain.alt_texts import MOST_ALT, alts_of, read_alts, typed_alts
from starbid.domain.errors import InvalidFields
from starbid.domain.lots import read_draft
from tests.support.factories import fields

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def draft_with(alts: Any) -> dict[str, str]:
    numbers = {"start_price": 100, "duration_seconds": 3600}
    return dict(read_draft({**fields(), **numbers, "alts": alts}, NOW, 60).alts)


@pytest.mark.parametrize(
    "alts",
    [{}, {"a1": "A lamp"}, {"a1": "A lamp", "incoming/1/ff": "Its foot, from below"}, {"a1": "лампа 💡"}],
)
def test_what_is_typed_is_read_again(alts: dict[str, str]) -> None:
    assert read_alts(typed_alts(alts)) == alts


def test_lines_and_blanks_within_one_become_a_space() -> None:
    assert read_alts(typed_alts({"a1": " A\nlamp\t of  brass "})) == {"a1": "A lamp of brass"}


@pytest.mark.parametrize("typed", ["", "\n\n", " ", "a1", "a1 ", " words without a picture", "a1 \t"])
def test_without_words_or_without_a_picture_there_is_none(typed: str) -> None:
    assert read_alts(typed) == {}


def test_only_those_of_the_lots_pictures_stay() -> None:
    assert alts_of({"a1": "A", "b2": "B"}, ("b2", "c3")) == {"b2": "B"}


def test_one_may_have_as_many_characters_as_it_says_and_no_more() -> None:
    assert draft_with(f"a1 {'x' * MOST_ALT}") == {"a1": "x" * MOST_ALT}
    with pytest.raises(InvalidFields) as told:
        draft_with(f"a1 {'x' * (MOST_ALT + 1)}")
    assert [(fault.field, fault.reason) for fault in told.value.errors] == [("images", "alt")]


@pytest.mark.parametrize("alts", [7, ["a1 x"], {"a1": "x"}, "a1 \x00", "a1 \ud800"])
def test_what_is_no_text_is_refused(alts: Any) -> None:
    with pytest.raises(InvalidFields):
        draft_with(alts)
