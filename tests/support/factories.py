"""People, wallets, drafts and lots with sane defaults; a test names only what matters to it."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from starbid.bootstrap import App
from starbid.domain.auction import Auction, Terms
from starbid.domain.kinds.base import Accepted
from starbid.domain.kinds.english import English
from starbid.domain.lots import Card, Draft, Lot, read_draft
from starbid.domain.money import XTR, Money
from starbid.domain.payments import Charge
from starbid.domain.people import SUBSCRIPTION, Person
from starbid.domain.wallet import Wallet

from .fakes import START, FakeApp

SELLER, ANNA, BORIS, CLARA = 100, 1, 2, 3
_numbers = count(1)


def xtr(amount: int) -> Money:
    return Money(amount, XTR)


def terms(
    start: int = 100,
    *,
    step: int | None = None,
    reserve: int | None = None,
    buy_now: int | None = None,
    currency: str = XTR,
    **durations: Any,
) -> Terms:
    """English terms in minor units; `extend_seconds`, `max_extension_seconds` as durations."""

    def money(amount: int | None) -> Money | None:
        return None if amount is None else Money(amount, currency)

    return Terms("english", Money(start, currency), money(reserve), money(buy_now), money(step), **durations)


def auction(fixed: Terms | None = None, *, lasts: timedelta = timedelta(hours=1), **changes: Any) -> Auction:
    """A live auction of SELLER's that began at START, without bids."""
    fixed = fixed or terms()
    fresh = Auction(
        id="lot1",
        seller_id=SELLER,
        terms=fixed,
        starts_at=START,
        ends_at=START + lasts,
        scheduled_end=START + lasts,
        price=fixed.start_price,
        salt="salt",
        card_hash="c" * 64,
    )
    return replace(fresh, **changes)


def bid(lot: Auction, bidder_id: int, amount: int, at: datetime = START) -> Accepted:
    """Bid up to `amount` minor units in the lot's currency."""
    return English().bid(lot, bidder_id, Money(amount, lot.currency), at)


def bids(lot: Auction, *placed: tuple[int, int], at: datetime = START) -> Auction:
    """The auction after several bids `(bidder, amount)`."""
    for bidder_id, amount in placed:
        lot = bid(lot, bidder_id, amount, at).auction
    return lot


def card(auction_id: str = "lot1", **changes: Any) -> Card:
    fresh = Card(auction_id, SELLER, "A lamp", "Gives light.", "home", "digital", (), START)
    return replace(fresh, **changes)


def lot(fixed: Terms | None = None, **changes: Any) -> Lot:
    """A lot outside any store; `changes` are those of its auction."""
    made = auction(fixed, **changes)
    return Lot(made, card(made.id, seller_id=made.seller_id))


def fields(**changes: Any) -> dict[str, Any]:
    """Valid fields of a form; None removes one."""
    good: dict[str, Any] = {
        "title": "A lamp",
        "description": "Gives light.",
        "category": "home",
        "goods": "digital",
        "type": "english",
        "currency": XTR,
        "start_price": 100,
        "duration_seconds": 3600,
    }
    return {name: value for name, value in (good | changes).items() if value is not None}


def draft(now: datetime = START, **changes: Any) -> Draft:
    """A checked draft of the form's fields."""
    return read_draft(fields(**changes), now, min_seconds=60)


def person(user_id: int = ANNA, **changes: Any) -> Person:
    return replace(Person(user_id, f"Person {user_id}", None, "en", START, public_id=public_id(user_id)), **changes)


def public_id(user_id: int) -> str:
    """The public id of a person made here: always the same, and without a trace of their number."""
    return base64.b32encode(hashlib.sha256(f"person {user_id}".encode()).digest()).decode().lower()[:13]


def wallet(
    user_id: int = ANNA, available: int = 0, held: int = 0, owed: int = 0, bought: int = 0, **changes: Any
) -> Wallet:
    return replace(Wallet(user_id, xtr(available), xtr(held), xtr(owed), xtr(bought)), **changes)


def join(app: FakeApp, user_id: int, *, stars: int = 0, seller: bool = False, **changes: Any) -> Person:
    """Register somebody, pay in `stars` through a real charge, and if asked let them sell for 30 days."""
    subscribed = {"subscribed_until": app.now() + SUBSCRIPTION} if seller else {}
    app.store.add_person(person(user_id, **({"joined_at": app.now()} | subscribed | changes)))
    if stars:
        pay(app, user_id, stars)
    return app.store.tables.people[user_id]


def pay(app: App, user_id: int, stars: int, charge_id: str | None = None) -> Charge:
    """A successful payment of `stars`, from its invoice on."""
    _, payload = app.paying.order_stars(user_id, stars, app.now())
    return app.paying.credit(user_id, charge_id or f"charge-{next(_numbers)}", payload, stars, XTR, app.now())


def draw(app: FakeApp, picture_id: str, owner_id: int = SELLER) -> str:
    """A draft of this person under the test's name, with the files saved under it."""
    sizes = app.pictures.saved.get(picture_id, dict.fromkeys(("small", "medium", "large"), b"\xff\xd8"))
    app.pictures.save_draft(owner_id, picture_id, sizes, app.now())
    return picture_id


def put_up(app: FakeApp, seller_id: int = SELLER, *, pictures: tuple[str, ...] = (), **changes: Any) -> Lot:
    """Publish a lot. Registers and subscribes the seller if needed, and adds the pictures as drafts."""
    known = app.store.tables.people.get(seller_id)
    if known is None:
        join(app, seller_id, seller=True)
    for picture in pictures:
        draw(app, picture, seller_id)
    return app.publishing.publish(seller_id, draft(app.now(), **changes), pictures, f"r{next(_numbers)}", app.now())


def bought(app: FakeApp, **changes: Any) -> str:
    """The id of a lot that ANNA has just bought of SELLER."""
    lot_id = put_up(app, buy_now_price=500, **changes).auction.id
    app.bidding.buy(lot_id, ANNA, 500, app.now())
    return lot_id


def market(*bidders: int, stars: int = 10_000, **changes: Any) -> tuple[FakeApp, Lot]:
    """An app with one live lot of SELLER's and bidders (ANNA, BORIS, CLARA unless named) with `stars` each."""
    app = FakeApp()
    for bidder_id in bidders or (ANNA, BORIS, CLARA):
        join(app, bidder_id, stars=stars)
    return app, put_up(app, **changes)
