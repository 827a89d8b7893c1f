"""An operator takes a lot down in the middle of a crowd, and gets through."""

from __future__ import annotations

import pytest

from starbid.domain.auction import Ending
from starbid.domain.errors import AuctionClosed, Conflict, HasBids
from starbid.services.auctions import combining
from starbid.services.ports import Contended
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, market
from tests.support.fakes import FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.lines import MS, SECOND, decides, pace_of, said, undecided, waits

ADMIN = 900
KINDS = pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])


def balance(app: FakeApp, who: int) -> tuple[int, int, int]:
    wallet = app.store.wallet(who, "XTR", consistent=True)
    return wallet.available.amount, wallet.held.amount, wallet.owed.amount


def cancels(app: FakeApp, lot: str) -> None:
    app.publishing.cancel(ADMIN, lot, app.now(), decision=deciding("a fake", app.now()))


@KINDS
def test_a_lot_cancelled_between_reading_and_writing_takes_no_bid_of_the_crowd(kind: str) -> None:
    app, made = market(type=kind)
    lot = made.auction.id
    app.bidding.bid(lot, CLARA, 150, app.now())
    line = [waits(app, lot, who, 300 + 50 * n, app.now() + n * MS) for n, who in enumerate((ANNA, BORIS))]
    app.store.meanwhile(lambda: cancels(app, lot))
    decides(app, lot)
    assert said(app, *line) == [AuctionClosed, AuctionClosed]
    assert app.store.tables.auctions[lot].ending is Ending.CANCELLED
    assert [balance(app, who) for who in (ANNA, BORIS, CLARA)] == [(10_000, 0, 0)] * 3
    assert_invariants(dump_of(app.store))


@KINDS
def test_a_lot_cancelled_between_two_batches_gives_back_what_the_first_one_held(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(combining, "MOST_INTENTS", 2)
    app, made = market(type=kind)
    lot = made.auction.id
    bids = ((ANNA, 300), (BORIS, 400), (CLARA, 500), (ANNA, 600))
    line = [waits(app, lot, who, amount, app.now() + n * MS) for n, (who, amount) in enumerate(bids)]
    app.store.meanwhile(lambda: None)
    app.store.meanwhile(lambda: cancels(app, lot))
    decides(app, lot)
    assert said(app, *line) == [1, 2, AuctionClosed, AuctionClosed]
    assert [balance(app, who) for who in (ANNA, BORIS, CLARA)] == [(10_000, 0, 0)] * 3
    assert_invariants(dump_of(app.store))


def test_an_operator_gets_through_a_crowd_that_is_in_the_way_of_each_try() -> None:
    app, made = market(start_price=10, bid_step=1)
    lot = made.auction.id
    line = [waits(app, lot, ANNA, 10 + 10 * n, app.now() + n * MS) for n in range(400)]
    app.intents.take_lease(lot, "another", app.now() + SECOND, app.now())
    for _ in range(4):  # somebody decides a batch just before each of the first tries
        app.store.meanwhile(lambda: app.combining._round(lot, combining._Shift()))
        app.store.meanwhile(lambda: None)  # that batch's own commit
    pace_of(app).moves_clock = True
    cancels(app, lot)
    assert app.store.tables.auctions[lot].ending is Ending.CANCELLED
    assert 0 < app.store.tables.auctions[lot].bids_count < 400
    decides(app, lot)
    assert not undecided(app, line)
    assert balance(app, ANNA) == (10_000, 0, 0)
    assert_invariants(dump_of(app.store))


def test_an_operator_gives_the_lease_back_also_where_the_lot_cannot_be_cancelled() -> None:
    app, made = market()
    lot = made.auction.id
    app.store.fail_next(Contended(), times=4)
    with pytest.raises(HasBids):
        cancel_as_seller_after_a_bid(app, lot)
    assert app.intents.take_lease(lot, "next", app.now() + SECOND, app.now())


def cancel_as_seller_after_a_bid(app: FakeApp, lot: str) -> None:
    """Four tries meet others; before the fifth somebody has bid."""
    real = app.intents.take_lease

    def bid_first(*args: object) -> bool:
        app.intents.take_lease = real  # type: ignore[method-assign]
        app.bidding.bid(lot, ANNA, 200, app.now())
        return real(*args)  # type: ignore[arg-type]

    app.intents.take_lease = bid_first  # type: ignore[method-assign, assignment]
    app.publishing.cancel(SELLER, lot, app.now())


def test_an_operator_does_not_wait_for_a_lease_that_hundreds_want_more_often() -> None:
    app, made = market()
    lot = made.auction.id
    app.intents.take_lease(lot, "another", app.now() + combining.LEASE, app.now())
    app.store.fail_next(Contended(), times=4)
    began = pace_of(app).elapsed()
    cancels(app, lot)
    assert app.store.tables.auctions[lot].ending is Ending.CANCELLED
    assert pace_of(app).elapsed() == began
    app.intents.give_back_lease(lot, "another", app.now())
    assert app.intents.take_lease(lot, "next", app.now() + SECOND, app.now()), "it is free again"


def test_while_an_operator_acts_nobody_begins_to_decide() -> None:
    app, made = market()
    lot = made.auction.id
    app.store.fail_next(Contended(), times=4)
    for _ in range(4):
        app.store.meanwhile(lambda: None)
    taken = []
    app.store.meanwhile(lambda: taken.append(app.combining.take_lease(lot, "another")))
    cancels(app, lot)
    assert taken == [False]


def test_an_operator_gets_through_a_line_that_is_throttled() -> None:
    app, made = market()
    app.store.fail_next(Contended(), times=4)
    app.intents.fail_next(Contended(), times=3)
    cancels(app, made.auction.id)
    assert app.store.tables.auctions[made.auction.id].ending is Ending.CANCELLED


def test_an_operator_is_told_conflict_where_nothing_helps_for_long() -> None:
    app, made = market()
    app.store.fail_next(Contended(), times=10_000)
    began = pace_of(app).elapsed()
    with pytest.raises(Conflict):
        cancels(app, made.auction.id)
    assert 10 <= pace_of(app).elapsed() - began < 11
