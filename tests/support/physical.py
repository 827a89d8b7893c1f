"""A physical lot that was sold for roubles, and what is said about where it goes."""

from __future__ import annotations

from itertools import count
from typing import Any

from starbid.bootstrap import App
from starbid.domain.addresses import Address
from starbid.domain.ledger import ADJUSTMENTS, TransferKind, move, user_account
from starbid.domain.wallet import WalletChange

from .factories import ANNA, SELLER, fields, join, put_up
from .fakes import FakeApp
from .fiat import rub

HOME = Address("Anna Ivanova", "Mira street, 5, flat 12\nMoscow, 101000", "+7 900 123-45-67")
OTHER = Address("Anna Ivanova", "Sadovaya street, 7\nTver, 170000", "8 (4822) 12-34-56")
TOLD = (*HOME.address.splitlines(), HOME.name, HOME.phone, *OTHER.address.splitlines(), OTHER.phone)
"""What no log, event or stranger may ever show."""
_numbers = count(1)


def earn_roubles(app: App, who: int, kopecks: int) -> None:
    parts = {ADJUSTMENTS: rub(-kopecks), user_account(who): rub(kopecks)}
    unit = app.store.unit()
    unit.post(move(f"roubles-{next(_numbers)}", TransferKind.ADJUSTMENT, who, app.now(), parts))
    unit.change_wallet(WalletChange.credit(who, rub(kopecks)))
    unit.commit()


def owe_roubles(app: App, who: int, kopecks: int) -> None:
    """A payment is taken back after it was spent; a negative sum settles it."""
    unit = app.store.unit()
    unit.change_debt(who, rub(0), rub(kopecks), rub(0))
    unit.commit()


def physical(**changes: Any) -> dict[str, Any]:
    """Fields of a physical lot at 500 roubles."""
    return fields(goods="physical", currency="RUB", start_price=50_000, **changes)


def sold_lamp(app: FakeApp, buyer: int = ANNA) -> str:
    """The buyer won SELLER's lamp for 500 roubles, a moment ago."""
    if buyer not in app.store.tables.people:
        join(app, buyer)
    earn_roubles(app, buyer, 100_000)
    lot = put_up(app, SELLER, **physical()).auction
    app.bidding.bid(lot.id, buyer, 50_000, app.now())
    app.clock.now = lot.due_at
    app.closing.close(lot.id, app.now())
    return lot.id
