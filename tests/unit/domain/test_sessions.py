"""Which sessions are over before their time."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.sessions import CLOCK_SKEW, LIFETIME, MOST_LOGOUTS, EndedSessions
from tests.support.fakes import START

MS = timedelta(milliseconds=1)
NONE = EndedSessions()


def over(ended: EndedSessions, browser: str, issued_at: datetime = START) -> bool:
    """A session of the browser with this id."""
    return ended.covers(browser, f"nonce of {browser} at {issued_at}", issued_at)


def test_nothing_is_over_by_itself() -> None:
    assert not over(NONE, "a")
    assert NONE.next_at(START) == START


def test_a_browser_that_was_logged_out_of_is_over_with_all_its_sessions_and_the_others_are_not() -> None:
    ended = NONE.with_logout("a", START)
    assert over(ended, "a")
    assert over(ended, "a", START - timedelta(days=3))
    assert not over(ended, "b")
    assert ended.with_logout("a", START + timedelta(days=1)) is ended


def test_one_that_ended_before_browsers_had_entries_stays_over_and_the_one_that_replaced_it_goes_on() -> None:
    """As rows of then have it: the first session of a browser, which a login there replaced, by its nonce."""
    ended = EndedSessions(None, {"first nonce": START})
    assert ended.covers("browser", "first nonce", START)
    assert not ended.covers("browser", "second nonce", START + MS)
    out = ended.with_logout("browser", START + MS)
    assert out.covers("browser", "second nonce", START + MS)
    assert out.covers("browser", "first nonce", START)


def test_all_that_were_issued_are_over_and_the_next_one_is_not_even_in_the_same_millisecond() -> None:
    ended = NONE.with_all(START)
    assert over(ended, "a")
    assert over(ended, "b", START - timedelta(days=3))
    assert not over(ended, "c", ended.next_at(START))
    later = START + CLOCK_SKEW + timedelta(seconds=1)
    assert ended.next_at(later) == later


def test_a_clock_that_is_behind_still_begins_sessions_that_hold() -> None:
    ended = NONE.with_all(START)
    late = START - timedelta(seconds=5)
    assert not over(ended, "a", ended.next_at(late))


def test_ending_all_again_by_a_slower_clock_opens_nothing() -> None:
    ended = NONE.with_all(START).with_all(START - timedelta(hours=1))
    assert over(ended, "a")


def test_a_session_begun_after_the_end_of_all_is_ended_by_the_next_one_in_the_same_millisecond() -> None:
    first = NONE.with_all(START)
    fresh = first.next_at(START)
    second = first.with_all(START)
    assert over(second, "a", fresh)
    assert not over(second, "b", second.next_at(START))


def test_a_session_that_a_faster_clock_dated_ahead_ends_with_the_others() -> None:
    ahead = NONE.next_at(START + timedelta(seconds=2))
    ended = NONE.with_all(START)
    assert over(ended, "a", ahead)
    assert not over(ended, "b", ended.next_at(START - timedelta(seconds=2)))


SKEWS = st.sampled_from([-2000, -1000, -1, 0, 1, 999, 2000])
ACTS = st.one_of(
    st.tuples(st.just("begin"), SKEWS),
    st.tuples(st.just("again"), SKEWS, st.integers(0, 30)),
    st.tuples(st.just("end all"), SKEWS),
    st.tuples(st.just("log out"), SKEWS, st.integers(0, 30)),
    st.tuples(st.just("wait"), st.sampled_from([1, 500, 3000, 60_000])),
)


@given(st.lists(ACTS, max_size=40))
def test_what_began_before_an_end_is_over_and_what_began_after_it_lives_whatever_the_clocks_say(
    acts: list[tuple[str, int] | tuple[str, int, int]],
) -> None:
    """By the order in which it happened; each act has the clock of another server. A block ends all in the same way."""
    now, ended = START, NONE
    begun: list[tuple[str, datetime]] = []
    living: set[str] = set()
    for what, number, *rest in acts:
        clock = now + number * MS
        old = begun[rest[0] % len(begun)][0] if rest and begun else ""
        if what == "wait":
            now = clock
        elif what in ("begin", "again"):
            browser = old if old in living else f"b{len(begun)}"
            begun.append((browser, ended.next_at(clock)))
            living.add(browser)
        elif what == "end all":
            ended = ended.with_all(clock)
            living.clear()
        elif old:
            ended = ended.with_logout(old, clock)
            living.discard(old)
        assert {browser for browser, at in begun if not over(ended, browser, at)} == living


def test_a_logout_of_a_session_that_a_faster_clock_dated_survives_the_end_of_all() -> None:
    ahead = START + timedelta(seconds=2)
    assert over(NONE.with_logout("a", START).with_all(START), "a", ahead)


def test_a_logout_is_kept_until_the_last_of_its_sessions_is_too_old_anyway() -> None:
    ended, last = NONE.with_logout("a", START), START + CLOCK_SKEW + LIFETIME
    assert set(ended.with_logout("b", last - MS).logouts) == {"a", "b"}
    later = ended.with_logout("b", last)
    assert set(later.logouts) == {"b"}
    assert later.until is None


def test_as_many_logouts_as_are_kept_end_nothing_but_themselves() -> None:
    ended = NONE
    for number in range(MOST_LOGOUTS):
        ended = ended.with_logout(f"n{number}", START + number * MS)
    assert ended.until is None
    assert not over(ended, "an old one", START - timedelta(days=29))


def test_of_more_logouts_the_oldest_end_everything_as_old_as_they_are_and_none_begins_again() -> None:
    """Also of sessions that are dated ahead, by an end of all."""
    ended = NONE.with_all(START)
    ahead = ended.next_at(START)
    for number in range(MOST_LOGOUTS + 5):
        ended = ended.with_logout(f"n{number}", START + number * MS)
    assert len(ended.logouts) == MOST_LOGOUTS
    assert all(over(ended, f"n{number}", ahead) for number in range(MOST_LOGOUTS + 5))
    assert over(ended, "an old one", ahead)
    assert not over(ended, "a later one", ahead + (MOST_LOGOUTS + 5) * MS)
