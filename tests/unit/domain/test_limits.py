"""A bucket of tokens: how many at once, how many later, and how long to wait."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.address_limits import ADDRESS_LIMITS, Traffic
from starbid.domain.limits import SKEW, Draw, Limit, micros

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
FOUR = Limit(4, 40)
"""One more every ten seconds."""


class Bucket:
    """As a store keeps it, in the order in which its servers ask."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.full_at: int | None = None

    def take(self, second: float = 0, number: int = 1) -> int:
        """The wait; 0 where it was taken."""
        draw = self.limit.draw(NOON + timedelta(seconds=second), number)
        wait = draw.wait(self.full_at)
        if not wait:
            self.full_at = draw.after(self.full_at)
        return wait

    def burst(self, second: float = 0, tries: int = 100) -> int:
        """How many of so many tries pass at once."""
        return sum(not self.take(second) for _ in range(tries))


@pytest.mark.parametrize("idle", [0, 39.9, 40, 41, 10**6])
def test_however_long_it_was_idle_a_burst_passes_and_no_more(idle: float) -> None:
    bucket = Bucket(FOUR)
    assert bucket.burst() == 4
    assert bucket.burst(idle) == min(4, math.floor(idle / 10))
    assert bucket.burst(idle) == 0


def test_what_was_taken_comes_back_one_by_one() -> None:
    bucket = Bucket(FOUR)
    bucket.burst()
    assert [bucket.take(second) for second in (0, 0.5, 9.0, 9.999, 10, 10, 19.999, 20)] == [10, 10, 1, 1, 0, 10, 1, 0]


def test_many_at_once_pass_together_or_not_at_all() -> None:
    bucket = Bucket(FOUR)
    assert [bucket.take(0, number) for number in (3, 2, 1, 1)] == [0, 10, 0, 10]
    assert [bucket.take(25, number) for number in (3, 2)] == [5, 0]


@pytest.mark.parametrize("limit", [FOUR, Limit(0, 40)])
def test_more_at_once_than_there_may_ever_be_never_fits(limit: Limit) -> None:
    draw = limit.draw(NOON, limit.most + 1)
    assert not draw.fits
    assert draw.wait(None) >= 40


taken = st.lists(
    st.tuples(st.integers(0, 30_000_000), st.integers(1, 5)), max_size=40
)  # how many microseconds later, how many


@given(st.integers(1, 50), st.integers(1, 3600), taken)
def test_it_is_a_bucket_that_is_refilled_all_the_time(most: int, seconds: int, acts: list[tuple[int, int]]) -> None:
    """Against tokens that are counted, in exact fractions; one is refilled in whole microseconds, so as much sooner."""
    limit = Limit(most, seconds)
    every, tokens, at, full_at = seconds * 1_000_000 // most, Fraction(most), micros(NOON), None
    for later, number in acts:
        at, tokens = at + later, min(Fraction(most), tokens + Fraction(later, every))
        draw = limit.draw(NOON + timedelta(microseconds=at - micros(NOON)), number)
        if number > most:
            assert not draw.fits
            continue
        wait = draw.wait(full_at)
        assert (wait == 0) == (tokens >= number)
        assert wait == math.ceil(max(Fraction(0), number - tokens) * every / 1_000_000)
        if not wait:
            tokens, full_at = tokens - number, draw.after(full_at)


@given(st.integers(1, 20), st.integers(1, 600), st.lists(st.tuples(st.integers(0, 50_000), st.booleans())))
def test_servers_whose_clocks_differ_let_no_more_through_than_the_difference_refills(
    most: int, seconds: int, calls: list[tuple[int, bool]]
) -> None:
    """One is 200 ms behind the other."""
    limit, full_at, passed, true = Limit(most, seconds), None, 0, timedelta()
    for later, is_behind in calls:
        true += timedelta(microseconds=later)
        draw = limit.draw(NOON + true - timedelta(milliseconds=200 * is_behind))
        if not draw.wait(full_at):
            passed, full_at = passed + 1, draw.after(full_at)
    every = seconds * 1_000_000 // most
    assert passed <= most + (micros(NOON + true) - micros(NOON) + 200_000) // every


@pytest.mark.parametrize("seconds_behind", [0.2, 4.9, 5.1, 3600, 86_400])
def test_a_clock_that_is_behind_locks_nobody_out(seconds_behind: float) -> None:
    bucket = Bucket(FOUR)
    assert bucket.burst(0) == 4
    waits = bucket.take(-seconds_behind)
    assert waits <= 10 + SKEW / 1_000_000
    assert bucket.take(-seconds_behind + waits) == 0


def test_a_limit_that_became_stricter_locks_nobody_out() -> None:
    bucket = Bucket(Limit(10, 86_400))
    bucket.burst()
    bucket.limit = FOUR
    assert bucket.burst(1) == 4


def test_one_so_many_times_as_wide_is_full_again_as_soon() -> None:
    wide, plain = FOUR.times(2).draw(NOON), FOUR.draw(NOON)
    assert (wide.span, wide.cost * 2) == (plain.span, plain.cost)


def test_moments_are_whole_microseconds() -> None:
    assert Limit(3, 1).draw(datetime.fromtimestamp(1.5, UTC)) == Draw(1_500_000, 333_333, 999_999)


def test_everything_that_is_counted_has_its_limit() -> None:
    assert set(ADDRESS_LIMITS) == set(Traffic)
