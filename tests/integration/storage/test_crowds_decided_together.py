"""Bids that are decided together, over the real adapters: what they cost, and many threads at once."""

from __future__ import annotations

from collections import Counter
from functools import partial
from itertools import count
from typing import Any

import pytest

from bench.meter import Meter
from starbid.domain.auction import Ending
from starbid.domain.errors import AuctionClosed, BidTooLow, InsufficientFunds
from starbid.domain.intents import Intent, Memory, Placed, Refused, Wish
from starbid.domain.kinds.base import Accepted
from starbid.services.idempotency import Answer, MakeRecord, once
from tests.support.desk import deciding
from tests.support.dynamo import DynamoApp, check, hammer, join, put_up
from tests.support.factories import ANNA, SELLER, xtr
from tests.support.lines import MS, SECOND

pytestmark = pytest.mark.parametrize("emulated", ["fast way"], indirect=True)

PEOPLE = tuple(range(1, 25))
_numbers = count(1)


@pytest.fixture
def market(emulated: DynamoApp) -> DynamoApp:
    join(emulated, SELLER, seller=True)
    for who in PEOPLE:
        join(emulated, who, stars=5_000)
    return emulated


def waiting(app: DynamoApp, lot: str, who: int, amount: int, *, key: str = "", after: int = 0) -> Intent:
    memory = Memory(key, "f" * 64) if key else None
    arrived_at = app.now() + after * MS
    return Intent(f"{next(_numbers):032x}", lot, who, Wish.BID, xtr(amount), arrived_at, confirmed=True, memory=memory)


def crowd(app: DynamoApp, lot: str) -> None:
    """The next bids line up at once: others were just decided."""
    app.intents.take_lease(lot, "others", app.now(), app.now())


# --- costs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keyed", [False, True], ids=["by page", "by key"])
@pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])
def test_a_bid_in_a_crowd_costs_no_more_than_twelve_units(market: DynamoApp, kind: str, keyed: bool) -> None:
    """Stored, decided with the others (row, wallet, outcome, record), forgotten; and its share of lot and lease."""
    lot = put_up(market, type=kind).auction.id
    line = [
        waiting(market, lot, who, 100 + 20 * n, key=f"api:{who}:{'k' * 36}" if keyed else "", after=n)
        for n, who in enumerate(PEOPLE)
    ]
    with Meter(market.store.client).measure() as found:
        for number, intent in enumerate(line):
            if number == 0:
                market.combining.take_lease(lot, "first")
            market.intents.add(intent)
        outcomes = market.combining.work(lot, "first")
        for intent in line:
            market.intents.drop(intent)
    assert [outcomes[intent.id] for intent in line] == [Placed(n + 1) for n in range(len(line))]
    assert found.calls.count("TransactWriteItems") == 1
    each = found.write_units / len(line)
    assert each == pytest.approx(8 + 2 * keyed, abs=0.5)
    check(market.store)


def test_a_refused_bid_in_a_crowd_costs_four_units(market: DynamoApp) -> None:
    lot = put_up(market).auction.id
    market.bidding.bid(lot, ANNA, 4_000, market.now(), confirmed=True)
    line = [waiting(market, lot, who, 50, after=n) for n, who in enumerate(PEOPLE)]
    with Meter(market.store.client).measure() as found:
        market.combining.take_lease(lot, "first")
        for intent in line:
            market.intents.add(intent)
        outcomes = market.combining.work(lot, "first")
        for intent in line:
            market.intents.drop(intent)
    assert {type(outcome) for outcome in outcomes.values()} == {Refused}
    assert found.write_units / len(line) == pytest.approx(4, abs=0.2)


# --- many at once -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["english", "sealed"])
def test_four_combiners_at_once_decide_each_bid_once(market: DynamoApp, kind: str) -> None:
    """As if each had lost its lease to the next."""
    lot = put_up(market, type=kind, bid_step=1 if kind == "english" else None).auction.id
    line = [waiting(market, lot, PEOPLE[n % 24], 100 + 5 * n, after=n) for n in range(60)]
    hammer([partial(market.intents.add, intent) for intent in line], threads=8)
    found = hammer([partial(market.combining.work, lot, f"holder {n}") for n in range(4)], threads=4)
    assert not [each for each in found if isinstance(each, BaseException)]
    market.combining.drain(lot)
    outcomes = {intent.id: market.intents.outcome_and_line(intent)[0] for intent in line}
    for told in found:
        assert {name: word(outcome) for name, outcome in told.items()} == {
            name: word(outcomes[name]) for name in told
        }, "each combiner's answers are true"
    numbers = sorted(outcome.number for outcome in outcomes.values() if isinstance(outcome, Placed))
    assert numbers == list(range(1, len(numbers) + 1))
    assert check(market.store).auctions[lot].bids_count == len(numbers)


