"""Days of the right to sell at random, against a plain reckoning of what is left of each payment."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.people import SUBSCRIPTION, Person, extend_subscription, is_unused, unused_days, withdraw_days
from tests.support.factories import person
from tests.support.fakes import START

ZERO = timedelta(0)
waits = st.one_of(
    st.integers(0, 40 * 24 * 3_600_000).map(lambda ms: timedelta(milliseconds=ms)),
    st.sampled_from([ZERO, timedelta(milliseconds=1), SUBSCRIPTION - timedelta(milliseconds=1), SUBSCRIPTION]),
)
acts = st.lists(st.tuples(st.sampled_from(["buy", "take back", "take back"]), st.integers(0, 50), waits), max_size=14)


@given(acts)
def test_what_is_left_is_what_was_paid_for_and_neither_used_nor_taken_back(
    acts: list[tuple[str, int, timedelta]],
) -> None:
    """Paid days are used one payment after the other, in the order in which they were bought."""
    anna, now = person(), START
    left: dict[str, timedelta] = {}
    for number, (act, pick, wait) in enumerate(acts):
        if act == "buy":
            anna = extend_subscription(anna, f"t{number}", now)
            left[f"t{number}"] = SUBSCRIPTION
        elif left:
            source = list(left)[pick % len(left)]
            before = anna
            assert unused_days(anna, source, now) == left[source]
            anna = withdraw_days(anna, source, now)
            assert (anna is before) is (left[source] == ZERO)
            left[source] = ZERO
            assert unused_days(anna, source, now) == ZERO
        _check(anna, left, now)
        now += wait
        passes = wait
        for source, days in left.items():
            used = min(days, passes)
            left[source], passes = days - used, passes - used
        _check(anna, left, now)


def _check(anna: Person, left: dict[str, timedelta], now: datetime) -> None:
    until = anna.subscribed_until or now
    assert max(until - now, ZERO) == sum(left.values(), ZERO)
    assert anna.may_sell(now) is any(left.values())
    ahead = ZERO
    for source, days in left.items():
        assert unused_days(anna, source, now) == days
        assert is_unused(anna, source, now) is (days == SUBSCRIPTION and ahead > ZERO)
        ahead += days
