"""A lot on which somebody bids who comes to owe."""

import pytest

from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.services.ports import Notice
from tests.support.fakes import FakeApp
from tests.support.invariants import assert_invariants, dump_of

OVER = {"hours": 1, "seconds": 2}
SEALED = pytest.mark.parametrize("kind", ["sealed", "vickrey"])


def take_back(app: FakeApp, who: int) -> None:
    """Telegram takes back all that they ever paid."""
    for charge in app.store.charges_of(who):
        app.refunding.taken_back(who, charge.id, "", charge.amount.amount, "XTR", app.now())


def close(app: FakeApp, lot: str) -> None:
    app.clock.forward(**OVER)
    app.closing.close(lot, app.now())
    assert_invariants(dump_of(app.store))


def wallet(app: FakeApp, who: int) -> tuple[int, int, int]:
    mine = app.store.wallet(who, "XTR", consistent=True)
    return mine.available.amount, mine.held.amount, mine.owed.amount


def told(app: FakeApp, who: int) -> list[str]:
    app.messenger.told.clear()
    app.run_streams()
    return app.messenger.kinds_for(who)


def all_told(app: FakeApp) -> list[tuple[Person, Notice, Lot | None]]:
    app.run_streams()
    return app.messenger.told
