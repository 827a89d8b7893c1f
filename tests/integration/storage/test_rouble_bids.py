"""Bids in roubles on DynamoDB: the transaction itself finds who is blocked and who owes, and reads are counted."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from bench.meter import Meter
from starbid.domain.errors import Blocked, InDebt, StarbidError
from starbid.domain.kinds.base import Accepted
from tests.support.blocking import block, unblock
from tests.support.dynamo import DynamoApp, check, hammer, join, put_up
from tests.support.factories import ANNA, BORIS, SELLER
from tests.support.fakes import StagedApp
from tests.support.fiat import RUB, owe, rub, top_up

MONEY = 1_000_000


def for_roubles(app: StagedApp, **changes: Any) -> str:
    return put_up(app, goods="physical", currency=RUB, start_price=1_000, **changes).auction.id


def people(app: StagedApp) -> None:
    join(app, SELLER, seller=True)
    for who in (ANNA, BORIS):
        join(app, who)
        top_up(app, who, rub(MONEY))


@pytest.mark.parametrize("kind", ["english", "sealed"])
def test_who_is_blocked_without_a_wallet_of_roubles_bids_in_none_that_comes_later(
    any_app: StagedApp, kind: str
) -> None:
    people(any_app)
    join(any_app, 7)
    block(any_app, 7)
    top_up(any_app, 7, rub(MONEY))
    with pytest.raises(Blocked):
        any_app.bidding.bid(for_roubles(any_app, type=kind), 7, 2_000, any_app.now())


def test_a_debt_of_roubles_bars_bids_in_roubles_and_none_in_stars(any_app: StagedApp) -> None:
    people(any_app)
    join(any_app, 7, stars=1_000)
    owe(any_app, 7, rub(5_000), for_roubles(any_app))
    with pytest.raises(InDebt) as refusal:
        any_app.bidding.bid(for_roubles(any_app), 7, 2_000, any_app.now())
    assert refusal.value.owed == rub(5_000)
    any_app.bidding.bid(put_up(any_app).auction.id, 7, 500, any_app.now())


@pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])
def test_bids_and_a_block_at_once_leave_no_bid_after_the_block(emulated: DynamoApp, kind: str) -> None:
    people(emulated)
    for _ in range(3):
        lot = for_roubles(emulated, type=kind)
        bids = [partial(emulated.bidding.bid, lot, ANNA, 2_000 * n, emulated.now(), confirmed=True) for n in (1, 2, 3)]
        answers = hammer([*bids, partial(block, emulated, ANNA)])
        assert all(isinstance(answer, Accepted | StarbidError) for answer in answers[:-1]), answers
        with pytest.raises(Blocked):
            emulated.bidding.bid(lot, ANNA, 90_000, emulated.now(), confirmed=True)
        check(emulated.store)
        unblock(emulated, ANNA)


def test_bids_and_a_chargeback_at_once_keep_the_books(emulated: DynamoApp) -> None:
    people(emulated)
    for _ in range(5):
        lot, charge = for_roubles(emulated), top_up(emulated, ANNA, rub(50_000))
        bids = [partial(emulated.bidding.bid, lot, ANNA, 30_000 * n, emulated.now(), confirmed=True) for n in (1, 2, 3)]
        hammer([*bids, partial(emulated.refunding.take_back, charge.id, emulated.now())])
        check(emulated.store)


def test_a_bid_in_roubles_is_one_read_of_two_and_a_half_units_and_one_transaction(emulated: DynamoApp) -> None:
    people(emulated)
    lot, meter = for_roubles(emulated), Meter(emulated.store.client)
    emulated.bidding.bid(lot, ANNA, 10_000, emulated.now(), confirmed=True)
    with meter.measure() as reading:
        emulated.bidding.bid(lot, BORIS, 20_000, emulated.now(), confirmed=True)
    assert reading.calls == ["BatchGetItem", "TransactWriteItems"]
    assert (reading.read_units, reading.write_units) == (2.5, 8)
