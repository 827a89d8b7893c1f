"""Who waits in a crowd for eight seconds: the bid is taken back, or what became of it is told."""

from __future__ import annotations

import pytest

from starbid.domain.errors import BidTooLow, Conflict
from starbid.services.ports import Contended, Unavailable
from tests.support.factories import ANNA, BORIS
from tests.support.lines import MS, OTHER, SECOND, crowd_on, decides, led_by_another, pace_of, rows_of, the_lot, waits


def test_who_waits_for_8_seconds_takes_the_bid_back_and_it_never_counts() -> None:
    app, lot = the_lot()
    app.clock.forward(seconds=1)
    crowd_on(app, lot)
    pace = pace_of(app)
    app.intents.take_lease(lot, OTHER, app.now() + 60 * SECOND, app.now())
    began = pace.elapsed()
    with pytest.raises(Conflict):
        app.bidding.bid(lot, ANNA, 500, app.now())
    assert 8 <= pace.elapsed() - began < 8.5
    decides(app, lot)
    assert (app.store.tables.intents, app.store.tables.bids) == ({}, {})


def test_who_is_decided_at_the_moment_of_giving_up_is_told_that() -> None:
    app, lot = the_lot()
    led_by_another(app, lot)
    app.intents.meanwhile(lambda: None)  # the storing
    app.intents.meanwhile(lambda: decides(app, lot))  # the taking back
    assert app.bidding.bid(lot, ANNA, 500, app.now()).bid.number == 1
    assert rows_of(app, ANNA) == [500]


def test_who_cannot_take_the_bid_back_either_is_told_that_nobody_knows() -> None:
    app, lot = the_lot()
    led_by_another(app, lot)
    app.intents.meanwhile(lambda: None)
    app.intents.meanwhile(lambda: app.intents.fail_next(Unavailable(), times=1_000))
    began = pace_of(app).elapsed()
    with pytest.raises(Unavailable):
        app.bidding.bid(lot, ANNA, 500, app.now())
    assert 10 <= pace_of(app).elapsed() - began < 10.5


def test_who_gives_up_does_not_take_the_lease_along() -> None:
    """Others would wait for it to run out."""
    app, lot = the_lot()
    led_by_another(app, lot)
    pace, store = pace_of(app), app.store
    store.fail_next(Contended(), times=10_000)
    pace.moves_clock = True
    with pytest.raises(Conflict):
        app.bidding.bid(lot, ANNA, 500, app.now())
    assert app.intents.take_lease(lot, "next", app.now() + SECOND, app.now())


def test_a_line_that_cannot_be_written_to_for_8_seconds_makes_a_conflict() -> None:
    app, lot = the_lot()
    crowd_on(app, lot)
    app.intents.fail_next(Contended(), times=1_000)
    with pytest.raises(Conflict):
        app.bidding.bid(lot, ANNA, 500, app.now())
    app.intents.heal()
    assert app.store.tables.intents == {}


def test_a_refusal_is_told_once_it_is_read_though_its_row_cannot_be_dropped() -> None:
    app, lot = the_lot()
    waits(app, lot, BORIS, 600)
    led_by_another(app, lot)

    def decided_and_deaf() -> None:
        decides(app, lot)
        app.intents.fail_next(Unavailable())

    pace_of(app).meanwhile.append(decided_and_deaf)
    with pytest.raises(BidTooLow):
        app.bidding.bid(lot, ANNA, 100, app.now() + MS)
