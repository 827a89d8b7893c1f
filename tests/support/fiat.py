"""Roubles in wallets, and roubles taken back: by the same units as a paid bill and a chargeback."""

from __future__ import annotations

from itertools import count

from starbid.bootstrap import App
from starbid.domain.money import Money
from starbid.domain.payments import Charge, Provider, Purpose
from starbid.services.billing.crediting import put_into_wallet
from starbid.services.retrying import committed, with_retries

RUB = "RUB"
_numbers = count(1)


def rub(minor_units: int) -> Money:
    return Money(minor_units, RUB)


def top_up(app: App, who: int, amount: Money, bill_id: str | None = None) -> Charge:
    """A paid bill, without the bill: the money is in the wallet, as bought. Tried again where others have changed the
    wallet meanwhile, as by the real one.
    """
    name = bill_id or f"bill-{next(_numbers)}"
    charge = Charge(name, Provider.QIWI, who, amount, Purpose.TOP_UP, None, app.now())

    def attempt(_: int) -> Charge:
        unit = app.store.unit()
        put_into_wallet(unit, charge, app.store.wallet(who, amount.currency, consistent=True), app.now())
        return committed(unit, charge)

    return with_retries(attempt)


def owe(app: App, who: int, owed: Money, elsewhere: str) -> None:
    """A new debt: all there is is bid on the lot `elsewhere`, and a payment of `owed` is taken back."""
    charge = top_up(app, who, owed)
    there = app.store.wallet(who, owed.currency, consistent=True).available
    app.bidding.bid(elsewhere, who, there.amount, app.now(), confirmed=True)
    app.refunding.take_back(charge.id, app.now())
    assert app.store.wallet(who, owed.currency, consistent=True).owed == owed
