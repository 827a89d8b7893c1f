"""What happened before there were achievements is counted from the log, in portions, and told to nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from starbid.services.achievements import counting
from tests.support.achieved import earned, earned_now, logged
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, market
from tests.support.fakes import START, FakeApp

HOUR = timedelta(hours=1)


def history() -> FakeApp:
    """A day of three bidders that stands in the log, uncounted."""
    app, lot = market()
    for who, amount in ((ANNA, 300), (BORIS, 600), (CLARA, 900), (ANNA, 1_500)):
        app.clock.forward(minutes=2)
        app.bidding.bid(lot.auction.id, who, amount, app.now())
    app.clock.forward(hours=2)
    app.closing.close(lot.auction.id, app.now())
    logged(app)
    return app


def catch_up(app: FakeApp) -> int:
    """How many portions it took."""
    since, portions = START - HOUR, 1
    while True:
        entries, reached = app.achieving.portion(since, app.now() + HOUR)
        app.achieving.count(entries, tell=False)
        if reached is None:
            return portions
        since, portions = reached, portions + 1


@pytest.mark.parametrize(("portion", "portions"), [(1000, 1), (3, 2), (2, 3), (1, 6)])
def test_a_history_is_counted_in_portions_and_told_to_nobody(
    monkeypatch: pytest.MonkeyPatch, portion: int, portions: int
) -> None:
    monkeypatch.setattr(counting, "PORTION", portion)
    app = history()
    assert catch_up(app) == portions
    assert earned(app, ANNA) == {"first_bid", "first_win"}
    assert (earned(app, BORIS), earned(app, SELLER)) == ({"first_bid"}, {"first_lot"})
    assert app.store.take_stream() == []


def test_catching_up_again_changes_nothing() -> None:
    app = history()
    catch_up(app)
    before = app.store.tables.snapshot()
    catch_up(app)
    assert app.store.tables == before


def test_what_the_stream_counted_first_stays_as_it_was_told() -> None:
    app, lot = market()
    app.bidding.bid(lot.auction.id, ANNA, 300, app.now())
    assert earned_now(app)[ANNA] == ["first_bid"]
    before = app.store.tables.snapshot()
    catch_up(app)
    assert app.store.tables == before
