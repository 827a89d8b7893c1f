"""Which sessions are over before their time."""

from __future__ import annotations

from datetime import timedelta

from starbid.domain.sessions import LIFETIME, MOST_LOGOUTS, EndedSessions
from tests.support.fakes import START

MS = timedelta(milliseconds=1)
NONE = EndedSessions()


def test_nothing_is_over_by_itself() -> None:
    assert not NONE.covers("a", START)
    assert NONE.next_at(START) == START


def test_one_that_was_logged_out_of_is_over_and_the_others_are_not() -> None:
    ended = NONE.with_logout("a", START, START)
    assert ended.covers("a", START)
    assert not ended.covers("b", START)
    assert ended.with_logout("a", START, START) is ended


def test_all_that_were_issued_are_over_and_the_next_one_is_not_even_in_the_same_millisecond() -> None:
    ended = NONE.with_all(START)
    assert ended.covers("a", START)
    assert ended.covers("b", START - timedelta(days=3))
    assert not ended.covers("c", ended.next_at(START))
    assert ended.next_at(START + timedelta(seconds=1)) == START + timedelta(seconds=1)


def test_a_clock_that_is_behind_still_begins_sessions_that_hold() -> None:
    ended = NONE.with_all(START)
    late = START - timedelta(seconds=5)
    assert not ended.covers("a", ended.next_at(late))


def test_ending_all_again_by_a_slower_clock_opens_nothing() -> None:
    ended = NONE.with_all(START).with_all(START - timedelta(hours=1))
    assert ended.covers("a", START)


def test_a_logout_of_a_session_that_a_faster_clock_dated_survives_the_end_of_all() -> None:
    ahead = START + timedelta(seconds=2)
    assert NONE.with_logout("a", ahead, START).with_all(START).covers("a", ahead)


def test_logouts_are_forgotten_when_the_sessions_are_too_old_anyway() -> None:
    ended = NONE.with_logout("a", START, START)
    later = ended.with_logout("b", START + LIFETIME, START + LIFETIME)
    assert set(later.logouts) == {"b"}
    assert later.until is None


def test_of_many_logouts_the_oldest_end_everything_as_old_as_they_are() -> None:
    ended, now = NONE, START + timedelta(hours=1)
    for number in range(MOST_LOGOUTS + 5):
        ended = ended.with_logout(f"n{number}", START + number * MS, now)
    assert len(ended.logouts) == MOST_LOGOUTS
    assert all(ended.covers(f"n{number}", START + number * MS) for number in range(MOST_LOGOUTS + 5))
    assert ended.covers("an old one", START)
    assert not ended.covers("a later one", START + (MOST_LOGOUTS + 5) * MS)
