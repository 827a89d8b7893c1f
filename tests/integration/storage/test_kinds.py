"""Lots of every kind on each of the three stores: what one of them keeps and refuses, all keep and refuse."""

from __future__ import annotations

from typing import Any

import pytest

from starbid.domain import audit, closing
from starbid.domain.auction import Ending
from starbid.domain.audit_check import problems
from starbid.domain.errors import BidTooLow, NotClosed, PriceMoved
from starbid.domain.wallet import Stake, WalletChange
from starbid.services.auctions import closing as closing_service
from starbid.services.ports import ConditionFailed
from tests.support.dynamo import join, put_up
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, xtr
from tests.support.fakes import StagedApp

FALLING: dict[str, Any] = {"type": "dutch", "floor_price": 50, "drop_amount": 10, "drop_seconds": 60}


@pytest.fixture
def app(any_app: StagedApp) -> StagedApp:
    join(any_app, SELLER, seller=True)
    for who in (ANNA, BORIS, CLARA):
        join(any_app, who, stars=1_000)
    return any_app


def wallet(app: StagedApp, who: int) -> tuple[int, int, dict[str, int]]:
    found = app.store.wallet(who, "XTR", consistent=True)
    return found.available.amount, found.held.amount, {lot: stake.amount for lot, stake in found.stakes.items()}


def bid(app: StagedApp, lot: str, *placed: tuple[int, int]) -> None:
    for who, amount in placed:
        app.bidding.bid(lot, who, amount, app.now(), confirmed=True)


@pytest.mark.parametrize(("kind", "price"), [("sealed", 400), ("vickrey", 350)])
def test_a_sealed_lot_from_its_first_bid_to_its_log(
    app: StagedApp, kind: str, price: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing_service, "CHUNK", 2)
    lot = put_up(app, type=kind, duration_seconds=60).auction.id
    bid(app, lot, (ANNA, 200), (BORIS, 300), (CLARA, 400), (ANNA, 350))
    assert wallet(app, ANNA) == (650, 350, {lot: 350})
    with pytest.raises(BidTooLow):
        bid(app, lot, (ANNA, 350))
    with pytest.raises(NotClosed):
        app.browsing.log(lot, app.now())
    head = audit.head_of(app.store.auction(lot, consistent=True))
    app.closing.wake(lot, app.clock.forward(seconds=62))
    auction = app.store.auction(lot, consistent=True)
    assert (auction.ending, auction.leader_id, auction.price) == (Ending.SOLD, CLARA, xtr(price))
    assert [wallet(app, who) for who in (ANNA, BORIS, CLARA)] == [
        (1_000, 0, {}),
        (1_000, 0, {}),
        (1_000 - price, 0, {}),
    ]
    assert app.store.due_auctions(app.now(), 10) == []
    log = app.browsing.log(lot, app.now())
    assert (problems(log, head), log["head"]) == ([], head)


def test_a_cancelled_sealed_lot_is_due_at_once_until_all_holds_are_back(app: StagedApp) -> None:
    lot = put_up(app, type="sealed", duration_seconds=86_400).auction
    bid(app, lot.id, (ANNA, 200), (BORIS, 300))
    before = app.store.auction(lot.id, consistent=True)
    closed = closing.cancel(before, 900, True, "stolen", app.now())
    unit = app.store.unit()
    unit.save_auction(before, closed.auction)
    unit.commit()
    kept = app.store.auction(lot.id, consistent=True)
    assert kept == closed.auction
    assert (kept.ending, kept.outcome, kept.released_from) == (Ending.CLOSING, Ending.CANCELLED, 3)
    assert app.store.due_auctions(app.now(), 10) == [lot.id]
    app.closing.sweep(app.now())
    assert app.store.auction(lot.id, consistent=True).ending is Ending.CANCELLED
    assert (wallet(app, ANNA), wallet(app, BORIS)) == ((1_000, 0, {}), (1_000, 0, {}))


def test_a_stake_changes_only_from_what_it_was_thought_to_be(app: StagedApp) -> None:
    lot = put_up(app, type="sealed").auction.id
    bid(app, lot, (ANNA, 200))
    wrong = [Stake(lot, None, xtr(300)), Stake(lot, xtr(199), xtr(300)), Stake("other", xtr(5), None)]
    for stake in wrong:
        unit = app.store.unit()
        unit.change_wallet(WalletChange.hold(ANNA, xtr(1), stake))
        with pytest.raises(ConditionFailed) as refused:
            unit.commit()
        assert refused.value.current("wallet").stakes == {lot: xtr(200)}
    assert wallet(app, ANNA) == (800, 200, {lot: 200})


def test_a_dutch_lot_keeps_how_it_falls_and_sells_at_the_price_of_the_moment(app: StagedApp) -> None:
    lot = put_up(app, **FALLING).auction.id
    app.clock.forward(seconds=60)
    with pytest.raises(PriceMoved) as moved:
        app.bidding.buy(lot, ANNA, 89, app.now())
    assert moved.value.price == xtr(90)
    app.bidding.buy(lot, ANNA, 100, app.now())
    assert wallet(app, ANNA) == (910, 0, {})
    log = app.browsing.log(lot, app.now())
    assert problems(log) == []
    assert (log["terms"]["floor_price"], log["terms"]["drop_amount"], log["terms"]["drop_seconds"]) == (50, 10, 60)


@pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])
def test_every_row_is_read_as_it_was_written_its_place_in_the_chain_included(app: StagedApp, kind: str) -> None:
    lot = put_up(app, type=kind, reserve_price=150).auction.id
    accepted = [
        app.bidding.bid(lot, who, amount, app.now(), confirmed=True)
        for who, amount in ((ANNA, 120), (BORIS, 400), (CLARA, 300))
    ]
    rows = app.store.bids(lot, consistent=True).items
    assert [row.chain for row in rows] == [done.bid.chain for done in reversed(accepted)]
    assert app.store.auction(lot, consistent=True) == accepted[-1].auction
    assert list(rows) == [done.bid for done in reversed(accepted)]
