"""Money that a provider collected comes into a wallet: the same unit for Stars and for bills."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from starbid.domain import payments
from starbid.domain.events import PaymentCredited
from starbid.domain.payments import Charge, Purpose
from starbid.domain.unfinished import Act, price_of
from starbid.domain.wallet import Wallet, WalletChange
from starbid.services.debts import offset_told
from starbid.services.ports import Unit


def put_into_wallet(unit: Unit, charge: Charge, wallet: Wallet, now: datetime, waiting: Act | None = None) -> None:
    """The charge and its money, in `wallet` as it was just read; a debt of that currency is settled from it first.
    `waiting`: the act for which a bill was paid.
    """
    offset = payments.offset_debt(charge, wallet)
    unit.add_charge(charge)
    unit.post(payments.credit(charge))
    if offset:
        unit.post(offset)
        unit.change_debt(charge.user_id, charge.amount + offset.change, offset.change, charge.amount)
        unit.emit(offset_told(offset, replace(wallet, owed=wallet.owed + offset.change)))
    else:
        unit.change_wallet(WalletChange.credit(charge.user_id, charge.amount, charge.amount))
    unit.emit(
        PaymentCredited(
            f"credited:{charge.id}",
            now,
            charge.user_id,
            charge.amount,
            charge.purpose,
            bill_id=charge.order_id or "" if charge.purpose is Purpose.TOP_UP else "",
            awaits=waiting.name if waiting else "",
            price=price_of(waiting) if waiting else None,
        )
    )
