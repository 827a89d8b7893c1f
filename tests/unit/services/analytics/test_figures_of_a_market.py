"""Figures of a market's day against its tables: the log is not asked."""

from __future__ import annotations

from datetime import timedelta

from starbid.domain.people import SUBSCRIPTION
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, join, put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.fiat import rub, top_up
from tests.support.figures_oracle import assert_figures, counted, there


def a_day() -> FakeApp:
    """Lots that are sold, unsold, withdrawn, offered again and still live, in two currencies."""
    app = make_app()
    join(app, SELLER, subscribed_until=app.now() + SUBSCRIPTION)
    for who in (ANNA, BORIS, CLARA):
        join(app, who, stars=5_000)
        top_up(app, who, rub(90_000))
    lots = [put_up(app, duration_seconds=60, extend_seconds=0).auction.id for _ in range(4)]
    put_up(app, duration_seconds=3_600)
    for number, lot in enumerate(lots[:2]):
        for step, who in enumerate((ANNA, BORIS)):
            app.bidding.bid(lot, who, 150 + 50 * number + 20 * step, app.now(), confirmed=True)
    app.publishing.cancel(SELLER, lots[2], app.now())
    app.clock.forward(minutes=2)
    app.closing.sweep(app.now())
    app.dealing.deliver(SELLER, lots[0], "the key", app.now())
    app.dealing.confirm(BORIS, lots[0], app.now())
    app.dealing.dispute(BORIS, lots[1], "no", app.now())
    app.dealing.resolve(deciding("so be it", app.now()), lots[1], False)
    app.second_chance.offer(SELLER, lots[1], app.now())
    app.second_chance.accept(ANNA, lots[1], app.now())
    return app


def test_the_figures_of_a_day_are_what_its_tables_hold() -> None:
    app = a_day()
    assert_figures(app, app.now())
    told = counted(app)
    assert (told["sold"], told["ended"], told["live"], told["lots"]) == (3, 4, 1, 6)
    assert told["fees:XTR"] > 0


def test_the_comparison_finds_what_is_missing() -> None:
    app = a_day()
    assert_figures(app, app.now())
    quarter = next(iter(app.figures.quarters))
    app.figures.quarters[quarter]["bids"] += 1
    assert counted(app) != there(app)


def test_made_again_they_are_what_the_tables_hold_too() -> None:
    app = a_day()
    assert_figures(app, app.now())
    right, day = counted(app), next(iter(app.figures.quarters)) // 96
    for figures in app.figures.quarters.values():
        figures.clear()
    for number in (day, day + 1):
        app.rebuilding.day(number)
    assert counted(app) == right
    app.clock.forward(days=3)
    assert app.housekeeping.pack(app.now() + timedelta(hours=1))
