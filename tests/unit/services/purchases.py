"""What a payment buys: ANNA has paid the charge `c`, and bought something with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from starbid.domain.deals import DealState
from starbid.domain.money import XTR
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, SELLER, join, pay, put_up
from tests.support.fakes import FakeApp, make_app

DAYS = timedelta(days=30)
PRICE = 100
"""Of the charge `c` that goes back, and of all that is bought with it."""


def opened() -> FakeApp:
    app = make_app()
    join(app, ANNA)
    join(app, BORIS, stars=10_000)
    join(app, SELLER, seller=True)
    return app


def stars(app: FakeApp) -> None:
    pay(app, ANNA, PRICE, "c")


def days_out_of_the_wallet(app: FakeApp) -> None:
    stars(app)
    app.people.subscribe(ANNA, "r", app.now())


def a_leading_bid(app: FakeApp) -> None:
    stars(app)
    app.bidding.bid(put_up(app).auction.id, ANNA, PRICE, app.now())


def a_sealed_bid(app: FakeApp) -> None:
    stars(app)
    app.bidding.bid(put_up(app, type="sealed").auction.id, ANNA, PRICE, app.now())


def a_bid_that_was_beaten(app: FakeApp) -> None:
    a_leading_bid(app)
    app.bidding.bid(lot_of(app), BORIS, 2 * PRICE, app.now())


def a_purchase(app: FakeApp) -> None:
    stars(app)
    app.bidding.buy(put_up(app, buy_now_price=PRICE).auction.id, ANNA, PRICE, app.now())


def a_dutch_purchase(app: FakeApp) -> None:
    stars(app)
    falling: dict[str, Any] = {"type": "dutch", "floor_price": 1, "drop_amount": 99, "drop_seconds": 60}
    app.bidding.buy(put_up(app, **falling).auction.id, ANNA, PRICE, app.now())


def a_lot_won(app: FakeApp) -> None:
    a_leading_bid(app)
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot_of(app), app.now())


def a_delivered_purchase(app: FakeApp) -> None:
    a_purchase(app)
    app.dealing.deliver(SELLER, lot_of(app), "the key", app.now())


def a_completed_purchase(app: FakeApp) -> None:
    a_delivered_purchase(app)
    app.dealing.confirm(ANNA, lot_of(app), app.now())
    app.dealing.rate(ANNA, lot_of(app), 5, "", app.now())
    app.dealing.rate(SELLER, lot_of(app), 5, "", app.now())


def a_disputed_purchase(app: FakeApp) -> None:
    a_purchase(app)
    app.dealing.dispute(ANNA, lot_of(app), "no", app.now())


def a_returned_purchase(app: FakeApp) -> None:
    a_disputed_purchase(app)
    app.dealing.resolve(deciding("so be it", app.now()), lot_of(app), False)


def a_second_chance(app: FakeApp) -> None:
    """BORIS won over ANNA's bid and got his money back; ANNA took what she was offered."""
    a_bid_that_was_beaten(app)
    app.clock.forward(hours=1, seconds=2)
    first = lot_of(app)
    app.closing.close(first, app.now())
    app.dealing.dispute(BORIS, first, "no", app.now())
    app.dealing.resolve(deciding("so be it", app.now()), first, False)
    app.second_chance.offer(SELLER, first, app.now())
    app.second_chance.accept(ANNA, first, app.now())


def native(app: FakeApp, charge: str, payload: str | None = None) -> str:
    """30 days paid in Telegram directly; answers the payload, which a renewal has too."""
    payload = payload or app.paying.order_subscription(ANNA, app.now())[1]
    app.paying.credit(ANNA, charge, payload, PRICE, XTR, app.now())
    return payload


def native_days(app: FakeApp) -> None:
    native(app, "c")
    app.clock.forward(days=10)


def a_renewal_before_it_begins(app: FakeApp) -> None:
    payload = native(app, "first")
    app.clock.forward(days=29)
    native(app, "c", payload)


def a_renewal_as_it_begins(app: FakeApp) -> None:
    payload = native(app, "first")
    app.clock.forward(days=30)
    native(app, "c", payload)


def days_between_others(app: FakeApp) -> None:
    """A month of 40 days is left of: ten of the first, thirty of `c`, and thirty out of the wallet behind them."""
    native(app, "first")
    native(app, "c")
    pay(app, ANNA, PRICE, "w")
    app.people.subscribe(ANNA, "r", app.now())
    app.clock.forward(days=20)


def days_that_are_used_up(app: FakeApp) -> None:
    native(app, "c")
    app.clock.forward(days=30)


def lot_of(app: FakeApp) -> str:
    return next(iter(app.store.tables.auctions))


def deal_of(app: FakeApp) -> DealState | None:
    """Of ANNA's newest purchase."""
    mine = [deal for deal in app.store.tables.deals.values() if deal.buyer_id == ANNA]
    return mine[-1].state if mine else None
