"""What one who lacks money is offered to top up by."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as some

from starbid.domain.money import Money
from starbid.domain.top_ups import OFFERED, top_ups
from tests.support.factories import xtr

MOST = 100_000


@pytest.mark.parametrize(
    ("missing", "offered"),
    [
        (1, [50, 100, 150, 1]),
        (49, [50, 100, 150, 49]),
        (50, [50, 100, 150, 250]),
        (51, [100, 150, 250, 51]),
        (105, [150, 250, 500, 105]),
        (499, [500, 1000, 1500, 499]),
        (500, [500, 1000, 1500, 2500]),
        (50_001, [100_000, 50_001]),
        (99_999, [100_000, 99_999]),
        (100_000, [100_000]),
        (100_001, [100_000]),
        (10**12, [100_000]),
    ],
)
def test_round_sums_come_first_and_what_is_missing_last_unless_it_is_round_itself(
    missing: int, offered: list[int]
) -> None:
    assert [sum_.amount for sum_ in top_ups(xtr(missing), xtr(1), xtr(MOST))] == offered


def test_a_bill_brings_any_sum_so_what_is_missing_comes_first() -> None:
    rub = partial(Money, currency="RUB")
    sums = top_ups(rub(40_500), rub(1_000), rub(10_000_000))
    assert [sum_.amount for sum_ in sums] == [40_500, 50_000, 100_000, 150_000]
    assert top_ups(rub(1), rub(1_000), rub(10_000_000))[0] == rub(1_000), "no bill is smaller"


@given(missing=some.integers(1, 200_000), most=some.integers(1, 150_000))
def test_no_sum_is_too_little_where_one_invoice_can_bring_enough_and_none_too_large(missing: int, most: int) -> None:
    sums = [sum_.amount for sum_ in top_ups(xtr(missing), xtr(1), xtr(most))]
    assert sums
    assert len(sums) == len(set(sums)) <= OFFERED + 1
    assert all(min(missing, most) <= sum_ <= most for sum_ in sums)
