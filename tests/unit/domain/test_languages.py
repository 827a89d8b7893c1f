"""The language of the interface by Accept-Language (RFC 9110, RFC 4647) and by Telegram's language_code."""

from __future__ import annotations

import time

import pytest

from starbid.domain.languages import language_of


@pytest.mark.parametrize(
    ("told", "language"),
    [
        ("ru", "ru"),
        ("ru-RU", "ru"),
        ("RU-ru", "ru"),
        ("ru_RU", "ru"),
        ("ru-Cyrl-UA", "ru"),
        ("en", "en"),
        ("en-GB", "en"),
        ("de", "en"),
        ("", "en"),
        (None, "en"),
        ("zh-hans", "en"),
        ("x-ru", "en"),
    ],
)
def test_a_tag_speaks_for_its_language(told: str | None, language: str) -> None:
    assert language_of(told) == language


@pytest.mark.parametrize("told", ["bem", "bem-ZM", "rup", "rue-UA", "run", "ukx", "kkj", "enm", "russian"])
def test_a_language_is_not_known_by_how_it_begins(told: str) -> None:
    assert language_of(told) == "en"


@pytest.mark.parametrize(
    ("told", "language"),
    [
        ("de,ru;q=0.8,en;q=0.5", "ru"),
        ("de,en;q=0.8,ru;q=0.5", "en"),
        ("en;q=0.5,ru;q=0.8,de", "ru"),
        ("de-DE, de;q=0.9, ru-RU;q=0.81, en;q=0.8", "ru"),
        ("ru;q=0.3, en;q=0.4, ru-RU;q=0.5", "ru"),
        ("ru,en", "ru"),
        ("en,ru", "en"),
        ("fr, en;q=0.001, ru;q=0.002", "ru"),
        ("ru;q=0,en;q=0.1", "en"),
        ("en ; q=0.1 , ru ; q=0.2", "ru"),
        ("en;Q=0.1, ru;Q=0.2", "ru"),
    ],
)
def test_of_several_the_one_that_is_liked_best(told: str, language: str) -> None:
    assert language_of(told) == language


@pytest.mark.parametrize(
    ("told", "language"),
    [
        ("*", "en"),
        ("de,*;q=0.1", "en"),
        ("ru,*;q=0.5", "ru"),
        ("ru;q=0.5,*", "en"),
        ("ru;q=0.5,*;q=0.5", "ru"),
        ("en;q=0,*", "ru"),
        ("en;q=0", "ru"),
        ("ru;q=0", "en"),
        ("ru;q=0,uk", "en"),
        ("ru;q=0,en;q=0", "en"),
        ("*;q=0", "en"),
    ],
)
def test_a_star_stands_for_what_is_not_named_and_nothing_refused_is_taken(told: str, language: str) -> None:
    assert language_of(told) == language


@pytest.mark.parametrize(
    ("told", "language"),
    [
        ("uk", "ru"),
        ("be-BY", "ru"),
        ("kk", "ru"),
        ("uk-UA,uk;q=0.9,en;q=0.8,ru;q=0.7", "en"),
        ("uk-UA,uk;q=0.9,ru;q=0.8,en;q=0.7", "ru"),
        ("be,en;q=0.1", "en"),
        ("uk;q=0", "en"),
    ],
)
def test_a_neighbour_stands_in_only_where_neither_of_ours_is_named(told: str, language: str) -> None:
    assert language_of(told) == language


@pytest.mark.parametrize("weight", ["2", "-1", "nan", "inf", "0,5", "1.1", "x", "", ".", "0x1", "\u0661"])
def test_what_has_no_weight_that_makes_sense_is_not_heard(weight: str) -> None:
    assert language_of(f"ru;q={weight}") == "en"


@pytest.mark.parametrize("unit", ["ru,", ",", ";", "q=", "de;q=0.9,", "a" * 50 + ",", "ru-", "de" + ";q=1" * 9 + ","])
def test_a_hostile_list_of_a_hundred_kilobytes_takes_no_time(unit: str) -> None:
    begun = time.perf_counter()
    assert language_of(unit * (100_000 // len(unit))) in ("en", "ru")
    assert time.perf_counter() - begun < 0.1
