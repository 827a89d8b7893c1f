"""Which entries count for which achievement, at each boundary; and that counting knows no order and no repeats."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.achievements import rules
from starbid.domain.achievements.kinds import ACHIEVEMENTS, EARLY, QUICK, Key
from starbid.domain.achievements.progress import Progress, standings, weighed, with_mark
from starbid.domain.deals import Deal, DealState
from starbid.domain.event_log import LogEntry, LogKind
from starbid.domain.lots import Lot
from starbid.domain.people import Reputation
from starbid.domain.ratings import Rating
from tests.support.factories import ANNA, BORIS, SELLER, auction, lot, terms, xtr
from tests.support.fakes import START

MS = timedelta(milliseconds=1)
MARKED = [key for key, each in ACHIEVEMENTS.items() if each.counter is None]


def a_bid(at: timedelta = timedelta(0), number: int = 1, name: str = "bid", **details: int) -> LogEntry:
    facts: dict[str, str | int] = {"number": number, "currency": "XTR", "seller_id": SELLER, **details}
    return LogEntry(f"bid:lot1:{number}", START + at, LogKind.BID, name, ANNA, "lot/lot1", facts)


def keys_of(entry: LogEntry) -> set[Key]:
    return {step.key for step in rules.of_bid(entry, auction())}


def a_deal(**changes: object) -> Lot:
    """Completed, counted, 100 for a lot of 100, sent two days after the sale."""
    made = Deal("lot1", SELLER, ANNA, xtr(100), xtr(5), START, None, DealState.COMPLETED, counts=True)
    sent = replace(made, delivered_at=START + timedelta(days=2), ended_at=START + timedelta(days=3))
    return replace(lot(terms(100)), deal=replace(sent, **changes))  # type: ignore[arg-type]


def counted(made: Lot) -> set[tuple[int, Key]]:
    return {(step.user_id, step.key) for step in rules.of_deal(made)}


# --- bids ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "is_early"), [(timedelta(0), True), (EARLY, True), (EARLY + MS, False), (-MS, False)]
)
def test_the_first_bid_is_early_for_ten_minutes(after: timedelta, is_early: bool) -> None:
    assert (Key.EARLY_BIRD in keys_of(a_bid(after))) is is_early


def test_the_second_bid_is_not_early_nor_is_a_purchase_nor_a_sealed_bid() -> None:
    assert Key.EARLY_BIRD not in keys_of(a_bid(number=2))
    assert Key.EARLY_BIRD not in keys_of(a_bid(name="buy"))
    assert Key.EARLY_BIRD not in keys_of(a_bid(hidden=1))


def test_early_bids_at_one_seller_count_once() -> None:
    marks = {step.mark for step in rules.of_bid(a_bid(), auction(id="other")) if step.key is Key.EARLY_BIRD}
    assert marks == {str(SELLER)}


def test_a_week_is_one_of_utc_and_belongs_to_the_year_of_its_thursday() -> None:
    def week(entry: LogEntry) -> str:
        return next(step.mark for step in rules.of_bid(entry, None) if step.key is Key.REGULAR)

    new_year = START.replace(year=2026, month=12, day=31, hour=23)
    assert week(replace(a_bid(), at=new_year)) == week(replace(a_bid(), at=new_year + timedelta(hours=2))) == "2026-53"
    assert week(replace(a_bid(), at=START.replace(year=2027, month=1, day=4, hour=0))) == "2027-01"


def test_a_bid_on_a_lot_that_nobody_knows_counts_for_what_it_says_itself() -> None:
    assert {step.key for step in rules.of_bid(a_bid(), None)} == {Key.FIRST_BID, Key.REGULAR}


def test_what_others_bid_counts_for_nobody_else() -> None:
    assert {step.user_id for step in rules.of_bid(a_bid(), auction())} == {ANNA}


# --- deals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("changes", [{"counts": False}, {"state": DealState.REFUNDED}, {"state": DealState.DELIVERED}])
def test_a_deal_that_does_not_count_for_reputation_counts_for_nothing(changes: dict[str, object]) -> None:
    quick = {"delivered_at": START, "ratings": (Rating(True, 5, "", START), Rating(False, 5, "", START))}
    assert counted(a_deal(price=xtr(10_000), **quick, **changes)) == set()


@pytest.mark.parametrize(("price", "is_generous"), [(999, False), (1000, True), (5000, True)])
def test_ten_times_the_start_price_is_generous(price: int, is_generous: bool) -> None:
    assert ((ANNA, Key.GENEROUS) in counted(a_deal(price=xtr(price)))) is is_generous


@pytest.mark.parametrize(("after", "is_quick"), [(QUICK, True), (QUICK + MS, False), (timedelta(0), True)])
@pytest.mark.parametrize("addressed", [None, timedelta(days=9)])
def test_a_day_after_the_sale_or_the_address_is_quick(
    after: timedelta, is_quick: bool, addressed: timedelta | None
) -> None:
    began = START + (addressed or timedelta(0))
    made = a_deal(addressed_at=began if addressed else None, delivered_at=began + after)
    assert ((SELLER, Key.QUICK_HAND) in counted(made)) is is_quick


def test_a_deal_settled_without_a_delivery_is_no_quick_one() -> None:
    assert (SELLER, Key.QUICK_HAND) not in counted(a_deal(delivered_at=None))


def test_a_hidden_rating_counts_for_who_gave_it_alone() -> None:
    hidden = a_deal(ratings=(Rating(False, 5, "", START),), due_at=START + timedelta(days=7))
    assert {(ANNA, Key.GOOD_WORD)} == {each for each in counted(hidden) if each[1] in (Key.GOOD_WORD, Key.FIVE_STARS)}
    assert (SELLER, Key.FIVE_STARS) in counted(replace(hidden, deal=replace(hidden.deal, due_at=None)))  # type: ignore[type-var]


def test_four_stars_are_not_five() -> None:
    made = a_deal(ratings=(Rating(False, 4, "", START), Rating(True, 5, "", START)))
    assert {who for who, key in counted(made) if key is Key.FIVE_STARS} == {ANNA}
    assert {who for who, key in counted(made) if key is Key.GOOD_WORD} == {ANNA, SELLER}


# --- progress -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", MARKED)
def test_each_is_earned_by_as_many_different_things_as_it_says(key: Key) -> None:
    progress, target = Progress(ANNA), ACHIEVEMENTS[key].target
    for number in range(target):
        assert key not in progress.earned
        for _ in range(2):
            progress = with_mark(progress, key, f"m{number}", START + number * MS)
    assert progress.earned == {key: START + (target - 1) * MS}
    assert progress.marks == {}, "what is earned needs no marks"
    assert with_mark(progress, key, "one more", START) is progress


@pytest.mark.parametrize(
    ("reputation", "keys"),
    [
        (Reputation(), set()),
        (Reputation(sold=1), {Key.FIRST_SALE}),
        (Reputation(sold=9, bought=9), {Key.FIRST_SALE}),
        (Reputation(bought=10), {Key.TEN_WINS}),
        (Reputation(sold=10), {Key.FIRST_SALE, Key.TEN_SALES}),
        (Reputation(sold=19, seller_stars=95, seller_ratings=19), {Key.FIRST_SALE, Key.TEN_SALES}),
        (Reputation(sold=20, seller_stars=20, seller_ratings=4), {Key.FIRST_SALE, Key.TEN_SALES}),
        (Reputation(sold=20, seller_stars=24, seller_ratings=5), {Key.FIRST_SALE, Key.TEN_SALES, Key.TRUSTED_SELLER}),
        (Reputation(sold=40, seller_stars=191, seller_ratings=40), {Key.FIRST_SALE, Key.TEN_SALES}),  # 4.775 shows 4.8
        (Reputation(sold=40, seller_stars=192, seller_ratings=40), {Key.FIRST_SALE, Key.TEN_SALES, Key.TRUSTED_SELLER}),
        (Reputation(sold=20), {Key.FIRST_SALE, Key.TEN_SALES}),
    ],
)
def test_reputation_earns_at_its_boundaries(reputation: Reputation, keys: set[Key]) -> None:
    progress = weighed(Progress(ANNA), reputation, START)
    assert set(progress.earned) == keys
    assert weighed(progress, reputation, START + MS) is progress


STEPS = st.lists(st.tuples(st.sampled_from(MARKED), st.integers(0, 14)), max_size=80)


@given(STEPS, st.integers(0, 2**32))
def test_in_any_order_and_however_often_the_same_is_earned(steps: list[tuple[Key, int]], seed: int) -> None:
    """And no set outgrows its target."""
    again = [*steps, *steps[::2]]
    random.Random(seed).shuffle(again)
    one, other = Progress(ANNA), Progress(ANNA)
    for key, number in steps:
        one = with_mark(one, key, str(number), START)
    for key, number in again:
        other = with_mark(other, key, str(number), START)
    assert one.earned == other.earned
    assert one.marks == other.marks
    assert all(len(marks) < ACHIEVEMENTS[key].target for key, marks in one.marks.items())


def test_earned_ones_come_first_the_latest_on_top_and_then_the_nearest() -> None:
    progress = Progress(
        BORIS,
        {Key.COLLECTOR: frozenset("abcd"), Key.REGULAR: frozenset("a")},
        {Key.FIRST_BID: START, Key.FIRST_WIN: START + MS},
    )
    shown = standings(progress, Reputation(bought=5, sold=30))
    assert len(shown) == len(ACHIEVEMENTS)
    assert [each.key for each in shown[:2]] == [Key.FIRST_WIN, Key.FIRST_BID]
    nearest = [(each.key, each.have) for each in shown[2:8]]
    assert nearest == [
        (Key.FIRST_SALE, 1),  # reached, and not counted yet: it happened before there were achievements
        (Key.TEN_SALES, 10),
        (Key.TRUSTED_SELLER, 19),
        (Key.COLLECTOR, 4),
        (Key.TEN_WINS, 5),
        (Key.REGULAR, 1),
    ]
