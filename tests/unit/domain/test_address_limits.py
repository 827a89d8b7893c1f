"""The bucket of an address: how many at once, how many later, and how long to wait."""

from datetime import UTC, datetime, timedelta

import pytest

from starbid.domain.address_limits import BUCKETS, Bucket, Traffic

BEGINNING = datetime.fromtimestamp(1_800_000_000 // 40 * 40, UTC)
BUCKET = Bucket(burst=4, every=10)
"""A period of 40 s, which begins at BEGINNING."""


@pytest.mark.parametrize(
    ("seconds", "most", "wait"),
    [(0, 4, 10), (0.5, 4, 10), (9.5, 4, 1), (9.999, 4, 1), (10, 5, 10), (12, 5, 8), (39.9, 7, 1)],
)
def test_there_is_room_for_a_burst_and_for_what_was_refilled_since(seconds: float, most: int, wait: int) -> None:
    period, found, patience = BUCKET.room(BEGINNING + timedelta(seconds=seconds))
    assert (found, patience) == (most, wait)
    assert period == BUCKET.room(BEGINNING)[0]


def test_the_next_period_begins_with_a_full_bucket() -> None:
    period, most, wait = BUCKET.room(BEGINNING + timedelta(seconds=40))
    assert (period, most, wait) == (BUCKET.room(BEGINNING)[0] + 1, 4, 10)


def test_after_the_wait_there_is_room_for_one_more() -> None:
    for tenth in range(400):
        now = BEGINNING + timedelta(seconds=tenth / 10)
        period, most, wait = BUCKET.room(now)
        later, more, _ = BUCKET.room(now + timedelta(seconds=wait))
        assert (later, more) > (period, most)


def test_a_bucket_so_many_times_as_wide_lasts_as_long() -> None:
    wide = BUCKET.times(3)
    assert (wide.burst, wide.seconds) == (12, BUCKET.seconds)
    assert wide.room(BEGINNING + timedelta(seconds=10))[1] == 15


def test_everything_that_is_counted_has_its_bucket() -> None:
    assert set(BUCKETS) == set(Traffic)
