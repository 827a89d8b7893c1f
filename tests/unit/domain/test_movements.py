"""Movements as people think of them: each kind is of one sort, and balances are found backwards from today's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.ledger import ADJUSTMENTS, Transfer, TransferKind, move, user_account
from starbid.domain.movements import KINDS, balances, begins
from tests.support.factories import ANNA, xtr

NOON = datetime(2026, 5, 10, 12, tzinfo=UTC)
DAYS = [NOON.date() - timedelta(days=back) for back in (3, 2, 1, 0)]


def moved(at: datetime, amount: int) -> Transfer:
    parts = {ADJUSTMENTS: xtr(-amount), user_account(ANNA): xtr(amount)}
    return move(f"t{at}{amount}", TransferKind.ADJUSTMENT, ANNA, at, parts)


def test_every_kind_is_of_one_sort() -> None:
    kinds = [kind for of_sort in KINDS.values() for kind in of_sort]
    assert sorted(kinds) == sorted(TransferKind)


def test_a_day_ends_with_what_is_there_less_what_came_later() -> None:
    changes = [moved(NOON, 50), moved(NOON - timedelta(days=1), -20), moved(NOON - timedelta(days=3), 100)]
    assert balances(130, changes, DAYS, UTC) == [100, 100, 80, 130]


def test_without_movements_it_was_always_as_now() -> None:
    assert balances(7, [], DAYS, UTC) == [7, 7, 7, 7]


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("UTC", [0, 0, 10, 10]), ("Asia/Vladivostok", [0, 0, 0, 10]), ("America/New_York", [0, 0, 10, 10])],
)
def test_days_are_those_of_the_readers_zone(zone: str, shown: list[int]) -> None:
    late = datetime(2026, 5, 9, 23, 59, 59, tzinfo=UTC)
    assert balances(10, [moved(late, 10)], DAYS, ZoneInfo(zone)) == shown


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Santiago", "Pacific/Apia"])
def test_a_day_begins_at_its_midnight_in_summer_and_winter(zone: str) -> None:
    for month in (1, 3, 7, 10):
        start = begins(date(2026, month, 29), ZoneInfo(zone))
        assert (start.hour, start.minute, start.day) == (0, 0, 29)


@given(st.lists(st.tuples(st.integers(0, 95), st.integers(-500, 500).filter(bool)), max_size=30))
def test_each_day_differs_from_the_one_before_by_what_moved_on_it(steps: list[tuple[int, int]]) -> None:
    start = datetime(2026, 5, 7, tzinfo=UTC)
    changes = [moved(start + timedelta(hours=hours), amount) for hours, amount in steps]
    found = balances(1000, changes, DAYS, UTC)
    assert found[-1] == 1000
    for day, (before, after) in zip(DAYS[1:], pairwise(found), strict=True):
        assert after - before == sum(each.change.amount for each in changes if each.at.date() == day)
