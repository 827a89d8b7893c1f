"""Whatever others do at the same moment, no bid is told `conflict` before it has tried for eight seconds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from starbid.domain.errors import Conflict
from starbid.services.ports import Contended, Throttled
from starbid.services.retrying import ATTEMPTS
from tests.support.debts import earn, owing
from tests.support.factories import ANNA, SELLER, join, market, put_up
from tests.support.fakes import FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.lines import decides, led_by_another, pace_of
from tests.support.memory_batch import MemoryBatch


def throttle(app: FakeApp, patch: pytest.MonkeyPatch, is_hot: Callable[[MemoryBatch], bool]) -> None:
    """Reads of many items at once that `is_hot` says so of are throttled."""
    read = app.store.fetch

    def fetch(batch: MemoryBatch) -> None:
        if is_hot(batch):
            raise Throttled
        read(batch)

    patch.setattr(app.store, "fetch", fetch)


def test_a_read_that_is_throttled_for_seconds_turns_no_bid_away(monkeypatch: pytest.MonkeyPatch) -> None:
    app, made = market()
    pace = pace_of(app)
    throttle(app, monkeypatch, lambda _: pace.elapsed() < 5)
    assert app.bidding.bid(made.auction.id, ANNA, 500, app.now()).bid.number == 1


def test_a_read_that_is_throttled_for_longer_than_8_seconds_is_no_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    app, made = market()
    throttle(app, monkeypatch, lambda _: True)
    with pytest.raises(Throttled):
        app.bidding.bid(made.auction.id, ANNA, 500, app.now())
    assert 8 <= pace_of(app).elapsed() < 8.5
    assert app.store.tables.bids == {}


def test_who_was_accepted_is_told_so_though_the_reading_of_it_is_throttled_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app, made = market()
    lot, pace = made.auction.id, pace_of(app)
    led_by_another(app, lot)
    pace.meanwhile.append(lambda: decides(app, lot))
    throttle(app, monkeypatch, lambda batch: "bid" in batch.name.split("+") and pace.elapsed() < 5)
    assert app.bidding.bid(lot, ANNA, 500, app.now()).bid.number == 1
    assert pace.elapsed() >= 5


def indebted(earned: int) -> tuple[FakeApp, str]:
    """A lot of 100 and ANNA, who owes 100 and has come to `earned`."""
    app = owing(100)
    join(app, SELLER, seller=True)
    lot = put_up(app, start_price=100).auction.id
    earn(app, earned)
    return app, lot


def test_a_debt_that_cannot_be_settled_at_this_moment_is_settled_in_the_line() -> None:
    app, lot = indebted(1_000)
    app.store.fail_next(Contended(), times=ATTEMPTS)
    assert app.bidding.bid(lot, ANNA, 300, app.now()).bid.number == 1
    wallet = app.store.wallet(ANNA, "XTR", consistent=True)
    assert (wallet.available.amount, wallet.held.amount, wallet.owed.amount) == (600, 300, 0)
    assert_invariants(dump_of(app.store))


def test_a_debt_that_cannot_be_settled_for_8_seconds_is_a_conflict_and_the_bid_never_counts() -> None:
    app, lot = indebted(1_000)
    app.store.fail_next(Contended(), times=10_000)
    began = pace_of(app).elapsed()
    with pytest.raises(Conflict):
        app.bidding.bid(lot, ANNA, 300, app.now())
    assert pace_of(app).elapsed() - began >= 8
    app.store.heal()
    decides(app, lot)
    assert (app.store.tables.intents, app.store.tables.bids) == ({}, {})
