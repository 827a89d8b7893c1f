"""Wherever a process dies, the batch that comes again makes it whole: each achievement once, told once."""

from __future__ import annotations

from typing import Any

from starbid.services.achievements.counting import Achieving
from tests.support.achieved import logged
from tests.support.factories import ANNA, BORIS, market
from tests.support.fakes import Death, FakeApp
from tests.support.mortal import Fate, Mortal


def lived(fate: Fate) -> FakeApp:
    app, lot = market()
    for who, amount in ((ANNA, 300), (BORIS, 900), (ANNA, 2_000)):
        app.bidding.bid(lot.auction.id, who, amount, app.now())
    app.clock.forward(hours=2)
    app.closing.close(lot.auction.id, app.now())
    entries = logged(app)
    ports: list[Any] = [Mortal(app.store, fate), Mortal(app.achievements, fate), app.event_log]
    for _ in range(2):
        try:
            Achieving(*ports).count(entries)
            break
        except Death:
            fate.revive()
    return app


def test_wherever_it_dies_each_is_earned_and_told_once() -> None:
    undisturbed = lived(Fate())
    told = undisturbed.store.take_stream()
    assert len(told) == 3
    moment = 0
    while True:
        fate = Fate(moment)
        app = lived(fate)
        if not fate.was_met:
            break
        assert app.store.tables.achievements == undisturbed.store.tables.achievements, (moment, fate.last)
        assert app.store.take_stream() == told, (moment, fate.last)
        moment += 1
    assert moment > 10
