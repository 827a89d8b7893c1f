"""Many at once, on an emulator whose transactions are isolated."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any

from starbid.domain.auction import Ending
from starbid.domain.errors import BidTooLow, Conflict, StarbidError
from starbid.domain.money import XTR
from starbid.domain.payments import Charge
from tests.support import factories
from tests.support.dynamo import DynamoApp, check, dump, hammer, join, put_up
from tests.support.factories import ANNA, BORIS, SELLER, xtr

BIDDERS = tuple(range(1, 33))


def market(app: DynamoApp, lots: int, **changes: Any) -> list[str]:
    join(app, SELLER, seller=True)
    for bidder_id in BIDDERS:
        join(app, bidder_id, stars=5_000)
    return [put_up(app, **changes).auction.id for _ in range(lots)]


def test_32_people_bid_on_one_lot_at_once_and_the_books_balance(emulated: DynamoApp) -> None:
    (lot,) = market(emulated, 1)
    now = emulated.now()
    dice = random.Random(7)
    calls = [
        partial(emulated.bidding.bid, lot, bidder_id, dice.randrange(100, 4_000), now, confirmed=True)
        for bidder_id in BIDDERS
        for _ in range(3)
    ]
    answers = hammer(calls)
    refusals = [answer for answer in answers if isinstance(answer, BaseException)]
    assert all(isinstance(answer, BidTooLow | Conflict) for answer in refusals), refusals
    tables = check(emulated.store)
    accepted = len(answers) - len(refusals)
    assert accepted >= 1
    assert tables.auctions[lot].bids_count == accepted == len(tables.bids)


def test_32_people_bid_across_lots_and_nobody_spends_a_star_twice(emulated: DynamoApp) -> None:
    lots = market(emulated, 8)
    now = emulated.now()
    dice = random.Random(8)
    calls = [
        partial(emulated.bidding.bid, dice.choice(lots), bidder_id, dice.randrange(1_000, 4_000), now, confirmed=True)
        for bidder_id in BIDDERS
        for _ in range(4)
    ]
    answers = hammer(calls)
    assert all(isinstance(a, StarbidError) for a in answers if isinstance(a, BaseException))
    check(emulated.store)


def test_the_same_charge_delivered_20_times_at_once_is_credited_once(emulated: DynamoApp) -> None:
    join(emulated, ANNA)
    _, payload = emulated.paying.order_stars(ANNA, 700, emulated.now())
    credit = partial(emulated.paying.credit, ANNA, "charge", payload, 700, "XTR", emulated.now())
    answers = hammer([credit] * 20)
    assert all(isinstance(answer, Charge | Conflict) for answer in answers)
    assert sum(isinstance(answer, Charge) for answer in answers) >= 1
    assert emulated.store.wallet(ANNA, "XTR", consistent=True).available == xtr(700)
    tables = check(emulated.store)
    assert len(tables.events) == 1


def test_a_debt_and_bids_at_once_are_settled_once_and_nothing_is_bid_that_is_owed(emulated: DynamoApp) -> None:
    led, live = market(emulated, 2)
    now, debtor = emulated.now(), 99
    join(emulated, debtor)
    factories.pay(emulated, debtor, 250, "taken back")
    factories.pay(emulated, debtor, 100, "kept")
    emulated.bidding.bid(led, debtor, 300, now, confirmed=True)
    emulated.refunding.taken_back(debtor, "taken back", "", 250, "XTR", now)
    emulated.bidding.bid(led, ANNA, 400, now, confirmed=True)
    before = emulated.store.wallet(debtor, "XTR", consistent=True)
    assert (before.available, before.held, before.owed) == (xtr(300), xtr(0), xtr(200))

    settle = partial(emulated.debts.offset, debtor, XTR, now)
    bids: list[Callable[[], object]] = [
        partial(emulated.bidding.bid, live, debtor, amount, now, confirmed=True) for amount in (100, 100, 101, 300)
    ]
    answers = hammer([*[settle] * 8, *bids])
    assert all(isinstance(a, StarbidError) for a in answers if isinstance(a, BaseException)), answers

    emulated.debts.offset(debtor, XTR, now)
    tables = check(emulated.store)
    settled = [-transfer.change for transfer in tables.transfers.values() if transfer.kind == "offset_debt"]
    after = emulated.store.wallet(debtor, "XTR", consistent=True)
    assert settled == [xtr(200)]
    assert (after.owed, after.available + after.held) == (xtr(0), xtr(100))


def test_a_closer_fired_10_times_at_once_closes_once(emulated: DynamoApp) -> None:
    join(emulated, SELLER, seller=True)
    join(emulated, ANNA, stars=1_000)
    lot = put_up(emulated, duration_seconds=60, extend_seconds=0).auction.id
    emulated.bidding.bid(lot, ANNA, 800, emulated.now(), confirmed=True)
    now = emulated.clock.forward(seconds=62)
    hammer([partial(emulated.closing.wake, lot, now)] * 10)
    tables = check(emulated.store)
    assert tables.auctions[lot].ending is Ending.SOLD
    assert [t.kind for t in tables.transfers.values() if t.kind == "sale"] == ["sale"]
    assert emulated.store.wallet(ANNA, "XTR", consistent=True).held == xtr(0)


def test_two_buyers_at_once_one_lot_one_sale(emulated: DynamoApp) -> None:
    join(emulated, SELLER, seller=True)
    for buyer in (ANNA, BORIS):
        join(emulated, buyer, stars=1_000)
    lot = put_up(emulated, buy_now_price=500).auction.id
    answers = hammer([partial(emulated.bidding.buy, lot, buyer, 500, emulated.now()) for buyer in (ANNA, BORIS)] * 4)
    assert sum(not isinstance(answer, BaseException) for answer in answers) == 1
    check(emulated.store)


def test_a_bid_and_a_cancellation_at_once_cannot_both_happen(emulated: DynamoApp) -> None:
    join(emulated, SELLER, seller=True)
    join(emulated, ANNA, stars=10_000)
    for _ in range(6):
        lot = put_up(emulated).auction.id
        now = emulated.now()
        bid, cancelled = hammer(
            [
                partial(emulated.bidding.bid, lot, ANNA, 150, now, confirmed=True),
                partial(emulated.publishing.cancel, SELLER, lot, now),
            ]
        )
        assert isinstance(bid, StarbidError) != isinstance(cancelled, StarbidError)
    check(emulated.store)


def test_confirming_many_times_at_once_pays_the_seller_once(emulated: DynamoApp) -> None:
    join(emulated, SELLER, seller=True)
    join(emulated, ANNA, stars=1_000)
    lot = put_up(emulated, buy_now_price=200).auction.id
    emulated.bidding.buy(lot, ANNA, 200, emulated.now())
    emulated.dealing.deliver(SELLER, lot, "the code", emulated.now())
    hammer([partial(emulated.dealing.confirm, ANNA, lot, emulated.now())] * 10)
    assert emulated.store.wallet(SELLER, "XTR", consistent=True).available == xtr(190)
    check(emulated.store)


def test_a_subscription_asked_for_many_times_at_once_is_paid_once(emulated: DynamoApp) -> None:
    join(emulated, ANNA, stars=1_000)
    hammer([partial(emulated.people.subscribe, ANNA, "one request", emulated.now())] * 10)
    assert emulated.store.wallet(ANNA, "XTR", consistent=True).available == xtr(900)
    check(emulated.store)


def test_a_request_that_comes_many_times_at_once_makes_one_lot(emulated: DynamoApp) -> None:
    join(emulated, SELLER, seller=True)
    draft = factories.draft(emulated.now())
    answers = hammer([partial(emulated.publishing.publish, SELLER, draft, (), "same", emulated.now())] * 10)
    assert {answer.auction.id for answer in answers if not isinstance(answer, BaseException)} != set()
    assert len(dump(emulated.store).auctions) == 1
