"""A crowd while a pause begins and ends: who waits is decided by arrival (spec, sections 3 and 9)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from starbid.domain.auction import Ending
from starbid.domain.errors import AuctionClosed
from starbid.domain.pause import Paused
from tests.support.factories import ANNA, BORIS, CLARA, market
from tests.support.invariants import assert_invariants, dump_of
from tests.support.lines import MS, SECOND, decides, said, waits
from tests.support.paused import carry, pause, resume
from tests.support.there import there

HOUR = timedelta(hours=1)
KINDS = pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])


@KINDS
@pytest.mark.parametrize("decided", ["in the pause", "after it", "after the moving", "by the closer"])
def test_who_waits_is_decided_by_arrival_whenever_that_is_done(kind: str, decided: str) -> None:
    app, made = market(type=kind, duration_seconds=60, extend_seconds=0 if kind == "english" else None)
    lot = made.auction.id
    app.clock.forward(seconds=58)
    pause(app)
    began = app.now()
    line = [
        waits(app, lot, who, 300 + 100 * n, began + at)
        for n, (who, at) in enumerate([(ANNA, -MS), (BORIS, timedelta(0)), (CLARA, SECOND), (BORIS, 30 * SECOND)])
    ]
    if decided == "in the pause":
        decides(app, lot)
    app.clock.forward(minutes=59)
    resume(app)
    ended = app.now()
    if decided == "after it":
        decides(app, lot)
    carry(app)
    late = [waits(app, lot, CLARA, 900, ended - MS), waits(app, lot, BORIS, 950, ended)]
    if decided == "after the moving":
        decides(app, lot)
    end = made.auction.ends_at + (ended - began)
    too_late = waits(app, lot, ANNA, 2_000, end)
    app.clock.now = end + 2 * SECOND
    assert app.closing.close(lot, app.now()).ending is Ending.SOLD
    assert said(app, *line) == [1, Paused, Paused, Paused]
    assert said(app, *late, too_late) == [Paused, 2, AuctionClosed]
    assert app.store.auction(lot).leader_id == BORIS
    assert_invariants(dump_of(app.store))


def test_a_waiting_bid_moves_the_end_of_a_lot_that_the_clock_says_is_over() -> None:
    """It arrived in the last second, the pause began before it was decided, and the lot ends after the pause."""
    app, made = market(duration_seconds=60, extend_seconds=120)
    lot = made.auction.id
    app.clock.forward(seconds=59)
    waiting = waits(app, lot, ANNA, 300, app.now() + 999 * MS)
    pause(app)
    began = there(app.store.pauses().running).began
    assert began == made.auction.ends_at
    app.clock.forward(seconds=2)
    assert app.closing.close(lot, app.now()).ending is Ending.OPEN
    assert said(app, waiting) == [1]
    app.clock.forward(hours=1)
    app.closing.sweep(app.now())
    resume(app)
    ended = there(there(app.store.pauses().last).ended)
    carry(app)
    assert app.store.auction(lot).ends_at == began - MS + timedelta(seconds=120) + (ended - began)
