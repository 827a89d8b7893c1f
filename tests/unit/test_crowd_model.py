"""The store of the bench's crowds hurts as DynamoDB does, and in every run the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bench.crowd.capacity import Partitions
from bench.crowd.crowds import Crowd
from bench.crowd.judging import Answer, is_rightly_refused
from bench.crowd.market import MONEY, CrowdMarket
from bench.crowd.running import run
from bench.crowd.store import Hardship
from bench.crowd.virtual import VirtualTime
from bench.crowd.ways import alone, in_line
from starbid.domain.auction import Ending
from starbid.domain.errors import AuctionClosed, BidTooLow, Conflict
from starbid.domain.intents import Intent, Placed, Wish
from starbid.domain.money import XTR, Money
from starbid.domain.wallet import WalletChange
from starbid.services.ports import ConditionFailed, Contended, Unit
from tests.support.fakes import START

EVEN = Hardship(median_latency=0.004, tail_latency=0.004)
"""Every call takes the same time."""


@pytest.fixture
def market() -> CrowdMarket:
    return CrowdMarket("english", people=4, left=60, seed=1, hardship=EVEN)


def unit_of(market: CrowdMarket, *people: int, amount: int = 10) -> Unit:
    """Holds an amount of each person."""
    unit = market.store.unit()
    for person in people:
        unit.change_wallet(WalletChange.hold(person, Money(amount, XTR)))
    return unit


def raised(work: Callable[[], object]) -> Callable[[], Exception | None]:
    """Does the work later, and says then what it raised."""
    found: list[Exception] = []

    def tried() -> Exception | None:
        try:
            work()
        except (ConditionFailed, Contended) as error:
            found.append(error)
        return found[0] if found else None

    return tried


def at_once(market: CrowdMarket, *works: Callable[[], object]) -> list[object]:
    """What each answers, where one begins a millisecond after the other."""
    answers: list[object] = []
    for number, work in enumerate(works):
        market.time.at(number / 1000, lambda work=work: answers.append(work()))  # type: ignore[misc]
    market.time.run()
    return answers


def held(market: CrowdMarket, person: int) -> int:
    return market.hard.tables.wallets[person, XTR].held.amount


def test_of_two_transactions_that_meet_the_second_is_told_at_once_whom_it_met(market: CrowdMarket) -> None:
    anna, boris, clara, _ = market.bidders
    told, none = at_once(
        market, raised(unit_of(market, anna, boris).commit), raised(unit_of(market, boris, clara).commit)
    )
    assert none is None
    assert isinstance(told, Contended)
    assert [(refusal.what, refusal.key) for refusal in told.refusals] == [("wallet", str(boris))]
    assert [held(market, who) for who in (anna, boris, clara)] == [10, 10, 0]


def test_transactions_that_do_not_meet_are_in_nobodys_way(market: CrowdMarket) -> None:
    anna, boris, *_ = market.bidders
    assert at_once(market, *(raised(unit_of(market, who).commit) for who in (anna, boris))) == [None, None]


def test_a_transaction_keeps_its_items_for_its_time(market: CrowdMarket) -> None:
    anna, boris, *_ = market.bidders
    took: list[float] = []

    def commit(*people: int) -> None:
        began = market.time.elapsed()
        unit_of(market, *people).commit()
        took.append(market.time.elapsed() - began)

    at_once(market, lambda: commit(anna), lambda: commit(boris, market.bidders[2]))
    alike = EVEN.median_latency + EVEN.cpu_call + EVEN.transaction
    assert took == pytest.approx([alike + EVEN.item + EVEN.cpu_write, alike + 2 * (EVEN.item + EVEN.cpu_write)])


def test_nobody_sees_a_transaction_before_it_is_done(market: CrowdMarket) -> None:
    anna = market.bidders[0]
    seen: list[int] = []

    def look() -> None:
        seen.append(market.store.wallet(anna, XTR, consistent=True).held.amount)

    market.time.at(0.0, unit_of(market, anna).commit)
    market.time.at(0.006, look)
    market.time.at(0.020, look)
    market.time.run()
    assert seen == [0, 10]


def test_a_transaction_whose_condition_does_not_hold_writes_nothing(market: CrowdMarket) -> None:
    anna, boris, *_ = market.bidders
    unit = unit_of(market, anna)
    unit.change_wallet(WalletChange.hold(boris, Money(MONEY + 1, XTR)))
    (told,) = at_once(market, raised(unit.commit))
    assert isinstance(told, ConditionFailed)
    assert told.blames("wallet")
    assert held(market, anna) == 0


def test_a_single_write_meets_a_transaction_too(market: CrowdMarket) -> None:
    intent = Intent("i1", market.lot.id, market.bidders[0], Wish.BID, Money(1000, XTR), market.now())
    unit = market.store.unit()
    unit.decide_intent(intent, Placed(1))
    market.time.at(0, lambda: market.intents.add(intent))
    market.time.run()
    none, told = at_once(market, lambda: None, raised(lambda: market.intents.withdraw(intent)))
    assert none is told is None  # nobody was in its way, and so it is gone
    market.time.at(0, lambda: market.intents.add(intent))
    market.time.run()
    told, none = at_once(market, raised(unit.commit), raised(lambda: market.intents.withdraw(intent)))
    assert none is None
    assert isinstance(told, Contended)


def test_a_partition_takes_so_many_units_in_any_second() -> None:
    partitions = Partitions(1_000)
    assert not partitions.take([("bids/lot", 400), ("bids/lot", 600), ("bids/other", 1)], 0.0)
    assert partitions.take([("bids/lot", 1), ("bids/other", 1)], 0.999) == {"bids/lot"}
    assert not partitions.take([("bids/other", 999)], 0.999)  # nothing was taken of the one that was refused
    assert not partitions.take([("bids/lot", 1)], 1.0)
    assert (partitions.total, partitions.refused, partitions.hottest) == (2_001, 1, ("bids/lot", 1_000))


def test_a_transaction_that_is_too_much_for_a_partition_is_told_so_and_costs_nothing(market: CrowdMarket) -> None:
    anna, boris, *_ = market.bidders
    market.hard.writes.take([(f"wallets/{anna}", 999)], 0.0)
    (told,) = at_once(market, raised(unit_of(market, anna, boris).commit))
    assert isinstance(told, Contended)
    assert [refusal.key for refusal in told.refusals] == [str(anna)]
    assert market.hard.writes.total == 999
    market.time.at(1.1, unit_of(market, anna, boris).commit)
    market.time.run()
    assert held(market, anna) == 10


def test_virtual_time_wakes_sleepers_in_order_and_waits_for_threads() -> None:
    time, seen = VirtualTime(START), list[object]()

    def work(name: str, seconds: float) -> None:
        time.sleep(seconds)
        seen.append((name, time.elapsed()))

    def thread() -> str:
        time.sleep(5)
        return "done"

    def with_a_thread() -> None:
        answer = time.beside(thread)
        time.sleep(1)
        seen.append((answer(), time.now() - START))

    time.at(0, lambda: work("late", 3))
    time.at(1, lambda: work("early", 1))
    time.at(0, with_a_thread)
    time.run()
    assert seen == [("early", 2), ("late", 3), ("done", timedelta(seconds=5))]


def test_what_a_thread_raises_is_raised_where_its_answer_is_wanted() -> None:
    time = VirtualTime(START)

    def fails() -> None:
        raise Contended

    def waits() -> None:
        with pytest.raises(Contended):
            time.beside(fails)()

    time.at(0, waits)
    time.run()


@pytest.fixture
def too_low(market: CrowdMarket) -> Answer:
    return Answer(market.bidders[0], 1_000, 1.0, 2.0, START + timedelta(hours=1), None, BidTooLow(Money(1_000, XTR)))


def test_a_refusal_is_right_where_the_lot_stood_so_between_arrival_and_answer(
    market: CrowdMarket, too_low: Answer
) -> None:
    risen = replace(market.lot, price=Money(1_000, XTR), leader_id=1, leader_maximum=Money(1_000, XTR), bids_count=1)
    assert not is_rightly_refused(too_low, [(0.0, market.lot)])
    assert is_rightly_refused(too_low, [(0.0, market.lot), (1.5, risen)])
    assert is_rightly_refused(too_low, [(0.0, market.lot), (0.5, risen)])
    assert not is_rightly_refused(too_low, [(0.0, market.lot), (2.5, risen)])


def test_who_came_in_time_is_lost_where_the_lot_closed_meanwhile(market: CrowdMarket, too_low: Answer) -> None:
    sold = replace(market.lot, ending=Ending.SOLD)
    for error in (AuctionClosed(), Conflict()):
        assert not is_rightly_refused(replace(too_low, error=error), [(0.0, market.lot), (1.5, sold)])


def test_a_crowd_runs_the_same_way_each_time() -> None:
    first, again, other = (run(Crowd("english", 24), in_line, seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


@pytest.mark.parametrize("kind", ["sealed", "english"])
def test_of_sixty_four_at_once_nobody_is_told_conflict_and_nobody_is_lost(kind: str) -> None:
    found = run(Crowd(kind, 64), in_line)
    assert (found.offered, found.accepted + found.refused, found.conflict, found.lost) == (64, 64, 0, 0)
    assert kind == "english" or found.accepted == 64


def test_alone_most_of_them_are_lost() -> None:
    assert run(Crowd("sealed", 64), alone).lost > 32