def word(outcome: Any) -> object:
    return type(outcome.error) if isinstance(outcome, Refused) else outcome


def test_one_key_in_eight_requests_at_once_is_one_bid_with_one_answer(market: DynamoApp) -> None:
    lot = put_up(market).auction.id
    crowd(market, lot)

    def ask() -> Answer:
        def tell(accepted: Accepted) -> Answer:
            return {"number": accepted.bid.number, "price": accepted.auction.price.amount}

        def work(memory: Memory) -> Answer:
            make_record = MakeRecord(memory, tell)
            return tell(market.bidding.bid(lot, ANNA, 700, market.now(), make_record, confirmed=True))

        return once(
            market.store,
            Memory("api:1:k", "body"),
            work,
            lambda refusal: {"refused": refusal.code},
            lambda *place: tell(market.bidding.placed(*place)),
        )

    others = [
        partial(market.bidding.bid, lot, who, 100 + 10 * who, market.now(), confirmed=True) for who in PEOPLE[1:9]
    ]
    answers = hammer([call for pair in zip([ask] * 8, others, strict=True) for call in pair], threads=16)
    assert all(answer == answers[0] for answer in answers[::2]), answers[::2]
    assert "number" in answers[0]
    rows = [row for row in check(market.store).bids.values() if row.bidder_id == ANNA]
    assert [row.maximum for row in rows] == [xtr(700)]


def test_money_for_one_of_three_bids_at_once_in_three_crowds_pays_for_one(market: DynamoApp) -> None:
    poor = 77
    join(market, poor, stars=500)
    lots = [put_up(market, **({"type": "sealed"} if n == 2 else {"bid_step": 1})).auction.id for n in range(3)]
    for lot in lots:
        crowd(market, lot)
    now = market.now()
    mine = [partial(market.bidding.bid, lot, poor, 400, now, confirmed=True) for lot in lots]
    others = [
        partial(market.bidding.bid, lot, who, 100 + 3 * who, now, confirmed=True) for lot in lots for who in PEOPLE[:8]
    ]
    answers = hammer([*mine, *others], threads=27)
    assert Counter(type(answer) for answer in answers[:3]) == {Accepted: 1, InsufficientFunds: 2}
    assert {type(answer) for answer in answers[3:]} <= {Accepted, BidTooLow}
    wallet = check(market.store).wallets[poor, "XTR"]
    assert (wallet.available, wallet.held) == (xtr(100), xtr(400))


@pytest.mark.parametrize("kind", ["english", "sealed"])
def test_an_operator_takes_a_lot_down_in_the_middle_of_a_crowd(market: DynamoApp, kind: str) -> None:
    lot = put_up(market, type=kind, bid_step=1 if kind == "english" else None).auction.id
    crowd(market, lot)
    bids = [
        partial(market.bidding.bid, lot, PEOPLE[n % 24], 100 + 5 * n, market.now(), confirmed=True) for n in range(48)
    ]
    cancel = partial(market.publishing.cancel, 900, lot, market.now(), decision=deciding("a fake", market.now()))
    answers = hammer([*bids[:24], cancel, *bids[24:]], threads=24)
    assert not isinstance(answers[24], BaseException), answers[24]
    bidders = [*answers[:24], *answers[25:]]
    assert {type(answer) for answer in bidders} <= {Accepted, BidTooLow, AuctionClosed}
    tables = check(market.store)
    assert tables.auctions[lot].ending is Ending.CANCELLED
    assert tables.auctions[lot].bids_count == sum(isinstance(answer, Accepted) for answer in bidders)
    assert not any(wallet.held for wallet in tables.wallets.values())


@pytest.mark.parametrize("kind", ["english", "sealed"])
def test_a_crowd_before_the_end_and_closers_after_it_lose_no_bid(market: DynamoApp, kind: str) -> None:
    lot = put_up(
        market, type=kind, duration_seconds=60, **({"extend_seconds": 0} if kind == "english" else {})
    ).auction.id
    end = market.store.auction(lot, consistent=True).ends_at
    market.clock.now = end - MS
    crowd(market, lot)
    line = [waiting(market, lot, who, 100 + 20 * n) for n, who in enumerate(PEOPLE[:12])]
    for intent in line:
        market.intents.add(intent)
    market.clock.now = end + 2 * SECOND
    hammer([partial(market.closing.wake, lot, market.now())] * 6, threads=6)
    market.closing.wake(lot, market.now())
    assert all(isinstance(market.intents.outcome_and_line(intent)[0], Placed) for intent in line)
    tables = check(market.store)
    assert (tables.auctions[lot].ending, tables.auctions[lot].leader_id) == (Ending.SOLD, PEOPLE[11])
    assert not any(wallet.held for wallet in tables.wallets.values())
