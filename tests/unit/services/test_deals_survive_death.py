"""Wherever a process dies on a deal's way, the next try takes it on: money, counters and events are there once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.errors import StarbidError
from starbid.services.auctions.publishing import Publishing
from starbid.services.deals.dealing import Dealing
from starbid.services.deals.second_chance import SecondChance
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, SELLER, draft, join, pay
from tests.support.fakes import START, Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.mortal import Fate, Mortal

ADMIN = 900
WEEK = timedelta(days=7)
Act = Callable[[FakeApp, str], Any]


def newest(app: FakeApp) -> str:
    """The lot of the latest deal."""
    return list(app.store.tables.deals)[-1]


def at(moment: timedelta, act: Act) -> Act:
    def later(app: FakeApp, lot: str) -> Any:
        app.clock.now = START + moment
        return act(app, lot)

    return later


REFUNDED_AND_TAKEN_BY_THE_NEXT: tuple[Act, ...] = (
    lambda app, lot: app.dealing.dispute(ANNA, lot, "no", app.now()),
    lambda app, lot: app.dealing.resolve(deciding("refund", app.now()), lot, False),
    lambda app, lot: app.second_chance.offer(SELLER, lot, app.now()),
    lambda app, lot: app.second_chance.accept(BORIS, lot, app.now()),
    lambda app, _: app.dealing.deliver(SELLER, newest(app), "x", app.now()),
    lambda app, _: app.dealing.confirm(BORIS, newest(app), app.now()),
    lambda app, _: app.dealing.rate(BORIS, newest(app), 5, "", app.now()),
    lambda app, _: app.dealing.rate(SELLER, newest(app), 4, "", app.now()),
)
RELEASED_AND_RATED_BY_ONE: tuple[Act, ...] = (
    lambda app, lot: app.dealing.dispute(ANNA, lot, "no", app.now()),
    lambda app, lot: app.dealing.resolve(deciding("fine", app.now()), lot, True),
    lambda app, lot: app.dealing.rate(ANNA, lot, 1, "", app.now()),
    at(2 * WEEK, lambda app, _: app.dealing.sweep(app.now())),
    lambda app, lot: app.dealing.rate(SELLER, lot, 5, "", app.now()),
)
DECLINED_AND_PUT_UP_AGAIN: tuple[Act, ...] = (
    at(2 * WEEK + timedelta(hours=2), lambda app, lot: app.dealing.advance(lot, app.now())),
    lambda app, lot: app.second_chance.offer(SELLER, lot, app.now()),
    lambda app, lot: app.second_chance.decline(BORIS, lot, app.now()),
    lambda app, lot: app.publishing.relist(SELLER, lot, app.now()),
)
WAYS = {
    "refunded, and taken by the runner-up": REFUNDED_AND_TAKEN_BY_THE_NEXT,
    "released, and rated by one side": RELEASED_AND_RATED_BY_ONE,
    "never delivered, declined, and put up again": DECLINED_AND_PUT_UP_AGAIN,
}


def go(acts: tuple[Act, ...], fate: Fate) -> FakeApp:
    """All acts in order by people who try again when nothing answered; the processes are under a fate."""
    app = FakeApp()
    for who in (ANNA, BORIS):
        join(app, who)
        pay(app, who, 1_000, f"charge-{who}")
    join(app, SELLER, seller=True)
    lot = app.publishing.publish(SELLER, draft(), (), "r1", app.now()).auction.id
    app.bidding.bid(lot, BORIS, 300, app.now())
    app.bidding.bid(lot, ANNA, 500, app.now())
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot, app.now())
    business = app.settings.business
    store: Any = Mortal(app.store, fate)
    scheduler: Any = Mortal(app.scheduler, fate)
    app.__dict__ |= {
        "dealing": Dealing(store, scheduler, business),
        "second_chance": SecondChance(store, scheduler, business),
        "publishing": Publishing(
            store, app.closing, app.combining, app.watching, app.lot_pictures, app.reports, business
        ),
    }
    for act in acts:
        try:
            act(app, lot)
        except Death:
            fate.revive()
            assert_invariants(dump_of(app.store))
            try_again(act, app, lot)
    return app


def try_again(act: Act, app: FakeApp, lot: str) -> None:
    """What had happened is refused by name, and changes nothing."""
    before = app.store.tables.snapshot()
    try:
        act(app, lot)
    except StarbidError:
        assert app.store.tables == before


def outcome(app: FakeApp) -> tuple[Any, ...]:
    """All that is the same whenever it was done: money, counters, what is told, where deals stand."""
    tables = app.store.tables
    wallets = {key: (wallet.available, wallet.held) for key, wallet in tables.wallets.items()}
    names = {key: person.reputation for key, person in tables.people.items()}
    return wallets, names, tables.events, set(tables.transfers), tables.deals, set(tables.auctions)


@pytest.mark.parametrize("way", WAYS)
def test_wherever_it_dies_it_ends_as_if_nothing_had_happened(way: str) -> None:
    undisturbed = outcome(go(WAYS[way], Fate()))
    moment = 0
    while True:
        fate = Fate(moment)
        app = go(WAYS[way], fate)
        if not fate.was_met:
            break
        assert outcome(app) == undisturbed, (moment, fate.last)
        assert_invariants(dump_of(app.store))
        moment += 1
    assert moment > 5 * len(WAYS[way])
