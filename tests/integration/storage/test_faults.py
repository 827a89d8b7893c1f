"""AWS at its worst: conflicts, throttles, lost answers, and a death between any two calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from starbid.domain.errors import BidTooLow, Conflict, StarbidError
from starbid.services.auctions import waiting
from starbid.services.ports import Unavailable
from tests.support import factories
from tests.support.aws_faults import AwsFaults, conflict, death_at, sometimes, throttle, time_out, under_way
from tests.support.desk import deciding
from tests.support.dynamo import DynamoApp, check, hammer, join, put_up
from tests.support.factories import ANNA, BORIS, SELLER, xtr
from tests.support.failing import Death

WRITE = "TransactWriteItems"


@pytest.fixture
def faults(emulated: DynamoApp) -> Iterator[AwsFaults]:
    planted = AwsFaults(emulated.store.client)
    yield planted
    planted.heal()


def people(app: DynamoApp) -> None:
    join(app, SELLER, stars=500, seller=True)
    for bidder_id in (ANNA, BORIS):
        join(app, bidder_id, stars=1_000)


def test_conflicts_in_a_third_of_the_writes_cost_retries_but_no_star(emulated: DynamoApp, faults: AwsFaults) -> None:
    people(emulated)
    lot = put_up(emulated).auction.id
    faults.plan = sometimes(0.3, conflict, WRITE)
    answers = hammer(
        [
            partial(emulated.bidding.bid, lot, who, 100 + 10 * n, emulated.now(), confirmed=True)
            for n in range(20)
            for who in (ANNA, BORIS)
        ],
        threads=8,
    )
    faults.heal()
    assert faults.struck > 0
    assert all(isinstance(a, BidTooLow | Conflict) for a in answers if isinstance(a, BaseException))
    check(emulated.store)


def test_a_conflict_that_waiting_did_not_solve_has_a_name_and_the_bid_never_counts(
    emulated: DynamoApp, faults: AwsFaults, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "LONGEST_SECONDS", 0.5)
    people(emulated)
    lot = put_up(emulated).auction.id
    before = len(faults.calls)
    faults.plan = sometimes(1, conflict, WRITE)
    with pytest.raises(Conflict):
        emulated.bidding.bid(lot, ANNA, 200, emulated.now())
    assert faults.calls[before:].count(WRITE) > 1, "the way alone, and the line"
    faults.heal()
    emulated.combining.drain(lot)
    assert not check(emulated.store).bids


def test_a_throttled_write_is_tried_again(emulated: DynamoApp, faults: AwsFaults) -> None:
    people(emulated)
    lot = put_up(emulated).auction.id
    left = [throttle(), throttle()]
    faults.plan = lambda operation, when: left.pop() if operation == WRITE and when == "before" and left else None
    assert emulated.bidding.bid(lot, ANNA, 200, emulated.now()).auction.leader_id == ANNA


@pytest.mark.parametrize("operation", ["BatchGetItem", WRITE])
def test_a_store_that_does_not_answer_is_unavailable_and_nothing_is_half_done(
    emulated: DynamoApp, faults: AwsFaults, operation: str
) -> None:
    people(emulated)
    lot = put_up(emulated).auction.id
    faults.plan = sometimes(1, time_out, operation)
    with pytest.raises(Unavailable):
        emulated.bidding.bid(lot, ANNA, 200, emulated.now())
    faults.heal()
    tables = check(emulated.store)
    assert tables.auctions[lot].bids_count == 0


def test_a_write_that_may_yet_happen_is_not_decided_again(emulated: DynamoApp, faults: AwsFaults) -> None:
    people(emulated)
    lot = put_up(emulated).auction.id
    before = len(faults.calls)
    faults.plan = sometimes(1, under_way, WRITE)
    with pytest.raises(Unavailable):
        emulated.bidding.bid(lot, ANNA, 200, emulated.now())
    assert faults.calls[before:].count(WRITE) == 1


def test_a_lost_answer_leaves_a_bid_that_counts_once(emulated: DynamoApp, faults: AwsFaults) -> None:
    people(emulated)
    lot = put_up(emulated).auction.id
    faults.plan = lambda operation, when: time_out() if (operation, when) == (WRITE, "after") else None
    with pytest.raises(Unavailable):
        emulated.bidding.bid(lot, ANNA, 200, emulated.now())
    faults.heal()
    with pytest.raises(BidTooLow):
        emulated.bidding.bid(lot, ANNA, 200, emulated.now())
    assert emulated.store.wallet(ANNA, "XTR", consistent=True).held == xtr(200)
    check(emulated.store)


Deed = Callable[[DynamoApp, str, str], Any]
"""(app, live lot on which ANNA leads, what makes this round's requests differ from the last one's)."""
DEEDS: dict[str, Deed] = {
    "bid": lambda app, lot, _: app.bidding.bid(lot, BORIS, 400, app.now()),
    "close": lambda app, lot, _: app.closing.wake(lot, app.clock.forward(hours=2, seconds=2)),
    "cancel": lambda app, lot, _: app.publishing.cancel(900, lot, app.now(), decision=deciding("r", app.now())),
    "publish": lambda app, _, tag: app.publishing.publish(SELLER, factories.draft(app.now()), (), tag, app.now()),
    "subscribe": lambda app, _, tag: app.people.subscribe(SELLER, tag, app.now()),
    "credit": lambda app, _, tag: factories.pay(app, ANNA, 50, f"late {tag}"),
    "refund": lambda app, _, tag: app.refunding.refund(ANNA, f"early {tag}", app.now()),
    "take back": lambda app, _, tag: app.refunding.taken_back(ANNA, f"early {tag}", "?", 30, "XTR", app.now()),
}


@pytest.mark.parametrize("name", DEEDS)
def test_a_death_at_any_moment_is_mended_by_doing_it_again(emulated: DynamoApp, faults: AwsFaults, name: str) -> None:
    """Before and after each call in turn the process dies; the same request comes again; the books balance."""
    people(emulated)
    deed = DEEDS[name]
    for moment in range(40):
        tag = f"round {moment}"
        prepare(emulated, tag)
        lot = put_up(emulated, duration_seconds=3600).auction.id
        emulated.bidding.bid(lot, ANNA, 150, emulated.now())
        died = False
        faults.plan = death_at(moment)
        try:
            deed(emulated, lot, tag)
        except Death:
            died = True
        faults.heal()
        check(emulated.store)
        if not died:
            assert moment >= 2, "it writes at least once, so it can die at least twice"
            return
        with suppress(StarbidError):
            deed(emulated, lot, tag)
        emulated.refunding.finish_refunds(emulated.now())
        check(emulated.store)
    raise AssertionError("the deed never lived to its end")


def prepare(app: DynamoApp, tag: str) -> None:
    """Money for the round, a charge to refund, and a subscription that runs."""
    factories.pay(app, ANNA, 30, f"early {tag}")
    for user_id in (ANNA, BORIS, SELLER):
        factories.pay(app, user_id, 500)
    app.people.subscribe(SELLER, f"before {tag}", app.now())
