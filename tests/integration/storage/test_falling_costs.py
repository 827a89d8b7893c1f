"""What it costs that cards follow a falling price: by the wake-up, by the card, and nothing where there is none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bench.meter import Meter, Reading
from starbid.domain.auction import Auction
from starbid.services.cards.falling import card_of
from starbid.services.ports import Look
from tests.support.dynamo import DynamoApp, join, put_up
from tests.support.factories import SELLER
from tests.support.street import DUTCH


@pytest.fixture
def market(emulated: DynamoApp) -> DynamoApp:
    join(emulated, SELLER, seller=True)
    return emulated


def cost(app: DynamoApp, act: Callable[[], object]) -> Reading:
    with Meter(app.store.client).measure() as reading:
        act()
    return reading


def shown(app: DynamoApp, people: int) -> Auction:
    """A lot that falls every minute, with a card in some chats."""
    lot = put_up(app, **DUTCH).auction
    for person in range(1, people + 1):
        join(app, person)
        app.shown_cards.put(card_of(lot, person, person, Look(), app.now()), app.now())
    return lot


def test_a_fall_costs_two_writes_for_the_next_wake_up_and_one_for_each_card(market: DynamoApp) -> None:
    people = 10
    lot = shown(market, people)
    market.clock.now += timedelta(seconds=60)
    found = cost(market, lambda: market.cards.redraw(lot.id, market.now()))
    assert len(market.messenger.redrawn) == people
    assert found.write_units == 2 + people
    assert found.round_trips == 5 + 3 * people


def test_a_wake_up_that_finds_no_card_costs_one_read(market: DynamoApp) -> None:
    lot = shown(market, 0)
    found = cost(market, lambda: market.cards.redraw(lot.id, market.now()))
    assert (found.calls, found.write_units) == (["Query"], 0)


def test_who_joins_a_chain_costs_one_read_and_who_begins_it_two_writes_more(market: DynamoApp) -> None:
    lot = shown(market, 0)
    first = cost(market, lambda: market.falling.follow(lot, market.now()))
    assert first.calls == ["GetItem", "PutItem", "PutItem"]
    second = cost(market, lambda: market.falling.follow(lot, market.now()))
    assert (second.calls, second.write_units) == (["GetItem"], 0)


def test_a_lot_whose_price_only_bids_move_costs_nothing_here(market: DynamoApp) -> None:
    lot = put_up(market).auction
    assert cost(market, lambda: market.falling.follow(lot, market.now())).round_trips == 0
