"""A death before and after each call of AWS in turn, in what sealed, Dutch and Vickrey lots and deals do.

The process ends there; the same request comes again, and the sweep too; then it is done, once, and the books balance.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest

from starbid.domain.auction import Ending
from starbid.domain.errors import StarbidError
from starbid.services.auctions import closing
from tests.support.aws_faults import AwsFaults, death_at
from tests.support.desk import deciding
from tests.support.dynamo import DynamoApp, check, join, put_up
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, pay
from tests.support.failing import Death
from tests.support.memory_tables import Tables
from tests.support.there import there

pytestmark = pytest.mark.parametrize("emulated", ["fast way"], indirect=True)
"""What stays behind has nothing to do with the way: once is enough, and it takes long."""

MOST = 60
"""More moments than any of these has."""


@dataclass(frozen=True)
class Scene:
    """`prepare` makes a lot, `deed` is what dies, `is_done` tells from what is stored whether it came about."""

    prepare: Callable[[DynamoApp], str]
    deed: Callable[[DynamoApp, str], Any]
    is_done: Callable[[Tables, str], bool]


def sealed(kind: str, *bids: tuple[int, int]) -> Callable[[DynamoApp], str]:
    def prepare(app: DynamoApp) -> str:
        lot = put_up(app, type=kind, duration_seconds=3600).auction.id
        for who, amount in bids:
            app.bidding.bid(lot, who, amount, app.now(), confirmed=True)
        return lot

    return prepare


def falling(app: DynamoApp) -> str:
    return put_up(app, type="dutch", floor_price=50, drop_amount=10, drop_seconds=60).auction.id


def bought(app: DynamoApp) -> str:
    lot = put_up(app, buy_now_price=150).auction.id
    app.bidding.buy(lot, ANNA, 150, app.now())
    return lot


def disputed(app: DynamoApp) -> str:
    lot = put_up(app, duration_seconds=60).auction.id
    for who, amount in ((BORIS, 120), (ANNA, 200)):
        app.bidding.bid(lot, who, amount, app.now(), confirmed=True)
    app.closing.close(lot, app.clock.forward(hours=3, seconds=2))
    app.dealing.dispute(ANNA, lot, "nothing came", app.now())
    return lot


def refunded(app: DynamoApp) -> str:
    lot = disputed(app)
    app.dealing.resolve(deciding("so it is", app.now()), lot, False)
    return lot


def offered(app: DynamoApp) -> str:
    lot = refunded(app)
    app.second_chance.offer(SELLER, lot, app.now())
    return lot


def rated_by_one(app: DynamoApp) -> str:
    lot = bought(app)
    app.dealing.deliver(SELLER, lot, "the code", app.now())
    app.dealing.confirm(ANNA, lot, app.now())
    app.dealing.rate(ANNA, lot, 5, "quick", app.now())
    return lot


def is_over(ending: Ending) -> Callable[[Tables, str], bool]:
    return lambda tables, lot: (
        tables.auctions[lot].ending is ending and not any(lot in wallet.stakes for wallet in tables.wallets.values())
    )


THREE = ((ANNA, 110), (BORIS, 130), (CLARA, 120))
SCENES = {
    "a sealed bid": Scene(
        sealed("sealed"),
        lambda app, lot: app.bidding.bid(lot, ANNA, 150, app.now(), confirmed=True),
        lambda tables, lot: tables.auctions[lot].bids_count == 1,
    ),
    "a sealed raise": Scene(
        sealed("vickrey", *THREE),
        lambda app, lot: app.bidding.bid(lot, ANNA, 150, app.now(), confirmed=True),
        lambda tables, lot: tables.auctions[lot].bids_count == 4,
    ),
    "the close of a sealed lot": Scene(
        sealed("sealed", *THREE),
        lambda app, lot: app.closing.wake(lot, app.clock.forward(hours=2, seconds=2)),
        is_over(Ending.SOLD),
    ),
    "the close of a Vickrey lot": Scene(
        sealed("vickrey", *THREE),
        lambda app, lot: app.closing.wake(lot, app.clock.forward(hours=2, seconds=2)),
        is_over(Ending.SOLD),
    ),
    "an admin's cancellation of a sealed lot": Scene(
        sealed("sealed", *THREE),
        lambda app, lot: app.publishing.cancel(900, lot, app.now(), decision=deciding("r", app.now())),
        is_over(Ending.CANCELLED),
    ),
    "a Dutch purchase": Scene(
        falling, lambda app, lot: app.bidding.buy(lot, ANNA, 100, app.now()), is_over(Ending.SOLD)
    ),
    "a dispute": Scene(
        bought,
        lambda app, lot: app.dealing.dispute(ANNA, lot, "it does not fit", app.now()),
        lambda tables, lot: tables.deals[lot].state == "disputed",
    ),
    "a dispute that is settled": Scene(
        disputed,
        lambda app, lot: app.dealing.resolve(deciding("so it is", app.now()), lot, True),
        lambda tables, lot: tables.deals[lot].state == "completed",
    ),
    "a second rating": Scene(
        rated_by_one,
        lambda app, lot: app.dealing.rate(SELLER, lot, 4, "friendly", app.now()),
        lambda tables, lot: len(tables.deals[lot].ratings) == 2,
    ),
    "a second chance that is taken": Scene(
        offered,
        lambda app, lot: app.second_chance.accept(BORIS, lot, app.now()),
        lambda tables, lot: (
            tables.auctions[lot].offer is not None and there(tables.auctions[lot].offer).state == "accepted"
        ),
    ),
    "a lot put up again": Scene(
        refunded,
        lambda app, lot: app.publishing.relist(SELLER, lot, app.now()),
        lambda tables, lot: tables.auctions[lot].relisted,
    ),
}


@pytest.mark.parametrize("name", SCENES)
def test_it_is_done_once_wherever_it_dies(emulated: DynamoApp, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "CHUNK", 1)
    scene, app = SCENES[name], emulated
    join(app, SELLER, stars=1_000, seller=True)
    for who in (ANNA, BORIS, CLARA):
        join(app, who, stars=1_000)
    faults = AwsFaults(app.store.client)
    deaths = 0
    for moment in range(MOST):
        for who in (ANNA, BORIS, CLARA):
            pay(app, who, 300)
        lot = scene.prepare(app)
        faults.plan = death_at(moment)
        try:
            scene.deed(app, lot)
        except Death:
            deaths += 1
        else:
            break
        finally:
            faults.heal()
        check(app.store)
        with suppress(StarbidError):
            scene.deed(app, lot)
        app.closing.sweep(app.now())
        assert scene.is_done(check(app.store), lot), moment
    else:
        raise AssertionError("the deed never lived to its end")
    assert scene.is_done(check(app.store), lot)
    assert deaths >= 3, "it reads and writes at least once, so it can die at least so often"
