"""Photos that come at once, with and without the words of the dispute, on a store with isolated transactions."""

from __future__ import annotations

import pytest

from starbid.domain.deals import DealState
from starbid.domain.errors import Invalid, StarbidError
from tests.support.dynamo import DynamoApp, hammer, join, put_up
from tests.support.factories import ANNA, SELLER
from tests.support.fakes import StagedApp
from tests.support.web import png


def bought(app: StagedApp) -> str:
    """By ANNA."""
    join(app, SELLER, seller=True)
    join(app, ANNA, stars=5_000)
    lot = put_up(app, buy_now_price=300).auction.id
    app.bidding.buy(lot, ANNA, 300, app.now())
    return lot


def test_what_was_put_aside_is_shown_in_order_with_the_words(any_app: StagedApp) -> None:
    app, lot = any_app, bought(any_app)
    for number in (3, 1, 2):
        app.evidence.put_aside(ANNA, lot, png((10 * number, 10)), number, app.now())
    waiting = app.photos_aside.of(ANNA, lot, app.now())
    app.evidence.dispute_with_aside(ANNA, lot, "broken", app.now())
    assert app.store.deal(lot).dispute_pictures == waiting
    assert len(waiting) == 3
    assert app.photos_aside.of(ANNA, lot, app.now()) == ()


def test_an_album_whose_messages_are_handled_all_at_once_loses_none(emulated: DynamoApp) -> None:
    app, now = emulated, emulated.now()
    lot = bought(app)

    def part(number: int) -> None:
        app.evidence.put_aside(ANNA, lot, png((10 + number, 10)), number, now)
        if number == 0:
            app.evidence.dispute_with_aside(ANNA, lot, "broken", now)
        else:
            app.evidence.attach_aside(ANNA, lot, now)

    calls = [lambda number=number: part(number) for number in range(5)]
    results = hammer(calls)
    for number, result in enumerate(results):  # a conflict brings the message again
        if isinstance(result, StarbidError):
            app.evidence.put_aside(ANNA, lot, png((10 + number, 10)), number, now)
            app.evidence.attach_aside(ANNA, lot, now)
    deal = app.store.deal(lot)
    assert (deal.state, len(deal.dispute_pictures)) == (DealState.DISPUTED, 5)
    assert app.photos_aside.of(ANNA, lot, now) == ()


def test_of_ten_at_once_five_are_taken(emulated: DynamoApp) -> None:
    app, now = emulated, emulated.now()
    lot = bought(app)
    app.dealing.dispute(ANNA, lot, "broken", now)
    calls = [lambda number=number: app.evidence.add(ANNA, lot, [png((10 + number, 10))], now) for number in range(10)]
    hammer(calls)
    for number in range(10):
        if len(app.store.deal(lot).dispute_pictures) < 5:
            app.evidence.add(ANNA, lot, [png((10 + number, 10))], now)
    assert len(app.store.deal(lot).dispute_pictures) == 5
    with pytest.raises(Invalid):
        app.evidence.add(ANNA, lot, [png((99, 10))], now)
