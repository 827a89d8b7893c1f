"""What entries of the log add to the figures."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.analytics import activity
from starbid.domain.analytics.counting import Rises, count, people_in
from starbid.domain.analytics.known import Known
from starbid.domain.analytics.periods import Span
from starbid.domain.analytics.quarters import PER_DAY, day_of, quarter_of
from starbid.domain.event_log import LogEntry, LogKind
from starbid.services.analytics.dashboard import ACTIVE, summed
from tests.support import entries as told

BEGIN = datetime(2026, 3, 27, 22, 5, tzinfo=UTC)
AT = quarter_of(BEGIN)


class Books:
    """What has been counted so far, as a store would keep it."""

    def __init__(self) -> None:
        self.figures: Counter[tuple[int, str]] = Counter()
        self.cohorts: Counter[tuple[int, str]] = Counter()
        self.known: dict[int, Known] = {}

    def add(self, entries: list[LogEntry]) -> Rises:
        assert people_in(entries) >= {entry.user_id for entry in entries if entry.kind is LogKind.BID}
        rises = count(entries, self.known)
        for quarter, figures in rises.quarters.items():
            self.figures.update({(quarter, name): change for name, change in figures.items()})
        for quarter, steps in rises.cohorts.items():
            self.cohorts.update({(quarter, step): change for step, change in steps.items()})
        self.known |= rises.people
        return rises

    def sums(self) -> dict[str, int]:
        sums = Counter[str]()
        for (_, name), value in self.figures.items():
            if activity.gap_of(name) is None:
                sums[name] += value
        return {name: value for name, value in sums.items() if value}


def counted(*entries: LogEntry) -> dict[str, int]:
    books = Books()
    books.add(list(entries))
    return books.sums()


def test_a_sale_is_turnover_when_it_is_made_and_a_fee_when_the_seller_is_paid() -> None:
    assert counted(*told.sold(BEGIN, 1, 2, 200)) == {
        "ended": 1, "ended:kind:english": 1, "ended:category:art": 1,
        "sold": 1, "sold:kind:english": 1, "sold:category:art": 1,
        "live": -1, "turnover:XTR": 200, "wallets:XTR": -200,
    }  # fmt: skip
    assert counted(told.released(BEGIN, 1, 200, 10)) == {"fees:XTR": 10, "wallets:XTR": 190}


def test_a_lot_without_a_category_counts_by_its_kind_alone() -> None:
    assert counted(told.unsold(BEGIN, 1)) == {"ended": 1, "ended:kind:dutch": 1, "live": -1}


def test_a_withdrawn_lot_is_none_that_ended_unsold() -> None:
    assert counted(told.told(LogKind.LOT, "cancelled", BEGIN, 1, kind="english")) == {"live": -1}


def test_top_ups_are_told_by_provider_and_currency() -> None:
    first, second = told.topped_up(BEGIN, 1, 500), told.topped_up(BEGIN, 1, 90_000, "qiwi", "RUB")
    assert counted(first, second) == {
        "topups:stars:XTR": 500,
        "wallets:XTR": 500,
        "topups:qiwi:RUB": 90_000,
        "wallets:RUB": 90_000,
    }


def test_a_refund_that_the_provider_would_not_carry_out_is_none() -> None:
    parts = {"currency": "XTR", "provider": "stars"}
    refund = told.told(LogKind.PAYMENT, "refund", BEGIN, 1, **parts, user=-70, source=70)
    undone = told.told(LogKind.PAYMENT, "refund_undone", BEGIN, 1, **parts, user=70, source=-70)
    assert counted(refund) == {"refunds:XTR": 70, "wallets:XTR": -70}
    assert counted(refund, undone) == {}


def test_a_refund_that_a_wallet_could_not_bear_is_counted_whole_and_only_the_rest_left_the_wallets() -> None:
    parts: dict[str, Any] = {"currency": "XTR", "user": -30, "receivable": -40, "source": 70}
    assert counted(told.told(LogKind.PAYMENT, "refund", BEGIN, 1, **parts)) == {"refunds:XTR": 70, "wallets:XTR": -30}


@pytest.mark.parametrize(
    "entry",
    [
        told.told(LogKind.ERROR, "web", BEGIN, 1),
        told.told(LogKind.ADMIN, "block", BEGIN, 1),
        told.told(LogKind.TOPUP, "bill_ended", BEGIN, 1, amount=5, currency="RUB"),
        told.told(LogKind.DEAL, "delivered", BEGIN, 1),
        told.told(LogKind.PAYMENT, "something new", BEGIN, 1),
    ],
)
def test_what_the_figures_do_not_know_adds_nothing_and_makes_nobody_active(entry: LogEntry) -> None:
    books = Books()
    rises = books.add([entry])
    assert (books.sums(), rises.people, rises.quarters) == ({}, {}, {})


def test_answers_failures_and_tokens_of_the_helper_are_counted() -> None:
    answer = told.told(LogKind.ASSISTANT, "answer", BEGIN, 1, tokens=120)
    failed = told.told(LogKind.ASSISTANT, "failed", BEGIN, 1, why="unreachable", tokens=7)
    assert counted(answer) == {"answers": 1, "tokens": 120}
    assert counted(failed) == {"failures": 1, "tokens": 7}
    assert counted(answer, failed) == {"answers": 1, "failures": 1, "tokens": 127}


@pytest.mark.parametrize("why", ["stopped", "consent", "barred"])
def test_a_question_that_somebody_put_an_end_to_is_no_failure(why: str) -> None:
    assert counted(told.told(LogKind.ASSISTANT, "failed", BEGIN, 1, why=why, tokens=0)) == {}


@pytest.mark.parametrize(
    ("name", "is_theirs"),
    [
        ("bought", True),
        ("consent", True),
        ("failed", True),
        ("changed", False),
        ("withdrawn", False),
        ("trial_paid", False),
    ],
)
def test_what_happens_to_their_answers_makes_nobody_active(name: str, is_theirs: bool) -> None:
    rises = Books().add([told.told(LogKind.ASSISTANT, name, BEGIN, 1, change=5, credits=5)])
    assert bool(rises.people) is is_theirs


def test_who_pays_for_a_pack_in_telegram_has_paid_in() -> None:
    books = Books()
    pack = told.told(LogKind.PAYMENT, "native_pack", BEGIN, 1, currency="XTR", source=-80, revenue=80, provider="stars")
    books.add([told.registered(BEGIN, 1), pack])
    assert books.cohorts == {(AT, "new"): 1, (AT, "paid"): 1}
    assert books.sums() == {"new": 1}


def test_a_person_is_active_once_a_quarter() -> None:
    books = Books()
    books.add([told.bid(BEGIN, 1), told.login(BEGIN + timedelta(minutes=2), 1), told.bid(BEGIN, 2)])
    assert books.figures[AT, "seen:100"] == 2


def test_who_is_told_late_corrects_the_one_who_came_after() -> None:
    books = Books()
    books.add([told.bid(BEGIN, 1), told.bid(BEGIN + timedelta(hours=2), 1)])
    assert books.figures[AT + 8, "seen:8"] == 1
    books.add([told.bid(BEGIN + timedelta(hours=1), 1)])
    assert (books.figures[AT + 8, "seen:8"], books.figures[AT + 8, "seen:4"], books.figures[AT + 4, "seen:4"]) == (
        0,
        1,
        1,
    )


def test_gaps_of_25_hours_and_more_are_all_the_same() -> None:
    assert [activity.gap_name(AT, AT + gap) for gap in (1, 99, 100, 5000)] == [
        "seen:1",
        "seen:99",
        "seen:100",
        "seen:100",
    ]


def test_what_is_told_more_than_16_days_late_is_no_activity() -> None:
    books = Books()
    books.add([told.bid(BEGIN, 1), told.bid(BEGIN - timedelta(days=16), 1)])
    assert books.sums()["bids"] == 2
    assert sum(value for (_, name), value in books.figures.items() if activity.gap_of(name)) == 1


@given(st.lists(st.integers(0, 400), min_size=1, max_size=40), st.integers(0, 300), st.randoms(use_true_random=False))
def test_any_day_has_its_people_in_whatever_order_they_were_told(
    acts: list[int], first: int, order: random.Random
) -> None:
    """A day of 92, 96 or 100 quarters from anywhere on."""
    entries = [told.bid(BEGIN + timedelta(minutes=15 * act), act % 3) for act in acts]
    order.shuffle(entries)
    books = Books()
    for entry in entries:
        books.add([entry])
    days: dict[int, dict[str, dict[int, int]]] = {}
    for (quarter, name), value in books.figures.items():
        days.setdefault(day_of(quarter), {}).setdefault(name, {})[quarter % PER_DAY] = value
    for length in (92, 96, 100):
        span = Span(AT + first, AT + first + length, BEGIN)
        people = {act % 3 for act in acts if first <= act < first + length}
        assert summed(days, [span])[0].get(ACTIVE, 0) == len(people)


@given(st.integers(0, 10_000), st.integers(1, 9), st.randoms(use_true_random=False))
def test_portions_and_order_do_not_matter(seed: int, size: int, order: random.Random) -> None:
    life = told.a_life(seed, BEGIN, 2, people=4, size=30)
    whole, parts = Books(), Books()
    whole.add(life)
    order.shuffle(life)
    for first in range(0, len(life), size):
        parts.add(life[first : first + size])
    assert (+parts.figures, -parts.figures) == (+whole.figures, -whole.figures)
    assert (parts.cohorts, parts.known) == (whole.cohorts, whole.known)


def test_steps_count_for_the_quarter_in_which_a_person_joined() -> None:
    books = Books()
    later = BEGIN + timedelta(days=30)
    books.add([told.bid(later, 1), told.topped_up(later, 1, 10)])
    assert books.cohorts == {}
    books.add([told.registered(BEGIN, 1)])
    assert books.cohorts == {(AT, "new"): 1, (AT, "paid"): 1, (AT, "bid"): 1}
    books.add([*told.sold(later, 5, 1, 10)])
    books.add([*told.sold(later, 5, 1, 10), *told.sold(later, 5, 1, 10)])
    assert books.cohorts == {(AT, step): 1 for step in ("new", "paid", "bid", "won", "again")}


def test_who_bid_without_having_paid_is_not_yet_at_the_bid() -> None:
    books = Books()
    books.add([told.registered(BEGIN, 1), told.bid(BEGIN, 1)])
    assert books.cohorts == {(AT, "new"): 1}
