"""Crowds on lots: the part of a day of the market in which bids wait, and others decide them (test_permissions)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import auction_closer.app
from starbid.domain.intents import Intent, Memory, Placed, Wish
from starbid.storage.clients import client
from tests.support.aws_faults import AwsFaults, conflict
from tests.support.dynamo import put_up
from tests.support.factories import ANNA, BORIS, CLARA, xtr
from tests.support.moto_market import Market
from tests.support.records import batch, message
from tests.support.web import Client

CLOSER = "AuctionCloserFunction"


def crowd(market: Market) -> None:
    app = market.app
    lot = put_up(app).auction.id
    with busy(2):
        market.press(ANNA, f"b:{lot}:100:1")
    with busy(2), market.record.of("WebFunction"):
        anna = Client(app).log_in(ANNA)
        keyed = anna.post(f"/api/v1/auctions/{lot}/bids", {"amount": 300}, headers={"idempotency-key": "crowd"})
    assert keyed.status == 201, keyed.text
    gave_up = _intent(market, lot, CLARA, 900)
    for function in ("WebFunction", "WebhookFunction"):
        with market.record.of(function):
            app.intents.add(gave_up)
            assert app.intents.withdraw(gave_up) is None
    assert app.store.auction(lot, consistent=True).bids_count == 2


def crowd_without_its_functions(market: Market) -> None:
    """Those who waited died; the closer decides for them."""
    app, handler = market.app, auction_closer.app.lambda_handler
    lot = put_up(app, duration_seconds=120, extend_seconds=0).auction.id
    app.intents.take_lease(lot, "dead", app.now() + timedelta(seconds=2), app.now())
    waiting = [_intent(market, lot, BORIS, 100), _intent(market, lot, ANNA, 300), _intent(market, lot, BORIS, 310)]
    for intent in waiting[:2]:
        app.intents.add(intent)
    market.clock.forward(seconds=15)
    body = {"job": "drain", "auction_id": lot}
    market.call(CLOSER, handler, batch(message(body, queue="CloserQueue")))
    assert [app.intents.outcome_and_line(intent)[0] for intent in waiting[:2]] == [Placed(1), Placed(2)]
    app.intents.add(waiting[2])
    market.clock.forward(minutes=5)
    market.call(CLOSER, handler, {"auction_id": lot})
    assert app.intents.outcome_and_line(waiting[2])[0] == Placed(3)
    assert app.store.deal(lot).buyer_id == BORIS


def _intent(market: Market, lot: str, who: int, amount: int) -> Intent:
    name = f"{amount:09}-{lot}"  # those who arrive together are decided by their names
    return Intent(name, lot, who, Wish.BID, xtr(amount), market.app.now(), confirmed=True, memory=Memory(name, "f"))


@contextmanager
def busy(times: int) -> Iterator[None]:
    """Another transaction holds the lot at the next few tries."""
    faults, left = AwsFaults(client("dynamodb")), [conflict() for _ in range(times)]

    def plan(operation: str, when: str) -> dict[str, object] | None:
        return left.pop() if left and (operation, when) == ("TransactWriteItems", "before") else None

    faults.plan = plan
    yield
    faults.heal()
    assert not left
