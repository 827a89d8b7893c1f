"""Lots whose deal was refunded, and their offers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from starbid.domain.errors import StarbidError

from .desk import deciding
from .factories import ANNA, BORIS, CLARA, SELLER, market
from .fakes import FakeApp

ADMIN = 900


def sold(**changes: Any) -> tuple[FakeApp, str]:
    """A lot sold to ANNA. BORIS was second with a maximum of 300."""
    app, lot = market(bid_step=10, **changes)
    for who, amount in ((CLARA, 200), (BORIS, 300), (ANNA, 500)):
        app.bidding.bid(lot.auction.id, who, amount, app.now(), confirmed=True)
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    return app, lot.auction.id


def refunded(**changes: object) -> tuple[FakeApp, str]:
    app, lot = sold(**changes)
    app.dealing.dispute(ANNA, lot, "not as described", app.now())
    app.dealing.resolve(deciding("refund", app.now()), lot, False)
    return app, lot


def offered() -> tuple[FakeApp, str]:
    app, lot = refunded()
    app.second_chance.offer(SELLER, lot, app.now())
    return app, lot


def available(app: FakeApp, user_id: int) -> int:
    return app.store.wallet(user_id, "XTR", consistent=True).available.amount


def refuses(app: FakeApp, error: type[StarbidError], act: Callable[[], Any]) -> StarbidError:
    """`act` is refused and changes nothing."""
    before = app.store.tables.snapshot()
    with pytest.raises(error) as refusal:
        act()
    assert app.store.tables == before
    return refusal.value
