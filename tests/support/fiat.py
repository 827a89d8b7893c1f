"""Roubles in wallets, and roubles taken back: booked as the settling of a bill and a chargeback book them."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from starbid.bootstrap import App
from starbid.domain import payments
from starbid.domain.ledger import bought_part
from starbid.domain.money import Money
from starbid.domain.payments import Charge, ChargeState, Provider, Purpose
from starbid.domain.wallet import WalletChange

RUB = "RUB"
_numbers = count(1)


def rub(minor_units: int) -> Money:
    return Money(minor_units, RUB)


def top_up(app: App, who: int, amount: Money, bill_id: str | None = None) -> Charge:
    """A paid bill: the money is in the wallet, as bought. A debt in its currency is not settled by it."""
    name = bill_id or f"bill-{next(_numbers)}"
    charge = Charge(name, Provider.QIWI, who, amount, Purpose.TOP_UP, name, app.now())
    unit = app.store.unit()
    unit.add_charge(charge)
    unit.post(payments.credit(charge))
    unit.change_wallet(WalletChange.credit(who, amount, amount))
    unit.commit()
    return charge


def charge_back(app: App, charge: Charge) -> Money:
    """The provider takes it back; answers what the wallet could not bear, which is owed from now on."""
    wallet = app.store.wallet(charge.user_id, charge.amount.currency, consistent=True)
    transfer = payments.taken_back(charge, wallet, app.now())
    owed = payments.shortfall(charge, transfer)
    unit = app.store.unit()
    unit.save_charge(charge, replace(charge, state=ChargeState.REFUNDED, version=charge.version + 1))
    unit.post(transfer)
    unit.change_debt(charge.user_id, transfer.change, owed, bought_part(transfer))
    unit.commit()
    return owed


def owe(app: App, who: int, owed: Money, elsewhere: str) -> None:
    """A new debt: money is bid on the lot `elsewhere`, and its payment is taken back."""
    charge = top_up(app, who, owed)
    app.bidding.bid(elsewhere, who, owed.amount, app.now(), confirmed=True)
    assert charge_back(app, charge) == owed
