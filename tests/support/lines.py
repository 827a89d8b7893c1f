"""Lines of lots without a crowd: a test puts bids into them, and others who decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from starbid.domain.errors import StarbidError
from starbid.domain.intents import Intent, Memory, Outcome, Placed, Refused, Wish
from starbid.domain.money import Money
from starbid.services.auctions.combining import LEASE

from .factories import market
from .fakes import FakeApp, FakePace

OTHER = "another"
"""Who holds the lease of a lot, and decides."""
MS, SECOND = timedelta(milliseconds=1), timedelta(seconds=1)
_numbers = count(1)


def the_lot(**changes: Any) -> tuple[FakeApp, str]:
    """An app and its one live lot (`factories.market`)."""
    app, lot = market(**changes)
    return app, lot.auction.id


def standing(app: FakeApp, lot: str) -> tuple[int | None, int, int]:
    """Leader, price, number of bids."""
    auction = app.store.tables.auctions[lot]
    return auction.leader_id, auction.price.amount, auction.bids_count


def balance(app: FakeApp, who: int) -> tuple[int, int]:
    """Available and held."""
    wallet = app.store.wallet(who, "XTR", consistent=True)
    return wallet.available.amount, wallet.held.amount


def rows_of(app: FakeApp, who: int) -> list[int]:
    """The amounts of a person's bids."""
    return [row.maximum.amount for row in app.store.tables.bids.values() if row.bidder_id == who]


def crowd_on(app: FakeApp, lot: str) -> None:
    """A crowd was on this lot a moment ago: who bids now lines up at once."""
    app.intents.take_lease(lot, OTHER, app.now(), app.now())


def led_by_another(app: FakeApp, lot: str) -> None:
    """Besides, somebody else has the lease just now: who lines up waits for them."""
    crowd_on(app, lot)
    app.intents.take_lease(lot, OTHER, app.now() + LEASE, app.now())


def decides(app: FakeApp, lot: str) -> None:
    """The other one decides for all who wait."""
    app.combining.work(lot, OTHER)


def pace_of(app: FakeApp) -> FakePace:
    assert isinstance(app.pace, FakePace)
    return app.pace


def waits(
    app: FakeApp, lot: str, who: int, amount: int, at: datetime | None = None, *, key: str = "", **changes: object
) -> Intent:
    """Somebody's bid, confirmed, waits since `at`. Its own function died, or is of no interest here."""
    arrived_at = app.now() if at is None else at
    memory = Memory(key, "body") if key else None
    money = Money(amount, app.store.tables.auctions[lot].currency)
    intent = Intent(f"{next(_numbers):032x}", lot, who, Wish.BID, money, arrived_at, confirmed=True, memory=memory)
    intent = replace(intent, **changes)  # type: ignore[arg-type]
    app.intents.take_lease(lot, OTHER, app.now(), app.now())
    app.intents.add(intent)
    return intent


def buys(app: FakeApp, lot: str, who: int, price: int, at: datetime | None = None) -> Intent:
    """Somebody's purchase waits."""
    return waits(app, lot, who, price, at, wish=Wish.BUY)


def outcome(app: FakeApp, intent: Intent) -> Outcome | None:
    return app.intents.outcome_and_line(intent)[0]


def said(app: FakeApp, *intents: Intent) -> list[int | type[StarbidError] | type[Outcome] | None]:
    """What became of each: its number in the log, the refusal, None where it waits."""

    def word(found: Outcome | None) -> int | type[StarbidError] | type[Outcome] | None:
        match found:
            case Placed(number):
                return number
            case Refused(error):
                return type(error)
        return type(found) if found else None

    return [word(outcome(app, intent)) for intent in intents]


def undecided(app: FakeApp, intents: Iterable[Intent]) -> list[Intent]:
    return [intent for intent in intents if outcome(app, intent) is None]
