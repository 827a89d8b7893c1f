"""Which sessions are over before their time."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.sessions import CLOCK_SKEW, LIFETIME, MOST_LOGOUTS, EndedSessions
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
    later = START + CLOCK_SKEW + timedelta(seconds=1)
    assert ended.next_at(later) == later


def test_a_clock_that_is_behind_still_begins_sessions_that_hold() -> None:
    ended = NONE.with_all(START)
    late = START - timedelta(seconds=5)
    assert not ended.covers("a", ended.next_at(late))


def test_ending_all_again_by_a_slower_clock_opens_nothing() -> None:
    ended = NONE.with_all(START).with_all(START - timedelta(hours=1))
    assert ended.covers("a", START)


def test_a_session_begun_after_the_end_of_all_is_ended_by_the_next_one_in_the_same_millisecond() -> None:
    first = NONE.with_all(START)
    fresh = first.next_at(START)
    second = first.with_all(START)
    assert second.covers("a", fresh)
    assert not second.covers("b", second.next_at(START))


def test_a_session_that_a_faster_clock_dated_ahead_ends_with_the_others() -> None:
    ahead = NONE.next_at(START + timedelta(seconds=2))
    ended = NONE.with_all(START)
    assert ended.covers("a", ahead)
    assert not ended.covers("b", ended.next_at(START - timedelta(seconds=2)))


SKEWS = st.sampled_from([-2000, -1000, -1, 0, 1, 999, 2000])
ACTS = st.one_of(
    st.tuples(st.just("begin"), SKEWS),
    st.tuples(st.just("end all"), SKEWS),
    st.tuples(st.just("log out"), SKEWS, st.integers(0, 30)),
    st.tuples(st.just("wait"), st.sampled_from([1, 500, 3000, 60_000])),
)


@given(st.lists(ACTS, max_size=MOST_LOGOUTS))
def test_what_began_before_an_end_of_all_is_over_and_what_began_after_it_lives_whatever_the_clocks_say(
    acts: list[tuple[str, int] | tuple[str, int, int]],
) -> None:
    """By the order in which it happened; each act has the clock of another server. A block ends all in the same way."""
    now, ended = START, NONE
    begun: dict[str, datetime] = {}
    living: set[str] = set()
    for what, number, *rest in acts:
        clock = now + number * MS
        if what == "wait":
            now = clock
        elif what == "begin":
            nonce = f"s{len(begun)}"
            begun[nonce] = ended.next_at(clock)
            living.add(nonce)
        elif what == "end all":
            ended = ended.with_all(clock)
            living.clear()
        elif begun:
            nonce = list(begun)[rest[0] % len(begun)]
            ended = ended.with_logout(nonce, begun[nonce], clock)
            living.discard(nonce)
        assert {nonce for nonce, at in begun.items() if not ended.covers(nonce, at)} == living


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
