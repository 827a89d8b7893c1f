"""Crowds of every kind of lot on an emulator with isolated transactions, a third of whose writes meets a conflict."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from starbid.domain.auction import Ending
from starbid.domain.deal_errors import WrongDealState
from starbid.domain.errors import AuctionClosed, BidTooLow, Conflict, HasBids, StarbidError
from starbid.services.auctions import closing
from tests.soak.crowd import crowd, patience, storm_of_conflicts
from tests.support.desk import deciding
from tests.support.dynamo import DynamoApp, check, hammer, join, put_up
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, xtr
from tests.support.there import there

pytestmark = pytest.mark.parametrize("emulated", ["fast way"], indirect=True)
"""What becomes of a conflict has nothing to do with the way: once is enough, and it takes long."""

FALLING: dict[str, Any] = {
    "type": "dutch",
    "start_price": 1_000,
    "floor_price": 400,
    "drop_amount": 100,
    "drop_seconds": 60,
}


@pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])
def test_64_people_on_one_lot_in_a_storm_of_conflicts(emulated: DynamoApp, kind: str) -> None:
    found = crowd(emulated, kind, lots=1, bidders=64, bids=1, threads=64)
    if kind != "english":  # where most are refused on sight, and never come to write
        assert found.struck > 10
    assert found.accepted >= 1


@pytest.mark.parametrize("kind", ["english", "sealed"])
def test_16_people_on_16_lots_in_a_storm_of_conflicts(emulated: DynamoApp, kind: str) -> None:
    found = crowd(emulated, kind, lots=16, bidders=16, bids=6, currencies=("XTR", "RUB"))
    assert found.struck > 10
    assert found.accepted >= 16


def people(app: DynamoApp, stars: int = 5_000) -> None:
    join(app, SELLER, stars=1_000, seller=True)
    for who in (ANNA, BORIS, CLARA):
        join(app, who, stars=stars)


def failed(answers: list[Any]) -> list[Any]:
    return [answer for answer in answers if isinstance(answer, BaseException)]


@pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])
def test_bids_in_time_and_closers_at_the_same_instant(emulated: DynamoApp, kind: str) -> None:
    """A bid counts, or is told that it came too late; never both, never neither."""
    people(emulated)
    lot = put_up(emulated, type=kind, duration_seconds=60, extend_seconds=0 if kind == "english" else None).auction.id
    emulated.bidding.bid(lot, CLARA, 200, emulated.now(), confirmed=True)
    in_time, over = emulated.clock.forward(seconds=59), emulated.clock.forward(seconds=3)
    bids = [
        partial(emulated.bidding.bid, lot, who, 300 + 100 * n, in_time, confirmed=True)
        for n in range(6)
        for who in (ANNA, BORIS)
    ]
    closers = [partial(emulated.closing.wake, lot, over)] * 6
    mixed = [act for pair in zip(bids, closers * 2, strict=True) for act in pair]
    with patience():
        answers = hammer(mixed)
    assert all(isinstance(answer, AuctionClosed | BidTooLow) for answer in failed(answers[::2])), failed(answers)
    assert all(isinstance(answer, Conflict) for answer in failed(answers[1::2])), failed(answers)
    emulated.closing.sweep(over)
    tables = check(emulated.store)
    accepted = [answer for answer in answers[::2] if not isinstance(answer, BaseException)]
    assert len(accepted) + 1 == tables.auctions[lot].bids_count
    assert tables.auctions[lot].ending is Ending.SOLD
    assert not any(wallet.held for wallet in tables.wallets.values())


def test_many_buyers_of_a_dutch_lot_at_once_and_one_sale(emulated: DynamoApp) -> None:
    people(emulated)
    lot = put_up(emulated, **FALLING).auction.id
    with storm_of_conflicts(emulated), patience():
        buyers = [partial(emulated.bidding.buy, lot, who, 1_000, emulated.now()) for who in (ANNA, BORIS, CLARA)]
        answers = hammer(buyers * 5)
    assert len(answers) - len(failed(answers)) == 1
    assert all(isinstance(answer, AuctionClosed) for answer in failed(answers))
    assert check(emulated.store).auctions[lot].price == xtr(1_000)


@pytest.mark.parametrize("kind", ["english", "sealed"])
def test_a_bid_and_a_cancellation_at_once(emulated: DynamoApp, kind: str) -> None:
    """By the seller one of the two happens; by an admin the bid may come first, and is released."""
    people(emulated)
    for by_admin in (False, True) * 3:
        lot = put_up(emulated, type=kind).auction.id
        now, who = emulated.now(), 900 if by_admin else SELLER
        decision = deciding("r", now) if by_admin else None
        cancel = partial(emulated.publishing.cancel, who, lot, now, decision=decision)
        bid, cancelled = hammer([partial(emulated.bidding.bid, lot, ANNA, 150, now, confirmed=True), cancel])
        assert not isinstance(bid, BaseException) or isinstance(bid, AuctionClosed)
        if by_admin:
            assert not isinstance(cancelled, BaseException)
        else:
            assert isinstance(bid, StarbidError) != isinstance(cancelled, HasBids)
        check(emulated.store)
    emulated.closing.sweep(emulated.clock.forward(hours=2, seconds=2))
    assert check(emulated.store).wallets[ANNA, "XTR"].held == xtr(0)


def test_confirmed_and_disputed_at_once_is_one_of_them(emulated: DynamoApp) -> None:
    people(emulated)
    for _ in range(5):
        lot = put_up(emulated, buy_now_price=200).auction.id
        emulated.bidding.buy(lot, ANNA, 200, emulated.now())
        emulated.dealing.deliver(SELLER, lot, "the code", emulated.now())
        confirm = partial(emulated.dealing.confirm, ANNA, lot, emulated.now())
        dispute = partial(emulated.dealing.dispute, ANNA, lot, "it does not work", emulated.now())
        answers = hammer([confirm, dispute] * 3)
        assert all(isinstance(answer, WrongDealState | Conflict) for answer in failed(answers))
        assert len(failed(answers)) == 5
        check(emulated.store)


def test_a_refunded_lot_taken_by_the_runner_up_and_put_up_again_at_once_is_one_of_them(emulated: DynamoApp) -> None:
    people(emulated)
    lot = put_up(emulated, duration_seconds=60).auction.id
    for who, amount in ((BORIS, 200), (ANNA, 300)):
        emulated.bidding.bid(lot, who, amount, emulated.now(), confirmed=True)
    now = emulated.clock.forward(hours=3, seconds=2)
    emulated.closing.close(lot, now)
    emulated.dealing.dispute(ANNA, lot, "nothing came", now)
    emulated.dealing.resolve(deciding("so it is", now), lot, False)
    emulated.second_chance.offer(SELLER, lot, now)
    hammer(
        [
            partial(emulated.second_chance.accept, BORIS, lot, now),
            partial(emulated.second_chance.decline, BORIS, lot, now),
            *[partial(emulated.publishing.relist, SELLER, lot, now)] * 2,
        ]
    )
    tables = check(emulated.store)
    assert len(tables.auctions) == 2 or there(tables.auctions[lot].offer).state == "declined"


def test_closers_of_a_sealed_lot_in_chunks_at_the_same_instant(
    emulated: DynamoApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "CHUNK", 2)
    people(emulated)
    lot = put_up(emulated, type="vickrey", duration_seconds=60).auction.id
    for amount in (200, 300, 400):
        for who in (ANNA, BORIS, CLARA):
            emulated.bidding.bid(lot, who, amount, emulated.now(), confirmed=True)
    now = emulated.clock.forward(seconds=62)
    with storm_of_conflicts(emulated):
        hammer([partial(emulated.closing.wake, lot, now)] * 10)
    emulated.closing.sweep(now)
    tables = check(emulated.store)
    assert (tables.auctions[lot].ending, tables.auctions[lot].price) == (Ending.SOLD, xtr(400))
    assert [wallet.held for wallet in tables.wallets.values() if wallet.held] == []
